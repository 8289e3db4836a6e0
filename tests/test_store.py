"""Loading into an embedded store: once, again, and where it cannot be done."""

import subprocess
import sys
from dataclasses import replace

import pytest
from fixtures_model import extraction
from pyoxigraph import Store

from kg import query, tables
from kg.errors import GraphError, StoreError
from kg.rdf import open_store, read, to_quads, write
from kg.store import delete, load
from kg.store.segments import segments


@pytest.fixture
def graph(tmp_path):
    """A Turtle file of two articles, which has no named graphs."""
    write([*to_quads(extraction("monday")), *to_quads(extraction("tuesday"))], tmp_path / "graph.ttl")
    return tmp_path / "graph.ttl"


@pytest.mark.parametrize("suffix", [".ttl", ".nt.gz", ".nq", ".trig", ".jsonld.gz"])
def test_a_graph_is_loaded_by_article(suffix, tmp_path):
    """Each article's graph stands in the store under its IRI, whatever the format it came from."""
    quads = [*to_quads(extraction("monday")), *to_quads(extraction("tuesday"))]
    write(quads, tmp_path / f"graph{suffix}")
    assert load(tmp_path / f"graph{suffix}", tmp_path / "store") == 2
    assert set(read(tmp_path / "store")) == set(quads)


@pytest.mark.parametrize("block", [100, 1000, 4096, 1 << 22])
def test_n_quads_are_cut_where_the_graph_changes(block, tmp_path, monkeypatch):
    """However the file is read, each graph that it keeps together comes as one piece, and nothing gets lost."""
    monkeypatch.setattr(sys.modules["kg.store.segments"], "_BLOCK", block)
    quads = [quad for day in ("monday", "tuesday", "wednesday") for quad in to_quads(extraction(day))]
    write(quads, tmp_path / "graph.nq.gz")
    found = list(segments(tmp_path / "graph.nq.gz"))
    assert [segment.graph.rpartition("/")[2] for segment in found] == ["monday", "tuesday", "wednesday"]
    assert sum(segment.count for segment in found) == len(quads)


def test_n_quads_in_any_order_are_loaded(tmp_path):
    """Graphs that a file does not keep together, comments and blank lines do not matter."""
    quads = [*to_quads(extraction("monday")), *to_quads(extraction("tuesday"))]
    lines = sorted(f"{quad} .\n" for quad in quads)
    (tmp_path / "graph.nq").write_text("# mixed\n\n" + "".join(lines), "utf-8")
    assert load(tmp_path / "graph.nq", tmp_path / "store") == 2
    assert set(read(tmp_path / "store")) == set(quads)


def test_loading_again_changes_nothing(graph, tmp_path):
    """The same graph loaded twice is there once."""
    load(graph, tmp_path / "store")
    before = set(read(tmp_path / "store"))
    load(graph, tmp_path / "store")
    assert set(read(tmp_path / "store")) == before


def test_a_changed_article_replaces_its_graph(graph, tmp_path):
    """An article that was corrected replaces what the store held of it; the others stay as they are."""
    load(graph, tmp_path / "store")
    shorter = replace(extraction("monday", title="Corrected"), statements=(), casualties=())
    shorter = replace(shorter, alliances=(), mediations=(), relations=(), events=())
    write(to_quads(shorter), tmp_path / "monday.ttl")
    assert load(tmp_path / "monday.ttl", str(tmp_path / "store")) == 1
    assert set(read(tmp_path / "store")) == {*to_quads(shorter), *to_quads(extraction("tuesday"))}


def test_a_store_is_loaded_into_another(graph, tmp_path):
    """An embedded store is a graph like any other: it can be asked, read, and loaded on."""
    load(graph, tmp_path / "one")
    assert load(tmp_path / "one", tmp_path / "two") == 2
    assert set(read(tmp_path / "one")) == set(read(tmp_path / "two"))
    assert query.run(tmp_path / "two", "articles") == query.run(graph, "articles")


