"""Events: what happened, who did it to whom, and what only sounds as if it had."""

import pytest

from kg.model import Span


def events(extraction):
    """The events as (type, agent, target), by the names or words that the article uses."""
    known = {item.key: item.name for item in (*extraction.actors, *extraction.places)}

    def name(participant):
        if isinstance(participant, Span):
            return participant.of(extraction.article.text)
        return known[participant] if participant else None

    return [(e.type.value, name(e.agent), name(e.target)) for e in extraction.events]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Boko Haram fighters attacked a village in Borno on Monday.", ("ASSAULT", "Boko Haram", "a village")),
        ("The M23 captured the town of Bunagana on Monday.", ("COERCE", "M23", "Bunagana")),
        ("Vladimir Putin met with Xi Jinping in Beijing on Tuesday.", ("CONSULT", "Vladimir Putin", "Xi Jinping")),
        ("Ethiopia signed a peace deal with Eritrea in 2018.", ("AGREE", "Ethiopia", "Eritrea")),
        ("The United States imposed sanctions on Belarus on Friday.", ("SANCTION", "United States", "Belarus")),
        ("Russia deployed troops to Belarus on Friday.", ("MOBILIZE", "Russia", None)),
        ("Russia's invasion of Ukraine began in 2022.", ("ASSAULT", "Russia", "Ukraine")),
        ("Hamas released 12 hostages on Sunday.", ("CONCEDE", "Hamas", "12 hostages")),
        ("Chad and Sudan exchanged 200 prisoners on Sunday.", ("CONCEDE", "Chad", "Sudan")),
        ("Russia sent troops to Belarus in February.", ("MOBILIZE", "Russia", None)),
        ("Kenya has sent humanitarian aid to Sudan.", ("AID", "Kenya", "Sudan")),
        ("Sudan cut ties with Iran in 2016.", ("SANCTION", "Sudan", "Iran")),
        ("Chad expelled three Sudanese diplomats on Monday.", ("SANCTION", "Chad", "three Sudanese diplomats")),
        ("Chad and the M23 resumed their negotiations in Jeddah.", ("CONSULT", "Chad", "M23")),
        ("Tens of thousands of people marched in Tunis.", ("PROTEST", "people", None)),
        ("Lebanese protests against the government went on in Tyre.", ("PROTEST", None, "government")),
        ("Hundreds rallied in Tunis on Sunday.", ("PROTEST", None, None)),
        ("Protesters gathered outside the Kenyan embassy in Juba.", ("PROTEST", "Protesters", None)),
        ("Chad seized dozens of towns in Darfur.", ("COERCE", "Chad", "dozens of towns")),
    ],
)
def test_a_happening_has_its_type_and_ends(extract, text, expected):
    """Who does it is the agent, the object or its preposition's noun the target."""
    assert events(extract(text)) == [expected]


def test_a_passive_turns_the_ends_round(extract):
    """Who stands behind "by" did it to the subject."""
    found = events(extract("Three soldiers were killed by the Taliban in Kunduz on Sunday."))
    assert found == [("ASSAULT", "Taliban", "soldiers")]


def test_a_weapon_acts_for_its_owner(extract):
    """The subject is a thing; whose it is did what it did."""
    found = events(extract("Israeli airstrikes killed 14 people in Rafah on Thursday."))
    assert found == [("ASSAULT", "Israeli", "14 people")]


def test_a_happening_without_an_owner_has_no_agent(extract):
    """Nobody is said to have fired."""
    found = events(extract("Shelling killed four civilians in Kherson on Friday."))
    assert found == [("ASSAULT", None, "four civilians")]


def test_a_light_verb_lends_its_subject_to_its_noun(extract):
    """Launching an offensive against somebody is one happening."""
    found = events(extract("Ethiopia launched an offensive against Al-Shabaab on Monday."))
    assert found == [("ASSAULT", "Ethiopia", "Al-Shabaab")]


def test_verbs_joined_tell_of_one_happening(extract):
    """Killing some and wounding others is one attack."""
    found = events(extract("Al-Shabaab fighters killed four farmers and wounded nine others in Lamu on Friday."))
    assert found == [("ASSAULT", "Al-Shabaab", "four farmers")]


