"""Treebank sentences in the forms that news takes: other quotation marks, no commas, headlines, lower case.

Every function takes a :class:`random.Random`, so that the same seed gives the same sentences.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.nlp.training.conllu import Sentence, Word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_DOUBLE: Final = {'"': 0, "``": 1, "''": 2, "“": 1, "”": 2}
_STYLES: Final = (('"', '"', "'"), ("“", "”", "’"), ("“", "”", "'"), ("''", "''", "'"), ("‘", "’", "’"))
_DASHES: Final = ("-", "--", "–", "—")
_SMALL: Final = frozenset(("ADP", "CCONJ", "DET", "PART", "SCONJ", "AUX"))
_HEADLINE: Final = 14
"""Words at most in a sentence that is turned into a headline."""

LOWER, QUOTES, COMMAS, HEADLINES, SHOUTED = 0.03, 0.35, 0.05, 0.08, 0.005
"""Shares of the documents to which each change is done."""


def vary(sentences: Sequence[Sentence], random: Random) -> list[Sentence]:
    """The sentences with some of the changes, drawn at random; their trees stay."""
    changed = list(sentences)
    if random.random() < QUOTES:
        changed = requoted(changed, random.choice(_STYLES), random.choice(_DASHES))
    if random.random() < COMMAS:
        changed = [without_commas(sentence) for sentence in changed]
    if random.random() < HEADLINES:
        place = random.randrange(len(changed))
        if len(changed[place].words) <= _HEADLINE:
            changed[place] = headline(changed[place])
            if place + 1 < len(changed):
                changed[place + 1] = replace(changed[place + 1], paragraph=True)
    draw = random.random()
    if draw < LOWER:
        changed = [_formed(sentence, [word.form.lower() for word in sentence.words]) for sentence in changed]
    elif draw < LOWER + SHOUTED:
        changed = [_formed(sentence, [word.form.upper() for word in sentence.words]) for sentence in changed]
    return changed


def requoted(sentences: Sequence[Sentence], style: tuple[str, str, str], dash: str) -> list[Sentence]:
    """The sentences with one style of quotation marks and apostrophes, and one kind of dash."""
    opening, closing, apostrophe = style
    inside, changed = False, []
    for sentence in sentences:
        forms = []
        for word in sentence.words:
            form = word.form
            if form in _DOUBLE and word.upos == "PUNCT":
                begins = _DOUBLE[form] == 1 or (_DOUBLE[form] == 0 and not inside)
                form, inside = (opening if begins else closing), begins
            elif form in _DASHES and word.upos == "PUNCT" and word.space:
                form = dash
            elif len(form) > 1:
                form = form.replace("'", apostrophe).replace("’", apostrophe)
            forms.append(form)
        changed.append(_formed(sentence, forms))
    return changed


def without_commas(sentence: Sentence) -> Sentence:
    """The sentence without the commas on which nothing depends."""
    heads = {word.head for index, word in enumerate(sentence.words) if word.head != index}
    return without(sentence, {i for i, word in enumerate(sentence.words) if word.form == "," and i not in heads})


def headline(sentence: Sentence) -> Sentence:
    """The sentence in title case without its full stop."""
    last = len(sentence.words) - 1
    heads = {word.head for index, word in enumerate(sentence.words) if word.head != index}
    if last and sentence.words[last].form == "." and last not in heads:
        sentence = without(sentence, {last})
    forms = [
        word.form if word.upos in _SMALL and index and len(word.form) < 5 else word.form[:1].upper() + word.form[1:]
        for index, word in enumerate(sentence.words)
    ]
    return Sentence(_formed(sentence, forms).words, paragraph=True)


def without(sentence: Sentence, left_out: set[int]) -> Sentence:
    """The sentence without the words at these places; none of them may have dependents."""
    new, words = {}, list[Word]()
    for index, word in enumerate(sentence.words):
        if index not in left_out:
            new[index] = len(words)
            words.append(word)
        elif words:
            words[-1] = replace(words[-1], space=words[-1].space or word.space)
    return Sentence(tuple(replace(word, head=new[word.head]) for word in words), sentence.paragraph)


def _formed(sentence: Sentence, forms: Sequence[str]) -> Sentence:
    words = tuple(replace(word, form=form) for word, form in zip(sentence.words, forms, strict=True))
    return Sentence(words, sentence.paragraph)
