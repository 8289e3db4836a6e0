"""What titles and roles say by themselves: persons' offices and the bodies they lead, bodies of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import ActorType, RelationType
from kg.nlp import lexicon, syntax
from kg.nlp.bodies import BODIES
from kg.nlp.mentions import NAME, ROLE
from kg.nlp.pairs import Tie, actor, actors_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from kg.gazetteer import Gazetteer
    from kg.nlp.mentions import Mention
    from kg.nlp.who import Range, Who


class Offices:
    """Finds relations of types office_of, leads and part_of in mentions; `gazetteer` knows whose president somebody is."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        words = lexicon.load("relations")
        self._offices = words["office_of.nouns"]
        self._office_words = frozenset(w for o in self._offices for w in o.split())
        self._leaders = words["leads.nouns"]
        self._lesser = words["leads.lesser"]
        self._services = words["leads.services"]
        self._gazetteer = gazetteer

    def mentions(self, doc: Doc, who: Who) -> Iterator[Tie]:
        """ "Russian President Vladimir Putin", "Jane Roe, head of the agency", "Armenian authorities"."""
        for m in who.mentions:
            if m.cluster < 0:
                continue
            body = self._body(doc, m, who)
            words = (m.wide_start, max(m.end, m.office_of + 1))
            if m.kind == NAME and m.type == ActorType.PERSON and m.office:
                body = body if body >= 0 else self._country(m, who)
                yield from self._office(doc, m, m.office, body, words, who)
            elif m.kind == ROLE and m.type == ActorType.PERSON and who.is_named(m.cluster):
                if not _is_cut(doc, m) and _role(doc, m) in self._offices | self._leaders:
                    yield from self._office(doc, m, _title(doc, m, who), body, words, who)
                    yield from self._service(doc, m, words, who)
            elif m.kind == ROLE and self._is_part(m.cluster, body, who):
                yield Tie(RelationType.PART_OF, actor(m.cluster), actor(body), words, doc[m.head], granted=True)

    def _is_part(self, part: int, whole: int, who: Who) -> bool:
        """Whether a body goes by the name of the state that it belongs to: "Armenian authorities"."""
        owned = who.type(part) == ActorType.GOVERNMENT_BODY and who.type(whole) in {ActorType.STATE, ActorType.TERRITORY}
        return owned and who.is_named(whole)

    def _body(self, doc: Doc, m: Mention, who: Who) -> int:
        """The body or country of a title or role; a phrase after it ("head of the agency") before a modifier."""
        token = doc[m.head]
        if m.kind == ROLE:
            for preposition, noun in syntax.obliques(token):
                if preposition in {"of", "for", "at"}:
                    for c in actors_at(who, noun):
                        if who.type(c) in BODIES and c != m.cluster:
                            return c
            for child in token.children:
                if child.dep_ in {"nmod:poss", "poss"} and who.type(c := who.at(child)) in BODIES:
                    return c
        if m.office_of >= 0:
            inner = who.mention(doc[m.office_of])
            if inner is not None and inner.cluster >= 0 and inner.cluster != m.cluster:
                return inner.cluster
        return who.owner(m.cluster)

    def _country(self, m: Mention, who: Who) -> int:
        """The state of an office that the title leaves out: the gazetteer's, where the article names that state."""
        if m.office.lower() not in self._offices:
            return -1
        entries = {str(who.clusters[m.cluster]["entry"])}
        for entry in entries & {e for e in entries if e in self._gazetteer}:
            known = self._gazetteer[entry]
            if set(m.office.lower().split()) & set(known.office.lower().split()):
                return next((c for c in range(len(who.clusters)) if self._iso3(c, who) in known.country), -1)
        return -1

    def _iso3(self, cluster: int, who: Who) -> str:
        """The country code of a state that the article names, or an empty string."""
        entry = str(who.clusters[cluster]["entry"])
        if who.type(cluster) != ActorType.STATE or entry not in self._gazetteer:
            return ""
        return self._gazetteer[entry].identifier("iso3") or ""

    def _office(self, doc: Doc, m: Mention, office: str, body: int, words: Range, who: Who) -> Iterator[Tie]:
        if who.type(body) not in BODIES:
            return
        roles = set(office.lower().split())
        state = who.type(body) in {ActorType.STATE, ActorType.TERRITORY}
        at = doc[m.head]
        if roles & self._office_words or (state and roles & {"leader", "chief"}):
            yield Tie(RelationType.OFFICE_OF, actor(m.cluster), actor(body), words, at, granted=True, office=office)
        if roles & self._leaders and not roles & self._lesser and not (state and roles & {"chief", "head", "director", "commander"}):
            yield Tie(RelationType.LEADS, actor(m.cluster), actor(body), words, at, granted=True)

    def _service(self, doc: Doc, m: Mention, words: Range, who: Who) -> Iterator[Tie]:
        """ "the army chief": who leads the service that the phrase names before its head."""
        before = doc[m.head - 1] if m.head > m.start else None
        if m.role not in self._leaders or before is None or before.lower_ not in self._services:
            return
        service = who.at(before)
        if who.type(service) == ActorType.GOVERNMENT_BODY:
            yield Tie(RelationType.LEADS, actor(m.cluster), actor(service), words, doc[m.head], granted=True)


def _is_cut(doc: Doc, m: Mention) -> bool:
    """Whether a role is the first half of a hyphenated one: "secretary" of "secretary-general"."""
    return m.head + 1 < len(doc) and doc[m.head + 1].text == "-"


def _role(doc: Doc, m: Mention) -> str:
    """The role with what a hyphen ties to it: "secretary-general"."""
    if m.head - m.start > 1 and doc[m.head - 1].text == "-":
        return f"{doc[m.head - 2].lower_}-{doc[m.head].lower_}"
    return m.role


def _title(doc: Doc, m: Mention, who: Who) -> str:
    """The words of a role that name the office: "defence spokesman" of "northern command's defence spokesman"."""
    start = m.start
    for i in range(m.start, m.head):
        inner = who.mention(doc[i])
        named = inner is not None and inner.kind != ROLE and inner.cluster >= 0
        if named or doc[i].tag_ in {"POS", "PRP$", "DT"} or doc[i].lower_ == "’s":
            start = i + 1
    return str(doc[start : m.head + 1].text)
