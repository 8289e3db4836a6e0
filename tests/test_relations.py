"""Relations: control, place, membership, leadership, office, part and hostility."""

import pytest

from kg.model import Span


def relations(extraction):
    """The relations as (a, type, b), by the names or words that the article uses."""
    text = extraction.article.text
    names = {x.key: x.name for x in (*extraction.actors, *extraction.places)}
    ends = [(r.a, r.type.value, r.b) for r in extraction.relations]
    return {tuple(e.of(text) if isinstance(e, Span) else names.get(e, e) for e in found) for found in ends}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The port of Hodeidah is held by the Houthis.", ("Houthis", "controls", "Hodeidah")),
        ("The Houthis, who control the capital, Sanaa, fired missiles.", ("Houthis", "controls", "Sanaa")),
        ("M23 took control of the town of Bunagana.", ("M23", "controls", "Bunagana")),
        ("Troops entered the Islamic State stronghold of Raqqa.", ("Islamic State", "controls", "Raqqa")),
        ("Shells fell on the Taliban-held city of Kunduz.", ("Taliban", "controls", "Kunduz")),
    ],
)
def test_control(extract, text, expected):
    """Who holds a place controls it, whether a verb, a noun or a compound says so."""
    assert expected in relations(extract(text))


def test_control_since(extract):
    """The year since when a place is under somebody's control is kept."""
    (control,) = [
        r for r in extract("Crimea has been under Russian control since 2014.").relations if r.type.value == "controls"
    ]
    assert control.since == "2014"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Insurgents captured the town of Palma on Tuesday.", ("Insurgents", "controls", "Palma")),
        ("The town of Ghazni fell to the Taliban.", ("Taliban", "controls", "Ghazni")),
        ("The city of Gao is the largest city held by the rebels.", ("rebels", "controls", "Gao")),
        ("The jets bombed Raqqa, the capital of Islamic State.", ("Islamic State", "controls", "Raqqa")),
    ],
)
def test_places_in_war(extract, text, expected):
    """A place is held by who took it, and by whose capital it is said to be."""
    assert expected in relations(extract(text))


@pytest.mark.parametrize(
    "text",
    [
        "Customs officers seized ten cars.",
        "The army hopes to capture the town of Palma.",
        "Paris is the capital of France.",
        "The Kenyan army has warned villagers from entering areas still under its control.",
    ],
)
def test_no_control(extract, text):
    """Things, hopes and the capitals of states are no control."""
    assert "controls" not in {type_ for _, type_, _ in relations(extract(text))}


def test_losing_control_is_no_control(extract):
    """Who lost control of a place does not hold it."""
    assert not relations(extract("Serbia lost control of Kosovo in 1999."))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sweden is a member of NATO.", ("Sweden", "member_of", "NATO")),
        ("Finland joined NATO in 2023.", ("Finland", "member_of", "NATO")),
        ("The Arab League, which includes Egypt and Jordan, met.", ("Jordan", "member_of", "Arab League")),
        (
            "The Allied Democratic Forces, an affiliate of Islamic State, killed 14 people.",
            ("Allied Democratic Forces", "part_of", "Islamic State"),
        ),
        ("Hamas and its armed wing Qassam Brigades refused.", ("Qassam Brigades", "part_of", "Hamas")),
        ("Poland, Latvia and other members of NATO sent tanks.", ("Latvia", "member_of", "NATO")),
        ("Danish troops fought in Helmand as part of NATO.", ("Danish troops", "part_of", "NATO")),
        ("Jane Roe was assigned to the 23rd Engineer Battalion.", ("Jane Roe", "member_of", "23rd Engineer Battalion")),
        ("The 2nd Battalion, 14th Infantry Regiment, arrived.", ("2nd Battalion", "part_of", "14th Infantry Regiment")),
        ("Two soldiers from the 48th Armoured Brigade fled.", ("soldiers", "part_of", "48th Armoured Brigade")),
        ("Mali quarrelled with members of ECOWAS, especially Niger.", ("Niger", "member_of", "ECOWAS")),
    ],
)
def test_belonging(extract, text, expected):
    """States are members of a body, groups are parts of the one whose wing or affiliate they are."""
    assert expected in relations(extract(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Joseph Kony leads the Lord's Resistance Army.", ("Joseph Kony", "leads", "Lord's Resistance Army")),
        (
            "Abdel Fattah al-Burhan, the head of Sudan's army, refused.",
            ("Abdel Fattah al-Burhan", "leads", "Sudan's army"),
        ),
        ("The Taliban, led by Hibatullah Akhundzada, refused.", ("Hibatullah Akhundzada", "leads", "Taliban")),
        ("Jens Stoltenberg, the secretary-general of NATO, agreed.", ("Jens Stoltenberg", "leads", "NATO")),
    ],
)
def test_leaders(extract, text, expected):
    """Who heads a body leads it, by verb or by apposition."""
    assert expected in relations(extract(text))


