"""Whom a noun phrase stands for, beyond its head: names behind a description, the side of a fight, the doer of a deed.

"Regime supporters X and Y" are X and Y; "jihadists from the X group" and "X positions" are X's; "X's policy" is X's
doing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import ActorType
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import ADJECTIVE, METONYM, NAME, PRONOUN, ROLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.nlp.mentions import Mention
    from kg.nlp.who import Who

HYPHENS: Final = frozenset({"-", "\u2011", "–"})
NOUN_TAGS: Final = frozenset({"NN", "NNS", "NNP", "NNPS"})
_MODIFIERS: Final = frozenset({"compound", "amod", "nmod", "nmod:desc", "nmod:poss"})
_POSSESSIVE: Final = frozenset({"nmod:poss"})
_RENAMING: Final = frozenset({"appos", "flat", "obj"})


_OWNERS: Final = frozenset({ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY, ActorType.INTERNATIONAL_ORGANIZATION})
_SPOKEN_FOR: Final = frozenset(
    {ActorType.STATE, ActorType.TERRITORY, ActorType.ARMED_GROUP, ActorType.INTERNATIONAL_ORGANIZATION}
)


def unique(clusters: Iterator[int] | list[int]) -> list[int]:
    """Each actor once, in order, without those that are none."""
    return [c for c in dict.fromkeys(clusters) if c >= 0]


def actors_at(who: Who, token: Token) -> list[int]:
    """The actors that a token and its conjuncts stand for."""
    joined = syntax.conjuncts(token)
    return unique([*(c for t in joined for c in _standing_for(who, t)), *_companions(joined[-1], who)])


def _companions(token: Token, who: Who) -> list[int]:
    """Who is joined to an actor as its own, where the parse loses it: "X and its armed wing Y"."""
    m = who.mention(token)
    doc = token.doc
    i = m.end if m is not None else token.i + 1
    if m is None or m.cluster < 0 or i + 2 >= token.sent.end or doc[i].lower_ != "and" or doc[i + 1].tag_ != "PRP$":
        return []
    i += 2
    while i < token.sent.end and doc[i].tag_ in {"JJ", "VBN", "NN"}:
        i += 1
    own = who.at(doc[i - 1])
    return names_behind(doc[i - 1], who) or ([own] if own >= 0 and who.is_named(own) else [])


def _standing_for(who: Who, token: Token) -> list[int]:
    """The names behind a descriptive noun ("regime supporters X and Y"), else its own actor or its apposition."""
    noun = token if _is_descriptive(token) else _next(token)
    if noun is not None and _is_descriptive(noun) and (names := names_behind(noun, who) or _apposed(noun, who)):
        return names
    if (cluster := _spoken_for(who, token)) >= 0:
        # A second name within a first one ("flat") is a conjunct that the parser has missed.
        return [cluster, *(who.at(c) for c in token.children if c.dep_ == "flat" and who.at(c) != cluster)]
    return [who.at(c) for c in token.children if c.dep_ in _RENAMING and c.i > token.i and syntax.is_nominal(c)]


def _spoken_for(who: Who, token: Token) -> int:
    """Whom a token stands for; "we", said by a person, stands for the state or group that he speaks for, if any."""
    cluster = who.at(token)
    if token.lower_ not in lexicon.load("alliances")["speaking"] or who.type(cluster) != ActorType.PERSON:
        return cluster
    owner = who.owner(cluster)
    return owner if who.type(owner) in _SPOKEN_FOR else -1


def _is_descriptive(token: Token) -> bool:
    words = lexicon.load("alliances")
    noun = token.tag_ in NOUN_TAGS and token.lemma_.lower() in words["describing"]
    return noun or token.lower_ in words["nominal"]


def _next(token: Token) -> Token | None:
    return token.nbor(1) if token.i + 1 < len(token.doc) and token.tag_ in NOUN_TAGS else None


def names_behind(noun: Token, who: Who) -> list[int]:
    """The names that directly follow a noun, joined by commas and "and": "its neighbours X, Y and Z"."""
    doc, i = noun.doc, noun.i + 1
    found: list[int] = []
    while i < noun.sent.end:
        m = who.mention(doc[i])
        if m is not None and m.kind == NAME and m.cluster >= 0 and m.start <= i < m.end:
            if m.end < len(doc) and (doc[m.end].text in HYPHENS or doc[m.end].tag_ == "POS"):
                break
            if not _ends_phrase(m, who):
                break
            found.append(m.cluster)
            i = m.end
        elif found and doc[i].lower_ in {",", "and"}:
            i += 1
        else:
            break
    return unique(found)


def _ends_phrase(m: Mention, who: Who) -> bool:
    """Whether a name modifies no other actor: nouns behind it, if any, denote the same ("the X group")."""
    doc, end = who.doc, m.end
    while end < len(doc) and doc[end].tag_ in {"NN", "NNS"}:
        end += 1
    return end == m.end or who.at(doc[end - 1]) == m.cluster


def _apposed(noun: Token, who: Who) -> list[int]:
    """The name between commas behind a noun: "its ally, the X army, …"."""
    doc, i = noun.doc, noun.i + 1
    if i + 1 >= len(doc) or doc[i].text != ",":
        return []
    i += 1 + (doc[i + 1].lower_ == "the")
    m = who.mention(doc[i]) if i < len(doc) else None
    closed = m is not None and (m.end >= len(doc) or doc[m.end].text in {",", ".", ";"})
    return [m.cluster] if m is not None and closed and m.kind == NAME and m.cluster >= 0 and m.start == i else []


def renamed(noun: Token, who: Who) -> list[int]:
    """The actor of a noun, by the name that stands beside it: "a US-backed alliance, the X forces, has …"."""
    own = who.at(noun)
    if own >= 0 and who.is_named(own):
        return [own]
    beside = [c for c in noun.children if c.dep_ == "appos"]
    if noun.dep_ in syntax.SUBJECT | syntax.PASSIVE_SUBJECT:
        beside += [c for c in noun.head.children if c.dep_ == noun.dep_ and c.i > noun.i]
    named = [c for c in map(who.at, beside) if c >= 0 and who.is_named(c)]
    return unique([*named[:1], own])[:1]


def possessors(noun: Token, who: Who) -> Iterator[int]:
    """Whose something is, the surest first: "its ally", "Moscow's ally", "an ally of Moscow", "rebel backer"."""
    holders = [noun, noun.head] if noun.dep_ in {"compound", "nmod:desc"} else [noun]
    for holder in holders:
        for child in holder.children:
            if child.dep_ in _POSSESSIVE and child.i < noun.i and (c := _spoken_for(who, child)) >= 0:
                yield c
    for preposition, inner in syntax.obliques(noun):
        if preposition == "of":
            yield from actors_at(who, inner)
    for child in noun.children:
        if child.dep_ in _MODIFIERS and child.i < noun.i and (c := who.at(child)) >= 0:
            yield c
    before = noun.i - 1
    while before >= noun.sent.start and _is_plain_modifier(noun.doc[before], who):
        before -= 1
    if before >= noun.sent.start:
        m = who.mention(noun.doc[before])
        possessive = m is not None and (m.kind != PRONOUN or noun.doc[before].tag_ == "PRP$")
        if m is not None and possessive and m.kind in {ADJECTIVE, NAME, PRONOUN, METONYM, ROLE} and m.cluster >= 0:
            yield m.cluster


def _is_plain_modifier(token: Token, who: Who) -> bool:
    return token.tag_ in {"JJ", "NN", "RB", "POS", "VBN"} and who.mention(token) is None


def doers(who: Who, token: Token) -> list[int]:
    """Who does what a subject is said to do: its actors, or whose policy, campaign or strike it is."""
    joined = syntax.conjuncts(token)
    if not any(map(is_act, joined)):
        return actors_at(who, token)
    return unique(c for t in joined for c in _standing_for(who, t) or (performers(who, t) if is_act(t) else []))


def undertakers(who: Who, token: Token) -> list[int]:
    """Who does what a subject is said to do, also whoever undertakes the deed that it names: "X flew sorties"."""
    found = doers(who, token)
    if not found and is_act(token) and syntax.is_verb(token.head) and token in syntax.objects(token.head):
        subject = syntax.subject(token.head)
        return doers(who, subject) if subject is not None else []
    return found


def is_act(noun: Token) -> bool:
    """Whether a noun names a deed or its means, which stand for who does it, whatever the tagger takes it for."""
    names = {noun.lemma_.lower(), noun.lower_.removesuffix("s")}
    return not names.isdisjoint(lexicon.load("relations")["acts"])


def performers(who: Who, act: Token) -> list[int]:
    """Whose act a noun names: "an offensive by X", "X's offensive", "X airstrikes"."""
    by = [c for p, n in syntax.obliques(act) if p == "by" for c in actors_at(who, n)]
    after = act.nbor(1) if act.i + 1 < len(act.doc) else None
    if not by and after is not None and after.tag_ in {"VBN", "VBD"}:  # "strikes carried out by X"
        by = [c for agent in syntax.agents(after) for c in actors_at(who, agent)]
    return by or unique(possessors(act, who))[:1]


def identified(noun: Token, who: Who) -> list[int]:
    """Whom a noun is said to be: by apposition ("its ally, X", "rebel backer X") or copula ("X is an ally")."""
    found: list[int] = []
    doc = noun.doc
    for child in noun.children:
        if child.dep_ in {"appos", "flat"} or (
            child.dep_ in syntax.SUBJECT and any(c.dep_ == "cop" for c in noun.children)
        ):
            found += actors_at(who, syntax.relative_antecedent(child) or child)
    if noun.dep_ in {"appos", "nmod:desc", "compound", "flat"} or (noun.dep_ == "conj" and noun.head.dep_ == "appos"):
        found += [c for c in _standing_for(who, noun.head) if c >= 0]
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
    return unique([*found, *names_behind(noun, who), *_apposed(noun, who)])


def sides_at(who: Who, token: Token) -> list[int]:
    """Who takes part in a fight under a phrase: its actors, the body its fighters are "from", or whose target it names.

    "Jihadists from the X group" are X; "X positions", "what it called X targets" are X's.
    """
    if token.tag_ == "WP":
        return [c for t in _predicates(token) for c in sides_at(who, t)]
    found: list[int] = []
    for t in syntax.conjuncts(token):
        if t.lemma_.lower() in lexicon.load("relations")["vague"] or _is_vague(t):
            continue
        if who.at(t) < 0 and (holder := _holder(t, who)) >= 0:
            found.append(holder)
            continue
        own = _standing_for(who, t)
        if not any(c >= 0 and who.is_named(c) for c in own):
            senders = [c for p, n in syntax.obliques(t) if p in {"from", "of"} for c in [who.at(n)] if c >= 0]
            own = [c for c in senders if who.type(c) == ActorType.ARMED_GROUP] or own
            if t.lemma_.lower() in lexicon.load("relations")["targets"]:
                # "A Hezbollah commander" stands for the group.
                own = [c for c in own if who.type(c) != ActorType.PERSON]
        if not any(c >= 0 for c in own):
            inside = list(_inside(t, who))
            named = t.lemma_.lower() in lexicon.load("relations")["targets"]
            # "A Taliban truck" is the group's, "a Kenyan truck" anybody's.
            own = [c for c in inside if named or (who.type(c) in _OWNERS and who.is_named(c))][-1:]
        found += own
    return unique(found)


def nations(noun: Token, who: Who) -> list[int]:
    """The two countries of "Indian and Pakistani troops", else none."""
    before = noun.doc[noun.left_edge.i : noun.i]
    found = unique([m.cluster for t in before if (m := who.mention(t)) is not None and m.kind == ADJECTIVE])
    return found if len(found) == 2 and any(t.lower_ == "and" for t in before) else []


def _holder(noun: Token, who: Who) -> int:
    """Who holds what a noun names: X of "the X-held town", or -1."""
    held = lexicon.load("relations")["controls.participles"]
    for c in noun.children:
        if c.i < noun.i and c.lower_ in held and c.i > 1 and c.nbor(-1).text in HYPHENS:
            return who.at(c.nbor(-2))
    return -1


def _is_vague(noun: Token) -> bool:
    return any(c.lower_ in lexicon.load("relations")["vague"] for c in noun.children if c.i < noun.i)


def _predicates(pronoun: Token) -> Iterator[Token]:
    """ "What are said to be X targets": the noun that a free relative says something to be."""
    for clause in pronoun.children:
        if clause.dep_ in syntax.RELATIVE:
            yield from (t for t in clause.subtree if t.dep_ in {"xcomp", "ccomp", "obj"} and syntax.is_nominal(t))


def _inside(noun: Token, who: Who) -> Iterator[int]:
    """Actors named in a noun's phrase before it, nearest last."""
    for child in noun.children:
        if child.i < noun.i and child.dep_ in _MODIFIERS:
            yield from _inside(child, who)
            if (c := _spoken_for(who, child)) >= 0:
                yield c
