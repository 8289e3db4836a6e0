"""The ontology says of each of its terms what it means and what a sentence yields, and its examples are true."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

from kg import model, shacl
from kg.resources import folder

CKG = Namespace("https://w3id.org/ckg/ontology#")
NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
VANN = Namespace("http://purl.org/vocab/vann/")
CORE = Graph().parse(folder("ontology") / "conflict.ttl")
TERMS = sorted({s for s in CORE.subjects() if isinstance(s, URIRef) and s.startswith(CKG)})
ALIGNMENTS = sorted((folder("ontology") / "alignments").glob("*.ttl"))
EXAMPLES = sorted((folder("ontology") / "examples").glob("*.ttl"))
USERS = [*ALIGNMENTS, *EXAMPLES, *sorted(folder("shapes").rglob("*.ttl"))]


def stem(file):
    """Folder and name of a file, to call a test by."""
    return f"{file.parent.name}/{file.stem}"


@pytest.mark.parametrize("file", [folder("ontology") / "conflict.ttl", *ALIGNMENTS], ids=stem)
def test_a_file_holds_one_ontology_that_imports_nothing(file):
    """It parses, and its header tells title, description, date and licence."""
    graph = Graph().parse(file)
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    assert not list(graph.objects(None, OWL.imports))
    for p in (DCTERMS.title, DCTERMS.description, DCTERMS.created, DCTERMS.license, OWL.versionInfo):
        assert graph.value(header, p), p


def test_the_core_names_its_namespace_and_version():
    """A user can tell which version it is and which prefix to use."""
    header = URIRef("https://w3id.org/ckg/ontology")
    assert CORE.value(header, VANN.preferredNamespacePrefix) == Literal("ckg")
    assert CORE.value(header, VANN.preferredNamespaceUri) == Literal(str(CKG))
    version = CORE.value(header, OWL.versionInfo)
    assert CORE.value(header, OWL.versionIRI) == URIRef(f"{header}/{version}")


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.removeprefix(CKG))
def test_each_term_is_labelled_defined_and_shown_by_an_example(term):
    """One label, one definition, one example that says what a sentence yields, and where it is defined."""
    for p in (RDFS.label, SKOS.definition, SKOS.example):
        (text,) = CORE.objects(term, p)
        assert text.strip()
        assert p == RDFS.label or text.endswith(".")
    assert CORE.value(term, RDFS.isDefinedBy) == URIRef("https://w3id.org/ckg/ontology")
    assert CORE.value(term, RDF.type)


def test_no_two_terms_share_a_definition():
    """A copied definition defines nothing."""
    definitions = list(CORE.objects(None, SKOS.definition))
    assert len(definitions) == len(set(definitions))


@pytest.mark.parametrize("file", USERS, ids=stem)
def test_no_file_uses_a_term_that_the_ontology_lacks(file):
    """Shapes, alignments and examples speak of defined terms only."""
    used = {n for triple in Graph().parse(file) for n in triple if isinstance(n, URIRef) and n.startswith(CKG)}
    assert used - set(TERMS) == set()


@pytest.mark.parametrize("file", ALIGNMENTS, ids=stem)
def test_each_alignment_is_justified(file):
    """Beside each axiom on a term of ours stands an annotation that says why."""
    graph = Graph().parse(file)
    axioms = {(s, p, o) for s, p, o in graph if isinstance(s, URIRef) and s.startswith(CKG)}
    annotated = {
        tuple(graph.value(a, p) for p in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget))
        for a in graph.subjects(RDF.type, OWL.Axiom)
        if graph.value(a, RDFS.comment)
    }
    assert axioms == annotated != set()


@pytest.mark.parametrize("file", EXAMPLES, ids=stem)
def test_each_example_conforms(file):
    """Neither must nor should finds anything in it."""
    assert shacl.validate(Graph().parse(file)) == ()


@pytest.mark.parametrize("file", EXAMPLES, ids=stem)
def test_each_span_of_an_example_is_the_text_between_its_offsets(file):
    """The offsets in the examples are real."""
    graph = Graph().parse(file)
    assert not [node for triple in graph for node in triple if isinstance(node, BNode)]
    for span in graph.subjects(RDF.type, CKG.Span):
        begin, end = (int(graph.value(span, p)) for p in (NIF.beginIndex, NIF.endIndex))
        article = graph.value(span, NIF.referenceContext)
        assert str(graph.value(article, NIF.isString))[begin:end] == str(graph.value(span, NIF.anchorOf))
        assert str(span) == f"{article}#char={begin},{end}"


def classes(expression):
    """The classes that a domain or range names: one, or the members of a union."""
    members = CORE.value(expression, OWL.unionOf)
    return {expression} if members is None else set(CORE.items(members))


def kinds(node, graph):
    """The classes of a node, or the datatype of a literal."""
    if isinstance(node, Literal):
        return {node.datatype or XSD.string}
    return set(graph.objects(node, RDF.type)) | set(CORE.objects(node, RDF.type))


@pytest.mark.parametrize("file", EXAMPLES, ids=stem)
def test_examples_agree_with_domains_and_ranges(file):
    """What a reasoner would infer from them is what the data says already."""
    graph = Graph().parse(file)
    for subject, p, value in graph:
        for declared, node in ((RDFS.domain, subject), (RDFS.range, value)):
            for expression in CORE.objects(p, declared):
                assert classes(expression) & kinds(node, graph), (subject, p, value)


@pytest.mark.parametrize(
    ("scheme", "prefix", "values"),
    [
        (CKG.HarmScheme, "harm", model.Harm),
        (CKG.QualifierScheme, "qualifier", model.Qualifier),
        (CKG.SupportKindScheme, "support", model.SupportKind),
        (CKG.MediationRoleScheme, "role", model.MediationRole),
        (CKG.FormScheme, "form", model.Form),
        (CKG.EventTypeScheme, "event", model.EventType),
        (CKG.LinkMethodScheme, "link", model.LinkMethod),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_scheme_holds_the_values_of_the_model(scheme, prefix, values):
    """Each value has a concept whose notation it is and whose IRI ends in it."""
    concepts = {
        str(c): {str(n) for n in CORE.objects(c, SKOS.notation) if n.datatype is None}
        for c in CORE.subjects(SKOS.inScheme, scheme)
    }
    assert concepts == {f"{CKG}{prefix}-{value}": {str(value)} for value in values}


def test_each_kind_of_the_model_is_a_class():
    """Actor types and statement kinds are the subclasses of actor and statement."""
    for top, values in ((CKG.Actor, model.ActorType), (CKG.Statement, model.StatementKind)):
        assert set(CORE.subjects(RDFS.subClassOf, top)) == {CKG[value] for value in values}
