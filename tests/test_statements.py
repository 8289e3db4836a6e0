"""Statements: who says what in which words, of what kind, and which statement a denial denies."""

import pytest

from kg.model import Span


class Said:
    """One statement in words, to compare with."""

    def __init__(self, extraction, statement):
        text = extraction.article.text
        names = {actor.key: actor.name for actor in extraction.actors}
        source = statement.source
        self.kind = statement.kind.value
        self.form = statement.form.value
        self.source = source.of(text) if isinstance(source, Span) else names.get(source)
        self.words = statement.source_span.of(text) if statement.source_span else None
        self.cue = statement.cue.of(text)
        self.content = statement.content.of(text) if statement.content else None
        self.continued = statement.content2.of(text) if statement.content2 else None
        self.about = [names[key] for key in statement.about]
        self.denied = statement.denied_content.of(text) if statement.denied_content else None
        self.key, self.denies, self.nested_in = statement.key, statement.denies, statement.nested_in
        self.date = statement.date

    def __repr__(self):
        return f"{self.kind}({self.source} | {self.cue} | {self.content})"


@pytest.fixture
def said(extract):
    """The statements of a text."""

    def run(text, *day):
        extraction = extract(text, *day)
        return [Said(extraction, statement) for statement in extraction.statements]

    return run


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        (
            "The Ethiopian government said Tigrayan forces had withdrawn from two towns.",
            *("Ethiopian government", "said", "Tigrayan forces had withdrawn from two towns"),
        ),
        (
            "According to the United Nations, 3 million people need food in Yemen.",
            *("United Nations", "According to", "3 million people need food in Yemen"),
        ),
        (
            "3 million people need food in Yemen, according to the United Nations.",
            *("United Nations", "according to", "3 million people need food in Yemen"),
        ),
        (
            "Rebels have entered Goma, says the Congolese army.",
            *("Congolese army", "says", "Rebels have entered Goma"),
        ),
        (
            "The junta had cut off the internet a rights group said Monday.",
            *("rights group", "said", "The junta had cut off the internet"),
        ),
        (
            "Human Rights Watch said in a report on Thursday that both sides had used cluster munitions.",
            *("Human Rights Watch", "said", "both sides had used cluster munitions"),
        ),
        (
            "The Kremlin (which has denied the reports) said Wagner fighters would return to Russia.",
            *("Russia", "said", "Wagner fighters would return to Russia"),
        ),
    ],
)
def test_source_cue_and_content_are_told_apart(said, text, source, cue, content):
    """Cue first, last, between or in a bracket's company, with commas or without."""
    assert (source, cue, content) in [(s.source, s.cue, s.content) for s in said(text)]


def test_a_quotation_is_direct(said):
    """Its content is what stands between the marks, and a quotation that goes on belongs to it."""
    (statement,) = said(
        "“Our troops are holding their positions,” said General Oleksandr Syrskyi. “The enemy has lost the initiative.”"
    )
    assert (statement.form, statement.source) == ("direct", "Oleksandr Syrskyi")
    assert statement.content.startswith("Our troops are holding their positions")
    assert statement.continued.startswith("The enemy has lost the initiative")


def test_words_partly_quoted_are_mixed(said):
    """A content that holds a quotation beside the reporter's words."""
    (statement,) = said(
        "Armenian Prime Minister Nikol Pashinyan said Azerbaijan’s blockade was “a crime against humanity”."
    )
    assert (statement.form, statement.content) == ("mixed", "Azerbaijan’s blockade was “a crime against humanity”")


def test_reported_words_are_indirect(said):
    """No quotation marks, no quotation."""
    (statement,) = said("The Houthis said they would release the crew.")
    assert statement.form == "indirect"


def test_a_second_that_clause_is_a_second_statement(said):
    """ "Said that … and that …" says two things."""
    first, second = said("Mali's army said that it had killed 12 fighters and that four soldiers were dead.")
    assert (first.content, second.content) == ("it had killed 12 fighters", "four soldiers were dead")
    assert first.source == second.source == "Mali's army"


