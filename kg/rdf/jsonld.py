"""JSON-LD with an inline context: readable keys, nothing fetched, the same bytes each time."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.rdf.vocabulary import PREFIXES, TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STRING: Final = XSD["string"]
_TAB: Final = "  "


def jsonld(quads: Iterable[Quad]) -> Iterator[bytes]:
    """JSON-LD 1.1 of sorted quads, piece by piece, one node a line."""
    yield b'{\n"@context": ' + _dump(PREFIXES) + b',\n"@graph": [\n'
    comma = b""
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        yield comma
        if isinstance(graph, DefaultGraph):
            yield from _nodes(members)
        else:
            yield b'{"@id": ' + _dump(graph.value) + b', "@graph": [\n'
            yield from _nodes(members)
            yield b"\n]}"
        comma = b",\n"
    yield b"\n]\n}\n"


def _nodes(quads: Iterable[Quad]) -> Iterator[bytes]:
    comma = b""
    for subject, members in groupby(quads, key=lambda quad: quad.subject):
        node: dict[str, Any] = {"@id": _id(subject)}
        for quad in members:
            if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
                node.setdefault("@type", []).append(_compact(quad.object.value))
            else:
                node.setdefault(_compact(quad.predicate.value), []).append(_value(quad.object))
        yield comma + _dump({key: value[0] if len(value) == 1 else value for key, value in node.items()})
        comma = b",\n"


def _id(term: Any) -> Any:
    return term.value if isinstance(term, NamedNode) else str(term)


def _value(term: Any) -> Any:
    if not isinstance(term, Literal):
        return {"@id": _id(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype == _STRING:
        return term.value
    return {"@value": term.value, "@type": _compact(term.datatype.value)}


def _compact(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
