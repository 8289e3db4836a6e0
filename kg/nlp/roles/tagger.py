"""The tagger of attributions: sources, cues and contents as the training articles' annotators would mark them.

First every token gets its chance of being part of a cue; then each cue's own window is labelled, so that who says what
is linked from the start. Attributions found here are never nested, as in the corpus they were learned from (PolNeAR:
Newell, Margolin and Ruths, LREC 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.nlp.roles.network import ARGUMENT_LABELS, Network
from kg.nlp.roles.tokens import read_tokens
from kg.nlp.roles.windows import windows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from spacy.tokens import Doc

    from kg.nlp.roles.tokens import Ints, Tokens
    from kg.nlp.roles.windows import Windows

    Floats = NDArray[np.float32]
    Range = tuple[int, int]

CERTAIN: Final = 0.4
"""The least chance at which a cue is believed: where F1 is best on articles that were held out."""
_POSSIBLE: Final = 0.2
_JOINED: Final = 0.4
_PART: Final = 4000
"""Tokens that are read at once: memory does not grow with the article."""
_NEVER: Final = -1e4


@dataclass(frozen=True, slots=True)
class Tagged:
    """One attribution as token ranges of a Doc, [start, end)."""

    head: int
    """The token that the cue hangs on."""
    cue: Range
    source: Range | None
    contents: tuple[Range, ...]
    """One or two parts."""
    probability: float
    """Of the cue."""
    certainty: float
    """Of source and contents: the mean chance (geometric) of the labels chosen around the cue."""


class AttributionTagger:
    """Finds attributions in the Docs of the pipeline that it was trained behind."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @classmethod
    def load(cls, folder: Path) -> AttributionTagger:
        """From the folder of a trained network.

        Raises:
            OSError: there is none.
        """
        return cls(Network.load(folder))

    def reads(self, doc: Doc) -> bool:
        """Whether a Doc comes from a pipeline like that one, by the shape of its tensor."""
        return bool(doc.tensor.shape == (len(doc), self._network.config.vectors))

    def __call__(
        self, doc: Doc, certain: float = CERTAIN, *, alone: float = 0.0, shared: Collection[int] = ()
    ) -> list[Tagged]:
        """The attributions whose cue is at least `certain`, in the order of their cues.

        A cue without any of the tokens `shared` must be as likely as `alone`.
        """
        parts = read_tokens(doc, self._network.prior).parts(_PART)
        return [found for part in parts for found in self._read(doc, part, certain, alone, shared)]

    def _read(self, doc: Doc, t: Tokens, certain: float, alone: float, shared: Collection[int]) -> Iterator[Tagged]:
        hidden, chances = self._network.cues(t)
        cues = [
            (cue, probability)
            for cue, probability in cues_of(t, chances, certain)
            if probability >= alone or any(int(i) in shared for i in t.index[slice(*cue)])
        ]
        if not cues:
            return
        seen = windows_of(t, [cue for cue, _ in cues])
        scores = np.log(self._network.arguments(t, hidden, seen) + 1e-9)
        labels = _decode(scores, seen)
        chosen = scores[np.arange(len(labels)), labels]
        for number, (cue, probability) in enumerate(cues):
            lo = int(seen.bounds[number, 0])
            own = labels[seen.cue == number]
            certainty = float(np.exp(chosen[seen.cue == number].mean()))
            sources, contents = _runs(own, "source", lo), _runs(own, "content", lo)
            if not contents:
                contents = _next_paragraph(doc, t, cue)
            if contents:
                longest = sorted(sorted(contents, key=lambda r: r[0] - r[1])[:2])
                source = max(sources, key=lambda r: r[1] - r[0], default=None)
                yield Tagged(
                    int(t.index[seen.heads[number]]),
                    _range(t, cue),
                    _range(t, source) if source is not None else None,
                    tuple(_range(t, r) for r in longest),
                    probability,
                    certainty,
                )


