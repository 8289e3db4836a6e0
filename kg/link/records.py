"""What a row of a dataset says, whichever dataset it is: one event as others coded it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date


class Dataset(StrEnum):
    """A dataset of events that rows can be read from."""

    UCDP = "ucdp"
    ACLED = "acled"
    GDELT = "gdelt"


TITLES: Final = {
    Dataset.UCDP: "UCDP Georeferenced Event Dataset",
    Dataset.ACLED: "Armed Conflict Location and Event Data",
    Dataset.GDELT: "GDELT Event Database",
}
PATHS: Final = {Dataset.UCDP: "ucdp/ged/", Dataset.ACLED: "acled/", Dataset.GDELT: "gdelt/"}
"""Below the base of data IRIs, what the IRIs of a dataset's records begin with."""

REPEATS: Final = frozenset((Dataset.GDELT,))
"""Datasets that code one happening in several rows, so that two rows that fit alike are no doubt."""


class Extent(StrEnum):
    """How large the place of a record may be, around its coordinates."""

    POINT = "point"
    DISTRICT = "district"
    PROVINCE = "province"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Side:
    """Somebody in a record: the name as the dataset writes it, and codes such as ``("gleditschWard", "373")``."""

    name: str
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Deaths:
    """The dead of a record: the dataset's lowest, best and highest estimate, and counts of parts of them."""

    low: int
    best: int
    high: int
    parts: tuple[tuple[str, int], ...] = ()
    """Counts by column, such as ``("deaths_civilians", 5)``, without zeros."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row: an event with its days (both included), place (degrees of WGS 84), sides and dead."""

    dataset: Dataset
    id: str
    begin: date
    end: date
    latitude: float | None
    longitude: float | None
    extent: Extent
    places: tuple[str, ...]
    """Names of the place itself."""
    regions: tuple[str, ...]
    """Names of what the place lies in, short of the country."""
    country: Side
    sides: tuple[Side, ...]
    types: tuple[str, ...]
    """The PLOVER types that an article's event may have if it is this one."""
    kind: str
    """The dataset's own type of the event."""
    deaths: Deaths | None = None
    source: str = ""
