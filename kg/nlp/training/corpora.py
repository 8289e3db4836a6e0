"""Where the corpora stand below one folder, and which of their documents may be learned from.

ud_ewt/{train,dev,test}.conllu, ud_gum/{train,dev,test}.conllu
worldwide_newswire/{train,dev}/NAME.txt and NAME.txt.tsv
polnear/train/text, re3d/*/documents.json, ungdc-*.txt.gz      (raw text for the vectors; each may be missing)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import UnreadableError
from kg.nlp.training import conllu

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNLICENSED: Final = frozenset(("whow", "fiction", "academic", "court", "essay", "letter", "podcast"))
"""Genres of GUM whose texts are not free, or for which it names no licence: nothing is learned from them."""


@dataclass(frozen=True, slots=True)
class Corpora:
    """The corpora below `folder`."""

    folder: Path

    @property
    def newswire(self) -> Path:
        """The folder of the annotated newswire."""
        return self.folder / "worldwide_newswire"

    @property
    def polnear(self) -> Path:
        """The folder of the annotated attributions."""
        return self.folder / "polnear"

    def files(self, split: str) -> list[Path]:
        """The treebanks' files of a split.

        Raises:
            UnreadableError: one is missing.
        """
        paths = [self.folder / name / f"{split}.conllu" for name in ("ud_ewt", "ud_gum")]
        for path in paths:
            if not path.is_file():
                raise UnreadableError(
                    str(path), "is missing", "--corpora names the folder that holds ud_ewt and ud_gum"
                )
        return paths

    def treebanks(self, split: str) -> Iterator[conllu.Treebank]:
        """The treebanks' documents of a split; of ``train`` only those that may be learned from."""
        for treebank in conllu.read_all(self.files(split)):
            if split != "train" or treebank.genre not in UNLICENSED:
                yield treebank
