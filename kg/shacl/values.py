"""What the terms of a graph are worth: their lengths, numbers and days, and whether they are well formed.

Told as rdflib tells it; where that cannot be done with certainty, it is not done.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import XSD

from kg.rdf.convert import to_term

if TYPE_CHECKING:
    import re

_DATE: Final = NamedNode(str(XSD.date))
_STRING: Final = NamedNode(str(XSD.string))
_WHOLE: Final = frozenset(NamedNode(str(datatype)) for datatype in (XSD.integer, XSD.nonNegativeInteger))
_DAY: Final = len("2020-10-23")
_FEW: Final = 18
_KEPT: Final = 1 << 14
"""Literals whose values are remembered: an article's offsets are those of the next as well."""
_PYTHON: Final = {
    XSD.integer: int,
    XSD.float: float,
    XSD.decimal: Decimal,
    XSD.boolean: bool,
    XSD.date: date,
    XSD.time: time,
    XSD.dateTime: datetime,
}
"""What a well-formed literal of a datatype is read as."""


class UnsureError(Exception):
    """A comparison whose outcome is pySHACL's to tell."""


def matches(value: Any, pattern: re.Pattern[str]) -> bool:
    """Whether a pattern is found in a term; blank nodes have no text."""
    return not isinstance(value, BlankNode) and pattern.search(value.value) is not None


def length(value: Any) -> float:
    """How many characters a term has.

    Raises:
        UnsureError: it is a blank node.
    """
    if isinstance(value, BlankNode):
        raise UnsureError
    return len(value.value)


def comparable(one: Any, two: Any) -> tuple[Any, Any]:
    """Two numbers, or two days without a time zone.

    Raises:
        UnsureError: they are neither.
    """
    a, b = _value(one), _value(two)
    if a is None or b is None or isinstance(a, date) is not isinstance(b, date):
        raise UnsureError
    return a, b


def number(value: Any) -> int | Decimal:
    """The number that a literal stands for.

    Raises:
        UnsureError: it stands for none.
    """
    found = _value(value)
    if found is None or isinstance(found, date):
        raise UnsureError
    return found


@lru_cache(_KEPT)
def _value(term: Any) -> int | Decimal | date | None:
    """What a literal stands for, if it is a number or a day without a time zone."""
    if not isinstance(term, Literal):
        return None
    if _is_count(term):
        return int(term.value)
    value = to_term(term).value
    if isinstance(value, date):
        return value if term.datatype == _DATE and len(term.value) == _DAY else None
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _is_count(literal: Literal) -> bool:
    """Whether a literal is a number that is written with a few digits only, as nearly all are."""
    text = literal.value
    return len(text) <= _FEW and text.isdecimal() and text.isascii() and literal.datatype in _WHOLE


def is_of(value: Any, datatype: NamedNode) -> bool:
    """Whether a term is a well-formed literal of a datatype."""
    if not isinstance(value, Literal) or value.datatype != datatype:
        return False
    return datatype == _STRING or _is_well_formed(value)


@lru_cache(_KEPT)
def _is_well_formed(literal: Literal) -> bool:
    if _is_count(literal):
        return True
    term: Any = to_term(literal)
    return not term.ill_typed and isinstance(term.value, _PYTHON.get(term.datatype, object))