def test_the_other_side_of_clashes_killed(extract):
    """Who was killed in clashes with somebody was killed by them."""
    found = events(extract("Five soldiers were killed in clashes with Boko Haram in Borno on Friday."))
    assert found == [("ASSAULT", "Boko Haram", "soldiers")]


def test_clashes_have_two_sides(extract):
    """The ends of "between" are agent and target."""
    found = events(extract("Clashes broke out between Armenia and Azerbaijan on Tuesday."))
    assert found == [("ASSAULT", "Armenia", "Azerbaijan")]


def test_what_is_taken_from_somebody_hits_its_owner(extract):
    """Positions and towns are their holder's."""
    found = events(extract("Ukraine attacked Hezbollah positions on Monday."))
    assert found == [("ASSAULT", "Ukraine", "Hezbollah")]


def test_headline_and_body_tell_of_one_happening(extract):
    """The words are the body's; the agent may be the headline's."""
    extraction = extract("Rebel shelling kills four civilians\n\nShelling in Aden killed four civilians on Sunday.")
    assert [e.quote.begin > 35 for e in extraction.events] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Russia may attack Ukraine this winter.",
        "Turkey urged Syria to attack the rebels.",
        "Officials fear an attack on the embassy in Kabul.",
        "The army plans to deploy 500 soldiers to Goma.",
        "Al-Shabaab remains committed to carrying out attacks against Kenya.",
        "Chad and Sudan traded accusations of attacking each other's posts.",
        "Security forces foiled a suicide attack in Kampala.",
        "The M23 is notorious for carrying out attacks on villages.",
    ],
)
def test_what_is_feared_or_planned_has_not_happened(extract, text):
    """A modal, an appeal, a fear and a plan leave it open."""
    assert events(extract(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Floods killed 40 people in Pakistan on Sunday.",
        "Twelve people were killed in a bus crash in Peru on Monday.",
        "Boris Johnson attacked Keir Starmer over taxes on Monday.",
        "Kenyan police sent a note of protest to the ministry on Monday.",
        "Jamaica beat Guyana by 186 runs in Kingston on Monday.",
        "The M23 issued a statement released on a website of the group.",
        "Shares rallied in Nairobi on Monday.",
        "The minister spoke to reporters in Nairobi on Monday.",
    ],
)
def test_what_only_sounds_like_a_happening_is_none(extract, text):
    """Accidents, quarrels, papers and press briefings."""
    assert events(extract(text)) == []


def test_the_attack_points_back(extract):
    """A bare description of what was told before is no second event."""
    text = (
        "The Taliban attacked a base in Kunduz on Sunday. The attack killed nobody, and residents fear for their lives."
    )
    assert len(events(extract(text))) == 1


def test_a_denied_happening_is_negated(extract):
    """It is told, and told not to have happened."""
    (event,) = extract("Rwanda did not attack the Congolese army on Monday.").events
    assert event.negated


def test_days_and_places_come_with_the_happening(extract):
    """The day is resolved from the article's, the place is where the clause says."""
    extraction = extract("Gunmen killed six farmers in Zamfara on Wednesday.", day="2023-05-19")
    (event,) = extraction.events
    places = {p.key: p.name for p in extraction.places}
    assert (str(event.date), places[event.place]) == ("2023-05-17", "Zamfara")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fighting raged between Sudan's army and Ethiopian militiamen on Monday.", [("Sudan's army", "militiamen")]),
        ("Officials said troops killed about 30 Boko Haram fighters on Friday.", [("troops", "Boko Haram")]),
        ("Earlier, gunmen shot and killed an Iraqi policeman in Kirkuk.", [("gunmen", "policeman")]),
        ("Insurgents opened fire at the soldiers on Tuesday.", [("Insurgents", "soldiers")]),
        ("Hezbollah fired rockets into a village in Galilee on Sunday.", [("Hezbollah", "a village")]),
        (
            "Ten Kenyan soldiers were killed in a clash with Al-Shabaab militants on Monday.",
            [("Al-Shabaab", "soldiers")],
        ),
        ("Six policemen were killed on Sunday after Taliban fighters stormed their post.", [("Taliban", "policemen")]),
        ("Jets of the Saudi army bombed a school in Saada on Monday.", [("army", "a school")]),
        ("Ethiopian troops and Al-Shabaab militants clashed in Beledweyne on Monday.", [("troops", "Al-Shabaab")]),
        ("Nine police officers were killed in a militant attack in Quetta on Monday.", [("militant", "officers")]),
        ("Hamas rejected the truce and fired rockets into a town in Israel.", [("Hamas", "a town")]),
        ("The army moved in after the killing of nine guards by insurgents on Monday.", [("insurgents", "guards")]),
    ],
)
def test_an_end_is_found_beside_its_word(extract, text, expected):
    """Sides, opponents, aims and explanations are read where they stand."""
    found = [(str(agent), str(target)) for type_, agent, target in events(extract(text)) if type_ == "ASSAULT"]
    assert [(a in f[0], t in f[1]) for f, (a, t) in zip(found, expected, strict=True)] == [(True, True)]


