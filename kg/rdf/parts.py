"""A graph file as parts in their order: what each article contributes is made apart, and put together by concatenation.

Formats with graphs hold an article's graph in one piece. The others hold the union: there, the triples about an article
and what lies below it stand together too, and those about what articles share come behind all of them, each once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat

from kg.rdf import jsonld, order
from kg.rdf.order import Node
from kg.rdf.turtle import Shortener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Quad

    from kg.rdf.formats import Format

Row = tuple[bytes, str]
"""A key that sorts and tells apart, and a line of N-Triples."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one article contributes to a file of one format."""

    place: bytes
    """Parts are put together in the order of this."""
    body: bytes
    shared: tuple[Row, ...]
    """Triples that other articles may hold too, in formats without graphs."""
    quads: int
    """How many the article's graph has."""


class Layout:
    """How a format puts graphs and nodes: a head, bodies with something between them, and a tail."""

    def __init__(self, form: Format, base: str) -> None:
        self.has_graphs = form.has_graphs
        self.head = self.tail = self.between = ""
        self.body: Callable[[str, Iterable[Node]], str] = _lines
        if form.rdf == RdfFormat.JSON_LD:
            self.head, self.between, self.tail = jsonld.head(), ",\n", jsonld.tail()
            self.body = jsonld.graph
        elif form.rdf in {RdfFormat.TURTLE, RdfFormat.TRIG}:
            self._shortened = Shortener(base)
            self.head, self.between = self._shortened.header(), "" if form.has_graphs else "\n"
            self.body = self._blocks

    def part(self, quads: Iterable[Quad]) -> Part:
        """The part of the quads of one article's graph.

        Raises:
            ValueError: they are of several graphs, or of none.
        """
        ((graph, triples),) = order.by_graph(quads)
        nodes = order.ordered(triples, order.articles(triples))
        if self.has_graphs:
            return Part(graph.encode(), self.body(graph, nodes).encode(), (), len(set(triples)))
        own: list[Node] = []
        shared: list[Node] = []
        for node in nodes:
            (own if node.subject[1:-1].partition("#")[0] == graph else shared).append(node)
        rows = tuple(row for node in shared for row in _rows(node))
        place = order.encoded(order.natural(graph))
        return Part(place, self.body("", own).encode(), rows, len(set(triples)))

    def whole(self, bodies: Iterable[bytes], shared: Iterable[str] = ()) -> Iterator[bytes]:
        """A file's bytes, of bodies and of lines of shared triples, both in their order."""
        yield self.head.encode()
        between = b""
        for body in bodies:
            yield between + body
            between = self.between.encode()
        for node in _nodes(shared):
            yield between + self.body("", [node]).encode()
            between = self.between.encode()
        yield self.tail.encode()

    def of(self, quads: Iterable[Quad]) -> Iterator[bytes]:
        """A file's bytes, of all its quads, in any order."""
        if self.has_graphs:
            yield from self.whole(self._graphs(quads))
        else:
            triples = order.lines(quads)
            nodes = order.ordered(triples, order.articles(triples))
            yield from self.whole(self.body("", [node]).encode() for node in nodes)

    def _graphs(self, quads: Iterable[Quad]) -> Iterator[bytes]:
        gap = b""
        for graph, triples in order.by_graph(quads):
            yield gap + self.body(graph, order.ordered(triples, order.articles(triples))).encode()
            gap = b"\n" if not graph and self.body == self._blocks else b""

    def _blocks(self, graph: str, nodes: Iterable[Node]) -> str:
        if not graph:
            return "\n\n".join(self._shortened.block(node) for node in nodes) + "\n"
        inside = "\n\n".join(self._shortened.block(node, "\t") for node in nodes)
        return f"{self._shortened(f'<{graph}>')} {{\n{inside}\n}}\n"


def _lines(graph: str, nodes: Iterable[Node]) -> str:
    name = f"<{graph}>" if graph else ""
    return "".join(line for node in nodes for line in node.lines(name))


def _rows(node: Node) -> Iterator[Row]:
    subject = order.subject_key(node.subject, ())
    for predicate, objects in node.pairs:
        for term in objects:
            key = order.encoded((*subject, order.predicate_key(predicate), *order.object_key(term)))
            yield key, f"{node.subject} {predicate} {term}"


def _nodes(triples: Iterable[str]) -> Iterator[Node]:
    """Sorted triples as nodes."""
    split = (triple.split(" ", 2) for triple in triples)
    for subject, facts in groupby(split, lambda fact: fact[0]):
        pairs = [(predicate, [fact[2] for fact in same]) for predicate, same in groupby(facts, lambda fact: fact[1])]
        yield Node(subject, pairs)
