"""Who does and who suffers what a verb tells of, and whether the verb tells of a happening at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import ActorType, EventType
from kg.nlp import syntax
from kg.nlp.event_ends import AIMED, SHARED, VIOLENT, Roles
from kg.nlp.event_neighbours import doer_before, noun_behind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.nlp.event_ends import Ends

_WHILE: Final = frozenset({"when", "as", "after", "while"})
_PREPOSITIONS: Final[dict[str, frozenset[str]]] = {
    EventType.AID: frozenset({"to", "for"}),
    EventType.COERCE: frozenset(),
    EventType.CONCEDE: frozenset(),
    EventType.CONSULT: frozenset({"with", "to"}),
    EventType.SANCTION: frozenset({"against", "from", "in", "on", "with"}),
    EventType.PROTEST: frozenset({"against"}),
    EventType.MOBILIZE: frozenset({"against"}),
    EventType.RETREAT: frozenset(),
}
"""The prepositions of a target, where they are not those of an attack."""
_MOVING: Final = frozenset({EventType.MOBILIZE, EventType.RETREAT})
"""What is deployed or withdrawn does not suffer it."""
_PEOPLE: Final = frozenset({"", ActorType.PERSON, ActorType.PEOPLE, ActorType.GOVERNMENT_BODY, ActorType.ARMED_GROUP})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP"})
_ACTIVE: Final = _FINITE | {"VBN"}
_SHOT: Final = frozenset({"at", "into", "toward", "towards", "onto"})
"""The prepositions that lead from a weapon to its target."""
_RELATIVE: Final = frozenset({"WDT", "WP"})
_DURING: Final = frozenset({"in", "during"})
_AT: Final = frozenset({"least", "most"})
_HELPING: Final = frozenset({"aux", "aux:pass", "mark"})


class VerbReader:
    """Reads the roles of verbs."""

    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self._who = ends.who
        self._words = ends.words

    def roles(self, verb: Token, type_: str) -> Roles | None:
        """The roles of a verb, or None where it has not the ends that its happening needs."""
        roles = self._read(verb, type_)
        return roles if self._fits(verb, type_, roles) else None

    def _read(self, verb: Token, type_: str) -> Roles:
        passive = self.is_passive(verb)
        doers = self.doers(verb)
        agent = next((a for d in doers if (a := self._ends.doer(d, type_)) is not None), None)
        armed = any(self._is_instrument(d) for d in doers)
        if agent is None and type_ in VIOLENT and not armed:
            agent = self._meanwhile(verb, type_) if passive else self._doer_before(verb, type_)
        moved = [p for p in self.patients(verb) if type_ in _MOVING]
        suffered = [] if moved else self.patients(verb)
        agent = agent if agent is not None or not passive else next((p for p in moved if self._ends.is_force(p)), None)
        target = next((t for p in suffered if (t := self._ends.sufferer(p, type_)) is not None), None)
        if target is None and type_ in VIOLENT and not (passive or self._aims_a_weapon(verb)):
            behind = noun_behind(verb, self._words.hollow)
            target = self._ends.sufferer(behind, type_) if behind is not None else None
        if target is None and verb.lemma_.lower() not in self._words.trips:
            prepositions = _PREPOSITIONS.get(
                type_, SHARED | AIMED | (_SHOT if self._aims_a_weapon(verb) else frozenset())
            )
            spoken = [(p, n) for p, n in self._adjuncts(verb) if p != "to" or self._who.is_named(self._who.at(n))]
            target = next(
                (t for p, n in spoken if p in prepositions and (t := self._ends.sufferer(n, type_)) is not None), None
            )
        if target is None and agent is not None:
            agent, target = self.both_sides(verb, agent, type_)
        elif agent is None and target is None and type_ == EventType.AGREE:
            agent, target = self._between(verb)
        if target is not None and self._ends.is_same(agent, target):
            target = self._accuser(verb, target)
        return Roles(agent, target)

    def both_sides(self, verb: Token, agent: Token, type_: str) -> tuple[Token, Token | None]:
        """Two who do something to each other: "X and Y clashed", "X and Y signed a truce"; else the agent alone."""
        sides = [t for t in syntax.conjuncts(syntax.first_conjunct(agent)) if self._who.at(t) >= 0]
        sides = self._nations(agent) if len(sides) == 1 else sides
        mutual = verb.lemma_.lower() in self._words.mutual or type_ in {EventType.CONSULT, EventType.AGREE}
        if not mutual or len(sides) == 1 or self._ends.is_same(sides[0], sides[1]):
            return agent, None
        return sides[0], sides[1]

    def _between(self, verb: Token) -> tuple[Token | None, Token | None]:
        """The two sides of "a deal was reached between X and Y"."""
        inner = next((n for p, n in syntax.obliques(verb) if p == "between"), None)
        sides = [t for t in syntax.conjuncts(inner) if self._who.at(t) >= 0] if inner is not None else []
        return (sides[0], sides[1]) if len(sides) == 2 else (None, None)

    def _nations(self, agent: Token) -> list[Token]:
        """The two countries of "Indian and Pakistani troops", else the troops alone."""
        inside = [t for t in agent.doc[agent.left_edge.i : agent.i] if self._ends.is_adjective(t)]
        joined = len(inside) == 2 and any(t.lower_ == "and" for t in agent.doc[inside[0].i : inside[1].i])
        return inside if joined else [agent]

    def _doer_before(self, verb: Token, type_: str) -> Token | None:
        """Who stands before a verb, or before the verb that it is joined to, though the parser sees no subject."""
        for told in (verb, syntax.first_conjunct(verb)):
            found = doer_before(told, self._who) if told.tag_ in _ACTIVE else None
            if found is not None:
                return self._ends.doer(found, type_)
        return None

    def _aims_a_weapon(self, verb: Token) -> bool:
        """Whether a verb's object is what is shot: "fired rockets into the town", "opened fire at the soldiers"."""
        lemma = verb.lemma_.lower()
        return lemma in self._words.wielding or (lemma == "open" and self._words.of(verb) == EventType.ASSAULT)

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
        """A verb's subject, where it has none the happening that the parser left beside it: "said shelling hit …"."""
        if verb.dep_ in {"ccomp", "parataxis"} and verb.tag_ in _FINITE and not syntax.own_subjects(verb):
            beside = [
                c for c in verb.head.children if c.i < verb.i and not self._words.is_verb(c) and self._words.of(c)
            ]
            return beside[-1] if beside else None
        found = syntax.subject(verb)
        if (
            found is not None
            and found.tag_ in _RELATIVE
            and found.i > verb.sent.start
            and found.nbor(-1).pos_ in {"NOUN", "PROPN"}
        ):
            return found.nbor(-1)
        return found

    def _meanwhile(self, verb: Token, type_: str) -> Token | None:
        """Forces that act around a passive: "was captured as the army pushed in", "was shot when police fired"."""
        for clause in verb.children:
            if clause.dep_ == "advcl" and any(
                c.dep_ in {"mark", "advmod"} and c.lower_ in _WHILE for c in clause.children
            ):
                for subject in syntax.own_subjects(clause):
                    if self._ends.is_force(subject):
                        return self._ends.doer(subject, type_)
        beside = list(syntax.obliques(verb))
        forces = (self._ends.doer(n, type_) for p, n in beside if p in _WHILE and self._ends.is_force(n))
        acts = (n for p, n in beside if p in _DURING and n.lemma_.lower() in self._words.operations)
        return next(forces, None) or next((o for n in acts if (o := self._ends.owner_of(n, type_)) is not None), None)

    def _accuser(self, verb: Token, target: Token) -> Token | None:
        """Nobody attacks his own towns: in "X accuses Y of shelling its towns" they are X's."""
        # The clause hangs on the verb, or on whom it accuses.
        told = next((t for t in (verb.head, verb.head.head) if syntax.is_verb(t)), None)
        accuser = syntax.subject(told) if target.pos_ == "PRON" and told is not None else None
        return (
            accuser
            if accuser is not None and self._who.at(accuser) >= 0 and not self._ends.is_same(accuser, target)
            else None
        )

    def is_passive(self, verb: Token) -> bool:
        """Whether a verb is a passive, also the headline's ("16 civilians killed in …") and the bare participle's."""
        helped = any(c.dep_ == "aux:pass" for c in verb.children)
        if verb.lemma_.lower() in self._words.mutual and not helped:
            return False
        if syntax.is_passive(verb):
            return helped or not (syntax.objects(verb) or self._shared_objects(verb))
        if syntax.takes_object(verb):
            return False
        type_ = self._words.of(verb)
        if self._words.is_loose(verb) or type_ not in VIOLENT | {EventType.AGREE}:
            return False
        if syntax.objects(verb) or self._shared_objects(verb) or any(c.dep_ == "aux" for c in verb.children):
            return False
        hung = verb.dep_ in syntax.PARTICIPIAL or self._modified(verb) is not None
        reduced = hung and not syntax.own_subjects(verb)
        if verb.tag_ == "VBN" or (reduced and verb.tag_ == "VBD" and not self._words.is_forces(verb.head)):
            first = syntax.first_conjunct(verb)
            active = first.i != verb.i and first.tag_ == "VBN" and not self.is_passive(first)
            return not active and (reduced or type_ != EventType.AGREE)
        subjects = syntax.own_subjects(verb) if verb.tag_ == "VBD" and type_ != EventType.AGREE else []
        bare = verb.lemma_.lower() in self._words.undergone and noun_behind(verb, frozenset()) is None
        return any(self._words.is_person(s) and (bare or not self._words.is_forces(s)) for s in subjects)

    def patients(self, verb: Token) -> list[Token]:
        """What a verb is done to: the subject of a passive, else the objects, also shared ones."""
        if not self.is_passive(verb):
            found = syntax.objects(verb) or self._bare_obliques(verb) or self._shared_objects(verb)
            return [] if verb.lemma_.lower() in self._words.wielding | self._words.topical else found
        if self._aims_a_weapon(verb):
            return [s for s in syntax.passive_subjects(verb) if not self._words.is_weapon(s)]
        modified = self._modified(verb)
        return [modified] if modified is not None else syntax.passive_subjects(verb)

    def _modified(self, verb: Token) -> Token | None:
        """The noun right before a participle, whatever it hangs by: "the soldiers killed", "an area now held"."""
        if verb.tag_ != "VBN" and not (verb.tag_ == "VBD" and verb.dep_ == "advcl" and not syntax.objects(verb)):
            return None
        i = verb.i - 1
        while i > verb.sent.start and verb.doc[i].tag_ == "RB":
            i -= 1
        before = verb.doc[i]
        free = i >= verb.sent.start and not any(c.dep_ in _HELPING for c in verb.children)
        bare = free and not syntax.own_subjects(verb)
        return before if bare and (syntax.is_nominal(before) or before.tag_ == "DT") else None

    def _shared_objects(self, verb: Token) -> list[Token]:
        """The objects of "shot and wounded two men" as those of either verb, and what somebody threatens to attack."""
        followers = [c for c in verb.children if c.dep_ == "conj" and syntax.is_verb(c) and not syntax.own_subjects(c)]
        if verb.lemma_.lower() in self._words.threats:
            followers += syntax.complements(verb)
        if verb.dep_ == "conj" and not syntax.own_subjects(verb):
            followers.append(verb.head)
        return [o for c in followers for o in syntax.objects(c)]

    def _bare_obliques(self, verb: Token) -> list[Token]:
        """People behind a verb that the parser took for an adverbial: "killed at least 16 civilians"."""
        return [
            c for c in verb.children if c.dep_ == "obl" and c.i > verb.i and self._words.is_person(c) and _is_bare(c)
        ]

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
        if self._words.is_bursting(verb) and any(self._words.is_weapon(d) for d in doers):
            return True
        if self._words.needs_forces(verb):
            return any(self._ends.is_force(d) for d in doers or self.patients(verb))
        if type_ == EventType.PROTEST and (self._words.needs_crowd(verb) or roles.agent is None):
            return any(self._is_crowd(d) for d in doers)
        if (roles.agent is None and roles.target is None) or self._is_natural(verb, doers, roles):
            return self.is_passive(verb) and (type_ == EventType.AGREE or self._words.is_whole(verb))
        if type_ == EventType.AGREE:
            return self._is_deal(verb)
        if type_ == EventType.PROTEST:
            alone = not syntax.objects(verb) or self._words.is_phrased(verb)
            return alone and self._ends.type_of(roles.agent) != ActorType.PERSON
        if self._words.is_loose(verb):
            return self._is_plain(verb, type_, roles, doers)
        return type_ != EventType.COERCE or roles.target is not None

    def _is_deal(self, verb: Token) -> bool:
        """Whether to agree is to commit oneself ("agreed to …", "agreed on …"), not to be of one mind."""
        infinitive = any(g.tag_ == "TO" for c in syntax.complements(verb) for g in c.children)
        committed = infinitive or self.is_passive(verb) or any(p in {"on", "to"} for p, _ in syntax.obliques(verb))
        return committed or verb.lemma_.lower() not in self._words.topical

    def _is_plain(self, verb: Token, type_: str, roles: Roles, doers: list[Token]) -> bool:
        """Whether a verb of many senses has the happening's: an actor or weapon does it to somebody or something."""
        if type_ == EventType.ASSAULT and self._ends.is_quarrel(roles):
            return False
        if verb.lemma_.lower() in self._words.bodily and not self._is_body(roles.target):
            return False
        armed = any(self._is_instrument(d) or self._words.is_forces(d) for d in doers)
        acts = roles.agent is not None or armed or self.is_passive(verb)
        return acts and (roles.target is not None or (type_ == EventType.CONSULT and self._is_trip(verb, roles.agent)))

    def _is_natural(self, verb: Token, doers: list[Token], roles: Roles) -> bool:
        """Whether what kills is neither actor, person, weapon nor happening: "floods killed", "killed in a crash"."""
        if any(self._words.is_accident(n) for _, n in syntax.obliques(verb)):
            return True
        told = roles.agent is not None or any(s.tag_ in _RELATIVE for s in syntax.own_subjects(verb))
        return not told and bool(doers) and not any(self._is_cause(d) for d in doers)

    def _is_crowd(self, token: Token) -> bool:
        """Whether a subject is many people: "students", "hundreds"."""
        counted = token.tag_ == "NNS" and token.lemma_.lower() in self._words.crowds
        return counted or self._ends.type_of(token) == ActorType.PEOPLE

    def _is_cause(self, token: Token) -> bool:
        return self._is_instrument(token) or self._words.is_person(token) or token.pos_ == "PRON"

    def _is_instrument(self, token: Token) -> bool:
        return self._words.is_weapon(token) or self._words.of(token) != ""

    def _is_body(self, target: Token | None) -> bool:
        """Whether a target can be beaten: people, not the country or place of a team."""
        return target is not None and not self._who.is_place(target) and self._ends.type_of(target) in _PEOPLE

    def _is_trip(self, verb: Token, agent: Token | None) -> bool:
        """Whether a named actor goes to where the object of "visited" lies, a place or an actor's."""
        named = agent is not None and self._who.is_named(self._who.at(agent))
        return named and any(
            self._who.is_place(t) or self._who.at(t) >= 0
            for o in syntax.objects(verb)
            for t in (o, *(n for _, n in syntax.obliques(o)))
        )


def _is_bare(noun: Token) -> bool:
    """Whether no preposition leads to a noun, that of "at least" left aside."""
    cases = (c for c in noun.children if c.dep_ == "case")
    return all(c.lower_ == "at" and c.nbor().lower_ in _AT for c in cases)
