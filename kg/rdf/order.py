"""The order in which quads are written: by graph, subject, rdf:type first, predicate, object; numbers as numbers.

An article comes first, then its statements and situations, then its spans; actors that articles share come last.
Terms are sorted as N-Triples writes them, which costs a fraction of what it costs on term objects.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from pyoxigraph import DefaultGraph, Quad, RdfFormat, serialize

from kg.rdf.vocabulary import CKG, TYPE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

Natural: TypeAlias = tuple[tuple[int, str], ...]
SubjectKey: TypeAlias = tuple[bool, Natural, int, Natural, str]

_DIGITS: Final = re.compile("([0-9]+)")
_LONG: Final = 200
_TYPE: Final = str(TYPE)
_IS_ARTICLE: Final = f"{TYPE} {CKG['Article']}"
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class Node(NamedTuple):
    """A subject with its predicates and their objects, each term as N-Triples writes it, all sorted."""

    subject: str
    pairs: list[tuple[str, list[str]]]

    def lines(self, graph: str = "") -> Iterator[str]:
        """Its triples as lines of N-Triples, or of N-Quads if `graph` gives the graph's term."""
        end = f" {graph} .\n" if graph else " .\n"
        for predicate, objects in self.pairs:
            for term in objects:
                yield f"{self.subject} {predicate} {term}{end}"


def natural(text: str) -> Natural:
    """A key that sorts the digits in `text` as numbers.

    >>> sorted(["#char=10,12", "#char=9,12"], key=natural)
    ['#char=9,12', '#char=10,12']
    """
    parts = _DIGITS.split(text)
    key = [(0, part) for part in parts]
    for i in range(1, len(parts), 2):
        key[i] = int(parts[i]), parts[i]
    return tuple(key)


def by_graph(quads: Iterable[Quad]) -> Iterator[tuple[str, list[str]]]:
    """Each graph's IRI, empty for the default graph, and its triples as lines of N-Triples; sorted by the IRI."""
    graphs = defaultdict(list)
    for quad in quads:
        graphs[quad.graph_name].append(quad)
    named = {"" if isinstance(graph, DefaultGraph) else graph.value: graph for graph in graphs}
    for name in sorted(named):
        # Quads are faster to write than to make triples of; what stands behind their objects is cut off.
        end = f" <{name}> .\n" if name else " .\n"
        text = serialize(graphs.pop(named[name]), format=RdfFormat.N_QUADS) or b""
        yield name, [f"{line} ." for line in text.decode().split(end)[:-1]]


def lines(quads: Iterable[Quad]) -> list[str]:
    """The triples of quads as lines of N-Triples, without line ends."""
    return [line for _, triples in by_graph(quads) for line in triples]


def articles(triples: Iterable[str]) -> set[str]:
    """The IRIs of the articles that lines of N-Triples describe."""
    return {line[1 : line.index(">")] for line in triples if _IS_ARTICLE in line}


def ordered(triples: Iterable[str], names: Collection[str]) -> Iterator[Node]:
    """Lines of N-Triples, each once, as sorted nodes; `names` are the IRIs of the articles among the subjects."""
    # Sorted as text, what belongs together stands together; only where each subject begins has to be kept beside it.
    rows = sorted(triples)
    starts: dict[str, int] = {}
    opening = "\n"
    for i, row in enumerate(rows):
        if not row.startswith(opening):
            opening = row[: row.index(" ") + 1]
            starts[opening] = i
    for opening in sorted(starts, key=lambda o: subject_key(o[:-1], names)):
        pairs: list[tuple[str, list[str]]] = []
        last = known = ""
        i = starts[opening]
        while i < len(rows) and rows[i].startswith(opening):
            row = rows[i]
            i += 1
            if row != last:
                predicate, _, rest = row[len(opening) :].partition(" ")
                if predicate != known:
                    pairs.append((predicate, []))
                    known = predicate
                pairs[-1][1].append(rest[:-2])
                last = row
        pairs.sort(key=_pair_key)
        for _, objects in pairs:
            if len(objects) > 1:
                objects.sort(key=object_key)
        yield Node(opening[:-1], pairs)


def subject_key(subject: str, names: Collection[str]) -> SubjectKey:
    """What subjects are sorted by."""
    article, _, fragment = _iri(subject).partition("#")
    rank = 0 if not fragment else 2 if fragment.startswith("char=") else 1
    return article not in names, _natural(article), rank, natural(fragment), subject


@lru_cache(1024)
def predicate_key(predicate: str) -> str:
    """What predicates of one subject are sorted by."""
    return "" if predicate == _TYPE else _iri(predicate)


def _pair_key(pair: tuple[str, list[str]]) -> str:
    return predicate_key(pair[0])


@lru_cache(65536)
def _short_key(term: str) -> tuple[Natural, str]:
    return natural(value(term)[:_LONG]), term


def object_key(term: str) -> tuple[Natural, str]:
    """What objects of one predicate are sorted by: their value's beginning, then all of them."""
    return _short_key(term) if len(term) < _LONG else (natural(value(term)[:_LONG]), term)


def value(term: str) -> str:
    r"""The value of a term as N-Triples writes it.

    >>> value(r'"two\nlines"@en')
    'two\nlines'
    """
    if not term.startswith('"'):
        return _iri(term)
    text = term[1 : term.rindex('"')]
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(escape: re.Match[str]) -> str:
    mark = escape[1]
    return chr(int(mark[1:], 16)) if mark[0] in "uU" and len(mark) > 1 else _ESCAPED.get(mark, mark)


def _iri(term: str) -> str:
    return term[1:-1] if term.startswith("<") else term[2:]


_natural = lru_cache(1024)(natural)


def encoded(key: tuple[object, ...]) -> bytes:
    r"""A key of numbers, strings and tuples of such as bytes that sort as it does.

    >>> keys = [(0, natural(text)) for text in ("a2", "a10", "a", "b", "a2b", "a02")]
    >>> sorted(keys) == sorted(keys, key=encoded)
    True
    """
    return b"".join(_encoded(part) for part in key)


def _encoded(part: object) -> bytes:
    """Bytes none of which open another's: the end of a string or tuple sorts before all that could go on there."""
    if isinstance(part, str):
        return part.encode().replace(b"\0", b"\0\1") + b"\0\0"
    if isinstance(part, tuple):
        return b"".join(b"\1" + _encoded(inner) for inner in part) + b"\0"
    digits = str(int(part)).encode()  # type: ignore[call-overload]
    return len(digits).to_bytes(4, "big") + digits
