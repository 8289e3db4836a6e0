"""The gazetteer's rows: their columns, what each may hold, and how they are read and written."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from kg.errors import GazetteerError
from kg.model import ActorType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

SCHEMES: Final = {
    "wikidata": "wikidata",
    "iso2": "iso2",
    "iso3": "iso3",
    "gleditsch_ward": "gleditschWard",
    "cow": "correlatesOfWar",
    "cameo": "cameo",
    "geonames": "geonames",
    "wikipedia": "wikipedia",
}
"""Columns of identifiers, and the scheme that each stands for."""

DATASETS: Final = {"dbpedia": "wikipedia", "geonames": "geonames", "wikidata": "wikidata"}
"""Datasets that have an IRI for what an entry is, and the scheme of the identifier that leads there."""

LISTS: Final = ("aliases", "ambiguous_aliases", "demonyms", "metonyms", "country")
"""Columns whose values are joined with ``|``."""

COLUMNS: Final = (
    "entry",
    "label",
    "type",
    *LISTS,
    "office",
    "valid_from",
    "valid_to",
    *SCHEMES,
    "source",
)
REQUIRED: Final = ("entry", "label", "type")

PATTERNS: Final = {
    "entry": (re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"), "lower-case words joined by hyphens, such as 'mali'"),
    "country": (re.compile(r"[A-Z]{3}(\|[A-Z]{3})*"), "ISO 3166 alpha-3 codes joined by '|', such as 'AZE|ARM'"),
    "valid_from": (re.compile(r"\d{4}-\d{2}-\d{2}"), "a date, such as '1994-05-12'"),
    "valid_to": (re.compile(r"\d{4}-\d{2}-\d{2}"), "a date, such as '1994-05-12'"),
    "wikidata": (re.compile(r"Q[1-9]\d*"), "a Wikidata item, such as 'Q227'"),
    "iso2": (re.compile(r"[A-Z]{2}"), "two capitals, such as 'AZ'"),
    "iso3": (re.compile(r"[A-Z]{3}"), "three capitals, such as 'AZE'"),
    "gleditsch_ward": (re.compile(r"\d{1,4}"), "a number, such as '373'"),
    "cow": (re.compile(r"\d{1,4}"), "a number, such as '373'"),
    "cameo": (re.compile(r"[A-Z]{3,15}"), "capitals, such as 'AZE'"),
    "geonames": (re.compile(r"[1-9]\d*"), "a number, such as '587116'"),
}
"""What a value must look like, as an expression and in words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An actor that the gazetteer knows.

    `country` holds ISO alpha-3 codes; `valid_from` and `valid_to` bound the existence of a state, or the known time in
    office of a person (an absent bound is unknown); `identifiers` are (scheme, value), sorted.
    """

    entry: str
    label: str
    type: ActorType
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    """Names that need support from the context; the label may be among them."""
    demonyms: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    """Capitals and seats of government that stand for the actor."""
    country: tuple[str, ...] = ()
    office: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    source: str = ""

    def identifier(self, scheme: str) -> str | None:
        """The value under `scheme`, such as ``wikidata``; None where none is known."""
        return dict(self.identifiers).get(scheme)

    def linked(self) -> Iterator[tuple[str, str]]:
        """(dataset, identifier that leads there) of each of :data:`DATASETS` that has the entry, in their order."""
        return ((dataset, value) for dataset, scheme in DATASETS.items() if (value := self.identifier(scheme)))


def split(value: str) -> tuple[str, ...]:
    """The parts of a list column, in order, without empty ones."""
    return tuple(part for part in map(str.strip, value.split("|")) if part)


def problem(row: Mapping[str, str]) -> str:
    """What is wrong with a row, or the empty string."""
    for column in REQUIRED:
        if not row.get(column):
            return f"the row lacks its {column}"
    if row["type"] not in {t.value for t in ActorType}:
        return f"unknown type '{row['type']}'; known: {', '.join(t.value for t in ActorType)}"
    for column, (pattern, words) in PATTERNS.items():
        value = row.get(column, "")
        if value and not pattern.fullmatch(value):
            return f"{column} '{value}' is not {words}"
    for column in ("valid_from", "valid_to"):
        try:
            _day(row.get(column, ""))
        except ValueError:
            return f"{column} '{row[column]}' is no day of the calendar"
    return ""


def to_entry(row: Mapping[str, str]) -> Entry:
    """The entry that a sound row describes."""
    get = row.get
    return Entry(
        entry=row["entry"],
        label=row["label"],
        type=ActorType(row["type"]),
        aliases=split(get("aliases", "")),
        ambiguous=split(get("ambiguous_aliases", "")),
        demonyms=split(get("demonyms", "")),
        metonyms=split(get("metonyms", "")),
        country=split(get("country", "")),
        office=get("office", ""),
        valid_from=_day(get("valid_from", "")),
        valid_to=_day(get("valid_to", "")),
        identifiers=tuple(sorted((scheme, value) for column, scheme in SCHEMES.items() if (value := get(column, "")))),
        source=get("source", ""),
    )


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one of the package's own tables, as they stand."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_checked(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a user's table with the number of the line that each ends on, checked.

    Raises:
        GazetteerError: the file cannot be read, or a line is broken; the message says which.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _checked(path, csv.DictReader(file, strict=True))
    except OSError as error:
        raise GazetteerError(str(path), error.strerror or "cannot be read", "name a CSV file") from error
    except UnicodeDecodeError as error:
        raise GazetteerError(str(path), "is not UTF-8", "save the table as UTF-8") from error


def _checked(path: Path, reader: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        header = list(reader.fieldnames or ())
        unknown, missing = sorted(set(header) - set(COLUMNS)), [c for c in REQUIRED if c not in header]
        if unknown or missing:
            fault = f"unknown column '{unknown[0]}'" if unknown else f"the column '{missing[0]}' is missing"
            raise GazetteerError(f"{path}:1", fault, f"the columns are {', '.join(COLUMNS)}")
        for row in reader:
            where = f"{path}:{reader.line_num}"
            if None in row or None in row.values():
                raise GazetteerError(where, f"the row has not {len(header)} fields", "quote values that hold a comma")
            if fault := problem(row):
                raise GazetteerError(where, fault)
            yield reader.line_num, row
    except csv.Error as error:
        # The reader counts a line when it is through with it: the broken row begins on the next one.
        where = f"{path}:{reader.line_num + 1}"
        raise GazetteerError(where, f"broken CSV: {error}", "quote values that hold a quote") from error


def write_rows(path: Path, columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table: UTF-8, line feeds, the columns in order."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
