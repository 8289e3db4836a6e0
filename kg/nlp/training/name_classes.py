"""Trains the classes of names on newswire, and puts them into a pipeline behind its entity recogniser.

The network learns from the annotated names alone: on articles that it learned from, the recogniser would be right far
too often to tell what its votes are worth elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from random import Random
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kg.nlp.name_classes.component import FACTORY, NameClasses
from kg.nlp.name_classes.features import Names
from kg.nlp.name_classes.network import Layers, Network, Scale, log_softmax
from kg.nlp.training import articles, newswire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    from kg.nlp.name_classes.features import Floats
    from kg.nlp.training.newswire import NewsArticle

CLASSES: Final = tuple(sorted(newswire.CLASSES.values()))
_MOST: Final = 5
"""Sentences of a part at most."""
_WARM_UP: Final = 50
_MOMENTS: Final = (0.9, 0.999)
_LEAST_DEVIATION: Final = 0.03
"""Added to the deviation of a feature, so that one that hardly varies is not blown up."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the networks are trained."""

    epochs: int = 20
    batch: int = 12
    """Articles of a batch."""
    rate: float = 0.002
    decay: float = 0.003
    feature_dropout: float = 0.2
    dropout: float = 0.3
    mention_width: int = 128
    name_width: int = 96
    members: int = 3


@dataclass(frozen=True, slots=True)
class Example:
    """An article's names, and how often each class was annotated for each name: (n, classes)."""

    names: Names
    counts: Floats


def fit(nlp: Language, folder: Path, *, settings: Settings, log: Callable[[str], None]) -> None:
    """Train the component on a folder of newswire; a pipeline that has none gets it behind its recogniser.

    Raises:
        UnreadableError, RecordError: as :func:`kg.nlp.training.newswire.read`.
    """
    component: Any = nlp.get_pipe(FACTORY) if FACTORY in nlp.pipe_names else nlp.add_pipe(FACTORY, after="ner")
    component.network = train(list(read(component, nlp.vocab, newswire.read(folder))), settings, log)


def read(component: NameClasses, vocab: Vocab, news: Iterable[NewsArticle]) -> Iterator[Example]:
    """Each article as a whole and once more in parts of a few sentences, as short texts are read; with a name in it."""
    random = Random(0)
    for article in news:
        parts, place = [article.sentences], 0
        while place < len(article.sentences):
            size = random.randint(1, _MOST)
            parts.append(article.sentences[place : place + size])
            place += size
        found = list(examples(component, (articles.document(vocab, part) for part in parts)))
        if found:
            yield Example(Names.join([one.names for one in found]), np.concatenate([one.counts for one in found]))


def examples(component: NameClasses, docs: Iterable[Doc]) -> Iterator[Example]:
    """The Docs that hold a name, as the network sees them."""
    for doc in docs:
        spans = list(doc.ents)
        if not spans:
            continue
        groups, names = component.names([token.text for token in doc], [(span.start, span.end) for span in spans])
        counts = np.zeros((len(groups), len(CLASSES)), dtype=np.float32)
        for row, own in enumerate(groups.values()):
            for number in own:
                counts[row, CLASSES.index(spans[number].label_)] += 1
        yield Example(names, counts)


def train(learned: Sequence[Example], settings: Settings, log: Callable[[str], None]) -> Network:
    """Networks of several seeds; the same examples and settings give the same weights."""
    mentions = _scale([example.names.mentions for example in learned])
    facts = _scale([example.names.facts for example in learned])
    network = Network(CLASSES, mentions, facts, ())
    scaled = [Example(network.scaled(example.names), example.counts) for example in learned]
    members = []
    for seed in range(settings.members):
        members.append(_member(scaled, settings, np.random.default_rng(seed)))
        log(f"network {seed + 1} of {settings.members}")
    return Network(CLASSES, mentions, facts, tuple(members))


def _scale(parts: Sequence[Floats]) -> Scale:
    values = np.concatenate(parts)
    return Scale(values.mean(axis=0), values.std(axis=0) + np.float32(_LEAST_DEVIATION))


