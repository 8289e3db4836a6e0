"""A triple store over HTTP: the SPARQL 1.1 Graph Store Protocol, and the SPARQL endpoint beside it.

The protocol itself cannot list or count graphs, nor take many at once; where the address is laid out as a known
server's, its SPARQL endpoint and its way of taking N-Quads are used for that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from kg.errors import StoreError
from kg.rdf.vocabulary import CKG, DCTERMS
from kg.store.client import Client
from kg.store.embedded import KINDS
from kg.store.endpoint import result_of

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE: Final = "http://127.0.0.1:7878/store?graph="
_TRIPLES: Final = {"Content-Type": "application/n-triples"}
_QUADS: Final = {"Content-Type": "application/n-quads"}
_ABSENT: Final = 404


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where a kind of server has its services, as patterns over the address of its Graph Store."""

    graphs: str
    query: str
    quads: str | None = None


_LAYOUTS: Final = (
    _Layout(r"(.*)/store", r"\1/query", r"\1/store"),  # Oxigraph
    _Layout(r"(.*)/sparql-graph-crud(?:-auth)?", r"\1/sparql"),  # Virtuoso
    _Layout(r"(.*)/data", r"\1/query", r"\1/data"),  # Fuseki
    _Layout(r"(.*/repositories/[^/]+)/rdf-graphs/service", r"\1", r"\1/statements"),  # RDF4J, GraphDB
)


class Remote:
    """The Graph Store at an address.

    Raises:
        StoreError: what is no address, or holds a password; every method: the store does not answer, or refuses.
    """

    batch: Final = 1 << 22

    def __init__(self, address: str, *, timeout: float | None = None, retries: int | None = None) -> None:
        self._client = Client(address, f"its Graph Store, such as {EXAMPLE}", timeout=timeout, retries=retries)
        self.name = self._address = address
        place = re.sub(r"[?&]graph=$", "", address)
        matches = ((layout, re.fullmatch(layout.graphs, place)) for layout in _LAYOUTS)
        found = next(((layout, match) for layout, match in matches if match), None)
        self._query = found[1].expand(found[0].query) if found else None
        self._quads = found[1].expand(found[0].quads) if found and found[0].quads else None

    def put(self, graphs: Mapping[str, bytes], merged: set[str]) -> None:
        """Replace graphs as a whole by N-Quads; those in `merged` keep what they hold."""
        there = self.counts(list(graphs)) if self._quads else {}
        together = [name for name in graphs if self._quads and name not in there]
        if len(together) > 1 and self._quads:
            body = b"".join(graphs[name] for name in together)
            answer = self._client.send("POST", self._quads, content=body, headers=_QUADS, allowed=_ELSEWHERE)
            if not answer.is_success:
                self._quads, together = None, []
        else:
            together = []
        for name in sorted(graphs.keys() - frozenset(together)):
            body = graphs[name].replace(f" <{name}> .\n".encode(), b" .\n")
            method = "POST" if name in merged else "PUT"
            self._client.send(method, self._of(name), content=body, headers=_TRIPLES)

    def counts(self, graphs: list[str]) -> dict[str, int]:
        """The number of triples of each of these graphs that is there."""
        values = " ".join(f"<{graph}>" for graph in graphs)
        found = self._select(
            f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"
        )
        if found is not None:
            return {graph: int(number) for graph, number in found if graph}
        counts = {}
        for graph in graphs:
            answer = self._client.send(
                "GET", self._of(graph), headers={"Accept": "application/n-triples"}, allowed={_ABSENT}
            )
            if answer.is_success:
                counts[graph] = sum(1 for line in answer.content.splitlines() if line.rstrip().endswith(b"."))
        return counts

    def articles(self) -> list[str]:
        """The graphs that are articles' or linksets'."""
        kinds = " UNION ".join(f"{{ GRAPH ?g {{ ?g a {CKG[kind]} }} }}" for kind in KINDS)
        return self._named(self._select(f"SELECT DISTINCT ?g WHERE {{ {kinds} }}"))

    def graphs_of(self, document: str) -> list[str]:
        """The graphs of an article, by its identifier or its IRI."""
        literal = '"' + "".join(_ESCAPES.get(c, c) for c in document) + '"'
        pattern = f"?g a {CKG['Article']} ; {DCTERMS['identifier']} ?document"
        condition = f"STR(?document) = {literal} || STR(?g) = {literal}"
        return self._named(self._select(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {pattern} }} FILTER({condition}) }}"))

    def _named(self, rows: list[tuple[str, ...]] | None) -> list[str]:
        if rows is None:
            problem = "cannot be asked which articles it holds"
            known = "the addresses of Oxigraph, Virtuoso, Fuseki, RDF4J and GraphDB tell where to ask"
            raise StoreError(self.name, problem, known)
        return sorted(row[0] for row in rows)

    def _select(self, query: str) -> list[tuple[str, ...]] | None:
        """The rows of a query, None where there is no endpoint to ask."""
        if self._query:
            headers = {"Accept": "application/sparql-results+json"}
            answer = self._client.send("POST", self._query, form={"query": query}, headers=headers, allowed=_ELSEWHERE)
            if answer.is_success:
                return result_of(answer, self._client.address).rows
            self._query = None
        return None

    def drop(self, graph: str) -> None:
        """Remove a graph."""
        self._client.send("DELETE", self._of(graph), allowed={_ABSENT})

    def close(self, *, done: bool, loaded: bool = False) -> None:  # noqa: ARG002 - a server orders its store itself
        """Let go of the connection."""
        self._client.close()

    def _of(self, graph: str) -> str:
        return graph_address(self._address, NamedNode(graph))


_ELSEWHERE: Final = frozenset((400, 404, 405, 406, 415, 501))
_ESCAPES: Final = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r"}


def graph_address(address: str, graph: NamedNode) -> str:
    """The address of one named graph in a Graph Store.

    >>> graph_address("http://127.0.0.1:7878/store", NamedNode("http://example.org/a#b"))
    'http://127.0.0.1:7878/store?graph=http%3A%2F%2Fexample.org%2Fa%23b'
    """
    if not re.search(r"[?&]graph=$", address):
        address += ("&" if "?" in address else "?") + "graph="
    return address + quote(graph.value, safe="")
