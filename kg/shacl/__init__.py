"""What a graph must hold and what it should: SHACL shapes, run by pySHACL on one small graph after another.

``shapes/must`` holds requirements, ``shapes/should`` wishes; both are SHACL Core (https://www.w3.org/TR/shacl/).
Nothing is inferred and nothing is fetched. Most graphs meet their shapes, which :func:`passes` tells at once; the
report on those that do not is pySHACL's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

import pyshacl
from pyparsing import ParseException
from pyshacl.errors import ReportableRuntimeError
from rdflib import DCTERMS, RDF, SH, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import BNode, Node

from kg.errors import GraphError
from kg.resources import folder
from kg.shacl.checker import Checker, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Quad

CKG: Final = Namespace("https://w3id.org/ckg/ontology#")
NIF: Final = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")

_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_REFERENCES: Final = (SH.node, SH["not"], SH.qualifiedValueShape)


class Severity(StrEnum):
    """Whether a graph without it is refused."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One result of a validation; every field but `severity` is text, empty where SHACL gives none."""

    severity: Severity
    shape: str
    """IRI of the shape that was not met: the property shape, where there is one."""
    focus: str
    """IRI of the node that does not meet it."""
    path: str
    """The property path as SPARQL writes it, such as ``ckg:cue`` or ``^ckg:nameOf``."""
    value: str
    message: str
    """The requirement, a sentence."""


def validate(graph: Graph, extra: Iterable[Path] = ()) -> tuple[Violation, ...]:
    """Everything in `graph` that its shapes refuse or would like to be otherwise, sorted.

    The graph is one article's or the union of several; it is only read. `extra` names files or folders with more
    shapes, in Turtle.

    Raises:
        GraphError: a file of shapes that cannot be parsed, or that is no SHACL.
    """
    extra = tuple(extra)
    return tuple(sorted(_violations(_report(graph, extra), _shapes(extra))))


def passes(quads: Iterable[Quad], extra: Iterable[Path] = (), *, must: bool = False) -> bool:
    """Whether :func:`validate` would find nothing in a graph, or with `must` nothing of that severity.

    True is certain; False may also mean that only :func:`validate` can tell.

    Raises:
        GraphError: a file of shapes that cannot be parsed, or that is no SHACL.
    """
    checker = _checker(tuple(extra))
    return checker is not None and checker.passes(quads, must=must)


def _report(graph: Graph, extra: tuple[Path, ...]) -> Graph:
    """What pySHACL says of a graph."""
    try:
        _, report, text = pyshacl.validate(
            graph,
            shacl_graph=_shapes(extra),
            inference="none",
            advanced=False,
            do_owl_imports=False,
            inplace=True,
        )
    except (ReportableRuntimeError, ParseException) as error:
        raise _no_shacl(extra, str(error)) from error
    if not isinstance(report, Graph):
        raise _no_shacl(extra, text)
    return report


def _no_shacl(extra: tuple[Path, ...], problem: str) -> GraphError:
    where = ", ".join(str(place) for place in extra) or "shapes"
    return GraphError(where, f"no SHACL: {problem}", "see https://www.w3.org/TR/shacl/")


def conforms(violations: Iterable[Violation]) -> bool:
    """Whether no requirement is hurt; wishes may be."""
    return all(violation.severity is not Severity.MUST for violation in violations)


def describe(violation: Violation, graph: Graph) -> str:
    """`violation` in one line: the article's identifier, the sentence at fault, the message, the node and the value."""
    focus = URIRef(violation.focus)
    articles, spans = _context(focus, graph)
    names = sorted({str(name) for article in articles for name in graph.objects(article, DCTERMS.identifier)})
    sentence = next((text for span in spans if (text := _sentence(span, graph))), "")
    value = f", value {violation.value}" if violation.value else ""
    parts = (
        ", ".join(names) or violation.focus,
        f"“{sentence}”" if sentence else "",
        f"{violation.message} [{violation.focus}, {violation.path or 'the node itself'}{value}]",
    )
    return " ".join(": ".join(part for part in parts if part).split())


def _context(node: URIRef, graph: Graph) -> tuple[list[Node], list[Node]]:
    """The articles that `node` belongs to, and the spans that it stands on, the most telling first."""
    if (node, NIF.isString, None) in graph:
        return [node], []
    if (node, NIF.referenceContext, None) in graph:
        return list(graph.objects(node, NIF.referenceContext)), [node]
    spans = [span for p in (CKG.cue, CKG.quote) for span in graph.objects(node, p)]
    spans += [span for p in (CKG.nameOf, CKG.mentionOf) for span in sorted(graph.subjects(p, node), key=str)]
    articles = list(graph.objects(node, CKG.inArticle))
    return articles or [article for span in spans for article in graph.objects(span, NIF.referenceContext)], spans


