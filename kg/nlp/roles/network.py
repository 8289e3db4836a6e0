"""The network behind the tagger of attributions: an encoder with a layer for cues, and a smaller network for arguments.

Both are stacks in which a token looks at its neighbours, its syntactic head and its dependents, a few times over. The
cue layer labels every token; for each cue, the second stack labels the tokens of its window as source, content or
neither. Hash embeddings and maxout as in spaCy's own encoders (Honnibal and Montani); labels in BIO.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from thinc.api import Maxout, Model, Softmax

from kg.nlp.roles.prior import CuePrior
from kg.nlp.roles.tokens import ROWS
from kg.nlp.roles.windows import ARGUMENT_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.nlp.roles.tokens import Ids, Ints, Tokens
    from kg.nlp.roles.windows import Windows

    Floats = NDArray[np.float32]
    Layer = Model[Any, Any]

CUE_LABELS: Final = ("O", "B-cue", "I-cue", "B-source", "I-source", "B-content", "I-content")
ARGUMENT_LABELS: Final = ("O", "cue", "B-source", "I-source", "B-content", "I-content")
_WEIGHTS, _CONFIG = "weights.npz", "config.json"
_VIEWS: Final = 5
_FACTORS: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
"""By which a feature is hashed to two rows."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Who is joined to whom among n rows; -1 for nobody."""

    previous: Ints
    next: Ints
    head: Ints
    order: Ints
    """Rows that have a head, sorted by it."""
    heads: Ints
    """The heads themselves, each once, ascending."""
    starts: Ints
    """Where in `order` the dependents of each of `heads` begin."""
    weights: Floats
    """(len(heads), 1) one by the number of dependents."""
    views: Ints
    """(n, 5) what a row sees, as rows of a table of all values, of the means below `heads`, and of zeros at its end."""

    @classmethod
    def of(cls, previous: Ints, following: Ints, head: Ints) -> Graph:
        """From arrays of rows, each of length n."""
        n = len(head)
        order = np.argsort(head, kind="stable")
        order = order[np.searchsorted(head[order], 0) :]
        heads, starts, counts = np.unique(head[order], return_index=True, return_counts=True)
        weights = (1 / counts).astype(np.float32)[:, None]
        below = np.full(n, -1, dtype=np.int64)
        below[heads] = n + np.arange(len(heads))
        views = np.stack([np.arange(n), previous, following, head, below], axis=1)
        views[views < 0] = n + len(heads)
        return cls(previous, following, head, order, heads, starts, weights, views)

    @classmethod
    def sentences(cls, tokens: Sequence[Tokens]) -> Graph:
        """Of all tokens of some Docs, their rows counted on."""
        return cls._joined([(t.previous, t.next, t.head) for t in tokens])

    @classmethod
    def windows(cls, seen: Sequence[tuple[Tokens, Windows]]) -> Graph:
        """Of all rows of the windows of some Docs; nobody looks out of his window."""
        return cls._joined([_inside(t, w) for t, w in seen])

    @classmethod
    def _joined(cls, parts: Sequence[tuple[Ints, Ints, Ints]]) -> Graph:
        starts = np.cumsum([0, *(len(part[0]) for part in parts)])
        shifted = [
            np.concatenate(
                [np.where(part[k] >= 0, part[k] + start, -1) for part, start in zip(parts, starts, strict=False)]
            )
            for k in range(3)
        ]
        return cls.of(shifted[0], shifted[1], shifted[2])

    def look(self, values: Floats) -> Floats:
        """(n, w) → (n, 5w): a row, its neighbours, its head, the mean of its dependents."""
        nobody = np.zeros((1, values.shape[1]), dtype=values.dtype)
        table = np.concatenate([values, self._summed(values) * self.weights, nobody])
        return table.take(self.views, axis=0).reshape(len(values), -1)

    def unlook(self, gradient: Floats) -> Floats:
        """The gradient of :meth:`look`: (n, 5w) → (n, w)."""
        own, previous, following, head, dependents = np.split(gradient, _VIEWS, axis=1)
        total = own.copy()
        total[self.heads] += self._summed(head)
        weighted = np.zeros_like(own)
        weighted[self.heads] = dependents[self.heads] * self.weights
        total += _at(self.head, weighted)
        for rows, part in ((self.previous, previous), (self.next, following)):
            has = rows >= 0
            total[rows[has]] += part[has]
        return total

    def _summed(self, values: Floats) -> Floats:
        """(len(heads), w) the sum of the dependents of each of `heads`."""
        if not len(self.order):
            return values[:0]
        return np.asarray(np.add.reduceat(values[self.order], self.starts, axis=0))


def _at(rows: Ints, values: Floats) -> Floats:
    """The values at some rows, zero at -1."""
    found = values[rows]
    found[rows < 0] = 0
    return found


def _inside(t: Tokens, w: Windows) -> tuple[Ints, Ints, Ints]:
    rows = np.arange(len(w))
    first, last = w.bounds[w.cue].T
    head = t.head[w.token]
    within = (head >= first) & (head < last)
    return (
        np.where(w.token > first, rows - 1, -1),
        np.where(w.token < last - 1, rows + 1, -1),
        np.where(within, rows + head - w.token, -1),
    )


