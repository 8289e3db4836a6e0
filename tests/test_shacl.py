"""Validation tells where, in which sentence and against what an article's graph errs."""

from __future__ import annotations

import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from kg import shacl
from kg.errors import GraphError
from kg.resources import folder

CKG = Namespace("https://w3id.org/ckg/ontology#")
EXAMPLE = folder("ontology") / "examples" / "accusation-denial.ttl"
ARTICLE = "https://w3id.org/ckg/data/article/accusation-denial"
DENIAL = URIRef(f"{ARTICLE}#denial-102-108")


@pytest.fixture
def graph():
    """Congo accuses Rwanda, Kigali denies it."""
    return Graph().parse(EXAMPLE)


def test_a_violation_tells_shape_node_path_value_and_requirement(graph):
    """A denial that denies itself is reported as that."""
    graph.set((DENIAL, CKG.denies, DENIAL))
    (violation,) = shacl.validate(graph)
    assert violation == shacl.Violation(
        severity=shacl.Severity.MUST,
        shape="https://w3id.org/ckg/shapes#Denial-itself",
        focus=str(DENIAL),
        path="ckg:denies/ckg:denies",
        value=str(DENIAL),
        message="A ckg:Denial never ckg:denies itself.",
    )


def test_a_description_names_document_sentence_and_requirement(graph):
    """One line from which a person finds the place in the article."""
    graph.remove((DENIAL, CKG.form, None))
    (violation,) = shacl.validate(graph)
    assert shacl.describe(violation, graph) == (
        "accusation-denial: “Kigali denied the charge.”: A ckg:Statement has exactly one ckg:form, direct, indirect or "
        f"mixed. [{DENIAL}, ckg:form]"
    )


def test_a_span_beyond_the_article_is_described_by_where_it_ends(graph):
    """The article is at fault as a whole; the value says which offset."""
    article = URIRef(ARTICLE)
    nif = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
    graph.set((article, nif.endIndex, Literal("119", datatype=graph.value(article, nif.endIndex).datatype)))
    (violation,) = shacl.validate(graph)
    assert violation.path == "^nif:referenceContext/nif:endIndex"
    assert shacl.describe(violation, graph).endswith(f"[{ARTICLE}, {violation.path}, value 120]")


def test_an_actor_is_described_by_a_sentence_that_names_it(graph):
    """An actor of two articles leads to both documents."""
    rwanda = URIRef("https://w3id.org/ckg/data/actor/rwanda")
    graph.set((rwanda, CKG.iso2, Literal("rw")))
    (violation,) = shacl.validate(graph)
    line = shacl.describe(violation, graph)
    assert line.startswith("accusation-denial: “The Democratic Republic of Congo accused Rwanda")
    assert line.endswith("value rw]")


def test_a_node_that_leads_nowhere_is_described_all_the_same(graph):
    """A statement without article and cue still gets its line."""
    graph.remove((DENIAL, CKG.inArticle, None))
    graph.remove((DENIAL, CKG.cue, None))
    lines = [shacl.describe(violation, graph) for violation in shacl.validate(graph)]
    assert lines
    assert all(line.startswith(f"{DENIAL}: A ckg:Statement ") for line in lines)


def test_violations_come_in_one_order(graph):
    """Whatever the hash seed: sorted by severity, shape, node."""
    for statement in (DENIAL, URIRef(f"{ARTICLE}#accusation-33-40")):
        graph.remove((statement, CKG.cue, None))
        graph.remove((statement, CKG.about, None))
    found = shacl.validate(graph)
    assert list(found) == sorted(found)
    assert [violation.severity for violation in found] == ["must"] * 4 + ["should"]


def test_a_wish_is_no_requirement(graph):
    """An accusation about nobody is reported, and conforms."""
    graph.remove((URIRef(f"{ARTICLE}#accusation-33-40"), CKG.about, None))
    (violation,) = shacl.validate(graph)
    assert violation.severity is shacl.Severity.SHOULD
    assert shacl.conforms([violation])


def test_a_requirement_hurt_does_not_conform(graph):
    """A statement without a cue is refused."""
    graph.remove((DENIAL, CKG.cue, None))
    assert not shacl.conforms(shacl.validate(graph))


def test_validating_leaves_the_graph_as_it_was(graph):
    """What is validated is what is written."""
    before = set(graph)
    shacl.validate(graph)
    assert set(graph) == before