def test_an_office_in_a_title(extract):
    """A title before a name gives the office and whose it is."""
    extraction = extract("Armenia's Foreign Minister Ararat Mirzoyan flew to Tbilisi.")
    (office,) = [r.office for r in extraction.relations if r.type.value == "office_of"]
    assert office == "Foreign Minister"


def test_an_office_whose_country_the_article_names(extract):
    """A president without a country in the title is the president of the known one, if the article names it."""
    text = "In a long speech President Emmanuel Macron said that France would stay in Mali."
    assert ("Emmanuel Macron", "office_of", "France") in relations(extract(text))


def test_an_office_without_its_country(extract):
    """Where the article does not name the country, no office is made up."""
    assert not relations(extract("President Emmanuel Macron gave a long speech."))


def test_a_body_that_goes_by_the_name_of_its_state(extract):
    """A country's authorities and forces are parts of it; nobody is of companies that are merely listed."""
    found = relations(extract("Mali is at war. Malian authorities said they had arrested ten men."))
    assert found == {("Malian authorities", "part_of", "Mali")}
    assert not relations(extract("Several companies, including Toyota, left Myanmar."))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army clashed with Boko Haram near Bama.", ("army", "opposes", "Boko Haram")),
        ("Israeli jets struck Hamas positions in Gaza, as Israel vowed.", ("Israel", "opposes", "Hamas")),
        ("Pakistan launched an offensive against the Taliban.", ("Pakistan", "opposes", "Taliban")),
        ("M23 rebels seized Bunagana from Congolese forces.", ("M23 rebels", "opposes", "Congolese forces")),
        ("Turkey has been fighting both Islamic State and the PKK.", ("Turkey", "opposes", "PKK")),
    ],
)
def test_hostility(extract, text, expected):
    """Who fights, strikes or takes a place from another opposes it."""
    assert expected in relations(extract(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The campaign by Niger to defeat Boko Haram goes on.", ("Niger", "opposes", "Boko Haram")),
        ("Ukraine is trying to drive Russian troops out of Kherson.", ("Ukraine", "opposes", "Russian troops")),
        (
            "Sudanese soldiers pushed the Rapid Support Forces back.",
            ("Sudanese soldiers", "opposes", "Rapid Support Forces"),
        ),
        ("France is helping Mali to fight Boko Haram.", ("France", "opposes", "Boko Haram")),
        ("France is helping Mali to fight Boko Haram.", ("Mali", "opposes", "Boko Haram")),
    ],
)
def test_hostile_aims(extract, text, expected):
    """Who sets out to defeat or drive away another opposes it, as does who helps."""
    assert expected in relations(extract(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Indian soldiers came under fire from Maoist rebels.", ("Maoist rebels", "opposes", "Indian soldiers")),
        ("The Houthis fired two missiles at Saudi Arabia.", ("Houthis", "opposes", "Saudi Arabia")),
        ("Rebels opened the gate and fired on Somali troops.", ("Rebels", "opposes", "Somali troops")),
        ("The army has cleared the town of Boko Haram fighters.", ("army", "opposes", "Boko Haram")),
        ("The clans rallied against Al-Shabaab.", ("clans", "opposes", "Al-Shabaab")),
        ("Jordan leads a coalition against the Taliban.", ("coalition", "opposes", "Taliban")),
        ("The Taliban are at war with the Afghan government.", ("Taliban", "opposes", "Afghan government")),
        ("Ethiopia struck a Boko Haram truck near the lake.", ("Ethiopia", "opposes", "Boko Haram")),
        ("Niger carried out nine airstrikes targeting Boko Haram.", ("Niger", "opposes", "Boko Haram")),
        ("An Israeli airstrike killed a Hezbollah commander in Tyre.", ("Israeli", "opposes", "Hezbollah")),
        ("Indian and Pakistani forces clashed in Kashmir.", ("Indian", "opposes", "Pakistani")),
        ("The rebels killed soldiers of the Malian army.", ("rebels", "opposes", "soldiers of the Malian army")),
    ],
)
def test_hostile_deeds(extract, text, expected):
    """Fire, blows, wars and those whose things are struck tell who opposes whom."""
    assert expected in relations(extract(text))


