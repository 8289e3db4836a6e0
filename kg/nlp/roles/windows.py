"""What a cue sees: the tokens around it, by the way in which they hang on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.nlp.roles.prior import mix
from kg.nlp.roles.tokens import HEIGHT, distances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg.nlp.roles.tokens import Tokens

    Ints = NDArray[np.int64]
    Ids = NDArray[np.uint64]
    _Spans = tuple[Ints, Ints, Ints, Ints]
    """Starts and ends of cues, first rows and ends of their windows."""

_BEFORE, _AFTER = 2, 4
"""How many sentences before and behind the cue's may hold its source and content."""
_ROUTE: Final = 3
"""How many steps up from a cue are told apart."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The tokens around k cues as each cue sees them, r rows in all; a token may stand in several windows."""

    bounds: Ints
    """(k, 2) the rows of :class:`Tokens` that each window takes in."""
    heads: Ints
    """(k,) the word that each cue hangs on."""
    cue: Ints
    """(r,) which cue's window a row belongs to."""
    token: Ints
    """(r,) which row of :class:`Tokens` it is."""
    columns: Ids
    """(r, len(ARGUMENT_ROWS)) features."""

    def __len__(self) -> int:
        return len(self.token)


def windows_of(t: Tokens, cues: Sequence[tuple[int, int]]) -> Windows:
    """The windows of cues, given as rows [start, end) that do not overlap; at least one cue."""
    starts, ends = np.array(cues, dtype=np.int64).T
    heads = np.array([t.cue_head(start, end) for start, end in cues], dtype=np.int64)
    first = np.maximum(
        np.searchsorted(t.paragraph, t.paragraph[starts]), np.searchsorted(t.sentence, t.sentence[starts] - _BEFORE)
    )
    last = np.minimum(
        np.searchsorted(t.paragraph, t.paragraph[starts], side="right"),
        np.searchsorted(t.sentence, t.sentence[ends - 1] + _AFTER, side="right"),
    )
    sizes = last - first
    cue = np.repeat(np.arange(len(cues)), sizes)
    token = np.arange(len(cue)) - np.repeat(np.cumsum(sizes) - sizes - first, sizes)
    columns = _argument_columns(t, (starts, ends, first, last), heads, cue, token)
    return Windows(np.stack([first, last], axis=1), heads, cue, token, columns)


def _argument_columns(t: Tokens, spans: _Spans, heads: Ints, cue: Ints, token: Ints) -> Ids:
    starts, ends, first, last = spans
    of = np.full(len(t), -1, dtype=np.int64)
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        of[start:end] = number
    lemma, signature, cue_pos = t.lemma[heads][cue], t.signature[heads][cue], t.pos[heads][cue]
    start, end = starts[cue], ends[cue]
    branch, depth, child, climbed = _branches(t, heads, cue, token)
    pos, entity = t.pos[token], t.entity[token]

    opens, closes = token == first[cue], token == last[cue] - 1
    changed = child[1:] != child[:-1]
    edge_before = opens | np.concatenate([[True], changed])
    edge_after = closes | np.concatenate([changed, [True]])
    branch_before = np.where(opens, np.uint64(0), np.concatenate([branch[:1], branch[:-1]]))
    branch_after = np.where(closes, np.uint64(0), np.concatenate([branch[1:], branch[-1:]]))

    distance = np.where(token < start, token - start, np.where(token >= end, token - end + 1, 0))
    side, near = np.sign(distance), distances(distance)
    sentences = np.clip(t.sentence[token] - t.sentence[start], -2, 3)
    inside = t.quotation[token] > 0
    same, context = _quotations_beside(t, spans, cue, token)

    owner = (of >= 0).astype(np.int64)
    owners = np.where(climbed == heads[cue][:, None], 2, owner[climbed])
    nearest = (owners > 0).argmax(axis=1)
    owned = owners[np.arange(len(token)), nearest]
    other = (of[token] >= 0) & (of[token] != cue)
    begun = np.cumsum((of >= 0) & np.concatenate([[True], of[1:] != of[:-1]]))
    between = np.minimum(np.abs(begun[token] - begun[start]), 2)
    following = np.minimum(ends, len(t) - 1)
    follower = np.where(ends < last, t.lower[following], np.uint64(0))[cue]
    columns = (
        mix(branch),
        mix(branch, depth),
        mix(branch, lemma),
        mix(branch, signature, cue_pos),
        mix(branch, edge_before, edge_after, pos),
        mix(branch_before, branch),
        mix(branch, branch_after),
        mix(branch, pos, entity),
        mix(branch, side, context),
        mix(lemma, near),
        mix(near, cue_pos),
        mix(near, pos),
        mix(sentences, inside, t.quoted[token], t.quoted[start]),
        mix(same, sentences, context, inside, side),
        mix(owned, side, branch),
        mix(owned, between, side, sentences),
        mix(between, same, inside, side),
        mix(follower, near),
        mix(other, side, near),
        mix(t.lower[token], near),
        mix(lemma, side, pos),
        mix(context, side, signature),
    )
    return np.stack(columns, axis=1)


def _branches(t: Tokens, heads: Ints, cue: Ints, token: Ints) -> tuple[Ids, Ints, Ints, Ints]:
    """How each row hangs on its cue, up some steps and down a branch; its depth, the branch's top, its ancestors."""
    rows = np.arange(len(token))
    path = t.ancestors[heads]
    climbed = t.ancestors[token]
    steps = np.full(climbed.shape, -1, dtype=np.int64)
    for step in reversed(range(HEIGHT)):
        steps[climbed == path[cue, step][:, None]] = step
    met = steps >= 0
    reached, at = met.any(axis=1), met.argmax(axis=1)
    join = steps[rows, at]
    child = climbed[rows, np.maximum(at - 1, 0)]
    route = np.zeros((len(heads), HEIGHT), dtype=np.uint64)
    for step in range(1, HEIGHT):
        route[:, step] = mix(route[:, step - 1], t.dep[path[:, step - 1]]) if step <= _ROUTE else route[:, _ROUTE]
    branch = mix(route[cue, join], np.where(at > 0, t.dep[child], np.uint64(1)))
    depth = np.where(reached, np.minimum(at, 4), 5)
    return np.where(reached, branch, np.uint64(7)), depth, child, climbed


def _quotations_beside(t: Tokens, spans: _Spans, cue: Ints, token: Ints) -> tuple[NDArray[np.bool_], Ints]:
    """Whether a row stands in a quotation beside its cue, and whether the cue's neighbours are quoted or marks."""
    starts, ends, first, last = spans
    state = (t.quotation > 0) + 2 * t.mark
    before = np.where(starts > first, state[np.maximum(starts - 1, 0)], 4)
    behind = np.where(ends < last, state[np.minimum(ends, len(t) - 1)], 4)
    same = np.zeros(len(token), dtype=bool)
    for offset in range(-2, 3):
        at = np.where(offset < 0, starts + offset, ends + offset)
        within = (at >= first) & (at < last)
        number = np.where(within, t.quotation[np.clip(at, 0, len(t) - 1)], 0)[cue]
        same |= (number > 0) & (t.quotation[token] == number)
    return same, (before * 5 + behind)[cue]


ARGUMENT_ROWS: Final = (
    600, 1000, 4000, 2500, 2000, 2500, 2500, 2000, 1500, 2500, 300, 400, 150, 400, 800, 200, 100, 1500, 200, 3000,
    2000, 1000,
)  # fmt: skip
"""Size of the embedding table of each column of :attr:`Windows.columns`."""
