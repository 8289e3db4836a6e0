"""Literals, built from typed values only, in the lexical form that every store gives back unchanged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pyoxigraph import Literal

from kg.rdf.vocabulary import GEOSPARQL, XSD

_SINCE = {4: "gYear", 7: "gYearMonth", 10: "date"}


def string(value: str) -> Literal:
    """A plain string; every character but a lone surrogate is kept."""
    return Literal(value)


def integer(value: int) -> Literal:
    """An xsd:integer."""
    return Literal(str(value), datatype=XSD["integer"])


def offset(value: int) -> Literal:
    """A character offset, an xsd:nonNegativeInteger as NIF wants it."""
    return Literal(str(value), datatype=XSD["nonNegativeInteger"])


def boolean(value: bool) -> Literal:
    """An xsd:boolean."""
    return Literal("true" if value else "false", datatype=XSD["boolean"])


def day(value: date) -> Literal:
    """An xsd:date."""
    return Literal(value.isoformat(), datatype=XSD["date"])


def decimal(value: float) -> Literal:
    """An xsd:decimal of at most four places, without trailing zeros.

    >>> decimal(0.90).value, decimal(1.0).value
    ('0.9', '1')
    """
    text = f"{Decimal(repr(float(value))):.4f}".rstrip("0").rstrip(".")
    return Literal("0" if text == "-0" else text, datatype=XSD["decimal"])


def point(latitude: float, longitude: float) -> Literal:
    """A geosparql:wktLiteral of a point in WGS 84, longitude first as its default reference system wants it.

    >>> point(-1.67409, 29.22845).value
    'POINT(29.2284 -1.6741)'
    """
    return Literal(f"POINT({decimal(longitude).value} {decimal(latitude).value})", datatype=GEOSPARQL["wktLiteral"])


def uri(value: str) -> Literal:
    """An xsd:anyURI."""
    return Literal(value, datatype=XSD["anyURI"])


def since(value: str) -> Literal:
    """An xsd:gYear, xsd:gYearMonth or xsd:date, by the length of `value`.

    Raises:
        ValueError: `value` is none of the three.
    """
    if len(value) not in _SINCE:
        raise ValueError(f"since '{value}' must be a year, a year and month, or a date")
    date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    return Literal(value, datatype=XSD[_SINCE[len(value)]])
