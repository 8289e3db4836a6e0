"""How often a word was the head of a cue in the training articles, and the mixing of symbols into one number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from spacy import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from spacy.tokens import Doc

    Ints = NDArray[np.int64]
    Ids = NDArray[np.uint64]


class CuePrior:
    """How often a lemma with its part of speech was the head of a cue in the training articles."""

    _BOUNDS: Final = np.array([0.01, 0.03, 0.08, 0.16, 0.3, 0.45, 0.6, 0.75, 0.88])
    UNKNOWN: Final = 10
    RARE: Final = 4

    def __init__(self, keys: Ids, seen: Ints, cues: Ints) -> None:
        self.keys, self.seen, self.cues = keys, seen, cues
        self.mean = float(cues.sum()) / max(1, int(seen.sum()))

    @classmethod
    def count(cls, words: Iterable[Ids], heads: Iterable[Ids]) -> CuePrior:
        """From the keys of all words, and of those that head a cue."""
        keys, seen = np.unique(np.concatenate(list(words)), return_counts=True)
        cues = np.zeros(len(keys), dtype=np.int64)
        found, counts = np.unique(np.concatenate(list(heads)), return_counts=True)
        cues[np.searchsorted(keys, found)] = counts
        return cls(keys, seen.astype(np.int64), cues)

    def pruned(self, least: int = 2) -> CuePrior:
        """Without words seen less often than `least`, which say the same as unknown ones."""
        kept = self.seen >= least
        return CuePrior(self.keys[kept], self.seen[kept], self.cues[kept])

    def bucket(self, keys: Ids, without: CuePrior | None = None) -> Ints:
        """A number from 0 (never a cue) to 9 (nearly always), plus 20 for rare words; 10 for unknown ones.

        `without` holds the counts of the article at hand, which are taken off while training.
        """
        seen, cues = self._counts(keys)
        if without is not None:
            own_seen, own_cues = without._counts(keys)  # noqa: SLF001 - the same class
            seen, cues = seen - own_seen, cues - own_cues
        share = (cues + 2 * self.mean) / (seen + 2)
        bucket = np.searchsorted(self._BOUNDS, share, side="right").astype(np.int64)
        bucket += 20 * (seen < self.RARE)
        bucket[seen <= 1] = self.UNKNOWN
        return bucket

    def _counts(self, keys: Ids) -> tuple[Ints, Ints]:
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[at] == keys
        return np.where(known, self.seen[at], 0), np.where(known, self.cues[at], 0)


def word_keys(doc: Doc) -> Ids:
    """The keys by which :class:`CuePrior` knows the words of a Doc, white space left out."""
    table = doc.to_array([attrs.LEMMA, attrs.POS, attrs.IS_SPACE])
    keys: Ids = mix(table[:, 0], table[:, 1])[table[:, 2] == 0]
    return keys


def mix(*parts: Any) -> Ids:
    """One 64-bit number per row from several columns; the order of the columns counts."""
    mixed: Ids = np.full(1, 0x9E3779B97F4A7C15, dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ np.asarray(part).astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = mixed ^ (mixed >> np.uint64(29))
    return mixed
