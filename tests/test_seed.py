"""The first article of the seeds: what it states comes back from the named queries, and nothing else does."""

import pytest

from kg import pipeline, query, rdf

DIRECT = """
    SELECT ?s ?p ?o WHERE {
      VALUES ?p { ckg:backs ckg:alliedWith ckg:arms ckg:trains ckg:funds ckg:fightsAlongside ckg:inCoalitionWith
        ckg:mediates ckg:controls ckg:locatedIn ckg:memberOf ckg:coChairs ckg:leads ckg:holdsOfficeOf ckg:partOf
        ckg:opposes }
      ?s ?p ?o
    }"""
UNFOUNDED = """
    SELECT ?s ?p ?o WHERE {
      VALUES (?p ?kind) { (ckg:backs ckg:support-backs) (ckg:alliedWith ckg:support-allied) (ckg:arms ckg:support-arms)
        (ckg:trains ckg:support-trains) (ckg:funds ckg:support-funds) (ckg:mediates "") (ckg:controls "")
        (ckg:fightsAlongside ckg:support-fights_alongside) (ckg:inCoalitionWith ckg:support-coalition_member)
        (ckg:locatedIn "") (ckg:memberOf "") (ckg:coChairs "") (ckg:leads "") (ckg:holdsOfficeOf "")
        (ckg:partOf "") (ckg:opposes "") }
      ?s ?p ?o
      FILTER NOT EXISTS {
        ?node ckg:assertedBy ?article .
        ?article a ckg:Article .
        { ?node ckg:supporter ?s ; ckg:supported ?o ; ckg:supportKind ?kind }
        UNION { ?node ckg:mediator ?s . { ?node ckg:party ?o } UNION { ?node ckg:conflict ?o } }
        UNION { ?node rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }
      }
    }"""


@pytest.fixture(scope="module")
def store(seed_graph):
    """The seed's graph, open."""
    return rdf.open_store(seed_graph)


@pytest.fixture(scope="module")
def found(store):
    """Rows of a named query that have these values, empty ones included."""

    def rows(name, **values):
        rows = query.rows(store, name)
        return [row for row in rows if all(row[column] == value for column, value in values.items())]

    return rows


@pytest.mark.parametrize(
    ("source", "kind", "cue", "content"),
    [
        (
            "Nagorno-Karabakh officials",
            "Claim",
            "According to",
            "927 of their troops have been killed and more than 30",
        ),
        ("Azerbaijan", "NonDisclosure", "hasn’t disclosed", "its military losses"),
        ("Azerbaijan", "Claim", "says", "63 civilians have been killed and 292 have been wounded"),
        ("Azerbaijan", "Accusation", "has accused", "Armenia of targeting its towns and villages with artillery"),
        ("Armenian authorities", "Denial", "have denied", "targeting its towns and villages with artillery"),
        ("Vladimir Putin", "Claim", "said", "Moscow’s information indicated that the combined death toll"),
        ("Vladimir Putin", "Claim", "said", "Russia is doing its best to negotiate a lasting truce"),
        ("Vladimir Putin", "Appeal", "voiced hope", "the United States would work cooperatively"),
        ("Turkey", "Pledge", "vowing", "to support its longtime ally “on the battlefield or the negotiating table"),
    ],
)
def test_who_says_what(found, source, kind, cue, content):
    """Each statement once, with its source, its kind, its cue and its content."""
    rows = [row for row in found("statements", source=source, kind=kind, cue=cue) if row["content"].startswith(content)]
    assert len(rows) == 1


def test_what_was_said_on_a_day_has_its_date(found):
    """ "Said Thursday", in an article of Friday 2020-10-23."""
    (claim,) = [row for row in found("statements", cue="said") if "death toll" in row["content"]]
    assert claim["date"] == "2020-10-22"


def test_statements_are_about_whom_they_accuse_or_address(found):
    """The accused, the addressee of a hope, and the ally behind "its longtime ally"."""
    about = {row["kind"]: row["about"] for row in found("statements")}
    assert about["Accusation"] == "Armenia"
    assert about["Appeal"] == "United States"
    assert about["Pledge"] == "Azerbaijan"


def test_a_pronoun_s_statement_is_its_referent_s(found):
    """ "He voiced hope" is Putin's."""
    (appeal,) = found("statements", kind="Appeal")
    assert (appeal["source"], appeal["source_text"]) == ("Vladimir Putin", "He")


