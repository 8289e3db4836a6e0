"""UCDP GED, the Georeferenced Event Dataset: the csv of its releases and of the candidate events.

Columns and codes: UCDP GED Codebook, https://ucdp.uu.se/downloads/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.link.records import Dataset, Deaths, Extent, Record, Side
from kg.link.tables import BrokenRowError, Layout, code, day, degrees, identifier, names, records, whole, window
from kg.link.words import section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYOUT: Final = Layout(
    "UCDP GED",
    (
        *("id", "type_of_violence", "side_a", "side_b", "where_prec", "where_coordinates", "adm_1", "latitude"),
        *("longitude", "country", "country_id", "date_prec", "date_start", "date_end", "best", "high", "low"),
    ),
)
_PARTS: Final = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


def read(path: Path) -> Iterator[Record]:
    """The events of a file, one at a time.

    Raises:
        DatasetError: the file cannot be read, has other columns, or has a broken row.
    """
    return records(path, LAYOUT, _record)


def _record(row: dict[str, str]) -> Record:
    words = section("ucdp")
    begin, end = day(row["date_start"], "date_start"), day(row["date_end"], "date_end")
    if end < begin:
        raise BrokenRowError(f"date_end {end} lies before date_start {begin}")
    begin, end = window(begin, end, code(row["date_prec"], "date_prec", words["date"]))
    low, best, high = (whole(row[column], column) for column in ("low", "best", "high"))
    if not low <= best <= high:
        raise BrokenRowError(f"low {low}, best {best} and high {high} are in no order")
    parts = tuple((column, count) for column in _PARTS if (count := whole(row.get(column, ""), column)))
    return Record(
        dataset=Dataset.UCDP,
        id=identifier(row["id"], "id"),
        begin=begin,
        end=end,
        latitude=degrees(row["latitude"], "latitude", 90),
        longitude=degrees(row["longitude"], "longitude", 180),
        extent=Extent(code(row["where_prec"], "where_prec", words["where"])),
        places=names(row["where_coordinates"]),
        regions=names(row["adm_1"], row.get("adm_2", "")),
        country=Side(row["country"].strip(), _number(row["country_id"])),
        sides=tuple(
            Side(row[column].strip(), _number(row.get(number, "")))
            for column, number in (("side_a", "gwnoa"), ("side_b", "gwnob"))
            if row[column].strip()
        ),
        types=tuple(words["types"]),
        kind=code(row["type_of_violence"], "type_of_violence", words["violence"]),
        deaths=Deaths(low, best, high, parts),
        source=" ".join((row.get("source_article") or row.get("source_original") or "").split()),
    )


def _number(value: str) -> tuple[tuple[str, str], ...]:
    text = value.strip().removesuffix(".0")
    return (("gleditschWard", text),) if text.isdigit() and int(text) else ()