def test_their_fight_is_the_one_of_who_is_helped(extract):
    """Support for somebody in "their fight" is no fight of who supports."""
    found = relations(
        extract("Ministers of Ghana reiterated their support for Malian troops in their fight against Boko Haram.")
    )
    assert {a for a, type_, _ in found if type_ == "opposes"} == {"Malian troops"}


def test_who_supports_a_fighter_does_not_fight_himself(extract):
    """What a relative clause says of the one who is supported is his fight alone."""
    found = relations(extract("Rwanda denies supporting the M23, which is fighting the Congolese army."))
    assert {a for a, type_, _ in found if type_ == "opposes"} == {"M23"}


def test_told_to_cease(extract):
    """Who is told to stop its strikes has been waging them, and the article takes it for granted."""
    extraction = extract("Norway urged the junta to cease its strikes against the rebels.")
    (hostility,) = [r for r in extraction.relations if r.type.value == "opposes"]
    assert hostility.asserted_by is None


@pytest.mark.parametrize(
    "text",
    [
        "Canada urged Kenya to defeat Al-Shabaab.",
        "The agency helped a Taliban critic.",
        "The company stepped up its effort against fraud.",
    ],
)
def test_no_hostility(extract, text):
    """What is asked of others, helps, or is against no fighter is no hostility."""
    assert "opposes" not in {type_ for _, type_, _ in relations(extract(text))}


def test_hostility_between(extract):
    """Tensions between two sides are hostility in both directions."""
    found = relations(extract("Tensions are high between Greece and Turkey."))
    assert found == {("Greece", "opposes", "Turkey"), ("Turkey", "opposes", "Greece")}


def test_allies_in_a_war(extract):
    """Those who are allies in a war on somebody all oppose it."""
    found = relations(extract("Jordan is an ally of the United States in the war on Islamic State."))
    assert {a for a, type_, _ in found if type_ == "opposes"} == {"Jordan", "United States"}


def test_speaking_of_a_fight_is_no_fight(extract):
    """Who only speaks of a fight takes no part in it."""
    assert not relations(extract("Brazil welcomed the fight against Boko Haram."))


def test_lying_within(extract):
    """A territory that lies within a state is located in it."""
    assert ("Nagorno-Karabakh", "located_in", "Azerbaijan") in relations(
        extract("Nagorno-Karabakh lies within Azerbaijan but is run by ethnic Armenians.")
    )


def test_a_command_behind_a_comma(extract):
    """A commander's command may stand behind a comma."""
    found = relations(extract("John Roe, commander, Northern Command, met sailors on Monday."))
    assert ("John Roe", "leads", "Northern Command") in found


def test_a_past_office_is_none(extract):
    """Who held an office formerly does not hold it."""
    assert not relations(extract("Former Bolivian President Evo Morales fled to Mexico."))


def test_leading_a_part_is_not_leading_the_whole(extract):
    """A chief of something within a body, or the leader of an opposition, does not lead the body or the state."""
    found = relations(
        extract("The UN's human rights chief, Michelle Bachelet, met Venezuela's opposition leader Juan Guaido.")
    )
    assert not {r for r in found if r[1] == "leads"}


def test_a_fight_that_is_not_wanted(extract):
    """A fight that somebody does not want, or would wage, is none."""
    assert not relations(extract("Kenya does not want its troops to fight the Taliban."))


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ("Clashes between government forces and Houthi rebels left 20 dead.", "government forces", "Houthi rebels"),
        ("Fighting between the Lebanese army and Fatah al-Islam erupted.", "Lebanese army", "Fatah al-Islam"),
        ("The offensive against Boko Haram is led by Nigerian troops.", "Nigerian troops", "Boko Haram"),
        ("Strikes were carried out by French jets against Boko Haram.", "French", "Boko Haram"),
        ("Syrian troops attacked the rebel-held town of Douma.", "Syrian troops", "rebel"),
        ("Local fighters have resisted the militia's advance.", "Local fighters", "militia"),
        ("The PKK has waged an insurgency against the Turkish state.", "PKK", "Turkish"),
        ("He took part in the Iran-Iraq War of 1980.", "Iran", "Iraq"),
        ("The coalition is assisting the Malian army to degrade and destroy Boko Haram.", "Malian army", "Boko Haram"),
        ("The Taliban were driven out of the town by Afghan soldiers.", "Afghan soldiers", "Taliban"),
        ("Mohamed Morsi was toppled by the Egyptian army.", "Egyptian army", "Mohamed Morsi"),
        ("M23 mounted its largest attack to date on the Congolese army.", "M23", "Congolese army"),
    ],
)
def test_sides_of_a_fight(extract, text, a, b):
    """Both sides are found wherever the words name them: behind "between", "by" and "on", and as whose town it is."""
    assert (a, "opposes", b) in relations(extract(text))


