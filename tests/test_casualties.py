"""Casualty figures: which numbers count victims, of what harm, on whose side, and who says so."""

import pytest

from kg.model import Span


def figures(extraction):
    """The figures as (harm, min, max), in text order."""
    return [(c.harm.value, c.min, c.max) for c in extraction.casualties]


def name(extraction, participant):
    """The name of an actor or place, or the words of a span; None for None."""
    if isinstance(participant, Span):
        return participant.of(extraction.article.text)
    known = {item.key: item.name for item in (*extraction.actors, *extraction.places)}
    return known[participant] if participant else None


def giver(extraction, figure):
    """The name of who gives a figure, None for the article itself."""
    sources = {s.key: s.source for s in extraction.statements}
    return name(extraction, sources[figure.asserted_by]) if figure.asserted_by else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Al-Shabaab fighters killed four farmers in Lamu.", [("killed", 4, 4)]),
        ("At least 18 villagers were killed in Borno on Sunday.", [("killed", 18, None)]),
        ("More than 30 people have died in Gaza.", [("killed", 31, None)]),
        ("Up to 60 soldiers were wounded near Bakhmut.", [("wounded", None, 60)]),
        ("Between 20 and 30 fighters died in the raid.", [("killed", 20, 30)]),
        ("Dozens of migrants drowned off Libya.", [("killed", 24, None)]),
        ("Gunmen abducted more than 300 schoolgirls.", [("captured", 301, None)]),
        ("Nine sailors are still missing after the attack.", [("missing", 9, 9)]),
        ("More than 200,000 people have fled the fighting in Sudan.", [("displaced", 200001, None)]),
        ("About 1.2 million Rohingya have been forced to flee their homes.", [("displaced", 1200000, 1200000)]),
        ("The clashes have displaced 50,000 people.", [("displaced", 50000, 50000)]),
        ("CAIRO (Reuters) -Three paramedics were killed in Faroun.", [("killed", 3, 3)]),
        ("Rebels raided Beni, killing a dozen civilians, Congo’s army and a survivor said.", [("killed", 12, 12)]),
    ],
)
def test_a_verb_of_harm_ties_a_number_to_what_was_done(extract, text, expected):
    """Subject or object, active or passive, exact or bounded."""
    assert figures(extract(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A car bomb exploded in the capital, leaving 12 dead and 30 injured.",
            [("killed", 12, 12), ("wounded", 30, 30)],
        ),
        ("The war has left 2,000 people dead.", [("killed", 2000, 2000)]),
        ("The hospital reported five deaths in Rafah.", [("killed", 5, 5)]),
        ("The blast claimed the lives of 14 people.", [("killed", 14, 14)]),
        ("A total of 35 soldiers lost their lives.", [("killed", 35, 35)]),
        ("Rescuers pulled the bodies of nine men from the rubble.", [("killed", 9, 9)]),
        ("Gunmen shot dead four farmers in Plateau state.", [("killed", 4, 4)]),
        ("Three journalists were shot dead in Kabul.", [("killed", 3, 3)]),
        ("Fifteen of the wounded were in critical condition.", [("wounded", 15, 15)]),
        ("At least 13 of those killed were children.", [("killed", 13, None)]),
        ("Among the dead were two nurses.", [("killed", 2, 2)]),
        ("Boko Haram took 12 hostages during the raid.", [("captured", 12, 12)]),
        ("Hamas took 251 people hostage.", [("captured", 251, 251)]),
        ("More than 500 dead, thousands injured in Darfur clashes", [("killed", 501, None), ("wounded", 2000, None)]),
        ("The dead included three children, the hospital said.", [("killed", 3, 3)]),
        ("Those wounded include a colonel and two guards.", [("wounded", 1, 1), ("wounded", 2, 2)]),
        ("Of those killed, 12 were children.", [("killed", 12, 12)]),
        ("Rescuers found 14 bodies in the ruins of Mariupol.", [("killed", 14, 14)]),
        ("Twelve policemen suffered injuries in the riot.", [("wounded", 12, 12)]),
        ("The shelling drove more than 100,000 people from their homes.", [("displaced", 100001, None)]),
        ("War has forced tens of thousands of people out of their homes.", [("displaced", 20000, None)]),
        ("Some 19 villagers were hurt in 405 raids last year.", [("wounded", 19, 19)]),
        ("Raid on Goma kills family, including four children", [("killed", 4, 4)]),
        ("The dead were five men and two women.", [("killed", 5, 5), ("killed", 2, 2)]),
        ("The hospital treated 45 injured civilians.", [("wounded", 45, 45)]),
        ("The ministry said 30 wounded soldiers had been evacuated.", [("wounded", 30, 30)]),
        ("The violence has forced more than 6 million people to flee.", [("displaced", 6000001, None)]),
        ("Soldiers shot dead an armed man near Nablus.", [("killed", 1, 1)]),
    ],
)
def test_a_noun_or_state_of_harm_ties_a_number_too(extract, text, expected):
    """Deaths, the dead, lives, bodies, hostages, and headlines that leave the verb out."""
    assert figures(extract(text)) == expected