def test_two_verbs_of_one_speaker_are_two_statements(said):
    """ "Called … and said …": each cue has its own content."""
    first, second = said("The minister called the vote “a farce” and said it would be annulled.")
    assert (first.content, second.content) == ("the vote “a farce”", "it would be annulled")
    assert first.source == second.source == "minister"


def test_two_joint_sources_say_it_both(said):
    """One content, a statement for each of the two."""
    found = said("Troops had fired on a crowd, activists and the militant group said.")
    assert [s.source for s in found] == ["activists", "militant group"]
    assert {s.content for s in found} == {"Troops had fired on a crowd"}


def test_a_statement_within_a_statement_is_nested(said):
    """What one says that another said: the inner one is tied to the outer one."""
    outer, inner = said("Hamas said Israel had told Egypt that it would reopen the crossing.")
    assert (outer.source, inner.source) == ("Hamas", "Israel")
    assert inner.nested_in == outer.key
    assert inner.about == ["Egypt"]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("More than 40 villages were reportedly burned in Darfur.", "reportedly"),
        ("General Burhan is believed to be in Port Sudan.", "is believed"),
    ],
)
def test_some_claims_have_no_source(said, text, cue):
    """Passives and adverbs attribute without saying to whom."""
    (statement,) = said(text)
    assert (statement.kind, statement.source, statement.cue) == ("Claim", None, cue)


@pytest.mark.parametrize(
    "text",
    [
        "Rebels have entered Goma.",
        "The army must inform the families of the dead.",
        "The president was told to stay at home because the roads were closed.",
    ],
)
def test_an_article_s_own_words_are_no_statement(said, text):
    """Without a source and a cue nobody says anything."""
    assert not said(text)


def test_the_day_of_saying_is_the_statement_s(said):
    """ "Said on Thursday" dates the saying."""
    (statement,) = said("Sudan's army said on Thursday that the bridge had fallen.", "2023-05-19")
    assert statement.date.isoformat() == "2023-05-18"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Sahrawi press agency said the talks had begun.", "Claim"),
        ("Pakistan accused India of shelling villages along the border.", "Accusation"),
        ("India has shelled our villages, Pakistan's foreign minister said.", "Accusation"),
        ("Ethiopia blamed Eritrea for the massacre.", "Accusation"),
        ("Russia said it had no part in the attack on the dam.", "Denial"),
        ("Rwanda denied that it had armed the rebels.", "Denial"),
        ("Iran vowed to avenge the killing of its general.", "Pledge"),
        ("Venezuela said it would deploy troops to the border with Guyana.", "Pledge"),
        ("The Houthis threatened to attack ships in the Red Sea.", "Pledge"),
        ("The United States called on Rwanda to withdraw its troops from Congo.", "Appeal"),
        ("Protesters demanded that the president resign.", "Appeal"),
        ("The archbishop has called for releasing the hostages at once.", "Appeal"),
        ("The two sides must stop fighting, the UN secretary-general said.", "Appeal"),
        ("Saudi Arabia hopes the truce will hold.", "Appeal"),
        ("The Israeli military declined to comment on the strike.", "NonDisclosure"),
        ("Azerbaijan has not disclosed its losses.", "NonDisclosure"),
        ("The rebels claimed responsibility for the bombing.", "Claim"),
        ("Militants shot a woman and burned the market, residents said.", "Claim"),
        ("The army said ten rebels who had attacked the town were dead.", "Claim"),
    ],
)
def test_the_kind_follows_from_cue_and_content(said, text, kind):
    """A plain "said" accuses, denies or promises by what it says."""
    assert [s.kind for s in said(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Pakistan accused India of shelling villages along the border.", ["India"]),
        ("Ethiopia blamed Eritrea for the massacre.", ["Eritrea"]),
        ("The United States called on Rwanda to withdraw its troops from Congo.", ["Rwanda"]),
    ],
)
def test_a_statement_knows_whom_it_accuses_or_addresses(said, text, about):
    """The object of the accusation, the addressee of the appeal."""
    assert [s.about for s in said(text)] == [about]


