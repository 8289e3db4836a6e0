"""What the tagger of attributions sees of a Doc: arrays of numbers, one row per token that is not white space.

Everything is computed column by column with NumPy; the symbols of a feature (a lemma, a label, a bucket) are mixed into
one 64-bit number, which the network's embeddings hash. Rows are counted from 0 in text order; -1 stands for no row.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from spacy import attrs

from kg.nlp.quotations import Quotations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc

    Ints = NDArray[np.int64]
    Ids = NDArray[np.uint64]
    Floats = NDArray[np.float32]
    _Spans = tuple[Ints, Ints, Ints, Ints]
    """Starts and ends of cues, first rows and ends of their windows."""

_ATTRIBUTES: Final = (
    attrs.LOWER,
    attrs.LEMMA,
    attrs.POS,
    attrs.TAG,
    attrs.DEP,
    attrs.ENT_TYPE,
    attrs.SUFFIX,
    attrs.SHAPE,
    attrs.HEAD,
    attrs.SENT_START,
    attrs.IS_SPACE,
)
_SIGNATURE: Final = ("nsubj", "nsubj:pass", "ccomp", "xcomp", "parataxis", "obj", "obl:agent", "cop", "mark")
_SUBJECTS: Final = ("nsubj", "nsubj:pass", "csubj", "nsubj:outer")
_CLAUSES: Final = ("ccomp", "xcomp", "advcl", "acl", "parataxis", "acl:relcl")
_OBLIQUES: Final = ("obl", "nmod", "obl:agent")
_PREDICATES: Final = ("VERB", "NOUN", "ADJ", "PROPN", "AUX", "ADV")
_HEIGHT: Final = 12
"""How many ancestors of a token are looked at, itself counted in."""
_BEFORE, _AFTER = 2, 4
"""How many sentences before and behind the cue's may hold its source and content."""
_ROUTE: Final = 3
"""How many steps up from a cue are told apart."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a Doc, n rows."""

    index: Ints
    """Which token of the Doc a row is."""
    columns: Ids
    """(n, COLUMNS) features of the token in its sentence."""
    vectors: Floats
    """(n, d) what the parser's own embedding says of the token in its sentence."""
    previous: Ints
    next: Ints
    """Neighbours in the paragraph."""
    head: Ints
    """Syntactic head, -1 at the root."""
    ancestors: Ints
    """(n, _HEIGHT) the token, its head, its head's head …; roots repeat."""
    sentence: Ints
    paragraph: Ints
    quotation: Ints
    """Number of the quotation that a token stands in, 0 outside."""
    mark: Ints
    """1 for quotation marks."""
    quoted: Ints
    """How much of the token's sentence is quoted: 0 none, 1 some, 2 all."""
    lower: Ids
    lemma: Ids
    pos: Ids
    dep: Ids
    entity: Ids
    signature: Ids
    """Which kinds of arguments a token has, as bits."""
    rank: Ints
    """How fit a token's part of speech is to be the head of a cue, 0 best."""

    def __len__(self) -> int:
        return len(self.index)

    def parts(self, size: int) -> Iterator[Tokens]:
        """Runs of at most about `size` rows that end with a paragraph or, in a long one, with a sentence."""
        start, n = 0, len(self)
        while start < n:
            end = min(n, start + size)
            for block in (self.paragraph, self.sentence):
                if end < n:
                    first = int(np.searchsorted(block, block[end]))
                    end = first if first > start else end
                    if first > start:
                        break
            yield self if end - start == n else self._part(start, end)
            start = end

    def _part(self, start: int, end: int) -> Tokens:
        own = {field.name: getattr(self, field.name)[start:end] for field in fields(self)}
        for name in ("previous", "next", "head"):
            own[name] = np.where((own[name] >= start) & (own[name] < end), own[name] - start, -1)
        own["ancestors"] = np.clip(own["ancestors"] - start, 0, end - start - 1)
        return Tokens(**own)

    def cue_head(self, start: int, end: int) -> int:
        """The row of the word that a cue of rows [start, end) hangs on."""
        rows = range(start, end)
        tops = [r for r in rows if not start <= self.head[r] < end]
        return min(tops or rows, key=lambda r: (self.rank[r], r))


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


