"""Who is at war with, fights or attacks whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.model import ActorType, RelationType
from kg.nlp import lexicon, syntax
from kg.nlp.pairs import Tie, actor, between, is_hypothetical, quote
from kg.nlp.parties import doers, identified, performers, possessors, sides_at, unique

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Token

    from kg.nlp.who import Range, Who

_FIGHTING: Final = frozenset(
    {
        ActorType.STATE,
        ActorType.GOVERNMENT_BODY,
        ActorType.ARMED_GROUP,
        ActorType.INTERNATIONAL_ORGANIZATION,
        ActorType.TERRITORY,
    }
)
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP"})
_NEAR: Final = 16
"""How many tokens behind an attack its "against" may stand."""


class Hostility:
    """Finds relations of type opposes."""

    def __init__(self) -> None:
        words = lexicon.load("relations")
        self._fighting = words["opposes.verbs"]
        self._with_verbs = words["opposes.with_verbs"]
        self._with = words["opposes.with_prepositions"]
        self._attacking = words["opposes.attacking"]
        self._toppling = words["opposes.toppling"]
        self._defeating = words["opposes.defeating"]
        self._against_verbs = words["opposes.against_verbs"]
        self._helping = words["opposes.helping"]
        self._suffering = words["opposes.suffering"]
        self._suffered = words["opposes.suffered"]
        self._projectiles = words["opposes.projectiles"]
        self._projectile_verbs = words["opposes.projectile_verbs"]
        self._projectile_prepositions = words["opposes.projectile_prepositions"]
        self._driving = words["opposes.driving"]
        self._particles = words["opposes.particles"]
        self._soft_nouns = words["opposes.soft_nouns"]
        self._acts = words["acts"]
        self._firing = words["opposes.firing"]
        self._ridding = words["opposes.ridding"]
        self._defeats = words["opposes.defeats"]
        self._dealing = words["opposes.dealing"]
        self._blows = words["opposes.blows"]
        self._purposes = words["opposes.purposes"]
        self._ceasing = words["opposes.ceasing"]
        self._blocs = lexicon.load("alliances")["blocs.nouns"]
        self._answering = words["opposes.answering"]
        self._nouns = words["opposes.nouns"]
        self._mutual = words["opposes.mutual"]
        self._noun_prepositions = words["opposes.noun_prepositions"]
        self._waging = words["opposes.waging"]
        self._conquering = words["opposes.conquering"]
        self._strongholds = words["controls.strongholds"]
        self._places = lexicon.load("mentions")["descriptions.places"]
        self._allies = lexicon.load("alliances").sections("nouns")

    # Verbs

    def wish(self, verb: Token, who: Who) -> Iterator[Tie]:
        """Who is out to topple, defeat or drive away whom, whether or not it comes to it."""
        lemma, subject = verb.lemma_.lower(), self._act_before(verb) or syntax.subject(verb)
        if subject is None or syntax.is_passive(verb):
            return
        if lemma in self._toppling:
            yield from self._against(verb, [subject], syntax.objects(verb), who)
        if is_hypothetical(verb, aims=True):
            return
        if lemma in self._defeating or (lemma in self._driving and self._is_driving(verb)):
            sides = self._aimers(verb, subject, who)
            for enemy in syntax.objects(verb):
                words = quote(verb, subject, enemy)
                theirs = [c for c in sides_at(who, enemy) if who.type(c) in _FIGHTING]
                yield from self._hostile(verb, sides, theirs, words, who)
        if lemma in self._conquering:
            yield from self._conquest(verb, subject, who)

    def _act_before(self, verb: Token) -> Token | None:
        """The noun right before an infinitive, wherever the parse hangs it: "efforts to defeat", "the coalition to counter"."""
        first = syntax.first_conjunct(verb)
        to = next((c for c in first.children if c.tag_ == "TO"), None)
        if to is None or to.i == 0 or first.tag_ != "VB":
            return None
        noun = to.nbor(-1)
        return noun if noun.pos_ != "VERB" and noun.lemma_.lower() in self._acts | self._blocs else None

    def _is_driving(self, verb: Token) -> bool:
        """Whether somebody is pushed away: "pushed X back", "drove X from the town"."""
        return any(c.lower_ in self._particles for c in verb.children) or any(
            p in self._particles for p, _ in syntax.obliques(verb)
        )

    def _aimers(self, verb: Token, subject: Token, who: Who) -> list[int]:
        """Whose aim an action is: who acts, whose campaign it is, and who is helped to act by whom."""
        sides = sides_at(who, subject) or doers(who, subject)
        if not sides and subject.lemma_.lower() in self._acts:
            other = syntax.subject(verb)
            sides = self._owners(subject, who) or (sides_at(who, other) if other is not None else [])
        helper = next((g for g in syntax.governors(verb) if syntax.is_verb(g)), None)
        if helper is not None and helper.lemma_.lower() in self._helping and not syntax.is_passive(helper):
            own = syntax.subject(helper)
            helped = [c for o in syntax.objects(helper) for c in sides_at(who, o)]
            # "supports X in its campaign to defeat Y": the pronoun is X.
            owned = any(c.tag_ == "PRP$" for c in subject.children)
            sides = helped if helped and owned else [*sides, *helped]
            sides += sides_at(who, own) if own is not None else []
        return unique(sides)

    def verb(self, verb: Token, who: Who) -> Iterator[Tie]:
        """ "X fights Y", "X clashed with Y", "X struck Y positions", "X seized the town from Y"."""
        lemma, passive, subject = verb.lemma_.lower(), syntax.is_passive(verb), syntax.subject(verb)
        if lemma in self._attacking:
            hit = syntax.passive_subjects(verb) if passive else syntax.objects(verb)
            strikers = syntax.agents(verb) if passive else [subject] if subject is not None else []
            yield from (t for t in self._against(verb, strikers, hit, who) if self._are_fighters(t, who))
        if subject is None:
            return
        enemies = syntax.objects(verb) if lemma in self._fighting and not passive else []
        if lemma in self._with_verbs:  # which have no passive, whatever the parser takes them for
            enemies += [n for p, n in syntax.obliques(verb) if p in self._with]
            if not any(n.lemma_.lower() not in self._nouns for n in [*enemies, *syntax.objects(verb)]):
                yield from self._each_other(verb, subject, [*enemies, *syntax.objects(verb)], who)
        if passive and lemma not in self._with_verbs:
            return
        if lemma in self._answering:
            attacks = [n for p, n in syntax.obliques(verb) if p in {"to", "for"} and n.lemma_.lower() in self._nouns]
            yield from self._hostile(
                verb,
                doers(who, subject),
                unique(c for n in attacks for c in performers(who, n)),
                quote(verb, subject),
                who,
            )
        enemies += list(self._aimed_at(verb, lemma))
        yield from self._against(verb, [subject], enemies, who)

    def _aimed_at(self, verb: Token, lemma: str) -> Iterator[Token]:
        """ "united against X", "fired rockets at X", "fired on X", "rid the town of X", "dealt X a blow"."""
        objects = syntax.objects(verb)
        things = {o.lemma_.lower() for o in objects}
        phrases = [pair for head in (verb, *objects) for pair in syntax.obliques(head)]
        if lemma in self._against_verbs:
            yield from (n for p, n in syntax.obliques(verb) if p == "against")
        if lemma in self._projectile_verbs and things & self._projectiles:
            yield from (n for p, n in phrases if p in self._projectile_prepositions)
        if lemma in self._firing:
            yield from (n for p, n in phrases if p in {"on", "upon", "at"})
        if lemma in self._ridding:
            yield from (n for p, n in phrases if p == "of")
        if lemma in self._dealing and things & self._blows:
            yield from (c for c in verb.children if c.dep_ in syntax.INDIRECT_OBJECT)
            yield from (n for p, n in phrases if p in {"on", "to"})

    def _conquest(self, verb: Token, subject: Token, who: Who) -> Iterator[Tie]:
        """ "took the town from X", "seized X's last town"."""
        losers = [c for p, n in syntax.obliques(verb) if p == "from" for c in sides_at(who, n)]
        for o in syntax.objects(verb):
            losers += [c for p, n in syntax.obliques(o) if p == "from" for c in sides_at(who, n)]
            if o.lemma_.lower() in self._places | self._strongholds:
                losers += [who.at(c) for c in o.children if c.dep_ in {"nmod:poss", "poss"}]
        fighters = [c for c in unique(losers) if who.type(c) in _FIGHTING]
        winners = [c for c in doers(who, subject) if who.type(c) in _FIGHTING]
        yield from self._hostile(verb, winners, fighters, quote(verb, subject, *syntax.objects(verb)), who)

    def _each_other(self, verb: Token, subject: Token, wars: list[Token], who: Who) -> Iterator[Tie]:
        """ "X and Y clashed", "X and Y have fought two wars"."""
        sides = sides_at(who, syntax.first_conjunct(subject))
        if len(sides) == 2 and (wars or verb.lemma_.lower() == "clash"):
            words = quote(verb, subject, *wars)
            yield from self._hostile(verb, sides[:1], sides[1:], words, who)
            yield from self._hostile(verb, sides[1:], sides[:1], words, who)

    def _are_fighters(self, tie: Tie, who: Who) -> bool:
        return all(who.type((end or {}).get("cluster", -1)) in _FIGHTING for end in (tie.a, tie.b))

    def _against(self, verb: Token, subjects: list[Token], enemies: list[Token], who: Who) -> Iterator[Tie]:
        for s in subjects:
            for enemy in enemies:
                sides = sides_at(who, s) or doers(who, s)
                yield from self._hostile(verb, sides, sides_at(who, enemy), quote(verb, s, enemy), who)

    def _hostile(self, at: Token, ours: Iterable[int], theirs: Iterable[int], words: Range, who: Who) -> Iterator[Tie]:
        enemies = list(theirs)
        for a in ours:
            for b in enemies:
                if not who.same_side(a, b) and _is_side(a, who) and _is_side(b, who):
                    yield Tie(RelationType.OPPOSES, actor(a), actor(b), words, at)

    # Nouns

    def noun(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "a war between X and Y", "X's fight against Y", "X launched strikes on Y", "battle for Y's stronghold"."""
        lemma = noun.lemma_.lower()
        if lemma in self._nouns | self._mutual:
            sides = between(noun, who)
            if len(sides) == 2:
                words = (
                    noun.i,
                    max(noun.right_edge.i, noun.head.right_edge.i if noun.dep_ in syntax.SUBJECT else 0) + 1,
                )
                yield from self._hostile(noun, sides[:1], sides[1:], words, who)
                yield from self._hostile(noun, sides[1:], sides[:1], words, who)
        if lemma in self._suffered:
            yield from self._suffers(noun, who)
        soft = lemma in self._soft_nouns or noun.lower_ in self._soft_nouns
        if lemma in self._nouns or soft:
            prepositions = {"against"} if soft else self._noun_prepositions
            targets = [n for p, n in self._targets(noun) if p in prepositions]
            owners = self._owners(noun, who) if targets else []
            for target in targets:
                words = (noun.left_edge.i, target.right_edge.i + 1)
                ties = self._hostile(noun, owners, sides_at(who, target), words, who)
                ties = (replace(t, granted=True) if self._is_to_cease(noun) else t for t in ties)
                yield from (t for t in ties if not soft or self._are_fighters(t, who))
        if lemma in self._defeats:
            yield from self._defeat(noun, who)
        if lemma in self._strongholds:
            yield from self._siege(noun, who)

    def _targets(self, noun: Token) -> Iterator[tuple[str, Token]]:
        """What an attack is against; the parser may hang a phrase with "against" elsewhere."""
        yield from syntax.obliques(noun)
        for t in noun.doc[noun.i + 1 : min(noun.sent.end, noun.i + _NEAR)]:
            if t.tag_ in _FINITE or t.lemma_.lower() in self._nouns:
                return
            if t.lower_ == "against" and t.head.i > t.i:
                yield "against", t.head

    def _is_to_cease(self, noun: Token) -> bool:
        """Whether somebody is told to end a fight, and so has been waging it."""
        return any(g.lemma_.lower() in self._ceasing for g in list(syntax.governors(noun))[:1])

    def _defeat(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "strikes to enable the defeat of X"."""
        verb = next((g for g in syntax.governors(noun) if syntax.is_verb(g)), None)
        subject = syntax.subject(verb) if verb is not None and verb.lemma_.lower() in self._purposes else None
        for preposition, enemy in syntax.obliques(noun):
            if subject is not None and preposition == "of":
                words = (noun.left_edge.i, enemy.right_edge.i + 1)
                ties = self._hostile(noun, self._aimers(noun, subject, who), sides_at(who, enemy), words, who)
                yield from (t for t in ties if self._are_fighters(t, who))

    def _suffers(self, noun: Token, who: Who) -> Iterator[Tie]:
        """ "X came under fire from Y", "X faced attacks by Y"."""
        verb = next((g for g in syntax.governors(noun) if syntax.is_verb(g)), None)
        subject = syntax.subject(verb) if verb is not None and verb.lemma_.lower() in self._suffering else None
        if verb is None or subject is None or syntax.is_negated(verb):
            return
        for preposition, enemy in [*syntax.obliques(noun), *syntax.obliques(verb)]:
            if preposition in {"from", "by"}:
                words = quote(noun, subject, enemy)
                found = self._hostile(noun, sides_at(who, enemy), sides_at(who, subject), words, who)
                yield from (t for t in found if self._are_fighters(t, who))

    def _owners(self, noun: Token, who: Who) -> list[int]:
        """Whose fight it is: its doer, who wages it, or those who are allies in it."""
        own = performers(who, noun)
        if own:
            return own
        for head in syntax.governors(noun):
            if any(head.lemma_.lower() in nouns for nouns in self._allies.values()):
                return unique([*identified(head, who), *possessors(head, who)])
            if syntax.is_verb(head):
                return self._wagers(head, who)
        return []

    def _wagers(self, verb: Token, who: Who) -> list[int]:
        subject = syntax.subject(verb)
        if subject is None or verb.lemma_.lower() not in self._waging | self._ceasing or syntax.is_negated(verb):
            return []
        return sides_at(who, subject) or doers(who, subject)

    def _siege(self, stronghold: Token, who: Who) -> Iterator[Tie]:
        """ "locked in battle for control of the X stronghold", "trying to capture the X stronghold"."""
        holders = [c for c in list(possessors(stronghold, who))[:1] if who.type(c) in _FIGHTING]
        verb = next((g for g in syntax.governors(stronghold) if syntax.is_verb(g)), None)
        if not holders or verb is None:
            return
        fought = any(n.lemma_.lower() in self._nouns for _, n in syntax.obliques(verb))
        subject = syntax.subject(verb)
        if subject is not None and (fought or verb.lemma_.lower() in self._conquering | self._fighting):
            named = [c for s in syntax.own_subjects(verb) for c in [who.at(s)] if who.is_named(c)]
            yield from self._hostile(verb, named or doers(who, subject), holders, quote(verb, subject, stronghold), who)


def _is_side(cluster: int, who: Who) -> bool:
    """Whether an actor may be a side of a conflict: "a man" without a name is none."""
    return who.type(cluster) != ActorType.PERSON or who.is_named(cluster)
