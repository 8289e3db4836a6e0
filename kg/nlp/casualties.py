"""Casualty figures: how many were killed, wounded, captured, are missing or displaced, on whose side, says who.

:mod:`kg.nlp.counting` finds numbers that may count people, :mod:`kg.nlp.harms` ties them to a harm, and
:mod:`kg.nlp.circumstances` reads what surrounds them. A figure without a harm of its own continues the one before it:
"killed 15 civilians and 27 fighters, three of them women".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import Qualifier
from kg.nlp import lexicon, syntax
from kg.nlp.circumstances import Circumstances
from kg.nlp.counting import Counting, Figure, first_of_list
from kg.nlp.harm_words import HarmWords
from kg.nlp.harms import Harms

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from kg.nlp.harms import Tie
    from kg.nlp.situations import Record

_GAP: Final = 8
_FAR: Final = 24
"""How many tokens may stand between a whole and "including" its part."""
_HELPING: Final = frozenset({"be", "have"})
_LISTED: Final = frozenset({"conj", "appos", "nmod", "list"})
_CONTRAST: Final = 14
_BEFORE_NOUN: Final = frozenset({"DT", "PRP$", "JJ", "HYPH", "NNP"})
_OF_VICTIMS: Final = frozenset({"the", "their", "its", "his", "of", "them", "whom", "were", "are", "was", "those"})


class CasualtyFinder:
    """spaCy component: writes casualty figures to ``doc._.casualties``."""

    def __init__(self) -> None:
        words = lexicon.load("casualties")
        self._counting = Counting()
        self._words = HarmWords()
        self._parts = words["victims.parts"]
        self._comparatives = words["contrast.comparatives"]
        self._reported = words["contrast.reported"]

    def __call__(self, doc: Doc) -> Doc:
        """Write the figures in text order; what its source denies, wishes or promises is none."""
        harms = Harms(self._words)
        around = Circumstances(doc, self._words)
        records: list[Record] = []
        previous: tuple[Figure, Record] | None = None
        denied = part = False
        figures = [f for f in self._counting.find(doc, around.who, around.calendar) if not around.speaks(f)]
        ties = _shared([(figure, harms.of(figure)) for figure in figures])
        for figure, tied in ties:
            record = self._record(figure, tied, around, previous)
            if record is not None:
                part = previous is not None and (
                    self._is_part(previous[0], figure) or (part and _are_listed(previous[0], figure))
                )
                # What goes without saying behind "42 people, including 12 women, had been killed" are people.
                previous = (figure, {**record, "victims": previous[1]["victims"]} if previous and part else record)
                denied = around.is_denied(tied[1]) if tied is not None else denied
                if not denied and not around.voices.is_disowned(record["asserted_by"]):
                    records.append(record)
        self._contrast(doc, records, around)
        doc._.casualties = records
        return doc

    def _record(
        self, figure: Figure, tied: Tie | None, around: Circumstances, previous: tuple[Figure, Record] | None
    ) -> Record | None:
        own = _own_part(figure)
        if tied is None:
            continued = previous is not None and self._continues(previous[0], figure)
            record = {**previous[1], **own} if previous is not None and continued else None
        else:
            harm, trigger = tied
            if self._words.is_counting(trigger):
                own |= _of_toll(figure, trigger)
            record = {"harm": harm, **own, **around.of(figure, trigger)}
        if record is not None and previous is not None:
            before, known = previous
            if record["side"] < 0 and (self._is_part(before, figure) or _is_again(before, figure, known, record)):
                record["side"] = known["side"]
            if _is_elliptic(figure, record) and figure.head.sent.start == before.head.sent.start:
                record["victims"], record["side"] = known["victims"], known["side"]
        return record

    # One figure after another

    def _continues(self, previous: Figure, figure: Figure) -> bool:
        """ "Killed 15 civilians and 27 fighters", "56 people including 11 children", "17 died, two of them women"."""
        doc, here, before = figure.head.doc, figure.head.sent, previous.head.sent
        if figure.part:
            return here.start == before.start or 0 <= here.start - before.end <= 1
        gap = doc[previous.stop : figure.start]
        if here.start != before.start or not figure.known:
            return False
        if gap and gap[-1].lower_ == "including" and self._says_no_more(gap[:-1]):
            return True
        if len(gap) > _GAP:
            return False
        words = [t.lower_ for t in gap if not t.is_space]
        including = any(word in self._parts for word in words)
        if previous.part and _are_listed(previous, figure):
            return True
        allowed = self._parts | _OF_VICTIMS if including else self._parts
        if figure.single and not including and figure.head.dep_ not in _LISTED:
            return False
        if (figure.noun is None and not including) or any(syntax.is_verb(t) and t.lower_ not in allowed for t in gap):
            return False
        return including or not words or words[0] in {"and", ","}

    def _says_no_more(self, gap: Span) -> bool:
        """Whether no verb but one of harm stands between a whole and "including" its part."""
        return len(gap) <= _FAR and all(
            self._words.of_verb(t) or t.lemma_.lower() in _HELPING for t in gap if syntax.is_verb(t)
        )

    def _is_part(self, previous: Figure, figure: Figure) -> bool:
        """Whether a figure counts some of those counted before it: "…, including one of them"."""
        gap = figure.head.doc[previous.stop : figure.start]
        near = figure.head.sent.start == previous.head.sent.start and len(gap) <= _GAP
        return figure.part or (near and any(t.lower_ in self._parts for t in gap))

    def _contrast(self, doc: Doc, records: list[Record], around: Circumstances) -> None:
        """ "5,000, a much higher number than officially reported": the figure differs from what the others give."""
        for record in records:
            end = record["quote"][1]
            tail = doc[end : min(doc[end - 1].sent.end, end + _CONTRAST)]
            than = next((t for t in tail if t.lower_ == "than"), None)
            if than is None or not any(t.lower_ in self._comparatives for t in doc[end : than.i]):
                continue
            if not any({t.lemma_.lower(), t.lower_} & self._reported for t in doc[than.i : tail.end]):
                continue
            mine = around.source(record)
            record["differs_from"] = tuple(
                j
                for j, other in enumerate(records)
                if other["harm"] == record["harm"] and around.source(other) not in {mine, None}
            )


def _shared(ties: list[tuple[Figure, Tie | None]]) -> list[tuple[Figure, Tie | None]]:
    """The harm behind a list is that of all its figures: "25 militants and five soldiers have been killed"."""
    found: list[tuple[Figure, Tie | None]] = []
    behind: tuple[Figure, Tie | None] | None = None
    for figure, tied in reversed(ties):
        own = tied
        if own is None and behind is not None and behind[1] is not None and figure.known and not figure.single:
            gap = [t.lower_ for t in figure.head.doc[figure.stop : behind[0].start]]
            if gap in (["and"], [","], [",", "and"], ["and", "at", "least"]) and behind[1][1].i >= behind[0].stop:
                own = behind[1]
        behind = figure, own
        found.append(behind)
    return found[::-1]


def _are_listed(previous: Figure, figure: Figure) -> bool:
    """Whether two figures count members of one list: "12 women and eight children"."""
    return first_of_list(figure.head).i == first_of_list(previous.head).i


def _is_again(previous: Figure, figure: Figure, known: Record, record: Record) -> bool:
    """Whether a definite figure repeats the one before it: "18 fighters … the 18 militants"."""
    doc, start = figure.head.doc, figure.start
    definite = doc[start - 1 : start].text.lower() in {"the", "these", "those"}
    return definite and known["harm"] == record["harm"] and previous.number.min == figure.number.min


def _is_elliptic(figure: Figure, record: Record) -> bool:
    """Whether a figure leaves its noun to the one before: "63 people were killed and 292 wounded", "seven others"."""
    if figure.noun is None:
        return record["victims"] is None
    return figure.noun.lemma_.lower() == "other"


def _own_part(figure: Figure) -> Record:
    """What a figure has of its own, though it may share its harm with the one before."""
    number, victims = figure.number, None
    if figure.noun is not None:
        start = max(syntax.phrase_range(figure.noun)[0], figure.end)
        while start < figure.noun.i and figure.head.doc[start].lower_ in _OF_VICTIMS:
            start += 1
        victims = start, figure.noun.i + 1
    bounds = {"min": number.min, "max": number.max, "qualifier": str(number.qualifier)}
    return {**bounds, "victims": victims, "quote": (figure.start, figure.stop), "differs_from": ()}


def _of_toll(figure: Figure, toll: Token) -> Record:
    """What a toll adds: its own words, and of "rose from 40 to 43" the last."""
    doc, start, end = toll.doc, syntax.phrase_range(toll)[0], toll.i + 1
    if doc[end].lower_ == "of":
        end = next((t.i + 1 for t in doc[end + 1 : figure.start] if t.tag_ not in _BEFORE_NOUN), end)
    own: Record = {"quote": (start, figure.stop)}
    if figure.noun is None:
        own["victims"] = (start + 1 if doc[start].lower_ in _OF_VICTIMS and start + 1 < end else start), end
    if doc[figure.start].lower_ == "from" and figure.number.qualifier == Qualifier.RANGE:
        own |= {"min": figure.number.max, "qualifier": str(Qualifier.EXACT)}
    return own


@Language.factory(
    "casualties", requires=["doc._.statements", "doc._.mentions", "doc._.dates"], assigns=["doc._.casualties"]
)
def make_casualty_finder(nlp: Language, name: str) -> CasualtyFinder:
    """Component factory."""
    return CasualtyFinder()
