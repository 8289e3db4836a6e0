"""Word vectors with subwords (floret, https://github.com/explosion/floret), learned from the corpora's raw text."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Final

from kg.errors import ModelError, OutputError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kg.nlp.training.corpora import Corpora

ROWS, WIDTH, EPOCHS = 40_000, 96, 3
"""Rows and columns of the table, and passes over the text."""
TEXT: Final = "vectors.txt"
"""The raw text, one paragraph a line, its tokens divided by spaces."""


def lines(corpora: Corpora) -> Iterator[str]:
    """The paragraphs of all raw text that training may see, in a fixed order.

    No article to measure on is among them, and no treebank document of a genre that is left out.

    Raises:
        UnreadableError: a file is missing or broken.
    """
    for treebank in corpora.treebanks("train"):
        for sentence in treebank.sentences:
            yield "".join(word.form + " " * word.space for word in sentence.words)
    for path in sorted((corpora.newswire / "train").glob("*.txt")):
        yield from (line for line in _read(path) if not line.startswith("http"))
    for path in sorted((corpora.folder / "polnear" / "train" / "text").rglob("*.txt")):
        yield from _read(path)
    for path in sorted((corpora.folder / "re3d").glob("*/documents.json")):
        for record in filter(str.strip, _read(path)):
            yield from json.loads(record)["text"].split("\n")
    for path in sorted(corpora.folder.glob("ungdc-*.txt.gz")):
        yield from _read(path)


def write_text(corpora: Corpora, folder: Path) -> int:
    """Write the raw text, divided into tokens, one paragraph a line, for :func:`train`; returns how many."""
    from kg.nlp.training.tokenizer import blank  # noqa: PLC0415 - spaCy only for who needs it

    tokenizer, tokens = blank().tokenizer, 0
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / TEXT).open("w", encoding="utf-8") as stream:
        for line in lines(corpora):
            words = [token.text for token in tokenizer(line.strip()) if not token.is_space]
            if words:
                stream.write(" ".join(words) + "\n")
                tokens += len(words)
    return tokens


def train(folder: Path, *, rows: int = ROWS, width: int = WIDTH, epochs: int = EPOCHS) -> Path:
    """Learn vectors from the text in `folder`, and save them as an empty pipeline; returns its folder.

    Raises:
        ModelError: floret is not installed.
        UnreadableError: the text is missing.
    """
    from spacy.training.initialize import convert_vectors  # noqa: PLC0415 - as above

    from kg.nlp.training.tokenizer import blank  # noqa: PLC0415 - as above

    try:
        import floret  # noqa: PLC0415 - an optional package
    except ImportError as error:
        raise ModelError("floret", "is not installed", "pip install 'conflict-kg[training]'") from error
    text, table, out = folder / TEXT, folder / "vectors.floret", folder / "vectors"
    if not text.is_file():
        raise UnreadableError(str(text), "is missing", "prepare the corpora first")
    # One thread: with several the order of updates, and so the vectors, would differ from run to run.
    model = floret.train_unsupervised(
        str(text), model="cbow", mode="floret", hashCount=2, bucket=rows, minn=4, maxn=5, minCount=5, dim=width,
        epoch=epochs, lr=0.05, thread=1, verbose=1,
    )  # fmt: skip
    try:
        model.save_floret_vectors(str(table))
    except (OSError, ValueError) as error:
        raise OutputError(str(table), f"cannot be written ({error})", "name another folder") from error
    nlp = blank()
    convert_vectors(nlp, table, truncate=0, prune=-1, mode="floret")
    nlp.to_disk(out)
    return out


def _read(path: Path) -> Sequence[str]:
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                return stream.read().split("\n")
        return path.read_text(encoding="utf-8", errors="replace").split("\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UnreadableError(str(path), f"cannot be read ({error})", "see the layout of the corpora") from error
