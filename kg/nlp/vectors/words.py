"""Vectors of whole words, and the layer that gives them to an encoder beside its hashed features.

A word is looked up by the 64-bit hash of its lower-case form, so that no list of words is kept; a rare word may share
the row of its nearest neighbour. Values are bytes, with one scale for each column. All encoders share the table of the
package, and a saved pipeline holds none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
from spacy import attrs as attributes
from spacy.ml.featureextractor import FeatureExtractor
from spacy.ml.staticvectors import StaticVectors
from spacy.util import registry
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.initializers import glorot_uniform_init
from thinc.types import Ragged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from spacy.tokens import Doc

    Floats = NDArray[np.float32]
    Layer = Model[Any, Any]

ARCHITECTURE: Final = "conflict_kg.HashAndWordEmbed.v1"
_LARGEST: Final = 127


@dataclass(frozen=True, slots=True)
class WordTable:
    """Vectors of n words in m rows of d columns."""

    keys: NDArray[np.uint64]
    """(n,) hashes of lower-case words, ascending."""
    rows: NDArray[np.uint16]
    """(n,) the row of each."""
    values: NDArray[np.int8]
    """(m, d), in steps of `scales`."""
    scales: Floats
    """(d,) size of a step of each column."""

    @classmethod
    def of(cls, keys: NDArray[np.uint64], rows: NDArray[np.int64], vectors: Floats) -> WordTable:
        """From keys in any order, their rows, and (m, d) vectors; columns are divided evenly between their extremes."""
        order = np.argsort(keys, kind="stable")
        scales = (np.abs(vectors).max(axis=0) / _LARGEST).astype(np.float32)
        values = np.rint(vectors / scales).astype(np.int8)
        return cls(keys[order], rows[order].astype(np.uint16), values, scales)

    @classmethod
    def load(cls, file: IO[bytes]) -> WordTable:
        """From a file that :meth:`save` wrote."""
        with np.load(file, allow_pickle=False) as arrays:
            return cls(arrays["keys"], arrays["rows"], arrays["values"], arrays["scales"])

    def save(self, path: Path) -> None:
        """Write an ``.npz`` file."""
        np.savez(path, allow_pickle=False, keys=self.keys, rows=self.rows, values=self.values, scales=self.scales)

    def __call__(self, keys: NDArray[np.uint64]) -> Floats:
        """(len(keys), d) the vectors of hashed lower-case words, zeros for those that the table lacks."""
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = self.values.take(self.rows.take(at), axis=0) * self.scales
        found[self.keys.take(at) != keys] = 0
        return np.asarray(found)


@cache
def package_table() -> WordTable:
    """The table in the package."""
    with files(__package__).joinpath("words.npz").open("rb") as file:
        return WordTable.load(file)


@registry.architectures(ARCHITECTURE)  # type: ignore[untyped-decorator]
def embed(width: int, attrs: list[str], rows: list[int], include_static_vectors: bool) -> Layer:
    """Docs → one vector of `width` for each token, as spaCy's MultiHashEmbed makes them, and of its word besides.

    Args:
        width: columns of each part and of the result.
        attrs: attributes of tokens whose hashes are embedded.
        rows: size of the table of each attribute.
        include_static_vectors: whether the vectors of the vocabulary are a part too.
    """
    hashes: list[Layer] = [HashEmbed(width, size, column=i, seed=8 + i, dropout=0.0) for i, size in enumerate(rows)]
    features: Layer = chain(FeatureExtractor(attrs), list2ragged(), with_array(concatenate(*hashes)))
    vectors = [StaticVectors(width, dropout=0.0)] if include_static_vectors else []
    joined = width * (len(rows) + len(vectors) + 1)
    mixed: Layer = with_array(Maxout(width, joined, nP=3, dropout=0.0, normalize=True))
    return chain(concatenate(features, *vectors, word_vectors(width)), mixed, ragged2list())


def word_vectors(width: int) -> Layer:
    """Docs → their words' vectors, brought to `width` by a learned matrix; the table itself is not trained."""
    columns = package_table().values.shape[1]
    return Model("word_vectors", _forward, init=_init, params={"W": None}, dims={"nO": width, "nM": columns})


def _init(model: Layer, X: Any = None, Y: Any = None) -> None:  # noqa: N803 - thinc's signature
    model.set_param("W", glorot_uniform_init(model.ops, (model.get_dim("nO"), model.get_dim("nM"))))


def _forward(model: Layer, docs: Sequence[Doc], is_train: bool) -> tuple[Ragged, Callable[[Ragged], list[Doc]]]:
    ops: Any = model.ops
    vectors = package_table()(np.concatenate([doc.to_array(attributes.LOWER) for doc in docs]))
    weights: Any = model.get_param("W")

    def backprop(gradient: Ragged) -> list[Doc]:
        model.inc_grad("W", ops.gemm(gradient.data, vectors, trans1=True))
        return []

    return Ragged(ops.gemm(vectors, weights, trans2=True), ops.asarray1i([len(doc) for doc in docs])), backprop
