"""Numbers that may count people: each number of a Doc with the noun that it counts.

Sums of money, shares, ages and hours are left out by :mod:`kg.figures`, dates by the calendar, and what counts things
by the lexicon. Whether a figure counts the dead or the living is :mod:`kg.nlp.harms`' question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.figures import Number, find_numbers
from kg.model import Qualifier
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import PRONOUN

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from kg.nlp.calendar import Calendar
    from kg.nlp.who import Who

ONE: Final = Number(1, 1, Qualifier.EXACT)
_NOUNS: Final = frozenset({"NN", "NNS", "NNP", "NNPS"})
_MODIFIERS: Final = frozenset({"DT", "PRP$", "JJ", "VBN", "HYPH", "CD", "POS", "JJR", "JJS", "RB", "VBG", "PRP"})
_AFTER_PLAIN: Final = frozenset(
    {"VBN", "VBD", "VBZ", "VBP", "MD", "IN", ",", ".", "CC", "JJ", "JJR", "-RRB-", "RB", "RBR", ":"}
)
_LONGEST: Final = 7
_MAY_BE_ONE: Final = 8
_ARTICLES: Final = frozenset({"a", "an", "another"})
_HAPPENING: Final = frozenset({"VBN", "VBD", "VBZ"})
_IN_HEADLINE: Final = frozenset({"JJ", "NN", "NNP", "HYPH"})
_AGED: Final = frozenset({"old", "year-old"})


@dataclass(slots=True)
class Figure:
    """A number at tokens [start, end) with the noun that it counts, before it is tied to a harm."""

    start: int
    end: int
    number: Number
    head: Token
    """The token by which the sentence holds the figure: the noun, or the number where it stands alone."""
    noun: Token | None
    """What is counted, None for "another 40"."""
    known: bool = True
    """Whether the lexicon knows the noun as one for people."""
    part: bool = False
    """Whether it counts a part of people named before: "two of them"."""

    @property
    def stop(self) -> int:
        """The token after number and noun."""
        return max(self.end, self.noun.i + 1 if self.noun is not None else 0)

    @property
    def single(self) -> bool:
        """Whether an article is all that counts: "a soldier"."""
        return self.number is ONE

    @property
    def counts_people(self) -> bool:
        """Whether a noun says that people are counted."""
        return self.noun is not None and self.known

    @property
    def bare(self) -> bool:
        """Whether not even an article counts: a headline's "Soldier killed"."""
        return self.start == self.end


