"""Who leads, chairs or belongs to what, by verbs and nouns: "X is a member of Y", "Y's armed wing X"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import ActorType, RelationType
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import NAME, ROLE
from kg.nlp.pairs import Tie, actor, along_with, quote
from kg.nlp.parties import actors_at, identified, possessors, renamed, unique
from kg.nlp.situations import participant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.nlp.who import Range, Who

BODIES: Final = frozenset(set(ActorType) - {ActorType.PERSON, ActorType.PEOPLE})
_SERVED: Final = frozenset(set(BODIES) - {ActorType.STATE, ActorType.TERRITORY})
_LED: Final = frozenset({ActorType.INTERNATIONAL_ORGANIZATION, ActorType.GOVERNMENT_BODY, ActorType.ORGANIZATION})
_JOINED: Final = frozenset({ActorType.INTERNATIONAL_ORGANIZATION, ActorType.ORGANIZATION, ActorType.ARMED_GROUP})


class Bodies:
    """Finds relations of types leads, co_chairs, member_of and part_of, those of titles and offices aside."""

    def __init__(self) -> None:
        words = lexicon.load("relations")
        self._leading = words["leads.verbs"]
        self._founding = words["part_of.verbs"]
        self._parts = words["part_of.nouns"]
        self._including = words["part_of.including"]
        self._affiliated = words["part_of.affiliated"]
        self._members = words["member_of.nouns"]
        self._nations = words["member_of.nations"]
        self._belonging = words["member_of.belonging"]
        self._joining = words["member_of.verbs"]
        self._persons = words["member_of.persons"]
        self._staff = words["member_of.staff"]
        self._person_prepositions = words["member_of.person_prepositions"]
        self._singling = words["member_of.singling"]
        self._consisting = words["member_of.consisting"]
        self._units = lexicon.load("mentions")["units.kinds"]
        self._co_chairing = lexicon.load("mediations")["verbs.co_chairs"]
        self._verbs = frozenset({"chair"}).union(
            *(self._co_chairing, self._leading, self._founding, self._joining, self._belonging),
            *(self._including, self._consisting, self._affiliated),
        )

    def compound(self, participle: Token, compound: tuple[int, Token, Range], who: Who) -> Iterator[Tie]:
        """ "the X-led coalition": X leads it, unless the two are of one kind."""
        holder, head, words = compound
        if participle.lemma_.lower() in self._affiliated:
            for c in renamed(head, who):
                if who.type(c) in _SERVED and who.type(holder) in _JOINED:
                    yield Tie(RelationType.PART_OF, actor(c), actor(holder), words, participle, granted=True)
        if participle.lower_ == "led":
            for c in renamed(head, who):
                if who.type(holder) != who.type(c) and who.type(c) in BODIES:
                    yield Tie(RelationType.LEADS, actor(holder), actor(c), words, participle, granted=True)

    def verb(self, verb: Token, who: Who) -> Iterator[Tie]:
        """ "X heads Y", "X and Y co-chair Z", "Y, set up by X", "X joined Y", "Y includes X"."""
        lemma = verb.lemma_.lower()
        subject = syntax.subject(verb) if lemma in self._verbs else None
        if subject is None:
            return
        if lemma in self._co_chairing or (lemma == "chair" and verb.i > 1 and verb.nbor(-1).text == "-"):
            yield from self._co_chairs(verb, subject, who)
        elif lemma in self._leading:
            yield from self._leads(verb, who)
        if lemma in self._founding and syntax.is_passive(verb):
            yield from self._founded(verb, who)
        if lemma in self._affiliated:
            yield from self._affiliates(verb, subject, who)
        if lemma in self._joining and not syntax.is_passive(verb):
            yield from self._belongs(verb, [subject], syntax.objects(verb), who)
        if lemma in self._belonging:
            held = syntax.passive_subjects(verb) if syntax.is_passive(verb) else [subject]
            bodies = [n for p, n in syntax.obliques(verb) if p in {"to", "in", "with"}]
            yield from self._belongs(verb, held, bodies, who)
        if lemma in self._including and not syntax.is_passive(verb):
            yield from self._belongs(verb, syntax.objects(verb), [subject], who)
        if lemma in self._consisting:
            # "made up of X": the last word of the preposition tells.
            parts = [n for _, n in syntax.obliques(verb) if {"of", "by"} & {c.lower_ for c in n.children if c.i < n.i}]
            wholes = syntax.passive_subjects(verb) if syntax.is_passive(verb) else [subject]
            yield from self._belongs(verb, parts, wholes, who)

    def noun(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "X is a member of Y", "Y member X", "Y's affiliate X"."""
        lemma = noun.lemma_.lower()
        if lemma in self._members:
            named = [c for c in unique([*identified(noun, who), *_listed(noun, who)]) if who.is_named(c)]
            for body in [c for c in unique(possessors(noun, who)) if who.type(c) in _JOINED][:1]:
                words = quote(noun, noun.doc[noun.left_edge.i])
                yield from (Tie(_belonging(c, who), actor(c), actor(body), words, noun) for c in named if c != body)
        if lemma == "part" and syntax.preposition(noun) == "as":
            yield from self._as_part(noun, who)
        if lemma in self._persons or lemma in self._staff:
            yield from self._serves(noun, who)
        yield from self._singled_out(noun, who)
        if lemma in self._units:
            yield from self._unit_of_unit(noun, who)
        if lemma in self._parts:
            for owner in unique(possessors(noun, who))[:1]:
                for part in identified(noun, who):
                    if part != owner and who.type(part) in BODIES and who.type(owner) in BODIES:
                        words = (noun.left_edge.i, max(noun.right_edge.i, noun.i) + 1)
                        yield Tie(RelationType.PART_OF, actor(part), actor(owner), words, noun, granted=True)

    def _affiliates(self, verb: Token, subject: Token, who: Who) -> Iterator[Tie]:
        """ "X is affiliated to Y"."""
        for preposition, inner in syntax.obliques(verb):
            wholes = actors_at(who, inner) if preposition in {"to", "with"} else []
            for part in actors_at(who, subject) if wholes else ():
                for whole in wholes:
                    if who.type(part) in _SERVED and who.type(whole) in _JOINED:
                        words = quote(verb, subject, inner)
                        yield Tie(RelationType.PART_OF, actor(part), actor(whole), words, verb)

    def _as_part(self, part: Token, who: Who) -> Iterator[Tie]:
        """ "X fought as part of Y"."""
        head = syntax.clause_head(part)
        member = syntax.subject(head) if syntax.is_verb(head) else part.head
        bodies = [n for p, n in syntax.obliques(part) if p == "of"]
        if member is not None and not syntax.is_negated(head):
            yield from self._belongs(part, syntax.agents(head) or [member], bodies, who)

    def _serves(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "soldiers from Y", "airmen deployed from Y", "X, a commander in Y": fighters and the body they are of."""
        heads = [noun, *(c for c in noun.children if c.dep_ in syntax.PARTICIPIAL)]
        prepositions = self._person_prepositions if noun.lemma_.lower() in self._persons else {"from"}
        bodies = [n for h in heads for p, n in syntax.obliques(h) if p in prepositions]
        named = [c for c in identified(noun, who) if who.type(c) == ActorType.PERSON and who.is_named(c)]
        own = who.at(noun)
        members = named or ([own] if who.type(own) != ActorType.PERSON else [])
        for body in bodies:
            m = who.mention(body)
            b = m.cluster if m is not None and m.kind in {NAME, ROLE} else -1
            # "Fighters from X" without names are X itself.
            nameless = who.type(b) == ActorType.ARMED_GROUP and not named
            if who.type(b) in _SERVED and who.is_named(b) and not nameless and who.owner(own) != b:
                words = quote(noun, body)
                yield from (
                    Tie(_belonging(c, who), actor(c), actor(b), words, noun, granted=True) for c in members if c >= 0
                )

    def _singled_out(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "X, including Y and Z", "X members, especially Y": one that belongs to a body, by the words alone."""
        doc, i = noun.doc, noun.i + 1
        while i < len(doc) and doc[i].text in {",", ")", "("}:
            i += 1
        if i >= len(doc) or doc[i].lower_ not in self._singling or i >= noun.sent.end - 1:
            return
        after = i + 1 + (doc[i + 1].tag_ == "DT")
        members = [m for m in who.mentions if m.start == after and m.kind in {NAME, ROLE} and m.cluster >= 0]
        body = self._body(noun, who)
        if who.is_named(body) or who.type(body) == ActorType.INTERNATIONAL_ORGANIZATION:
            for m in sorted(members, key=lambda m: -m.end)[:1]:
                yield from self._belongs(noun, [doc[m.head]], [noun], who)

    def _unit_of_unit(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "2nd Battalion, 7th Regiment": a unit and the one it is a part of."""
        inner, doc = who.mention(noun), noun.doc
        if (
            inner is None
            or inner.cluster < 0
            or inner.kind != NAME
            or inner.end != noun.i + 1
            or inner.end + 1 >= len(doc)
        ):
            return
        after = inner.end + 1
        if doc[inner.end].text == "," or doc[inner.end].lower_ == "of":
            after += doc[after].lower_ == "the"
            outer = who.mention(doc[after]) if after < len(doc) else None
            if (
                outer is not None
                and outer.kind == NAME
                and doc[outer.end - 1].lower_ in self._units
                and outer.cluster >= 0
            ):
                yield Tie(
                    RelationType.PART_OF,
                    actor(inner.cluster),
                    actor(outer.cluster),
                    (inner.start, outer.end),
                    noun,
                    granted=True,
                )

    def _body(self, token: Token, who: Who) -> int:
        """The body that a phrase names: "coalition members" are the coalition's."""
        if token.lemma_.lower() in self._nations:
            return next((c for c in possessors(token, who) if who.type(c) in _JOINED), -1)
        return who.at(token)

    def _co_chairs(self, verb: Token, subject: Token, who: Who) -> Iterator[Tie]:
        chairs = actors_at(who, subject)
        for head in (subject, verb):
            chairs += [c for p, n in syntax.obliques(head) if p in {"with", "along"} for c in actors_at(who, n)]
        chairs += along_with(subject, verb, who)
        for o in syntax.objects(verb):
            for c in unique(chairs):
                yield Tie(RelationType.CO_CHAIRS, actor(c), participant(who, o), quote(verb, subject, o), verb)

    def _leads(self, verb: Token, who: Who) -> Iterator[Tie]:
        if syntax.is_passive(verb):
            leaders, led = syntax.agents(verb), syntax.passive_subjects(verb)
        else:
            subject = syntax.subject(verb)
            leaders, led = [subject] if subject is not None else [], syntax.objects(verb)
        for leader in leaders:
            for o in led:
                for c in actors_at(who, leader):
                    for body in actors_at(who, o):
                        if self._may_lead(c, body, who):
                            yield Tie(RelationType.LEADS, actor(c), actor(body), quote(verb, leader, o), verb)

    def _may_lead(self, leader: int, body: int, who: Who) -> bool:
        """Whether an actor may stand at the head of a body: a person of any, a state or group of none of its like."""
        if who.type(leader) == ActorType.PERSON:
            return who.type(body) in BODIES
        return leader != body and who.type(leader) in BODIES and who.type(body) in _LED

    def _founded(self, verb: Token, who: Who) -> Iterator[Tie]:
        for part in syntax.passive_subjects(verb):
            p = who.at(part)
            for founder in syntax.agents(verb):
                for c in actors_at(who, founder):
                    if who.type(p) in BODIES and who.type(c) in BODIES and who.is_named(c):
                        yield Tie(RelationType.PART_OF, actor(p), actor(c), quote(verb, part, founder), verb)

    def _belongs(self, verb: Token, members: list[Token], bodies: list[Token], who: Who) -> Iterator[Tie]:
        """Members of a body by a verb."""
        for body in bodies:
            b = self._body(body, who)
            if who.type(b) not in _SERVED:
                continue
            known = who.is_named(b) or who.type(b) == ActorType.INTERNATIONAL_ORGANIZATION
            for member in members:
                for c in actors_at(who, member):
                    if self._may_belong(c, b, who) and c != b and (known or who.is_named(c)):
                        yield Tie(_belonging(c, who), actor(c), actor(b), quote(verb, member, body), verb)

    def _may_belong(self, member: int, body: int, who: Who) -> bool:
        """Whether an actor may belong to a body: no state to a body of state, and of the nameless only forces."""
        if who.type(body) == ActorType.GOVERNMENT_BODY and who.type(member) in {ActorType.STATE, ActorType.TERRITORY}:
            return False
        return who.is_named(member) or who.type(member) in {ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY}


def _listed(noun: Token, who: Who) -> list[int]:
    """Whom "X, Y and other members" names before the members."""
    if noun.dep_ != "conj" or not any(c.lower_ == "other" for c in noun.children):
        return []
    return [who.at(t) for t in syntax.conjuncts(syntax.first_conjunct(noun)) if t.i < noun.i]


def _belonging(cluster: int, who: Who) -> str:
    """How an actor belongs to a body: persons and states as members, bodies as parts."""
    whole = who.type(cluster) in {ActorType.PERSON, ActorType.STATE, ActorType.TERRITORY}
    return RelationType.MEMBER_OF if whole else RelationType.PART_OF