@pytest.mark.parametrize(
    ("text", "quote", "least"),
    [
        ("The death toll rose to 43 on Monday.", "The death toll rose to 43", 43),
        ("The ministry put the death toll at 85.", "the death toll at 85", 85),
        ("The toll had risen from 40 to 43.", "The toll had risen from 40 to 43", 43),
        ("The number of dead rose to 120.", "The number of dead rose to 120", 120),
    ],
)
def test_a_toll_counts_by_itself(extract, text, quote, least):
    """What is counted stands in the toll; of a rise the last number holds."""
    (figure,) = extract(text).casualties
    assert (figure.quote.of(text), figure.min) == (quote, least)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The shelling killed 15 civilians and 27 fighters.", [15, 27]),
        ("The strike killed 56 civilians, including 11 children.", [56, 11]),
        ("At least 24 people, among them eight children, died in Kyiv.", [24, 8]),
        ("In the clashes 17 people were killed, two of them ambulance crew.", [17, 2]),
        ("The attack killed 16 people and wounded another 40.", [16, 40]),
        ("Three policemen and a bystander were killed in the ambush.", [3, 1]),
        ("Five Argentine tourists, a Belgian woman, a New Yorker and a New Jersey man were killed.", [5, 1, 1, 1]),
        ("At least three people, including a five-year-old girl, were killed in Quetta.", [3, 1]),
        ("A rocket killed a commander and his two sons.", [1, 2]),
        ("More than 20 Taliban militants and five policemen have been killed in Kunduz.", [21, 5]),
        ("Six of the nine attackers were killed.", [6]),
        ("The blast killed two guards and wounded another soldier.", [2, 1]),
        ("A bomb killed 12 people in Herat. Two of the victims were aid workers.", [12, 2]),
        ("Fifty soldiers were killed. They included 42 members of the army and eight of its scouts.", [50, 42, 8]),
        ("The ministry said 8,306 people have been killed since October 7, including 3,457 children.", [8306, 3457]),
        ("A man, his wife and three children were killed in the strike.", [1, 1, 3]),
        ("Four villagers, including two six-year-old children, were injured.", [4, 2]),
    ],
)
def test_a_figure_may_continue_the_one_before(extract, text, expected):
    """Coordinated figures and parts of figures share their harm; a single victim counts as one."""
    assert [c.min for c in extract(text).casualties] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Tunisia beat Mali 2-1 with goals in the 12th and 75th minutes.",
        "The champions killed off the game after 75 minutes.",
        "He was killed at the age of 29, two years after the war had ended.",
        "Maria Lopez, 23, was the mayor when the war broke out in 1994.",
        "The army destroyed 12 tanks and captured three villages.",
        "The storm cost $14 million and closed 300 schools.",
        "Call the toll-free number 14434 for help.",
        "The economic toll of the war reached 40 percent of output.",
        "The rebels planned to kill 200 people.",
        "The dam could displace thousands of people, engineers said.",
        "Three witnesses said they had heard shots.",
        "The parliament has 120 members.",
        "Ali Mammadov, 46, was wounded by a sniper.",
        "Children younger than 10 were among the dead.",
    ],
)
def test_other_numbers_are_no_casualties(extract, text):
    """Scores, ages, years, sums, things, plans and people who suffer nothing."""
    assert figures(extract(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Palestinian man shot dead by Israeli forces in West Bank", [("killed", 1, 1)]),
        ("Policeman killed, three injured in Quetta blast", [("killed", 1, 1), ("wounded", 3, 3)]),
        ("Soldier killed two civilians in Nablus", [("killed", 2, 2)]),
        ("Journalist Jane Roe was killed in 2022.", []),
        ("Police killed in attack on Kabul checkpoint", []),
    ],
)
def test_a_headline_counts_one_without_an_article(extract, text, expected):
    """Who opens a headline and suffers its verb is one; crowds and persons by name are left out."""
    assert figures(extract(text)) == expected


def test_an_attacker_is_no_victim(extract):
    """The subject of an active verb of harm is who did it, and not who suffered."""
    extraction = extract("On Wednesday three suicide bombers killed at least two people in Damascus.")
    (figure,) = extraction.casualties
    assert (figure.min, name(extraction, figure.perpetrator)) == (2, "suicide bombers")


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Armenia says 15 of its soldiers were killed on Tuesday.", "Armenia"),
        ("The ministry said its forces had killed 55 Taliban fighters in Helmand.", "Taliban"),
        ("A roadside bomb wounded five NATO soldiers.", "NATO"),
        ("At least 18 jihadists from the Islamic State were killed in Raqqa.", "Islamic State"),
        ("Ukraine says 63 civilians have been killed.", "Ukraine"),
        ("Israel says Hamas took 251 people hostage.", None),
        ("An Israeli soldier was killed in Gaza.", "Israeli"),
        ("A Palestinian was shot dead in Jenin, according to the Health Ministry.", None),
        ("Nearly 100 soldiers died, according to Azerbaijan and Armenia.", None),
        ("Fighting in the town killed seven soldiers.", None),
    ],
)
def test_a_side_is_named_only_where_the_text_names_it(extract, text, side):
    """Whose the victims are: by their own name, their owner, or who counts his own losses."""
    extraction = extract(text)
    assert [name(extraction, c.side) for c in extraction.casualties] == [side]


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("Israeli strikes killed 45 people in Rafah.", "Israeli"),
        ("Six protesters were killed by Iranian police.", "Iranian police"),
        ("A Palestinian was shot dead by Israeli troops near Nablus.", "Israeli troops"),
        ("Six protesters were killed in Tehran.", None),
    ],
)
def test_a_perpetrator_is_who_did_it(extract, text, by):
    """The agent of the verb, or whose strikes they were."""
    extraction = extract(text)
    assert [name(extraction, c.perpetrator) for c in extraction.casualties] == [by]


