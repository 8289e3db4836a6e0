"""The text that the parser reads, and the way back from its characters to the article's.

A parser trained on clean paragraphs is led astray by page headers, double spaces, footnote marks and hard line breaks.
So it reads the article without its boilerplate, with single spaces and with one blank line between paragraphs; every
offset that it yields is then mapped back.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kg.model import Span
from kg.nlp import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Article

_UNSEEN: Final = r"(?:[\s\u200b\u200e\u200f\ufeff\u00ad]|\[\d{1,3}\])"
_GAP: Final = re.compile(rf"{_UNSEEN}+")
"""White space and what cannot be seen, and the footnote marks of an encyclopaedia: "[12]"."""
_ODD_GAP: Final = re.compile(rf"(?! (?!{_UNSEEN})){_UNSEEN}+")
"""A gap that is more than one space between two words."""
_BREAK: Final = "\n\n"
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:, \d{4})?"
_AGENCY: Final = r"\([A-Z][^()\n]{1,40}\)"
_DATELINE: Final = re.compile(
    r"^[ \t]*[A-Z][A-Z'’.-]+(?: [A-Z'’.-]{2,}){0,3}(?:[,/] ?[A-Z][\w.'’ -]{1,30}?)??"
    rf"(?:,? {_MONTH}(?: ?{_AGENCY})?(?: ?(?:[-–—]+|:))?|(?: ?{_AGENCY})? ?(?:[-–—]+|:)) "
    rf"|^[ \t]*[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){{0,2}}, {_MONTH}(?: ?{_AGENCY}(?: ?(?:[-–—]+|:))?| ?(?:[-–—]+|:)) "
    r"|(?<=\n)[ \t]*[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?[:–—-] (?=[A-Z\d“\"].{80})"
    r"|^[ \t]*\([A-Z][\w.'’-]+(?:,? [\w.'’-]+){0,4}\) ?[-–—]+ ",
    re.MULTILINE,
)
"""Where an agency writes from; no part of the sentence behind it.