def test_a_partly_quoted_pledge_is_mixed(found):
    """The pledge quotes where the support will be given; all other statements are reported."""
    forms = {row["kind"]: row["form"] for row in found("statements")}
    assert forms.pop("Pledge") == "mixed"
    assert set(forms.values()) == {"indirect"}


def test_the_denial_denies_the_accusation(found):
    """It is tied to it, and what is denied is the act."""
    (denial,) = found("denials")
    (accusation,) = found("statements", kind="Accusation")
    assert (denial["denier"], denial["accuser"]) == ("Armenian authorities", "Azerbaijan")
    assert denial["denied"] == accusation["statement"]
    assert denial["denied_content"] == "targeting its towns and villages with artillery and missiles"


@pytest.mark.parametrize(
    "row",
    [
        ("killed", "927", "927", "exact", "troops", "Nagorno-Karabakh", "Nagorno-Karabakh officials"),
        ("killed", "31", "", "at_least", "civilians", "Nagorno-Karabakh", "Nagorno-Karabakh officials"),
        ("killed", "63", "63", "exact", "civilians", "Azerbaijan", "Azerbaijan"),
        ("wounded", "292", "292", "exact", "civilians", "Azerbaijan", "Azerbaijan"),
        ("killed", "", "5000", "about", "combined death toll", "", "Vladimir Putin"),
    ],
)
def test_how_many_were_killed_and_wounded(found, row):
    """Each figure with its bounds, its qualifier, whose losses they are, and who counts them."""
    columns = ("harm", "min", "max", "qualifier", "victims", "side", "source")
    assert len(found("casualties", **dict(zip(columns, row, strict=True)))) == 1


def test_there_are_no_other_figures(found):
    """Days, years and weeks are no casualties."""
    assert len(found("casualties")) == 5


@pytest.mark.parametrize(
    ("supporter", "supported", "kind"),
    [
        ("Armenia", "ethnic Armenian forces", "backs"),
        ("Turkey", "Azerbaijan", "backs"),
        ("Turkey", "Azerbaijan", "allied"),
        ("Turkey", "Azerbaijani military", "trains"),
        ("Turkey", "Azerbaijani military", "arms"),
    ],
)
def test_who_supports_whom(found, supporter, supported, kind):
    """Backing, alliance, training and arms, asserted by the article itself ("it" is Turkey)."""
    assert len(found("alliances", supporter=supporter, supported=supported, kind=kind, asserted_by="")) == 1


@pytest.mark.parametrize(
    ("mediator", "role", "asserted_by"),
    [
        ("Minsk Group", "mediates", ""),
        ("Russia", "co_chairs", ""),
        ("United States", "co_chairs", ""),
        ("Russia", "mediates", "Vladimir Putin"),
    ],
)
def test_who_mediates(found, mediator, role, asserted_by):
    """The group and its chairs by the article's word, the truce that Russia negotiates by Putin's."""
    assert len(found("mediations", mediator=mediator, role=role, asserted_by=asserted_by)) == 1


@pytest.mark.parametrize(
    ("a", "kind", "b", "values"),
    [
        ("Nagorno-Karabakh", "located_in", "Azerbaijan", {}),
        ("ethnic Armenian forces", "controls", "Nagorno-Karabakh", {"since": "1994"}),
        ("Minsk Group", "part_of", "Organization for Security and Cooperation in Europe", {}),
        ("Russia", "co_chairs", "Minsk Group", {}),
        ("United States", "co_chairs", "Minsk Group", {}),
        ("Vladimir Putin", "office_of", "Russia", {"office": "president"}),
        ("Mike Pompeo", "office_of", "United States", {"office": "secretary of state"}),
        ("Zohrab Mnatsakanyan", "office_of", "Armenia", {"office": "foreign minister"}),
    ],
)
def test_how_actors_are_related(found, a, kind, b, values):
    """Control with its year, place, membership and offices, by the article's own word."""
    (relation,) = found("relations", a=a, type=kind, b=b, asserted_by="")
    assert {name: relation[name].lower() for name in values} == values


def test_when_the_fighting_began(found):
    """An assault on the day that "Sept. 27" means in an article of October 2020."""
    assert len(found("events", type="ASSAULT", date="2020-09-27", negated="false", asserted_by="")) == 1