def _sentence(span: Node, graph: Graph) -> str:
    """The text of the shortest sentence that covers `span`, of the span itself where there is none."""
    bounds = _bounds(span, graph)
    if bounds is None:
        return ""
    covering = [
        (end - begin, str(graph.value(other, NIF.anchorOf)))
        for article in graph.objects(span, NIF.referenceContext)
        for other in graph.subjects(NIF.referenceContext, article)
        if (other, RDF.type, NIF.Sentence) in graph
        for begin, end in filter(None, [_bounds(other, graph)])
        if begin <= bounds[0] and bounds[1] <= end
    ]
    return min(covering)[1] if covering else str(graph.value(span, NIF.anchorOf) or "")


def _bounds(span: Node, graph: Graph) -> tuple[int, int] | None:
    """Begin and end of `span` where both are whole numbers."""
    offsets = [graph.value(span, p) for p in (NIF.beginIndex, NIF.endIndex)]
    match [getattr(offset, "value", None) for offset in offsets]:
        case [int(begin), int(end)]:
            return begin, end
    return None


def _violations(report: Graph, shapes: Graph) -> Iterator[Violation]:
    for result in report.objects(None, SH.result):
        shape = report.value(result, SH.sourceShape)
        value = report.value(result, SH.value)
        severity = report.value(result, SH.resultSeverity)
        path = shapes.value(shape, SH.path)
        yield Violation(
            severity=Severity.MUST if severity == SH.Violation else Severity.SHOULD,
            shape=str(shape),
            focus=str(report.value(result, SH.focusNode)),
            path="" if path is None else _path(path, shapes),
            value="" if value is None else str(value),
            message=" ".join(sorted(str(message) for message in report.objects(result, SH.resultMessage))),
        )


def _path(path: Node, shapes: Graph) -> str:
    """A SHACL path as SPARQL writes it."""
    if isinstance(path, URIRef):
        return path.n3(shapes.namespace_manager)
    if (path, RDF.first, None) in shapes:
        return "/".join(_step(part, shapes) for part in Collection(shapes, path))
    predicate, value = next(shapes.predicate_objects(path))
    match predicate:
        case SH.inversePath:
            return f"^{_step(value, shapes)}"
        case SH.alternativePath:
            return "|".join(_step(part, shapes) for part in Collection(shapes, value))
        case SH.zeroOrMorePath:
            return f"{_step(value, shapes)}*"
        case SH.oneOrMorePath:
            return f"{_step(value, shapes)}+"
        case _:
            return f"{_step(value, shapes)}?"


def _step(path: Node, shapes: Graph) -> str:
    """A path inside another: in brackets where it has parts of its own."""
    text = _path(path, shapes)
    composed = isinstance(path, BNode) and any(mark in text for mark in "/|")
    return f"({text})" if composed else text


@cache
def _shapes(extra: tuple[Path, ...]) -> Graph:
    """All shapes, parsed and made fast, once a process and choice of `extra`."""
    # Asked thousands of times an article, and never for a context; paths are shown with the prefixes of the files.
    shapes = Graph(store="SimpleMemory", bind_namespaces="none")
    package = folder("shapes")
    for place in (package / "must", package / "should", *extra):
        files = sorted(place.rglob("*.ttl")) if place.is_dir() else [place]
        for file in files:
            try:
                shapes.parse(file, format="turtle")
            except (OSError, SyntaxError, ValueError) as error:
                raise GraphError(str(file), f"cannot be read as shapes: {error}", "give SHACL in Turtle") from error
    _hoist(shapes)
    return shapes


@cache
def _checker(extra: tuple[Path, ...]) -> Checker | None:
    """The shapes, compiled; None where they hold what only pySHACL evaluates."""
    _report(Graph(), extra)  # refuses what is no SHACL
    try:
        return Checker(_shapes(extra))
    except UnsupportedError:
        return None


def _hoist(shapes: Graph) -> None:
    """Give each property shape the targets of the node shape that it belongs to.

    The results are the same. What pySHACL reaches by ``sh:property`` it builds anew for every focus node, what has
    targets of its own only once, which makes the validation of an article several times faster. A node shape that
    others refer to keeps its property shapes: there they are part of a condition.
    """
    referred = {node for p in _REFERENCES for node in shapes.objects(None, p)} | set(shapes.objects(None, RDF.first))
    for owner, shape in list(shapes.subject_objects(SH.property)):
        targets = [(p, value) for p in _TARGETS for value in shapes.objects(owner, p)]
        if targets and owner not in referred and (owner, SH.deactivated, None) not in shapes:
            for p, value in targets:
                shapes.add((shape, p, value))
            shapes.remove((owner, SH.property, shape))
