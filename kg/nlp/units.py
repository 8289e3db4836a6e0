"""Names of numbered military units: "53rd Mechanised Brigade", "Seventh Fleet"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

_NUMBER: Final = re.compile(r"\d{1,4}(?:st|nd|rd|th|d)")
_LONGEST: Final = 8


def units(doc: Doc) -> Iterator[tuple[int, int]]:
    """Token ranges (start, end) of units: an ordinal number, capitalised words, the last one a kind of unit."""
    words = lexicon.load("mentions")
    kinds, ordinals = words["units.kinds"], words["units.ordinals"]
    end = 0
    for token in doc:
        numbered = _NUMBER.fullmatch(token.lower_) or (token.lower_ in ordinals and token.text[0].isupper())
        if token.i < end or not numbered:
            continue
        for i in range(token.i + 1, min(len(doc), token.i + _LONGEST)):
            if not doc[i].text[0].isupper():
                break
            if doc[i].lower_ in kinds:
                end = i + 1
        if end > token.i:
            yield token.i, end
