"""The table of places: GeoNames' settlements and regions, found by their names."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Final

from kg.places.names import key, sound

DATA: Final = Path(__file__).parent / "data"
_EARTH: Final = 12742.0
"""Diameter in km."""


class Kind(StrEnum):
    """What a place is."""

    SETTLEMENT = "settlement"
    REGION = "region"
    """A first-level division of a country: a state, province or governorate."""
    DISTRICT = "district"
    """A second-level division."""
    STATE = "country"
    """A state or territory of the gazetteer of actors; none stands in the table."""


class Naming(StrEnum):
    """How a name was found to be a place's; the order is the order of trust."""

    MAIN = "name"
    OTHER = "alternate"
    SOUND = "spelling"


_MARK: Final = {Naming.MAIN: "=", Naming.OTHER: "+", Naming.SOUND: "~"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place of GeoNames. Regions and districts have no coordinates: no one point stands for them.

    `country` is ISO 3166-1 alpha-3, `division` GeoNames' code of the first-level division; `population` counts
    inhabitants, of a region those of its settlements; `latitude` and `longitude` are degrees in WGS 84.
    """

    id: str
    kind: Kind
    name: str
    country: str
    division: str
    population: int = 0
    latitude: float | None = None
    longitude: float | None = None
    capital: bool = False

    def line(self) -> str:
        """The place as a line of the table."""
        where = ("", "") if self.latitude is None else (repr(self.latitude), repr(self.longitude))
        fields = (self.id, self.kind[0], self.name, self.country, self.division, str(self.population), *where)
        return "\t".join((*fields, "*" if self.capital else ""))

    @classmethod
    def of(cls, line: str) -> Place:
        """The place that a line of the table describes."""
        number, kind, name, country, division, population, latitude, longitude, capital = line.split("\t")
        return cls(
            number,
            _KINDS[kind],
            name,
            country,
            division,
            int(population),
            float(latitude) if latitude else None,
            float(longitude) if longitude else None,
            bool(capital),
        )

    def distance(self, other: Place) -> float | None:
        """The distance in km along the earth's surface; None where one of the two has no coordinates."""
        if self.latitude is None or self.longitude is None or other.latitude is None or other.longitude is None:
            return None
        north, east = radians(other.latitude - self.latitude), radians(other.longitude - self.longitude)
        across = cos(radians(self.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
        return _EARTH * asin(min(1.0, sqrt(sin(north / 2) ** 2 + across)))


_KINDS: Final = {kind[0]: kind for kind in Kind}


class Table:
    """Places by name; the tables stay packed lines of text until a name is asked for.

    >>> [(place.country, place.kind.value) for place in Table.load().named("Goma", Naming.MAIN)]
    [('PHL', 'settlement'), ('COD', 'district'), ('COD', 'settlement')]
    """

    def __init__(self, folder: Path = DATA) -> None:
        """Over the tables of a folder, unpacked when the first name is asked for."""
        self._folder = folder

    @staticmethod
    def load() -> Table:
        """The package's own, one for all of a process."""
        return _table()

    @cached_property
    def _places(self) -> bytes:
        return gzip.decompress((self._folder / "places.tsv.gz").read_bytes())

    @cached_property
    def _names(self) -> bytes:
        return gzip.decompress((self._folder / "names.tsv.gz").read_bytes())

    def named(self, name: str, naming: Naming) -> tuple[Place, ...]:
        """The places that bear `name` in this way, sorted by their identifiers."""
        form = sound(name) if naming is Naming.SOUND else key(name)
        found = _row(self._names, f"{_MARK[naming]}{form}") if form else None
        return tuple(self[number] for number in found.split(" ")) if found else ()

    def __getitem__(self, number: str) -> Place:
        """The place with this GeoNames identifier.

        Raises:
            KeyError: the table has none.
        """
        row = _row(self._places, number)
        if row is None:
            raise KeyError(number)
        return Place.of(f"{number}\t{row}")


@cache
def _table() -> Table:
    return Table()


def _row(lines: bytes, first: str) -> str | None:
    """What follows `first` and its tab in the line that begins with them, by bisection."""
    wanted = first.encode() + b"\t"
    low, high = 0, len(lines)
    while low < high:
        start = lines.rfind(b"\n", 0, (low + high) // 2) + 1
        end = lines.find(b"\n", start)
        if lines.startswith(wanted, start):
            return lines[start + len(wanted) : end].decode()
        if lines[start:end] < wanted:
            low = end + 1
        else:
            high = start
    return None
