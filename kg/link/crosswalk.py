"""The crosswalk: rows of datasets pass by one at a time, and each of our reports keeps the one that fits it best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.link import acled, gdelt, ucdp
from kg.link.index import Index
from kg.link.match import match
from kg.link.records import REPEATS, Dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.link.match import Match
    from kg.link.parties import Parties
    from kg.link.records import Record
    from kg.link.reports import Report

READERS: Final[dict[Dataset, Callable[[Path], Iterator[Record]]]] = {
    Dataset.UCDP: ucdp.read,
    Dataset.ACLED: acled.read,
    Dataset.GDELT: gdelt.read,
}
_MOST: Final = 20
"""Records of one report that fit alike and are kept, where a dataset repeats itself."""


def pairs(reports: Sequence[Report], records: Iterable[Record], parties: Parties) -> list[tuple[Report, Record, Match]]:
    """Which record is of the same event as which report, the best for each report, in the reports' order.

    Where two records of a dataset fit a report alike, neither is chosen: each row there is an event of its own. GDELT
    codes one happening several times, and all are chosen. Records are looked at once and not kept.
    """
    index = Index(reports)
    best: dict[int, dict[str, tuple[Record, Match]]] = {}
    for record in records:
        for number, report in index.near(record):
            found = match(record, report, parties)
            if found is None:
                continue
            kept = best.setdefault(number, {})
            top = max((other.score for _, other in kept.values()), default=0.0)
            if found.score > top:
                kept.clear()
            if found.score >= top:
                kept.setdefault(record.id, (record, found))
                if len(kept) > _MOST:
                    del kept[max(kept)]
    return [
        (reports[number], *kept[name])
        for number, kept in sorted(best.items())
        for name in sorted(kept)
        if len(kept) == 1 or kept[name][0].dataset in REPEATS
    ]
