"""Sorted nodes as Turtle and TriG: grouped by subject, IRIs shortened by prefix or base, as pyoxigraph writes them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from kg.rdf.vocabulary import PREFIXES, TYPE, XSD

if TYPE_CHECKING:
    from kg.rdf.order import Node

_TYPE: Final = str(TYPE)
_PLAIN: Final = re.compile(r"[a-z]+(?:/[\w%~-][\w%.~-]*)+(?:#[\w%~=,.-]+)?", re.ASCII)
"""The paths of data IRIs; below a base they stand for themselves."""

_BARE: Final = {
    str(XSD[name]): re.compile(pattern)
    for name, pattern in {
        "boolean": "true|false",
        "integer": "[+-]?[0-9]+",
        "decimal": r"[+-]?[0-9]*\.[0-9]+",
        "double": r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+",
    }.items()
}
"""The literals that Turtle writes without quotation marks and type."""


class Shortener:
    """Terms of N-Triples as Turtle writes them, IRIs below `base` relative to it."""

    def __init__(self, base: str) -> None:
        self.base = base if re.match("https?://", base) else None
        self._opening = f"<{self.base}" if self.base else None
        self.vocabulary = lru_cache(4096)(self._by_pyoxigraph)

    def header(self) -> str:
        """The declarations of base and prefixes, and a blank line."""
        lines = [f"@base <{self.base}> ."] if self.base else []
        return "\n".join([*lines, *(f"@prefix {prefix}: <{iri}> ." for prefix, iri in PREFIXES.items()), "", ""])

    def __call__(self, term: str) -> str:
        """One term."""
        if term[0] == '"':
            if term[-1] != ">":
                return term
            text, mark, datatype = term.rpartition("^^")
            if datatype in _BARE and _BARE[datatype].fullmatch(text, 1, len(text) - 1):
                return text[1:-1]
            return f"{text}{mark}{self.vocabulary(datatype)}"
        if self._opening and term.startswith(self._opening):
            path = term[len(self._opening) : -1]
            if _PLAIN.fullmatch(path):
                return f"<{path}>"
        return self.vocabulary(term) if term[0] == "<" else term

    def block(self, node: Node, indent: str = "") -> str:
        """A node's triples, without the line end behind them."""
        lines = []
        for predicate, objects in node.pairs:
            name = "a" if predicate == _TYPE else self.vocabulary(predicate)
            lines.append(f"{name} {' , '.join(map(self, objects))}")
        body = f" ;\n{indent}\t".join(lines)
        return f"{indent}{self(node.subject)} {body} ."

    def _by_pyoxigraph(self, term: str) -> str:
        node = NamedNode(term[1:-1])
        written = serialize(
            [Triple(_SAMPLE, _SAMPLE, node)], format=RdfFormat.TURTLE, prefixes=PREFIXES, base_iri=self.base
        )
        return (written or b"").decode().rstrip("\n").rpartition(f"{_SAMPLE} ")[2].removesuffix(" .")


_SAMPLE: Final = NamedNode("urn:x")