def test_a_meeting_under_two_captions_is_one_meeting(found):
    """The ministers' talks, once, with day and place."""
    (talks,) = found("events", type="CONSULT")
    assert {talks["agent"], talks["target"]} == {"Mike Pompeo", "Zohrab Mnatsakanyan"}
    assert (talks["date"], talks["place"]) == ("2020-10-23", "Washington")


def test_the_attack_that_is_denied_is_only_asserted_by_the_accuser(found):
    """No event has Armenia attack but the one that Azerbaijan asserts."""
    attacks = found("events", type="ASSAULT", agent="Armenia", negated="false")
    assert {row["asserted_by"] for row in attacks} <= {"Azerbaijan"}


@pytest.mark.parametrize("other", ["Nagorno-Karabakh officials", "Azerbaijan"])
def test_the_toll_disagrees_with_the_official_ones(found, other):
    """Putin's number is higher than what the warring parties report."""
    assert found("disagreements", left_source="Vladimir Putin", right_source=other, matter="killed")


def test_the_denial_is_a_disagreement(found):
    """The accuser and the accused cannot both be right."""
    assert found("disagreements", left_source="Armenian authorities", right_source="Azerbaijan", matter="denial")


def test_a_photographer_s_credit_is_no_actor(found):
    """Captions name whom they show; the credit under them is boilerplate."""
    names = [f"{row['name']} {row['aliases']}" for row in found("actors")]
    assert len(names) > 10
    assert not [name for name in names if "McKay" in name or "Credit" in name or "Poolvia" in name]


def test_every_direct_triple_is_the_article_s_own_word(store):
    """What only a source says stands as no triple of two actors."""
    assert query.rows(store, DIRECT)
    assert query.rows(store, UNFOUNDED) == []


def test_every_quote_is_in_the_text_at_its_offsets(found, store):
    """The characters from begin to end are the words that the query gives, for each kind of row."""
    (text,) = (row["text"] for row in query.rows(store, "SELECT ?text { ?a nif:isString ?text }"))
    rows = [row for name in ("casualties", "alliances", "mediations", "relations", "events") for row in found(name)]
    assert len(rows) > 25
    assert all(text[int(row["quote_begin"]) : int(row["quote_end"])] == row["quote"] for row in rows)
    for row in found("statements"):
        assert text[int(row["cue_begin"]) : int(row["cue_end"])] == row["cue"]
        assert text[int(row["content_begin"]) : int(row["content_end"])] == row["content"]


SAID = {
    "Claim": "Iran said Russia backs Syria.",
    "Accusation": "Ukraine accused Belarus of arming Russia.",
    "Denial": "Rwanda denied that Uganda backs the M23 rebels.",
    "NonDisclosure": "Israel did not say whether Egypt backs Sudan.",
    "Pledge": "Turkey vowed to back Azerbaijan against Armenia.",
    "Appeal": "France urged Germany to arm Ukraine.",
}


@pytest.mark.parametrize("kind", SAID)
def test_what_a_statement_holds_is_no_direct_triple(tmp_path, annotator, monkeypatch, kind):
    """Claimed, denied, withheld, promised or wished for: no two actors are tied by it."""
    monkeypatch.setattr("kg.nlp.load", lambda *_: annotator)
    (tmp_path / "said.txt").write_text(SAID[kind])
    pipeline.build_file([tmp_path / "said.txt"], tmp_path / "said.nq", pipeline.Settings(), refused=pytest.fail)
    assert [row["kind"] for row in query.rows(tmp_path / "said.nq", "statements")] == [kind]
    assert query.rows(tmp_path / "said.nq", DIRECT) == []


def test_what_the_article_says_itself_is_a_direct_triple(tmp_path, annotator, monkeypatch):
    """The same words without a source tie the two actors."""
    monkeypatch.setattr("kg.nlp.load", lambda *_: annotator)
    (tmp_path / "fact.txt").write_text("Russia backs Syria.")
    pipeline.build_file([tmp_path / "fact.txt"], tmp_path / "fact.nq", pipeline.Settings(), refused=pytest.fail)
    (triple,) = query.rows(tmp_path / "fact.nq", DIRECT)
    assert (triple["s"].rpartition("/")[2], triple["p"].rpartition("#")[2], triple["o"].rpartition("/")[2]) == (
        "russia",
        "backs",
        "syria",
    )
