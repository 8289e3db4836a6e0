"""ACLED, Armed Conflict Location & Event Data: the csv of its export tool and of its API.

Columns and codes: ACLED Codebook, https://acleddata.com/
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from kg.link.records import Dataset, Deaths, Extent, Record, Side
from kg.link.tables import BrokenRowError, Layout, code, degrees, identifier, names, records, whole, window
from kg.link.words import section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYOUT: Final = Layout(
    "ACLED",
    (
        *("event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2"),
        *("country", "admin1", "location", "latitude", "longitude", "geo_precision", "fatalities"),
    ),
)
_ACTORS: Final = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2")


def read(path: Path) -> Iterator[Record]:
    """The events of a file, one at a time.

    Raises:
        DatasetError: the file cannot be read, has other columns, or has a broken row.
    """
    return records(path, LAYOUT, _record)


def _record(row: dict[str, str]) -> Record:
    words = section("acled")
    day = _day(row["event_date"])
    begin, end = window(day, day, code(row["time_precision"], "time_precision", words["date"]))
    dead = whole(row["fatalities"], "fatalities")
    event, sub_event = row["event_type"].strip(), row["sub_event_type"].strip()
    sides = (name for column in _ACTORS for name in row.get(column, "").split(";"))
    return Record(
        dataset=Dataset.ACLED,
        id=identifier(row["event_id_cnty"], "event_id_cnty"),
        begin=begin,
        end=end,
        latitude=degrees(row["latitude"], "latitude", 90),
        longitude=degrees(row["longitude"], "longitude", 180),
        extent=Extent(code(row["geo_precision"], "geo_precision", words["where"])),
        places=names(row["location"]),
        regions=names(row["admin1"], row.get("admin2", ""), row.get("admin3", "")),
        country=Side(row["country"].strip()),
        sides=tuple(Side(name) for name in names(*sides)),
        types=tuple(words["sub_events"].get(sub_event, words["events"].get(event, ()))),
        kind=": ".join(names(event, sub_event)),
        deaths=Deaths(dead, dead, dead),
        source=" ".join("; ".join(names(row.get("source", ""), row.get("notes", ""))).split()),
    )


def _day(value: str) -> date:
    """The day of an event: ``2020-10-04``, or ``04 October 2020`` as the export tool writes it."""
    text = value.strip()
    for form in ("%Y-%m-%d", "%d %B %Y", "%d-%b-%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise BrokenRowError(f"event_date '{value}' is no day such as 2020-10-04 or 04 October 2020")
