"""Patterns that tie one actor to another, shared by alliances, mediations, relations and events.

"X-backed Y" (an actor, a hyphen, a participle, a noun phrase), the two ends of "between X and Y", "X, along
with Y"; and what the finders of relations hand over, a :class:`Tie`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.nlp import lexicon, syntax
from kg.nlp.mentions import NAME, ROLE
from kg.nlp.parties import HYPHENS, NOUN_TAGS, actors_at, unique

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.mentions import Mention
    from kg.nlp.who import Range, Who

_BETWEEN: Final = frozenset({"between", "among"})
_IN_PHRASE: Final = NOUN_TAGS | {"DT", "JJ", "HYPH", "POS", "CD", "VBN", "PRP$"}
_NEAR: Final = 14
"""How many tokens behind "between" its two actors may reach."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation of participants `a` and `b`, told by token `at` in the tokens `words`.

    `granted` marks what a noun phrase takes for granted, whoever utters it.
    """

    type: str
    a: dict[str, Any] | None
    b: dict[str, Any] | None
    words: Range
    at: Token
    granted: bool = False
    office: str = ""
    since: str = ""


def actor(cluster: int) -> dict[str, Any]:
    """An actor as a participant."""
    return {"cluster": cluster}


def hyphenated(participle: Token, who: Who) -> tuple[int, Token, Range] | None:
    """The actor before the hyphen of "X-backed Y", the head of the noun phrase Y, and the tokens of the whole."""
    doc, i = participle.doc, participle.i
    if i < 2 or doc[i - 1].text not in HYPHENS:
        return None
    m = who.mention(doc[i - 2])
    if m is None or m.cluster < 0:
        return None
    head = i + 1
    while head < len(doc) and head < i + 6:
        token = doc[head]
        other = who.mention(token)
        hyphen_follows = other is not None and other.end < len(doc) and doc[other.end].text in HYPHENS
        if other is not None and other.kind in {NAME, ROLE} and other.head >= head:
            if other.kind == NAME and other.end < len(doc) and _heads_fighters(doc[other.end], who):
                return m.cluster, doc[other.end], (m.start, other.end + 1)
            if not (other.kind == NAME and hyphen_follows):
                return m.cluster, doc[other.head], (m.start, other.end)
        elif token.tag_ in NOUN_TAGS and (head + 1 >= len(doc) or doc[head + 1].tag_ not in {*NOUN_TAGS, "HYPH"}):
            return m.cluster, token, (m.start, head + 1)
        if token.tag_ not in {"JJ", "NN", "NNP", "HYPH", "VBN", "NNS", "CD"}:
            return None
        head += 1
    return None


def _heads_fighters(noun: Token, who: Who) -> bool:
    """Whether a noun behind a name heads a phrase of its own: "X-backed Syria rebels" are rebels, and no Syria."""
    own = who.mention(noun)
    return own is not None and own.kind == ROLE and own.head == noun.i


def between(noun: Token, who: Who) -> list[int]:
    """The actors of "a war between X and Y", also behind a predicate: "tensions are high between X and Y"."""
    heads = [noun, noun.head] if noun.dep_ in syntax.SUBJECT else [noun]
    for head in heads:
        for preposition, inner in syntax.obliques(head):
            if preposition in _BETWEEN:
                found = actors_at(who, inner)
                marks = (c for c in inner.children if c.lower_ == preposition)
                return found if len(found) > 1 else next((_joined_behind(c, who) for c in marks), [])
    after = noun.nbor(1) if noun.i + 1 < len(noun.doc) else None
    return _joined_behind(after, who) if after is not None and after.lower_ in _BETWEEN else []


def hyphened_pair(noun: Token, who: Who) -> list[Mention]:
    """The two names of "the X-Y war"."""
    doc, i = noun.doc, noun.i - 1
    second = who.mention(doc[i]) if i > 1 else None
    if second is None or second.start < 2 or second.end != noun.i or doc[second.start - 1].text not in HYPHENS:
        return []
    first = who.mention(doc[second.start - 2])
    return [first, second] if first is not None else []


def _joined_behind(preposition: Token, who: Who) -> list[int]:
    """The two actors of "between X and Y" by the words alone, where the parse loses one."""
    first, last = -1, -1
    for token in preposition.doc[preposition.i + 1 : min(preposition.sent.end, preposition.i + _NEAR)]:
        if token.lower_ == "and" and last >= 0 > first:
            first, last = last, -1
        elif (m := who.mention(token)) is not None and m.cluster >= 0:
            last = m.cluster
        elif token.tag_ not in _IN_PHRASE:
            break
    return unique([first, last])


def along_with(subject: Token, verb: Token, who: Who) -> list[int]:
    """ "X, along with Y, has …": Y, wherever the parse hangs it."""
    doc = verb.doc
    for i in range(subject.i, verb.i - 1):
        if doc[i].lower_ in {"along", "together"} and doc[i + 1].lower_ == "with":
            mentions = (who.mention(t) for t in doc[i + 2 : verb.i])
            return unique([m.cluster for m in mentions if m is not None and m.kind == NAME])
    return []


def is_hypothetical(verb: Token, *, aims: bool = False) -> bool:
    """Whether a clause says what may or should be, rather than what is: "could back", "urged X to support".

    With `aims`, what somebody wants or tries to do himself is none: "wants to defeat X".
    """
    first = syntax.first_conjunct(verb)
    if verb.tag_ == "VB" and first != verb and syntax.is_verb(first):
        return is_hypothetical(first, aims=aims)
    words = lexicon.load("relations")
    governors = words["unreal.governors"] - (words["unreal.aiming"] if aims else frozenset())
    children = list(verb.children)
    if _is_modal(verb) or any(c.dep_ == "mark" and c.lower_ in words["unreal.marks"] for c in children):
        return True
    if verb.tag_ == "VBG" and verb.head.lemma_.lower() in words["unreal.preventing"]:
        return any(c.lower_ == "from" for c in children)
    if not any(c.tag_ == "TO" for c in children) and not (verb.tag_ == "VB" and verb.dep_ == "xcomp"):
        return False
    # "did not want troops to fight": the verb above counts, also beyond a noun on which the parse hangs the infinitive.
    above = list(dict.fromkeys([verb.head, *(g for g in syntax.governors(verb) if syntax.is_verb(g))]))[:2]
    return any(g.lemma_.lower() in governors or syntax.is_negated(g) or _is_modal(g) for g in above if g != verb)


def _is_modal(verb: Token) -> bool:
    return any(c.lower_ in lexicon.load("relations")["unreal.modals"] for c in verb.children)


def quote(trigger: Token, *others: Token) -> Range:
    """The tokens from the first to the last of a trigger and its arguments in the same sentence, with their phrases."""
    tokens = [trigger, *(t for t in others if t.sent.start == trigger.sent.start)]
    ranges = [(t.i, t.i + 1) if t.pos_ == "VERB" else syntax.phrase_range(t) for t in tokens]
    start, end = min(min(r[0], t.i) for r, t in zip(ranges, tokens, strict=True)), max(r[1] for r in ranges)
    return start + (trigger.doc[start].tag_ == "CC"), max(end, trigger.i + 1)