@dataclass(frozen=True, slots=True)
class Size:
    """How large a stack is."""

    width: int
    embedding: int
    """Columns of the embedding of each feature."""
    depth: int
    """How many times a token looks around."""


def rows_of(columns: Ids, tables: Sequence[int]) -> Ints:
    """(n, len(tables)) features → (n, len(tables), 2) the two rows of each, where all tables lie in one matrix."""
    sizes = np.array(tables, dtype=np.uint64)[:, None]
    offsets = np.cumsum([0, *tables[:-1]])[:, None]
    hashed = (columns[:, :, None] * _FACTORS) >> np.uint64(32)
    return np.asarray((hashed % sizes).astype(np.int64) + offsets)


def embed(tables: Sequence[int], width: int, dropout: float, seed: int) -> Layer:
    """(n, len(tables)) features → (n, len(tables) * width).

    All tables lie in one matrix. A feature is the sum of two rows of its table, so that two that share one row rarely
    share the other.
    """

    def forward(model: Layer, columns: Ids, is_train: bool) -> tuple[Floats, Callable[[Floats], Ids]]:
        ops: Any = model.ops
        table: Any = model.get_param("E")
        rows = rows_of(columns, tables).reshape(-1, len(_FACTORS))
        embedded = table.take(rows[:, 0], axis=0)
        embedded += table.take(rows[:, 1], axis=0)
        embedded = embedded.reshape(len(columns), -1)
        mask = ops.get_dropout_mask((embedded.shape[1],), dropout if is_train else 0.0)

        def backprop(gradient: Floats) -> Ids:
            parts = np.ascontiguousarray(gradient * mask).reshape(-1, width)
            into = np.zeros_like(table)
            for which in range(len(_FACTORS)):
                ops.scatter_add(into, rows[:, which].astype(np.int32), parts)
            model.inc_grad("E", into)
            return columns

        return embedded * mask if is_train else embedded, backprop

    def init(model: Layer, X: Any = None, Y: Any = None) -> None:  # noqa: N803 - thinc's signature
        generator = np.random.default_rng(seed)
        table: Any = generator.uniform(-0.1, 0.1, (sum(tables), width)).astype(np.float32)
        model.set_param("E", table)

    return Model("embed_columns", forward, init=init, params={"E": None})


def stack(tables: Sequence[int], dense: int, size: Size, *, dropout: float, seed: int) -> Layer:
    """(columns (n, len(tables)), values (n, dense), Graph) → (n, width); backprop gives the gradient of the values."""
    embedded_width = size.embedding * len(tables)
    width = size.width
    parts = [
        embed(tables, size.embedding, dropout / 2, seed),
        Maxout(nO=width, nI=embedded_width + dense, nP=2, dropout=dropout, normalize=True),
        *(Maxout(nO=width, nI=_VIEWS * width, nP=2, dropout=dropout, normalize=True) for _ in range(size.depth)),
    ]

    def forward(
        model: Layer, inputs: tuple[Ids, Floats, Graph], is_train: bool
    ) -> tuple[Floats, Callable[[Floats], Floats]]:
        embedding, first, *layers = model.layers
        columns, values, graph = inputs
        embedded, back_embedding = embedding(columns, is_train)
        hidden, back_first = first(np.concatenate([embedded, values], axis=1), is_train)
        backs = []
        for layer in layers:
            added, back = layer(graph.look(hidden), is_train)
            hidden = hidden + added
            backs.append(back)

        def backprop(gradient: Floats) -> Floats:
            for back in reversed(backs):
                gradient = gradient + graph.unlook(back(gradient))
            gradient = back_first(gradient)
            back_embedding(np.ascontiguousarray(gradient[:, :embedded_width]))
            return np.ascontiguousarray(gradient[:, embedded_width:])

        return hidden, backprop

    def init(model: Layer, X: Any = None, Y: Any = None) -> None:  # noqa: N803 - thinc's signature
        for layer in model.layers:
            layer.initialize()

    return Model("graph_stack", forward, init=init, layers=parts)


def predict(stack: Layer, columns: Ids, values: Sequence[tuple[Floats, Ints | None]], graph: Graph) -> Floats:
    """What a stack says outside training, to the last digits: (n, width).

    The values are given by the columns of tables and which row of them each of the n rows has (None: its own): a row
    that many share is multiplied once.
    """
    embedding, first, *layers = stack.layers
    weights = _weights(first)
    embedded = embedding.predict(columns)
    at = embedded.shape[1]
    product = _product(stack, embedded, weights[:, :at])
    for table, rows in values:
        part = _product(stack, table, weights[:, at : at + table.shape[1]])
        product += part if rows is None else part.take(rows, axis=0)
        at += table.shape[1]
    hidden = _activate(first, product)
    for layer in layers:
        hidden += _activate(layer, _product(stack, graph.look(hidden), _weights(layer)))
    return hidden


