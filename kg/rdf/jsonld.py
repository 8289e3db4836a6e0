"""JSON-LD with an inline context: readable keys, nothing fetched, the same bytes each time, one node a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kg.rdf.order import value
from kg.rdf.vocabulary import PREFIXES, TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.rdf.order import Node

_TYPE: Final = str(TYPE)
_STRING: Final = str(XSD["string"])


def head() -> str:
    """What a file opens with."""
    return f'{{\n"@context": {_dump(PREFIXES)},\n"@graph": [\n'


def tail() -> str:
    """What a file ends with."""
    return "\n]\n}\n"


def graph(name: str, nodes: Iterable[Node]) -> str:
    """Sorted nodes as the graph called `name`; of the default graph, whose name is empty, the nodes alone."""
    inside = ",\n".join(map(_node, nodes))
    return f'{{"@id": {_dump(name)}, "@graph": [\n{inside}\n]}}' if name else inside


def _node(node: Node) -> str:
    keys: dict[str, Any] = {"@id": _id(node.subject)}
    for predicate, objects in node.pairs:
        typing = predicate == _TYPE and all(term.startswith("<") for term in objects)
        values = [_compact(term[1:-1]) if typing else _value(term) for term in objects]
        keys["@type" if typing else _compact(predicate[1:-1])] = values[0] if len(values) == 1 else values
    return _dump(keys)


def _id(term: str) -> str:
    return term[1:-1] if term.startswith("<") else term


def _value(term: str) -> Any:
    if not term.startswith('"'):
        return {"@id": _id(term)}
    mark = term[term.rindex('"') + 1 :]
    if mark.startswith("@"):
        return {"@value": value(term), "@language": mark[1:]}
    if mark in {"", f"^^{_STRING}"}:
        return value(term)
    return {"@value": value(term), "@type": _compact(mark[3:-1])}


def _compact(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _dump(item: Any) -> str:
    return json.dumps(item, ensure_ascii=False)