def test_hostages_are_who_was_taken(extract):
    """The word for a captive is no captive."""
    found = events(extract("Gunmen took hostage 30 villagers in Kaduna on Friday."))
    assert [(type_, agent) for type_, agent, _ in found] == [("COERCE", "Gunmen")]
    assert "villagers" in found[0][2]


def test_a_capital_that_is_taken_is_a_place(extract):
    """Its government is not what was overrun."""
    extraction = extract("The Taliban seized Kabul in August 2021.")
    assert events(extraction) == [("COERCE", "Taliban", "Kabul")]
    assert [p.name for p in extraction.places] == ["Kabul"]


def test_what_is_done_again_and_again_is_no_happening(extract):
    """A verb in the plain present tells a habit, but in a headline."""
    text = "The army withdrew from Gao. The rebels often target convoys. Hardly a day passes without an attack on Gao."
    assert events(extract(text)) == [("RETREAT", "army", None)]


def test_where_a_war_is_fought_is_not_who_fights(extract):
    """A country behind "in" kills nobody."""
    found = events(extract("The war in northern Mali has killed 3,000 people."))
    assert [(agent, target) for _, agent, target in found] in ([], [(None, "3,000 people")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # who did it stands right behind the noun, whatever the parser ties it to
        (
            "Two Chadian soldiers were killed and four injured in an ambush by Boko Haram fighters near Bol.",
            ("ASSAULT", "Boko Haram", "Chadian soldiers"),
        ),
        # the subject of what happened, and not of what came after
        (
            "At least nine farmers have died after an airstrike destroyed a market in Bunia.",
            ("ASSAULT", None, "a market"),
        ),
        (
            "Chad accused Malian soldiers of attacking Chadian positions.",
            ("ASSAULT", "Malian soldiers", "Chadian positions"),
        ),
        ("Somali and Kenyan troops exchanged fire near Mandera on Sunday.", ("ASSAULT", "Somali", "Kenyan")),
        ("An army post came under heavy fire from rebels in Goma on Sunday.", ("ASSAULT", "rebels", "An army post")),
        ("The M23 fired rockets at what it called enemy positions near Goma.", ("ASSAULT", "M23", "enemy positions")),
        (
            "Al-Shabaab militants stormed a girls' school in Garissa on Monday.",
            ("COERCE", "Al-Shabaab", "a girls' school"),
        ),
        ("The army inflicted heavy losses on the rebels in Kunduz.", ("ASSAULT", "army", "rebels")),
        ("A truck bomb exploded near a market in Kampala on Friday.", ("ASSAULT", None, None)),
        ("Kenya has rounded up scores of migrants.", ("COERCE", "Kenya", "migrants")),
        ("Russian drone strikes on Odesa killed nine people.", ("ASSAULT", "Russian", "nine people")),
        ("Saudi-led air strikes on the Houthis have resumed.", ("ASSAULT", "Saudi", "Houthis")),
        ("Syria condemned the attacks of Chad on Sudan.", ("ASSAULT", "Chad", "Sudan")),
        ("The government and the M23 held talks in Sudan.", ("CONSULT", "government", "M23")),
    ],
)
def test_the_ends_are_found_where_the_parse_is_crooked(extract, text, expected):
    """By the words beside the happening."""
    assert events(extract(text)) == [expected]


def test_what_is_launched_is_no_target(extract):
    """A weapon does not suffer its own launch."""
    assert all(target is None for _, _, target in events(extract("The missile was launched from Sanaa on Monday.")))


