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


def test_a_body_of_a_named_state(extract):
    """A body that goes by a state's name is part of it, by the article's word."""
    extraction = extract("Mali is at war. Malian authorities said they had arrested ten men.")
    (part,) = [r for r in extraction.relations if r.type.value == "part_of"]
    assert part.asserted_by is None


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
