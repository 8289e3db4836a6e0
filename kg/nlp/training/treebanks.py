"""Treebanks as spaCy documents: sentences in their text, white space as the article has it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from spacy.tokens import Doc

from kg.nlp.training.conllu import Sentence, Treebank
from kg.nlp.training.variants import vary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.vocab import Vocab

SHORTEST, LONGEST = 40, 55
"""Words of a training document. Documents of even length let the parser learn whole documents, without the oracle cuts
that take it half of its time."""
_ISOLATED: Final = 0.1
"""Share of the training documents in which every sentence is a paragraph."""
_PARAGRAPHS: Final = ("\n\n", "\n\n", "\n\n", "\n")


def document(vocab: Vocab, sentences: Sequence[Sentence], breaks: Sequence[str], *, annotate_space: bool = True) -> Doc:
    """The sentences as one Doc with tags, parts of speech, features, lemmas and trees.

    Args:
        vocab: of the pipeline.
        sentences: whole sentences in order.
        breaks: for each sentence the white space before it: empty, or line ends, which become a token of their own.
        annotate_space: give such tokens the labels that spaCy's pipelines learn; else they stay without, so that no
            score counts them.
    """
    words, spaces, heads = list[str](), list[bool](), list[int]()
    rows: list[tuple[str, str, str, str, str]] = []
    for number, (sentence, gap) in enumerate(zip(sentences, breaks, strict=True)):
        if number and gap:
            spaces[-1] = False
            words.append(gap)
            spaces.append(False)
            heads.append(len(words) - 2)
            rows.append(("SPACE", "_SP", "", gap, "dep") if annotate_space else ("", "", "", "", "dep"))
        begin = len(words)
        for word in sentence.words:
            heads.append(begin + word.head)
            words.append(word.form)
            spaces.append(word.space)
            rows.append(
                (word.upos, word.xpos, word.feats, word.lemma, "ROOT" if word.deprel == "root" else word.deprel)
            )
    upos, tags, feats, lemmas, deps = (list(column) for column in zip(*rows, strict=True))
    return Doc(
        vocab, words=words, spaces=spaces, pos=upos, tags=tags, morphs=feats, lemmas=lemmas, heads=heads, deps=deps
    )


def whole(vocab: Vocab, treebank: Treebank) -> Doc:
    """A document to measure on: all its sentences, a blank line between its paragraphs."""
    breaks = ["\n\n" if sentence.paragraph else "" for sentence in treebank.sentences]
    return document(vocab, treebank.sentences, breaks, annotate_space=False)


def training(vocab: Vocab, treebanks: Iterable[Treebank], copies: int, seed: int) -> Iterator[Doc]:
    """Documents to learn from, each sentence `copies` times, in other company and other forms each time."""
    kept = list(treebanks)
    for copy in range(copies):
        random = Random(f"{seed} {copy}")
        for treebank in kept:
            for group in groups(treebank.sentences, random):
                isolated = random.random() < _ISOLATED
                varied = vary(group, random) if copy else list(group)
                yield document(vocab, varied, [_break(sentence, random, isolated) for sentence in varied])


def groups(sentences: Sequence[Sentence], random: Random) -> Iterator[list[Sentence]]:
    """Neighbouring sentences in groups of :data:`SHORTEST` to :data:`LONGEST` words or little more."""
    group, words, goal = list[Sentence](), 0, random.randint(SHORTEST, LONGEST)
    for sentence in sentences:
        if group and words + len(sentence.words) > LONGEST + 15:
            yield group
            group, words, goal = [], 0, random.randint(SHORTEST, LONGEST)
        group.append(sentence)
        words += len(sentence.words)
        if words >= goal:
            yield group
            group, words, goal = [], 0, random.randint(SHORTEST, LONGEST)
    if group:
        yield group


def _break(sentence: Sentence, random: Random, isolated: bool) -> str:
    return random.choice(_PARAGRAPHS) if isolated or (sentence.paragraph and random.random() < 0.6) else ""
