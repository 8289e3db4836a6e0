"""Which place of GeoNames a name in an article means, or none.

Every place that bears the name gets a weight: its inhabitants, times how much the article speaks of its country, times
what stands beside the name, times how near it lies to the article's other places. The score of the best is its share in
the sum of all weights and of a constant that stands for places that no table holds; below a bound nothing is linked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kg.gazetteer.lookup import Naming as ActorNaming
from kg.model import ActorType
from kg.places.context import Context, Surroundings, countries, kinds, words
from kg.places.names import key
from kg.places.table import Kind, Naming, Place, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.gazetteer import Gazetteer
    from kg.gazetteer.table import Entry

BOUND: Final = 0.65
"""The least score of a link."""
_SURE: Final = 0.8
"""The least score of a place by whose nearness others are judged."""
_UNKNOWN: Final = 60_000.0
"""The weight of what the tables do not hold."""
_LEAST: Final = 500
_KNOWN: Final = 5.0
"""How much more capitals and cities of a million are written about than their inhabitants tell."""
_MILLION: Final = 1_000_000
_SUPPORT: Final = 100.0
"""How much more likely a place is where half of the article's countries are its own."""
_STRANGE: Final = 0.2
"""The factor of a place of whose country the article says nothing."""
_BESIDE: Final = 1000.0
_APART: Final = 0.001
"""The factors where its country stands beside the name, and where only another one does."""
_NEAR: Final = ((100.0, 10.0), (300.0, 3.0))
"""Up to how many km from a sure place which factor holds."""
_FAR: Final = 1 / 30
"""The factor of a small place that is farther than that from all sure places of its own country."""
_SMALL: Final = 100_000
_NAMING: Final = {Naming.MAIN: 1.0, Naming.OTHER: 0.5, Naming.SOUND: 0.3}
_DISTRICT: Final = 10_000
_STATE: Final = {ActorType.STATE: 2.5e8, ActorType.TERRITORY: 1e7}
_SAME: Final = 50.0
"""Places of one name within so many km are taken to be one."""


