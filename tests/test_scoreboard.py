"""The scoreboard: known figures on tiny corpora, and clear words where a corpus is missing or broken."""

import json
from collections import defaultdict

import pytest

from kg.scoreboard import extraction, gold, ner, polnear, re3d, rules, speed, treebank
from kg.scoreboard.__main__ import NAMES, main
from kg.scoreboard.evaluation import Evaluation
from kg.scoreboard.scoring import Score, alike, fold, pair
from kg.scoreboard.table import section, table, update

FIRST = "Rebels fled, the mayor said. Iran denied this."
SECOND = "Aid is late, doctors warned. Nobody answered."


def cells(score):
    """How many are annotated, found and right, of a row of figures."""
    return score["annotated"], score["found"], round(score["precision"] * score["found"])


def spanned(text, **columns):
    """A row in which each name stands for words of the text, and for where they are."""
    row = {name: words or "" for name, words in columns.items()}
    for name, words in columns.items():
        at = text.find(words) if words else -1
        row |= {f"{name}_begin": str(at) if at >= 0 else "", f"{name}_end": str(at + len(words)) if at >= 0 else ""}
    return row


@pytest.fixture
def found(monkeypatch):
    """Sets what the named queries give: for each query its rows by document."""

    def give(**by_query):
        def rows(_sources, queries):
            return {query: defaultdict(list, by_query.get(query, {})) for query in queries}

        monkeypatch.setattr(extraction, "rows", rows)

    return give


@pytest.fixture
def attributions(tmp_path):
    """Two political articles with three attributions, in PolNeAR's folders below the one returned."""
    folder = tmp_path / "polnear" / "dev"
    (folder / "text").mkdir(parents=True)
    (folder / "attributions").mkdir()
    (folder / "text" / "one.txt").write_text(FIRST, "utf-8")
    (folder / "text" / "two.txt").write_text(SECOND, "utf-8")
    (folder / "attributions" / "one_ab12.ann").write_text(
        "T1\tSource 13 22\tthe mayor\nT2\tCue 23 27\tsaid\nT3\tContent 0 11\tRebels fled\n"
        "T4\tAttribution-of 23 27\tsaid\nE1\tAttribution-of:T4 Source:T1 Cue:T2 Content:T3\n"
        "T5\tSource 29 33\tIran\nT6\tCue 34 40\tdenied\nT7\tContent 41 45\tthis\n"
        "E2\tAttribution:T6 Source:T5 Cue:T6 Content:T7\n",
        "utf-8",
    )
    (folder / "attributions" / "two_cd34.ann").write_text(
        "T1\tSource 13 20\tdoctors\nT2\tCue 21 27\twarned\nT3\tContent 0 3;4 11\tAid is late\n"
        "E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3\n",
        "utf-8",
    )
    return tmp_path


def test_attributions_count_by_content_and_by_source(attributions, found):
    """Of three annotated and three found two contents agree, one of them with its source."""
    found(
        statements={
            "one": [spanned(FIRST, source="the mayor", cue="said", content="Rebels fled")],
            "two": [
                spanned(SECOND, source="Nobody", cue="warned", content="Aid is late"),
                spanned(SECOND, source="Nobody", cue="answered", content="answered"),
            ],
        }
    )
    figures = polnear.run(attributions)
    assert cells(figures["attributions: content"]) == (3, 3, 2)
    assert cells(figures["attributions: content and source"]) == (3, 3, 1)
    assert cells(figures["words: source"]) == (4, 3, 2)
    assert cells(figures["words: content"]) == (6, 6, 5)


def test_a_content_counts_from_half_of_its_characters(attributions, found):
    """A third of the annotated words is too little."""
    found(statements={"two": [spanned(SECOND, source="doctors", cue="warned", content="Aid")]})
    assert cells(polnear.run(attributions)["attributions: content"]) == (3, 1, 0)


