"""Actors: one for each referent, under the fullest name that the article gives it."""

import pytest


def actors(extraction):
    """The names of the actors with their types."""
    return {(a.name, a.type.value) for a in extraction.actors}


def aliases(extraction, name):
    """What else an actor is called, with its own name."""
    found = next(a for a in extraction.actors if a.name == name)
    return {span.of(extraction.article.text) for span in found.aliases}


@pytest.mark.parametrize(
    ("text", "name", "alias"),
    [
        (
            "Malian soldiers attacked Kidal. Mali said three of its troops had been killed by the rebels.",
            "Malian soldiers",
            "its troops",
        ),
        (
            "The Defence Ministry of Chad said rebels had fled. The Chad Defence Ministry denied losses.",
            "Defence Ministry of Chad",
            "Chad Defence Ministry",
        ),
        (
            "A resident told Khaama Press News that the Taliban had fled. Officials told Khaama that four had died.",
            "Khaama Press News",
            "Khaama",
        ),
        ("Moldova denied the attack. The Moldovan side said Russia had attacked it.", "Moldova", "Moldovan side"),
        ("The Saudi-led coalition bombed Taiz. Coalition jets also hit Aden.", "Saudi-led coalition", "Coalition"),
        ("Al-Shabaab militants attacked Mogadishu. Militants also abducted ten people.", "Al-Shabaab", "Militants"),
        (
            "Libyan security forces killed ten farmers. On Sunday security forces attacked Sirte.",
            "Libyan security forces",
            "security forces",
        ),
        ("The Malian army shelled Kidal. The military said rebels had fled.", "Malian army", "military"),
        ("Members of Boko Haram attacked Bol on Monday.", "Boko Haram", "Members of Boko Haram"),
    ],
)
def test_two_ways_to_name_a_referent_are_one_actor(extract, text, name, alias):
    """Whose it is, the same words in another order, a medium's first word, a side, a bare plural."""
    assert alias in aliases(extract(text), name)


@pytest.mark.parametrize(
    ("text", "name", "type_"),
    [
        ("Israel Katz said the Taliban had attacked the town of Matta.", "Israel Katz", "Person"),
        ("The rebel group Harakat Nujum attacked a base in Sirte.", "Harakat Nujum", "ArmedGroup"),
        ("The army said RZF fighters attacked a base in Sirte.", "RZF", "ArmedGroup"),
        ("The Chadian Armed Forces killed three farmers in Bol.", "Chadian Armed Forces", "GovernmentBody"),
        ("Chad is backed by an alliance of Arab states.", "alliance of Arab states", "InternationalOrganization"),
        ("Chad's minister Ali Mahamat met his Kenyan counterpart Jane Roe in Bol.", "Jane Roe", "Person"),
        ("Ministry spokesman Najib Danish said rebels had fled. Danish said four had died.", "Najib Danish", "Person"),
        ("A rocket killed an Ethiopian serviceman, and the serviceman's family accused Eritrea.", "Eritrea", "State"),
    ],
)
def test_an_actor_has_its_type(extract, text, name, type_):
    """A people's name may be a person's first; who has fighters is an armed group."""
    assert (name, type_) in actors(extract(text))


@pytest.mark.parametrize(
    "text",
    [
        "A missile hit a house in Gori on Monday.",
        "Fighter jets bombed the town of Gori on Monday.",
        "An airstrike killed a farmer in Gori on Monday.",
        "Jet fighters bombed the town of Gori on Monday.",
        "No group has claimed responsibility for the blast.",
        "Heavy shelling hit the Zarra al-Nuh region on Monday.",
        "Rockets fell on a church in Gori on Monday. Gori had been shelled by Russia before.",
    ],
)
def test_things_places_and_mere_victims_are_no_actors(extract, text):
    """A house is no parliament, a fighter jet no fighter, a town no person."""
    assert actors(extract(text)) <= {("Russia", "State")}


def test_a_described_group_is_the_one_named_before(extract):
    """ "The terrorist group" goes back to the group of which the article speaks."""
    found = extract("Boko Haram attacked Chibok on Monday. Chad vowed to destroy the terrorist group.")
    assert "terrorist group" in aliases(found, "Boko Haram")


