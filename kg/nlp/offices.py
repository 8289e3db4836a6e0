"""What titles and roles say by themselves: persons' offices, the bodies they lead, and bodies of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import ActorType, RelationType
from kg.nlp import lexicon, syntax
from kg.nlp.bodies import BODIES
from kg.nlp.mentions import NAME, ROLE
from kg.nlp.pairs import Tie, actor
from kg.nlp.parties import actors_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from kg.gazetteer import Gazetteer
    from kg.nlp.mentions import Mention
    from kg.nlp.who import Range, Who

_COMMANDS: Final = frozenset({ActorType.GOVERNMENT_BODY, ActorType.ORGANIZATION})
_WITH_MEMBERS: Final = frozenset(
    {ActorType.ORGANIZATION, ActorType.INTERNATIONAL_ORGANIZATION, ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY}
)
_SERVICES: Final = frozenset({ActorType.GOVERNMENT_BODY, ActorType.ARMED_GROUP})
_COUNTRIES: Final = frozenset({ActorType.STATE, ActorType.TERRITORY})


class Offices:
    """Finds relations of types office_of, leads and part_of in mentions.

    `gazetteer` knows whose president somebody is.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        words = lexicon.load("relations")
        self._offices = words["office_of.nouns"]
        self._office_words = frozenset(w for o in self._offices for w in o.split())
        self._leaders = words["leads.nouns"]
        self._lesser = words["leads.lesser"]
        self._of_bodies = words["leads.of_bodies"]
        self._ranks = words["leads.ranks"]
        self._past = words["office_of.past"]
        self._services = words["leads.services"]
        self._of_some = words["leads.of_some"]
        self._sent = words["leads.sent"]
        self._followers = words["member_of.followers"] | words["member_of.persons"]
        self._service_ranks = lexicon.load("mentions")["titles.ranks"]
        self._gazetteer = gazetteer

    def mentions(self, doc: Doc, who: Who) -> Iterator[Tie]:
        """ "Kenyan President Jane Roe", "Jane Roe, head of the agency", "Malian authorities"."""
        states = self._states(who)
        for m in who.mentions:
            if m.cluster < 0:
                continue
            body = self._body(doc, m, who)
            if m.kind == NAME and m.type == ActorType.PERSON:
                yield from self._ranked(doc, m, who)
                yield from self._attached(doc, m, who)
            if m.kind == NAME and m.type == ActorType.PERSON and m.office:
                body = body if body >= 0 else self._country(m, states, who)
                yield from self._holds(doc, m, m.office, body, who)
            elif m.kind == ROLE and m.type == ActorType.PERSON and who.is_named(m.cluster) and not _is_cut(doc, m):
                yield from self._plays(doc, m, body, who)
            elif m.kind == ROLE and m.office_of >= 0 and _is_part(m.cluster, body, who):
                yield Tie(RelationType.PART_OF, actor(m.cluster), actor(body), _words(m), doc[m.head], granted=True)

    def _body(self, doc: Doc, m: Mention, who: Who) -> int:
        """The body or country of a title or role; a phrase after it ("head of the agency") before a modifier."""
        token = doc[m.head]
        if m.kind == ROLE:
            prepositions = {"of", "at"} if m.role.split()[-1] in self._sent else {"of", "for", "at"}
            for preposition, noun in syntax.obliques(token):
                if preposition in prepositions:
                    for c in actors_at(who, noun):
                        if who.type(c) in BODIES and c != m.cluster:
                            return c
            for child in token.children:
                if child.dep_ == "nmod:poss" and who.type(c := who.at(child)) in BODIES:
                    return c
            if (beside := self._beside(doc, m, who)) >= 0:
                return beside
        if m.office_of >= 0:
            inner = who.mention(doc[m.office_of])
            if inner is not None and inner.cluster >= 0 and inner.cluster != m.cluster:
                return inner.cluster
        return who.owner(m.cluster)

    def _beside(self, doc: Doc, m: Mention, who: Who) -> int:
        """The body behind the comma of "Jane Roe, commander, Northern Fleet", or -1."""
        if m.end + 1 >= len(doc) or doc[m.end].text != "," or m.role.split()[-1] not in self._leaders:
            return -1
        after = m.end + 1 + (doc[m.end + 1].lower_ == "the")
        body = who.mention(doc[after]) if after < len(doc) else None
        named = body is not None and body.kind == NAME and body.start == after
        return body.cluster if body is not None and named and who.type(body.cluster) in _COMMANDS else -1

    def _states(self, who: Who) -> dict[str, int]:
        """The states that the article names, by their country codes."""
        found: dict[str, int] = {}
        for cluster, info in enumerate(who.clusters):
            entry = str(info["entry"])
            if info["type"] == ActorType.STATE and entry in self._gazetteer:
                found.setdefault(self._gazetteer[entry].identifier("iso3") or entry, cluster)
        return found

    def _country(self, m: Mention, states: dict[str, int], who: Who) -> int:
        """The state of an office that the title leaves out: the gazetteer's, where the article names that state."""
        entry = str(who.clusters[m.cluster]["entry"])
        if m.office.lower() not in self._offices or entry not in self._gazetteer:
            return -1
        known = self._gazetteer[entry]
        if not set(m.office.lower().split()) & set(known.office.lower().split()):
            return -1
        return next((states[code] for code in known.country if code in states), -1)

    def _plays(self, doc: Doc, m: Mention, body: int, who: Who) -> Iterator[Tie]:
        """What a role beside a person's name says: an office, or that its bearer belongs to an armed group."""
        if _roles(doc, m) & (self._offices | self._leaders):
            yield from self._holds(doc, m, _title(doc, m, who), body, who)
            yield from self._service(doc, m, who)
        elif who.type(body) == ActorType.ARMED_GROUP and _roles(doc, m) & self._followers:
            yield from self._follows(doc, m, body)

    def _follows(self, doc: Doc, m: Mention, body: int) -> Iterator[Tie]:
        if not self._is_past(doc, m):
            yield Tie(RelationType.MEMBER_OF, actor(m.cluster), actor(body), _words(m), doc[m.head], granted=True)

    def _attached(self, doc: Doc, m: Mention, who: Who) -> Iterator[Tie]:
        """ "Jane Roe, of the Refugee Council", "the Refugee Council's Jane Roe"."""
        bodies = [n.i for p, n in syntax.obliques(doc[m.head]) if p in {"of", "from"}]
        if m.wide_start == m.start > 1 and doc[m.start - 1].tag_ == "POS":
            bodies.append(m.start - 2)
        for body in (who.mention(doc[i]) for i in bodies):
            if body is not None and body.kind == NAME and who.type(body.cluster) in _WITH_MEMBERS:
                words = min(m.start, body.start), max(m.end, body.end)
                member, at = actor(m.cluster), doc[m.head]
                yield Tie(RelationType.MEMBER_OF, member, actor(body.cluster), words, at, granted=True)

    def _ranked(self, doc: Doc, m: Mention, who: Who) -> Iterator[Tie]:
        """ "Royal Navy Captain Jane Roe" serves in the Royal Navy."""
        i = m.start - 1
        while i >= m.wide_start and doc[i].lower_ in self._service_ranks:
            i -= 1
        service = who.mention(doc[i]) if m.wide_start <= i < m.start - 1 else None
        if service is not None and service.kind == NAME and who.type(service.cluster) in _SERVICES:
            yield from self._follows(doc, m, service.cluster)

    def _holds(self, doc: Doc, m: Mention, office: str, body: int, who: Who) -> Iterator[Tie]:
        """The office that somebody holds of a body, unless it is a past one, and whether its holder leads the body."""
        if who.type(body) not in BODIES or self._is_past(doc, m):
            return
        roles = set(office.lower().split())
        state = who.type(body) in _COUNTRIES
        at, words = doc[m.head], _words(m)
        limited = bool(roles & self._of_bodies) and bool(roles - self._leaders - self._office_words - self._ranks)
        alliance = who.type(body) == ActorType.INTERNATIONAL_ORGANIZATION and limited
        chief = "chief" in roles and (state or alliance)
        if chief or roles & self._office_words or (state and "leader" in roles and not limited):
            yield Tie(RelationType.OFFICE_OF, actor(m.cluster), actor(body), words, at, granted=True, office=office)
        if who.type(body) == ActorType.ARMED_GROUP and (limited or self._is_one_of_many(doc, m, roles)):
            yield from self._follows(doc, m, body)
            return
        lesser = self._lesser | (self._of_bodies - {"leader"}) if state else self._lesser
        if roles & self._leaders and not roles & lesser and not limited:
            yield Tie(RelationType.LEADS, actor(m.cluster), actor(body), words, at, granted=True)

    def _is_one_of_many(self, doc: Doc, m: Mention, roles: set[str]) -> bool:
        """Whether others lead beside somebody: "a Taliban leader", "Taliban commander X", but not "the commander"."""
        before = {t.lower_ for t in doc[max(0, m.wide_start - 1) : m.head]}
        leading = roles & self._leaders
        return bool(leading) and (bool(before & {"a", "an"}) or (not before & {"the"} and leading <= self._of_some))

    def _is_past(self, doc: Doc, m: Mention) -> bool:
        """Whether a title is one of the past: "former President X"."""
        return any(t.lower_ in self._past for t in doc[max(0, m.wide_start - 2) : m.head])

    def _service(self, doc: Doc, m: Mention, who: Who) -> Iterator[Tie]:
        """ "the army chief": who leads the service that the phrase names before its head."""
        before = doc[m.head - 1] if m.head > m.start else None
        if before is None or before.lower_ not in self._services or not _roles(doc, m) & self._leaders:
            return
        service = who.at(before)
        if who.type(service) == ActorType.GOVERNMENT_BODY:
            yield Tie(RelationType.LEADS, actor(m.cluster), actor(service), _words(m), doc[m.head], granted=True)


