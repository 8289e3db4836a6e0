"""Keeps a parser from ending a sentence where none ends: "U.S. | President", "said | Friday", "hotel | , a camp"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.nlp import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_INITIALS: Final = re.compile(r"(?:[A-Z]\.){2,}")
_END: Final = frozenset(".!?:;…")
_CLOSING: Final = frozenset("”\"’')]»")
_INSIDE: Final = frozenset({",", ";", ")", "]", "%"})
"""No sentence begins with one of these."""


class SentenceGuard:
    """spaCy component, to stand before the parser: marks tokens that begin no sentence."""

    def __init__(self) -> None:
        self._abbreviations = lexicon.load("grammar")["abbreviations"]
        self._titles = lexicon.load("mentions")["titles.words"]
        self._days = lexicon.load("grammar")["days"]

    def __call__(self, doc: Doc) -> Doc:
        """Set ``is_sent_start`` to False where a sentence goes on."""
        for token in doc[1:]:
            if self._goes_on(token.nbor(-1), token):
                token.is_sent_start = False
        return doc

    def _goes_on(self, before: Token, token: Token) -> bool:
        if before.is_space or token.is_space:
            return False
        if before.lower_ in self._abbreviations and before.text[0].isupper():
            return True
        if _INITIALS.fullmatch(before.text) and token.lower_ in self._titles:
            return True
        if token.text in _INSIDE:
            return True
        i = before.i
        while i > 0 and before.doc[i].text[0] in _CLOSING and not before.doc[i - 1].is_space:
            i -= 1
        last = before.doc[i].text
        if last[-1] in _END:
            return False
        # Behind no full stop: after a comma or a bracket, in lower case, or with the day on which it was said.
        closed = i < before.i or last == ","
        return closed or token.text[0].islower() or (before.is_alpha and token.lower_ in self._days)


@Language.factory("sentence_guard", assigns=["token.is_sent_start"])
def make_sentence_guard(nlp: Language, name: str) -> SentenceGuard:
    """Component factory."""
    return SentenceGuard()