@dataclass(frozen=True, slots=True)
class Named:
    """A place as an article names it: its name, its mentions in their contexts, and other mentions of the same name."""

    name: str
    contexts: tuple[Context, ...] = ()
    elsewhere: tuple[Context, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name was resolved to: a place of GeoNames or an entry of the gazetteer, or both.

    `score` runs from 0 to 1; `reasons` are each ``key=value``, sorted.
    """

    place: Place | None
    entry: Entry | None
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: Place
    entry: Entry | None
    weight: float
    reasons: tuple[str, ...]
    naming: Naming = Naming.MAIN

    def times(self, factor: float, reason: str = "") -> _Candidate:
        return replace(self, weight=self.weight * factor, reasons=(*self.reasons, reason) if reason else self.reasons)


class Resolver:
    """Resolves the places of one article at a time."""

    def __init__(self, gazetteer: Gazetteer, table: Table | None = None) -> None:
        """Look up countries in `gazetteer` and other places in `table`, by default the package's."""
        self._gazetteer = gazetteer
        self._table: Final = table or Table.load()
        self._surroundings = Surroundings(gazetteer, self._table)

    def __call__(self, named: Sequence[Named], mentioned: Mapping[str, float]) -> tuple[Resolution | None, ...]:
        """What each name means, None where that is unsure.

        `mentioned` counts how often the article speaks of each country (ISO 3166-1 alpha-3), its people and groups.
        """
        first = (_best(self._candidates(item, mentioned)) for item in named)
        sure = [best.place if best is not None and score >= _SURE else None for best, score in first]
        found = []
        for i, item in enumerate(named):
            others = [place for j, place in enumerate(sure) if place is not None and j != i]
            counted = Counter(mentioned)
            counted.update(place.country for place in others)
            candidates = [_near(c, others) for c in self._candidates(item, counted)]
            best, score = _best(candidates)
            found.append(_resolution(best, score, candidates) if best is not None and score >= BOUND else None)
        return tuple(found)

    def _candidates(self, item: Named, mentioned: Mapping[str, float]) -> list[_Candidate]:
        """The places that a name may mean, weighed by all but their distances."""
        said = [kinds(context) for context in item.contexts]
        known = [k for k in said if k]
        allowed = frozenset[Kind]() if said and not any(k is None or k for k in said) else frozenset(Kind)
        allowed = allowed.intersection(*known)
        mentions = (*item.contexts, *item.elsewhere)
        beside = frozenset().union(*(self._surroundings.beside(context) for context in mentions))
        name, allowed = self._bare(item.name, allowed)
        total = sum(mentioned.values()) or 1.0
        found = [c for c in self._named(name) if c.place.kind in allowed]
        if not known and words().is_water(name):
            found = [c for c in found if c.place.kind is Kind.SETTLEMENT]
        found = [_beside(_supported(c, mentioned, total), beside) for c in found]
        found = [c for c in found if c.naming is not Naming.SOUND or c.place.country in mentioned]
        return found if known else _without_surrounding(found)

    def _bare(self, name: str, allowed: frozenset[Kind]) -> tuple[str, frozenset[Kind]]:
        """A name without what only says which kind or part of a place is meant: "Kunar Province", "eastern Aleppo"."""
        while not self._is_named(name) and not self._states(name):
            first, _, rest = name.partition(" ")
            front, _, last = name.rpartition(" ")
            said = words().kinds(last)
            if rest and first.casefold() in words().directions:
                name = rest
            elif front and said is not None:
                name, allowed = front, allowed & said
            else:
                break
        return name, allowed

    def _named(self, name: str) -> Iterator[_Candidate]:
        if words().names_nothing(name):
            return
        states = self._states(name)
        namings = (Naming.MAIN, Naming.OTHER) if states or self._is_named(name) else (Naming.SOUND,)
        if words().is_feature(name):
            namings = (Naming.MAIN,)
        seen: set[str] = {number for entry in states if (number := entry.identifier("geonames"))}
        for naming in namings:
            for place in self._table.named(name, naming):
                if place.id in seen:
                    continue
                seen.add(place.id)
                reason = () if key(name) == key(place.name) else (f"{naming}={name}",)
                entry = next((e for e in states if place.kind is Kind.REGION and e.country == (place.country,)), None)
                if entry is not None:
                    states.remove(entry)
                weight = _prior(place) * _NAMING[naming] if entry is None else _STATE[entry.type]
                yield _Candidate(place, entry, weight, reason, naming)
        for entry in states:
            area = Place("", Kind.STATE, entry.label, "|".join(countries(entry)), "")
            yield _Candidate(area, entry, _STATE[entry.type], (f"row={entry.entry}",))

    def _is_named(self, name: str) -> bool:
        return any(self._table.named(name, naming) for naming in (Naming.MAIN, Naming.OTHER))

    def _states(self, name: str) -> list[Entry]:
        return [
            match.entry
            for match in self._gazetteer.lookup(name)
            if (match.entry.type in _STATE and match.naming in {ActorNaming.LABEL, ActorNaming.ALIAS})
            or (match.entry.type is ActorType.STATE and match.naming is ActorNaming.AMBIGUOUS)
        ]


def _prior(place: Place) -> float:
    known = place.capital or (place.kind is Kind.SETTLEMENT and place.population >= _MILLION)
    inhabitants = _DISTRICT if place.kind is Kind.DISTRICT else place.population + _LEAST
    return min(inhabitants, 10 * _MILLION) * (_KNOWN if known else 1.0)


def _supported(c: _Candidate, mentioned: Mapping[str, float], total: float) -> _Candidate:
    own = max((mentioned.get(country, 0.0) for country in c.place.country.split("|")), default=0.0)
    if not own:
        famous = c.place.kind is not Kind.SETTLEMENT or c.place.capital or c.place.population >= _MILLION
        return c if famous else c.times(_STRANGE)
    share = own / total
    return c.times(1 + _SUPPORT * min(1.0, 2 * share), f"country={c.place.country} {share:.0%}")


def _beside(c: _Candidate, beside: frozenset[tuple[str, str]]) -> _Candidate:
    if not beside or c.place.kind is Kind.STATE:
        return c
    place = c.place
    inside = {(place.country, ""), (place.country, place.division)} & beside
    other_division = any(country == place.country and division for country, division in beside)
    if not inside or (other_division and (place.country, place.division) not in beside):
        return c.times(_APART)
    return c.times(_BESIDE, f"beside={place.country}")


def _without_surrounding(found: Iterable[_Candidate]) -> list[_Candidate]:
    """Without the regions and districts that share their name with a town in them, the capital, or their country."""
    found = [*found]
    towns = [c.place for c in found if c.place.kind is Kind.SETTLEMENT]
    states = {c.place.country for c in found if c.place.kind is Kind.STATE}

    def shares(c: _Candidate) -> bool:
        if c.place.kind not in {Kind.REGION, Kind.DISTRICT} or c.entry is not None:
            return False
        return c.place.country in states or any(
            town.country == c.place.country
            and (town.capital or (town.division == c.place.division and 50 * town.population >= c.place.population))
            for town in towns
        )

    return [c for c in found if not shares(c)]


def _near(c: _Candidate, others: Sequence[Place]) -> _Candidate:
    apart = ((c.place.distance(other), other.name) for other in others if other.id != c.place.id)
    distances = [(distance, name) for distance, name in apart if distance is not None]
    if not distances:
        return c
    nearest, name = min(distances)
    for bound, factor in _NEAR:
        if nearest <= bound:
            return c.times(factor, f"near={name} {round(nearest)} km")
    lonely = any(other.country == c.place.country for other in others) and c.place.population < _SMALL
    return c.times(_FAR) if lonely and not c.place.capital else c


def _best(candidates: Sequence[_Candidate]) -> tuple[_Candidate | None, float]:
    """The candidate of the greatest weight, and its share; what lies beside it counts for it."""
    if not candidates:
        return None, 0.0
    best = max(candidates, key=lambda c: (c.weight, c.place.id))
    own = sum(c.weight for c in candidates if c is best or (c.place.distance(best.place) or _SAME) < _SAME)
    return best, own / (sum(c.weight for c in candidates) + _UNKNOWN)


def _resolution(best: _Candidate, score: float, candidates: Sequence[_Candidate]) -> Resolution:
    # A link says why it was made, be it that there was nothing else to choose.
    rivals = () if best.reasons and len(candidates) == 1 else (f"namesakes={len(candidates) - 1}",)
    place = None if best.place.kind is Kind.STATE else best.place
    return Resolution(place, best.entry, score, tuple(sorted((*best.reasons, *rivals))))