def _is_part(part: int, whole: int, who: Who) -> bool:
    """Whether a body goes by the name of the country that it belongs to: "Malian authorities"."""
    return who.type(part) == ActorType.GOVERNMENT_BODY and who.type(whole) in _COUNTRIES and who.is_named(whole)


def _words(m: Mention) -> Range:
    """The mention with its title and whose it is."""
    return m.wide_start, max(m.end, m.office_of + 1)


def _is_cut(doc: Doc, m: Mention) -> bool:
    """Whether a role is the first half of a hyphenated one: "secretary" of "secretary-general"."""
    return m.head + 1 < len(doc) and doc[m.head + 1].text == "-"


def _roles(doc: Doc, m: Mention) -> set[str]:
    """The role and its head noun ("army chief", "chief"), with what a hyphen ties to it ("secretary-general")."""
    if m.head - m.start > 1 and doc[m.head - 1].text == "-":
        return {f"{doc[m.head - 2].lower_}-{doc[m.head].lower_}"}
    return {m.role, *m.role.split()[-1:]}


def _title(doc: Doc, m: Mention, who: Who) -> str:
    """The words of a role that name the office: "defence spokesman" of "northern command's defence spokesman"."""
    start = m.start
    for i in range(m.start, m.head):
        inner = who.mention(doc[i])
        named = inner is not None and inner.kind != ROLE and inner.cluster >= 0
        if named or doc[i].tag_ in {"POS", "PRP$", "DT"} or doc[i].lower_ == "’s":
            start = i + 1
    bounded = any((inner := who.mention(t)) is not None and inner.kind == NAME for t in doc[m.head + 1 : m.end])
    return str(doc[start : m.head + 1 if bounded else m.end].text)
