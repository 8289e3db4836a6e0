"""Who is at war with, fights or attacks whom, by verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.nlp import lexicon, syntax
from kg.nlp.enemies import FIGHTING, are_fighters, hostile
from kg.nlp.pairs import is_hypothetical, quote
from kg.nlp.parties import doers, is_act, nations, performers, sides_at, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.nlp.attacks import Attacks
    from kg.nlp.pairs import Tie
    from kg.nlp.who import Who


class Hostility:
    """Finds relations of type opposes, in verbs; `attacks` knows whose campaign a noun means."""

    def __init__(self, attacks: Attacks) -> None:
        words = lexicon.load("relations")
        self._attacks = attacks
        self._fighting = words["opposes.verbs"]
        self._with_verbs = words["opposes.with_verbs"]
        self._with = words["opposes.with_prepositions"]
        self._attacking = words["opposes.attacking"]
        self._toppling = words["opposes.toppling"]
        self._defeating = words["opposes.defeating"]
        self._against_verbs = words["opposes.against_verbs"]
        self._helping = words["opposes.helping"]
        self._projectiles = words["opposes.projectiles"]
        self._projectile_verbs = words["opposes.projectile_verbs"]
        self._projectile_prepositions = words["opposes.projectile_prepositions"]
        self._driving = words["opposes.driving"]
        self._particles = words["opposes.particles"]
        self._acts = words["acts"]
        self._nominal = words["nominal"]
        self._firing = words["opposes.firing"]
        self._ridding = words["opposes.ridding"]
        self._dealing = words["opposes.dealing"]
        self._blows = words["opposes.blows"]
        self._blocs = lexicon.load("alliances")["blocs.nouns"]
        self._answering = words["opposes.answering"]
        self._nouns = words["opposes.nouns"]
        self._conquering = words["opposes.conquering"]
        self._strongholds = words["controls.strongholds"]
        self._places = lexicon.load("mentions")["descriptions.places"]
        self._aiming = self._toppling | self._defeating | self._driving | self._conquering
        self._hostile = frozenset[str]().union(
            *(self._attacking, self._fighting, self._with_verbs, self._answering, self._against_verbs),
            *(self._projectile_verbs, self._firing, self._ridding, self._dealing),
        )

    def wish(self, verb: Token, who: Who) -> Iterator[Tie]:
        """Who is out to topple, defeat or drive away whom, whether or not it comes to it."""
        lemma = verb.lemma_.lower()
        if lemma not in self._aiming:
            return
        if syntax.is_passive(verb):
            yield from self._beaten(verb, lemma, who)
            return
        subject = self._act_before(verb) or syntax.subject(verb)
        if subject is None:
            return
        if lemma in self._toppling:
            yield from self._against(verb, [subject], syntax.objects(verb), who)
        if is_hypothetical(verb, aims=True):
            return
        if lemma in self._defeating or (lemma in self._driving and self._is_driving(verb)):
            sides = self._aimers(verb, subject, who)
            for enemy in syntax.objects(verb):
                words = quote(verb, subject, enemy)
                theirs = [c for c in sides_at(who, enemy) if who.type(c) in FIGHTING]
                yield from hostile(verb, sides, theirs, words, who)
        if lemma in self._conquering:
            yield from self._conquest(verb, subject, who)

    def _beaten(self, verb: Token, lemma: str, who: Who) -> Iterator[Tie]:
        """ "X was driven out by Y", "X was toppled by Y"."""
        beaten = lemma in self._defeating or (lemma in self._driving and self._is_driving(verb))
        if not beaten and lemma not in self._toppling:
            return
        # "Driven out of the town by Y": the parse may hang Y by the town.
        agents = syntax.agents(verb) or [
            n for _, o in syntax.obliques(verb) for p, n in syntax.obliques(o) if p == "by"
        ]
        if is_hypothetical(verb):
            return
        for loser in syntax.passive_subjects(verb):
            losers = [c for c in sides_at(who, loser) if lemma in self._toppling or who.type(c) in FIGHTING]
            winners = (c for a in agents for c in doers(who, a) if who.type(c) in FIGHTING)
            yield from hostile(verb, winners, losers, quote(verb, loser, *agents), who)

    def _act_before(self, verb: Token) -> Token | None:
        """The noun right before an infinitive, wherever the parse hangs it: "the coalition to counter X"."""
        first = syntax.first_conjunct(verb)
        to = next((c for c in first.children if c.tag_ == "TO"), None)
        if to is None or to.i == 0 or first.tag_ != "VB":
            return None
        noun = to.nbor(-1)
        plain = noun.pos_ != "VERB" and noun.lemma_.lower() in self._acts | self._blocs
        return noun if plain or noun.lower_ in self._nominal else None

    def _is_driving(self, verb: Token) -> bool:
        """Whether somebody is pushed away: "pushed X back", "drove X from the town"."""
        phrases = [p for head in (verb, *syntax.objects(verb)) for p, _ in syntax.obliques(head)]
        return bool(self._particles & {*phrases, *(c.lower_ for c in verb.children)})

    def _aimers(self, verb: Token, subject: Token, who: Who) -> list[int]:
        """Whose aim an action is: who acts, whose campaign it is, and who is helped to act by whom."""
        sides = sides_at(who, subject) or doers(who, subject)
        if not sides and subject.lemma_.lower() in self._acts:
            other = syntax.subject(verb)
            sides = self._attacks.owners(subject, who) or (sides_at(who, other) if other is not None else [])
        helper = next((g for g in syntax.governors(syntax.first_conjunct(verb)) if syntax.is_verb(g)), None)
        own_clause = verb.dep_ in syntax.RELATIVE  # "supports X, which fights Y" is X's fight
        if (
            not own_clause
            and helper is not None
            and helper.lemma_.lower() in self._helping
            and not syntax.is_passive(helper)
        ):
            own = syntax.subject(helper)
            helped = [c for o in syntax.objects(helper) for c in sides_at(who, o)]
            # "supports X in its campaign to defeat Y": the pronoun is X.
            owned = any(c.tag_ == "PRP$" for c in subject.children)
            sides = helped if helped and owned else [*sides, *helped]
            sides += sides_at(who, own) if own is not None else []
        return unique(sides)

    def verb(self, verb: Token, who: Who) -> Iterator[Tie]:
        """ "X fights Y", "X clashed with Y", "X struck Y positions", "X seized the town from Y"."""
        lemma = verb.lemma_.lower()
        if lemma not in self._hostile:
            return
        passive, subject = syntax.is_passive(verb), syntax.subject(verb)
        if lemma in self._attacking:
            hit = syntax.passive_subjects(verb) if passive else syntax.objects(verb)
            strikers = syntax.agents(verb) if passive else [subject] if subject is not None else []
            if not hit or not strikers:
                strikers, hit = _beside(verb)
            hit = [t for t in hit if not who.is_capital(t)]
            yield from (t for t in self._against(verb, strikers, hit, who) if are_fighters(t, who))
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
            yield from hostile(
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
                losers += [who.at(c) for c in o.children if c.dep_ == "nmod:poss"]
        fighters = [c for c in unique(losers) if who.type(c) in FIGHTING]
        ours = doers(who, subject)
        if not ours and subject.lemma_.lower() in self._acts:
            ours = self._attacks.owners(subject, who)
        winners = [c for c in ours if who.type(c) in FIGHTING]
        yield from hostile(verb, winners, fighters, quote(verb, subject, *syntax.objects(verb)), who)

    def _each_other(self, verb: Token, subject: Token, wars: list[Token], who: Who) -> Iterator[Tie]:
        """ "X and Y clashed", "X and Y have fought two wars", "Indian and Pakistani troops clashed"."""
        sides = sides_at(who, syntax.first_conjunct(subject))
        if len(sides) == 1:
            sides = nations(subject, who)
        if len(sides) == 2 and (wars or verb.lemma_.lower() == "clash"):
            words = quote(verb, subject, *wars)
            yield from hostile(verb, sides[:1], sides[1:], words, who)
            yield from hostile(verb, sides[1:], sides[:1], words, who)

    def _against(self, verb: Token, subjects: list[Token], enemies: list[Token], who: Who) -> Iterator[Tie]:
        for s in subjects:
            for enemy in enemies:
                sides = sides_at(who, s) or doers(who, s)
                if not sides and s.lemma_.lower() in self._acts:
                    sides = self._attacks.owners(s, who)  # "X carried out strikes targeting Y"
                theirs = sides_at(who, enemy)
                if not theirs and is_act(enemy) and verb.lemma_.lower() not in self._with_verbs:
                    theirs = performers(who, enemy)  # "resisted X's advance", but not "fought X's war"
                yield from hostile(verb, sides, theirs, quote(verb, s, enemy), who)


def _beside(verb: Token) -> tuple[list[Token], list[Token]]:
    """The nouns right before and right behind "X have bombed Y", where the parse has no place for them."""
    doc, before, after = verb.doc, verb.i - 1, verb.i + 1
    while before > verb.sent.start and (doc[before].lemma_.lower() == "have" or doc[before].pos_ == "ADV"):
        before -= 1
    while after < verb.sent.end - 1 and (
        doc[after].pos_ in {"DET", "ADJ", "NUM"}
        or (doc[after].pos_ in {"NOUN", "PROPN"} and doc[after + 1].pos_ in {"NOUN", "PROPN"})
    ):
        after += 1
    if verb.tag_ not in {"VBN", "VBD"} or before == verb.i - 1 or after >= verb.sent.end:
        return [], []
    nouns = [doc[before]], [doc[after]]
    return nouns if all(syntax.is_nominal(t) for (t,) in nouns) else ([], [])
