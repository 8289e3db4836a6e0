"""Trains the tagger of attributions on PolNeAR, behind the pipeline that the package ships."""

from __future__ import annotations

import random
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from thinc.api import Adam, fix_random_seed

from kg.errors import RecordError
from kg.model import Article
from kg.nlp import parse, trained
from kg.nlp.reading import read
from kg.nlp.roles.network import Config, Graph, Network, Size
from kg.nlp.roles.tokens import read_tokens
from kg.nlp.training import polnear
from kg.nlp.training.examples import annotated, batches, examples_of, without_commas
from kg.nlp.training.gemm import numpy_products
from kg.nlp.training.pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.nlp.roles.prior import CuePrior
    from kg.nlp.roles.windows import Windows
    from kg.nlp.training.corpora import Corpora
    from kg.nlp.training.examples import Annotated, Example
    from kg.nlp.training.polnear import Attribution

    Floats = NDArray[np.float32]
    Log = Callable[[str], None]

_WARM_UP: Final = 100
_LEAST_RATE: Final = 0.01
_WITHOUT_COMMAS: Final = 5
"""One article in so many is also read without its commas."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a tagger is trained."""

    epochs: int = 9
    batch: int = 1500
    """Tokens of a batch, at least."""
    rate: float = 0.0015
    dropout: float = 0.2
    seed: int = 0
    encoder: Size = field(default_factory=lambda: Size(width=80, embedding=20, depth=3))
    arguer: Size = field(default_factory=lambda: Size(width=56, embedding=16, depth=2))


def learn(
    corpora: Corpora, out: Path, *, teacher: Path | None, model: str | None, settings: Settings, log: Log
) -> Network:
    """Train on PolNeAR's training set, parsed by a pipeline; the network goes to the folder `out`.

    A teacher is the folder of a pre-trained encoder (:mod:`kg.nlp.training.teacher`): it also reads the newswire of the
    training set, which nobody has annotated.

    Raises:
        UnreadableError: the corpus holds no articles, or the folder no encoder.
        ModelError: the pipeline is not installed, or lacks a parser.
    """
    nlp = trained(model)
    pieces = Pieces(teacher, nlp.vocab.strings) if teacher is not None else None
    articles, halves = [], []
    with numpy_products():
        for number, gold in enumerate(polnear.articles(corpora.polnear / "train")):
            attributions = _first_readable(gold.annotations)
            reading = read(Article(gold.path.stem, gold.text))
            forms = (reading, without_commas(reading)) if number % _WITHOUT_COMMAS == 0 else (reading,)
            if attributions:
                docs = parse(nlp, [form.text for form in forms])
                articles += [annotated(doc, form.offsets, attributions) for doc, form in zip(docs, forms, strict=True)]
                halves += [number % 2] * len(forms)
        log(f"{len(articles)} articles")
        prior, examples = examples_of(articles)
        if pieces is not None:
            from kg.nlp.training.teacher import teach  # noqa: PLC0415 - PyTorch only for who needs it

            unread = [read_tokens(doc, prior) for doc in parse(nlp, _texts(corpora.newswire / "train"))]
            examples = teach(pieces, examples, halves, unread, log)
        network = fit(prior, examples, settings, log, checkpoint=out)
    network.save(out)
    return network


def _texts(folder: Path) -> Iterator[str]:
    """The clean texts of a folder, in the order of their names."""
    for path in sorted(folder.glob("*.txt")):
        yield read(Article(path.stem, path.read_text(encoding="utf-8"))).text


def _first_readable(annotations: Iterable[Path]) -> tuple[Attribution, ...]:
    """The first annotator's attributions; one file of the release holds a broken mention."""
    for path in annotations:
        try:
            return polnear.read(path)
        except RecordError:
            continue
    return ()


def train(articles: Sequence[Annotated], settings: Settings, log: Log) -> Network:
    """A network learned from Docs that have their tensor."""
    return fit(*examples_of(articles), settings, log)


def fit(
    prior: CuePrior, examples: Sequence[Example], settings: Settings, log: Log, checkpoint: Path | None = None
) -> Network:
    """A network learned from examples; after each epoch it is also saved to `checkpoint`."""
    fix_random_seed(settings.seed)
    examples = list(examples)
    config = Config(settings.encoder, settings.arguer, vectors=examples[0].tokens.vectors.shape[1])
    network = Network.new(config, prior, dropout=settings.dropout)
    optimizer = Adam(settings.rate, L2=1e-6, grad_clip=1.0, use_averages=True)
    shuffler = random.Random(settings.seed)
    total, seen, steps = settings.epochs * sum(len(e.tokens) for e in examples), 0, 0
    for epoch in range(settings.epochs):
        shuffler.shuffle(examples)
        losses = np.zeros(2)
        for batch in batches(examples, settings.batch):
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
    gradient, cue_loss = _surprise(chances, np.concatenate([e.targets for e in batch]), scale=1 / 300)
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
            chances, np.concatenate([e.argument_targets for e, _, _ in windowed]), scale=1 / 1000
        )
        _add_rows(hidden_gradient, back_arguer(back_labels(gradient)), [(w, o) for _, w, o in windowed])
    back_encoder(hidden_gradient)
    return np.array([cue_loss, argument_loss])


def _surprise(chances: Floats, targets: Floats, scale: float) -> tuple[Floats, float]:
    """Gradient and sum of the cross-entropy."""
    return (chances - targets) * np.float32(scale), float(-np.vdot(targets, np.log(chances + 1e-9)))


def _add_rows(hidden: Floats, gradient: Floats, windows: Sequence[tuple[Windows, int]]) -> None:
    """Bring the gradient of window rows, (r, 2·width), back to the tokens and to the heads of the cues."""
    row, width = 0, hidden.shape[1]
    for window, offset in windows:
        for (first, last), head in zip(window.bounds.tolist(), window.heads.tolist(), strict=True):
            part = gradient[row : row + last - first]
            hidden[offset + first : offset + last] += part[:, :width]
            hidden[offset + head] += part[:, width:].sum(axis=0)
            row += last - first
