"""What our articles report: events and casualty figures with day, place and parties, read out of a graph."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kg.link.parties import Kind, Parties, Party
from kg.rdf.vocabulary import CKG, LABEL, NAME_OF, NIF, REFERENCE_CONTEXT, TYPE, WGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import NamedNode, Quad

_CLASSES: Final = ("State", "Person", "ArmedGroup", "GovernmentBody", "InternationalOrganization")
_OTHERS: Final = ("Organization", "People", "Territory")
_TOLD_APART: Final = {
    "State": Kind.STATE,
    "ArmedGroup": Kind.GROUP,
    "InternationalOrganization": Kind.GROUP,
}
"""Types of named actors of whom it is known that they are not another one."""
_SCHEMES: Final = ("gleditschWard", "cameo", "iso3", "wikidata")
_ATTACK: Final = "ASSAULT"
_OF_ATTACKS: Final = frozenset(("killed", "wounded"))
_AGENTS: Final = ("agent", "perpetrator")
_TARGETS: Final = ("target", "side")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something happened, as an article names it; degrees of WGS 84 where they are known."""

    name: str
    latitude: float | None
    longitude: float | None
    whole: str
    """Empty for a settlement; else what it is instead: an actor's type, such as State, or Region."""


@dataclass(frozen=True, slots=True)
class Report:
    """An event or a casualty figure of an article that has a day and a place."""

    node: NamedNode
    article: NamedNode
    kind: str
    """``event`` or ``figure``."""
    type: str
    """The PLOVER type of an event, the harm of a figure."""
    day: date
    spot: Spot
    agents: tuple[Party, ...]
    targets: tuple[Party, ...]
    actors: tuple[NamedNode, ...]
    """The actors that are shared by articles, sorted."""
    least: int | None
    most: int | None
    about: bool
    negated: bool
    asserted_by: NamedNode
    countries: frozenset[str]
    """Keys of the states that the article names."""

    @property
    def parties(self) -> tuple[Party, ...]:
        """Agents and targets."""
        return self.agents + self.targets

    @property
    def known(self) -> tuple[Party, ...]:
        """The parties that can be told from others, each once."""
        found: list[Party] = []
        for party in self.parties:
            if party.kind in {Kind.STATE, Kind.GROUP} and not any(party.same(other) for other in found):
                found.append(party)
        return tuple(found)


