"""The text that the parser reads, and the way back from its characters to the article's.

A parser trained on clean paragraphs is led astray by page headers, double spaces and hard line breaks. So it reads the
article without its boilerplate, with single spaces and with one blank line between paragraphs; every offset that it
yields is then mapped back.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kg.model import Span

if TYPE_CHECKING:
    from kg.model import Article

_GAP: Final = re.compile(r"[\s\u200b\u200e\u200f\ufeff\u00ad]+")
_BREAK: Final = "\n\n"
_CLOSED: Final = frozenset('.!?:”"’)…')
_LONGEST_WORD: Final = 200
"""Longer ones are data that found its way into the text; no tokenizer should have to read them."""
_CHUNK: Final = 40_000
_SHORT_LINE: Final = 60
"""A line shorter than this ends a paragraph: text that was wrapped by hand has longer ones."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Clean text, and for each of its characters the offset of the same character in the article."""

    text: str
    offsets: array[int]

    def span(self, begin: int, end: int) -> Span:
        """The article's characters for the clean text's [begin, end), neither end being white space."""
        return Span(self.offsets[begin], self.offsets[end - 1] + 1)


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
    >>> read(Article("a", "Rebels  attacked.\n \nThe army\nfled.")).text
    'Rebels attacked.\n\nThe army\n\nfled.'
    """
    text = article.text
    parts: list[str] = []
    offsets = array("L")
    stops = [0, *(x for span in article.boilerplate for x in (span.begin, span.end)), len(text)]
    for number, (begin, end) in enumerate(pairwise(stops)):
        if number % 2 or begin >= end:
            continue
        if parts:
            _append(parts, offsets, _BREAK, begin)
        _segment(text, begin, end, parts, offsets)
    clean = "".join(parts)
    return Reading(clean, offsets)


def _segment(text: str, begin: int, end: int, parts: list[str], offsets: array[int]) -> None:
    at = begin
    for gap in _GAP.finditer(text, begin, end):
        if gap.start() > at:
            _word(text, at, gap.start(), parts, offsets)
        if parts and gap.end() < end:
            _append(parts, offsets, _separator(text, gap.start(), gap.group()), gap.start())
        at = gap.end()
    if at < end:
        _word(text, at, end, parts, offsets)


def _word(text: str, begin: int, end: int, parts: list[str], offsets: array[int]) -> None:
    """What stands between two gaps; of what is too long to be a word, only the beginning."""
    end = min(end, begin + _LONGEST_WORD)
    parts.append(text[begin:end])
    offsets.extend(range(begin, end))


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


def _separator(text: str, at: int, gap: str) -> str:
    if "\n" not in gap:
        return " " if any(c.isspace() for c in gap) else ""
    line = at - text.rfind("\n", 0, at) - 1
    if gap.count("\n") > 1 or line < _SHORT_LINE or text[at - 1] in _CLOSED:
        return _BREAK
    return " "