def test_a_relative_clause_denies_what_it_follows(said):
    """ "…, which New Delhi denied": the accusation before, and of it the act."""
    accusation, denial = said("Pakistan accused India of shelling villages along the border, which New Delhi denied.")
    assert (denial.source, denial.denies) == ("India", accusation.key)
    assert denial.denied == "shelling villages along the border"
    assert denial.about == ["Pakistan"]


def test_a_denial_of_the_allegations_finds_them_a_sentence_before(said):
    """ "Moscow rejected the allegations": those against Russia, though the city stands for it."""
    accusation, denial = said("Ukraine accused Russia of blowing up the dam. Moscow rejected the allegations.")
    assert (denial.source, denial.denies, denial.denied) == ("Russia", accusation.key, "blowing up the dam")


def test_a_report_dismissed_is_the_report_on_who_dismisses_it(said):
    """A monitor's claim about a state's troops is denied by the state."""
    claim, denial = said(
        "Amnesty International said Eritrean troops had killed civilians in Axum. "
        "Eritrea dismissed the report as fabricated."
    )
    assert (claim.kind, denial.kind, denial.denies) == ("Claim", "Denial", claim.key)


def test_a_denial_that_repeats_the_charge_is_tied_to_it(said):
    """The words in common tell what is denied."""
    accusation, denial = said(
        "Serbia accused Kosovo of expelling Serbs from the north. Kosovo denied it had expelled Serbs."
    )
    assert denial.denies == accusation.key


def test_a_denial_of_something_else_denies_nothing_here(said):
    """No link where neither the words nor the accused fit."""
    _, denial = said("Kenya said its port was open. Uganda denied that it had armed the rebels.")
    assert denial.denies is None
    assert denial.denied == "it had armed the rebels"


@pytest.mark.parametrize(
    ("text", "words", "source"),
    [
        ("President Zelensky visited Kherson on Monday. He said the city would be rebuilt.", "He", "Zelensky"),
        (
            "The Syrian Observatory for Human Rights said 12 people died. The monitor said the strikes hit a market.",
            *("The monitor", "Syrian Observatory for Human Rights"),
        ),
        ("Turkey has sent troops to Libya. It said they would stay for a year.", "It", "Turkey"),
        (
            "Russia closed the crossing on Monday. Moscow said the closure would be short.",
            *("Moscow", "Russia"),
        ),
    ],
)
def test_pronouns_descriptions_and_capitals_speak_for_whom_they_stand(said, text, words, source):
    """The statement is the referent's; the words that name it here are kept."""
    statement = said(text)[-1]
    assert (statement.words, statement.source) == (words, source)


def test_who_is_said_not_to_be_responsible_is_not_accused(said):
    """A negated copula blames nobody."""
    text = "Residents said the rebels had fled. The rebels were not responsible for the attack, their spokesman said."
    assert [s.kind for s in said(text)] == ["Claim", "Claim"]


def test_what_the_source_does_next_is_no_content(said):
    """Behind the object of a denial another verb of the same subject tells of another deed."""
    (denial,) = said("Iran rejected the accusation and fired a missile.")
    assert denial.content == "the accusation"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Iran's Foreign Ministry spokesman Nasser Kanaani said Iran will retaliate.", "Pledge"),
        ("Mali's army will rebuild the bridge, the army's spokesman said.", "Pledge"),
        ("The army was weak and would rebuild the bridge, it said.", "Pledge"),
        ("Nasser Kanaani said Iran will retaliate.", "Claim"),
        ("The mayor said the rebels were few and must leave the town.", "Appeal"),
    ],
)
def test_an_officer_speaks_for_his_side(said, text, kind):
    """What a body's officer says that his country will do is a pledge, in whichever of the coordinated clauses."""
    assert [s.kind for s in said(text)] == [kind]