def _member(learned: Sequence[Example], settings: Settings, rng: np.random.Generator) -> Layers:
    layers = _new(learned[0], settings, rng)
    optimizer = _Adam(layers, settings.decay)
    order = np.arange(len(learned))
    steps = settings.epochs * -(-len(order) // settings.batch)
    for _ in range(settings.epochs):
        rng.shuffle(order)
        for start in range(0, len(order), settings.batch):
            batch = [learned[i] for i in order[start : start + settings.batch]]
            gradient = _gradient(layers, batch, settings, rng)
            done = optimizer.steps
            optimizer.step(gradient, settings.rate * min(1.0, (done + 1) / _WARM_UP) * (1 - done / steps))
    return layers


def _new(example: Example, settings: Settings, rng: np.random.Generator) -> Layers:
    features, pools = example.names.mentions.shape[1], len(example.names.pools)
    seen = pools * settings.mention_width + example.names.facts.shape[1]

    def weights(rows: int, columns: int, deviation: float) -> Floats:
        return rng.normal(0, deviation, (rows, columns)).astype(np.float32)

    return Layers(
        weights(features, settings.mention_width, (2 / features) ** 0.5),
        np.zeros(settings.mention_width, dtype=np.float32),
        weights(seen, settings.name_width, (2 / seen) ** 0.5),
        np.zeros(settings.name_width, dtype=np.float32),
        weights(settings.name_width, len(CLASSES), 0.1),
        np.zeros(len(CLASSES), dtype=np.float32),
    )


def _gradient(layers: Layers, batch: Sequence[Example], settings: Settings, rng: np.random.Generator) -> Layers:
    """Of the cross-entropy, a name weighing as the root of its mentions; with dropout."""
    names = Names.join([example.names for example in batch])
    counts = np.concatenate([example.counts for example in batch])
    pool, *links = names.pools
    mentions = names.mentions * _kept(names.mentions.shape, settings.feature_dropout, rng)
    facts = names.facts * _kept(names.facts.shape, settings.feature_dropout, rng)
    inner = mentions @ layers.mention + layers.mention_bias
    # A whole unit is dropped at once: its mean over mentions would hide the loss of some.
    inner_mask = _kept((1, inner.shape[1]), settings.dropout, rng) * (inner > 0).astype(np.float32)
    pooled = pool(inner * inner_mask)
    seen = np.concatenate([pooled, *(link(pooled) for link in links), facts], axis=1)
    outer = seen @ layers.name + layers.name_bias
    outer_mask = _kept(outer.shape, settings.dropout, rng) * (outer > 0).astype(np.float32)
    outer = outer * outer_mask

    totals: Any = counts.sum(axis=1, keepdims=True)
    surplus = np.exp(log_softmax(outer @ layers.out + layers.out_bias)) - counts / totals
    surplus *= np.sqrt(totals) / np.sqrt(totals).sum()
    outer_gradient = (surplus @ layers.out.T) * outer_mask
    parts = np.split(outer_gradient @ layers.name.T, np.arange(1, len(names.pools) + 1) * pooled.shape[1], axis=1)
    pooled_gradient = parts[0].copy()
    for link, part in zip(links, parts[1:-1], strict=True):
        link.back(part, pooled_gradient)
    inner_gradient = np.zeros_like(inner)
    pool.back(pooled_gradient, inner_gradient)
    inner_gradient *= inner_mask
    return Layers(
        mentions.T @ inner_gradient,
        inner_gradient.sum(axis=0),
        seen.T @ outer_gradient,
        outer_gradient.sum(axis=0),
        outer.T @ surplus,
        surplus.sum(axis=0),
    )


def _kept(shape: tuple[int, ...], dropout: float, rng: np.random.Generator) -> Any:
    """Zero for what is dropped, and so much more than one for the rest that the mean stays."""
    return (rng.random(shape, dtype=np.float32) >= dropout).astype(np.float32) / np.float32(1 - dropout)


class _Adam:
    """Steps with moments and weight decay; changes the weights in place."""

    def __init__(self, layers: Layers, decay: float) -> None:
        self.steps = 0
        self._decay = decay
        self._weights: list[NDArray[np.float32]] = [getattr(layers, field.name) for field in fields(Layers)]
        self._moments = [(np.zeros_like(w), np.zeros_like(w)) for w in self._weights]

    def step(self, gradient: Layers, rate: float) -> None:
        self.steps += 1
        first, second = _MOMENTS
        for number, field in enumerate(fields(Layers)):
            weights, own, (mean, square) = self._weights[number], getattr(gradient, field.name), self._moments[number]
            mean += (1 - first) * (own - mean)
            square += (1 - second) * (own**2 - square)
            step = mean / (1 - first**self.steps) / (np.sqrt(square / (1 - second**self.steps)) + 1e-8)
            decay = self._decay * weights if weights.ndim > 1 else 0
            weights -= (rate * (step + decay)).astype(np.float32)
