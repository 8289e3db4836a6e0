"""An embedded Oxigraph store on disk, written to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kg import query, tables
from kg.errors import StoreError
from kg.rdf.readers import is_store, open_folder, stored
from kg.rdf.vocabulary import CKG, DCTERMS, TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("Article", "Linkset")
"""What the graphs of a store are: each bears the name of one."""


class Embedded:
    """The store in a folder, made where it is missing; once it is changed, the named queries' `tables` are kept there.

    Raises:
        StoreError: the folder holds something else, cannot be made or written to, or the store is in use.
    """

    batch: Final = 1 << 26

    def __init__(self, folder: Path, *, tables: bool = True) -> None:
        if folder.exists() and not is_store(folder) and (not folder.is_dir() or any(folder.iterdir())):
            raise StoreError(str(folder), "is there already and no store", "name a new folder, or that of a store")
        if not folder.parent.is_dir():
            raise StoreError(str(folder), f"there is no folder '{folder.parent}'", "make it first, or name another")
        self.name = str(folder)
        self._tables = tables
        try:
            self._store = Store(self.name)
        except (OSError, RuntimeError) as error:  # the latter is what a damaged store gives
            raise _unopened(folder, error) from error

    def put(self, graphs: Mapping[str, bytes], merged: set[str]) -> None:
        """Replace graphs as a whole by N-Quads; those in `merged` keep what they hold."""
        new = []
        try:
            for name, quads in graphs.items():
                if name in merged or not self._store.contains_named_graph(NamedNode(name)):
                    new.append(quads)
                else:
                    self._replace(NamedNode(name), quads)
            if new:
                self._store.bulk_load(b"".join(new), RdfFormat.N_QUADS)
        except (OSError, RuntimeError) as error:
            raise _unopened(Path(self.name), error) from error

    def _replace(self, name: NamedNode, quads: bytes) -> None:
        new = frozenset(_parsed(quads))
        old = frozenset(stored(self._store.quads_for_pattern(None, None, None, name)))
        # Added in one transaction, and before the stale ones go: broken off here, loading again repairs it.
        self._store.extend(new - old)
        for quad in old - new:
            self._store.remove(quad)

    def counts(self, graphs: list[str]) -> dict[str, int]:
        """The number of triples of each of these graphs that is there."""
        values = " ".join(f"<{graph}>" for graph in graphs)
        query = f"SELECT ?g (COUNT(*) AS ?n) {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"
        found: Any = self._store.query(query)
        return {row["g"].value: int(row["n"].value) for row in found}

    def articles(self) -> list[str]:
        """The graphs that are articles' or linksets'."""
        return sorted(set().union(*(self._graphs(TYPE, CKG[kind]) for kind in KINDS)))

    def graphs_of(self, document: str) -> list[str]:
        """The graphs of an article, by its identifier or its IRI."""
        by_identifier = self._graphs(DCTERMS["identifier"], Literal(document))
        return sorted(by_identifier | (self._graphs(TYPE, CKG["Article"]) & {document}))

    def _graphs(self, predicate: NamedNode, value: NamedNode | Literal) -> set[str]:
        names = (quad.graph_name for quad in self._store.quads_for_pattern(None, predicate, value, None))
        return {name.value for name in names if isinstance(name, NamedNode)}

    def drop(self, graph: str) -> None:
        """Remove a graph."""
        self._store.remove_graph(NamedNode(graph))

    def close(self, *, done: bool, loaded: bool = False) -> None:
        """Write all to disk, ordered for queries where much was added, and work out the tables if all is `done`."""
        if loaded and done:
            self._store.optimize()
        self._store.flush()
        del self._store
        if done and self._tables:
            tables.keep(self.name, query.tables(open_folder(self.name)))


def _parsed(quads: bytes) -> Any:
    return parse(quads, format=RdfFormat.N_QUADS)


def _unopened(folder: Path, error: Exception) -> StoreError:
    text = str(error)
    if "lock" in text.lower():
        return StoreError(str(folder), "is in use by another process", "stop that one, or load to its address")
    if isinstance(error, PermissionError) or "permission denied" in text.lower():
        return StoreError(str(folder), "no permission to write there", "name a folder that you may write to")
    return StoreError(str(folder), f"cannot be opened as a store ({text})", "name a new folder, or that of a store")
