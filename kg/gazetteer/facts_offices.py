"""From the table of offices that was written by hand to rows of terms, and to the persons that no source has."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.gazetteer.names import fold, slug
from kg.gazetteer.table import PATTERNS, read_rows, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Row = dict[str, str]


def office_rows(path: Path, persons: Mapping[str, Row]) -> Iterator[Row]:
    """The terms in office, each with the entry of its person: one of `persons` of that name and country, or a new one.

    Raises:
        ValueError: a row lacks a day, or ends before it begins.
    """
    known = _by_name(persons)
    for line, row in enumerate(read_rows(path), start=2):
        days = (row["from"], row["to"])
        if not all(PATTERNS["valid_from"][0].fullmatch(day) for day in days) or days[0] > days[1]:
            raise ValueError(f"offices:{line}: '{days[0]}' to '{days[1]}' is no time in office")
        entry = known.get((row["country"], fold(row["person"]).casefold())) or slug(row["person"])
        yield {**row, "entry": entry}


def office_holders(rows: list[Row], persons: Mapping[str, Row]) -> Iterator[Row]:
    """The persons of `rows` that are not among `persons`."""
    terms: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["entry"] not in persons:
            terms[row["entry"]].append(row)
    for entry, held in terms.items():
        yield {
            "entry": entry,
            "label": held[0]["person"],
            "type": "Person",
            "country": held[0]["country"],
            "office": "|".join(sorted({row["office"] for row in held})),
            "valid_from": min(row["from"] for row in held),
            "valid_to": max(row["to"] for row in held),
            "source": "general knowledge",
        }


def _by_name(persons: Mapping[str, Row]) -> dict[tuple[str, str], str]:
    """Entries of persons by country and name."""
    found: dict[tuple[str, str], str] = {}
    for row in persons.values():
        if row["type"] == "Person":
            for name in (row["label"], *split(row.get("aliases", ""))):
                for country in split(row.get("country", "")):
                    found.setdefault((country, fold(name).casefold()), row["entry"])
    return found
