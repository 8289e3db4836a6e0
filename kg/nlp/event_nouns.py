"""Who does and who suffers what a noun tells of: "the shelling of X by Y", "Y's attacks", "clashes between X and Y"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import ActorType, EventType
from kg.nlp import syntax
from kg.nlp.event_ends import AIMED, POSSESSIVE, SHARED, Roles
from kg.nlp.mentions import ADJECTIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.nlp.event_ends import Ends
    from kg.nlp.event_verbs import VerbReader

_REACH: Final = 12
"""Tokens behind a noun among which a phrase may be its own, though the parser hung it elsewhere."""


class NounReader:
    """Reads the roles of nouns."""

    def __init__(self, ends: Ends, verbs: VerbReader) -> None:
        self._ends = ends
        self._verbs = verbs
        self._who = ends.who
        self._words = ends.words

    def roles(self, noun: Token, type_: str) -> Roles | None:
        """The roles of a noun, or None where it may be words only, or nothing is left of it without its ends."""
        sides = self._sides(noun)
        if sides:
            return Roles(sides[0], sides[1] if len(sides) > 1 else None)
        carrier = noun.head if syntax.is_verb(noun.head) else None
        agent = self._ends.owner_of(noun, type_)
        if agent is None or (type_ == EventType.CONSULT and agent.pos_ == "PRON"):
            agent = self._carrier_agent(noun, carrier, type_) or agent
        harmed = self._harmed(noun) if type_ == EventType.ASSAULT else ()
        target = next(
            (t for n in (*harmed, *self._aims(noun, carrier)) if (t := self._ends.sufferer(n, type_)) is not None), None
        )
        if self._words.is_suffered(noun) and target is None:
            target = next(
                (t for c in noun.children if c.dep_ in POSSESSIVE and (t := self._ends.sufferer(c, type_)) is not None),
                None,
            )
        if target is None and agent is not None and carrier is not None:
            agent, target = self._verbs.both_sides(noun, agent, type_)
        aside = carrier is not None and carrier.dep_ in {"advcl", "acl"}
        if type_ == EventType.CONSULT and target is None and (agent is None or aside):
            return self._talkers(noun, agent)
        roles = Roles(agent, None if target is not None and self._ends.is_same(agent, target) else target)
        if type_ == EventType.CONCEDE and agent is None and target is None:
            return None
        worded = self._ends.is_quarrel(roles) or (agent is None and self._ends.type_of(target) == ActorType.PERSON)
        return None if self._words.is_verbal(noun) and worded else roles

    def _sides(self, noun: Token) -> list[Token]:
        """The two sides of "clashes (broke out) between X and Y"."""
        doc = noun.doc
        found: list[Token] = []
        start = next((i for i in range(noun.i + 1, min(noun.i + 7, noun.sent.end)) if doc[i].lower_ == "between"), -1)
        for token in doc[start + 1 : min(start + _REACH, noun.sent.end)] if start >= 0 else ():
            mention = self._who.mention(token)
            inner = token.dep_ == "compound" and token.head.i > token.i and self._who.mention(token.head) is not None
            leading = token.i + 1 < noun.sent.end and token.nbor().tag_ == "HYPH"
            if (
                mention is not None
                and mention.head == token.i
                and mention.cluster >= 0
                and mention.kind != ADJECTIVE
                and not (leading or inner)
                and not (token.i + 1 < noun.sent.end and token.nbor().tag_ == "POS")
                and syntax.preposition(token) in {"", "between", "with"}
                and not any(mention.cluster == self._who.at(t) for t in found)
            ):
                found.append(token)
            if token.text in {",", ";"} or (syntax.is_verb(token) and token.dep_ != "amod"):
                break
        return found[:2]

    def _talkers(self, noun: Token, agent: Token | None) -> Roles:
        """Who talks with whom by the sentence's subject and its "with": "X came out with Y, prior to holding talks"."""
        subject = agent or syntax.subject(syntax.clause_head(noun))
        beside = (t for t in noun.sent if syntax.preposition(t) == "with" and self._who.at(t) >= 0)
        partner = next((t for t in beside if not self._words.is_press(t)), None)
        if subject is None or partner is None or self._who.at(subject) < 0 or self._ends.is_same(subject, partner):
            return Roles(agent)
        return Roles(subject, partner)

    def _carrier_agent(self, noun: Token, carrier: Token | None, type_: str) -> Token | None:
        """The subject of the verb that carries a noun: "launched an offensive", "is locked in battle", "claimed it"."""
        if noun.head.lemma_.lower() in self._words.responsibility and syntax.is_verb(noun.head.head):
            noun, carrier = noun.head, noun.head.head
        if carrier is None:
            return None
        lemma = carrier.lemma_.lower()
        held = noun.dep_ in syntax.OBJECT | syntax.PASSIVE_SUBJECT or any(
            n.i == noun.i for p, n in syntax.obliques(carrier) if p in {"in", "out", "on", "for"}
        )
        if not held or lemma not in self._words.possessing | self._words.claims:
            return None
        agents = syntax.agents(carrier) if syntax.is_passive(carrier) else []
        # Of two subjects the second one says more: "The alliance The X Forces has been locked in battle".
        doers: list[Token | None] = [*agents, *reversed(syntax.own_subjects(carrier)), syntax.subject(carrier)]
        return next((a for d in doers if d is not None and (a := self._ends.doer(d, type_)) is not None), None)

    def _aims(self, noun: Token, carrier: Token | None) -> Iterator[Token]:
        """What a noun is aimed at, wherever the parser hung it: "a raid on X", "the shelling of X"."""
        prepositions = AIMED | SHARED | ({"of"} if self._words.is_suffered(noun) else frozenset())
        heads = [noun, carrier] if carrier is not None and carrier.lemma_.lower() in self._words.light else [noun]
        for head in heads:
            for preposition, inner in syntax.obliques(head):
                if (
                    inner.i > noun.i
                    and not (preposition in SHARED and _is_apart(inner))
                    and (preposition in prepositions or (preposition == "for" and self._words.is_hollow(inner)))
                ):
                    yield inner
        if self._words.is_undergone(noun) or noun.head.lemma_.lower() in self._words.victims:
            victim = syntax.subject(noun.head)
            yield from [victim] if victim is not None else []
        yield from self._behind(noun)
        if carrier is not None and noun.dep_ in syntax.SUBJECT and carrier.lemma_.lower() in self._words.results:
            yield from self._verbs.patients(carrier)

    def _harmed(self, noun: Token) -> Iterator[Token]:
        """Who came to harm: "the shelling of X, which resulted in the death of 31 civilians"."""
        for token in noun.doc[noun.i + 1 : min(noun.i + 2 * _REACH, noun.sent.end)]:
            if self._words.is_verb(token) and self._words.of(token):
                return
            if self._words.is_harm(token):
                yield from (n for p, n in syntax.obliques(token) if p == "of" and self._words.is_person(n))

    def _behind(self, noun: Token) -> Iterator[Token]:
        """The noun of an "against" soon behind, whatever it hangs by: "an offensive by X against Y", "clash with Y"."""
        following = noun.doc[noun.i + 1] if noun.i + 1 < noun.sent.end else noun
        if following.dep_ == "case" and following.lower_ in AIMED | SHARED:
            yield following.head
        for token in noun.doc[noun.i + 1 : min(noun.i + _REACH, noun.sent.end)]:
            if token.text in {",", ";", ":"} or (syntax.is_verb(token) and token.dep_ != "amod"):
                return
            if token.dep_ == "case" and (
                token.lower_ == "against" or (token.lower_ == "for" and self._words.is_hollow(token.head))
            ):
                yield token.head


def _is_apart(noun: Token) -> bool:
    """Whether a comma stands before a noun's preposition: "a coup, with the junta …"."""
    case = next((c for c in noun.children if c.dep_ == "case"), noun)
    return case.i > 0 and case.nbor(-1).text == ","
