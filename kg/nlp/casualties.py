"""Casualty figures: how many were killed, wounded, captured, are missing or displaced, on whose side, says who.

:mod:`kg.nlp.counting` finds numbers that may count people, :mod:`kg.nlp.harms` ties them to a harm; a figure without one
of its own continues the figure before it ("killed 15 civilians and 27 fighters, three of them women").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import ActorType, Qualifier, StatementKind
from kg.nlp import lexicon, syntax
from kg.nlp.calendar import Calendar
from kg.nlp.counting import Counting, Figure
from kg.nlp.harms import Harms
from kg.nlp.mentions import ADJECTIVE, NAME, PRONOUN
from kg.nlp.places import place_of
from kg.nlp.situations import Record, Voices, participant
from kg.nlp.who import Who

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_GAP: Final = 8
_CONTRAST: Final = 14
_OF_VICTIMS: Final = frozenset({"the", "their", "its", "his", "of", "them", "whom", "were", "are", "was", "those"})
_COUNTING: Final = frozenset({ActorType.STATE, ActorType.GOVERNMENT_BODY, ActorType.TERRITORY})
_FIGHTING: Final = frozenset({ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY})


class CasualtyFinder:
    """spaCy component: writes casualty figures to ``doc._.casualties``."""

    def __init__(self) -> None:
        words = lexicon.load("casualties")
        self._counting = Counting()
        self._harms = Harms()
        self._own = words["victims.own"]
        self._owning = words["grammar.owning"]
        self._parts = words["victims.parts"]
        self._comparatives = words["contrast.comparatives"]
        self._reported = words["contrast.reported"]

    def __call__(self, doc: Doc) -> Doc:
        """Write the figures in text order."""
        who, voices, calendar = Who(doc), Voices(doc), Calendar(doc)
        records: list[Record] = []
        previous: tuple[Figure, Record] | None = None
        for figure in self._counting.find(doc, who, calendar):
            tied = self._harms.of(figure)
            record = None
            if tied is not None:
                record = self._record(figure, *tied, who, voices, calendar)
                if (
                    record["side"] < 0
                    and previous is not None
                    and (_is_again(previous, figure, record) or self._is_part(previous[0], figure))
                ):
                    record["side"] = previous[1]["side"]
            elif previous is not None and self._continues(doc, previous[0], figure):
                record = {**previous[1], **_own_part(figure)}
            if record is not None:
                if (
                    previous is not None
                    and figure.head.sent.start == previous[0].head.sent.start
                    and self._is_elliptic(figure)
                ):
                    record["victims"] = (
                        record["victims"] if figure.noun is None and record["victims"] else previous[1]["victims"]
                    )
                previous = (figure, record)
                if (
                    not voices.is_unreal(record["asserted_by"])
                    and voices.kind(record["asserted_by"]) != StatementKind.DENIAL
                ):
                    records.append(record)
        self._contrast(doc, records, voices)
        doc._.casualties = records
        return doc

    def _continues(self, doc: Doc, previous: Figure, figure: Figure) -> bool:
        """ "killed 15 civilians and 27 fighters", "56 civilians including 11 children", "17 were killed, two of them women"."""
        if figure.part:
            return (
                0 <= figure.head.sent.start - previous.head.sent.end <= 1
                or figure.head.sent.start == previous.head.sent.start
            )
        gap = doc[previous.stop : figure.start]
        if figure.head.sent.start != previous.head.sent.start or not figure.known or len(gap) > _GAP:
            return False
        words = [t.lower_ for t in gap if not t.is_space]
        including = any(w in self._parts for w in words)
        if figure.noun is None and not including:
            return False
        if any(
            syntax.is_verb(t) and t.lower_ not in self._parts and not (including and t.lower_ in _OF_VICTIMS)
            for t in gap
        ):
            return False
        return including or not words or words[0] in {"and", ","}

    def _is_elliptic(self, figure: Figure) -> bool:
        """Whether a figure leaves its noun to the one before: "63 civilians were killed and 292 wounded", "seven others"."""
        return figure.noun is None or figure.noun.lemma_.lower() == "other"

    def _is_part(self, previous: Figure, figure: Figure) -> bool:
        """Whether a figure counts some of those counted before it: "…, including one of them"."""
        doc = figure.head.doc
        gap = doc[previous.stop : figure.start]
        return figure.part or (
            figure.head.sent.start == previous.head.sent.start
            and len(gap) <= _GAP
            and any(t.lower_ in self._parts for t in gap)
        )

    # Records

    def _record(
        self, figure: Figure, harm: str, trigger: Token, who: Who, voices: Voices, calendar: Calendar
    ) -> Record:
        sent, by = trigger.sent, self._giver(trigger, voices)
        own = _own_part(figure)
        if self._harms.is_toll(trigger):
            own |= _of_toll(figure, trigger)
        return {
            "harm": harm,
            **own,
            "asserted_by": by,
            "place": self._place(figure, trigger, who),
            "date": calendar.near(trigger, sent.start, sent.end),
            "side": self._side(figure, trigger, who, voices, by),
            "perpetrator": self._perpetrator(figure, trigger, who),
        }

    def _giver(self, trigger: Token, voices: Voices) -> int:
        """The statement that gives a figure, -1 for the article itself."""
        at = voices.at(trigger)
        if (
            at >= 0
            and voices.attributions[at].nominal
            and self._harms.is_toll(trigger.doc[voices.attributions[at].addressee])
        ):
            return at  # "put the death toll at 85"
        by = voices.giver(trigger)
        # "an attack claimed by the group": the group owns to the attack, and the article counts its victims.
        while by >= 0 and voices.attributions[by].passive and voices.attributions[by].lemma in self._owning:
            by = voices.attributions[by].nested_in
        return by

    def _place(self, figure: Figure, trigger: Token, who: Who) -> int:
        """Where it happened; the place that the victims come from ("two peacekeepers from Chad") is no answer."""
        sent = trigger.sent
        found = place_of(trigger, figure.head, who, (sent.start, sent.end))
        if (
            found >= 0
            and figure.stop <= found
            and any(p == "from" and n.i == found for p, n in syntax.obliques(figure.noun or figure.head))
        ):
            found = place_of(trigger, figure.head, who, (found + 1, sent.end))
        return found

    def _side(self, figure: Figure, trigger: Token, who: Who, voices: Voices, by: int) -> int:
        """Whose the victims are: a fighting body's, of the owner of "their troops", or the government's that counts its own."""
        noun = figure.noun
        perpetrator = self._perpetrator(figure, trigger, who)
        if noun is not None:
            named = [
                m for t in noun.doc[figure.end : noun.i + 1] if (m := who.mention(t)) is not None and m.cluster >= 0
            ]
            named += [
                m
                for p, n in syntax.obliques(noun)
                if p in {"from", "of"} and (m := who.mention(n)) is not None and m.cluster >= 0 and m.type in _FIGHTING
            ]
            for m in named:
                owner = who.owner(m.cluster)
                if m.kind == PRONOUN or (
                    m.head == noun.i and m.type == ActorType.GOVERNMENT_BODY and (owner >= 0 or who.is_named(m.cluster))
                ):
                    return owner if owner >= 0 else m.cluster
                if m.head == noun.i and m.type == ActorType.PEOPLE and m.kind == NAME:
                    return m.cluster
                if m.head == noun.i and m.office_of < 0 and not who.is_named(m.cluster):
                    continue
                if (
                    m.type in _FIGHTING
                    and m.kind != ADJECTIVE
                    and (perpetrator is None or perpetrator.get("cluster") != m.cluster)
                ):
                    return m.cluster
        if by >= 0 and perpetrator is None:
            source = voices.attributions[by].source_cluster
            if who.type(source) in _COUNTING and (noun is None or noun.lemma_.lower() in self._own):
                owner = who.owner(source)
                return owner if owner >= 0 else source if who.is_named(source) else -1
        return -1

    def _perpetrator(self, figure: Figure, trigger: Token, who: Who) -> Record | None:
        """Who did it: the agent or the subject of the harm verb, or the actor whose attack it was."""
        if not self._harms.is_done(trigger):
            return None
        subject = syntax.subject(trigger)
        doers = syntax.agents(trigger)
        if not doers and figure.start > trigger.i and not syntax.is_passive(trigger) and subject is not None:
            doers = [subject]
        for doer in doers:
            if doer.i in {figure.head.i, figure.noun.i if figure.noun is not None else -1}:
                continue
            if who.at(doer) >= 0:
                return participant(who, doer)
            owners = [
                c for c in doer.children if c.dep_ in {"compound", "amod", "nmod:poss", "poss"} and who.at(c) >= 0
            ]
            owners += [n for p, n in syntax.obliques(doer) if p == "by" and who.at(n) >= 0]
            if owners:
                return participant(who, owners[0])
        return None

    # Contrasts

    def _contrast(self, doc: Doc, records: list[Record], voices: Voices) -> None:
        """ "5,000, a much higher number than officially reported": the figure differs from what the others give."""
        for i, record in enumerate(records):
            end = record["quote"][1]
            tail = doc[end : min(doc[end - 1].sent.end, end + _CONTRAST)]
            than = next((t for t in tail if t.lower_ == "than"), None)
            if than is None or not any(t.lower_ in self._comparatives for t in doc[end : than.i]):
                continue
            if not any({t.lemma_.lower(), t.lower_} & self._reported for t in doc[than.i : tail.end]):
                continue
            mine = _source(voices, record)
            record["differs_from"] = tuple(
                j
                for j, other in enumerate(records)
                if j != i and other["harm"] == record["harm"] and _source(voices, other) not in {mine, None}
            )


def _is_again(previous: tuple[Figure, Record], figure: Figure, record: Record) -> bool:
    """Whether a definite figure repeats the one before it: "18 fighters … the 18 militants"."""
    before, start = previous[1], figure.start
    definite = figure.head.doc[start - 1 : start].text.lower() in {"the", "these", "those"}
    return definite and before["harm"] == record["harm"] and previous[0].number.min == figure.number.min


def _own_part(figure: Figure) -> Record:
    """What a figure has of its own, though it may share its harm with the one before."""
    number, victims = figure.number, None
    if figure.noun is not None:
        start = max(syntax.phrase_range(figure.noun)[0], figure.end)
        while start < figure.noun.i and figure.head.doc[start].lower_ in _OF_VICTIMS:
            start += 1
        victims = start, figure.noun.i + 1
    quote = figure.start, figure.stop
    bounds = {"min": number.min, "max": number.max, "qualifier": str(number.qualifier)}
    return {**bounds, "victims": victims, "quote": quote, "differs_from": ()}


def _of_toll(figure: Figure, toll: Token) -> Record:
    """What a toll adds: its own words, and of "rose from 40 to 43" the last."""
    doc, start, end = toll.doc, syntax.phrase_range(toll)[0], toll.i + 1
    if doc[end].lower_ == "of":
        end = next((t.i + 1 for t in doc[end + 1 : figure.start] if t.tag_ not in {"DT", "PRP$"}), end)
    own: Record = {"quote": (start, figure.stop)}
    if figure.noun is None:
        own["victims"] = (start + 1 if doc[start].lower_ in _OF_VICTIMS and start + 1 < end else start), end
    if doc[figure.start].lower_ == "from" and figure.number.qualifier == Qualifier.RANGE:
        own |= {"min": figure.number.max, "qualifier": str(Qualifier.EXACT)}
    return own


def _source(voices: Voices, record: Record) -> int | None:
    """Who gives a figure; None for the article itself."""
    by = record["asserted_by"]
    return voices.attributions[by].source_cluster if by >= 0 else None


@Language.factory(
    "casualties", requires=["doc._.statements", "doc._.mentions", "doc._.dates"], assigns=["doc._.casualties"]
)
def make_casualty_finder(nlp: Language, name: str) -> CasualtyFinder:  # noqa: ARG001 - spaCy's signature
    """Component factory."""
    return CasualtyFinder()
