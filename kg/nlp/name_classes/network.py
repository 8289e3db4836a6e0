"""The network behind the classes of names: each mention is read by itself, a name from the mean of its mentions.

Beside a name stand the longer and shorter names that share its words, and what it is an acronym of. Several networks
from several seeds give the mean of their logarithms.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from kg.nlp.name_classes.features import Floats, Names

_CLIP: Final = 5.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Brings features to mean 0 and deviation 1, in so far as the training articles have one."""

    mean: Floats
    deviation: Floats

    def __call__(self, values: Floats) -> Floats:
        """(n, f) → (n, f), cut at five deviations."""
        scaled: Floats = np.clip((values - self.mean) / self.deviation, -_CLIP, _CLIP)
        return scaled


@dataclass(frozen=True, slots=True)
class Layers:
    """The weights of one network, layer by layer: of mentions, of names, of classes."""

    mention: Floats
    mention_bias: Floats
    name: Floats
    name_bias: Floats
    out: Floats
    out_bias: Floats

    def __call__(self, names: Names) -> Floats:
        """(n, classes) natural logarithms of the chances, from scaled features."""
        pooled = names.pools[0](relu(names.mentions @ self.mention + self.mention_bias))
        seen = np.concatenate([pooled, *(pool(pooled) for pool in names.pools[1:]), names.facts], axis=1)
        return log_softmax(relu(seen @ self.name + self.name_bias) @ self.out + self.out_bias)


@dataclass(frozen=True, slots=True)
class Network:
    """Networks of several seeds over the same features."""

    labels: tuple[str, ...]
    mentions: Scale
    facts: Scale
    members: tuple[Layers, ...]

    def __call__(self, names: Names) -> Floats:
        """(names, labels) natural logarithms, from features as they were read."""
        scaled = self.scaled(names)
        return np.asarray(np.mean([member(scaled) for member in self.members], axis=0))

    def scaled(self, names: Names) -> Names:
        """The names with scaled features."""
        return type(names)(self.mentions(names.mentions), self.facts(names.facts), names.pools)

    def save(self, path: Path) -> None:
        """Write a file of weights in half precision."""
        weights: dict[str, Any] = {
            f"{number}/{field.name}": getattr(member, field.name).astype(np.float16)
            for number, member in enumerate(self.members)
            for field in fields(Layers)
        }
        for name, scale in (("mentions", self.mentions), ("facts", self.facts)):
            weights |= {f"{name}/{field.name}": getattr(scale, field.name) for field in fields(Scale)}
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, labels=np.array(self.labels), **weights)

    @classmethod
    def load(cls, path: Path) -> Network:
        """From a file that :meth:`save` wrote.

        Raises:
            OSError: there is none.
        """
        with np.load(path, allow_pickle=False) as file:
            mentions, facts = (
                Scale(*(file[f"{name}/{field.name}"] for field in fields(Scale))) for name in ("mentions", "facts")
            )
            members = list[Layers]()
            while f"{len(members)}/mention" in file:
                parts = (file[f"{len(members)}/{field.name}"].astype(np.float32) for field in fields(Layers))
                members.append(Layers(*parts))
            return cls(tuple(map(str, file["labels"])), mentions, facts, tuple(members))


def relu(values: Floats) -> Floats:
    """What is positive; zero for the rest."""
    return np.maximum(values, 0)


def log_softmax(scores: Floats) -> Floats:
    """Natural logarithms of the chances that scores stand for, row by row."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
