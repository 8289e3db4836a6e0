"""Alliances: who backs, arms, trains, funds, fights beside or is allied with whom, by whose word."""

import pytest


def alliances(extraction):
    """The alliances as (supporter, kind, supported), by the names that the article uses."""
    names = {a.key: a.name for a in extraction.actors}
    return {(names[x.supporter], x.kind.value, names[x.supported]) for x in extraction.alliances}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The M23 rebels, backed by Rwanda, seized the town of Bunagana.", ("Rwanda", "backs", "M23 rebels")),
        ("Hezbollah, which is funded by Iran, fired rockets at Israel.", ("Iran", "funds", "Hezbollah")),
        ("France has trained Chadian soldiers near the border.", ("France", "trains", "Chadian soldiers")),
        ("Belarus sided with Russia in the war in Ukraine.", ("Belarus", "backs", "Russia")),
        ("Moscow, an ally of Syria, vetoed the resolution.", ("Moscow", "allied", "Syria")),
    ],
)
def test_verbs_of_support(extract, text, expected):
    """A verb of support ties its subject to its object, in the active, the passive and with its preposition."""
    assert expected in alliances(extract(text))


def test_a_gift_of_weapons_is_arming(extract):
    """Who supplies a force with drones arms it, and the weapons are no party."""
    found = alliances(extract("The United Arab Emirates supplied the Rapid Support Forces with drones and artillery."))
    assert found == {("United Arab Emirates", "arms", "Rapid Support Forces")}


def test_means_of_support_are_kinds_of_their_own(extract):
    """Support with weapons and money is arming and funding besides backing."""
    found = alliances(extract("Libya supported the Irish Republican Army with weapons and money."))
    assert {kind for _, kind, _ in found} == {"backs", "arms", "funds"}


def test_a_compound_is_taken_for_granted(extract):
    """ "X-backed Y" is the article's own, even within what somebody else says."""
    (alliance,) = extract("Iran-backed Houthi fighters hit a tanker, the coalition said.").alliances
    assert alliance.asserted_by is None


def test_backer_names_every_name_behind_it(extract):
    """A descriptive noun holds for all the names joined behind it."""
    found = alliances(extract("Talks were held by rebel backer Turkey and by government supporters Russia and Iran."))
    assert {("Russia", "backs", "government"), ("Iran", "backs", "government")} <= found


def test_an_ally_of_two(extract):
    """ "X is an ally of Y and Z" ties X to both."""
    found = alliances(extract("Pakistan is a close ally of China and Turkey."))
    assert found == {("Pakistan", "allied", "China"), ("Pakistan", "allied", "Turkey")}


def test_an_apposed_ally(extract):
    """ "Its ally, Y," names Y as allied with whose ally it is."""
    text = "The Kachin Independence Army and its ally, the Arakan Army, are battling the junta."
    assert ("Kachin Independence Army", "allied", "Arakan Army") in alliances(extract(text))


def test_joining_an_axis(extract):
    """Who joins an alliance is allied with those whom it comprises."""
    found = alliances(extract("Qatar has joined an alliance that includes Turkey and Pakistan."))
    assert found == {("Qatar", "allied", "Turkey"), ("Qatar", "allied", "Pakistan")}


def test_acting_in_support(extract):
    """Who acts in support of somebody backs them."""
    text = "Ethiopia sent troops to Somalia in support of the African Union."
    assert ("Ethiopia", "backs", "African Union") in alliances(extract(text))


def test_fighting_on_a_side(extract):
    """Who fights on the side of another, or alongside it, fights alongside."""
    text = "Eritrean troops fought on the side of the Ethiopian government in Tigray."
    assert ("Eritrean troops", "fights_alongside", "Ethiopian government") in alliances(extract(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chad defeated the rebels with the help of France.", ("France", "backs", "Chad")),
        ("The rebels, aided by support from Rwanda, took Goma.", ("Rwanda", "backs", "rebels")),
        ("The government has the backing of Uganda.", ("Uganda", "backs", "government")),
        ("In support of Somali forces, Kenyan aircraft bombed the camp.", ("Kenyan", "backs", "Somali forces")),
    ],
)
def test_support_that_is_given(extract, text, expected):
    """Whose help, backing or aircraft somebody has backs it."""
    assert expected in alliances(extract(text))


