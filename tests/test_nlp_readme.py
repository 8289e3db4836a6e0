"""The README of the extractor: each example's triples are those that its sentence yields.

``python tests/test_nlp_readme.py`` writes the triples anew.
"""

import re
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal

from kg import nlp
from kg.model import Article
from kg.rdf import in_memory, to_quads
from kg.rdf.vocabulary import CKG, DEFAULT_BASE, DIRECT, NIF, PREFIXES, RDF, TYPE

README = Path(nlp.__file__).with_name("README.md")
EXAMPLE = re.compile(
    r"(?<=^### )(.+?)(\n\n(?:(?!\n#).)*?\n\n> )(.+?)(\n\n```turtle\n)(.*?)(?=```$)", re.MULTILINE | re.DOTALL
)
EXAMPLES = [(m[1], m[3], m[5]) for m in EXAMPLE.finditer(README.read_text("utf-8"))]
CLASSES = {
    "Casualty figure": "CasualtyFigure",
    "Nested statement": "Statement",
    "Relation": "Relationship",
}
"""What the headings call otherwise than the ontology."""
TELLING = (
    *(CKG[name] for name in ("source", "cue", "content", "about", "denies", "nestedIn")),
    *(CKG[name] for name in ("harm", "minimum", "maximum", "qualifier", "victims", "side")),
    *(CKG[name] for name in ("supporter", "supported", "supportKind", "mediator", "party", "mediationRole")),
    *(RDF[name] for name in ("subject", "predicate", "object")),
    *(CKG[name] for name in ("eventType", "agent", "target", "place", "assertedBy")),
)
PARTICIPANT = re.compile(r"/actor/|#actor-|#place-")
SUPERCLASSES = {CKG["Statement"], CKG["Situation"]}


def short(term):
    """A term as Turtle writes it, below the base and with prefixes."""
    if isinstance(term, Literal):
        return term.value if term.datatype.value.endswith("integer") else f'"{term.value}"'
    for prefix, namespace in PREFIXES.items():
        if term.value.startswith(namespace):
            return f"{prefix}:{term.value.removeprefix(namespace)}"
    return f"<{term.value.removeprefix(DEFAULT_BASE)}>"


def turtle(heading, graph):
    """The telling triples of the nodes of a heading's class, and the direct triples between actors."""
    class_ = CKG[CLASSES.get(heading, heading)]
    return "".join(described(node, graph) for node in nodes(class_, graph)) + direct(graph)


def nodes(class_, graph):
    """The nodes of a class, in their order in the text."""
    found = {quad.subject for quad in graph.quads_for_pattern(None, TYPE, class_, DefaultGraph())}
    return sorted(found, key=lambda node: [int(number) for number in re.findall(r"-(\d+)", node.value)])


def values(node, predicate, graph):
    """What a property of a node has for values, sorted."""
    return sorted((quad.object for quad in graph.quads_for_pattern(node, predicate, None, DefaultGraph())), key=str)


def described(node, graph):
    """A node with its class and telling properties; behind a span stand its words."""
    (class_,) = (type_ for type_ in values(node, TYPE, graph) if type_ not in SUPERCLASSES)
    lines = [(f"{short(node)} a {short(class_)}", "")]
    for predicate in TELLING:
        told = values(node, predicate, graph)
        lines += [(f"    {short(predicate)} {short(value)}", words(value, graph)) for value in told]
    ends = [" ;"] * (len(lines) - 1) + [" ."]
    return "".join(f"{line}{end}{said}\n" for (line, said), end in zip(lines, ends, strict=True))


def words(term, graph):
    """A comment with the characters that a span covers, else nothing."""
    if isinstance(term, Literal):
        return ""
    return "".join(f"  # {text.value}" for text in values(term, NIF["anchorOf"], graph))


def direct(graph):
    """The direct triples between actors or places, which stand beside the nodes."""
    triples = (
        quad
        for quad in graph.quads_for_pattern(None, None, None, DefaultGraph())
        if quad.predicate in DIRECT and PARTICIPANT.search(quad.subject.value)
    )
    found = [t for t in triples if PARTICIPANT.search(t.object.value)]
    return "".join(sorted(f"{short(t.subject)} {short(t.predicate)} {short(t.object)} .\n" for t in found))


def yielded(annotator, heading, sentence):
    """What the README shall show for a sentence."""
    (extraction,) = annotator.annotate([Article("a", sentence)])
    return turtle(heading, in_memory(to_quads(extraction)))


def test_each_kind_has_its_example():
    """Six kinds of statement, nesting, and five kinds of situation."""
    statements = ["Claim", "Accusation", "Denial", "NonDisclosure", "Pledge", "Appeal", "Nested statement"]
    situations = ["Casualty figure", "Alliance", "Mediation", "Relation", "Event"]
    assert [heading for heading, _, _ in EXAMPLES] == statements + situations


@pytest.mark.parametrize(("heading", "sentence", "shown"), EXAMPLES, ids=[heading for heading, _, _ in EXAMPLES])
def test_an_example_yields_what_it_shows(annotator, heading, sentence, shown):
    """What the README shows of a sentence is found in it, and nothing else of that kind."""
    assert shown
    assert yielded(annotator, heading, sentence) == shown


def rewrite():
    """Write into the README what its sentences yield now."""
    annotator = nlp.load()
    text = EXAMPLE.sub(lambda m: f"{m[1]}{m[2]}{m[3]}{m[4]}{yielded(annotator, m[1], m[3])}", README.read_text("utf-8"))
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    rewrite()
