"""A graph file as one segment for each article, however large the file: N-Quads are cut where the graph changes.

Only N-Quads and embedded stores are streamed; the other formats, and triples outside any graph, are held in memory.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from kg.rdf import by_article, format_of, read
from kg.rdf.readers import open_folder, opened, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCK: Final = 1 << 22
_IRI: Final = rb'<[^\x00-\x20<>"{}|^`\\]*+>'
_LITERAL: Final = rb'"(?:[^"\\]++|\\.)*+"(?:@[A-Za-z0-9-]++|\^\^' + _IRI + rb")?+"
_LINE: Final = re.compile(_IRI + b" " + _IRI + b" (?:" + _IRI + b"|" + _LITERAL + b") (" + _IRI + rb") \.\n")
"""A line of canonical N-Quads with a named graph; any other line goes through a parser."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Quads of one graph that stand together in a file."""

    graph: str
    """The IRI of the graph."""
    quads: bytes
    """N-Quads, a line each."""
    share: float
    """How much of the file was read when the segment ended, from 0 to 1."""

    @property
    def count(self) -> int:
        """The number of distinct quads."""
        return len(frozenset(self.quads.splitlines()))

    @property
    def triples(self) -> bytes:
        """The same as N-Triples, for a place that names the graph itself."""
        return self.quads.replace(f" <{self.graph}> .\n".encode(), b" .\n")


def segments(path: str | Path) -> Iterator[Segment]:
    """The segments of a graph file or of an embedded store's folder, always in the same order.

    A graph that the file does not keep together comes in several segments.

    Raises:
        FormatError, GraphError, StoreError: as :func:`kg.rdf.read`; triples that belong to no article.
    """
    place = Path(path)
    if place.is_dir():
        store = open_folder(place)
        names = sorted(name.value for name in store.named_graphs() if isinstance(name, NamedNode))
        for number, name in enumerate(names, start=1):
            quads = stored(store.quads_for_pattern(None, None, None, NamedNode(name)))
            yield _segment(name, quads, number / len(names))
    elif format_of(place).rdf == RdfFormat.N_QUADS:
        with opened(place) as (file, _):
            yield from _streamed(file, place)
    else:
        yield from _grouped(read(place), place)


def _grouped(quads: Iterable[Quad], place: Path) -> Iterator[Segment]:
    graphs = by_article(quads, str(place))
    for number, name in enumerate(sorted(graphs, key=str), start=1):
        yield _segment(name.value, graphs[name], number / len(graphs))


def _segment(name: str, quads: Iterable[Quad], share: float) -> Segment:
    return Segment(name, cast("bytes", serialize(quads, format=RdfFormat.N_QUADS)), share)


def _streamed(file: IO[bytes], place: Path) -> Iterator[Segment]:
    raw = cast("IO[bytes]", file.fileobj) if isinstance(file, gzip.GzipFile) else file
    size = place.stat().st_size or 1
    loose: list[Quad] = []
    rest, line, last = b"", 0, False
    while not last:
        block = file.read(_BLOCK)
        last = not block
        data, start = rest + block, 0
        if last and data and not data.endswith(b"\n"):
            data += b"\n"
        whole = data.rfind(b"\n") + 1
        while (end := data.find(b"\n", start) + 1) > start:
            found = _LINE.match(data, start)
            if found:
                end = _run(data, start, found[1])
                if end == whole and not last:
                    break  # it may go on in the next block
                quads = data[start:end]
                yield Segment(found[1][1:-1].decode(), quads, raw.tell() / size)
                line += quads.count(b"\n")
            else:
                line += 1
                yield from _odd(data[start:end], line, loose, raw.tell() / size)
            start = end
        rest = data[start:]
    if loose:
        yield from _grouped(loose, place)


def _run(data: bytes, start: int, graph: bytes) -> int:
    """The end of the lines from `start` on that are of one graph."""
    tail = b" " + graph + b" .\n"
    end, step = start, 1 << 14
    while end < len(data):
        window = data.rfind(b"\n", end, end + step) + 1
        if window:
            last = data.rfind(tail, end, window) + len(tail)
            if data.count(tail, end, last) != data.count(b"\n", end, last):
                return _line_by_line(data, end, tail)
            end = max(end, last)
            if end < window:
                return end
        elif end + step >= len(data):
            return end
        step *= 2
    return end


def _line_by_line(data: bytes, end: int, tail: bytes) -> int:
    while (after := data.find(b"\n", end) + 1) and data.endswith(tail, end, after):
        end = after
    return end


def _odd(line: bytes, number: int, loose: list[Quad], share: float) -> Iterator[Segment]:
    """What a parser makes of a line that is not canonical; a triple without graph joins `loose`."""
    try:
        quads = list(parse(line, format=RdfFormat.N_QUADS))
    except SyntaxError as error:
        error.lineno = number
        raise
    for quad in cast("list[Quad]", quads):
        if isinstance(quad.graph_name, NamedNode):
            yield _segment(quad.graph_name.value, [quad], share)
        else:
            loose.append(quad)