class Graph:
    """The triples of our articles, by subject."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._values: dict[Any, dict[Any, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._by_type: dict[Any, set[Any]] = defaultdict(set)
        for subject, predicate, value in sorted({quad.triple for quad in quads}, key=str):
            self._values[subject][predicate].append(value)
            if predicate == TYPE:
                self._by_type[value].add(subject)

    def all(self, node: Any, predicate: NamedNode) -> list[Any]:
        """The values of a property, sorted."""
        found = self._values.get(node)
        return found.get(predicate, []) if found else []

    def one(self, node: Any, predicate: NamedNode) -> Any:
        """The first value of a property, or None."""
        return next(iter(self.all(node, predicate)), None)

    def text(self, node: Any, predicate: NamedNode) -> str:
        """The first value of a property as a string, or ""."""
        value = self.one(node, predicate)
        return value.value if value is not None else ""

    def of_type(self, name: str) -> list[Any]:
        """The nodes of a class of ours, sorted."""
        return sorted(self._by_type.get(CKG[name], ()), key=str)

    def is_a(self, node: Any, name: str) -> bool:
        """Whether a node is of a class of ours."""
        return node in self._by_type.get(CKG[name], ())


def reports(graph: Graph, parties: Parties) -> list[Report]:
    """The events and figures of a graph that have a day and a place, sorted by IRI."""
    actors = _Actors(graph, parties)
    found = []
    for name, kind in (("Event", "event"), ("CasualtyFigure", "figure")):
        for node in graph.of_type(name):
            report = _report(graph, node, kind, actors)
            if report is not None:
                found.append(report)
    found.sort(key=lambda report: report.node.value)
    return _with_context(found)


def _with_context(found: list[Report]) -> list[Report]:
    """Figures with the parties of the attacks that their article reports of that day and place.

    Only where these are told alike: one attack names all parties that the others and the figure name.
    """
    attacks: dict[tuple[Any, date, Spot], list[Report]] = defaultdict(list)
    for report in found:
        if report.kind == "event" and report.type == _ATTACK and not report.negated:
            attacks[report.article, report.day, report.spot].append(report)
    return [_in_context(report, attacks) if report.kind == "figure" else report for report in found]


def _in_context(figure: Report, attacks: Mapping[tuple[Any, date, Spot], list[Report]]) -> Report:
    beside = attacks.get((figure.article, figure.day, figure.spot), ())
    if not beside or figure.type not in _OF_ATTACKS:
        return figure
    fullest = max(beside, key=lambda report: (len(report.known), report.node.value))
    for report in (*beside, figure):
        if not all(any(party.same(other) for other in fullest.known) for party in report.known):
            return figure
    more = [party for party in fullest.known if not any(party.same(own) for own in figure.known)]
    return replace(
        figure,
        agents=(*figure.agents, *(party for party in more if party in fullest.agents)),
        targets=(*figure.targets, *(party for party in more if party not in fullest.agents)),
        actors=tuple(sorted({*figure.actors, *fullest.actors}, key=str)),
    )


def _report(graph: Graph, node: NamedNode, kind: str, actors: _Actors) -> Report | None:
    day, place = graph.text(node, CKG["date"]), graph.one(node, CKG["place"])
    spot = _spot(graph, place) if place is not None else None
    article = graph.one(node, CKG["inArticle"])
    if not day or spot is None or article is None:
        return None
    least, most = graph.text(node, CKG["minimum"]), graph.text(node, CKG["maximum"])
    concept = graph.text(node, CKG["eventType"] if kind == "event" else CKG["harm"])
    agents = [who for name in _AGENTS for who in graph.all(node, CKG[name])]
    targets = [who for name in _TARGETS for who in graph.all(node, CKG[name])]
    return Report(
        node=node,
        article=article,
        kind=kind,
        type=concept.rpartition("-")[2],
        day=date.fromisoformat(day[:10]),
        spot=spot,
        agents=tuple(party for who in agents if (party := actors.party(who))),
        targets=tuple(party for who in targets if (party := actors.party(who))),
        actors=tuple(sorted((who for who in (*agents, *targets) if actors.is_shared(who)), key=str)),
        least=int(least) if least else None,
        most=int(most) if most else None,
        about=graph.text(node, CKG["qualifier"]).endswith("-about"),
        negated=graph.text(node, CKG["negated"]) == "true",
        asserted_by=graph.one(node, CKG["assertedBy"]) or article,
        countries=actors.states.get(article, frozenset()),
    )


def _spot(graph: Graph, place: Any) -> Spot | None:
    name = graph.text(place, LABEL)
    if not name:
        return None
    whole = next((kind for kind in (*_CLASSES, *_OTHERS) if graph.is_a(place, kind)), "")
    at = [_number(graph.text(place, WGS[axis])) for axis in ("lat", "long")]
    if None not in at:
        return Spot(name, at[0], at[1], whole)
    # GeoNames knows it, and no point stands for it.
    return Spot(name, None, None, whole or ("Region" if graph.one(place, CKG["geonames"]) else ""))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


class _Actors:
    """The actors of a graph as parties, and the states that each article names."""

    def __init__(self, graph: Graph, parties: Parties) -> None:
        self._graph = graph
        self._parties = parties
        self._names: dict[Any, list[str]] = defaultdict(list)
        self._known: dict[Any, Party | None] = {}
        states: dict[Any, set[str]] = defaultdict(set)
        for span in graph.of_type("Span"):
            for actor in graph.all(span, NAME_OF):
                self._names[actor].append(graph.text(span, NIF["anchorOf"]))
                for state in self._wholes(actor):
                    if graph.is_a(state, "State"):
                        states[graph.one(span, REFERENCE_CONTEXT)] |= self._keys(state, Kind.STATE)
        self.states: Mapping[Any, frozenset[str]] = {article: frozenset(keys) for article, keys in states.items()}

    def is_shared(self, who: Any) -> bool:
        """Whether somebody is a named actor, whom articles share."""
        return self._graph.is_a(who, "Actor") and "#" not in who.value

    def party(self, who: Any) -> Party | None:
        """An actor as a party; None for a place or words that are no actor."""
        if who not in self._known:
            self._known[who] = self._party(who) if self._graph.is_a(who, "Actor") else None
        return self._known[who]

    def _party(self, who: NamedNode) -> Party:
        own = next((kind for name, kind in _TOLD_APART.items() if self._graph.is_a(who, name)), Kind.UNKNOWN)
        name = self._graph.text(who, LABEL)
        kind = own if self.is_shared(who) else Kind.UNKNOWN
        keys = self._keys(who, own)
        # A ministry or an army acts for its state, and is told apart as that is.
        for whole in self._wholes(who)[1:]:
            if self._graph.is_a(whole, "State") or self._graph.is_a(whole, "ArmedGroup"):
                keys |= self._keys(whole, Kind.STATE if self._graph.is_a(whole, "State") else Kind.GROUP)
                if self._graph.is_a(who, "GovernmentBody"):
                    kind = Kind.STATE
        return Party(name, kind, keys)

    def _keys(self, who: NamedNode, kind: Kind) -> frozenset[str]:
        graph = self._graph
        keys = {f"{scheme}:{value.value}" for scheme in _SCHEMES for value in graph.all(who, CKG[scheme])}
        if not self.is_shared(who):
            return frozenset(keys)
        entry = who.value.rpartition("/actor/")[2]
        if "/" not in entry:
            keys.add(f"entry:{entry}")
        names = {label.value for label in graph.all(who, LABEL)} | set(self._names[who])
        return frozenset(keys) | self._parties.names(sorted(names), kind)

    def _wholes(self, who: Any) -> list[Any]:
        """Somebody, and whom he is a part of."""
        return [who, *self._graph.all(who, CKG["partOf"])]