def test_a_broken_annotation_is_named_with_its_line(attributions, found, capsys):
    """File and line of what is no standoff, and exit code 1."""
    found()
    path = attributions / "polnear" / "dev" / "attributions" / "one_ab12.ann"
    path.write_text(f"{path.read_text('utf-8')}T9\tSource here\tthe mayor\n", "utf-8")
    with pytest.raises(SystemExit, match="1"):
        main(["--only", "polnear", "--corpora", str(attributions)])
    assert f"{path}:10: is no mention" in capsys.readouterr().err


@pytest.fixture
def documents(tmp_path):
    """Two documents with relations, in re3d's files below the folder returned."""
    folder = tmp_path / "re3d" / "Reports"
    folder.mkdir(parents=True)
    records = [
        ("d1", "IsSynonymOf", "ISIL", "Daesh"),
        ("d1", "FightingAgainst", "Daesh", "the Coalition"),
        ("d1", "FightingAgainst", "the Coalition", "ISIL"),
        ("d1", "BelongsTo", "the brigade", "the army"),
        ("d2", "AlliesOf", "Chad", "France"),
        ("d2", "InChargeOf", "General Roe", "the garrison"),
    ]
    keys = ("documentId", "type", "source", "target")
    lines = [json.dumps(dict(zip(keys, record, strict=True))) for record in records]
    (folder / "relations.json").write_text("\n".join(lines) + "\n", "utf-8")
    texts = [json.dumps({"_id": name, "text": "A text."}) for name in ("d1", "d2")]
    (folder / "documents.json").write_text("\n\n".join(texts), "utf-8")
    return tmp_path


def test_relations_count_once_whatever_their_names_and_direction(documents, found):
    """Synonyms are one name, mutual relations may be turned round, others may not, and half a name is none."""
    found(
        relations={
            "d1": [
                {"document": "d1", "type": "opposes", "a": "Coalition", "b": "ISIL"},
                {"document": "d1", "type": "part_of", "a": "the army", "b": "the brigade"},
                {"document": "d1", "type": "located_in", "a": "the brigade", "b": "Goma"},
            ],
            "d2": [{"document": "d2", "type": "leads", "a": "Roe", "b": "garrison"}],
        },
        alliances={"d2": [{"document": "d2", "supporter": "France", "supported": "Chad"}]},
    )
    figures = re3d.run(documents)
    assert cells(figures["FightingAgainst"]) == (1, 1, 1)
    assert cells(figures["BelongsTo"]) == (1, 1, 0)
    assert cells(figures["AlliesOf"]) == (1, 1, 1)
    assert cells(figures["InChargeOf"]) == (1, 1, 1)


def test_a_broken_record_is_named_with_its_line(documents, found, capsys):
    """A line that is no JSON, and one that lacks a key."""
    found()
    path = documents / "re3d" / "Reports" / "relations.json"
    text = path.read_text("utf-8")
    for line, problem in (("{broken", "is no JSON"), ('{"type": "AlliesOf"}', "lacks 'documentId'")):
        path.write_text(f"{text}{line}\n", "utf-8")
        with pytest.raises(SystemExit, match="1"):
            main(["--only", "re3d", "--corpora", str(documents)])
        assert f"{path}:7: {problem}" in capsys.readouterr().err


@pytest.fixture
def annotated(tmp_path):
    """Two articles with all that they state, one with an event in two readings; returns the folder."""
    empty = {name: [] for name in gold.QUERIES}
    mayor, iran = {"name": "mayor", "type": "Person"}, {"name": "Iran", "aliases": ["Tehran"], "type": "State"}
    claim = {"id": "s1", "kind": "Claim", "source": "mayor", "cue": "said", "content": "Rebels fled", "denies": None}
    denial = {"id": "s2", "kind": "Denial", "source": "Iran", "cue": "denied", "content": None, "denies": "s1"}
    flight = {"type": "RETREAT", "agent": "rebels", "quote": "Rebels fled"}
    first = {"actors": [mayor, iran], "statements": [claim, denial], "events": [flight]}
    warning = {"id": "s1", "kind": "Claim", "alt_kind": "Appeal", "source": "doctors", "cue": "warned", "denies": None}
    second = {"statements": [{**warning, "content": "Aid is late", "optional": True}]}
    for name, text, annotations in (("one", FIRST, first), ("two", SECOND, second)):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
        (tmp_path / f"{name}.gold.json").write_text(json.dumps(empty | annotations), "utf-8")
    return tmp_path