def cues_of(t: Tokens, chances: Floats, certain: float) -> list[tuple[Range, float]]:
    """Rows of the cues, from the (n, 2) chances of beginning and continuing one."""
    either = chances.sum(axis=1)
    found = []
    row, n = 0, len(t)
    while row < n:
        if either[row] <= _POSSIBLE:
            row += 1
            continue
        end = row + 1
        while end < n and either[end] > _POSSIBLE and t.paragraph[end] == t.paragraph[row]:
            if chances[end, 0] > max(chances[end, 1], _POSSIBLE):
                break
            end += 1
        best = float(either[row:end].max())
        if best >= certain:
            start, stop, head = row, end, t.cue_head(row, end)
            while stop - 1 > max(start, head) and either[stop - 1] < _JOINED:
                stop -= 1
            while start < min(stop - 1, head) and either[start] < _JOINED:
                start += 1
            found.append(((start, stop), best))
        row = end
    return found


def _transitions() -> Floats:
    """0 where a label may follow another, a great loss where not; the last row is for the first token."""
    allowed = np.zeros((len(ARGUMENT_LABELS) + 1, len(ARGUMENT_LABELS)), dtype=np.float32)
    for j, label in enumerate(ARGUMENT_LABELS):
        if label.startswith("I-"):
            for i, before in enumerate((*ARGUMENT_LABELS, "")):
                if before[2:] != label[2:]:
                    allowed[i, j] = _NEVER
    return allowed


_TRANSITIONS: Final = _transitions()


def _decode(scores: Floats, seen: Windows) -> Ints:
    """The best sequence of labels of each window, all windows side by side, the longest first (Viterbi)."""
    sizes = seen.bounds[:, 1] - seen.bounds[:, 0]
    order = np.argsort(-sizes, kind="stable")
    place = np.argsort(order)[seen.cue]
    at = np.arange(len(seen)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    count, longest, width = len(sizes), int(sizes.max()), scores.shape[1]
    padded = np.zeros((longest, count, width), dtype=np.float32)
    padded[at, place] = scores
    steps, start = _TRANSITIONS[:-1].T, _TRANSITIONS[-1]
    best = padded[0] + start
    back = np.tile(np.arange(width), (longest, count, 1))  # past its end, a window keeps its label
    open_ = np.searchsorted(-sizes[order], -np.arange(longest), side="left")
    for i in range(1, longest):
        n = open_[i]
        ways = best[:n, None, :] + steps
        ways.argmax(axis=2, out=back[i, :n])
        best[:n] = ways.max(axis=2) + padded[i, :n]
    labels = np.zeros((longest, count), dtype=np.int64)
    labels[-1] = best.argmax(axis=1)
    windows = np.arange(count)
    for i in range(longest - 1, 0, -1):
        labels[i - 1] = back[i, windows, labels[i]]
    return np.asarray(labels[at, place])


def _runs(labels: Ints, role: str, offset: int) -> list[Range]:
    """Rows [start, end) of a role's runs."""
    begin, inside = ARGUMENT_LABELS.index(f"B-{role}"), ARGUMENT_LABELS.index(f"I-{role}")
    found: list[Range] = []
    for row, label in enumerate(labels.tolist(), start=offset):
        if label == inside and found and found[-1][1] == row:
            found[-1] = (found[-1][0], row + 1)
        elif label in {begin, inside}:
            found.append((row, row + 1))
    return found


def _next_paragraph(doc: Doc, t: Tokens, cue: Range) -> list[Range]:
    """ "The agency reports:" at the end of a paragraph introduces the next one."""
    end = int(np.searchsorted(t.paragraph, t.paragraph[cue[0]], side="right"))
    if end >= len(t) or cue[1] < end - 3 or doc[int(t.index[end - 1])].text != ":":
        return []
    return [(end, int(np.searchsorted(t.paragraph, t.paragraph[end], side="right")))]


def _range(t: Tokens, rows: Range) -> Range:
    return int(t.index[rows[0]]), int(t.index[rows[1] - 1]) + 1
