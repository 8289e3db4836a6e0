"""Archives: any number of processes, broken off and resumed, built again after a change, and what was refused."""

import json
import os
import sys
from pathlib import Path

import pytest
from conftest import PlainAnnotator

from kg import cli, pipeline, rdf, workers
from kg.errors import OutputError
from kg.rdf.vocabulary import CKG

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
import kill

SENTENCES = (
    "Turkey backs Azerbaijan, and the army of Azerbaijan said on Monday that {} soldiers had died near Goma.",
    "Armenia denied on Tuesday that it had armed {} rebels, as Azerbaijan had claimed.",
    "At least {} civilians were wounded, according to the Red Cross.",
    "Russia called on both sides to agree to a truce within {} days.",
)
AGENCY = (
    "Rebels shelled the old city of Aleppo on Monday, the army said, and at least twelve civilians were killed. "
    "The rebels denied that they had fired on the city and blamed the army for the shells that hit the market. "
    "A monitor based in Britain said it could not tell who was to blame, and that the toll was likely to rise."
)


def articles(folder, count, sentences=4):
    """A folder of short articles."""
    folder.mkdir()
    for i in range(count):
        (folder / f"a{i}.txt").write_text(" ".join(s.format(i + 2) for s in SENTENCES[:sentences]))
    return folder


@pytest.fixture
def read(monkeypatch):
    """The identifiers of the articles that are annotated, in place of annotating them."""
    seen = []

    class Annotator(PlainAnnotator):
        def annotate(self, articles):
            for extraction in super().annotate(articles):
                seen.append(extraction.article.id)
                if "poison" in extraction.article.text:
                    raise RuntimeError("cannot\nbear it")
                yield extraction

    monkeypatch.setattr("kg.nlp.load", lambda *_: Annotator())
    return seen


def build(sources, target, **options):
    """Builds a file, with no refusals allowed unless `refused` is given."""
    return pipeline.build_file(sources, target, pipeline.Settings(), **{"refused": pytest.fail, **options})


@pytest.mark.parametrize("suffix", [".nq", ".ttl.gz"])
def test_the_file_is_the_same_for_any_number_of_processes(tmp_path, run_kg, suffix):
    """One, two and three processes, under different hash seeds, write the same bytes."""
    folder = articles(tmp_path / "in", 20)
    for count in ("1", "2", "3"):
        target = tmp_path / f"{count}{suffix}"
        result = run_kg("build", folder, "-o", target, "-j", count, PYTHONHASHSEED=count)
        assert result.returncode == 0, result.stderr
    assert len({path.read_bytes() for path in tmp_path.glob(f"*{suffix}")}) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"in", *(f"{i}{suffix}" for i in "123")}


def test_a_build_that_is_killed_goes_on_to_the_same_bytes(tmp_path):
    """Ended without warning at three random moments and resumed each time, it writes what it would have written."""
    same, _ = kill.same_bytes(articles(tmp_path / "in", 40), tmp_path, 3)
    assert same


@pytest.mark.parametrize("suffix", [".nq", ".ttl", ".nt", ".trig", ".jsonld"])
def test_only_what_is_new_or_changed_is_read_again(tmp_path, read, suffix):
    """A changed article replaces its graph, a removed one goes; the file is that of a build from nothing."""
    folder, target, fresh = articles(tmp_path / "in", 20), tmp_path / f"graph{suffix}", tmp_path / f"fresh{suffix}"
    build([folder], target, resume=True)
    assert len(read) == 20
    (folder / "a3.txt").write_text("Mali reopened its border.")
    (folder / "a4.txt").unlink()
    (folder / "new.txt").write_text("Niger closed its border.")
    read.clear()
    build([folder], target, resume=True)
    assert read == ["a3", "new"]
    build([folder], fresh)
    assert target.read_bytes() == fresh.read_bytes()


def test_other_settings_make_all_graphs_anew(tmp_path, read):
    """A journal of another base is not taken over."""
    folder, target = articles(tmp_path / "in", 3), tmp_path / "graph.nq"
    build([folder], target, resume=True)
    read.clear()
    settings = pipeline.Settings(base="https://example.org/")
    pipeline.build_file([folder], target, settings, refused=pytest.fail, resume=True)
    assert len(read) == 3
    assert b"w3id.org/ckg/data" not in target.read_bytes()