def test_it_is_the_thing_taken(extract):
    """And not the group that took it first."""
    found = events(extract("The M23 took the post near Goma but it was retaken by the army on Sunday."))
    assert found == [("COERCE", "M23", "the post"), ("COERCE", "army", "the post")]


def test_a_headline_in_the_present_tells_of_its_happening(extract):
    """Also where a dash ends it, and the sentence behind goes without an agent."""
    text = (
        "Published July 19 2016 - Kenyan airstrikes kill nine farmers in a village near Garissa - Airstrikes on a "
        "village near Garissa killed nine farmers on Tuesday."
    )
    assert events(extract(text)) == [("ASSAULT", "Kenyan", "nine farmers")]


def test_an_attack_explains_the_deaths_after_it(extract):
    """Both are one happening."""
    found = events(extract("Ten farmers were killed following a raid by Boko Haram in Borno on Sunday."))
    assert found == [("ASSAULT", "Boko Haram", "Ten farmers")]


def test_how_many_were_killed_is_news(extract):
    """Also without a place or day of their own, unless the words point back."""
    text = "Rebels attacked Goma on Sunday. Nine farmers were killed by mines. Only two were wounded in the attack."
    assert ("ASSAULT", None, "Nine farmers") in events(extract(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A herder was shot dead by the Kenyan army early Monday in Garissa.", ("ASSAULT", "Kenyan army", "A herder")),
        (
            "Seven farmers were killed and 20 others were injured in a firefight with Boko Haram fighters in Borno.",
            ("ASSAULT", "Boko Haram", "Seven farmers"),
        ),
        ("Boko Haram also shot dead two Bol residents on Sunday.", ("ASSAULT", "Boko Haram", "two Bol residents")),
        ("10 militants killed in clash near Bol", ("ASSAULT", None, "militants")),
        ("Nine farmers killed by Kenyan fire in Garissa", ("ASSAULT", "Kenyan", "Nine farmers")),
        ("Gunmen killed at least 10 farmers and wounded several others in Borno.", ("ASSAULT", "Gunmen", "10 farmers")),
        (
            "At least seven farmers were killed during a Chadian army operation in Bol.",
            ("ASSAULT", "army", "seven farmers"),
        ),
        (
            "Nine farmers were killed when Boko Haram launched an attack on a post.",
            ("ASSAULT", "Boko Haram", "Nine farmers"),
        ),
        ("Police gave no names of the farmers killed.", ("ASSAULT", None, "the farmers")),
        ("In the exchange one terrorist was killed in Jenin on Sunday.", ("ASSAULT", None, "one terrorist")),
        (
            "Israeli soldiers on Tuesday shot and killed a Palestinian.",
            ("ASSAULT", "Israeli soldiers", "a Palestinian"),
        ),
    ],
)
def test_who_was_killed_by_whom(extract, text, expected):
    """One happening, though its words stand apart; one of a people is no state."""
    assert events(extract(text)) == [expected]


def test_who_is_blamed_for_an_attack_did_it(extract):
    """ "An attack … blamed on jihadists"."""
    found = events(
        extract("At least 20 people were killed in an attack on a village in central Mali blamed on jihadists.")
    )
    assert found == [("ASSAULT", "jihadists", "20 people")]


def test_who_claims_an_attack_did_what_was_told_of_before(extract):
    """ "The attack" is the one before it, which the article tells of without a doer."""
    found = events(
        extract("Nine farmers were killed in a blast in Bol. Boko Haram claimed responsibility for the attack.")
    )
    assert found == [("ASSAULT", None, "Nine farmers"), ("ASSAULT", "Boko Haram", "Nine farmers")]


def test_a_place_before_a_fight_is_where_it_was(extract):
    """And fought in it on neither side."""
    found = events(extract("Two militants killed in Kashmir gun battle"))
    assert [agent for _, agent, _ in found] in ([], [None])


def test_a_participle_is_said_of_the_noun_before_it(extract):
    """Not of the subject that the parser found farther away."""
    found = events(
        extract("Soldiers fired at a car that had crossed a line marking the area still occupied by Chadian forces.")
    )
    assert ("COERCE", "Chadian forces", "the area") in found
