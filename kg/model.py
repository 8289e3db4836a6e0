"""What an article can state: plain, frozen values that every other part of the package speaks.

Offsets are Unicode code points into :attr:`Article.text`, end exclusive (RFC 5147, NIF). Keys such as ``"a3"`` are
local to one :class:`Extraction`; IRIs are minted from content later, in :mod:`kg.rdf`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


class ActorType(StrEnum):
    """The eight types of actor."""

    STATE = "State"
    PERSON = "Person"
    ARMED_GROUP = "ArmedGroup"
    GOVERNMENT_BODY = "GovernmentBody"
    INTERNATIONAL_ORGANIZATION = "InternationalOrganization"
    ORGANIZATION = "Organization"
    PEOPLE = "People"
    TERRITORY = "Territory"


class StatementKind(StrEnum):
    """The six kinds of statement."""

    CLAIM = "Claim"
    ACCUSATION = "Accusation"
    DENIAL = "Denial"
    NON_DISCLOSURE = "NonDisclosure"
    PLEDGE = "Pledge"
    APPEAL = "Appeal"


class Form(StrEnum):
    """How a statement's content is given: wholly quoted, wholly reported, or partly quoted."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Harm(StrEnum):
    """What a casualty figure counts."""

    KILLED = "killed"
    WOUNDED = "wounded"
    CAPTURED = "captured"
    MISSING = "missing"
    DISPLACED = "displaced"


class Qualifier(StrEnum):
    """How exact a figure claims to be."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"
    RANGE = "range"


class SupportKind(StrEnum):
    """How one actor supports another."""

    BACKS = "backs"
    ALLIED = "allied"
    ARMS = "arms"
    TRAINS = "trains"
    FUNDS = "funds"
    FIGHTS_ALONGSIDE = "fights_alongside"
    COALITION_MEMBER = "coalition_member"


class MediationRole(StrEnum):
    """What a mediator does."""

    MEDIATES = "mediates"
    HOSTS_TALKS = "hosts_talks"
    CO_CHAIRS = "co_chairs"
    BROKERS = "brokers"
    OBSERVES = "observes"


class RelationType(StrEnum):
    """Relations of two actors, or of an actor and a place, that are no support."""

    CONTROLS = "controls"
    LOCATED_IN = "located_in"
    MEMBER_OF = "member_of"
    CO_CHAIRS = "co_chairs"
    LEADS = "leads"
    OFFICE_OF = "office_of"
    PART_OF = "part_of"
    OPPOSES = "opposes"


class EventType(StrEnum):
    """PLOVER's sixteen event types (Halterman et al. 2023)."""

    ASSAULT = "ASSAULT"
    COERCE = "COERCE"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    RETREAT = "RETREAT"
    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    AID = "AID"
    COOPERATE = "COOPERATE"
    CONCEDE = "CONCEDE"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"