class Counting:
    """Finds figures; the words are those of ``casualties.toml`` and ``mentions.toml``."""

    def __init__(self) -> None:
        words, mentions = lexicon.load("casualties"), lexicon.load("mentions")
        roles = mentions["armed"] | mentions["troops"] | mentions["people"] | mentions["person"]
        self._victims = words["victims.nouns"] | roles
        self._units = words["victims.units"]
        self._parts = words["victims.parts"]
        self._own_one = words["victims.own_one"]
        self._many = words["victims.many"]
        self._same = words["victims.same"]
        self._older = words["victims.older"]
        self._taken = words["taking.captured"]
        self._states = frozenset().union(*words.sections("states").values())

    def find(self, doc: Doc, who: Who, calendar: Calendar) -> list[Figure]:
        """The figures of a Doc in text order, none overlapping another."""
        found: list[Figure] = []
        taken: set[int] = set()
        for span, number in find_numbers(doc.text):
            tokens = doc.char_span(span.begin, span.end, alignment_mode="expand")
            if tokens is None or any(calendar.is_date(t) for t in tokens):
                continue
            figure = self._counted(tokens.start, tokens.end, number, doc)
            if figure is None or (any(t.ent_type_ == "MONEY" for t in tokens) and not figure.counts_people):
                continue
            if not (found and _is_whole(found[-1], figure)):
                found.append(figure)
                taken.update(range(figure.start, figure.stop))
        lists: dict[int, _List] = {}
        singles = [
            self._one(token, who, lists)
            for token in doc
            if token.i not in taken and (token.lower_ in _ARTICLES or token.tag_ == "PRP$")
        ]
        singles += [self._in_headline(sentence) for sentence in doc.sents]
        found += [figure for figure in singles if figure is not None and figure.head.i not in taken]
        return sorted(found, key=lambda f: f.start)

    def is_victim(self, noun: Token) -> bool:
        """Whether a noun denotes people: by the lexicon, or as the name of a people."""
        return (
            noun.lemma_.lower() in self._victims
            or noun.lower_ in self._victims
            or noun.ent_type_ == "NORP"
            or noun.tag_ == "NNPS"
        )

    def _counted(self, start: int, end: int, number: Number, doc: Doc) -> Figure | None:
        last = doc[end - 1]
        if self._measures(doc, start, end):
            return None
        partitive = end < len(doc) and doc[end].lower_ == "of"
        if partitive and (part := self._part(start, end, number, doc)):
            return part
        noun = self._noun(doc, end + 1 if partitive else end, last.sent.end)
        if noun is None:
            state = self._state(doc, end, start)
            return Figure(start, end, number, state or last, state)
        if self._is_unit(noun):
            return None
        known = self.is_victim(noun)
        if not known and (noun.tag_ != "NNS" or partitive):
            return Figure(start, end, number, last, None, known=self._stands_alone(doc, end))
        head = last if partitive and last.head.i != noun.i and noun.head.i == last.i else noun
        if head.i == last.i and start <= last.head.i < end:  # "tens of thousands of people" hang by the tens
            head = last.head
        return Figure(start, end, number, head, noun, known=known, part=known and self._is_included(last))

    def _is_included(self, number: Token) -> bool:
        """Whether those counted before are said to include a number: "they included four women"."""
        before = number.doc[max(number.sent.start, number.i - _LONGEST) : number.i]
        verb = next((t for t in before if syntax.is_verb(t) and t.lemma_.lower() in self._parts), None)
        subject = syntax.subject(verb) if verb is not None else None
        return subject is not None and subject.i < number.i and subject.lemma_.lower() in self._same

    def _measures(self, doc: Doc, start: int, end: int) -> bool:
        """Whether marks or words beside a number say that it measures something."""
        after = doc[end] if end < len(doc) else None
        before = doc[start - 1] if start else None
        if _is_age(doc, start, end) or doc[max(0, start - 2)].lower_ in self._older:
            return True
        if after is not None and (after.text in {"-", "\u2011", "%", "$"} or self._is_unit(after)):
            return True
        negative = start > 1 and before is not None and before.text == "-" and doc[start - 2].text != ")"  # no dateline
        return before is not None and (
            negative or before.text in {"$", "€", "£", "#"} or before.tag_ == "SYM" or before.lower_ == "aged"
        )

    def _is_unit(self, noun: Token) -> bool:
        return noun.lemma_.lower() in self._units or noun.lower_ in self._units

    def _noun(self, doc: Doc, i: int, end: int) -> Token | None:
        """The head of the noun phrase that goes on at token `i`."""
        noun: Token | None = None
        for token in doc[i : min(end, i + _LONGEST)]:
            if noun is not None and token.lower_ in self._taken:
                break  # "took 45 soldiers prisoner"
            aged = token.tag_ == "NN" and [t.lower_ for t in doc[token.i + 1 : token.i + 3]] == ["-", "old"]
            if aged:
                continue  # "two six-year-old children"
            if (token.tag_ in _NOUNS and token.ent_type_ != "DATE") or (noun is None and self._is_alone(token)):
                noun = token
            elif not (noun is not None and token.tag_ in {"HYPH", "POS"}) and (
                noun is not None
                or not (token.tag_ in _MODIFIERS or token.is_upper)  # "26 IS militants"
                or (token.lower_ in self._states and self._noun_is_over(token))
            ):
                break
        return noun

    def _is_alone(self, token: Token) -> bool:
        """Whether an adjective stands for a person: "one civilian"."""
        person = token.tag_ == "JJ" and token.lower_ not in self._states and self.is_victim(token)
        return person and self._noun_is_over(token)

    def _noun_is_over(self, token: Token) -> bool:
        """Whether a state word is no attribute: "12 dead", but not "12 injured soldiers"."""
        after = token.doc[token.i + 1 : token.i + 2]
        return not after or after[0].tag_ not in _NOUNS

    def _state(self, doc: Doc, i: int, start: int) -> Token | None:
        """The adjective that stands for people: "the 12 wounded were flown out"."""
        if (
            i < len(doc)
            and doc[i].lower_ in self._states
            and doc[i].tag_ in _NOUNS | {"JJ"}
            and start
            and doc[start - 1].lower_ in {"the", "these", "those"}
        ):
            return doc[i]
        return None

    def _stands_alone(self, doc: Doc, end: int) -> bool:
        return end < len(doc) and doc[end].tag_ in _AFTER_PLAIN

    def _part(self, start: int, end: int, number: Number, doc: Doc) -> Figure | None:
        """ "two of them ambulance crew", "fifteen of the wounded", "three of whom were children"."""
        i, last = end + 1, doc[end - 1]
        if i >= last.sent.end:
            return None
        of = i
        while of < last.sent.end and doc[of].lower_ in {"the", "those", "these"}:
            of += 1
        if of < last.sent.end and doc[of].lower_ in self._states and self._noun_is_over(doc[of]):
            return Figure(start, end, number, last, doc[of])
        if of < last.sent.end and doc[of].tag_ in _NOUNS and doc[of].lemma_.lower() in self._same:
            return Figure(start, end, number, last, doc[of], part=True)
        if doc[i].lower_ in {"them", "whom", "those", "these"} and not (
            doc[i].lower_ in {"those", "these"} and doc[i + 1 : i + 2].text.isalpha() and doc[i + 1].tag_ in _NOUNS
        ):
            noun = self._noun(doc, i + 1, last.sent.end)
            if noun is None:
                j = i + 1
                while j < last.sent.end and doc[j].lower_ in {"were", "are", "was"}:
                    j += 1
                noun = self._noun(doc, j, last.sent.end) if j > i + 1 else None
            if noun is not None and not self.is_victim(noun):
                noun = None
            return Figure(start, max(end, i + 1), number, last, noun, part=True)
        return None

    def _one(self, article: Token, who: Who, lists: dict[int, _List]) -> Figure | None:
        """ "a soldier was killed", "killed two men and a woman": a single victim, where the grammar is plain."""
        head = article.head
        if article.dep_ not in {"det", "nmod:poss"} or not 0 < head.i - article.i <= _MAY_BE_ONE:
            return None
        if article.tag_ == "PRP$" and head.lower_ not in self._own_one:
            return None
        if head.lower_ in _AGED:
            return Figure(article.i, article.i + 1, ONE, head, head)
        if head.tag_ not in {"NN", "NNP"} and not (head.tag_ == "JJ" and self.is_victim(head)):
            return None
        if self._is_unit(head):
            return None
        top = first_of_list(head)
        if top.i not in lists:
            lists[top.i] = self._list(top)
        suffers = top.dep_ in syntax.PASSIVE_SUBJECT | syntax.OBJECT
        if not suffers and top.dep_ not in syntax.SUBJECT and not lists[top.i].is_part:
            return None
        mention = who.mention(head)
        if mention is not None and mention.kind == PRONOUN:
            return None
        # In "two tourists, a nurse and a New Yorker were killed" the company tells what a word nobody has listed means.
        if not self.is_victim(head) and not ((suffers or lists[top.i].is_part) and lists[top.i].has_victims):
            return None
        return Figure(article.i, article.i + 1, ONE, head, head)

    def _in_headline(self, sentence: Span) -> Figure | None:
        """ "Policeman killed in blast": a single victim whom a headline opens with, without an article."""
        noun: Token | None = None
        for token in sentence[:_LONGEST]:
            if token.tag_ not in _IN_HEADLINE or (noun is not None and not self.is_victim(token)):
                break
            noun = token if self.is_victim(token) else None
        if noun is None or noun.lower_ in self._many or noun.lower_ != noun.lemma_.lower():
            return None
        after = sentence.doc[noun.i + 1 : noun.i + 3]
        shot = len(after) == 2 and after[1].lower_ in self._states
        if not shot and (not after or after[0].tag_ not in _HAPPENING):
            return None
        return Figure(sentence.start, sentence.start, ONE, noun, noun)

    def _list(self, top: Token) -> _List:
        is_part = any(c.dep_ == "case" and c.lower_ in self._parts for c in top.children)
        return _List(is_part, any(self.is_victim(t) for t in (top, *syntax.conjuncts(top))))


