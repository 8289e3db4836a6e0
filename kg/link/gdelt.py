"""GDELT's event files: 1.0 (57 columns; 58 in the daily updates) and 2.0 (61), tab-separated and without header.

Columns and codes: GDELT Event Codebook, https://www.gdeltproject.org/data.html#documentation
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from kg.link.records import Dataset, Extent, Record, Side
from kg.link.tables import BrokenRowError, code, degrees, identifier, lines, names
from kg.link.words import section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PLACE: Final = {57: 49, 58: 49, 61: 51}
"""Number of columns → column in which the place of the action begins: type, name, country, divisions, degrees."""
_DEGREES: Final = {57: 53, 58: 53, 61: 56}
_ACTORS: Final = (5, 15)
"""Columns in which an actor begins: code, name, country, group, ethnicity, two religions, three types."""
_CODE: Final = 26


def read(path: Path) -> Iterator[Record]:
    """The events of a file, one at a time.

    Raises:
        DatasetError: the file cannot be read, or has a row of other columns or with broken cells.
    """
    return lines(path, _record)


def _record(row: Sequence[str]) -> Record:
    if len(row) not in _PLACE:
        raise BrokenRowError(f"{len(row)} columns where a GDELT event has 57, 58 or 61")
    place, at = _PLACE[len(row)], _DEGREES[len(row)]
    day = _day(row[1])
    parts = [part.strip() for part in row[place + 1].split(",") if part.strip()]
    extent = Extent(code(row[place] or "0", "ActionGeo_Type", {"0": "country", **section("gdelt")["where"]}))
    return Record(
        dataset=Dataset.GDELT,
        id=identifier(row[0], "GLOBALEVENTID"),
        begin=day,
        end=day,
        latitude=degrees(row[at], "ActionGeo_Lat", 90),
        longitude=degrees(row[at + 1], "ActionGeo_Long", 180),
        extent=extent,
        places=names(*parts[:1]) if len(parts) > 1 else (),
        regions=names(*parts[1:-1]),
        country=Side(parts[-1] if parts else ""),
        sides=tuple(side for begin in _ACTORS if (side := _side(row[begin : begin + 10]))),
        types=_types(row[_CODE].strip()),
        kind=f"CAMEO {row[_CODE].strip()}",
        source=row[57].strip() if len(row) == 58 else row[60].strip() if len(row) == 61 else "",
    )


def _day(value: str) -> date:
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        raise BrokenRowError(f"SQLDATE '{value}' is no day such as 20201004") from None


def _side(cells: Sequence[str]) -> Side | None:
    """An actor; its codes say its state, its role there, and CAMEO's code for the whole."""
    whole, name, country, group, *_, first, second, third = (cell.strip() for cell in cells)
    if not whole:
        return None
    known = section("gdelt")["actors"]
    roles = [role for role in (first, second, third) if role]
    codes = [("cameo", whole)]
    if group:
        codes.append(("cameo", group))
    elif country and all(role in known["state"] for role in roles):
        codes.append(("cameo", country))
        codes.append(("role", "state"))
    elif any(role in known["civilians"] for role in roles):
        codes.append(("role", "civilians"))
    else:
        codes.append(("role", "unknown"))
    return Side(name or whole, tuple(dict.fromkeys(codes)))


@cache
def _types(cameo: str) -> tuple[str, ...]:
    """The PLOVER types of a CAMEO code: those of the longest code that it begins with."""
    table = section("gdelt")["types"]
    return next((tuple(table[cameo[:n]]) for n in range(len(cameo), 1, -1) if cameo[:n] in table), ())