class LinkMethod(StrEnum):
    """By what a link to another dataset was made."""

    GAZETTEER = "gazetteer"
    GEONAMES = "geonames"
    RECONCILIATION = "reconciliation"
    CROSSWALK = "crosswalk"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters of an article: offsets in code points, end exclusive.

    >>> Span(0, 4).of("Said Ali.")
    'Said'
    """

    begin: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.begin < self.end:
            raise ValueError(f"span {self.begin},{self.end}: begin must be 0 or more and smaller than end")

    def of(self, text: str) -> str:
        """The characters themselves."""
        return text[self.begin : self.end]

    def covers(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.begin <= other.begin and other.end <= self.end


Participant: TypeAlias = str | Span
"""Who or what takes part: the key of an :class:`Actor` or :class:`Place`, or the span that names what is neither."""


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as it was read; `text` is what all offsets refer to."""

    id: str
    text: str
    title: str = ""
    date: date | None = None
    url: str = ""
    publisher: str = ""
    boilerplate: tuple[Span, ...] = ()
    """Repeated captions, photo credits, "Read more": part of the text, but nothing is extracted from them."""
    duplicate_of: str = ""
    """The identifier of an earlier article with almost the same text, such as an agency's that many sites copy."""
    origin: str = ""
    """Where it was read, for messages: a path, ``-``, or ``path:line``; not part of the graph."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to something in another dataset, and how it was made."""

    scheme: str
    """The dataset: ``wikidata``, ``geonames`` or ``dbpedia``."""
    value: str
    """The identifier there."""
    score: float
    """How sure the link is, from 0 to 1."""
    reasons: tuple[str, ...] = ()
    """What spoke for it, each as ``key=value``, sorted: ``row=mali``, ``demonym=Malian``."""
    same: bool = False
    """Whether both are one and the same; otherwise they match closely."""
    method: LinkMethod = LinkMethod.GAZETTEER


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, speaks, suffers or is supported in an article."""

    key: str
    name: str
    """The fullest name that the article itself uses."""
    type: ActorType
    name_span: Span
    """Where `name` stands."""
    aliases: tuple[Span, ...] = ()
    """Other names and descriptions, without pronouns: "the monitor", "Moscow" for Russia."""
    mentions: tuple[Span, ...] = ()
    """Every mention, the name, aliases and pronouns included."""
    entry: str | None = None
    """Identifier of the gazetteer entry, such as ``mali``; all articles share the actor under this name."""
    label: str = ""
    """The gazetteer's preferred label, or `name` where no entry is known."""
    named: bool = False
    """Whether `name` is a proper name full enough to be shared by all articles; "rebels" and a bare surname are not."""
    identifiers: tuple[tuple[str, str], ...] = ()
    """Identifiers of other datasets as (scheme, value), sorted: ``("wikidata", "Q227")``, ``("iso3", "AZE")``."""
    links: tuple[Link, ...] = ()
    """Links to other datasets, sorted by scheme."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that is named in an article and is no actor there."""

    key: str
    name: str
    mentions: tuple[Span, ...]
    latitude: float | None = None
    """Degrees in WGS 84, as `longitude`; both or none. Countries and regions have none: no point stands for them."""
    longitude: float | None = None
    links: tuple[Link, ...] = ()
    """Links to other datasets, sorted by scheme, one at most to each."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One act of attribution: somebody (source), a cue, a content."""

    key: str
    kind: StatementKind
    form: Form
    cue: Span
    source: Participant | None = None
    """Who says it; a span for what is no actor ("the criminal complaint"); None if unattributed ("reportedly")."""
    source_span: Span | None = None
    """The words that name the source here, a pronoun perhaps."""
    content: Span | None = None
    content2: Span | None = None
    """The second part of a content that the cue or the source interrupts."""
    about: tuple[str, ...] = ()
    """Keys of the actors accused, denied or addressed."""
    denies: str | None = None
    """Key of the statement that a denial denies."""
    denied_content: Span | None = None
    nested_in: str | None = None
    """Key of the statement whose content holds this one."""
    date: date | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Situation:
    """Something that is so, or happens, according to the article or to one of its statements."""

    key: str
    quote: Span
    asserted_by: str | None = field(default=None, kw_only=True)
    """Key of the statement that asserts it; None where the article itself does."""


@dataclass(frozen=True, slots=True)
class CasualtyFigure(Situation):
    """How many were killed, wounded, captured, are missing or displaced. An absent bound is unknown."""

    harm: Harm
    qualifier: Qualifier
    min: int | None = None
    max: int | None = None
    victims: Span | None = None
    side: str | None = None
    """Key of the actor to whom the victims belong, where the article says so."""
    place: str | None = None
    date: date | None = None
    perpetrator: Participant | None = None
    differs_from: tuple[str, ...] = ()
    """Keys of figures that the article itself contrasts with this one."""


@dataclass(frozen=True, slots=True)
class Alliance(Situation):
    """Support of one actor for another."""

    supporter: str
    supported: str
    kind: SupportKind


@dataclass(frozen=True, slots=True)
class Mediation(Situation):
    """An actor stands between the parties of a conflict."""

    mediator: str
    role: MediationRole
    parties: tuple[str, ...] = ()
    conflict: Participant | None = None


@dataclass(frozen=True, slots=True)
class Relation(Situation):
    """Another relation of two actors, or of an actor and a place."""

    type: RelationType
    a: Participant
    b: Participant
    office: str = ""
    since: str = ""
    """A year, year and month, or date: ``1994``, ``1994-05``, ``1994-05-12``."""


@dataclass(frozen=True, slots=True)
class Event(Situation):
    """A concrete happening."""

    type: EventType
    agent: Participant | None = None
    target: Participant | None = None
    place: str | None = None
    date: date | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one article states."""

    article: Article
    sentences: tuple[Span, ...] = ()
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    statements: tuple[Statement, ...] = ()
    casualties: tuple[CasualtyFigure, ...] = ()
    alliances: tuple[Alliance, ...] = ()
    mediations: tuple[Mediation, ...] = ()
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()

    def situations(self) -> Iterator[Situation]:
        """Casualty figures, alliances, mediations, relations and events, in that order."""
        yield from self.casualties
        yield from self.alliances
        yield from self.mediations
        yield from self.relations
        yield from self.events

    def spans(self) -> Iterator[Span]:
        """Every span that anything here points to, sentences included; repeated where two things share it."""
        yield from self.sentences
        for group in (self.actors, self.places, self.statements, tuple(self.situations())):
            for item in group:
                for f in fields(item):
                    value = getattr(item, f.name)
                    if isinstance(value, Span):
                        yield value
                    elif isinstance(value, tuple):
                        yield from (v for v in value if isinstance(v, Span))
