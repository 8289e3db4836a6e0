"""Keeps a parser from ending a sentence where none ends: "U.S. | President", "said | Friday", "hotel | , a camp"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from spacy import attrs
from spacy.language import Language

from kg.nlp import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc

_INITIALS: Final = re.compile(r"(?:[A-Z]\.){2,}")
_END: Final = frozenset(".!?:;…")
_CLOSING: Final = frozenset("”\"’')]»")
_INSIDE: Final = frozenset({",", ";", ")", "]", "%"})
"""No sentence begins with one of these."""
_BREAK: Final = "\n\n"
_OPEN: Final = frozenset({":", "-", "–", "—"})
"""What may stand before a blank line, behind a dateline, without that the parser sees the sentence end."""
_NEVER: Final = 2**64 - 1
"""SENT_START of a token that begins no sentence: -1 as an array of attributes holds it."""


class SentenceGuard:
    """spaCy component, to stand before the parser: marks tokens that begin no sentence, or surely one."""

    def __init__(self) -> None:
        self._abbreviations = lexicon.load("grammar")["abbreviations"]
        self._titles = lexicon.load("mentions")["titles.words"]
        self._ranks = lexicon.load("grammar")["ranks"]
        self._days = lexicon.load("grammar")["days"]

    def __call__(self, doc: Doc) -> Doc:
        """Set ``is_sent_start`` to False where a sentence goes on, and to True behind a dateline."""
        words = [token.text for token in doc]
        starts: Any = doc.to_array([attrs.SENT_START])
        starts[[i for i in range(1, len(words)) if self._goes_on(words, i)]] = _NEVER
        starts[[i for i in range(2, len(words)) if words[i - 1] == _BREAK and words[i - 2] in _OPEN]] = 1
        return doc.from_array([attrs.SENT_START], starts)

    def _goes_on(self, words: list[str], i: int) -> bool:
        before, word = words[i - 1], words[i]
        if before.isspace() or word.isspace():
            return False
        if before[0].isupper() and before.lower() in self._abbreviations:
            return True
        if before[0].isupper() and before.lower() in self._ranks and word[0].isupper() and word.isalpha():
            return True
        if _INITIALS.fullmatch(before) and word.lower() in self._titles:
            return True
        if word in _INSIDE:
            return True
        last = i - 1
        while last > 0 and words[last][0] in _CLOSING and not words[last - 1].isspace():
            last -= 1
        if words[last][-1] in _END:
            return False
        # Behind no full stop: after a comma or a bracket, in lower case, or with the day on which it was said.
        closed = last < i - 1 or words[last] == ","
        return closed or word[0].islower() or (before.isalpha() and word.lower() in self._days)


@Language.factory("sentence_guard", assigns=["token.is_sent_start"])
def make_sentence_guard(nlp: Language, name: str) -> SentenceGuard:
    """Component factory."""
    return SentenceGuard()