def test_a_build_that_fails_keeps_what_it_did(tmp_path, read, monkeypatch):
    """After an interruption only the shards that were not finished are read again."""
    folder, target = articles(tmp_path / "in", 20), tmp_path / "graph.nq"
    add, calls = pipeline.Journal.add, []

    def interrupted(journal, made):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(add(journal, made))

    with monkeypatch.context() as patch:
        patch.setattr(pipeline.Journal, "add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build([folder], target)
    assert not target.exists()
    read.clear()
    build([folder], target, resume=True)
    assert len(read) == 20 - 2 * pipeline.SHARD


@pytest.mark.usefixtures("read")
def test_two_builds_do_not_share_a_journal(tmp_path):
    """The second is told so."""
    folder = articles(tmp_path / "in", 2)
    with (
        pipeline.Journal(tmp_path / "graph.nq", "x", resume=True),
        pytest.raises(OutputError, match=r"graph\.nq\.journal: is in use by another build"),
    ):
        build([folder], tmp_path / "graph.nq")


@pytest.mark.usefixtures("read")
def test_a_poisoned_article_fails_alone(tmp_path):
    """What the pipeline fails on is refused; the others of its shard are built."""
    folder, refused = articles(tmp_path / "in", 5), []
    (folder / "a2.txt").write_text("This is poison.")
    report = build([folder], tmp_path / "graph.nq", refused=refused.append)
    assert report.articles == 4
    (error,) = refused
    assert error.where == str(folder / "a2.txt")
    assert error.problem == "the pipeline failed (RuntimeError: cannot\nbear it)"


def deadly():
    """A task that ends its process over one item."""

    def task(part):
        if 7 in part:
            os._exit(3)
        return part

    return task


def test_a_process_that_dies_costs_one_item():
    """The others of the shards that were under way are tried again."""
    parts = workers.shards(range(20), 3)
    results = list(workers.run(deadly, parts, 2, lambda item: [-item]))
    assert sorted(item for part in results for item in part) == sorted({*range(20), -7} - {7})


@pytest.mark.usefixtures("read")
def test_the_report_says_what_was_refused_and_why(tmp_path, capsys):
    """A JSON object for each: kind, place, problem, advice."""
    folder = articles(tmp_path / "in", 2)
    (folder / "empty.txt").write_text("")
    (folder / "a1.txt").write_text("This is poison.")
    with pytest.raises(SystemExit) as stop:
        cli.main(["build", str(folder), "-o", str(tmp_path / "graph.nq"), "--report", str(tmp_path / "refused.jsonl")])
    assert stop.value.code == 1
    records = [json.loads(line) for line in (tmp_path / "refused.jsonl").read_text().splitlines()]
    assert [record["kind"] for record in records] == ["EmptyArticleError", "ArticleError"]
    told = capsys.readouterr().err
    assert all(record["problem"] in told for record in records)
    assert all({"kind", "where", "problem", "advice"} == record.keys() for record in records)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.usefixtures("read")
def test_near_duplicates_are_linked_to_the_earliest(tmp_path, order):
    """A copy with another title and a line more is no independent source; in whatever order they are read."""
    records = [
        {"id": "original", "date": "2016-08-29", "text": AGENCY},
        {"id": "copy", "date": "2016-08-30", "text": f"City shelled\n\n{AGENCY} More soon."},
        {"id": "undated", "text": AGENCY.replace("twelve", "12")},
        {"id": "other", "date": "2016-08-28", "text": " ".join(s.format(3) for s in SENTENCES)},
    ]
    source = tmp_path / "news.jsonl"
    source.write_text("\n".join(map(json.dumps, records[::order])))
    build([source], tmp_path / "graph.nq")
    links = {
        (quad.subject.value.rpartition("/")[2], quad.object.value.rpartition("/")[2])
        for quad in rdf.read(tmp_path / "graph.nq")
        if quad.predicate == CKG["nearDuplicateOf"]
    }
    assert links == {("copy", "original"), ("undated", "original")}