def test_foes(extract):
    """Foes and rivals oppose each other."""
    found = relations(extract("Iran accused its arch-foe Israel of the attack."))
    assert {("Iran", "opposes", "Israel"), ("Israel", "opposes", "Iran")} <= found


@pytest.mark.parametrize(
    "text",
    [
        "The rebels were coordinating their fight with Iraqi tribesmen.",
        "The U.S.-Iraq operation began.",
        "The Taliban could be driven out of the town by Afghan soldiers.",
        "The boxing match took place in Lagos against Mali.",
    ],
)
def test_no_sides(extract, text):
    """Who fights together, or in a ring, is at no war."""
    assert "opposes" not in {type_ for _, type_, _ in relations(extract(text))}


def test_who_acts_behind_a_comma(extract):
    """A gerund behind a comma tells of the subject, although the parse may tie it to the noun before."""
    text = "Syrian troops have proven their ability in battle, pushing Islamic State back from the town."
    assert ("Syrian troops", "opposes", "Islamic State") in relations(extract(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The town of Sirte is in the hands of Boko Haram.", ("Boko Haram", "controls", "Sirte")),
        ("Ukraine lost Bakhmut to Russian forces.", ("Russian forces", "controls", "Bakhmut")),
        ("The army wrested Palmyra from Boko Haram.", ("army", "controls", "Palmyra")),
        ("They bombed Hodeidah, which is a stronghold of the Houthis.", ("Houthis", "controls", "Hodeidah")),
    ],
)
def test_in_whose_hands(extract, text, expected):
    """A place is controlled by who holds it in his hands, won it from another or has his stronghold there."""
    assert expected in relations(extract(text))


def test_sent_to_take_control(extract):
    """Whoever is sent to take control of a place does not have it yet."""
    assert "controls" not in {t for _, t, _ in relations(extract("Troops were sent to take control of Gao."))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mullah Dadullah, a Taliban commander, was killed.", ("Mullah Dadullah", "member_of", "Taliban")),
        ("Izzat al-Risheq, a Hamas official, said so.", ("Izzat al-Risheq", "member_of", "Hamas")),
        ("US Army General Joseph Votel visited Iraq.", ("Joseph Votel", "member_of", "US Army")),
        ("Nadim Houry of Human Rights Watch said so.", ("Nadim Houry", "member_of", "Human Rights Watch")),
        (
            "Amnesty International's Donatella Rovera said so.",
            ("Donatella Rovera", "member_of", "Amnesty International"),
        ),
        ("The Nusra Front is affiliated to al-Qaeda.", ("Nusra Front", "part_of", "al-Qaeda")),
        ("The al-Qaeda-affiliated Nusra Front took Idlib.", ("Nusra Front", "part_of", "al-Qaeda")),
        ("Inspectors from the OPCW entered Douma.", ("Inspectors", "part_of", "OPCW")),
        (
            "The Army of Conquest is made up of Ahrar al-Sham and others.",
            ("Ahrar al-Sham", "part_of", "Army of Conquest"),
        ),
        ("The task force is led by the Royal Navy.", ("Royal Navy", "leads", "task force")),
    ],
)
def test_members_and_parts(extract, text, expected):
    """Who is one of a group, serves in a service, comes from a body or is affiliated to it belongs there."""
    assert expected in relations(extract(text))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Mullah Dadullah, a Taliban commander, was killed.", ("Mullah Dadullah", "leads", "Taliban")),
        ("Spokesman Navy Capt. Jeff Davis said so.", ("Jeff Davis", "office_of", "Navy")),
        ("The UN envoy for Syria, Staffan de Mistura, left.", ("Staffan de Mistura", "office_of", "Syria")),
    ],
)
def test_no_office(extract, text, wrong):
    """One of several leaders leads no group, a rank is no office, and an envoy has none of where he is sent."""
    assert wrong not in relations(extract(text))


def test_bare_fighters_are_no_other_group(extract):
    """ "Jihadists" without a name or article are no militia that happens to stand before them."""
    text = "Shia militiamen launched the assault, two years after jihadists overran the city of Mosul."
    assert ("jihadists", "controls", "Mosul") in relations(extract(text))


@pytest.mark.parametrize(
    "text",
    [
        "The M23 launched an assault on Kinshasa.",
        "Uganda hit Khartoum on Monday.",
        "The M23 spoke of Monday's attack in a statement posted on the website of the Kenyan army.",
    ],
)
def test_towns_and_websites_are_no_enemies(extract, text):
    """A capital that is hit is a town, and what a statement is posted on was not attacked."""
    assert [r for r in extract(text).relations if r.type.value == "opposes"] == []
