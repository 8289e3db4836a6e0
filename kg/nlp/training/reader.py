"""The reader that the configurations name: documents from disk, made into spaCy's examples once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from spacy.language import Language
from spacy.training import Corpus, Example
from spacy.util import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READER: Final = "conflict_kg.Corpus.v1"
_READ: Final = WeakKeyDictionary[Language, dict[Path, list[Example]]]()


def corpus(path: Path) -> Callable[[Language], Iterator[Example]]:
    """Examples of a file of documents, tokenized by the pipeline from their raw text.

    Each component asks for all of them when it is initialized, and training asks again; spaCy's own reader would
    tokenize and align them every time.
    """

    def examples(nlp: Language) -> Iterator[Example]:
        read = _READ.setdefault(nlp, {})
        if path not in read:
            read[path] = list(Corpus(path)(nlp))
        return iter(read[path])

    return examples


registry.readers.register(READER, func=corpus)
