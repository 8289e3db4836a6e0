"""Quotations of a Doc, whatever marks it uses.

Straight marks are toggles within a paragraph; two apostrophes count as one mark. A quotation that a paragraph leaves open
ends with the paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.tokens import Doc

_OPENING: Final = frozenset("“„«")
_CLOSING: Final = frozenset("”»")
_TOGGLE: Final = frozenset({'"', "''", "``"})


@dataclass(frozen=True, slots=True)
class Quotation:
    """Tokens [start, end) between the marks; `outer_start` and `outer_end` count the marks in."""

    start: int
    end: int
    outer_start: int
    outer_end: int


def find(doc: Doc) -> list[Quotation]:
    """The quotations in text order, none inside another."""
    found: list[Quotation] = []
    opened = -1
    for token in doc:
        if token.is_space and "\n" in token.text and opened >= 0 and token.text.count("\n") > 1:
            _close(found, opened, token.i, token.i)
            opened = -1
        elif token.text in _OPENING or (opened < 0 and token.text in _TOGGLE):
            if opened < 0:
                opened = token.i
        elif opened >= 0 and (token.text in _CLOSING or token.text in _TOGGLE):
            _close(found, opened, token.i, token.i + 1)
            opened = -1
    return found


def _close(found: list[Quotation], opened: int, end: int, outer_end: int) -> None:
    if end > opened + 1:
        found.append(Quotation(opened + 1, end, opened, outer_end))