def _weights(layer: Layer) -> Floats:
    """(pieces * nO, nI) of a maxout layer with normalization."""
    weights: Any = layer.layers[0].layers[0].get_param("W")
    return np.asarray(weights.reshape(-1, weights.shape[-1]))


def _product(model: Layer, values: Floats, weights: Floats) -> Floats:
    ops: Any = model.ops
    return np.asarray(ops.gemm(values, np.ascontiguousarray(weights), trans2=True))


def _activate(layer: Layer, product: Floats) -> Floats:
    """(n, pieces * nO) products with the weights → (n, nO): the largest piece, normalized over the row."""
    maxout, norm = layer.layers[0].layers
    ops: Any = layer.ops
    bias, scale, shift = (np.asarray(of.get_param(name)) for of, name in ((maxout, "b"), (norm, "G"), (norm, "b")))
    product += bias.reshape(-1)
    best, _ = ops.maxout(product.reshape(len(product), *bias.shape))
    best -= best.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", best, best)[:, None] / best.shape[1] + 1e-8
    best *= variance**-0.5
    best *= scale
    best += shift
    return np.asarray(best)


@dataclass(frozen=True, slots=True)
class Config:
    """What a network was built with."""

    encoder: Size
    arguer: Size
    vectors: int
    """Columns of the tensor of the Docs that it reads."""

    @classmethod
    def read(cls, path: Path) -> Config:
        """From a file that :meth:`Network.save` wrote."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        return cls(Size(**raw["encoder"]), Size(**raw["arguer"]), raw["vectors"])


@dataclass(frozen=True, slots=True)
class Network:
    """The layers, with the prior that their features need."""

    config: Config
    prior: CuePrior
    encoder: Layer
    cue_layer: Layer
    arguer: Layer
    argument_layer: Layer

    @classmethod
    def new(cls, config: Config, prior: CuePrior, *, dropout: float = 0.0) -> Network:
        """An untrained network; dropout only matters to who trains it."""
        network = cls(
            config,
            prior,
            stack(ROWS, config.vectors, config.encoder, dropout=dropout, seed=1),
            Softmax(nO=len(CUE_LABELS), nI=config.encoder.width),
            stack(ARGUMENT_ROWS, 2 * config.encoder.width, config.arguer, dropout=dropout, seed=101),
            Softmax(nO=len(ARGUMENT_LABELS), nI=config.arguer.width),
        )
        for layer in network.layers:
            layer.initialize()
        return network

    def copy(self) -> Network:
        """The same network with weights of its own."""
        return Network(self.config, self.prior, *(layer.copy() for layer in self.layers))

    @property
    def layers(self) -> tuple[Layer, Layer, Layer, Layer]:
        """The parts that have weights."""
        return self.encoder, self.cue_layer, self.arguer, self.argument_layer

    def cues(self, t: Tokens) -> tuple[Floats, Floats]:
        """What the encoder says of each token (n, width), and its chances to begin and to continue a cue (n, 2)."""
        hidden = predict(self.encoder, t.columns, [(t.vectors, None)], Graph.sentences([t]))
        return hidden, self.cue_layer.predict(hidden)[:, 1:3]

    def arguments(self, t: Tokens, hidden: Floats, seen: Windows) -> Floats:
        """(r, len(ARGUMENT_LABELS)) the chances of the labels of each row of the windows."""
        values = [(hidden, seen.token), (hidden[seen.heads], seen.cue)]
        inner = predict(self.arguer, seen.columns, values, Graph.windows([(t, seen)]))
        return np.asarray(self.argument_layer.predict(inner))

    def save(self, folder: Path) -> None:
        """Write configuration and weights, in half precision, to a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        config = json.dumps(asdict(self.config), indent=2) + "\n"
        (folder / _CONFIG).write_text(config, encoding="utf-8")
        weights: dict[str, Any] = {
            name: layer.get_param(key).astype("float16") for name, layer, key in self.parameters()
        }
        prior: dict[str, Any] = {
            "prior/keys": self.prior.keys,
            "prior/seen": self.prior.seen,
            "prior/cues": self.prior.cues,
        }
        np.savez(folder / _WEIGHTS, allow_pickle=False, **weights, **prior)

    @classmethod
    def load(cls, folder: Path) -> Network:
        """From a folder that :meth:`save` wrote.

        Raises:
            OSError: a file is missing.
        """
        config = Config.read(folder / _CONFIG)
        with np.load(folder / _WEIGHTS, allow_pickle=False) as arrays:
            prior = CuePrior(arrays["prior/keys"], arrays["prior/seen"], arrays["prior/cues"])
            network = cls.new(config, prior)
            for name, layer, key in network.parameters():
                layer.set_param(key, arrays[name].astype(np.float32))
        return network

    def parameters(self) -> list[tuple[str, Layer, str]]:
        """Name, layer and key of every array of weights."""
        return [
            (f"{part}/{number}/{key}", layer, key)
            for part, top in enumerate(self.layers)
            for number, layer in enumerate(top.walk())
            for key in layer.param_names
        ]
