"""Loading into triple stores: a named graph for each article, replaced as a whole; loading again changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from kg.errors import StoreError
from kg.store.embedded import Embedded
from kg.store.journal import Journal
from kg.store.remote import EXAMPLE, Remote, graph_address
from kg.store.segments import Segment, segments

__all__ = ["Told", "delete", "graph_address", "load"]

Told = Callable[[float, int], None]
"""Hears how far a load is: the share of the source, from 0 to 1, and the articles loaded so far."""

_CHECKED: Final = 100


class Target(Protocol):
    """A store that articles' graphs are put into."""

    name: str

    @property
    def batch(self) -> int:
        """Bytes of N-Quads that go in at once."""

    def put(self, graphs: Mapping[str, bytes], merged: set[str]) -> None:
        """Replace graphs as a whole by N-Quads; those in `merged` keep what they hold."""

    def counts(self, graphs: list[str]) -> dict[str, int]:
        """The number of triples of each of these graphs that is there."""

    def articles(self) -> list[str]:
        """The graphs that are articles'."""

    def graphs_of(self, document: str) -> list[str]:
        """The graphs of an article, by its identifier or its IRI."""

    def drop(self, graph: str) -> None:
        """Remove a graph."""

    def close(self, *, done: bool, loaded: bool = False) -> None:
        """Let go of the store, in which all is `done`, and to which much was added where `loaded`."""


def load(
    graph: str | Path,
    to: str | Path,
    *,
    replace: bool = False,
    tables: bool = True,
    timeout: float | None = None,
    retries: int | None = None,
    told: Told = lambda _share, _articles: None,
) -> int:
    """Load a graph file into a store; returns the number of articles' graphs.

    What a broken off load has loaded is not loaded again. At the end each graph's triples are counted in the store.

    Args:
        graph: a graph file, or an embedded store's folder.
        to: the address of a Graph Store (``http://127.0.0.1:7878/store?graph=``; SPARQL 1.1 Graph Store HTTP
            Protocol), or the folder of an embedded Oxigraph store, made where it is missing.
        replace: remove the articles that the store holds and `graph` does not.
        tables: work out what the named queries give, and keep it in an embedded store's folder, so that they are
            answered at once.
        timeout: seconds to wait for each answer; 60 unless told.
        retries: how often a request is repeated where the store does not answer or is busy; 5 unless told.
        told: hears how far it is.

    Raises:
        FormatError, GraphError: the graph cannot be read.
        StoreError: the store does not answer, refuses, is in use, or holds something else in the end.
    """
    source = Path(graph)
    parts = segments(source)
    first = list(islice(parts, 1))  # so that nothing is made of a graph that cannot be read
    target = _target(to, timeout, retries, tables=tables)
    loaded = finished = False
    journal = Journal(source, target.name)
    try:
        for segment in _fill(target, journal, (segment for some in (first, parts) for segment in some)):
            loaded = True
            told(segment.share, len(journal))
        wrong = _wrong(target, journal)
        if wrong:
            _mend(target, source, frozenset(wrong))
            wrong = _wrong(target, journal)
        if wrong:
            name = next(iter(wrong))
            problem = f"holds {wrong[name]} triples of <{name}>, and the graph more or fewer"
            raise StoreError(target.name, problem, "see the store's log, then load again")
        if replace:
            for name in target.articles():
                if name not in journal:
                    target.drop(name)
        finished = True
        return len(journal)
    finally:
        journal.close(finished=finished)
        target.close(done=finished, loaded=loaded)


def delete(
    documents: Iterable[str],
    to: str | Path,
    *,
    tables: bool = True,
    timeout: float | None = None,
    retries: int | None = None,
) -> int:
    """Remove articles, by their identifiers or IRIs, from a store; returns how many graphs are gone.

    Raises:
        StoreError: as :func:`load`; or the store has no such article, and then nothing is removed.
    """
    if not re.match("https?://", str(to), re.IGNORECASE) and not Path(to).is_dir():
        raise StoreError(str(to), "there is no such store", "name the store's folder or address")
    target = _target(to, timeout, retries, tables=tables)
    done = False
    try:
        found = {document: target.graphs_of(document) for document in documents}
        for document, names in found.items():
            if not names:
                raise StoreError(target.name, f"has no article '{document}'", "the query articles lists them")
        gone = sorted({name for names in found.values() for name in names})
        for name in gone:
            target.drop(name)
        done = True
        return len(gone)
    finally:
        target.close(done=done)


def _target(to: str | Path, timeout: float | None, retries: int | None, *, tables: bool) -> Target:
    address = str(to)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", address)
    if not scheme:
        return Embedded(Path(to), tables=tables)
    if scheme[1].lower() not in {"http", "https"}:
        raise StoreError(address, f"cannot load to '{scheme[1]}://'", f"give an address such as {EXAMPLE}, or a folder")
    return Remote(address, timeout=timeout, retries=retries)


def _fill(target: Target, journal: Journal, parts: Iterable[Segment]) -> Iterator[Segment]:
    """Put in what the journal does not have yet; yields the last segment of each batch."""
    for batch in _batches(islice(parts, journal.done, None), target.batch):
        known = {segment.graph for segment in batch if segment.graph in journal}
        target.put(_joined(batch), known)
        journal.add(batch)
        yield batch[-1]


def _batches(parts: Iterable[Segment], size: int) -> Iterator[list[Segment]]:
    batch: list[Segment] = []
    held = 0
    for segment in parts:
        batch.append(segment)
        held += len(segment.quads)
        if held >= size:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _joined(batch: Iterable[Segment]) -> dict[str, bytes]:
    graphs: dict[str, bytes] = {}
    for segment in batch:
        graphs[segment.graph] = graphs.get(segment.graph, b"") + segment.quads
    return graphs


def _wrong(target: Target, journal: Journal) -> dict[str, int]:
    """The graphs whose number of triples is not what was loaded, and what it is."""
    wrong = {}
    counts = journal.counts()
    while some := {graph: (number, exact) for graph, number, exact in islice(counts, _CHECKED)}:
        there = target.counts(list(some))
        for graph, (number, exact) in some.items():
            found = there.get(graph, 0)
            if found != number if exact else found < number:
                wrong[graph] = found
    return wrong


def _mend(target: Target, source: Path, wrong: frozenset[str]) -> None:
    """Put in anew what went wrong, such as what a store lost that stopped."""
    seen: set[str] = set()
    for batch in _batches((segment for segment in segments(source) if segment.graph in wrong), target.batch):
        graphs = _joined(batch)
        target.put(graphs, seen & graphs.keys())
        seen |= graphs.keys()