def test_we_of_a_person(extract):
    """Who says "we" speaks for the state or group whose office he holds, and never for himself."""
    found = alliances(extract("“We support Ukraine,” said Polish President Andrzej Duda. Poland is a neighbour."))
    assert "Andrzej Duda" not in {supporter for supporter, _, _ in found}


def test_operations_are_no_parties(extract):
    """Who supports an operation is nobody's ally, and who receives fire is not armed."""
    assert not alliances(extract("The airmen supported Operation Barkhane in Mali."))
    assert not alliances(extract("Malian troops received machine gun fire from Tuareg rebels."))


@pytest.mark.parametrize(
    "text",
    [
        "Pakistan denied supporting the Taliban.",
        "Iran does not support the rebels.",
        "Britain urged Germany to arm Ukraine.",
        "Kenya could back Uganda.",
        "Canada urged France to mediate and help Niger.",
    ],
)
def test_what_is_not_so(extract, text):
    """Support that is denied, negated, asked for or only possible is no alliance."""
    assert not extract(text).alliances


def test_an_accusation_asserts(extract):
    """Support that somebody alleges is asserted by the accusation."""
    extraction = extract("Saudi Arabia has accused Iran of arming the Houthi rebels.")
    (alliance,) = extraction.alliances
    assert {s.key: s.kind.value for s in extraction.statements}[alliance.asserted_by] == "Accusation"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kenya provides military aid to Somalia.", ("Kenya", "backs", "Somalia")),
        ("French jets provided air support to Malian soldiers.", ("French", "backs", "Malian soldiers")),
        ("Turkey provided the rebels with support.", ("Turkey", "backs", "rebels")),
        ("Fighters loyal to Khalifa Haftar entered Sirte.", ("Fighters", "backs", "Khalifa Haftar")),
        ("Boko Haram pledged allegiance to Islamic State.", ("Boko Haram", "backs", "Islamic State")),
        ("M23 took the town with Rwandan backing.", ("Rwandan", "backs", "M23")),
    ],
)
def test_help_and_loyalty(extract, text, expected):
    """Who gives military help or support, is loyal or swears allegiance backs somebody."""
    assert expected in alliances(extract(text))


def test_relief_takes_no_side(extract):
    """Who brings humanitarian aid backs nobody, and who helps himself neither."""
    assert not alliances(extract("Norway provides humanitarian aid to Sudan."))
    assert not alliances(extract("Taliban fighters helped themselves to the weapons of the Afghan army."))


def test_trained_and_equipped(extract):
    """The object of two verbs is that of both."""
    found = alliances(extract("The United States has trained and equipped Syrian rebels."))
    assert {kind for _, kind, _ in found} == {"trains", "arms"}


def test_backed_by_the_strikes_of_another(extract):
    """Strikes that somebody carries out, and his weapons, stand for him."""
    found = alliances(extract("The Malian army was supported by air strikes carried out by France."))
    assert ("France", "backs", "Malian army") in found
    found = alliances(extract("The Syrian army is backed by Russian air power and Hezbollah fighters."))
    assert {("Russian", "backs", "Syrian army"), ("Hezbollah", "backs", "Syrian army")} <= found


def test_forces_may_be_partners(extract):
    """Forces without a name of their own are allies too."""
    found = alliances(extract("The Kurdish forces are a key partner of the United States."))
    assert ("Kurdish forces", "allied", "United States") in found


def test_a_pledge_to_go_on(extract):
    """Who says that he will continue to support somebody supports him already."""
    found = alliances(extract("Poland said it will continue to support Ukraine."))
    assert ("Poland", "backs", "Ukraine") in found
    assert not alliances(extract("Poland said it will support Ukraine."))


def test_a_name_that_modifies_fighters(extract):
    """In "X-backed Syria rebels" the rebels are backed, and not the country."""
    assert "Syria" not in {supported for _, _, supported in alliances(extract("US-backed Syria rebels took Tabqa."))}
