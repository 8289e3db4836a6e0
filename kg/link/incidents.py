"""Across articles: what several of them tell of one happening becomes one incident.

Conservative: the same day, the same settlement, types that go together, and parties of which those of one report hold
those of the other. What would fit two incidents is left out, and an incident that one article alone tells of is none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode

from kg.link.places import key, kilometres
from kg.link.quads import Linkset, Why
from kg.rdf import literals
from kg.rdf.iris import slug
from kg.rdf.points import point_facts
from kg.rdf.vocabulary import CKG, IN_LINKSET, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from pyoxigraph import Quad

    from kg.link.parties import Party
    from kg.link.reports import Report, Spot

NEAR: Final = 10.0
"""Kilometres within which two articles mean one settlement."""
TITLE: Final = "Incidents that several articles tell of"
NAME: Final = "incidents"
_VIOLENT: Final = "ASSAULT"


@dataclass(frozen=True, slots=True)
class Incident:
    """One happening that several articles tell of."""

    day: date
    type: str
    """A PLOVER type."""
    reports: tuple[Report, ...]


def incidents(reports: Iterable[Report]) -> list[Incident]:
    """The incidents that at least two articles tell of, sorted by day, type and first report."""
    days: dict[tuple[date, str], list[Report]] = defaultdict(list)
    for report in reports:
        if not report.spot.whole:
            days[report.day, _type(report)].append(report)
    found = [
        Incident(day, type_, tuple(sorted(cluster, key=lambda report: report.node.value)))
        for (day, type_), same_day in days.items()
        for same_place in _by_place(same_day)
        for cluster in _by_parties(same_place)
        if len({report.article for report in cluster if not report.negated}) > 1
    ]
    return sorted(found, key=lambda incident: (incident.day, incident.type, incident.reports[0].node.value))


def _type(report: Report) -> str:
    """The type of the event behind a report: the dead and wounded are of an attack."""
    if report.kind == "event":
        return report.type
    return _VIOLENT if report.type in {"killed", "wounded"} else report.type


def _by_place(reports: Sequence[Report]) -> list[list[Report]]:
    """Groups of one place each: of one name and not known to be apart, or of points near each other."""
    groups: list[list[Report]] = []
    for report in sorted(reports, key=_placed_first):
        homes = [group for group in groups if all(_same_place(report, other) for other in group)]
        if len(homes) == 1:
            homes[0].append(report)
        elif not homes:
            groups.append([report])
    return groups


def _placed_first(report: Report) -> tuple[bool, str]:
    return report.spot.latitude is None, report.node.value


def _same_place(one: Report, two: Report) -> bool:
    here, there = one.spot, two.spot
    if None not in (here.latitude, there.latitude):
        return kilometres(_at(one), _at(two)) <= NEAR
    if key(here.name) != key(there.name):
        return False
    # Two towns of one name: articles that name no state in common may mean either.
    return one.article == two.article or not one.countries.isdisjoint(two.countries)


def _at(report: Report) -> tuple[float, float]:
    return report.spot.latitude or 0.0, report.spot.longitude or 0.0


def _by_parties(reports: Sequence[Report]) -> list[list[Report]]:
    """Groups around the reports with the most parties, which hold those of all others in their group."""
    groups: list[tuple[list[Party], list[Report]]] = []
    unnamed = []
    for report in sorted(reports, key=lambda r: (-len(r.known), r.node.value)):
        known = list(report.known)
        if not known:
            unnamed.append(report)
            continue
        homes = [group for core, group in groups if all(any(p.same(q) for q in core) for p in known)]
        if len(homes) == 1:
            homes[0].append(report)
        elif not homes:
            groups.append((known, [report]))
    # Who names nobody is told of the one thing that happened there that day, if it was one.
    if len(groups) == 1:
        groups[0][1].extend(unnamed)
    return [group for _, group in groups]


def quads(found: Iterable[Incident], base: str) -> list[Quad]:
    """The incidents as RDF, in the graph of their linkset."""
    linkset = Linkset(base, NAME)
    names: Counter[str] = Counter()
    facts: list[tuple[NamedNode, NamedNode, Any]] = []
    for incident in found:
        name = _name(incident)
        names[name] += 1
        facts += _facts(incident, f"{name}-{names[name]}" if names[name] > 1 else name, linkset)
    return linkset.quads(facts, TITLE)


def _spot(incident: Incident) -> Spot:
    return min((report.spot for report in incident.reports), key=lambda spot: (spot.latitude is None, spot.name))


def _actors(incident: Incident) -> list[NamedNode]:
    return sorted({actor for report in incident.reports for actor in report.actors}, key=str)


def _name(incident: Incident) -> str:
    """What an incident is called in its IRI: day, place, type and actors."""
    actors = sorted({actor.value.rpartition("/")[2] for actor in _actors(incident)})
    return "-".join((incident.day.isoformat(), slug(_spot(incident).name), slug(incident.type), *actors))


def _facts(incident: Incident, name: str, linkset: Linkset) -> Iterator[tuple[NamedNode, NamedNode, Any]]:
    reports, place = incident.reports, _spot(incident)
    iri = NamedNode(f"{linkset.base}incident/{name}")
    yield iri, TYPE, CKG["Incident"]
    yield iri, IN_LINKSET, linkset.iri
    yield iri, CKG["date"], literals.day(incident.day)
    # An event's type is PLOVER's; people who were captured or fled are told of without an event's type.
    if incident.type.isupper():
        yield iri, CKG["eventType"], CKG[f"event-{incident.type}"]
    for spelling in sorted({report.spot.name for report in reports}):
        yield iri, CKG["placeName"], literals.string(spelling)
    if place.latitude is not None and place.longitude is not None:
        yield from point_facts(iri, place.latitude, place.longitude)
    yield from ((iri, CKG["participant"], actor) for actor in _actors(incident))
    for report in reports:
        yield iri, CKG["toldBy"], report.node
        yield from linkset.link(report.node, CKG["incident"], iri, f"incident-{name}", why=_why(report, incident))


def _why(report: Report, incident: Incident) -> Why:
    """How sure it is that a report tells of an incident, and why."""
    known = sorted({party.name for party in report.known})
    others = len({other.article for other in incident.reports} - {report.article})
    reasons = [
        f"date={incident.day}",
        f"place={report.spot.name}",
        f"articles={others + 1}",
        f"actors={', '.join(known)}" if known else "actors=none named, and nothing else was told of that place and day",
    ]
    return Why("incident", 1.0 if len(known) > 1 else 0.9 if known else 0.7, tuple(sorted(reasons)))
