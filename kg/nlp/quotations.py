"""Quotations of a Doc, whatever marks it uses.

Straight marks are toggles within a paragraph; two apostrophes count as one mark. A quotation that a paragraph leaves
open ends with the paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

_OPENING: Final = frozenset("“„«")
_CLOSING: Final = frozenset("”»")
_TOGGLE: Final = frozenset({'"', "''", "``"})
MARKS: Final = _OPENING | _CLOSING | _TOGGLE


@dataclass(frozen=True, slots=True)
class Quotation:
    """Tokens [start, end) between the marks; `outer_start` and `outer_end` count the marks in."""

    start: int
    end: int
    outer_start: int
    outer_end: int


class Quotations:
    """The quotations of a Doc in text order, none inside another, looked up by token."""

    def __init__(self, doc: Doc) -> None:
        self._all = list(_find(doc))
        self._at = {i: q for q in self._all for i in range(q.outer_start, q.outer_end)}

    def __iter__(self) -> Iterator[Quotation]:
        return iter(self._all)

    def at(self, token: int) -> Quotation | None:
        """The quotation that a token stands in, its marks counted in."""
        return self._at.get(token)

    def opening_at(self, token: int) -> Quotation | None:
        """The quotation whose mark or first word a token is."""
        found = self._at.get(token)
        return found if found is not None and token <= found.start else None

    def within(self, start: int, end: int) -> Iterator[Quotation]:
        """The quotations that open in tokens [start, end)."""
        i = start
        while i < end:
            found = self._at.get(i)
            if found is not None and found.outer_start >= start:
                yield found
            i = found.outer_end if found is not None else i + 1


def _find(doc: Doc) -> Iterator[Quotation]:
    opened = -1
    for i in _marked(doc):
        token = doc[i]
        ends_paragraph = token.is_space and token.text.count("\n") > 1
        if opened < 0:
            if token.text in _OPENING or token.text in _TOGGLE:
                opened = token.i
        elif ends_paragraph or token.text in _CLOSING or token.text in _TOGGLE:
            if token.i > opened + 1:
                yield Quotation(opened + 1, token.i, opened, token.i if ends_paragraph else token.i + 1)
            opened = -1


def _marked(doc: Doc) -> list[int]:
    """The tokens that may begin or end a quotation: marks and spaces, by number."""
    marks = np.array([doc.vocab.strings[mark] for mark in sorted(MARKS)], dtype=np.uint64)
    words = doc.to_array(["ORTH", "IS_SPACE"])
    found: list[int] = np.flatnonzero(np.isin(words[:, 0], marks) | (words[:, 1] != 0)).tolist()
    return found
