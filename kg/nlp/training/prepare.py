"""From corpora to the files that training reads: what each of two trainings learns from and is measured on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spacy.tokens import DocBin

from kg.errors import OutputError
from kg.nlp.training import articles, newswire, treebanks, vectors
from kg.nlp.training.tokenizer import blank

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spacy.tokens import Doc

    from kg.nlp.training.corpora import Corpora

SYNTAX_COPIES: Final = 4
ENTITY_COPIES: Final = 3
"""How often each sentence is among the documents to learn from, in other forms each time."""
_EVERY: Final = 8
"""Every eighth of the treebanks' documents to measure on, and the news, choose the checkpoint: all would take long."""


def syntax(corpora: Corpora, folder: Path, *, seed: int = 1) -> dict[str, int]:
    """Write ``syntax_train.spacy`` and ``syntax_dev.spacy``; returns the number of documents of each.

    Raises:
        UnreadableError, RecordError: a treebank is missing or broken.
        OutputError: the folder cannot be written.
    """
    vocab = blank().vocab
    measured = [
        treebanks.whole(vocab, treebank)
        for number, treebank in enumerate(corpora.treebanks("dev"))
        if treebank.genre == "news" or number % _EVERY == 0
    ]
    learned = treebanks.training(vocab, corpora.treebanks("train"), SYNTAX_COPIES, seed)
    return {
        "syntax_train": _save(learned, folder / "syntax_train.spacy"),
        "syntax_dev": _save(measured, folder / "syntax_dev.spacy"),
    }


def entities(corpora: Corpora, folder: Path, *, seed: int = 1) -> dict[str, int]:
    """Write ``entities_train.spacy`` and ``entities_dev.spacy``; as :func:`syntax`."""
    vocab = blank().vocab
    measured = (articles.whole(vocab, article) for article in newswire.read(corpora.newswire / "dev"))
    learned = articles.training(vocab, newswire.read(corpora.newswire / "train"), ENTITY_COPIES, seed)
    return {
        "entities_train": _save(learned, folder / "entities_train.spacy"),
        "entities_dev": _save(measured, folder / "entities_dev.spacy"),
    }


def text(corpora: Corpora, folder: Path) -> dict[str, int]:
    """Write the raw text for the vectors; returns its number of tokens. Raises as :func:`syntax`."""
    try:
        return {"tokens": vectors.write_text(corpora, folder)}
    except OSError as error:
        raise OutputError(str(folder), f"cannot be written ({error})", "name another folder") from error


def _save(docs: Iterable[Doc], path: Path) -> int:
    store = DocBin(docs=list(docs))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        store.to_disk(path)
    except OSError as error:
        raise OutputError(str(path), f"cannot be written ({error})", "name another folder") from error
    return len(store)