def test_all_that_articles_state_is_counted(annotated, found):
    """Aliases name the same, second readings and optional annotations are no errors, roles count on top of words."""
    actors = [
        {"name": "Iran", "aliases": "Tehran|Iran", "type": "People"},
        {"name": "rebels", "aliases": "", "type": ""},
    ]
    said = {"kind": "Claim", "statement": "x1", "denies": "", "source": "the mayor", "source_text": ""}
    denied = {"kind": "Denial", "statement": "x2", "denies": "x1", "source": "Tehran", "source_text": ""}
    warned = {"kind": "Appeal", "statement": "x3", "denies": "", "source": "doctors", "source_text": ""}
    fled = {"type": "RETREAT", "agent": "army", "target": ""}
    found(
        actors={"one": actors},
        statements={
            "one": [
                said | spanned(FIRST, cue="said", content="Rebels fled"),
                denied | spanned(FIRST, cue="denied", content=None),
            ],
            "two": [warned | spanned(SECOND, cue="warned", content="Aid is late")],
        },
        events={"one": [fled | spanned(FIRST, quote="Rebels fled")]},
    )
    figures = gold.run(annotated)
    assert cells(figures["actors"]) == (2, 2, 1)
    assert figures["types of the actors found"]["accuracy"] == 0
    assert cells(figures["statements: content"]) == (1, 2, 1)
    assert figures["kinds of the statements found"] == {"annotated": 2, "accuracy": 1}
    assert cells(figures["denials"]) == cells(figures["denials linked to what they deny"]) == (1, 1, 1)
    assert cells(figures["events: type and words"]) == (1, 1, 1)
    assert cells(figures["events: type, words, agent and target"]) == (1, 1, 0)
    assert figures["mean"]["F1"] == pytest.approx((0.5 + 0.667 + 1) / 8)


def test_figures_of_harm_agree_in_bounds_source_and_side(annotated, found):
    """The same words with another number are another figure."""
    path = annotated / "two.gold.json"
    figure = {"kind": "killed", "min": 3, "max": None, "quote": "Aid is late", "source": "doctors", "side": None}
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"casualties": [figure]}), "utf-8")
    row = {"harm": "killed", "min": "3", "max": "", "source": "", "side": ""} | spanned(SECOND, quote="Aid is late")
    found(casualties={"two": [row, row | {"min": "4"}]})
    figures = gold.run(annotated)
    assert cells(figures["casualty figures: harm and bounds"]) == (1, 2, 1)
    assert cells(figures["casualty figures: harm, bounds and source"]) == (1, 2, 0)
    assert cells(figures["casualty figures: harm, bounds and side"]) == (1, 2, 1)


def test_ties_between_actors_agree_in_both_ends(annotated, found):
    """Alliances and relations by both ends, mediations by the mediator and a party."""
    path = annotated / "one.gold.json"
    ties = {
        "alliances": [{"supporter": "Iran", "supported": "rebels"}],
        "mediations": [{"mediator": "Iran", "parties": ["rebels", "mayor"]}],
        "relations": [{"type": "opposes", "a": "rebels", "b": "mayor"}],
    }
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | ties), "utf-8")
    found(
        alliances={
            "one": [{"supporter": "Tehran", "supported": "Rebels"}, {"supporter": "rebels", "supported": "Iran"}]
        },
        mediations={"one": [{"mediator": "Iran", "parties": "the mayor|"}]},
        relations={"one": [{"type": "leads", "a": "rebels", "b": "mayor"}]},
    )
    figures = gold.run(annotated)
    assert [cells(figures[name]) for name in ties] == [(1, 2, 1), (1, 1, 1), (1, 1, 0)]


