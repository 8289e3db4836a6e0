"""Who holds which territory, and what lies in what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.model import ActorType, RelationType
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import ADJECTIVE, METONYM
from kg.nlp.names import PLACE
from kg.nlp.pairs import Tie, actor, quote
from kg.nlp.parties import actors_at, possessors, sides_at, unique
from kg.nlp.situations import Record, participant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.nlp.who import Range, Who

_YEAR: Final = re.compile(r"(?:1[6-9]|20)\d\d")

_CAPTORS: Final = frozenset(set(ActorType) - {ActorType.PERSON, ActorType.PEOPLE, ActorType.ORGANIZATION})
_REACH: Final = 300
"""How many tokens back a place may stand that "the town" goes back to."""


class Control:
    """Finds relations of types controls and located_in."""

    def __init__(self) -> None:
        words = lexicon.load("relations")
        self._holding = words["controls.verbs"]
        self._participles = words["controls.participles"]
        self._rule = words["controls.nouns"]
        self._taking = words["controls.taking"]
        self._capturing = words["controls.capturing"]
        self._falling = words["controls.falling"]
        self._capitals = words["controls.capitals"]
        self._unnamed = words["controls.unnamed"]
        self._seats = words["controls.strongholds"] | self._capitals
        self._parts = words["controls.parts"]
        self._whole = words["controls.whole"]
        self._quantities = self._parts | self._whole
        self._lying = words["located_in.verbs"]
        self._losing = words["controls.losing"]
        self._managing = words["controls.managing"]
        self._hands = words["controls.hands"]
        self._told_of_subjects = self._losing | self._falling | self._taking | self._lying
        self._lying_prepositions = words["located_in.prepositions"]
        self._areas = lexicon.load("mentions")["descriptions.places"]

    def compound(self, participle: Token, compound: tuple[int, Token, Range], who: Who) -> Iterator[Tie]:
        """ "the X-held town of Y"."""
        holder, head, words = compound
        if participle.lower_ in self._participles:
            for place in self._named_places(head, who):
                yield Tie(RelationType.CONTROLS, actor(holder), place, words, participle, granted=True)

    def verb(self, verb: Token, who: Who) -> Iterator[Tie]:
        """ "X controls Y", "Y, which is controlled by X", "X took control of Y", "Y lies within Z"."""
        lemma = verb.lemma_.lower()
        if lemma in self._holding:
            yield from self._held_by(verb, who)
        taken = lemma == "take" and any(c.lower_ == "over" for c in verb.children)
        if (lemma in self._capturing or taken) and not any(c.tag_ == "TO" for c in verb.children):
            yield from self._captured(verb, who)
        subject = syntax.subject(verb) if lemma in self._told_of_subjects else None
        if subject is None:
            return
        if lemma in self._losing and not syntax.is_passive(verb):
            yield from self._lost(verb, who)
        if lemma in self._falling:
            for preposition, victor in syntax.obliques(verb):
                victors = [c for c in sides_at(who, victor) if who.type(c) in _CAPTORS] if preposition == "to" else []
                for fallen in self._known_places(subject, who) if victors else ():
                    words = quote(verb, subject, victor)
                    yield from (Tie(RelationType.CONTROLS, actor(c), fallen, words, verb) for c in victors)
        if lemma in self._taking and not self._is_aim(verb):
            for o in syntax.objects(verb):
                if o.lemma_.lower() in self._rule:
                    held = [n for p, n in syntax.obliques(o) if p in {"of", "over"}]
                    held += [n for p, n in syntax.obliques(verb) if p == "over"]
                    yield from self._holds(verb, [subject], held, who)
        if lemma in self._lying and (self._is_named_place(subject, who) or self._is_named_area(subject)):
            for preposition, place in syntax.obliques(verb):
                if preposition in self._lying_prepositions and self._is_named_place(place, who):
                    inner, outer = participant(who, subject), participant(who, place)
                    yield Tie(RelationType.LOCATED_IN, inner, outer, quote(verb, subject, place), verb)

    def noun(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "Y is under the control of X", "the X stronghold of Y"."""
        lemma = noun.lemma_.lower()
        under = lemma in self._rule and syntax.preposition(noun) == "under"
        if under or (lemma in self._hands and syntax.preposition(noun) == "in"):
            predicate = any(c.dep_ == "cop" for c in noun.children) or noun.dep_ == "conj"
            area = syntax.subject(noun if predicate else noun.head)
            held = self._held(area, who) if area is not None else None
            for c in unique(possessors(noun, who)) if held is not None else ():
                words = quote(noun, *(n for p, n in syntax.obliques(noun) if p == "of"))
                yield Tie(RelationType.CONTROLS, actor(c), held, words, noun, since=_since(noun))
        if lemma in self._seats:
            for owner in list(possessors(noun, who))[:1]:
                for place in _stronghold(noun):
                    named = self._is_named_place(place, who) or place.pos_ == "PROPN"
                    if named and who.type(owner) in self._lords(lemma):
                        held = self._place(place, who)
                        yield Tie(RelationType.CONTROLS, actor(owner), held, quote(noun, place), noun, granted=True)

    def _is_aim(self, verb: Token) -> bool:
        """Whether something is only to be taken: "troops sent to take control"; "managed to take it" is no aim."""
        purpose = any(c.tag_ == "TO" for c in verb.children)
        return purpose and verb.head.lemma_.lower() not in self._managing

    def _lost(self, verb: Token, who: Who) -> Iterator[Tie]:
        """ "X lost (control of) Y to Z"."""
        objects = syntax.objects(verb)
        rule = [o for o in objects if o.lemma_.lower() in self._rule]
        held = [n for o in rule for p, n in syntax.obliques(o) if p in {"of", "over"}]
        winners = [n for head in (verb, *objects, *held) for p, n in syntax.obliques(head) if p == "to"]
        for place in (p for t in held or objects for p in self._named_places(t, who)):
            for n in winners:
                words = quote(verb, *objects, n)
                victors = (c for c in sides_at(who, n) if who.type(c) in _CAPTORS)
                yield from (Tie(RelationType.CONTROLS, actor(c), place, words, verb) for c in victors)

    def _lords(self, kind: str) -> frozenset[ActorType]:
        """Whose stronghold or capital a place may be: a state's own is in no need of telling."""
        return frozenset({ActorType.ARMED_GROUP} if kind in self._capitals else set(ActorType) - {ActorType.STATE})

    def _captured(self, verb: Token, who: Who) -> Iterator[Tie]:
        """ "X seized the town of Y": a place with a name, or one that the article knows."""
        captured = syntax.passive_subjects(verb) if syntax.is_passive(verb) else syntax.objects(verb)
        subject = syntax.subject(verb)
        captors = syntax.agents(verb) if syntax.is_passive(verb) else [subject] if subject is not None else []
        for h in captors:
            for c in sides_at(who, h):
                for t in (t for o in captured for t in syntax.conjuncts(o)):
                    for place in self._known_places(t, who) if who.type(c) in _CAPTORS else ():
                        yield Tie(RelationType.CONTROLS, actor(c), place, quote(verb, t, h), verb)

    def _known_places(self, token: Token, who: Who) -> list[Record | None]:
        """The places that a token names, or that "the base" means."""
        if named := self._named_places(token, who):
            return named
        definite = any(c.lower_ in {"the", "this"} for c in token.children)
        local = token.lemma_.lower() in self._unnamed and (definite or any(c.pos_ == "PROPN" for c in token.children))
        return [self._held(token, who)] if local else []

    def _held_by(self, verb: Token, who: Who) -> Iterator[Tie]:
        if syntax.is_passive(verb):
            held = [t for s in syntax.passive_subjects(verb) for t in syntax.conjuncts(s)]
            yield from self._holds(verb, syntax.agents(verb), [t for t in held if self._is_area(t, who)], who)
            return
        subject = syntax.subject(verb)
        held = [t for o in syntax.objects(verb) for t in syntax.conjuncts(o) if self._is_area(t, who)]
        # "the areas they hold": a relative clause without its pronoun.
        if not held and verb.dep_ in syntax.RELATIVE and verb.left_edge.i > 0:
            own = [s for s in syntax.own_subjects(verb) if syntax.relative_antecedent(s) is None]
            before = verb.doc[verb.left_edge.i - 1]
            held, subject = [before] if own and self._is_area(before, who) else [], own[0] if own else None
        yield from self._holds(verb, [subject] if subject is not None else [], held, who)

    def _holds(self, verb: Token, holders: list[Token], held: list[Token], who: Who) -> Iterator[Tie]:
        for h in holders:
            for c in actors_at(who, h):
                for t in map(self._identified, held):
                    for place in self._named_places(t, who) or [self._held(t, who)]:
                        yield Tie(RelationType.CONTROLS, actor(c), place, quote(verb, t, h), verb, since=_since(verb))

    # Places

    def _identified(self, token: Token) -> Token:
        """The place that is said to be one held: "Y is the largest town held by X"."""
        if any(c.dep_ == "cop" for c in token.children):
            return next((c for c in token.children if c.dep_ in syntax.SUBJECT), token)
        return token

    def _is_named_place(self, token: Token, who: Who) -> bool:
        m = who.mention(token)
        return m is not None and m.type in {PLACE, ActorType.STATE, ActorType.TERRITORY} and m.kind != "pronoun"

    def _place(self, token: Token, who: Who) -> Record | None:
        """A place as a participant; a capital that is held is the town, not the government that it may stand for."""
        m = who.mention(token)
        return {"place": token.i} if m is not None and m.kind == METONYM else participant(who, token)

    def _is_named_area(self, token: Token) -> bool:
        """Whether a place goes by its kind and a name that is no mention: "Duhok province"."""
        names = [c for c in token.children if c.dep_ in syntax.NAME_PART and c.pos_ == "PROPN" and c.i < token.i]
        return token.lemma_.lower() in self._areas and bool(names)

    def _is_area(self, token: Token, who: Who) -> bool:
        return self._is_named_place(token, who) or token.lemma_.lower() in self._areas | self._parts | self._whole

    def _named_places(self, token: Token, who: Who) -> list[Record | None]:
        """The places that a token names: itself, "the town of X", "two villages X and Y"."""
        doc, after = token.doc, token.i + 1
        if self._is_named_place(token, who):
            return [self._place(token, who)]
        if token.lemma_.lower() not in self._areas:
            return []
        apposed = [c for c in token.children if c.dep_ == "appos" and self._is_named_place(c, who)]
        if apposed:
            return [self._place(apposed[0], who)]
        after += after < len(doc) and doc[after].lower_ == "of"
        found: list[Record | None] = []
        while after < len(doc):
            m = who.mention(doc[after])
            if m is not None and m.start == after and self._is_named_place(doc[m.head], who):
                found.append(self._place(doc[m.head], who))
                after = m.end
            elif found and doc[after].lower_ in {"and", ","}:
                after += 1
            else:
                break
        return found

    def _held(self, token: Token, who: Who) -> Record | None:
        """What is held: a named place, the one that "(all of) the province" goes back to, else the phrase."""
        if token.lemma_.lower() in self._whole:
            inner = next((n for p, n in syntax.obliques(token) if p == "of"), None)
            if inner is not None:
                return self._held(inner, who)
        if named := self._named_places(token, who):
            return named[0]
        if (earlier := self._antecedent(token, who)) is not None:
            return participant(who, earlier)
        start, end = syntax.phrase_range(token)
        if token.lemma_.lower() in self._quantities and end == token.i + 1:
            return None  # the parse has lost of what it is "much"
        while start < token.i and token.doc[start].tag_ in {"DT", "IN", "PRP$"}:
            start += 1
        return {"range": (start, end)} if token.pos_ in {"NOUN", "PROPN"} else participant(who, token)

    def _antecedent(self, token: Token, who: Who) -> Token | None:
        """The place that "the province" takes up: the last one named before with its kind, "X province"."""
        kind = token.lemma_.lower()
        children = [c for c in token.children if c.i < token.i]
        if kind not in self._areas or [c.lower_ for c in children if c.dep_ != "case"] != ["the"]:
            return None
        doc = token.doc
        for i in range(token.i - 1, max(0, token.i - _REACH), -1):
            m = who.mention(doc[i])
            if m is not None and m.end < token.i and m.kind != ADJECTIVE and self._is_named_place(doc[m.head], who):
                beside = {doc[m.end - 1].lower_, doc[m.end].lower_, doc[m.start - 1].lower_ if m.start else ""}
                beside |= {doc[m.start - 2].lower_} if m.start > 1 and doc[m.start - 1].lower_ == "of" else set()
                if kind in beside:
                    return doc[m.head]
        return None


def _stronghold(noun: Token) -> Iterator[Token]:
    """What a stronghold is: "the X stronghold of Y", "Y, the last X stronghold"."""
    yield from (n for p, n in syntax.obliques(noun) if p == "of")
    if noun.dep_ == "appos":
        yield noun.head
    if any(c.dep_ == "cop" for c in noun.children) and (place := syntax.subject(noun)) is not None:
        yield place
    yield from (c for c in noun.children if c.dep_ == "appos" and c.i > noun.i)


def _since(token: Token) -> str:
    """The year after "since" in the same sentence, also "since a war there ended in 1994"."""
    doc, sent = token.doc, token.sent
    for i in range(token.i, sent.end):
        if doc[i].lower_ == "since":
            for t in doc[i + 1 : min(sent.end, i + 9)]:
                if _YEAR.fullmatch(t.text):
                    return str(t.text)
    return ""