def test_a_deed_is_no_statement(extract):
    """Whatever the tagger takes it for, who fires something says nothing."""
    found = extract('The M23 has fired rockets at what it called "enemy targets" near Goma.')
    assert all(s.cue.of(found.article.text) != "has fired" for s in found.statements)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        # a ministry whose name holds the country's adjective speaks for the country
        ("Iranian Foreign Ministry spokesman Nasser Kanaani said Iran will retaliate.", ["Pledge"]),
        # media do not
        ("Kenyan media have reported that Kenya will close the border.", ["Claim"]),
        # nobody in particular is blamed
        ("Gunmen attacked a police station in Goma, the governor said.", ["Claim"]),
        # done to the soldiers, and not by them
        ("Kenya's defence ministry said ten soldiers were killed and nine wounded in the province.", ["Claim"]),
        # what is talked of is not claimed
        ("The minister said he had discussed Rwanda's violation of the truce with the envoy.", ["Claim"]),
        ("The commander stressed to never forget the lessons of the war.", ["Appeal"]),
    ],
)
def test_the_kind_follows_from_who_does_what(said, text, kinds):
    """Who is blamed must be somebody, and do it; who promises must be the source's own side."""
    assert [s.kind for s in said(text)] == kinds


def test_who_is_blamed_is_no_source(said):
    """Nobody says so: "rebels blamed for …"."""
    found = said("The army attacked rebels blamed for a bombing that killed ten soldiers in Goma.")
    assert [s.source for s in found if s.cue == "blamed"] in ([], [None])


def test_who_denies_reports_does_not_give_them(said):
    """The denial is tied to them, and they are nobody's."""
    denial, report = said("The air force denied Monday reports that an airstrike had killed six farmers.")
    assert (denial.kind, denial.denies, report.source) == ("Denial", report.key, None)


def test_nobody_speaks_without_a_speaker(said):
    """Neither a valley nor a pressure does, nor an army that does something."""
    assert said("The West Bank has seen a surge in violence. Pressure has mounted for a response.") == []
    assert said("The army has attacked two villages.") == []