def test_broken_annotations_of_articles_are_named(annotated, found, capsys):
    """Broken JSON with its line, and a file without one of its lists."""
    found()
    path = annotated / "one.gold.json"
    for text, problem in (
        ('{"actors": [],\n oops}', f"{path}:2: is no JSON"),
        ("{}", f"{path}:1: lacks the list 'actors'"),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(SystemExit, match="1"):
            main(["--only", "gold", "--gold", str(annotated)])
        assert problem in capsys.readouterr().err


def test_rows_are_those_of_the_named_queries(tmp_path):
    """Texts are built and queried; a document without rows has none."""
    (tmp_path / "talks.txt").write_text("Qatar hosted talks between Israel and Hamas.", "utf-8")
    (tmp_path / "none.txt").write_text("It rained.", "utf-8")
    rows = extraction.rows([tmp_path], ["mediations", "alliances"])
    assert [row["mediator"] for row in rows["mediations"]["talks"]] == ["Qatar"]
    assert rows["mediations"]["none"] == rows["alliances"]["talks"] == []


SENTENCE = """# newdoc id = {name}
# newpar
# text = Rebels fled.
1\tRebels\trebel\tNOUN\tNNS\tNumber=Plur\t2\tnsubj\t_\t_
2\tfled\tflee\tVERB\tVBD\tMood=Ind|Tense=Past|VerbForm=Fin\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_

"""


def test_the_trained_pipeline_is_scored_on_treebanks_and_newswire(tmp_path):
    """Shares of tags and trees over both treebanks, and figures by class of names."""
    for name in ("ud_ewt", "ud_gum"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dev.conllu").write_text(SENTENCE.format(name=name), "utf-8")
    figures = treebank.run(tmp_path)
    assert figures["tokens, F1"]["share"] == figures["labelled attachment (LAS)"]["share"] == 1
    folder = tmp_path / "worldwide_newswire" / "dev"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("They left Russia.", "utf-8")
    (folder / "a.txt.tsv").write_text("They\tO\nleft\tO\nRussia\tS-Location\n.\tO\n", "utf-8")
    assert ner.run(tmp_path)["LOC"] == {"annotated": 1, "precision": 1, "recall": 1, "F1": 1}


def test_speed_is_told_beside_that_of_the_bare_pipeline(tmp_path):
    """Three speeds in words a second, each with its share of the first."""
    folder = tmp_path / "polnear" / "dev" / "text"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("Rebels fled on Monday. The mayor said so.", "utf-8")
    figures = speed.run(tmp_path)
    assert [set(row) for row in figures.values()] == [{"words a second", "of the pipeline's speed"}] * 3
    assert figures["the spaCy pipeline alone"]["of the pipeline's speed"] == 1


def test_what_is_missing_is_named_as_not_run(tmp_path, capsys):
    """Every evaluation says why it was not run, also in the JSON, and the exit code is 1."""
    target = tmp_path / "figures.json"
    with pytest.raises(SystemExit, match="1"):
        main(["--corpora", str(tmp_path), "--json", str(target)])
    output = capsys.readouterr().out
    assert output.count("not run: ") == len(NAMES)
    assert f"## re3d\n\nnot run: {tmp_path / 're3d'} is missing" in output
    assert "## gold\n\nnot run: --gold is not given" in output
    assert json.loads(target.read_text("utf-8"))["not run"].keys() == set(NAMES)


def test_figures_go_to_output_json_and_page(documents, found, tmp_path, capsys):
    """One table, between its marks in the page, with the command that gives it again."""
    found()
    page, target = tmp_path / "page.md", tmp_path / "figures.json"
    page.write_text("Before.\n<!-- scoreboard: re3d -->\nold\n<!-- /scoreboard -->\nAfter.\n", "utf-8")
    with pytest.raises(SystemExit, match="0"):
        main(["--only", "re3d", "--corpora", str(documents), "--json", str(target), "--update", str(page)])
    text = page.read_text("utf-8")
    assert text.startswith("Before.\n<!-- scoreboard: re3d -->\n\n")
    assert text.endswith("\n<!-- /scoreboard -->\nAfter.\n")
    assert "| BelongsTo | 1 | 0 | 0.000 | 0.000 | 0.000 |" in text
    assert "`python -m kg.scoreboard --only re3d --corpora CORPORA`" in text
    assert "old" not in text
    assert text.split("\n\n")[2] in capsys.readouterr().out
    assert json.loads(target.read_text("utf-8"))["figures"]["re3d"]["AlliesOf"]["annotated"] == 1


def test_a_page_without_the_marks_is_refused(documents, found, tmp_path, capsys):
    """The error names the marks, and the page stays as it is."""
    found()
    page = tmp_path / "page.md"
    page.write_text("Nothing.\n", "utf-8")
    with pytest.raises(SystemExit, match="1"):
        main(["--only", "re3d", "--corpora", str(documents), "--update", str(page)])
    assert "there is no '<!-- scoreboard: re3d -->'" in capsys.readouterr().err
    assert page.read_text("utf-8") == "Nothing.\n"


def test_a_second_update_changes_nothing(tmp_path):
    """The same figures give the same page."""
    page = tmp_path / "page.md"
    page.write_text("<!-- scoreboard: x -->\n<!-- /scoreboard -->\n", "utf-8")
    evaluation = Evaluation("x", "gold", (), "Some data.", lambda _: {})
    sections = {"x": section(evaluation, {"row": {"F1": 0.5}})}
    update(page, sections)
    once = page.read_text("utf-8")
    update(page, sections)
    assert page.read_text("utf-8") == once


def test_wrong_usage_exits_with_two(capsys):
    """An unknown evaluation is named with those that are known."""
    with pytest.raises(SystemExit, match="2"):
        main(["--only", "everything"])
    assert "polnear" in capsys.readouterr().err


def test_counts_and_shares_look_different_in_a_table():
    """Counts have no fraction, shares three digits, and what a row lacks is empty."""
    assert table({"a": {"annotated": 1200, "F1": 0.5}, "b": {"F1": 1.0}}).splitlines()[2:] == [
        "| a | 1,200 | 0.500 |",
        "| b | | 1.000 |",
    ]


def test_nothing_found_is_no_division_by_zero():
    """All shares of nothing are 0."""
    score = Score()
    assert (score.precision, score.recall, score.f1) == (0, 0, 0)


def test_names_are_compared_without_what_surrounds_them():
    """Case, articles, possessive endings and marks do not matter, and a third of the words may differ."""
    assert fold("The U.N.’s ") == fold("U N") == "u n"
    assert fold("the") == "the"
    assert alike("islamic state group", "islamic state")
    assert not alike("syrian army", "iraqi army")
    assert not alike("", "army")


def test_pairs_are_made_from_the_likest_down():
    """Each annotation and each finding is used once; what is not alike at all stays alone."""
    likeness = {("a", "x"): 0.6, ("a", "y"): 0.9, ("b", "y"): 0.8, ("b", "x"): 0.0}
    assert pair(["a", "b"], ["x", "y"], lambda g, f: likeness[g, f]) == [(0, 1)]


def test_a_trigger_is_counted_on_each_article_that_it_yields_something(tmp_path, capsys):
    """The word of the lexicon, the articles and rows, and which article is the only one."""
    (tmp_path / "a.txt").write_text(
        "Qatar hosted talks between Israel and Hamas.\nIran has armed the Houthis.", "utf-8"
    )
    (tmp_path / "b.txt").write_text("Egypt has hosted talks between Hamas and Israel.", "utf-8")
    rules.main([str(tmp_path)])
    output = capsys.readouterr().out
    assert "       2     2  mediations  hosts_talks    host\n" in output
    assert "       1     1  alliances   arms           arm  (a)\n" in output
    assert "mediations: 1 triggers, 0 on one article alone, 0% of 2 rows" in output
    rules.main([str(tmp_path), "--single"])
    assert "hosts_talks" not in capsys.readouterr().out
    with pytest.raises(SystemExit, match="1"):
        rules.main([str(tmp_path / "nothing.txt")])
