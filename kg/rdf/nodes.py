"""Statements and situations as RDF: for each kind, the properties and values of its node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from kg.model import Alliance, CasualtyFigure, Event, Mediation, Participant, Relation, Situation, Span, Statement
from kg.rdf import iris, literals
from kg.rdf.vocabulary import ASSERTED_BY, CKG, IN_ARTICLE, RDF, RELATION_PROPERTY, TYPE, concept

Pair: TypeAlias = tuple[NamedNode, NamedNode | Literal]
"""A property of a node and its value."""


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of one article's things, by their keys; asking for an unknown key raises KeyError."""

    article: NamedNode
    participants: dict[str, NamedNode]
    statements: dict[str, NamedNode]
    situations: dict[str, NamedNode]

    def span(self, where: Span) -> NamedNode:
        """The IRI of a span of the article."""
        return iris.span(self.article, where)

    def participant(self, who: Participant) -> NamedNode:
        """The IRI of an actor or place, or of the span that names what is neither."""
        return self.span(who) if isinstance(who, Span) else self.participants[who]

    def spans(self, *pairs: tuple[str, Span | None]) -> Iterator[Pair]:
        """Properties, by name, whose value is a span, without those that are None."""
        return ((CKG[name], self.span(where)) for name, where in pairs if where is not None)

    def people(self, *pairs: tuple[str, Participant | None]) -> Iterator[Pair]:
        """Properties, by name, whose value is a participant, without those that are None."""
        return ((CKG[name], self.participant(who)) for name, who in pairs if who is not None)


def statement_stem(statement: Statement, article: NamedNode) -> NamedNode:
    """The IRI of a statement if no other rests on the same cue."""
    return iris.node(article, statement.kind.value.lower(), statement.cue)


def situation_stem(situation: Situation, article: NamedNode) -> NamedNode:
    """The IRI of a situation if no other of its kind rests on the same quote."""
    stem, _, _ = _KINDS[type(situation)]
    return iris.node(article, stem, situation.quote)


def statement_pairs(statement: Statement, names: Names) -> Iterator[Pair]:
    """The properties and values of a statement."""
    yield TYPE, CKG["Statement"]
    yield TYPE, CKG[statement.kind.value]
    yield IN_ARTICLE, names.article
    yield CKG["form"], concept(statement.form)
    yield from names.people(("source", statement.source), *(("about", key) for key in statement.about))
    yield from names.spans(
        ("sourceSpan", statement.source_span),
        ("cue", statement.cue),
        ("content", statement.content),
        ("contentContinued", statement.content2),
        ("deniedContent", statement.denied_content),
    )
    if statement.source is None:
        yield CKG["unattributed"], literals.boolean(True)
    if statement.denies is not None:
        yield CKG["denies"], names.statements[statement.denies]
    if statement.nested_in is not None:
        yield CKG["nestedIn"], names.statements[statement.nested_in]
    if statement.date is not None:
        yield CKG["date"], literals.day(statement.date)
    yield CKG["confidence"], literals.decimal(statement.confidence)


def situation_pairs(situation: Situation, names: Names) -> Iterator[Pair]:
    """The properties and values of a casualty figure, alliance, mediation, relation or event."""
    _, name, describe = _KINDS[type(situation)]
    yield TYPE, CKG["Situation"]
    yield TYPE, CKG[name]
    yield IN_ARTICLE, names.article
    yield CKG["quote"], names.span(situation.quote)
    asserting = situation.asserted_by
    yield ASSERTED_BY, names.article if asserting is None else names.statements[asserting]
    yield from describe(situation, names)


def _casualty(figure: CasualtyFigure, names: Names) -> Iterator[Pair]:
    yield CKG["harm"], concept(figure.harm)
    yield CKG["qualifier"], concept(figure.qualifier)
    if figure.min is not None:
        yield CKG["minimum"], literals.integer(figure.min)
    if figure.max is not None:
        yield CKG["maximum"], literals.integer(figure.max)
    yield from names.spans(("victims", figure.victims))
    yield from names.people(("side", figure.side), ("place", figure.place), ("perpetrator", figure.perpetrator))
    if figure.date is not None:
        yield CKG["date"], literals.day(figure.date)
    yield from ((CKG["differsFrom"], names.situations[key]) for key in figure.differs_from)


def _alliance(alliance: Alliance, names: Names) -> Iterator[Pair]:
    yield from names.people(("supporter", alliance.supporter), ("supported", alliance.supported))
    yield CKG["supportKind"], concept(alliance.kind)


def _mediation(mediation: Mediation, names: Names) -> Iterator[Pair]:
    yield from names.people(("mediator", mediation.mediator), ("conflict", mediation.conflict))
    yield from names.people(*(("party", key) for key in mediation.parties))
    yield CKG["mediationRole"], concept(mediation.role)


def _relation(relation: Relation, names: Names) -> Iterator[Pair]:
    yield RDF["subject"], names.participant(relation.a)
    yield RDF["predicate"], RELATION_PROPERTY[relation.type]
    yield RDF["object"], names.participant(relation.b)
    if relation.office:
        yield CKG["office"], literals.string(relation.office)
    if relation.since:
        yield CKG["since"], literals.since(relation.since)


def _event(event: Event, names: Names) -> Iterator[Pair]:
    yield CKG["eventType"], concept(event.type)
    yield from names.people(("agent", event.agent), ("target", event.target), ("place", event.place))
    if event.date is not None:
        yield CKG["date"], literals.day(event.date)
    yield CKG["negated"], literals.boolean(event.negated)


_Describe: TypeAlias = Callable[..., Iterator[Pair]]
_KINDS: dict[type[Situation], tuple[str, str, _Describe]] = {
    CasualtyFigure: ("casualty", "CasualtyFigure", _casualty),
    Alliance: ("alliance", "Alliance", _alliance),
    Mediation: ("mediation", "Mediation", _mediation),
    Relation: ("relation", "Relationship", _relation),
    Event: ("event", "Event", _event),
}
"""For each kind: what its IRIs begin with, its class, and what it has besides every situation's properties."""
