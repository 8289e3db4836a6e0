"""Each shape refuses what breaks it, by the path that is broken, and lets its valid example pass."""

from __future__ import annotations

import re
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import BNode

from kg import shacl
from kg.resources import folder

EXAMPLES = Path(__file__).parent / "shapes"
CKS = "https://w3id.org/ckg/shapes#"
SHAPE_FILES = sorted(folder("shapes").rglob("*.ttl"))


def shapes() -> Graph:
    """All shapes of the package in one graph, as they are published."""
    graph = Graph()
    for file in SHAPE_FILES:
        graph.parse(file)
    return graph


def named(kind: URIRef) -> set[str]:
    """The local names of all shapes of a kind."""
    return {str(shape).removeprefix(CKS) for shape in shapes().subjects(RDF.type, kind)}


def expected(file: Path) -> set[tuple[str, str]]:
    """The shapes and paths that an example says it breaks."""
    lines = re.findall(r"^# expect: shape=cks:(\S+) path=(\S*)$", file.read_text("utf-8"), re.MULTILINE)
    return {(CKS + shape, path) for shape, path in lines}


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*-valid.ttl")), ids=lambda file: file.stem)
def test_a_valid_example_conforms(file):
    """Nothing is found in it, neither by must nor by should."""
    assert shacl.validate(Graph().parse(file)) == ()


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*-invalid*.ttl")), ids=lambda file: file.stem)
def test_an_invalid_example_fails_by_its_shape_and_path_alone(file):
    """The shapes and paths that fire are those that the example's comment expects, and no others."""
    found = {(violation.shape, violation.path) for violation in shacl.validate(Graph().parse(file))}
    assert found == expected(file) != set()


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*-invalid*.ttl")), ids=lambda file: file.stem)
def test_an_invalid_example_opens_with_what_is_broken(file):
    """Its first line says so, and it breaks the shape that it is called after."""
    shape = file.stem.split("-invalid")[0]
    assert file.read_text("utf-8").startswith("# Broken: ")
    assert any(iri.removeprefix(CKS).split("-")[0] == shape for iri, _ in expected(file))


@pytest.mark.parametrize("shape", sorted(named(SH.NodeShape)))
def test_each_shape_has_a_valid_and_an_invalid_example(shape):
    """A shape without both has never been seen to work."""
    assert (EXAMPLES / f"{shape}-valid.ttl").is_file()
    assert list(EXAMPLES.glob(f"{shape}-invalid*.ttl"))


def test_each_property_shape_is_broken_by_some_example():
    """No requirement stands untested."""
    broken = {shape.removeprefix(CKS) for file in EXAMPLES.glob("*-invalid*.ttl") for shape, _ in expected(file)}
    assert named(SH.PropertyShape) - broken == set()


@pytest.mark.parametrize("file", SHAPE_FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_file_of_shapes_is_core_named_and_of_its_folder_s_severity(file):
    """Each property shape has an IRI and a message, must/ holds violations, should/ warnings, none is SPARQL."""
    graph = Graph().parse(file)
    assert not set(graph.objects(None, SH.sparql)) | set(graph.objects(None, SH.target))
    severity = {"must": None, "should": SH.Warning}[file.parent.name]
    for shape in graph.subjects(RDF.type, SH.PropertyShape):
        assert isinstance(shape, URIRef)
        assert graph.value(shape, SH.severity) == severity
        assert re.search(r"ckg:\w+.*\.$", str(graph.value(shape, SH.message)))
    assert not [shape for shape in graph.objects(None, SH.property) if isinstance(shape, BNode)]
    assert set(graph.objects(None, SH.property)) == set(graph.subjects(RDF.type, SH.PropertyShape))


def test_the_shapes_are_well_formed_shacl():
    """They conform to the shapes that SHACL gives for shapes."""
    conforms, _, report = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, report


def test_the_union_of_all_articles_in_the_examples_conforms():
    """Actors are shared by articles, so that what holds of one article holds of many."""
    union = Graph()
    for file in folder("ontology").glob("examples/*.ttl"):
        union.parse(file)
    assert shacl.validate(union) == ()
