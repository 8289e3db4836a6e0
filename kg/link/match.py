"""Whether a record and a report are of the same event: by day, place, parties and dead, each with its reason.

All four are compared, and each may refuse the pair. What is unknown on one side refuses nothing, but speaks for nothing
either: day and place must agree, and parties or dead must agree besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.link.parties import Kind, Parties, Party
from kg.link.places import key, kilometres
from kg.link.records import Extent, Record

if TYPE_CHECKING:
    from kg.link.reports import Report

NEAR: Final = 25.0
"""Kilometres within which two points are one place."""
FAR: Final = 50.0
"""Kilometres within which they still are, where the names agree or the record's place is a district."""
LONGEST: Final = 13
"""Days that a record may span and still be matched with a day: those of a week whose begin is not known."""
LEAST_SCORE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well one property of a record agrees with a report, from 0 to 1, and why, as ``key=value`` or a phrase."""

    score: float
    reason: str = ""
    weak: bool = False
    """Whether the others must agree all the more."""


@dataclass(frozen=True, slots=True)
class Match:
    """That a record and a report are of the same event: how sure, from 0 to 1, and why."""

    score: float
    reasons: tuple[str, ...]


_UNKNOWN: Final = Judgement(0.0)


def match(record: Record, report: Report, parties: Parties) -> Match | None:
    """How a record agrees with a report of an article; None where they are not, or not surely, of the same event."""
    if report.negated or not _same_type(record, report):
        return None
    day, place = _day(record, report), _place(record, report, parties)
    if day is None or place is None:
        return None
    who = _parties(record, report, parties)
    dead = _dead(record, report) if report.kind == "figure" else _UNKNOWN
    if who is None or dead is None or not _enough(report, day, place, who, dead):
        return None
    judged = [day, place, who, *([dead] if report.kind == "figure" else [])]
    score = round(sum(judgement.score for judgement in judged) / len(judged), 2)
    if score < LEAST_SCORE:
        return None
    return Match(score, tuple(sorted(judgement.reason for judgement in judged if judgement.reason)))


def _enough(report: Report, day: Judgement, place: Judgement, who: Judgement, dead: Judgement) -> bool:
    """Whether so much agrees that nothing but the same event is likely."""
    if day.weak or place.weak:
        return who.score >= 0.8 and dead.score >= 0.8 if report.kind == "figure" else who.score >= 1
    if report.kind == "figure" and dead.score < 0.8:
        return who.score >= 0.8
    return who.score >= 0.5 or dead.score >= 0.8


def _same_type(record: Record, report: Report) -> bool:
    if report.kind == "event":
        return report.type in record.types
    return record.deaths is not None and report.type == "killed"


def _day(record: Record, report: Report) -> Judgement | None:
    if not record.begin <= report.day <= record.end:
        return None
    if record.begin == record.end:
        return Judgement(1.0, f"date={report.day}")
    span = (record.end - record.begin).days + 1
    reason = f"date={report.day} in {record.begin}..{record.end}"
    if span > LONGEST:
        return None
    return Judgement(0.9, reason) if span == 2 else Judgement(0.6, reason, weak=True)


def _place(record: Record, report: Report, parties: Parties) -> Judgement | None:
    spot = report.spot
    if spot.whole == "State" or record.extent is Extent.COUNTRY:
        return None
    name = key(spot.name)
    named = next((other for other in record.places if key(other) == name), "")
    region = next((other for other in record.regions if key(other) == name), "")
    if spot.latitude is not None and spot.longitude is not None and not spot.whole:
        return _distance(record, (spot.latitude, spot.longitude), spot.name, named, region)
    if not (named or region) or report.countries.isdisjoint(parties.state(record.country).keys):
        return None
    if named and not spot.whole:
        return Judgement(0.8, f"place={spot.name}, {record.country.name}")
    return Judgement(0.5, f"region={spot.name}, {record.country.name}", weak=True)


def _distance(record: Record, at: tuple[float, float], name: str, named: str, region: str) -> Judgement | None:
    """A place of known coordinates against the record's, whose names only help."""
    if record.latitude is None or record.longitude is None:
        return None
    away = kilometres(at, (record.latitude, record.longitude))
    other = named or region or next(iter(record.places), "")
    reason = f"distance={away:.1f} km from {name}" + (f" to {other}" if other else "")
    if record.extent is Extent.POINT and away <= (FAR if named else NEAR):
        return Judgement(1.0 - away / (2 * FAR), reason)
    if record.extent is Extent.DISTRICT and (away <= NEAR or (away <= FAR and (named or region))):
        return Judgement(0.8 - away / (2 * FAR), reason)
    if record.extent is Extent.PROVINCE and (named or region) and away <= 2 * FAR:
        return Judgement(0.4, reason, weak=True)
    return None


def _parties(record: Record, report: Report, parties: Parties) -> Judgement | None:
    """The article's known parties against the record's: each must be there, or be the state whose people suffer."""
    sides = [parties.of(side) for side in record.sides]
    civilians = any(side.kind is Kind.CIVILIANS for side in sides)
    country = parties.state(record.country)
    agreed: dict[str, Party] = {}
    tolerated = []
    for ours in report.parties:
        theirs = next((side for side in sides if ours.same(side)), None)
        if theirs is not None:
            agreed.setdefault(theirs.name, ours)
        elif civilians and ours in report.targets and ours.same(country):
            tolerated.append(ours.name)
        elif ours.kind in {Kind.STATE, Kind.GROUP}:
            return None
    # A country's people who suffer are no sign by themselves: whoever else is known must be there too.
    names = sorted({f"{ours.name} ({theirs})" for theirs, ours in agreed.items()})
    names += sorted({f"people of {name}" for name in tolerated})
    if not names:
        return _UNKNOWN
    score = (0.0, 0.8, 1.0)[min(2, len(agreed))]
    if tolerated:
        score = min(1.0, score + 0.2) if agreed else 0.4
    return Judgement(score, f"actors={', '.join(names)}")


def _dead(record: Record, report: Report) -> Judgement | None:
    """The article's bounds against the record's estimates: None where they are too far apart to be of one event."""
    deaths = record.deaths
    if deaths is None:
        return None
    least, most = _bounds(report)
    said = f"{'' if report.least is None else report.least}..{'' if report.most is None else report.most}"
    counts = [("deaths", deaths.low, deaths.high), *((column, n, n) for column, n in deaths.parts)]
    for column, low, high in counts:
        if low <= most and least <= high and high > 0:
            bounded = report.least is not None and report.most is not None
            return Judgement(1.0 if bounded else 0.8, f"{column}={said} meets {low}..{high}")
    gap = max(least - deaths.high, deaths.low - most)
    ratio = max(least / max(1, deaths.high), deaths.low / max(1, most))
    if gap > 3 and ratio > 2:
        return None
    return Judgement(0.4, f"deaths={said} near {deaths.low}..{deaths.high}")


def _bounds(report: Report) -> tuple[int, int]:
    """The bounds that a figure's words make likely: an open one is not taken to reach for ever."""
    least, most = report.least, report.most
    if report.about:
        least = None if least is None else least * 9 // 10
        most = None if most is None else -(-most * 11 // 10)
    if least is None:
        return (most or 0) // 2, most or 0
    return least, 2 * least + 5 if most is None else most
