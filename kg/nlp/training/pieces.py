"""Words as a pre-trained encoder reads them: in pieces, and in runs of sentences that it can take in at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spacy.strings import StringStore

    from kg.nlp.roles.tokens import Tokens

_SIZE: Final = 320
"""Pieces of a run, about."""
_LONGEST: Final = 500
"""Where a sentence that is longer still is cut."""
_OF_WORD: Final = 12
"""Pieces of a word, at most."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some sentences as the encoder reads them."""

    ids: list[int]
    """Numbers of pieces, with the marks that begin and end a run, and an end between paragraphs."""
    first: list[int]
    """Where in `ids` each word begins."""


def runs_of(t: Tokens, words: Sequence[Sequence[int]], begin: int, end: int, size: int = _SIZE) -> list[Run]:
    """The runs of an article: whole sentences in order. `words` holds the pieces of each token of `t`."""
    runs = [Run([begin], [])]
    start = 0
    for stop in (np.flatnonzero(np.diff(t.sentence, append=-1)) + 1).tolist():
        if runs[-1].first and len(runs[-1].ids) + sum(map(len, words[start:stop])) > size:
            runs.append(Run([begin], []))
        if runs[-1].first and t.paragraph[start] != t.paragraph[start - 1]:
            runs[-1].ids.append(end)
        for pieces in words[start:stop]:
            if len(runs[-1].ids) + len(pieces) > _LONGEST:
                runs.append(Run([begin], []))
            runs[-1].first.append(len(runs[-1].ids))
            runs[-1].ids.extend(pieces)
        start = stop
    for run in runs:
        run.ids.append(end)
    return runs


class Pieces:
    """Divides words into the pieces that the encoder in a folder knows.

    Raises:
        UnreadableError: the folder holds no encoder, or none with BERT's marks.
    """

    def __init__(self, folder: Path, strings: StringStore) -> None:
        path = folder / "tokenizer.json"
        for needed in (path, folder / "config.json"):
            if not needed.is_file():
                raise UnreadableError(str(needed), "is missing", "--teacher names the folder of an encoder like BERT")
        from tokenizers import Tokenizer  # noqa: PLC0415 - only for who trains with a teacher

        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        marks = [self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]", "[UNK]")]
        if None in marks:
            raise UnreadableError(str(path), "has no [CLS], [SEP] and [UNK]", "--teacher takes encoders like BERT")
        self._begin, self._end, self._unknown = (int(mark) for mark in marks if mark is not None)
        self.folder = folder
        self._strings = strings
        self._known: dict[int, list[int]] = {}

    def __call__(self, t: Tokens) -> list[Run]:
        """The runs of an article, its words in lower case."""
        return runs_of(t, [self._of(int(word)) for word in t.lower], self._begin, self._end)

    def _of(self, word: int) -> list[int]:
        if word not in self._known:
            ids = self._tokenizer.encode(self._strings[word], add_special_tokens=False).ids
            self._known[word] = ids[:_OF_WORD] or [self._unknown]
        return self._known[word]