def test_a_store_in_use_is_told(graph, tmp_path):
    """A store that another process holds open is not written to."""
    held = Store(str(tmp_path / "store"))
    code = f"from kg.store import load; load({str(graph)!r}, {str(tmp_path / 'store')!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "StoreError" in done.stderr
    assert "store: is in use by another process; stop that one, or load to its address" in done.stderr
    assert not list(held)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("graph.ttl", "is there already and no store; name a new folder"),
        (".", "is there already and no store; name a new folder"),
        ("nowhere/store", "there is no folder .*nowhere'; make it first"),
        ("broken", "cannot be opened as a store"),
    ],
)
def test_what_is_no_store_is_told(graph, target, words, tmp_path):
    """Files, other folders and damaged stores are refused in one line, and left as they were."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "CURRENT").write_text("MANIFEST-000001")
    before = graph.read_bytes()
    with pytest.raises(StoreError, match=words) as caught:
        load(graph, tmp_path / target)
    assert "\n" not in str(caught.value)
    assert graph.read_bytes() == before


def test_a_graph_that_cannot_be_read_is_told(tmp_path):
    """A missing graph is told, and no store is made."""
    with pytest.raises(GraphError, match="there is no such file"):
        load(tmp_path / "missing.ttl", tmp_path / "store")
    assert not list(tmp_path.iterdir())


NAMES = [name for name, _ in query.names()]


def asked(folder):
    """The named queries' results, asked of the store itself."""
    with_store = open_store(folder)
    return {name: query.run(with_store, name) for name in NAMES}


@pytest.fixture
def no_asking(monkeypatch):
    """Only tables answer."""
    monkeypatch.setattr(query, "ask", lambda *_: pytest.fail("the store was asked"))


def test_named_queries_are_answered_from_tables(seed_graph, tmp_path, request):
    """A loaded store has the rows of each named query at hand: the same, in the same order."""
    load(seed_graph, tmp_path / "store")
    expected = asked(tmp_path / "store")
    assert len(expected["statements"].rows) == 10
    request.getfixturevalue("no_asking")
    assert {name: query.run(tmp_path / "store", name) for name in NAMES} == expected


def test_what_articles_share_is_not_multiplied(tmp_path):
    """A store holds the triples of a shared actor once for each article: the queries give the rows of the file even so.

    A query that joins two of them gives squares, of five of them the fifth power: more than a machine holds.
    """
    write((quad for i in range(40) for quad in to_quads(extraction(f"day-{i}"))), tmp_path / "graph.nq")
    load(tmp_path / "graph.nq", tmp_path / "store", tables=False)
    file, folder = open_store(tmp_path / "graph.nq"), open_store(tmp_path / "store")
    for name in NAMES:
        assert query.run(folder, name) == query.run(file, name), name


def test_tables_follow_what_kg_changes(graph, tmp_path, request):
    """Loading more and removing an article make the tables anew."""
    load(graph, tmp_path / "store")
    write(list(to_quads(extraction("wednesday"))), tmp_path / "more.nq")
    load(tmp_path / "more.nq", tmp_path / "store")
    delete(["monday"], tmp_path / "store")
    expected = asked(tmp_path / "store")
    request.getfixturevalue("no_asking")
    assert {name: query.run(tmp_path / "store", name) for name in NAMES} == expected
    assert [row[0] for row in query.run(tmp_path / "store", "articles").rows] == ["tuesday", "wednesday"]


def test_tables_of_another_state_are_not_believed(graph, tmp_path):
    """After another program has written to the store, after other words of a query, or damage, the store is asked."""
    folder = tmp_path / "store"
    load(graph, folder)
    text = query.sparql("articles")
    assert tables.kept(folder, text)
    assert tables.kept(folder, text + " ") is None
    other = Store(str(folder))
    other.update("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }")
    del other
    assert tables.kept(folder, text) is None
    assert query.run(folder, "articles").rows == []
    load(graph, folder)
    assert tables.kept(folder, text)
    next(folder.glob("kg-tables*")).write_bytes(b"SQLite format 3\0 damaged")
    assert len(query.run(folder, "articles").rows) == 2


def test_a_store_without_tables(graph, tmp_path, run_kg):
    """--no-tables leaves them out, and queries are answered all the same."""
    result = run_kg("load", graph, "--to", tmp_path / "store", "--no-tables")
    assert result.returncode == 0, result.stderr
    assert tables.kept(tmp_path / "store", query.sparql("articles")) is None
    assert len(query.run(tmp_path / "store", "articles").rows) == 2


def test_tables_that_cannot_be_kept_are_told(graph, tmp_path):
    """A full or refusing disk is no silence."""
    load(graph, tmp_path / "store", tables=False)
    (tmp_path / "store" / "kg-tables.db.part").mkdir()
    with pytest.raises(StoreError, match="cannot be kept"):
        load(graph, tmp_path / "store")
