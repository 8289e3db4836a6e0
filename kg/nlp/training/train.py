"""One training of a pipeline from its configuration, ``syntax.cfg`` or ``entities.cfg``."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

from spacy.cli.train import train as spacy_train

from kg.errors import UnreadableError
from kg.nlp.training import reader, tokenizer
from kg.nlp.training.gemm import numpy_products
from kg.nlp.vectors import subwords, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KINDS: Final = ("syntax", "entities")
REGISTERED: Final = (reader.READER, tokenizer.CALLBACK, subwords.NAME, words.ARCHITECTURE)
"""What the configurations find in spaCy's registry once this module is imported."""


def train(kind: str, folder: Path, overrides: Mapping[str, Any] | None = None) -> Path:
    """Train on what ``prepare`` and ``vectors`` left in `folder`; returns the folder of the best checkpoint.

    Args:
        kind: one of :data:`KINDS`.
        folder: holds ``KIND_train.spacy``, ``KIND_dev.spacy`` and the folder ``vectors``; the result goes to its
            folder ``KIND``.
        overrides: settings of the configuration by their dotted names, such as ``training.max_steps``.

    Raises:
        UnreadableError: one of these is missing.
    """
    paths = {
        "train": folder / f"{kind}_train.spacy",
        "dev": folder / f"{kind}_dev.spacy",
        "vectors": folder / "vectors",
    }
    for path in paths.values():
        if not path.exists():
            raise UnreadableError(str(path), "is missing", "run prepare and vectors with the same --work first")
    settings = {f"paths.{name}": str(path) for name, path in paths.items()} | dict(overrides or {})
    with numpy_products(), as_file(files(__package__).joinpath(f"{kind}.cfg")) as config:
        spacy_train(config, folder / kind, overrides=settings)
    return folder / kind / "model-best"
