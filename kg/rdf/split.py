"""A union of graphs, as Turtle and N-Triples hold it, taken apart again into one for each article and linkset."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.errors import GraphError
from kg.rdf.direct import Fact, direct
from kg.rdf.vocabulary import CKG, DIRECT, GEOSPARQL, IN_LINKSET, LABEL, NAME_OF, NIF, RDF, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_REIFYING: Final = (RDF["subject"], RDF["predicate"], RDF["object"])


def by_article(quads: Iterable[Quad], where: str = "") -> dict[NamedNode, list[Quad]]:
    """The quads of each article's and linkset's graph, by their IRIs; quads that have a graph keep it.

    What a file without named graphs lost is found again: a node or span is its article's; an actor that articles share
    is described in each that names it; a direct triple stands where a node asserts it; a record, an incident and a link
    say which linkset they are in.

    Raises:
        GraphError: a triple belongs to no article and no linkset; `where` names the file.
    """
    graphs: dict[NamedNode, list[Quad]] = defaultdict(list)
    loose = []
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            graphs[quad.graph_name].append(quad)
        else:
            loose.append(quad)
    homes = _Homes(loose)
    for quad in loose:
        found = homes.of(quad)
        if not found:
            problem = f"the triple {quad.subject} {quad.predicate} {quad.object} belongs to no article and no linkset"
            raise GraphError(
                where, problem, "name a graph that 'kg build' wrote, or one with named graphs (.trig, .nq)"
            )
        for home in found:
            graphs[home].append(Quad(quad.subject, quad.predicate, quad.object, home))
    return dict(graphs)


class _Homes:
    """The articles that each triple of a union belongs to."""

    def __init__(self, union: Iterable[Quad]) -> None:
        union = [quad for quad in union if isinstance(quad.graph_name, DefaultGraph)]
        self._articles = {q.subject for q in union if q.predicate == TYPE and q.object == CKG["Article"]}
        self._labels = Counter(q.subject for q in union if q.predicate == LABEL)
        self._naming: dict[Any, set[NamedNode]] = defaultdict(set)
        self._naming_so: dict[tuple[Any, Any], set[NamedNode]] = defaultdict(set)
        self._asserting: dict[Fact, set[NamedNode]] = defaultdict(set)
        self._links = _Links(union)
        self._index(union)

    def of(self, quad: Quad) -> set[NamedNode]:
        fact: Any = quad.subject, quad.predicate, quad.object
        if linksets := self._links.of(fact):
            return linksets
        if quad.predicate in DIRECT or fact in self._asserting:
            return self._asserting[fact]
        home = self._home(quad.subject)
        if home is not None:
            return {home}
        if quad.predicate == LABEL and self._labels[quad.subject] > 1:
            # Articles spell the name differently, and each labels the actor as it does itself.
            return self._naming_so[quad.subject, quad.object] or self._naming[quad.subject]
        return self._naming[quad.subject]

    def _home(self, node: Any) -> NamedNode | None:
        if node in self._articles:
            return NamedNode(node.value)
        article, mark, _ = node.value.partition("#")
        home = NamedNode(article) if mark and isinstance(node, NamedNode) else None
        return home if home in self._articles else None

    def _index(self, union: Iterable[Quad]) -> None:
        text: dict[Any, NamedNode | Literal | Any] = {}
        ends = set()
        nodes: dict[Any, list[Any]] = defaultdict(list)
        for quad in union:
            if quad.predicate == NIF["anchorOf"]:
                text[quad.subject] = quad.object
            elif quad.predicate != TYPE:
                nodes[quad.subject].append((quad.predicate, quad.object))
            elif quad.object in {CKG["Actor"], CKG["Place"]}:
                ends.add(quad.subject)
        for node, pairs in nodes.items():
            home = self._home(node)
            if home is None:
                continue
            for predicate, value in pairs:
                if predicate == NAME_OF:
                    self._naming[value].add(home)
                    self._naming_so[value, text.get(node)].add(home)
            for fact in (*direct(pairs, ends), *_linked(pairs)):
                self._asserting[fact].add(home)


def _linked(pairs: Iterable[tuple[Any, Any]]) -> Iterator[Any]:
    """What a node says is so, where it is a link."""
    parts = dict(pairs)
    if CKG["linkedBy"] in parts:
        yield tuple(parts.get(part) for part in _REIFYING)


class _Links:
    """The linksets that each triple of a union belongs to."""

    def __init__(self, union: Iterable[Quad]) -> None:
        self._linkset: dict[Any, Any] = {q.subject: q.object for q in union if q.predicate == IN_LINKSET}
        self._linkset |= {q.subject: q.subject for q in union if q.predicate == TYPE and q.object == CKG["Linkset"]}
        geometries = [q for q in union if q.predicate == GEOSPARQL["hasGeometry"] and q.subject in self._linkset]
        self._linkset |= {q.object: self._linkset[q.subject] for q in geometries}
        parts: dict[Any, dict[Any, Any]] = defaultdict(dict)
        for quad in union:
            if quad.subject in self._linkset and quad.predicate in _REIFYING:
                parts[quad.subject][quad.predicate] = quad.object
        self._direct: dict[Any, set[NamedNode]] = defaultdict(set)
        for link, fact in parts.items():
            self._direct[tuple(fact.get(part) for part in _REIFYING)].add(self._linkset[link])

    def of(self, fact: Any) -> set[NamedNode]:
        found = self._linkset.get(fact[0])
        return {found} if found is not None else self._direct.get(fact, set())
