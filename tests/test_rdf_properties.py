"""What holds for every graph, whatever the text: offsets, bytes, order, formats."""

import pytest
import rdflib
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Quad, Store, parse, serialize
from strategies import disguised, extractions

from kg.rdf import FORMATS, Layout, by_article, format_of, in_memory, read, to_bytes, to_quads
from kg.rdf.convert import to_dataset, to_graph
from kg.rdf.readers import stored
from kg.rdf.vocabulary import CKG, DEFAULT_BASE, NIF, PREFIXES, TYPE

EXAMPLES = settings(max_examples=30, deadline=None)
FEW = settings(max_examples=12, deadline=None)
TURTLE, QUADS = format_of("graph.ttl"), format_of("graph.nq")


def union(quads):
    """The quads' triples, without their graphs."""
    return {Quad(*quad.triple) for quad in quads}


def lines(graph):
    """The triples of an rdflib graph, literals with their exact characters."""
    return {tuple((type(t), str(t), str(getattr(t, "datatype", ""))) for t in triple) for triple in graph}


@EXAMPLES
@given(extractions())
def test_every_span_is_the_text_at_its_offsets(extraction):
    """For every span in a graph, the article's text from begin to end is the span's text, in every format."""
    quads = to_quads(extraction)
    for form in FORMATS.values():
        if form.compressed:
            continue
        store = Store()
        store.bulk_load(to_bytes(quads, form), form.rdf)
        graph = None if form.has_graphs else DefaultGraph()
        begin, end, anchor = (
            {q.subject: q.object.value for q in store.quads_for_pattern(None, NIF[name], None, graph)}
            for name in ("beginIndex", "endIndex", "anchorOf")
        )
        (text,) = (q.object.value for q in store.quads_for_pattern(None, NIF["isString"], None, graph))
        found = {q.subject for q in store.quads_for_pattern(None, TYPE, CKG["Span"], graph)}
        assert found == anchor.keys()
        assert all(text[int(begin[s]) : int(end[s])] == anchor[s] for s in found)


@FEW
@given(extraction=extractions())
def test_every_format_gives_back_what_was_written(extraction, tmp_path_factory):
    """A file that is read holds the quads that were written; Turtle and N-Triples hold their union."""
    quads = set(to_quads(extraction))
    folder = tmp_path_factory.mktemp("formats")
    for suffix, form in FORMATS.items():
        path = folder / f"graph{suffix}"
        path.write_bytes(to_bytes(quads, form))
        assert set(read(path)) == (quads if form.has_graphs else union(quads)), suffix


# rdflib's readers of datasets use parts of rdflib that it has deprecated.
@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
@FEW
@given(extractions())
def test_rdflib_and_pyoxigraph_read_the_same(extraction):
    """The two libraries read the same triples from a file, and the conversion between them keeps every character."""
    quads = to_quads(extraction)
    graph = to_graph(quads)
    for suffix, name in ((".ttl", "turtle"), (".nt", "nt")):
        assert lines(rdflib.Graph().parse(data=to_bytes(quads, FORMATS[suffix]), format=name)) == lines(graph)
    for suffix, name in ((".trig", "trig"), (".nq", "nquads"), (".jsonld", "json-ld")):
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=to_bytes(quads, FORMATS[suffix]), format=name)
        assert lines(dataset.triples((None, None, None))) == lines(graph)
        assert {str(g.identifier) for g in dataset.graphs() if len(g)} == {q.graph_name.value for q in quads}
    assert lines(to_dataset(quads).triples((None, None, None))) == lines(graph)


@EXAMPLES
@given(extractions(), st.integers())
def test_order_and_keys_leave_no_trace(extraction, seed):
    """The same things under other keys and in another order give the same bytes, and no blank node."""
    quads, again = to_quads(extraction), to_quads(disguised(extraction, seed))
    for form in FORMATS.values():
        assert to_bytes(quads, form) == to_bytes(reversed(again), form)
    assert not any(isinstance(term, BlankNode) for quad in quads for term in quad)


@EXAMPLES
@given(extractions(), extractions())
def test_a_union_is_taken_apart_into_the_same_graphs(one, other):
    """Turtle of two articles, which has no graphs, is taken apart into the very quads that were built."""
    assume(one.article.id != other.article.id)
    quads = set(to_quads(one)) | set(to_quads(other))
    graphs = by_article(union(quads))
    assert to_bytes((q for part in graphs.values() for q in part), QUADS) == to_bytes(quads, QUADS)


@FEW
@given(extractions())
def test_a_store_gives_back_the_same_quads(extraction):
    """Oxigraph's store, which widens some datatypes, still gives back the quads that were put in."""
    quads = set(to_quads(extraction))
    store = in_memory(quads)
    assert {quad for quad in stored(store) if quad.graph_name != DefaultGraph()} == quads
    assert {quad for quad in stored(store) if quad.graph_name == DefaultGraph()} == union(quads)


@FEW
@given(extractions(), extractions())
def test_parts_put_together_are_the_file_written_at_once(one, other):
    """Articles' parts, made apart, sorted and concatenated, are byte for byte what all their quads give."""
    assume(one.article.id != other.article.id)
    graphs = [to_quads(extraction) for extraction in (one, other)]
    for form in FORMATS.values():
        if form.compressed:
            continue
        layout = Layout(form, DEFAULT_BASE)
        parts = sorted((layout.part(quads) for quads in graphs), key=lambda part: part.place)
        shared = dict(row for part in parts for row in part.shared)
        whole = layout.whole((part.body for part in parts), (shared[key] for key in sorted(shared)))
        assert b"".join(whole) == to_bytes([quad for quads in graphs for quad in quads], form)


@FEW
@given(extractions())
def test_turtle_is_what_pyoxigraph_writes(extraction):
    """Terms are shortened, escaped and grouped as pyoxigraph does it for the same triples in the same order."""
    text = to_bytes(to_quads(extraction), TURTLE)
    triples = parse(text, format=TURTLE.rdf)
    expected = serialize(
        (quad.triple for quad in triples), format=TURTLE.rdf, prefixes=PREFIXES, base_iri=DEFAULT_BASE
    ).partition(b"\n<")[2]
    assert text.partition(b"\n\n<")[2].replace(b" .\n\n<", b" .\n<") == expected