def _is_whole(part: Figure, whole: Figure) -> bool:
    """Whether a figure is only that of which the one before it counts a part: "seven of the nine attackers"."""
    gap = whole.head.doc[part.end : whole.start]
    return [t.lower_ for t in gap] in (["of", "the"], ["of", "those"], ["of", "their"], ["of", "its"]) or (
        whole.start >= part.end and whole.start < part.stop
    )


def _is_age(doc: Doc, start: int, end: int) -> bool:
    """Whether a number between commas behind a name is an age: "Jane Roe, 46, was killed"."""
    if end - start != 1 or start < 2 or not doc[start].is_digit or doc[start - 1].text not in {",", "("}:
        return False
    closed = end == len(doc) or doc[end].text in {",", ".", ")"}
    return closed and doc[start - 2].tag_ in {"NNP", "NNPS"} and doc[start - 2].ent_type_ != "DATE"


@dataclass(frozen=True, slots=True)
class _List:
    """What the first noun of a list tells about all of it."""

    is_part: bool
    """Whether it hangs by "including"."""
    has_victims: bool
    """Whether one of its nouns is known to count people."""


def first_of_list(noun: Token) -> Token:
    """The first noun of a list, whose members ("a nurse, a guard and a cook") may be parsed as appositions."""
    while True:
        top = syntax.first_conjunct(noun)
        listed = noun.doc[noun.i + 1 : noun.i + 3]
        if (
            top.i == noun.i
            and noun.dep_ == "appos"
            and [t.tag_ for t in listed] in (["CC", "DT"], ["CC", "CD"], [",", "DT"])
        ):
            top = noun.head
        if top.i == noun.i:
            return top
        noun = top