def mix(*parts: Any) -> Ids:
    """One 64-bit number per row from several columns; the order of the columns counts."""
    mixed: Ids = np.full(1, 0x9E3779B97F4A7C15, dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ np.asarray(part).astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = mixed ^ (mixed >> np.uint64(29))
    return mixed


def words(doc: Doc) -> Ids:
    """The keys by which :class:`CuePrior` knows the words of a Doc, white space left out."""
    table = doc.to_array([attrs.LEMMA, attrs.POS, attrs.IS_SPACE])
    keys: Ids = mix(table[:, 0], table[:, 1])[table[:, 2] == 0]
    return keys


def tokens(doc: Doc, prior: CuePrior, without: CuePrior | None = None) -> Tokens:
    """The tokens of a Doc parsed with Universal Dependencies; its ``tensor`` has a row for each of its tokens."""
    table: Ids = doc.to_array(list(_ATTRIBUTES)).astype(np.uint64)
    index = np.flatnonzero(table[:, -1] == 0)
    head = _rows_of_heads(table, index)
    n = len(index)
    rows = np.arange(n)
    lower, lemma, pos, tag, dep, entity, suffix, shape = (np.ascontiguousarray(c) for c in table[index, :8].T)
    paragraph, sentence = _blocks(doc, table, index)
    quotation, mark = _quotations(doc, index)
    quoted = _quoted(sentence, quotation)
    inside = (quotation > 0).astype(np.int64)

    is_root = head == rows
    ancestors = np.empty((n, _HEIGHT), dtype=np.int64)
    ancestors[:, 0] = rows
    for step in range(1, _HEIGHT):
        ancestors[:, step] = head[ancestors[:, step - 1]]

    def named(*labels: str) -> NDArray[np.bool_]:
        chosen: NDArray[np.bool_] = np.isin(dep, [doc.vocab.strings[label] for label in labels]) & ~is_root
        return chosen

    signature = np.zeros(n, dtype=np.uint64)
    for bit, label in enumerate(_SIGNATURE):
        np.bitwise_or.at(signature, head[named(label)], np.uint64(1 << bit))
    opener, preposition = np.zeros(n, dtype=np.uint64), np.zeros(n, dtype=np.uint64)
    _hand_up(opener, head, named("mark"), lemma)
    _hand_up(preposition, head, named("case"), lemma)
    subject, clause, oblique, oblique2 = (np.zeros(n, dtype=np.uint64) for _ in range(4))
    _hand_up(subject, head, named(*_SUBJECTS), mix(pos, entity, rows < head))
    _hand_up(clause, head, named(*_CLAUSES), mix(dep, opener, inside))
    _hand_up(oblique, head, named(*_OBLIQUES), preposition)
    _hand_up(oblique2, head, named(*_OBLIQUES), mix(preposition, entity))
    subject_lemma = np.zeros(n, dtype=np.uint64)
    _hand_up(subject_lemma, head, named(*_SUBJECTS), lemma)

    bucket = prior.bucket(mix(lemma, pos), without)
    strength = np.where(bucket >= 20, bucket - 20, np.where(bucket == CuePrior.UNKNOWN, 0, bucket))
    above = strength[ancestors[:, 1:6]]
    best_above = above.max(axis=1)
    likely = above >= 5
    climb = np.where(likely.any(axis=1), likely.argmax(axis=1), -1)
    governor = np.where(climb >= 0, ancestors[rows, climb + 1], rows)
    link = np.where(climb >= 0, dep[ancestors[rows, climb]], np.uint64(0))
    best, offset = _best_of_sentence(sentence, strength, np.isin(pos, [doc.vocab.strings[p] for p in _PREDICATES]))
    place = np.minimum(sentence - sentence[np.searchsorted(paragraph, paragraph)], 3)
    last = len(quoted) - 1
    quoted_before = np.where(rows > 0, quoted[np.maximum(_starts(sentence) - 1, 0)], 3)
    quoted_after = quoted[np.minimum(_ends(sentence), last)] if n else quoted

    columns = (
        lower,
        lemma,
        mix(tag, pos),
        dep,
        suffix,
        shape,
        entity,
        mix(inside, mark),
        mix(quoted, quoted_before, quoted_after),
        mix(signature, pos),
        mix(lemma, signature),
        mix(bucket),
        mix(bucket, signature),
        mix(bucket[head], dep),
        mix(dep, lemma[head]),
        mix(lemma, clause),
        mix(clause, strength),
        mix(lemma, oblique),
        mix(oblique2, strength),
        mix(subject),
        mix(subject_lemma),
        mix(dep, dep[head], dep[ancestors[:, 2]]),
        mix(dep, strength[head], dep[head], strength[ancestors[:, 2]]),
        mix(best_above, dep),
        mix(lemma[governor], link),
        mix(link, rows < governor, strength[governor]),
        mix(best, _distance(offset)),
        mix(lemma[np.clip(rows - offset, 0, max(last, 0))], np.sign(offset)),
        mix(place),
    )
    joined = paragraph[1:] == paragraph[:-1]
    return Tokens(
        index=index,
        columns=np.stack(columns, axis=1) if n else np.zeros((0, len(columns)), dtype=np.uint64),
        vectors=np.asarray(doc.tensor[index], dtype=np.float32),
        previous=np.where(np.concatenate([[False], joined]), rows - 1, -1) if n else rows,
        next=np.where(np.concatenate([joined, [False]]), rows + 1, -1) if n else rows,
        head=np.where(is_root, -1, head),
        ancestors=ancestors,
        sentence=sentence,
        paragraph=paragraph,
        quotation=quotation,
        mark=mark,
        quoted=quoted,
        lower=lower,
        lemma=lemma,
        pos=pos,
        dep=dep,
        entity=entity,
        signature=signature,
        rank=_ranks(doc, pos),
    )


ROWS: Final = (
    4000, 3000, 100, 100, 2000, 600, 40, 10, 60, 300, 3000, 60, 400, 400, 3000, 3000, 600, 2000, 600, 200,
    1500, 1500, 1500, 400, 2500, 300, 300, 2000, 10,
)  # fmt: skip
"""Size of the embedding table of each column of :attr:`Tokens.columns`."""


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


def windows(t: Tokens, cues: Sequence[tuple[int, int]]) -> Windows:
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
    side, near = np.sign(distance), _distance(distance)
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
    for step in reversed(range(_HEIGHT)):
        steps[climbed == path[cue, step][:, None]] = step
    met = steps >= 0
    reached, at = met.any(axis=1), met.argmax(axis=1)
    join = steps[rows, at]
    child = climbed[rows, np.maximum(at - 1, 0)]
    route = np.zeros((len(heads), _HEIGHT), dtype=np.uint64)
    for step in range(1, _HEIGHT):
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


def _rows_of_heads(table: Ids, index: Ints) -> Ints:
    """Rows of the syntactic heads, a root being its own; white space that has children is climbed over."""
    absolute = np.arange(len(table)) + table[:, 8].astype(np.int64)
    space = table[:, -1] != 0
    for _ in range(_HEIGHT):
        on_space = space[absolute] & (absolute[absolute] != absolute)
        if not on_space.any():
            break
        absolute = np.where(on_space, absolute[absolute], absolute)
    row = np.full(len(table), -1, dtype=np.int64)
    row[index] = np.arange(len(index))
    heads = row[absolute[index]]
    return np.where(heads >= 0, heads, np.arange(len(index)))


def _blocks(doc: Doc, table: Ids, index: Ints) -> tuple[Ints, Ints]:
    """Number of the paragraph and of the sentence of each row; a paragraph begins a sentence."""
    breaks = np.zeros(len(table) + 1, dtype=np.int64)
    for i in np.flatnonzero(table[:, -1] != 0):
        breaks[i] = "\n" in doc[int(i)].text
    paragraph = np.cumsum(breaks)[:-1][index]
    begins = table[index, 9].astype(np.int64) == 1
    begins[1:] |= paragraph[1:] != paragraph[:-1]
    if len(begins):
        begins[0] = True
    return paragraph, np.cumsum(begins)


def _quotations(doc: Doc, index: Ints) -> tuple[Ints, Ints]:
    number, mark = np.zeros(len(doc), dtype=np.int64), np.zeros(len(doc), dtype=np.int64)
    for n, q in enumerate(Quotations(doc), start=1):
        number[q.outer_start : q.outer_end] = n
        mark[q.outer_start : q.start] = 1
        mark[q.end : q.outer_end] = 1
    return number[index], mark[index]


def _quoted(sentence: Ints, quotation: Ints) -> Ints:
    """How much of each row's sentence is quoted."""
    if not len(sentence):
        return sentence
    length = np.bincount(sentence)[sentence]
    inside = np.bincount(sentence, weights=quotation > 0)[sentence]
    return np.where(inside == 0, 0, np.where(inside >= length - 1, 2, 1))


def _starts(block: Ints) -> Ints:
    return np.searchsorted(block, block)


def _ends(block: Ints) -> Ints:
    return np.searchsorted(block, block, side="right")


def _hand_up(target: Ids, head: Ints, chosen: NDArray[np.bool_], values: Ids) -> None:
    """Give each head the value of its last chosen child."""
    rows = np.flatnonzero(chosen)
    target[head[rows]] = values[rows]


def _best_of_sentence(sentence: Ints, strength: Ints, fit: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Strength of the likeliest cue of each row's sentence, the last of equals, and how far behind it the row is."""
    rows = np.arange(len(sentence))
    order = np.lexsort((rows, np.where(fit, strength, -1), sentence))
    last = order[np.searchsorted(sentence[order], sentence, side="right") - 1]
    return strength[last], rows - last


def _distance(distance: Ints) -> Ints:
    """Distances in buckets, their sign kept."""
    bucket = np.searchsorted([1, 2, 3, 5, 9, 17, 33], np.abs(distance), side="right")
    return np.asarray(np.sign(distance) * bucket + 16)


def _ranks(doc: Doc, pos: Ids) -> Ints:
    rank = np.full(len(pos), len(_PREDICATES), dtype=np.int64)
    for place, name in enumerate(_PREDICATES):
        rank[pos == doc.vocab.strings[name]] = place
    return rank