def test_a_coalition_keeps_its_leader_in_a_longer_phrase(extract):
    """Whose aircraft they are is named in full."""
    found = extract("The general was killed by Saudi-led coalition aircraft.")
    assert "Saudi-led coalition" in {name for name, _ in actors(found)}


def test_an_insurgency_is_a_group(extract):
    """Words for a band of fighters in the singular name no person."""
    found = actors(extract("The Iraqi insurgency said it had shelled the army."))
    assert {type_ for name, type_ in found if "insurgency" in name} == {"ArmedGroup"}


def test_a_nameless_spokesman_is_one(extract):
    """Who speaks for the army twice is taken for the same."""
    text = "An army spokesman said rebels had fled. An army spokesman said ten were killed."
    assert [name for name, _ in sorted(actors(extract(text)))].count("army spokesman") == 1


def test_a_militia_is_not_the_group_named_before(extract):
    """A band without a name is one of its own; its enemies stay who they are."""
    text = "Boko Haram attacked Chibok. A militia fought back. The insurgents killed ten people."
    found = extract(text)
    assert "insurgents" in aliases(found, "Boko Haram")
    assert "militia" not in aliases(found, "Boko Haram")


def test_a_country_s_name_within_another_place_s_is_no_country(extract):
    """New Jersey is not Jersey, and a strait not the state beside it."""
    text = "He was held in New Jersey. A ship sailed through the Taiwan Strait. Gunmen killed six in Latin America."
    extraction = extract(text)
    found = {name for name, _ in actors(extraction)} | {place.name for place in extraction.places}
    assert not found & {"Jersey", "Taiwan", "America"}


def test_the_alliance_is_the_coalition_named_before(extract):
    """A coalition is meant, sooner than another organization that was named since."""
    text = "The Saudi-led coalition has bombed Sanaa without a UN mandate. The military alliance said it hit a depot."
    (alliance,) = (s.source for s in extract(text).statements)
    names = {actor.key: actor.name for actor in extract(text).actors}
    assert "coalition" in names[alliance]


def test_gunmen_are_not_the_group_named_before(extract):
    """Nobody knows who they are, unless the article says "the gunmen"."""
    found = extract("The Taliban attacked a post in Kandahar. In Herat, a number of gunmen attacked a hotel on Sunday.")
    assert "gunmen" not in aliases(found, "Taliban")


def test_one_article_names_one_person(extract):
    """A teacher and former union leader are the same."""
    text = "Police accused Jane Roe, a teacher and former farmer, of fraud. She denied it."
    assert not {name for name, _ in actors(extract(text))} & {"former farmer", "farmer"}


def test_a_navy_s_ship_is_a_body(extract):
    """By the letters before its name."""
    found = actors(extract("The USS Benfold sailed through the strait on Saturday. China attacked the Benfold."))
    assert ("USS Benfold", "GovernmentBody") in found


def test_a_group_s_fighters_are_the_group(extract):
    """ "The Taliban militant group" is the Taliban, and so are "their fighters"."""
    found = extract("The Taliban militant group said their fighters had killed ten soldiers in Kunduz.")
    assert {"Taliban militant group", "their fighters"} <= set(aliases(found, "Taliban"))


def test_the_army_commander_is_whom_a_title_calls_so(extract):
    """Also where the army is a name within the title."""
    text = "Northern Army Commander Lieutenant General Jane Roe reviewed the troops. The army commander visited Leh."
    assert "army commander" in aliases(extract(text), "Jane Roe")


def test_a_text_without_commas_has_appositions_all_the_same(extract):
    """But who speaks behind a phrase is not the one in it."""
    text = (
        "Jane Roe a spokeswoman for the army said rebels had fled. They came on the day of John Doe an official said."
    )
    found = extract(text)
    assert "spokeswoman" in aliases(found, "Jane Roe")
    assert "official" in {name for name, _ in actors(found)}


def test_who_speaks_last_is_not_who_is_spoken_of(extract):
    """ "They" behind "rebels were killed, police said" are the rebels."""
    found = extract("Two rebels were killed in Bol, police said. They belonged to the M23.")
    names = {a.key: a.name for a in found.actors}
    assert [(names[r.a], names[r.b]) for r in found.relations] == [("rebels", "M23")]
