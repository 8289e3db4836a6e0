"""Annotated newswire as spaCy documents."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final

from spacy.tokens import Doc, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.vocab import Vocab

    from kg.nlp.training.newswire import NewsArticle, Token

_FEWEST, _MOST = 2, 5
"""Sentences of a training document: short documents make batches of many, which are learned from side by side."""
_SINGLE: Final = 0.1
"""Share of the training documents of later copies that hold one sentence."""
LOWER, SHOUTED, HEADLINES = 0.02, 0.01, 0.06
"""Shares of the documents in lower case, in capitals, and of the sentences in title case, in later copies."""
_HEADLINE: Final = 16
"""Words at most in a sentence that is turned into a headline."""


def document(vocab: Vocab, sentences: Sequence[Sequence[Token]]) -> Doc:
    """The sentences as one Doc with their entities; line ends between sentences are tokens."""
    words, spaces, spans = list[str](), list[bool](), list[tuple[int, int, str]]()
    for number, sentence in enumerate(sentences, start=1):
        for place, token in enumerate(sentence, start=1):
            if token.place == "I" and spans and spans[-1][1:] == (len(words), token.label):
                spans[-1] = (spans[-1][0], len(words) + 1, token.label)
            elif token.place != "O":
                spans.append((len(words), len(words) + 1, token.label))
            words.append(token.form)
            last = place == len(sentence)
            parted = "\n" in token.gap and last and number < len(sentences)
            spaces.append(bool(token.gap) and not parted and not (last and number == len(sentences)))
            if parted:
                words.append(token.gap)
                spaces.append(False)
    doc = Doc(vocab, words=words, spaces=spaces)
    doc.set_ents([Span(doc, begin, end, label) for begin, end, label in spans], default="outside")
    return doc


def whole(vocab: Vocab, article: NewsArticle) -> Doc:
    """A document to measure on."""
    return document(vocab, article.sentences)


def training(vocab: Vocab, articles: Iterable[NewsArticle], copies: int, seed: int) -> Iterator[Doc]:
    """Documents to learn from, each sentence `copies` times: first as it stands, then in other forms as well."""
    kept = list(articles)
    for copy in range(copies):
        random = Random(f"{seed} {copy}")
        for article in kept:
            for group in _groups(article.sentences, random, _SINGLE if copy else 0.0):
                yield document(vocab, vary(group, random) if copy else group)


def vary(sentences: Sequence[Sequence[Token]], random: Random) -> list[Sequence[Token]]:
    """The sentences, now and then in lower case, in capitals, or one of them as a headline."""
    draw = random.random()
    if draw < LOWER:
        return [[replace(token, form=token.form.lower()) for token in sentence] for sentence in sentences]
    if draw < LOWER + SHOUTED:
        return [[replace(token, form=token.form.upper()) for token in sentence] for sentence in sentences]
    return [
        headline(sentence) if len(sentence) <= _HEADLINE and random.random() < HEADLINES else sentence
        for sentence in sentences
    ]


def headline(sentence: Sequence[Token]) -> list[Token]:
    """The sentence in title case, without its full stop, as a paragraph of its own."""
    kept = list(sentence[:-1] if len(sentence) > 1 and sentence[-1].form == "." else sentence)
    titled = [
        token if len(token.form) < 4 and place else replace(token, form=token.form[:1].upper() + token.form[1:])
        for place, token in enumerate(kept)
    ]
    titled[-1] = replace(titled[-1], gap="\n\n")
    return titled


def _groups(
    sentences: Sequence[tuple[Token, ...]],
    random: Random,
    single: float,
) -> Iterator[Sequence[tuple[Token, ...]]]:
    place = 0
    while place < len(sentences):
        size = 1 if random.random() < single else random.randint(_FEWEST, _MOST)
        yield sentences[place : place + size]
        place += size
