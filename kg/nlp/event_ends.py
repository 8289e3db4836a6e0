"""The two ends of a happening: which token stands for who does it, and which for who or what suffers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.model import ActorType, EventType
from kg.nlp import syntax
from kg.nlp.mentions import ADJECTIVE, METONYM, NAME, ROLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.nlp.event_words import EventWords
    from kg.nlp.mentions import Mention
    from kg.nlp.who import Who

VIOLENT: Final = frozenset({EventType.ASSAULT, EventType.COERCE})
AIMED: Final = frozenset({"on", "against", "upon"})
SHARED: Final = frozenset({"with"})
POSSESSIVE: Final = frozenset({"nmod:poss"})
_OWNING: Final = POSSESSIVE | {"compound", "amod", "nmod", "nmod:desc"}
_FORCES: Final = frozenset({ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY})
_WITHOUT_PHRASE: Final = frozenset(
    {
        EventType.MOBILIZE,
        EventType.RETREAT,
        EventType.AGREE,
        EventType.SANCTION,
        EventType.COOPERATE,
        EventType.PROTEST,
        EventType.SUPPORT,
    }
)
"""Types whose target is an actor or nobody: a deployed missile, a signed paper and a left town are none."""
_CLAUSE: Final = 12
_PLACES: Final = frozenset({"GPE", "LOC", "NORP", "FAC"})


@dataclass(frozen=True, slots=True)
class Roles:
    """The tokens that stand for agent and target, None where the text names none."""

    agent: Token | None = None
    target: Token | None = None


class Ends:
    """Tells which tokens can be the ends of a happening; one for each Doc."""

    def __init__(self, who: Who, words: EventWords) -> None:
        self.who = who
        self.words = words

    def doer(self, token: Token, type_: str) -> Token | None:
        """The actor that a subject stands for; a weapon's or a happening's is its owner."""
        if self.words.is_weapon(token) or self.words.of(token) or self.words.is_deed(token):
            return self.owner_of(token, type_)
        token = self._group(token) or token
        cluster = self.who.at(token)
        if cluster < 0 or (type_ in VIOLENT and self.who.type(cluster) == ActorType.ORGANIZATION):
            return None
        if type_ in VIOLENT and self._is_located(token):
            return None
        return token

    def _is_located(self, token: Token) -> bool:
        """Whether a country stands behind "in", which says where and not who: "the war in northern Mali has killed"."""
        mention = self.who.mention(token)
        if mention is None or mention.kind != NAME or mention.type not in {ActorType.STATE, ActorType.TERRITORY}:
            return False
        before = token.doc[max(token.sent.start, mention.wide_start - 2) : mention.wide_start]
        return any(t.lower_ == "in" for t in before)

    def sufferer(self, token: Token, type_: str) -> Token | None:
        """The token that a target stands behind: its owner or its group, itself, or None for what is no target."""
        if (
            token.ent_type_ in {"DATE", "TIME"}
            or (self.words.of(token) and self.who.mention(token) is None)
            or self.words.is_press(token)
        ):
            return None
        inner = next((n for p, n in syntax.obliques(token) if p == "of"), None)
        if token.tag_ == "WP":
            return self._called(token, type_)
        if self.words.is_hollow(token) and (inner is not None or token.tag_ in {"NN", "NNP"}):
            return self.sufferer(inner, type_) if inner is not None else None
        group = self._group(token)
        if group is not None:
            return group
        if inner is not None and self.words.is_concrete(token) and self.who.is_place(inner) and self.who.at(token) < 0:
            return inner
        if (place := self._town(token)) is not None:
            return place
        if self.who.at(token) >= 0:
            apart = type_ == EventType.CONSULT and self.type_of(token) in {ActorType.TERRITORY, ActorType.ORGANIZATION}
            thing = type_ == EventType.CONCEDE and token.lower_ == "it"
            return None if apart or thing else self._thing(token) if type_ == EventType.COERCE else token
        if type_ in _WITHOUT_PHRASE:
            return None
        if type_ in {EventType.CONSULT, EventType.CONCEDE}:
            return token if self.words.is_person(token) else None
        counted = inner is not None and token.lemma_.lower() in self.words.crowds and self.words.is_concrete(inner)
        if self.who.is_place(token) or self.words.is_concrete(token) or token.ent_type_ in _PLACES or counted:
            return token
        return None

    def _called(self, pronoun: Token, type_: str) -> Token | None:
        """What stands behind "what": "hit what it called terrorist targets", "what are said to be X positions"."""
        verbs = 0
        for token in pronoun.doc[pronoun.i + 1 : min(pronoun.i + _CLAUSE, pronoun.sent.end)]:
            verbs += syntax.is_verb(token)
            if token.text in {",", ";"}:
                return None
            if verbs and token.dep_ not in syntax.SUBJECT and token.tag_ in {"NN", "NNS", "NNP", "NNPS"}:
                if token.i + 1 < pronoun.sent.end and token.nbor().tag_ in {"NN", "NNS"}:
                    continue
                return self.sufferer(token, type_)
        return None

    def _town(self, token: Token) -> Token | None:
        """The town right before the country that it lies in, in a text without commas: "on western Raqqah Syria"."""
        mention = self.who.mention(token)
        if mention is None or mention.type != ActorType.STATE or mention.kind != NAME or not mention.start:
            return None
        before = token.doc[mention.start - 1]
        return before if before.dep_ in {"compound", "flat", "nmod"} and self.who.is_place(before) else None

    def _thing(self, token: Token) -> Token:
        """For an "it" that is taken, the place or thing before it: "left the post before it was seized"."""
        if token.lower_ != "it":
            return token
        before = [t for t in reversed(token.doc[token.sent.start : token.i]) if self.who.at(t) < 0]
        things = [t for t in before if self.who.is_place(t) or self.words.is_concrete(t)]
        return next((t for t in things if t.dep_ in syntax.OBJECT), next(iter(things), token))

    def owner_of(self, noun: Token, type_: str) -> Token | None:
        """Whose happening or weapon a noun names: "Turkish airstrikes", "attacks by militants", "strikes led by X"."""
        prepositions = {p for p, _ in syntax.obliques(noun)}
        for child in (*noun.children, *self._beside(noun)):
            suffered = child.dep_ in POSSESSIVE and self.words.is_suffered(noun) and "of" not in prepositions
            mention = self.who.mention(child)
            whose = child.dep_ in POSSESSIVE and bool(prepositions & AIMED)  # "Tel Aviv's attacks on Syria"
            located = mention is not None and not whose and self._is_where(child, mention, noun, type_)
            if child.i < noun.i and child.dep_ in _OWNING and not suffered and not located and self.who.at(child) >= 0:
                return child
        aimed = type_ not in VIOLENT or bool(prepositions & AIMED)  # "attacks of X on Y"
        own = self.words.is_weapon(noun) or (not self.words.is_suffered(noun) and aimed)
        undergone = self.words.is_undergone(noun)
        for preposition, inner in (*syntax.obliques(noun), *(syntax.obliques(noun.head) if undergone else ())):
            if preposition == "by" or (preposition == "from" and undergone) or (preposition == "of" and own):
                agent = self.doer(inner, type_)
                if agent is not None:
                    return agent
            for by, inmost in syntax.obliques(inner):  # "the killing of X by Y", where the parser hung Y to X
                if by == "by" and (agent := self.doer(inmost, type_)) is not None:
                    return agent
        behind = noun.doc[noun.i + 1] if noun.i + 1 < noun.sent.end else noun
        if behind.lower_ == "by" and behind.dep_ == "case" and (agent := self.doer(behind.head, type_)) is not None:
            return agent
        for child in (behind, *noun.children):
            if child.dep_ in syntax.RELATIVE | syntax.PARTICIPIAL or (
                child.i == behind.i and child.tag_ in {"VBN", "VBD"}
            ):
                for inner in syntax.agents(child):
                    if (agent := self.doer(inner, type_)) is not None:
                        return agent
        return self._blamed_on(noun, type_)

    def _is_where(self, word: Token, mention: Mention, noun: Token, type_: str) -> bool:
        """Whether a place before a noun tells where it was: "the Kabul attack", "Kashmir battle", "Iraq protests"."""
        if type_ not in VIOLENT:
            return type_ == EventType.PROTEST and mention.type in {ActorType.STATE, ActorType.TERRITORY}
        if mention.kind != NAME or word.dep_ in POSSESSIVE:
            return mention.kind == METONYM
        both = noun.lemma_.lower() in self.words.two_sided
        return mention.type == ActorType.TERRITORY or (both and mention.type == ActorType.STATE)

    def _blamed_on(self, noun: Token, type_: str) -> Token | None:
        """Whom a deed is laid to behind it: "an attack in Mali blamed on jihadists"."""
        for token in noun.doc[noun.i + 1 : min(noun.i + _CLAUSE, noun.sent.end)]:
            if syntax.is_verb(token) and token.dep_ != "amod":
                blamed = (n for p, n in syntax.obliques(token) if p in {"on", "to"})
                laid = token.tag_ in {"VBN", "VBD"} and token.lemma_.lower() in self.words.blaming
                return next((a for n in blamed if (a := self.doer(n, type_)) is not None), None) if laid else None
        return None

    def _beside(self, noun: Token) -> Iterator[Token]:
        """What owns a noun though the parser ties it to another word: "Rebel shelling kills …", "X's maiden visit"."""
        yield from (t for t in noun.doc[noun.left_edge.i : noun.i] if t.dep_ in POSSESSIVE and t.head.i != noun.i)
        led = (
            c for c in noun.children if c.dep_ == "amod" and c.tag_ == "VBN" and c.lemma_.lower() in self.words.light
        )
        yield from (t for c in led for t in c.children if t.dep_ == "compound" and t.i < c.i)  # "X-led air strikes"
        arms = (c for c in noun.children if c.dep_ == "compound" and self.words.is_weapon(c))
        yield from (t for c in arms for t in c.children if t.dep_ in _OWNING and t.i < c.i)  # "Russian drone strikes"
        if noun.i > noun.sent.start and noun.nbor(-1).dep_ == "compound" and noun.nbor(-1).head.i == noun.head.i:
            yield noun.nbor(-1)

    def _group(self, token: Token) -> Token | None:
        """The group behind "jihadists from X" and "members of X", the owner of "its towns" and "X positions"."""
        cluster = self.who.at(token)
        if cluster >= 0 and self.who.is_named(cluster):
            return None
        person = self.words.is_person(token) or cluster >= 0
        if not person or self.words.is_forces(token):
            for preposition, inner in syntax.obliques(token):
                if preposition in {"of", "from"} and self._is_named_force(inner):
                    return inner
        if person or not self.words.is_concrete(token):
            return None
        for child in token.children:
            mention = self.who.mention(child)
            if mention is None or child.i > token.i or mention.cluster < 0 or mention.kind == ADJECTIVE:
                continue
            owner = child.dep_ in POSSESSIVE and (mention.kind != ROLE or mention.type != ActorType.PEOPLE)
            if owner or (mention.kind == NAME and mention.type == ActorType.ARMED_GROUP):
                return child
        return None

    def _is_named_force(self, token: Token) -> bool:
        return self.type_of(token) in _FORCES and self.who.is_named(self.who.at(token))

    def is_same(self, a: Token | None, b: Token) -> bool:
        """Whether two tokens stand for one actor."""
        return a is not None and self.who.at(a) >= 0 and self.who.at(a) == self.who.at(b)

    def type_of(self, token: Token | None) -> str:
        """The type of the actor that a token stands for, empty for none."""
        return self.who.type(self.who.at(token)) if token is not None else ""

    def is_adjective(self, token: Token) -> bool:
        """Whether a token is a name's adjective: "Malian"."""
        mention = self.who.mention(token)
        return mention is not None and mention.kind == ADJECTIVE and mention.cluster >= 0

    def is_force(self, token: Token) -> bool:
        """Whether a token stands for forces, their body, or a state that moves something."""
        return (
            self.words.is_forces(token)
            or self.type_of(token) in _FORCES
            or (self.type_of(token) == ActorType.STATE and bool(syntax.objects(token.head)))
        )

    def is_quarrel(self, roles: Roles) -> bool:
        """Whether a named person or an organisation attacks somebody: with words, unless the text tells of more."""
        if roles.agent is None or self.words.is_forces(roles.agent):
            return False
        cluster = self.who.at(roles.agent)
        return self.who.type(cluster) == ActorType.ORGANIZATION or (
            self.who.type(cluster) == ActorType.PERSON and self.who.is_named(cluster)
        )
