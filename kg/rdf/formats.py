"""The formats of graph files, by suffix."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from pyoxigraph import RdfFormat

from kg.errors import FormatError


@dataclass(frozen=True, slots=True)
class Format:
    """A format of graph files: its suffix, pyoxigraph's format, and whether the file is compressed."""

    suffix: str
    rdf: RdfFormat
    compressed: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Processes hand it to each other by its suffix; pyoxigraph's part of it cannot be pickled."""
        return format_of, (f"graph{self.suffix}",)

    @property
    def has_graphs(self) -> bool:
        """Whether it keeps the articles' graphs apart; the others hold their union."""
        return self.rdf.supports_datasets


_PLAIN: Final = (
    Format(".ttl", RdfFormat.TURTLE),
    Format(".trig", RdfFormat.TRIG),
    Format(".nq", RdfFormat.N_QUADS),
    Format(".nt", RdfFormat.N_TRIPLES),
    Format(".jsonld", RdfFormat.JSON_LD),
)
FORMATS: Final[dict[str, Format]] = {
    form.suffix: form for form in (*_PLAIN, *(Format(f"{f.suffix}.gz", f.rdf, compressed=True) for f in _PLAIN))
}
"""Suffix → format: ``.ttl .trig .nq .nt .jsonld`` and each with ``.gz``."""


def format_of(path: str | PurePath) -> Format:
    """The format of a file, by its suffix, whatever its case.

    >>> format_of("graph.TTL.gz").suffix
    '.ttl.gz'

    Raises:
        FormatError: the suffix is unknown.
    """
    suffixes = [suffix.lower() for suffix in PurePath(path).suffixes]
    suffix = "".join(suffixes[-2:]) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])
    if suffix not in FORMATS:
        problem = f"unknown format '{suffix}'" if suffix else "the name has no suffix that tells a format"
        raise FormatError(str(path), problem, f"known: {' '.join(FORMATS)}")
    return FORMATS[suffix]
