"""What the tagger of attributions learns from: parsed articles, with the labels that annotations give their tokens."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from kg.nlp.reading import Reading
from kg.nlp.roles.network import ARGUMENT_LABELS, CUE_LABELS
from kg.nlp.roles.prior import CuePrior, word_keys
from kg.nlp.roles.tokens import read_tokens
from kg.nlp.roles.windows import windows_of
from kg.nlp.training.polnear import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc

    from kg.nlp.roles.tokens import Ints, Tokens
    from kg.nlp.roles.windows import Windows
    from kg.nlp.training.polnear import Attribution

    Floats = NDArray[np.float32]


class Read(Protocol):
    """Whatever stands for an article."""

    @property
    def tokens(self) -> Tokens:
        """Its tokens."""


_Read = TypeVar("_Read", bound=Read)


@dataclass(frozen=True, slots=True)
class Example:
    """One article to learn from."""

    tokens: Tokens
    targets: Floats
    """(n, len(CUE_LABELS)) the chances that the network should give each token."""
    windows: Windows | None
    argument_targets: Floats
    """(r, len(ARGUMENT_LABELS)) those that it should give the rows of the windows."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """A parsed Doc with its attributions, each role as token numbers."""

    doc: Doc
    attributions: tuple[dict[str, frozenset[int]], ...]


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


def examples_of(articles: Sequence[Annotated]) -> tuple[CuePrior, list[Example]]:
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


def batches(items: Iterable[_Read], size: int) -> Iterator[list[_Read]]:
    """Runs of items with at least `size` tokens, but for the last."""
    batch: list[_Read] = []
    for item in items:
        batch.append(item)
        if sum(len(own.tokens) for own in batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


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
        return Example(t, _certain(labels, len(CUE_LABELS)), None, _certain(labels[:0], len(ARGUMENT_LABELS)))
    seen = windows_of(t, [cue for cue, _ in cues])
    parts = [
        _argument_labels(cue, rows, first, last)
        for (cue, rows), (first, last) in zip(cues, seen.bounds.tolist(), strict=True)
    ]
    arguments = _certain(np.concatenate(parts), len(ARGUMENT_LABELS))
    return Example(t, _certain(labels, len(CUE_LABELS)), seen, arguments)


def _certain(labels: Ints, size: int) -> Floats:
    """(n, size) a chance of one for each label, and of none for the others."""
    return np.eye(size, dtype=np.float32)[labels]


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