"GOMA, Congo (Reuters) - ", "SANAA, Sept 21 ", "Srinagar, July 12 (KNO): ", "(New York) - ", or a line's "Srinagar: ".
"""
_MONTHS: Final = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:[a-z]{3,6})?\.?"
_STAMP: Final = re.compile(
    r"\A\s*(?:(?:Published|Updated|Posted|Date|date):?(?: on)? )?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
    rf"(?:{_MONTHS} \d{{1,2}},? \d{{4}}|\d{{1,2}} {_MONTHS} \d{{4}}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d\d-\d\d)(?: ?[-–—|:])? "
)
"""The day on which an article came out, at its very beginning: "Thu Dec 14 2017 ", "Published July 5 2016 - "."""
_DASH: Final = re.compile(r" [-–—] (?=\S)")
_HEADINGS: Final = 400
"""How far into a text headings may stand that only a dash ends: "Ten killed in Goma - At least ten people …"."""
_HEADING_WORDS: Final = 6
_CLOSED: Final = frozenset('.!?:”"’)…')
_LONGEST_WORD: Final = 200
"""Longer ones are data that found its way into the text; no tokenizer should have to read them."""
_CHUNK: Final = 40_000
_SHORT_LINE: Final = 60
"""A line shorter than this ends a paragraph: text that was wrapped by hand has longer ones."""
_WIDEST: Final = 100
"""Where a line is longer than this, or few are, a text is not wrapped."""
_FEWEST: Final = 4
_FULL: Final = 0.6
"""How much of the widest line a line of wrapped text fills, unless it ends a paragraph or is a heading."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Clean text, and for each of its characters the offset of the same character in the article."""

    text: str
    offsets: array[int]

    def span(self, begin: int, end: int) -> Span:
        """The article's characters for the clean text's [begin, end), neither end being white space."""
        return Span(self.offsets[begin], self.offsets[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where the paragraphs of one text end, beside its blank lines."""

    short: int
    """A shorter line ends a paragraph."""
    datelines: tuple[int, ...]
    """Offsets of the gaps behind datelines, and behind days and headings at the beginning, in text order."""


def chunks(text: str) -> list[str]:
    """A text in parts that a parser can hold in memory, each ending at a paragraph or sentence where there is one."""
    parts, begin = [], 0
    while len(text) - begin > _CHUNK:
        for mark in (_BREAK, ". ", " "):
            cut = text.rfind(mark, begin + _CHUNK // 2, begin + _CHUNK)
            if cut >= 0:
                break
        end = cut + len(mark) if cut >= 0 else begin + _CHUNK
        parts.append(text[begin:end])
        begin = end
    return [*parts, text[begin:]]


def read(article: Article) -> Reading:
    r"""The clean text of an article.

    >>> from kg.model import Article
    >>> read(Article("a", "Army flees\nRebels  attacked.\n \nThe army\nfled.")).text
    'Army flees\n\nRebels attacked.\n\nThe army fled.'
    """
    text = article.text
    datelines = {m.end() - 1 for m in _DATELINE.finditer(text)}
    breaks = Breaks(_shortest_line(text), tuple(sorted(datelines.union(_headings(text)))))
    parts: list[str] = []
    offsets = array("L")
    stops = [0, *(x for span in article.boilerplate for x in (span.begin, span.end)), len(text)]
    for number, (begin, end) in enumerate(pairwise(stops)):
        if number % 2 or begin >= end:
            continue
        if parts:
            _append(parts, offsets, _BREAK, begin)
        _segment(text, (begin, end), breaks, parts, offsets)
    return _without_homographs(Reading("".join(parts), offsets))


def _without_homographs(reading: Reading) -> Reading:
    """The reading with names that look like words in another of their forms, where the article tells what they mean.

    >>> from kg.model import Article
    >>> read(Article("a", "Islamic State (IS) fled. Where IS fled to is unknown.")).text
    'Islamic State (ISIS) fled. Where ISIS fled to is unknown.'
    """
    for row in lexicon.load("grammar").records("homographs"):
        if row["written"] in reading.text and row["name"] in reading.text:
            reading = _rewritten(reading, row["written"], row["read"])
    return reading


def _rewritten(reading: Reading, written: str, read_as: str) -> Reading:
    """A word in another form; the offsets of what is longer are those of the word's last character."""
    text, at = reading.text, 0
    parts: list[str] = []
    offsets = array("L")
    for found in re.finditer(rf"\b{written}\b(?!-?\s?[A-Z])", text):  # "IS Sahel Province" has a name of its own
        if _is_shouted(text, found):
            continue
        parts += [text[at : found.start()], read_as]
        offsets.extend(reading.offsets[at : found.end()])
        offsets.extend([reading.offsets[found.end() - 1]] * (len(read_as) - len(written)))
        at = found.end()
    offsets.extend(reading.offsets[at:])
    return Reading("".join([*parts, text[at:]]), offsets)


def _is_shouted(text: str, found: re.Match[str]) -> bool:
    """Whether the word before or behind is in capitals too, as in a headline: "WHERE IS SYRIA HEADED?"."""
    beside = [*text[: found.start()].split()[-1:], *text[found.end() :].split(maxsplit=1)[:1]]
    return any(len(word) > 1 and word.isalpha() and word.isupper() for word in beside)


def _segment(text: str, bounds: tuple[int, int], breaks: Breaks, parts: list[str], offsets: array[int]) -> None:
    at, end = _stripped(text, *bounds)
    for gap in _gaps(text, at, end, breaks):
        if gap.start() > at:
            _words(text, at, gap.start(), parts, offsets)
        if parts and gap.end() < end:
            _append(parts, offsets, _separator(text, gap, breaks), gap.start())
        at = gap.end()
    if at < end:
        _words(text, at, end, parts, offsets)


def _stripped(text: str, begin: int, end: int) -> tuple[int, int]:
    """A part of a text without spaces at its ends."""
    part = text[begin:end]
    return end - len(part.lstrip(" ")), begin + len(part.rstrip(" "))


def _gaps(text: str, begin: int, end: int, breaks: Breaks) -> Iterator[re.Match[str]]:
    """The gaps that are more than a space between two words, and those behind datelines."""
    for at in breaks.datelines:
        if begin <= at < end and (gap := _GAP.match(text, at, end)):
            yield from _ODD_GAP.finditer(text, begin, at)
            yield gap
            begin = gap.end()
    yield from _ODD_GAP.finditer(text, begin, end)


def _words(text: str, begin: int, end: int, parts: list[str], offsets: array[int]) -> None:
    """Words with a space between each two; of what is too long to be a word, only the beginning."""
    words = text[begin:end].split(" ")
    if max(map(len, words)) <= _LONGEST_WORD:
        parts.append(text[begin:end])
        offsets.extend(range(begin, end))
        return
    for word in words:
        kept = word[:_LONGEST_WORD]
        parts.append(kept)
        offsets.extend(range(begin, begin + len(kept)))
        begin += len(word) + 1
        if begin < end:
            _append(parts, offsets, " ", begin - 1)


def _append(parts: list[str], offsets: array[int], separator: str, at: int) -> None:
    """Put a separator, a blank line instead of a space where two meet."""
    if parts[-1] in {" ", _BREAK}:
        if separator == _BREAK and parts[-1] == " ":
            parts[-1] = _BREAK
            offsets.append(at)
        return
    if separator:
        parts.append(separator)
        offsets.extend([at] * len(separator))


def _headings(text: str) -> Iterator[int]:
    """Where a text's day ends, and its headings that have no line of their own but a dash behind them."""
    stamp = _STAMP.match(text)
    begin = stamp.end() if stamp is not None else 0
    if stamp is not None:
        yield begin - 1
    stop = re.search(r"[.!?](?=\s)|\n", text[begin:_HEADINGS])
    end = begin + stop.end() if stop is not None else min(len(text), _HEADINGS)
    dashes = [m.end() - 1 for m in _DASH.finditer(text, begin, end)]
    for at, following in pairwise([*dashes, end]):
        long = min(len(text[begin:at].split()), len(text[at:following].split())) > _HEADING_WORDS
        if long and not text[at + 1].islower():
            yield at
            begin = at


def _separator(text: str, gap: re.Match[str], breaks: Breaks) -> str:
    """What a gap becomes: nothing, a space, or a blank line where a paragraph or dateline ends."""
    at, count = gap.start(), gap.group().count("\n")
    if at in breaks.datelines:
        return _BREAK
    if not count:
        return " " if any(c.isspace() for c in gap.group()) else ""
    if count > 1 or text[at - 1] in _CLOSED:
        return _BREAK
    line = at - text.rfind("\n", 0, at) - 1
    return " " if line >= breaks.short or text[gap.end()].islower() else _BREAK


def _shortest_line(text: str) -> int:
    """How long a line is at least that goes on in the next; the lines of a text wrapped by hand tell its width."""
    lines = [line.rstrip() for line in text.splitlines()]
    going_on = [b[:1].islower() for a, b in pairwise(lines) if a and b and a[-1] not in _CLOSED]
    widest = max(map(len, lines), default=0)
    if widest > _WIDEST or len(going_on) < _FEWEST or 2 * sum(going_on) < len(going_on):
        return _SHORT_LINE
    return min(_SHORT_LINE, int(_FULL * widest))
