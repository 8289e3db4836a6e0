"""Who does and who suffers a happening, read off the verb or noun that tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.model import ActorType, EventType
from kg.nlp import syntax
from kg.nlp.mentions import ADJECTIVE, PRONOUN
from kg.nlp.pairs import between

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.event_words import EventWords
    from kg.nlp.who import Who

_AIMED: Final = frozenset({"on", "against", "upon"})
_SHARED: Final = frozenset({"with"})
_OWNING: Final = frozenset({"nmod:poss", "poss", "compound", "amod", "nmod", "nmod:desc"})
_ACTING: Final = frozenset({ActorType.STATE, ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY, ActorType.INTERNATIONAL_ORGANIZATION, ActorType.TERRITORY})
_WITHOUT_PHRASE: Final = frozenset({EventType.MOBILIZE, EventType.RETREAT, EventType.AGREE, EventType.SANCTION, EventType.COOPERATE, EventType.PROTEST, EventType.SUPPORT})
"""Types whose target is an actor or nobody: a deployed missile, a signed paper and a left town are none."""
_VIOLENT: Final = frozenset({EventType.ASSAULT, EventType.COERCE})
_UNHARMING: Final = frozenset({ActorType.ORGANIZATION})


@dataclass(frozen=True, slots=True)
class Roles:
    """The tokens that stand for agent and target, None where the text names none."""

    agent: Token | None = None
    target: Token | None = None


class RoleFinder:
    """Reads roles off triggers; one for each Doc."""

    def __init__(self, who: Who, words: EventWords) -> None:
        self._who = who
        self._words = words

    def of(self, trigger: Token, type_: str) -> Roles | None:
        """The roles of a trigger, or None where a verb of many senses has not the ends that its happening needs."""
        if not syntax.is_verb(trigger):
            return self._noun(trigger, type_)
        roles = self._verb(trigger, type_)
        return roles if self._fits(trigger, type_, roles) else None

    # Verbs

    def _verb(self, verb: Token, type_: str) -> Roles:
        passive = self.is_passive(verb)
        subject = syntax.subject(verb)
        doers = syntax.agents(verb) if passive else [subject] if subject is not None else []
        agent = next((a for d in doers if (a := self.doer(d, type_)) is not None), None)
        patients = syntax.passive_subjects(verb) if passive else self.patients(verb)
        target = next((t for p in patients if (t := self.sufferer(p, type_)) is not None), None)
        if target is None:
            prepositions = _SHARED | _AIMED if type_ != EventType.CONSULT or passive else _SHARED | {"to"}
            target = next((t for p, n in self._adjuncts(verb) if p in prepositions and (t := self.sufferer(n, type_)) is not None), None)
        if passive and agent is None and type_ == EventType.ASSAULT:
            agent = next((n for p, n in syntax.obliques(verb) if p == "by" and self._words.is_forces(n)), None)
        return Roles(agent, None if target is not None and self._is_same(agent, target) else target)

    def is_passive(self, verb: Token) -> bool:
        """Whether a verb is a passive, also the headline's: "16 civilians killed in …"."""
        if syntax.is_passive(verb):
            return True
        subjects = syntax.own_subjects(verb)
        bare = verb.tag_ in {"VBN", "VBD"} and not any(c.dep_ == "aux" for c in verb.children)
        return bare and bool(subjects) and not self.patients(verb) and not self._words.is_loose(verb) and self._words.of(verb) in _VIOLENT and (
            self._words.is_person(subjects[0]) and not self._words.is_forces(subjects[0])
        )

    def patients(self, verb: Token) -> list[Token]:
        """Objects, also the one shared with a verb coordinated behind: "shot and wounded two men"."""
        found = syntax.objects(verb)
        if not found:
            followers = [c for c in verb.children if c.dep_ == "conj" and syntax.is_verb(c) and not syntax.own_subjects(c)]
            found = [o for c in followers for o in syntax.objects(c)]
        return found

    def _adjuncts(self, verb: Token) -> Iterator[tuple[str, Token]]:
        """A verb's prepositional phrases, and those that the parser hung to its object instead."""
        yield from syntax.obliques(verb)
        for thing in syntax.objects(verb):
            yield from syntax.obliques(thing)

    def _fits(self, verb: Token, type_: str, roles: Roles) -> bool:
        """Whether a verb has the ends that its happening needs."""
        if roles.agent is None and roles.target is None and not self.is_passive(verb):
            return False
        subject = syntax.subject(verb)
        instrument = subject is not None and (self._words.is_weapon(subject) or self._words.of(subject) != "")
        if self._words.needs_forces(verb):
            forces = roles.agent if roles.agent is not None else subject
            return forces is not None and self._is_force(forces)
        if not self._words.is_loose(verb):
            return True
        acts = roles.agent is not None or instrument or self.is_passive(verb)
        placed = type_ == EventType.CONSULT and any(self._who.is_place(o) or self._who.at(o) >= 0 for o in syntax.objects(verb))
        return acts and (roles.target is not None or placed)

    def _is_force(self, token: Token) -> bool:
        return self._words.is_forces(token) or (self._who.type(self._who.at(token)) in {ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY})

    # Nouns

    def _noun(self, noun: Token, type_: str) -> Roles:
        sides = between(noun, self._who)
        if sides:
            tokens = self._first_mentions(noun, sides)
            return Roles(tokens[0], tokens[1] if len(tokens) > 1 else None)
        carrier = noun.head if syntax.is_verb(noun.head) else None
        agent = self.owner_of(noun, type_) or self._carrier_agent(noun, carrier, type_)
        target = next((t for n in self._aims(noun, carrier) if (t := self.sufferer(n, type_)) is not None), None)
        if self._words.is_suffered(noun) and target is None:
            target = next((t for c in noun.children if c.dep_ in {"nmod:poss", "poss"} and (t := self.sufferer(c, type_)) is not None), None)
        return Roles(agent, None if target is not None and self._is_same(agent, target) else target)

    def owner_of(self, noun: Token, type_: str) -> Token | None:
        """Whose happening or weapon a noun names: "Turkish airstrikes", "attacks by militants", "strikes carried out by rebels"."""
        for child in noun.children:
            suffered = self._words.is_suffered(noun) and child.dep_ in {"nmod:poss", "poss"}
            if child.i < noun.i and child.dep_ in _OWNING and not suffered and self._who.at(child) >= 0:
                return child
        own = not self._words.is_suffered(noun) and type_ not in _VIOLENT
        for preposition, inner in syntax.obliques(noun):
            if preposition == "by" or (preposition == "of" and own):
                agent = self.doer(inner, type_)
                if agent is not None:
                    return agent
        for child in noun.children:
            if child.dep_ in syntax.RELATIVE | syntax.PARTICIPIAL:
                for inner in syntax.agents(child):
                    if (agent := self.doer(inner, type_)) is not None:
                        return agent
        return None

    def _carrier_agent(self, noun: Token, carrier: Token | None, type_: str) -> Token | None:
        """The subject of the verb that carries a noun: "launched an offensive", "is locked in battle", "claimed the attack"."""
        if carrier is None:
            return None
        lemma = carrier.lemma_.lower()
        held = noun.dep_ in syntax.OBJECT or any(n.i == noun.i for p, n in syntax.obliques(carrier) if p in {"in", "out", "on", "for"})
        if not held or lemma not in self._words.possessing | self._words.claims:
            return None
        doers = syntax.agents(carrier) if syntax.is_passive(carrier) and syntax.agents(carrier) else [syntax.subject(carrier)]
        return next((a for d in doers if d is not None and (a := self.doer(d, type_)) is not None), None)

    def _aims(self, noun: Token, carrier: Token | None) -> Iterator[Token]:
        """What a noun is aimed at: "a raid on X", "the shelling of X", "clashes with X", and the same hung to its carrier."""
        prepositions = _AIMED | _SHARED | ({"of"} if self._words.is_suffered(noun) else frozenset())
        heads = [noun, carrier] if carrier is not None and carrier.lemma_.lower() in self._words.light else [noun]
        for head in heads:
            for preposition, inner in syntax.obliques(head):
                if preposition in prepositions and inner.i > noun.i:
                    yield inner
        if carrier is not None and noun.dep_ in syntax.SUBJECT and carrier.lemma_.lower() in self._words.results:
            yield from self.patients(carrier)

    def _first_mentions(self, noun: Token, sides: list[int]) -> list[Token]:
        doc = self._who.doc
        found: dict[int, Token] = {}
        for m in self._who.mentions:
            if m.cluster in sides and noun.i < m.head < noun.sent.end:
                found.setdefault(m.cluster, doc[m.head])
        return [found[c] for c in sides if c in found]

    # Ends

    def doer(self, token: Token, type_: str) -> Token | None:
        """The actor that a subject stands for; a weapon's or a happening's is its owner."""
        if self._words.is_weapon(token) or self._words.of(token):
            return self.owner_of(token, type_)
        cluster = self._who.at(token)
        if cluster < 0 or (type_ in _VIOLENT and self._who.type(cluster) in _UNHARMING):
            return None
        return token

    def sufferer(self, token: Token, type_: str) -> Token | None:
        """The token that a target stands behind: its owner or its group, itself, or None for what is no target."""
        if token.ent_type_ in {"DATE", "TIME"} or (self._words.of(token) and self._who.mention(token) is None) or self._words.is_press(token):
            return None
        if self._words.is_hollow(token):
            inner = next((n for p, n in syntax.obliques(token) if p == "of"), None)
            if inner is not None and token.lemma_.lower() != "part":
                return self.sufferer(inner, type_)
        group = self._group(token)
        if group is not None:
            return group
        if self._who.at(token) >= 0:
            return None if type_ == EventType.CONSULT and self._who.type(self._who.at(token)) == ActorType.TERRITORY else token
        if type_ in _WITHOUT_PHRASE:
            return None
        if type_ in {EventType.CONSULT, EventType.CONCEDE}:
            return token if self._words.is_person(token) else None
        if self._who.is_place(token) or self._words.is_concrete(token) or token.ent_type_ in {"GPE", "LOC", "NORP", "FAC"}:
            return token
        return None

    def _group(self, token: Token) -> Token | None:
        """The named group behind "jihadists from X", and the owner of "its towns", "the headquarters of X's fighters"."""
        cluster = self._who.at(token)
        if cluster >= 0 and self._who.is_named(cluster):
            return None
        person = self._words.is_person(token) or cluster >= 0
        for preposition, inner in syntax.obliques(token):
            if preposition in {"of", "from"} and self._words.is_forces(token) == (preposition == "from" or self._words.is_forces(token)):
                owner = self._who.at(inner)
                if owner >= 0 and self._who.type(owner) in {ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY} and self._who.is_named(owner):
                    return inner
        if person:
            return None
        for child in token.children:
            mention = self._who.mention(child)
            if child.dep_ in {"nmod:poss", "poss"} and self._who.at(child) >= 0 and mention is not None and (mention.kind == PRONOUN or mention.kind != ADJECTIVE):
                return child
        return None

    def _is_same(self, a: Token | None, b: Token) -> bool:
        return a is not None and self._who.at(a) >= 0 and self._who.at(a) == self._who.at(b)
