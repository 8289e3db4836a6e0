"""Who does and who suffers a happening, read off the verb or noun that tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.model import ActorType, EventType
from kg.nlp import syntax
from kg.nlp.mentions import ADJECTIVE, METONYM, NAME

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.event_words import EventWords
    from kg.nlp.who import Who

_REACH: Final = 12
"""Tokens behind a noun among which a phrase may be its own, though the parser hung it elsewhere."""
_WHILE: Final = frozenset({"when", "as", "after", "while"})
_AIMED: Final = frozenset({"on", "against", "upon"})
_SHARED: Final = frozenset({"with"})
_PREPOSITIONS: Final[dict[str, frozenset[str]]] = {
    EventType.COERCE: frozenset(),
    EventType.CONSULT: frozenset({"with", "to"}),
    EventType.SANCTION: frozenset({"against", "from", "in", "on", "with"}),
    EventType.PROTEST: frozenset({"against"}),
    EventType.MOBILIZE: frozenset({"against"}),
    EventType.RETREAT: frozenset(),
}
_OWNING: Final = frozenset({"nmod:poss", "poss", "compound", "amod", "nmod", "nmod:desc"})
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
        if not self._words.is_verb(trigger):
            return self._noun(trigger, type_)
        roles = self._verb(trigger, type_)
        return roles if self._fits(trigger, type_, roles) else None

    # Verbs

    def _verb(self, verb: Token, type_: str) -> Roles:
        passive = self.is_passive(verb)
        doers = self.doers(verb)
        agent = next((a for d in doers if (a := self.doer(d, type_)) is not None), None)
        if agent is None and passive and type_ in _VIOLENT:
            agent = self._meanwhile(verb, type_)
        target = next((t for p in self.patients(verb) if (t := self.sufferer(p, type_)) is not None), None)
        if target is None and verb.lemma_.lower() not in self._words.trips:
            prepositions = _PREPOSITIONS.get(type_, _SHARED | _AIMED)
            spoken = [(p, n) for p, n in self._adjuncts(verb) if p != "to" or self._who.is_named(self._who.at(n))]
            target = next((t for p, n in spoken if p in prepositions and (t := self.sufferer(n, type_)) is not None), None)
        if target is not None and self._is_same(agent, target):
            target = self._accuser(verb, target)
        return Roles(agent, target)

    def doers(self, verb: Token) -> list[Token]:
        """Who does a verb: the agent of a passive, else the subject."""
        if self.is_passive(verb):
            return syntax.agents(verb)
        own = syntax.own_subjects(verb)
        if len(own) > 1:  # a title that the parser split from its name, or a heading from the sentence
            return own[::-1]
        subject = self._subject(verb)
        return [subject] if subject is not None else []

    def _subject(self, verb: Token) -> Token | None:
        """A verb's subject; where a finite clause has none, the happening that the parser left beside it ("said shelling hit …")."""
        if verb.dep_ in {"ccomp", "parataxis"} and verb.tag_ in {"VBD", "VBZ", "VBP"} and not syntax.own_subjects(verb):
            beside = [c for c in verb.head.children if c.i < verb.i and not self._words.is_verb(c) and self._words.of(c)]
            return beside[-1] if beside else None
        found = syntax.subject(verb)
        if found is not None and found.tag_ in {"WDT", "WP"} and found.i > verb.sent.start and found.nbor(-1).pos_ in {"NOUN", "PROPN"}:
            return found.nbor(-1)
        return found

    def _meanwhile(self, verb: Token, type_: str) -> Token | None:
        """Forces that act in the clause around a passive: "was captured as the army pushed in", "died when police opened fire"."""
        for clause in verb.children:
            if clause.dep_ == "advcl" and any(c.dep_ in {"mark", "advmod"} and c.lower_ in _WHILE for c in clause.children):
                for subject in syntax.own_subjects(clause):
                    if self._is_force(subject):
                        return self.doer(subject, type_)
        return next((self.doer(n, type_) for p, n in syntax.obliques(verb) if p in _WHILE and self._is_force(n)), None)

    def _accuser(self, verb: Token, target: Token) -> Token | None:
        """Nobody attacks his own towns: in "X accuses Y of shelling its towns" they are X's."""
        accuser = syntax.subject(verb.head) if target.pos_ == "PRON" and syntax.is_verb(verb.head) else None
        return accuser if accuser is not None and self._who.at(accuser) >= 0 and not self._is_same(accuser, target) else None

    def is_passive(self, verb: Token) -> bool:
        """Whether a verb is a passive, also the headline's ("16 civilians killed in …") and the bare participle's."""
        if syntax.is_passive(verb):
            return True
        if self._words.is_loose(verb) or self._words.of(verb) not in _VIOLENT | {EventType.AGREE} or syntax.objects(verb) or self._shared_objects(verb):
            return False
        first = syntax.first_conjunct(verb)
        if first.i != verb.i and first.tag_ == "VBN" and not self.is_passive(first):
            return False
        reduced = verb.dep_ in syntax.PARTICIPIAL and not syntax.own_subjects(verb)
        if self._words.of(verb) == EventType.AGREE and not reduced:
            return False
        if (verb.tag_ == "VBN" or (reduced and verb.tag_ == "VBD" and not self._words.is_forces(verb.head))) and not any(c.dep_ == "aux" for c in verb.children):
            return True
        subjects = syntax.own_subjects(verb) if verb.tag_ == "VBD" else []
        return any(self._words.is_person(s) and not self._words.is_forces(s) for s in subjects)

    def patients(self, verb: Token) -> list[Token]:
        """What a verb is done to: the subject of a passive, else the objects, also those shared with a verb coordinated behind."""
        if not self.is_passive(verb):
            found = syntax.objects(verb) or self._shared_objects(verb) or self._bare_obliques(verb)
            return [] if verb.lemma_.lower() in self._words.wielding | self._words.topical else found
        before = verb.doc[verb.i - 1] if verb.i > verb.sent.start else verb
        if verb.tag_ == "VBN" and not syntax.own_subjects(verb) and (syntax.is_nominal(before) or before.tag_ == "DT"):
            return [before]
        return syntax.passive_subjects(verb)

    def _shared_objects(self, verb: Token) -> list[Token]:
        """The objects of "shot and wounded two men" as those of either verb, and what somebody threatens to attack."""
        followers = [c for c in verb.children if c.dep_ == "conj" and syntax.is_verb(c) and not syntax.own_subjects(c)]
        if verb.lemma_.lower() in self._words.threats:
            followers += syntax.complements(verb)
        if verb.dep_ == "conj" and not syntax.own_subjects(verb):
            followers.append(verb.head)
        return [o for c in followers for o in syntax.objects(c)]

    def _bare_obliques(self, verb: Token) -> list[Token]:
        """People behind a verb without a preposition, which the parser took for an adverbial: "killed at least 16 civilians"."""
        return [c for c in verb.children if c.dep_ == "obl" and c.i > verb.i and self._words.is_person(c) and not syntax.preposition(c)]

    def _adjuncts(self, verb: Token) -> Iterator[tuple[str, Token]]:
        """A verb's prepositional phrases, and those that the parser hung to its object instead."""
        yield from syntax.obliques(verb)
        for thing in syntax.objects(verb):
            for preposition, inner in syntax.obliques(thing):
                yield preposition, inner
                yield from syntax.obliques(inner)

    def _fits(self, verb: Token, type_: str, roles: Roles) -> bool:
        """Whether a verb has the ends that its happening needs."""
        doers = self.doers(verb)
        if any(o.tag_ == "PRP" and o.lower_.endswith(("self", "selves")) for o in syntax.objects(verb)):
            return False
        if self._words.needs_forces(verb):
            movers = doers or self.patients(verb)
            return any(self._is_force(d) for d in movers)
        if (roles.agent is None and roles.target is None) or self._is_natural(verb, doers, roles):
            return type_ == EventType.AGREE and self.is_passive(verb)
        if type_ == EventType.AGREE and verb.lemma_.lower() == "agree":
            infinitive = any(g.tag_ == "TO" for c in syntax.complements(verb) for g in c.children)
            return infinitive or self.is_passive(verb) or any(p in {"on", "to"} for p, _ in syntax.obliques(verb))
        if type_ == EventType.COERCE and roles.target is None:
            return False
        if type_ == EventType.PROTEST:
            return not syntax.objects(verb) and self._type(roles.agent) != ActorType.PERSON
        if not self._words.is_loose(verb):
            return True
        if type_ == EventType.ASSAULT and self._is_quarrel(roles):
            return False
        acts = roles.agent is not None or any(self._is_instrument(d) or self._words.is_forces(d) for d in doers) or self.is_passive(verb)
        return acts and (roles.target is not None or (type_ == EventType.CONSULT and self._is_trip(verb, roles.agent)))

    def _is_natural(self, verb: Token, doers: list[Token], roles: Roles) -> bool:
        """Whether what kills or hits is neither actor, person, weapon nor happening: "floods killed", "killed in a crash"."""
        if any(self._words.is_accident(n) for _, n in syntax.obliques(verb)):
            return True
        told = roles.agent is not None or any(s.tag_ in {"WDT", "WP"} for s in syntax.own_subjects(verb))
        return not told and bool(doers) and not any(self._is_cause(d) for d in doers)

    def _is_cause(self, token: Token) -> bool:
        return self._is_instrument(token) or self._words.is_person(token) or token.pos_ == "PRON"

    def _is_instrument(self, token: Token) -> bool:
        return self._words.is_weapon(token) or self._words.of(token) != ""

    def _is_quarrel(self, roles: Roles) -> bool:
        """Whether a named person or an organisation attacks somebody: with words, unless the text tells of more."""
        if roles.agent is None or self._words.is_forces(roles.agent):
            return False
        cluster = self._who.at(roles.agent)
        return self._who.type(cluster) == ActorType.ORGANIZATION or (self._who.type(cluster) == ActorType.PERSON and self._who.is_named(cluster))

    def _is_trip(self, verb: Token, agent: Token | None) -> bool:
        """Whether a named actor goes to where the object of "visited" lies, a place or an actor's."""
        named = agent is not None and self._who.is_named(self._who.at(agent))
        return named and any(self._who.is_place(t) or self._who.at(t) >= 0 for o in syntax.objects(verb) for t in (o, *(n for _, n in syntax.obliques(o))))

    def _is_force(self, token: Token) -> bool:
        return self._words.is_forces(token) or self._type(token) in {ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY} or (
            self._type(token) == ActorType.STATE and bool(syntax.objects(token.head))
        )

    def _type(self, token: Token | None) -> str:
        return self._who.type(self._who.at(token)) if token is not None else ""

    # Nouns

    def _noun(self, noun: Token, type_: str) -> Roles | None:
        sides = self._sides(noun)
        if sides:
            return Roles(sides[0], sides[1] if len(sides) > 1 else None)
        carrier = noun.head if syntax.is_verb(noun.head) else None
        agent = self.owner_of(noun, type_) or self._carrier_agent(noun, carrier, type_)
        harmed = self._harmed(noun) if type_ == EventType.ASSAULT else ()
        target = next((t for n in (*harmed, *self._aims(noun, carrier)) if (t := self.sufferer(n, type_)) is not None), None)
        if self._words.is_suffered(noun) and target is None:
            target = next((t for c in noun.children if c.dep_ in {"nmod:poss", "poss"} and (t := self.sufferer(c, type_)) is not None), None)
        if type_ == EventType.CONSULT and agent is None and target is None:
            return self._talkers(noun)
        roles = Roles(agent, None if target is not None and self._is_same(agent, target) else target)
        if type_ == EventType.CONCEDE and agent is None and target is None:
            return None
        worded = self._is_quarrel(roles) or (agent is None and self._type(target) == ActorType.PERSON)
        return None if self._words.is_verbal(noun) and worded else roles

    def _sides(self, noun: Token) -> list[Token]:
        """The two sides of "clashes (broke out) between X and Y"."""
        doc, found = noun.doc, []
        start = next((i for i in range(noun.i + 1, min(noun.i + 7, noun.sent.end)) if doc[i].lower_ == "between"), -1)
        for token in doc[start + 1 : min(start + _REACH, noun.sent.end)] if start >= 0 else ():
            mention = self._who.mention(token)
            leading = token.i + 1 < noun.sent.end and token.nbor().tag_ == "HYPH"
            if mention is not None and mention.head == token.i and mention.cluster >= 0 and mention.kind != ADJECTIVE and not leading:
                found.append(token)
            if token.text in {",", ";"} or syntax.is_verb(token) and token.dep_ != "amod":
                break
        return found[:2]

    def _talkers(self, noun: Token) -> Roles:
        """Who talks with whom where the sentence has a subject and a "with": "X came out with Y, prior to holding talks"."""
        subject = syntax.subject(syntax.clause_head(noun))
        partner = next((t for t in noun.sent if syntax.preposition(t) == "with" and self._who.at(t) >= 0), None)
        if subject is None or partner is None or self._who.at(subject) < 0 or self._is_same(subject, partner):
            return Roles()
        return Roles(subject, partner)

    def owner_of(self, noun: Token, type_: str) -> Token | None:
        """Whose happening or weapon a noun names: "Turkish airstrikes", "attacks by militants", "strikes carried out by rebels"."""
        for child in (*noun.children, *self._beside(noun)):
            suffered = self._words.is_suffered(noun) and child.dep_ in {"nmod:poss", "poss"}
            mention = self._who.mention(child)
            located = mention is not None and mention.kind == METONYM and type_ in _VIOLENT
            if child.i < noun.i and child.dep_ in _OWNING and not suffered and not located and self._who.at(child) >= 0:
                return child
        own = not self._words.is_suffered(noun) and type_ not in _VIOLENT
        for preposition, inner in syntax.obliques(noun):
            if preposition == "by" or (preposition == "of" and own):
                agent = self.doer(inner, type_)
                if agent is not None:
                    return agent
        behind = noun.doc[noun.i + 1] if noun.i + 1 < noun.sent.end else noun
        for child in (behind, *noun.children):
            if child.dep_ in syntax.RELATIVE | syntax.PARTICIPIAL or (child.i == behind.i and child.tag_ in {"VBN", "VBD"}):
                for inner in syntax.agents(child):
                    if (agent := self.doer(inner, type_)) is not None:
                        return agent
        return None

    def _beside(self, noun: Token) -> Iterator[Token]:
        """What owns a noun though the parser ties it to another word: "Rebel shelling kills …", "X's maiden visit"."""
        yield from (t for t in noun.doc[noun.left_edge.i : noun.i] if t.dep_ in {"nmod:poss", "poss"} and t.head.i != noun.i)
        if noun.i > noun.sent.start and noun.nbor(-1).dep_ == "compound" and noun.nbor(-1).head.i == noun.head.i:
            yield noun.nbor(-1)

    def _carrier_agent(self, noun: Token, carrier: Token | None, type_: str) -> Token | None:
        """The subject of the verb that carries a noun: "launched an offensive", "is locked in battle", "claimed the attack"."""
        if noun.head.lemma_.lower() in self._words.responsibility and syntax.is_verb(noun.head.head):
            noun, carrier = noun.head, noun.head.head
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
                if inner.i > noun.i and (preposition in prepositions or (preposition == "for" and self._words.is_hollow(inner))):
                    yield inner
        if noun.head.lemma_.lower() in self._words.victims and (victim := syntax.subject(noun.head)) is not None:
            yield victim
        yield from self._behind(noun)
        if carrier is not None and noun.dep_ in syntax.SUBJECT and carrier.lemma_.lower() in self._words.results:
            yield from self.patients(carrier)

    def _harmed(self, noun: Token) -> Iterator[Token]:
        """Who came to harm: "the shelling of X, which resulted in the death of 31 civilians"."""
        for token in noun.doc[noun.i + 1 : min(noun.i + 2 * _REACH, noun.sent.end)]:
            if self._words.is_verb(token) and self._words.of(token):
                return
            if self._words.is_harm(token):
                yield from (n for p, n in syntax.obliques(token) if p == "of" and self._words.is_person(n))

    def _behind(self, noun: Token) -> Iterator[Token]:
        """The noun of an "against" soon behind, whatever it hangs by: "an offensive by X against Y"."""
        for token in noun.doc[noun.i + 1 : min(noun.i + _REACH, noun.sent.end)]:
            if token.text in {",", ";", ":"} or (syntax.is_verb(token) and token.dep_ != "amod"):
                return
            if token.dep_ == "case" and (token.lower_ == "against" or (token.lower_ == "for" and self._words.is_hollow(token.head))):
                yield token.head

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
        inner = next((n for p, n in syntax.obliques(token) if p == "of"), None)
        if inner is not None and self._words.is_hollow(token):
            return self.sufferer(inner, type_)
        group = self._group(token)
        if group is not None:
            return group
        if inner is not None and self._words.is_concrete(token) and self._who.is_place(inner) and self._who.at(token) < 0:
            return inner
        if self._who.at(token) >= 0:
            apart = type_ == EventType.CONSULT and self._type(token) in {ActorType.TERRITORY, ActorType.ORGANIZATION}
            thing = type_ == EventType.CONCEDE and token.lower_ == "it"
            return None if apart or thing else token
        if type_ in _WITHOUT_PHRASE:
            return None
        if type_ in {EventType.CONSULT, EventType.CONCEDE}:
            return token if self._words.is_person(token) else None
        if self._who.is_place(token) or self._words.is_concrete(token) or token.ent_type_ in {"GPE", "LOC", "NORP", "FAC"}:
            return token
        return None

    def _group(self, token: Token) -> Token | None:
        """The group behind "jihadists from X" and "members of X", the owner of "its towns", "X's headquarters", "X positions"."""
        cluster = self._who.at(token)
        if cluster >= 0 and self._who.is_named(cluster):
            return None
        person = self._words.is_person(token) or cluster >= 0
        if not person or self._words.is_forces(token):
            for preposition, inner in syntax.obliques(token):
                if preposition in {"of", "from"} and self._is_named_force(inner):
                    return inner
        if person or not self._words.is_concrete(token):
            return None
        for child in token.children:
            mention = self._who.mention(child)
            if mention is None or child.i > token.i or mention.cluster < 0 or mention.kind == ADJECTIVE:
                continue
            if child.dep_ in {"nmod:poss", "poss"} or (mention.kind == NAME and mention.type == ActorType.ARMED_GROUP):
                return child
        return None

    def _is_named_force(self, token: Token) -> bool:
        return self._type(token) in {ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY} and self._who.is_named(self._who.at(token))

    def _is_same(self, a: Token | None, b: Token) -> bool:
        return a is not None and self._who.at(a) >= 0 and self._who.at(a) == self._who.at(b)
