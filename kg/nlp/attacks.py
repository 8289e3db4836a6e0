"""Wars, attacks and campaigns as nouns: whose they are, and against whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax
from kg.nlp.enemies import FIGHTING, are_fighters, hostile
from kg.nlp.mentions import NAME, ROLE
from kg.nlp.pairs import between, hyphened_pair, quote
from kg.nlp.parties import doers, identified, performers, possessors, sides_at, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.nlp.pairs import Tie
    from kg.nlp.who import Who

_FINITE: Final = frozenset({"VBD", "VBZ", "VBP"})
_AUXILIARY: Final = frozenset({"aux", "aux:pass"})
_NEAR: Final = 16
"""How many tokens behind an attack its "against" may stand."""


class Attacks:
    """Finds relations of type opposes in nouns."""

    def __init__(self) -> None:
        words = lexicon.load("relations")
        self._fighting = words["opposes.verbs"]
        self._suffering = words["opposes.suffering"]
        self._suffered = words["opposes.suffered"]
        self._soft_nouns = words["opposes.soft_nouns"]
        self._ceasing = words["opposes.ceasing"]
        self._blocs = lexicon.load("alliances")["blocs.nouns"]
        self._nouns = words["opposes.nouns"]
        self._mutual = words["opposes.mutual"]
        self._enemies = words["opposes.enemies"]
        self._two_sided = words["opposes.two_sided"]
        self._joint = words["opposes.joint"]
        self._noun_prepositions = words["opposes.noun_prepositions"]
        self._waging = words["opposes.waging"]
        self._conquering = words["opposes.conquering"]
        self._strongholds = words["controls.strongholds"]
        self._helping = words["opposes.help"]
        self._allies = lexicon.load("alliances").sections("nouns")
        self._between = self._nouns | self._mutual
        self._soft = self._soft_nouns | self._blocs
        self._telling = self._between | self._soft | self._suffered | self._strongholds | self._enemies

    def noun(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "a war between X and Y", "X's fight against Y", "X launched strikes on Y", "battle for Y's stronghold"."""
        lemma = noun.lemma_.lower()
        if lemma not in self._telling and noun.lower_ not in self._soft_nouns:
            return
        yield from self.each_other(noun, who)
        if lemma in self._suffered:
            yield from self._suffers(noun, who)
        if lemma in self._enemies:
            yield from self._enemy(noun, who)
        soft = lemma in self._soft or noun.lower_ in self._soft_nouns
        if lemma in self._nouns or soft:
            prepositions = {"against"} if soft else self._noun_prepositions
            if noun.head.lemma_.lower() in self._joint:  # "coordinating their fight with X"
                prepositions = prepositions - {"with"}
            aims = [(p, n) for p, n in self._targets(noun, who) if p in prepositions]
            targets = [n for p, n in aims if p == "against" or not who.is_capital(n)]  # "an assault on Tripoli"
            owners = self.owners(noun, who) if targets else []
            for target in targets:
                words = (noun.left_edge.i, target.right_edge.i + 1)
                ties = hostile(noun, owners, sides_at(who, target), words, who)
                ties = (replace(t, granted=True) if self._is_to_cease(noun) else t for t in ties)
                yield from (t for t in ties if not soft or are_fighters(t, who))
        if lemma in self._strongholds:
            yield from self._siege(noun, who)

    def each_other(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "a war between X and Y", also where the tagger takes "fighting" for a verb."""
        if noun.lemma_.lower() not in self._between:
            return
        sides, start = between(noun, who), noun.i
        if not sides and noun.lemma_.lower() in self._two_sided | self._mutual:
            pair = hyphened_pair(noun, who)
            sides = unique([m.cluster for m in pair])
            start = min([start, *(m.start for m in pair)])
        if len(sides) == 2:
            words = (
                start,
                max(noun.right_edge.i, noun.head.right_edge.i if noun.dep_ in syntax.SUBJECT else 0) + 1,
            )
            yield from hostile(noun, sides[:1], sides[1:], words, who)
            yield from hostile(noun, sides[1:], sides[:1], words, who)

    def _enemy(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "X's old foe Y", "X and Y are bitter rivals"."""
        named = [c for c in identified(noun, who) if who.is_named(c)]
        owners = unique(possessors(noun, who))[:1]
        if not owners and len(named) == 2:
            owners, named = named[:1], named[1:]
        words = quote(noun, noun.doc[noun.left_edge.i])
        both = [*hostile(noun, owners, named, words, who), *hostile(noun, named, owners, words, who)]
        yield from (replace(t, granted=True) for t in both if are_fighters(t, who))

    def _targets(self, noun: Token, who: Who) -> Iterator[tuple[str, Token]]:
        """What an attack is against; the parser may hang a phrase with "against" elsewhere."""
        found = [n for _, n in syntax.obliques(noun)]
        yield from syntax.obliques(noun)
        if syntax.is_verb(noun.head) and syntax.is_passive(noun.head) and noun in syntax.passive_subjects(noun.head):
            yield from ((p, n) for p, n in syntax.obliques(noun.head) if p == "against")
        near = True  # behind a verb, "on" is the verb's: "an attack in a statement posted on X"
        for t in noun.doc[noun.i + 1 : min(noun.sent.end, noun.i + _NEAR)]:
            if (t.tag_ in _FINITE and t.dep_ not in _AUXILIARY) or t.lemma_.lower() in self._nouns:
                return
            near = near and not syntax.is_verb(t)
            aimed = t.lower_ == "against" or (near and t.lower_ == "on" and _is_hit(t, who))
            if aimed and t.head.i > t.i and t.head not in found:
                yield t.lower_, t.head

    def _is_to_cease(self, noun: Token) -> bool:
        """Whether somebody is told to end a fight, and so has been waging it."""
        return any(g.lemma_.lower() in self._ceasing for g in list(syntax.governors(noun))[:1])

    def _suffers(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "X came under fire from Y", "X faced attacks by Y"."""
        verb = next((g for g in syntax.governors(noun) if syntax.is_verb(g)), None)
        subject = syntax.subject(verb) if verb is not None and verb.lemma_.lower() in self._suffering else None
        if verb is None or subject is None or syntax.is_negated(verb):
            return
        for preposition, enemy in [*syntax.obliques(noun), *syntax.obliques(verb)]:
            if preposition in {"from", "by"}:
                words = quote(noun, subject, enemy)
                found = hostile(noun, sides_at(who, enemy), sides_at(who, subject), words, who)
                yield from (t for t in found if are_fighters(t, who))

    def owners(self, noun: Token, who: Who) -> list[int]:
        """Whose fight it is: its doer, who wages it, or those who are allies in it."""
        if noun.lemma_.lower() in self._blocs:
            return unique([who.at(noun)])
        own = self._helped(noun, who) or performers(who, noun)
        if not own and any(c.dep_ == "cop" for c in noun.children):
            own = [c for s in syntax.own_subjects(noun) for c in sides_at(who, s)]
        if own:
            return own
        for head in syntax.governors(noun):
            if any(head.lemma_.lower() in nouns for nouns in self._allies.values()):
                return unique([*identified(head, who), *possessors(head, who)])
            if syntax.is_verb(head):
                return self._wagers(head, noun, who)
        return []

    def _helped(self, noun: Token, who: Who) -> list[int]:
        """Whose "their fight" is in "support for X in their fight": X's, whoever the subject is."""
        if syntax.preposition(noun) != "in" or not any(c.tag_ == "PRP$" for c in noun.children):
            return []
        for support in reversed(noun.doc[noun.sent.start : noun.i]):
            if support.lemma_.lower() in self._helping:
                helped = [n for p, n in syntax.obliques(support) if p in {"for", "of"} and n.i < noun.i]
                return [c for n in helped[:1] for c in sides_at(who, n)]
        return []

    def _wagers(self, verb: Token, fight: Token, who: Who) -> list[int]:
        """Who wages a fight by a verb: its subject, or the agent of "is led by X"."""
        subject = syntax.subject(verb)
        if subject is None or verb.lemma_.lower() not in self._waging | self._ceasing or syntax.is_negated(verb):
            return []
        if subject == fight:
            return unique(c for agent in syntax.agents(verb) for c in sides_at(who, agent) or doers(who, agent))
        return sides_at(who, subject) or doers(who, subject) or _meant_by_who(verb, who)

    def _siege(self, stronghold: Token, who: Who) -> Iterator[Tie]:
        """ "locked in battle for control of the X stronghold", "trying to capture the X stronghold"."""
        holders = [c for c in list(possessors(stronghold, who))[:1] if who.type(c) in FIGHTING]
        verb = next((g for g in syntax.governors(stronghold) if syntax.is_verb(g)), None)
        if not holders or verb is None:
            return
        fought = any(n.lemma_.lower() in self._nouns for _, n in syntax.obliques(verb))
        subject = syntax.subject(verb)
        if subject is not None and (fought or verb.lemma_.lower() in self._conquering | self._fighting):
            named = [c for s in syntax.own_subjects(verb) for c in [who.at(s)] if who.is_named(c)]
            yield from hostile(verb, named or doers(who, subject), holders, quote(verb, subject, stronghold), who)


def _is_hit(preposition: Token, who: Who) -> bool:
    """Whether an actor that may fight stands behind "on", which is no part of its name."""
    m = who.mention(preposition.head)
    return m is not None and m.start > preposition.i and who.type(m.cluster) in FIGHTING


def _meant_by_who(verb: Token, who: Who) -> list[int]:
    """Whom "who" stands for where the parse ties it to a thing: the last actor named before it."""
    pronoun = next((c for c in verb.children if c.tag_ == "WP" and c.i < verb.i), None)
    if pronoun is None:
        return []
    before = (who.mention(t) for t in reversed(verb.doc[verb.sent.start : pronoun.i]))
    return next(([m.cluster] for m in before if m is not None and m.cluster >= 0 and m.kind in {NAME, ROLE}), [])
