"""Trains the tagger of attributions on PolNeAR, behind the pipeline that the package ships."""

from __future__ import annotations

import random
from array import array
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from thinc.api import Adam, fix_random_seed

from kg.errors import RecordError
from kg.model import Article
from kg.nlp import parse, trained
from kg.nlp.reading import Reading, read
from kg.nlp.roles.network import ARGUMENT_LABELS, CUE_LABELS, Config, Graph, Network, Size
from kg.nlp.roles.prior import CuePrior, word_keys
from kg.nlp.roles.tokens import read_tokens
from kg.nlp.roles.windows import windows_of
from kg.nlp.training import polnear
from kg.nlp.training.gemm import numpy_products
from kg.nlp.training.polnear import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from spacy.tokens import Doc

    from kg.nlp.roles.tokens import Ints, Tokens
    from kg.nlp.roles.windows import Windows
    from kg.nlp.training.polnear import Attribution

    Floats = NDArray[np.float32]

_WARM_UP: Final = 100
_LEAST_RATE: Final = 0.01
_WITHOUT_COMMAS: Final = 5
"""One article in so many is also read without its commas."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a tagger is trained."""

    epochs: int = 5
    batch: int = 1500
    """Tokens of a batch, at least."""
    rate: float = 0.0015
    dropout: float = 0.3
    seed: int = 0
    encoder: Size = field(default_factory=lambda: Size(width=96, embedding=20, depth=3))
    arguer: Size = field(default_factory=lambda: Size(width=64, embedding=16, depth=2))


@dataclass(frozen=True, slots=True)
class Example:
    """One article to learn from."""

    tokens: Tokens
    labels: Ints
    """(n,) numbers of CUE_LABELS."""
    windows: Windows | None
    argument_labels: Ints
    """(r,) numbers of ARGUMENT_LABELS, for the rows of the windows."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """A parsed Doc with its attributions, each role as token numbers."""

    doc: Doc
    attributions: tuple[dict[str, frozenset[int]], ...]


def learn(split: Path, out: Path, *, model: str | None, settings: Settings, log: Callable[[str], None]) -> Network:
    """Train on a split of PolNeAR, parsed by a pipeline; the network goes to the folder `out`.

    Raises:
        UnreadableError: the split holds no articles.
        ModelError: the pipeline is not installed, or lacks a parser.
    """
    nlp = trained(model)
    articles = []
    with numpy_products():
        for number, gold in enumerate(polnear.articles(split)):
            attributions = _first_readable(gold.annotations)
            reading = read(Article(gold.path.stem, gold.text))
            forms = (reading, without_commas(reading)) if number % _WITHOUT_COMMAS == 0 else (reading,)
            if attributions:
                docs = parse(nlp, [form.text for form in forms])
                articles += [annotated(doc, form.offsets, attributions) for doc, form in zip(docs, forms, strict=True)]
        log(f"{len(articles)} articles")
        network = train(articles, settings, log, checkpoint=out)
    network.save(out)
    return network


def _first_readable(annotations: Iterable[Path]) -> tuple[Attribution, ...]:
    """The first annotator's attributions; one file of the release holds a broken mention."""
    for path in annotations:
        try:
            return polnear.read(path)
        except RecordError:
            continue
    return ()


def without_commas(reading: Reading) -> Reading:
    """The same article as careless copying leaves it: without commas, but for those inside numbers."""
    kept = [i for i, c in enumerate(reading.text) if c != "," or reading.text[i + 1 : i + 2].isdigit()]
    return Reading("".join(reading.text[i] for i in kept), array("L", (reading.offsets[i] for i in kept)))


def annotated(doc: Doc, offsets: Sequence[int], gold: Iterable[Attribution]) -> Annotated:
    """Bring characters to tokens; `offsets` leads from the Doc's characters to those of the annotated text."""
    token_at = {offsets[c]: t.i for t in doc if not t.is_space for c in range(t.idx, t.idx + len(t))}
    return Annotated(
        doc,
        tuple(
            {role: frozenset(token_at[c] for c in getattr(g, role) if c in token_at) for role in ROLES} for g in gold
        ),
    )


