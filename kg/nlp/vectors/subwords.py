"""spaCy's own table of vectors, in half precision on disk: half the size, with nothing lost that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from spacy.util import registry
from spacy.vectors import Vectors  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from spacy.vocab import Vocab

NAME: Final = "conflict_kg.HalfVectors.v1"


class HalfVectors(Vectors):  # type: ignore[misc]
    """Vectors that are written in half precision and read in single precision."""

    data: NDArray[np.float32]

    def to_disk(self, path: str | Path, **settings: Any) -> None:
        """Write the table and its settings to a folder, as spaCy's own does."""
        whole = self.data
        self.data = whole.astype(np.float16)
        try:
            super().to_disk(path, **settings)
        finally:
            self.data = whole

    def from_disk(self, path: str | Path, **settings: Any) -> HalfVectors:
        """Read what :meth:`to_disk` wrote."""
        super().from_disk(path, **settings)
        self.data = self.data.astype(np.float32)
        return self


@registry.vectors(NAME)  # type: ignore[untyped-decorator]
def half_vectors() -> Callable[[Vocab], HalfVectors]:
    """For ``[nlp.vectors]`` in a pipeline's configuration."""
    return lambda vocab: HalfVectors(strings=vocab.strings)
