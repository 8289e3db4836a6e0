"""What the tagger of attributions sees of a Doc: arrays of numbers, one row per token that is not white space.

Everything is computed column by column with NumPy; the symbols of a feature (a lemma, a label, a bucket) are mixed into
one 64-bit number, which the network's embeddings hash. Rows are counted from 0 in text order; -1 stands for no row.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
from spacy import attrs

from kg.nlp.quotations import Quotations
from kg.nlp.roles.prior import CuePrior, mix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from spacy.tokens import Doc

    Ints = NDArray[np.int64]
    Ids = NDArray[np.uint64]
    Floats = NDArray[np.float32]

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
HEIGHT: Final = 12
"""How many ancestors of a token are looked at, itself counted in."""


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
    """(n, HEIGHT) the token, its head, its head's head …; roots repeat."""
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


def read_tokens(doc: Doc, prior: CuePrior, without: CuePrior | None = None) -> Tokens:
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
    ancestors = np.empty((n, HEIGHT), dtype=np.int64)
    ancestors[:, 0] = rows
    for step in range(1, HEIGHT):
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
        mix(best, distances(offset)),
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


def distances(distance: Ints) -> Ints:
    """Distances in buckets, their sign kept."""
    bucket = np.searchsorted([1, 2, 3, 5, 9, 17, 33], np.abs(distance), side="right")
    return np.asarray(np.sign(distance) * bucket + 16)


def _rows_of_heads(table: Ids, index: Ints) -> Ints:
    """Rows of the syntactic heads, a root being its own; white space that has children is climbed over."""
    absolute = np.arange(len(table)) + table[:, 8].astype(np.int64)
    space = table[:, -1] != 0
    for _ in range(HEIGHT):
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


def _ranks(doc: Doc, pos: Ids) -> Ints:
    rank = np.full(len(pos), len(_PREDICATES), dtype=np.int64)
    for place, name in enumerate(_PREDICATES):
        rank[pos == doc.vocab.strings[name]] = place
    return rank