def train(
    articles: Sequence[Annotated], settings: Settings, log: Callable[[str], None], checkpoint: Path | None = None
) -> Network:
    """A network learned from Docs that have their tensor; after each epoch it is also saved to `checkpoint`."""
    fix_random_seed(settings.seed)
    prior, examples = _examples(articles)
    config = Config(settings.encoder, settings.arguer, vectors=int(articles[0].doc.tensor.shape[1]))
    network = Network.new(config, prior, dropout=settings.dropout)
    optimizer = Adam(settings.rate, L2=1e-6, grad_clip=1.0, use_averages=True)
    shuffler = random.Random(settings.seed)
    total, seen, steps = settings.epochs * sum(len(e.tokens) for e in examples), 0, 0
    for epoch in range(settings.epochs):
        shuffler.shuffle(examples)
        losses = np.zeros(2)
        for batch in _batches(examples, settings.batch):
            steps += 1
            left = max(_LEAST_RATE, 1 - seen / total)
            optimizer.learn_rate = settings.rate * min(1.0, steps / _WARM_UP) * left
            losses += _update(network, batch)
            for layer in network.layers:
                layer.finish_update(optimizer)
            seen += sum(len(e.tokens) for e in batch)
        cue_loss, argument_loss = losses / sum(len(e.tokens) for e in examples)
        log(f"epoch {epoch + 1}: loss of cues {cue_loss:.4f}, of arguments {argument_loss:.4f} per token")
        averaged = _averaged(network, optimizer)
        if checkpoint is not None:
            averaged.save(checkpoint)
    return averaged


def _averaged(network: Network, optimizer: Any) -> Network:
    """The network with the averages of its weights."""
    with ExitStack() as swapped:
        for layer in network.layers:
            swapped.enter_context(layer.use_params(optimizer.averages))
        return network.copy()


def _update(network: Network, batch: Sequence[Example]) -> Floats:
    """Add the gradients of a batch to the network's; the losses of cues and of arguments."""
    tokens = [e.tokens for e in batch]
    columns, vectors = np.concatenate([t.columns for t in tokens]), np.concatenate([t.vectors for t in tokens])
    hidden, back_encoder = network.encoder((columns, vectors, Graph.sentences(tokens)), is_train=True)
    chances, back_cues = network.cue_layer(hidden, is_train=True)
    gradient, cue_loss = _surprise(chances, np.concatenate([e.labels for e in batch]), scale=1 / 300)
    hidden_gradient = back_cues(gradient)
    argument_loss = 0.0
    offsets = np.cumsum([0, *(len(t) for t in tokens)]).tolist()
    windowed = [(e, e.windows, o) for e, o in zip(batch, offsets, strict=False) if e.windows is not None]
    if windowed:
        rows = np.concatenate([w.token + o for _, w, o in windowed])
        heads = np.concatenate([w.heads[w.cue] + o for _, w, o in windowed])
        inputs = np.concatenate([hidden[rows], hidden[heads]], axis=1)
        graph = Graph.windows([(e.tokens, w) for e, w, _ in windowed])
        inner, back_arguer = network.arguer(
            (np.concatenate([w.columns for _, w, _ in windowed]), inputs, graph), is_train=True
        )
        chances, back_labels = network.argument_layer(inner, is_train=True)
        gradient, argument_loss = _surprise(
            chances, np.concatenate([e.argument_labels for e, _, _ in windowed]), scale=1 / 1000
        )
        _add_rows(hidden_gradient, back_arguer(back_labels(gradient)), [(w, o) for _, w, o in windowed])
    back_encoder(hidden_gradient)
    return np.array([cue_loss, argument_loss])


def _surprise(chances: Floats, labels: Ints, scale: float) -> tuple[Floats, float]:
    """Gradient and sum of the cross-entropy."""
    rows = np.arange(len(labels))
    gradient = chances.copy()
    gradient[rows, labels] -= 1
    return gradient * np.float32(scale), float(-np.log(chances[rows, labels] + 1e-9).sum())