SOURCED = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ckg: <https://w3id.org/ckg/ontology#> .
@prefix ex: <https://example.org/> .
ex:Sourced a sh:NodeShape ; sh:targetClass ckg:Statement ; sh:property ex:Sourced-span .
ex:Sourced-span a sh:PropertyShape ; sh:path ckg:confidence ; sh:minInclusive 0.92 ; sh:message "Sure enough." .
ex:Kept a sh:NodeShape ; sh:targetClass ckg:Denial ; sh:not ex:Dated .
ex:Dated a sh:NodeShape ; sh:property [ sh:path ( ckg:inArticle [ sh:zeroOrMorePath ckg:nestedIn ] ) ; sh:minCount 9 ] .
ex:Off a sh:NodeShape ; sh:deactivated true ; sh:targetClass ckg:Statement ; sh:property ex:Off-p .
ex:Off-p a sh:PropertyShape ; sh:path ckg:about ; sh:minCount 9 .
"""


def test_a_user_adds_shapes_of_their_own(graph, tmp_path):
    """A folder or a file of Turtle joins the package's shapes; a deactivated shape stays silent."""
    (tmp_path / "mine.ttl").write_text(SOURCED, "utf-8")
    for place in (tmp_path, tmp_path / "mine.ttl"):
        (violation,) = shacl.validate(graph, extra=(place,))
        assert (violation.message, violation.value, violation.focus) == ("Sure enough.", "0.9", str(DENIAL))


PATHS = {
    "ckg:cue": "ckg:cue",
    "[ sh:inversePath ckg:nameOf ]": "^ckg:nameOf",
    "( ckg:cue [ sh:inversePath ckg:quote ] )": "ckg:cue/^ckg:quote",
    "[ sh:alternativePath ( ckg:cue ckg:quote ) ]": "ckg:cue|ckg:quote",
    "( [ sh:alternativePath ( ckg:cue ckg:quote ) ] ckg:date )": "(ckg:cue|ckg:quote)/ckg:date",
    "[ sh:zeroOrMorePath ckg:nestedIn ]": "ckg:nestedIn*",
    "[ sh:oneOrMorePath ( ckg:nestedIn ckg:denies ) ]": "(ckg:nestedIn/ckg:denies)+",
    "[ sh:zeroOrOnePath ckg:nestedIn ]": "ckg:nestedIn?",
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_told_as_sparql_writes_it(path, graph, tmp_path):
    """A person reads it, and a query takes it."""
    (tmp_path / "mine.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ckg: <https://w3id.org/ckg/ontology#> .\n"
        f"<urn:x> a sh:PropertyShape ; sh:targetNode <{DENIAL}> ; sh:path {path} ; sh:minCount 9 .",
        "utf-8",
    )
    (violation,) = shacl.validate(graph, extra=(tmp_path,))
    assert violation.path == PATHS[path]


FETCHING = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ckg: <https://w3id.org/ckg/ontology#> .
<urn:x> a sh:NodeShape ; sh:targetClass ckg:Denial ; sh:sparql <urn:y> .
<urn:y> a sh:SPARQLConstraint ; sh:select "SELECT $this WHERE { SERVICE <http://elsewhere.example/> { $this ?p ?o } }" .
"""


@pytest.mark.parametrize("query", ["", "not SPARQL at all "])
def test_a_constraint_that_cannot_be_evaluated_is_refused(query, graph, tmp_path):
    """One that asks another server, or asks nothing: silence would look like conformance."""
    (tmp_path / "mine.ttl").write_text(FETCHING.replace("SELECT $this", f"SELECT {query}$this"), "utf-8")
    with pytest.raises(GraphError, match=r"mine.ttl: no SHACL: .*; see https://www.w3.org/TR/shacl/"):
        shacl.validate(graph, extra=(tmp_path / "mine.ttl",))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("this is no Turtle", "cannot be read as shapes"),
        ("<urn:x> a <http://www.w3.org/ns/shacl#PropertyShape> .", "no SHACL"),
    ],
)
def test_shapes_that_are_none_are_refused(text, problem, graph, tmp_path):
    """The message says which file, or what SHACL misses."""
    (tmp_path / "mine.ttl").write_text(text, "utf-8")
    with pytest.raises(GraphError, match=problem):
        shacl.validate(graph, extra=(tmp_path,))


def test_a_folder_that_is_missing_is_refused(graph, tmp_path):
    """An extra folder that does not exist is an error, not silence."""
    with pytest.raises(GraphError, match="gone"):
        shacl.validate(graph, extra=(tmp_path / "gone",))