def test_who_gives_a_figure_is_told_from_who_only_owns_to_the_attack(extract):
    """A ministry's figure is the ministry's; the victims of an attack that a group claims are the article's."""
    extraction = extract("The Ukrainian defence ministry said 12 soldiers were killed in Avdiivka.")
    assert [giver(extraction, c) for c in extraction.casualties] == ["Ukrainian defence ministry"]
    extraction = extract("The bomb killed nine people in an attack claimed by the Islamic State group.")
    assert [giver(extraction, c) for c in extraction.casualties] == [None]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Pakistan accused India of killing five civilians.", "Pakistan"),
        ("The mayor condemned the strike that killed five civilians.", None),
        ("With more than 450 people reported dead, the town was emptied.", None),
    ],
)
def test_an_accuser_gives_the_figure_of_what_he_accuses_of(extract, text, source):
    """What is only taken for granted the article itself gives, and nobody whose own death is reported."""
    extraction = extract(text)
    assert [giver(extraction, c) for c in extraction.casualties] == [source]


def test_who_first_said_so_gives_a_figure_that_others_pass_on(extract):
    """An agency that reports what the army said does not count the dead itself."""
    extraction = extract("At least 18 soldiers were killed in Jolo, the army said on Sunday, AP reported.")
    assert [giver(extraction, c) for c in extraction.casualties] == ["army"]


def test_what_a_source_denies_is_no_figure(extract):
    """Neither a denied killing nor a threatened one counts."""
    assert figures(extract("Sudan's army denied killing 30 civilians in an air strike.")) == []
    assert figures(extract("The rebels threatened to kill 12 hostages.")) == []


def test_what_is_denied_of_an_accuser_is_no_figure(extract):
    """Nobody but the accuser counts the victims of what the accused rejects."""
    text = "Eritrea denied Ethiopia's accusation that its troops had killed a farmer."
    assert figures(extract(text)) == []


def test_each_verb_has_its_figure(extract):
    """Who is injured is not killed, and who says so suffers nothing."""
    text = "Rebels shelled Bunia, killing 13 policemen and injuring nine others, a spokesman for the army said."
    assert figures(extract(text)) == [("killed", 13, 13), ("wounded", 9, 9)]


def test_own_losses_are_counted(extract):
    """Soldiers who are lost or martyred are dead."""
    text = "“We lost 10 of our fighters, and five soldiers have been martyred,” the army said."
    assert figures(extract(text)) == [("killed", 10, 10), ("killed", 5, 5)]


def test_a_figure_knows_its_place_and_day(extract):
    """Where it happened, and not where the victims come from; weekdays count from the article's date."""
    extraction = extract("Two UN peacekeepers from Chad were killed in northern Mali on Tuesday.", "2020-10-23")
    (figure,) = extraction.casualties
    assert name(extraction, figure.place) == "Mali"
    assert figure.date.isoformat() == "2020-10-20"


def test_a_quote_holds_number_and_noun(extract):
    """Each figure's quote stands in the text, with the words that bound the number and those that name the victims."""
    text = "Officials said at least 24 Somali soldiers died and two of them ambulance drivers."
    extraction = extract(text)
    assert extraction.casualties[0].quote.of(text) == "at least 24 Somali soldiers"
    assert extraction.casualties[0].victims.of(text) == "Somali soldiers"


def test_victims_that_go_without_saying_are_those_of_the_figure_before(extract):
    """ "292" counts the civilians named before it."""
    text = "Azerbaijan says 63 civilians have been killed and 292 have been wounded."
    first, second = extract(text).casualties
    assert second.quote.of(text) == "292"
    assert second.victims == first.victims


def test_a_figure_that_the_text_contrasts_differs_from_the_others(extract):
    """ "Higher than officially reported": the other sources' figures of that harm are named."""
    text = (
        "Armenia said 927 of its troops had been killed. Putin said the death toll was approaching 5,000, "
        "a significantly higher number than officially reported by the warring parties."
    )
    first, second = extract(text).casualties
    assert second.differs_from == (first.key,)
    assert not first.differs_from
