"""The SPARQL 1.1 Protocol for queries: what a request asks, and in which format it wants the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from kg.query import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TABLES: Final = {
    "application/sparql-results+json": "application/sparql-results+json",
    "application/json": "application/sparql-results+json",
    "application/sparql-results+xml": "application/sparql-results+xml",
    "application/xml": "application/sparql-results+xml",
    "text/csv": "text/csv",
    "text/tab-separated-values": "text/tab-separated-values",
}
"""The media types for SELECT and ASK that may be asked for, and what is answered."""
GRAPHS: Final = {
    "text/turtle": "text/turtle",
    "application/n-triples": "application/n-triples",
    "application/rdf+xml": "application/rdf+xml",
    "application/ld+json": "application/ld+json",
}
"""The same for CONSTRUCT, DESCRIBE and the service description."""
ROWS: Final = {"application/json": "rows/json", "text/csv": "rows/csv"}
"""The same for the named queries."""

_FORM: Final = "application/x-www-form-urlencoded"
_IRI: Final = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')
_MOST_FIELDS: Final = 1000


class RefusedError(Exception):
    """A request that is not answered: the HTTP status, a line that says why, and headers."""

    def __init__(self, status: int, problem: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.problem = problem
        self.headers = headers or {}
        super().__init__(status, problem)


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and the graphs that the request chooses for it; None where it does not."""

    text: str
    default: list[str] | None = None
    named: list[str] | None = None
    types: Mapping[str, str] = field(default_factory=dict)


def question(method: str, address_query: bytes, content_type: str, body: bytes) -> Question | None:
    """What a request asks; None for a request without a query, which wants the service description.

    Raises:
        RefusedError: it is malformed, or would change the store.
    """
    fields = _fields(address_query)
    if method == "POST":
        kind = content_type.partition(";")[0].strip().lower()
        if kind == _FORM:
            fields = _fields(body)
        elif kind == "application/sparql-query":
            fields = [*(pair for pair in fields if pair[0] != "query"), ("query", _text(body))]
        elif kind == "application/sparql-update":
            raise _read_only()
        else:
            raise RefusedError(415, f"send the query as {_FORM} or application/sparql-query")
    if any(name == "update" for name, _ in fields):
        raise _read_only()
    texts = [value for name, value in fields if name == "query"]
    if not texts and method != "POST":
        return None
    if len(texts) != 1:
        raise RefusedError(400, f"a request has one query, and this one {len(texts) or 'none'}")
    kind = kind_of(texts[0])
    types = GRAPHS if kind in {"CONSTRUCT", "DESCRIBE"} else TABLES
    return Question(texts[0], _graphs(fields, "default-graph-uri"), _graphs(fields, "named-graph-uri"), types)


def negotiated(accept: str, types: Mapping[str, str]) -> str:
    """The type to answer in, of those that are had: the client's first choice, ours where it has several.

    >>> negotiated("text/csv;q=0.5, text/*;q=0.4, application/json", TABLES)
    'application/sparql-results+json'

    Raises:
        RefusedError: 406, none suits the client.
    """
    if not accept.strip():
        return next(iter(types.values()))
    wanted = dict(_wanted(accept))
    best = max(types, key=lambda name: _weight(name, wanted))
    if _weight(best, wanted) <= 0:
        raise RefusedError(406, f"this is had as {', '.join(types)}")
    return types[best]


def _weight(name: str, wanted: Mapping[str, float]) -> float:
    general = f"{name.partition('/')[0]}/*"
    return next((wanted[pattern] for pattern in (name, general, "*/*") if pattern in wanted), 0.0)


def _wanted(accept: str) -> Sequence[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights = [p[2:].strip() for p in parameters if p.startswith("q=")]
        valid = re.fullmatch(r"[01](?:\.\d{0,3})?", weights[0]) if weights else None
        found.append((name, float(weights[0]) if valid else 1.0 if not weights else 0.0))
    return found


def _graphs(fields: Sequence[tuple[str, str]], parameter: str) -> list[str] | None:
    iris = [value for name, value in fields if name == parameter]
    for iri in iris:
        if not _IRI.fullmatch(iri):
            raise RefusedError(400, f"{parameter} '{iri[:100]}' is no absolute IRI")
    return iris or None


def _fields(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise RefusedError(400, f"the fields cannot be decoded: {error}") from error


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise RefusedError(400, f"the query is no UTF-8: {error.reason}") from error


def _read_only() -> RefusedError:
    return RefusedError(403, "this endpoint is read-only: it answers queries, no updates")