def _add_rows(hidden: Floats, gradient: Floats, windows: Sequence[tuple[Windows, int]]) -> None:
    """Bring the gradient of window rows, (r, 2·width), back to the tokens and to the heads of the cues."""
    row, width = 0, hidden.shape[1]
    for window, offset in windows:
        for (first, last), head in zip(window.bounds.tolist(), window.heads.tolist(), strict=True):
            part = gradient[row : row + last - first]
            hidden[offset + first : offset + last] += part[:, :width]
            hidden[offset + head] += part[:, width:].sum(axis=0)
            row += last - first


def _batches(examples: Sequence[Example], size: int) -> Iterator[list[Example]]:
    batch: list[Example] = []
    for example in examples:
        batch.append(example)
        if sum(len(e.tokens) for e in batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _examples(articles: Sequence[Annotated]) -> tuple[CuePrior, list[Example]]:
    """The prior, and the articles as the network sees them: each with a prior that has not seen it."""
    words = [word_keys(a.doc) for a in articles]
    empty = CuePrior(np.zeros(1, dtype=np.uint64), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    heads = []
    for article, own in zip(articles, words, strict=True):
        t = read_tokens(article.doc, empty)
        heads.append(own[sorted({t.cue_head(*cue) for cue, _ in _cues(t, article)})])
    prior = CuePrior.count(words, heads)
    examples = []
    for article, own, own_heads in zip(articles, words, heads, strict=True):
        t = read_tokens(article.doc, prior, without=CuePrior.count([own], [own_heads]))
        examples.append(_example(t, article))
    return prior.pruned(), examples


def _cues(t: Tokens, article: Annotated) -> list[tuple[tuple[int, int], dict[str, Ints]]]:
    """The first run of each cue, with the rows of all roles, in text order; cues that share a token but once."""
    found: list[tuple[tuple[int, int], dict[str, Ints]]] = []
    for attribution in article.attributions:
        rows = {role: np.flatnonzero(np.isin(t.index, list(tokens))) for role, tokens in attribution.items()}
        if len(rows["cue"]):
            found.append((_runs(rows["cue"])[0], rows))
    return sorted(found, key=lambda item: item[0])


def _example(t: Tokens, article: Annotated) -> Example:
    cues = _cues(t, article)
    labels = np.zeros(len(t), dtype=np.int64)
    for role in ("content", "source", "cue"):  # later ones win
        begin = CUE_LABELS.index(f"B-{role}")
        for _, rows in cues:
            for start, end in _runs(rows[role]):
                labels[start], labels[start + 1 : end] = begin, begin + 1
    if not cues:
        return Example(t, labels, None, np.zeros(0, dtype=np.int64))
    seen = windows_of(t, [cue for cue, _ in cues])
    parts = [
        _argument_labels(cue, rows, first, last)
        for (cue, rows), (first, last) in zip(cues, seen.bounds.tolist(), strict=True)
    ]
    return Example(t, labels, seen, np.concatenate(parts))


def _argument_labels(cue: tuple[int, int], rows: dict[str, Ints], first: int, last: int) -> Ints:
    labels = np.zeros(last - first, dtype=np.int64)
    for role in ("content", "source"):
        begin = ARGUMENT_LABELS.index(f"B-{role}")
        inside = rows[role][(rows[role] >= first) & (rows[role] < last)]
        for start, end in _runs(inside):
            labels[start - first], labels[start - first + 1 : end - first] = begin, begin + 1
    labels[cue[0] - first : cue[1] - first] = ARGUMENT_LABELS.index("cue")
    return labels


def _runs(rows: Ints) -> list[tuple[int, int]]:
    """Runs of consecutive rows, [start, end)."""
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(rows) > 1) + 1
    return [(int(run[0]), int(run[-1]) + 1) for run in np.split(rows, breaks)]
