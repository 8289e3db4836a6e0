"""Keeps a parser from ending a sentence behind an abbreviation: "U.S. | President", "Lt. | Gen."."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.nlp import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc

_INITIALS: Final = re.compile(r"(?:[A-Z]\.){2,}")


class SentenceGuard:
    """spaCy component, to stand before the parser: marks tokens that begin no sentence."""

    def __init__(self) -> None:
        self._abbreviations = lexicon.load("grammar")["abbreviations"]
        self._titles = lexicon.load("mentions")["titles.words"]

    def __call__(self, doc: Doc) -> Doc:
        """Set ``is_sent_start`` to False where an abbreviation goes on."""
        for token in doc[1:]:
            before = token.nbor(-1)
            if (before.lower_ in self._abbreviations and before.text[0].isupper()) or (
                _INITIALS.fullmatch(before.text) and token.lower_ in self._titles
            ):
                token.is_sent_start = False
        return doc


@Language.factory("sentence_guard", assigns=["token.is_sent_start"])
def make_sentence_guard(nlp: Language, name: str) -> SentenceGuard:
    """Component factory."""
    return SentenceGuard()