def test_what_is_denied_of_another_s_claim_is_his(said):
    """ "Rejected Ukraine's allegations that …": Ukraine says so, and Russia denies it."""
    denial, inner = said("Russia rejected Ukraine's allegations that its troops had shelled the town.")
    assert (denial.source, denial.denies) == ("Russia", inner.key)
    assert (inner.kind, inner.source, inner.nested_in) == ("Accusation", "Ukraine", denial.key)
    assert inner.content == "its troops had shelled the town"


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        (
            "The Israeli military had no immediate comment on the strike.",
            *("Israeli military", "had", "no immediate comment on the strike"),
        ),
        (
            "There was no comment from the Israeli army on the report.",
            *("Israeli army", "was", "no comment"),
        ),
        (
            "A Houthi spokesman was not immediately available for comment.",
            *("Houthi spokesman", "was not immediately available", "for comment"),
        ),
        (
            "The army spokesman could not be reached for comment.",
            *("army spokesman", "could not be reached", "for comment"),
        ),
        (
            "Russian officials have yet to comment on the claim.",
            *("Russian officials", "have yet to comment", "on the claim"),
        ),
        ("The ministry gave no further details.", "ministry", "gave", "no further details"),
        ("The Taliban have not commented on the report.", "Taliban", "have not commented", "on the report"),
        ("The ISPR had not responded to the allegation.", "ISPR", "had not responded", "to the allegation"),
        (
            "Israel has neither confirmed nor denied carrying out the strike.",
            *("Israel", "confirmed nor denied", "carrying out the strike"),
        ),
    ],
)
def test_silence_is_told_in_many_ways(said, text, source, cue, content):
    """Who has no comment, cannot be reached, or has yet to say something discloses nothing."""
    (statement,) = said(text)
    assert statement.kind == "NonDisclosure"
    assert (statement.source, statement.cue, statement.content) == (source, cue, content)


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        (
            "Kyiv said it had shot down 30 drones but gave no details of damage.",
            ["it had shot down 30 drones", "no details of damage"],
        ),
        (
            "Azerbaijan has not revealed its army losses but claims 60 civilians have died.",
            ["its army losses", "60 civilians have died"],
        ),
        (
            "Police had not released the number of missing, and a spokesman said they were being counted.",
            ["the number of missing", "they were being counted"],
        ),
        (
            "Russia said it hit military targets, but Ukraine said civilians were killed.",
            ["it hit military targets", "civilians were killed"],
        ),
        (
            "Azerbaijan denied having attacked the village, and accused Armenia of a provocation.",
            ["having attacked the village", "Armenia of a provocation"],
        ),
        (
            "Sudan's army denied it had bombed the market, saying the RSF was behind the attack.",
            ["it had bombed the market", "the RSF was behind the attack"],
        ),
        (
            "Israel said it does not target civilians and accused Hamas of using human shields.",
            ["it does not target civilians", "Hamas of using human shields"],
        ),
        ("The raid failed, two senior officials said.", ["The raid failed"]),
        (
            "Iran rejected the findings, labelling the report a fake, and Iraq offered no comment.",
            ["the findings", "the report a fake", "no comment"],
        ),
    ],
)
def test_a_content_ends_where_the_next_statement_begins(said, text, contents):
    """What is joined to a statement by "but" or "and" is not said in it."""
    assert [s.content for s in said(text)] == contents


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("India said it had killed 38 militants in the raid, a claim Pakistan denied.", "India"),
        ("The U.N. says the army burned villages, allegations the government has rejected.", "U.N."),
        ("Congo accused Rwanda of arming the rebels — a charge denied by the Rwandan government.", "Congo"),
        ("Iran accused Israel of the raid, but the Israeli army rejected the allegations.", "Iran"),
        ("Iran accused Israel of the raid. “We categorically deny these accusations,” Israel's army said.", "Iran"),
    ],
)
def test_a_denial_may_take_up_the_same_sentence(said, text, accused):
    """ "…, a charge that X denies" is no part of the charge, and denies it."""
    charge, denial = said(text)
    assert denial.kind == "Denial"
    assert (denial.denies, denial.about) == (charge.key, [accused])
    assert not {"denied", "rejected", "deny"} & set(charge.content.split())


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Armenia and Azerbaijan accused each other of violating the truce.", [["Azerbaijan"], ["Armenia"]]),
        ("Israel and Hamas traded accusations of violating the truce.", [["Hamas"], ["Israel"]]),
        ("The governor blamed the attack on the Allied Democratic Forces.", [["Allied Democratic Forces"]]),
        ("On Monday the governor blamed the rebels on radio.", [["rebels"]]),
    ],
)
def test_who_is_blamed_may_stand_behind_the_deed(said, text, about):
    """Each of two who trade accusations accuses the other; one may blame a deed on somebody."""
    statements = said(text)
    assert [s.about for s in statements] == about
    assert {s.kind for s in statements} == {"Accusation"}


@pytest.mark.parametrize(
    "text",
    [
        "No group has claimed responsibility for the bombing.",
        "Nobody claimed responsibility for the blast.",
        "Israel has not claimed responsibility for the killing.",
        "The group, known as Ansarul Islam, attacked the post.",
        "The foreign ministry summoned the Indian envoy over the shelling.",
    ],
)
def test_what_nobody_says_is_no_statement(said, text):
    """A claim that nobody makes is the article's own news."""
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“We condemn the killing of civilians,” the minister said.", "Accusation"),
        ("“We call on all parties to halt the fighting,” the minister said.", "Appeal"),
        ("The rebels were quick to deny involvement.", "Denial"),
    ],
)
def test_what_is_done_by_saying_so_has_its_kind(said, text, kind):
    """Who says "we condemn" condemns; of several verbs of a cue the one that tells is asked."""
    (statement,) = said(text)
    assert statement.kind == kind
