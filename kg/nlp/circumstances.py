"""What surrounds a casualty figure: who gives it, whose the victims are, who did it, where and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import ActorType, StatementKind
from kg.nlp import lexicon, syntax
from kg.nlp.calendar import Calendar
from kg.nlp.mentions import ADJECTIVE, NAME, PRONOUN
from kg.nlp.places import place_of
from kg.nlp.situations import Record, Voices, participant
from kg.nlp.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from kg.nlp.counting import Figure
    from kg.nlp.harm_words import HarmWords
    from kg.nlp.mentions import Mention

_COUNTING: Final = frozenset({ActorType.STATE, ActorType.GOVERNMENT_BODY, ActorType.TERRITORY})
_FIGHTING: Final = frozenset({ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY})
_NEAR: Final = 80
_MODIFIERS: Final = frozenset({"compound", "amod", "nmod:poss"})


class Circumstances:
    """Those of one Doc's figures."""

    def __init__(self, doc: Doc, harm_words: HarmWords) -> None:
        words = lexicon.load("casualties")
        self.who, self.voices, self.calendar = Who(doc), Voices(doc), Calendar(doc)
        self._harm_words = harm_words
        self._own = words["victims.own"]
        self._troops = lexicon.load("mentions")["troops"]
        self._owning = words["grammar.owning"]

    def of(self, figure: Figure, trigger: Token) -> Record:
        """The part of a figure's record that the sentence around it gives."""
        by, doer = self._giver(trigger), self._perpetrator(figure, trigger)
        side = self._named_side(figure, doer)
        return {
            "asserted_by": by,
            "place": self._place(figure, trigger),
            "date": self.calendar.near(trigger, *_around(figure, trigger)),
            "side": side if side >= 0 or doer is not None else self._counted_side(figure, by),
            "perpetrator": doer,
        }

    def speaks(self, figure: Figure) -> bool:
        """Whether a single one is who says so, and no victim: "killed 12 people, the army and a survivor said"."""
        sources = (a.source for a in self.voices.attributions if a.source is not None and a.source[1] == a.cue[0])
        return figure.single and any(start <= figure.head.i < end for start, end in sources)

    def is_denied(self, trigger: Token) -> bool:
        """Whether a harm stands in what somebody denies, and is not taken for granted there by a relative clause."""
        by = self.voices.at(trigger)
        while by >= 0:
            if self.voices.kind(by) == StatementKind.DENIAL:
                clauses = (t for t in (trigger, *syntax.governors(trigger)) if self.voices.attributions[by].covers(t.i))
                return not any(t.dep_ in syntax.RELATIVE for t in clauses)
            by = self.voices.attributions[by].nested_in
        return False

    def source(self, record: Record) -> int | None:
        """The actor who gives a recorded figure; None for the article itself."""
        by = record["asserted_by"]
        return self.voices.attributions[by].source_cluster if by >= 0 else None

    def _giver(self, trigger: Token) -> int:
        """The statement that gives a figure, -1 for the article itself."""
        spoken, at = self.voices.attributions, self.voices.at(trigger)
        # "put the death toll at 85": what the verb is about is the figure itself.
        if at >= 0 and spoken[at].nominal and spoken[at].addressee >= 0:
            counted = trigger.doc[spoken[at].addressee]
            if self._harm_words.is_counting(counted):
                return at
        by = self.voices.giver(trigger)
        # "an attack claimed by the group": the group owns to the attack, and the article counts its victims.
        while by >= 0 and spoken[by].passive and spoken[by].lemma in self._owning:
            by = spoken[by].nested_in
        return by

    def _place(self, figure: Figure, trigger: Token) -> int:
        """Where it happened; the place that the victims come from ("two peacekeepers from Chad") is no answer."""
        (start, end), who = _around(figure, trigger), self.who
        found = place_of(trigger, figure.head, who, (start, end))
        origins = [n.i for p, n in syntax.obliques(figure.noun or figure.head) if p == "from"]
        if found >= figure.stop and found in origins:
            return place_of(trigger, figure.head, who, (found + 1, end))
        return found

    # Whose victims

    def _named_side(self, figure: Figure, doer: Record | None) -> int:
        """The actor whom the victims phrase names: "their troops", "55 Taliban fighters", "18 men from the militia"."""
        for m in self._mentions(figure):
            owner = self.who.owner(m.cluster)
            known = owner >= 0 or self.who.is_named(m.cluster)
            is_head = figure.noun is not None and m.head == figure.noun.i
            if m.kind == PRONOUN or (is_head and m.type == ActorType.GOVERNMENT_BODY and known):
                speaks = owner < 0 and self.who.type(m.cluster) == ActorType.PERSON  # "our troops" are not a person's
                return -1 if speaks else owner if owner >= 0 else m.cluster
            if is_head and m.type == ActorType.PEOPLE and m.kind == NAME:
                return m.cluster
            if is_head and owner >= 0 and figure.noun is not None and figure.noun.lemma_.lower() in self._troops:
                return owner
            if is_head and m.office_of < 0 and not self.who.is_named(m.cluster):
                continue
            if m.type in _FIGHTING and m.kind != ADJECTIVE and (doer is None or doer.get("cluster") != m.cluster):
                return m.cluster
        return -1

    def _mentions(self, figure: Figure) -> Iterator[Mention]:
        if figure.noun is None:
            return
        for token in figure.noun.doc[figure.end : figure.noun.i + 1]:
            mention = self.who.mention(token)
            if mention is not None and mention.cluster >= 0:
                yield mention
        for preposition, noun in syntax.obliques(figure.noun):
            mention = self.who.mention(noun) if preposition in {"from", "of"} else None
            if mention is not None and mention.cluster >= 0 and mention.type in _FIGHTING:
                yield mention

    def _counted_side(self, figure: Figure, by: int) -> int:
        """The government that counts its own losses."""
        if by < 0 or figure.noun is None or figure.noun.lemma_.lower() not in self._own:
            return -1
        given = self.voices.attributions[by]
        source, doc = given.source_cluster, self.who.doc
        start, end = given.source or (0, 0)
        joint = any(t.lower_ == "and" for t in doc[start : end + 1])  # whose losses they are, neither says alone
        joint = joint or any(o.cue == given.cue and o.source != given.source for o in self.voices.attributions)
        if joint or self.who.type(source) not in _COUNTING:
            return -1
        owner = self.who.owner(source)
        if owner >= 0:
            return owner
        alone = self.who.is_named(source) and self.who.type(source) != ActorType.GOVERNMENT_BODY
        return source if alone else -1

    # Who did it

    def _perpetrator(self, figure: Figure, trigger: Token) -> Record | None:
        """The agent or the subject of the harm verb, or the actor whose attack it was."""
        if not self._harm_words.is_done(trigger):
            return None
        counted = {figure.head.i, figure.noun.i if figure.noun is not None else figure.head.i}
        for doer in self._doers(figure, trigger):
            if doer.i in counted:
                continue
            if self.who.at(doer) >= 0:
                return participant(self.who, doer)
            owners = [c for c in doer.children if c.dep_ in _MODIFIERS]
            owners += [n for p, n in syntax.obliques(doer) if p == "by"]
            owner = next((t for t in owners if self.who.at(t) >= 0), None)
            if owner is not None:
                return participant(self.who, owner)
        return None

    def _doers(self, figure: Figure, trigger: Token) -> list[Token]:
        agents = syntax.agents(trigger)
        bare = trigger.dep_ in syntax.PARTICIPIAL and syntax.is_bare_participle(trigger)
        if agents or figure.start < trigger.i or syntax.is_passive(trigger) or bare:
            return agents
        subject = syntax.subject(trigger)
        apart = subject is not None and any(t.text == ":" for t in trigger.doc[subject.i : trigger.i])
        return [subject] if subject is not None and not apart else []


def _around(figure: Figure, trigger: Token) -> tuple[int, int]:
    """The tokens of the sentence that may tell where and when: of an endless one, those nearby."""
    sent = trigger.sent
    first, last = sorted((figure.start, trigger.i))
    return max(sent.start, first - _NEAR), min(sent.end, last + _NEAR)
