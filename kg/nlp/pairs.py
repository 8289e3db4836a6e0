"""Patterns that tie one actor to another, shared by alliances, mediations, relations and events.

"X-backed Y" (an actor, a hyphen, a participle, a noun phrase), the possessor of a noun ("X's ally", "ally of X"), the two
ends of "between X and Y".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.nlp import syntax
from kg.nlp.mentions import ADJECTIVE, METONYM, NAME, PRONOUN, ROLE

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.who import Range, Who

_HYPHENS: Final = frozenset({"-", "‑", "–"})


def actors_at(who: Who, token: Token) -> list[int]:
    """The actors that a token and its conjuncts stand for."""
    return list(dict.fromkeys(c for t in syntax.conjuncts(token) if (c := who.at(t)) >= 0))


def hyphenated(participle: Token, who: Who) -> tuple[int, Token, Range] | None:
    """The actor before the hyphen of "X-backed Y", the head of the noun phrase Y, and the tokens of the whole."""
    doc, i = participle.doc, participle.i
    if i < 2 or doc[i - 1].text not in _HYPHENS:
        return None
    m = who.mention(doc[i - 2])
    if m is None or m.cluster < 0:
        return None
    head = i + 1
    while head < len(doc) and head < i + 6:
        token = doc[head]
        other = who.mention(token)
        if other is not None and other.kind in {NAME, ROLE} and other.head >= head and not (other.kind == NAME and other.end < len(doc) and doc[other.end].text in _HYPHENS):
            return m.cluster, doc[other.head], (m.start, other.end)
        if token.tag_ in {"NN", "NNS", "NNP", "NNPS"} and (head + 1 >= len(doc) or doc[head + 1].tag_ not in {"NN", "NNS", "NNP", "NNPS", "HYPH"}):
            return m.cluster, token, (m.start, head + 1)
        if token.tag_ not in {"JJ", "NN", "NNP", "HYPH", "VBN", "NNS", "CD"}:
            return None
        head += 1
    return None


def possessors(noun: Token, who: Who) -> Iterator[int]:
    """Whose something is: "its ally", "Moscow's ally", "an ally of Moscow", "rebel backer"."""
    for child in noun.children:
        if child.dep_ in {"nmod:poss", "poss"} or (child.dep_ in {"compound", "amod", "nmod", "nmod:desc"} and child.i < noun.i):
            if (c := who.at(child)) >= 0:
                yield c
    for preposition, inner in syntax.obliques(noun):
        if preposition == "of":
            yield from actors_at(who, inner)
    before = noun.i - 1
    while before >= noun.sent.start and noun.doc[before].tag_ in {"JJ", "NN", "RB", "POS", "VBN"} and who.mention(noun.doc[before]) is None:
        before -= 1
    if before >= noun.sent.start:
        m = who.mention(noun.doc[before])
        if m is not None and m.cluster >= 0 and m.kind in {ADJECTIVE, NAME, PRONOUN, METONYM, ROLE} and (m.kind != PRONOUN or noun.doc[before].tag_ == "PRP$"):
            yield m.cluster


def identified(noun: Token, who: Who) -> list[int]:
    """Whom a noun is said to be: by apposition ("its ally, X", "rebel backer X") or copula ("X is an ally")."""
    found: list[int] = []
    doc = noun.doc
    for child in noun.children:
        if child.dep_ in {"appos", "flat"} or (child.dep_ in syntax.SUBJECT and any(c.dep_ == "cop" for c in noun.children)):
            found += actors_at(who, child)
    if noun.dep_ in {"appos", "nmod:desc", "compound", "flat"} or (noun.dep_ == "conj" and noun.head.dep_ == "appos"):
        found += [c for c in [who.at(noun.head)] if c >= 0]
    after = noun.i + 1
    if after < len(doc) and doc[after].text == ",":
        after += 1
    if not found and after < len(doc):
        m = who.mention(doc[after])
        if m is not None and m.kind == NAME and m.cluster >= 0 and m.start == after:
            found += actors_at(who, doc[m.head])
    before = noun.left_edge.i - 1
    if not found and before > noun.sent.start and doc[before].text == ",":
        m = who.mention(doc[before - 1])
        if m is not None and m.kind == NAME and m.cluster >= 0:
            found.append(m.cluster)
    return list(dict.fromkeys(found))


def between(noun: Token, who: Who) -> list[int]:
    """The actors of "a war between X and Y", "tensions with X"."""
    for preposition, inner in syntax.obliques(noun):
        if preposition in {"between", "among"}:
            return actors_at(who, inner)
    doc = noun.doc
    if noun.i + 1 < len(doc) and doc[noun.i + 1].lower_ == "between":
        found = []
        for token in doc[noun.i + 2 : noun.i + 12]:
            m = who.mention(token)
            if m is not None and m.head == token.i and m.cluster >= 0 and m.cluster not in found:
                found.append(m.cluster)
            if token.text in {",", "."} or syntax.is_verb(token):
                break
        return found[:2]
    return []


def along_with(subject: Token, verb: Token, who: Who) -> list[int]:
    """ "X, along with Y, has …": Y, wherever the parse hangs it."""
    doc = verb.doc
    for i in range(subject.i, verb.i - 1):
        if doc[i].lower_ in {"along", "together"} and doc[i + 1].lower_ == "with":
            return list(dict.fromkeys(c for t in doc[i + 2 : verb.i] if (m := who.mention(t)) is not None and m.kind == NAME and (c := m.cluster) >= 0))
    return []
