"""Our reports by day and place, so that a row of a dataset is compared with the few that may be meant."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kg.link.match import FAR, LONGEST
from kg.link.places import cell, cells_around, key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kg.link.records import Record
    from kg.link.reports import Report

_REACH: Final = 2 * FAR


class Index:
    """Reports by day, and on a day by cell of the grid, or by name where a place has no coordinates.

    What it holds grows with the reports alone, however many records are asked for.
    """

    def __init__(self, reports: Iterable[Report]) -> None:
        """Index the reports; each is found by its place in this order."""
        self._days: dict[date, dict[tuple[int, int] | str, list[tuple[int, Report]]]] = {}
        for number, report in enumerate(reports):
            spot = report.spot
            where: tuple[int, int] | str = key(spot.name)
            if spot.latitude is not None and spot.longitude is not None and not spot.whole:
                where = cell(spot.latitude, spot.longitude)
            self._days.setdefault(report.day, defaultdict(list))[where].append((number, report))

    def near(self, record: Record) -> list[tuple[int, Report]]:
        """The reports of the record's days and places, with their numbers, in order."""
        days = self._on(record)
        if not days:
            return []
        keys: list[tuple[int, int] | str] = [*dict.fromkeys(key(name) for name in (*record.places, *record.regions))]
        if record.latitude is not None and record.longitude is not None:
            keys += cells_around(record.latitude, record.longitude, _REACH)
        found = (item for places in days for where in keys if where in places for item in places[where])
        return sorted(found, key=lambda item: item[0])

    def _on(self, record: Record) -> list[dict[tuple[int, int] | str, list[tuple[int, Report]]]]:
        if record.begin == record.end:
            day = self._days.get(record.begin)
            return [day] if day else []
        span = (record.end - record.begin).days + 1
        if span > LONGEST:
            return []
        days = (record.begin + timedelta(days=n) for n in range(span))
        return [self._days[day] for day in days if day in self._days]
