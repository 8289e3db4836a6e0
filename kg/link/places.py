"""How far apart two places are, and whether two names may be of one place."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Final

from kg.gazetteer.names import fold
from kg.link.words import section

EARTH: Final = 6371.0088
"""Mean radius of the earth in kilometres."""
CELL: Final = 1.0
"""Degrees of latitude and longitude that a cell of the grid spans."""


def kilometres(one: tuple[float, float], two: tuple[float, float]) -> float:
    """The distance of two points (latitude, longitude, in degrees) along a great circle, by the haversine formula.

    >>> round(kilometres((40.68, 46.36), (40.41, 49.87)))
    298
    """
    (a, b), (c, d) = (map(math.radians, point) for point in (one, two))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, h)))


def cell(latitude: float, longitude: float) -> tuple[int, int]:
    """The cell of the grid that a point lies in."""
    return math.floor(latitude / CELL), math.floor((longitude + 180) / CELL) % 360


def cells_around(latitude: float, longitude: float, radius: float) -> list[tuple[int, int]]:
    """The cells that hold all points within `radius` kilometres, and perhaps some more.

    >>> cells_around(0.5, 179.9, 50)
    [(0, 359), (0, 0)]
    """
    north = math.degrees(radius / EARTH)
    rows = range(math.floor((latitude - north) / CELL), math.floor((latitude + north) / CELL) + 1)
    far = math.cos(math.radians(min(89.9, abs(latitude) + north)))
    east = min(180.0, north / far)
    columns = range(math.floor((longitude + 180 - east) / CELL), math.floor((longitude + 180 + east) / CELL) + 1)
    return [(row, column) for row in rows for column in dict.fromkeys(c % 360 for c in columns)]


@lru_cache(maxsize=1 << 16)
def key(name: str) -> str:
    """A place's name without generic words, diacritics and case, so that two spellings of it agree.

    >>> key("Ganja city"), key("The town of Sake"), key("City")
    ('ganja', 'sake', 'city')
    """
    plain = fold(re.sub(r"\([^()]*\)", " ", name)).casefold()
    words = re.findall(r"\w+", plain)
    kept = [word for word in words if word not in section("places")["generic"]]
    return " ".join(kept or words)
