"""Articles from Parquet: a row each, with the columns that JSON Lines have as keys; needs pyarrow."""

from __future__ import annotations

from datetime import date
from typing import IO, TYPE_CHECKING, Any, Final

from kg.articles.jsonl import record, unique
from kg.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.errors import InputError
    from kg.model import Article

COLUMNS: Final = ("id", "text", "title", "date", "url", "publisher")
_BATCH: Final = 64


def rows(stream: IO[bytes], *, stem: str, where: str, refused: Callable[[InputError], None]) -> Iterator[Article]:
    """The articles in a file, a few rows in memory at a time; one without ``id`` is called by `stem` and its number.

    Raises:
        UnreadableError: pyarrow is not installed, or the file is no Parquet with a column ``text``.
    """
    yield from unique(
        _rows(stream, where), lambda row, name, origin: record(plain(row), name, origin), stem, where, refused
    )


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row with days and times as ISO 8601 writes them."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}


def _rows(stream: IO[bytes], where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        from pyarrow import ArrowException  # noqa: PLC0415  # an extra
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415
    except ImportError as error:
        raise UnreadableError(where, "Parquet needs pyarrow", "pip install 'conflict-kg[parquet]'") from error
    try:
        file = ParquetFile(stream)
        columns = [name for name in COLUMNS if name in file.schema_arrow.names]
        if "text" not in columns:
            raise UnreadableError(where, "there is no column 'text'", f"known columns: {', '.join(COLUMNS)}")
        number = 0
        for batch in file.iter_batches(_BATCH, columns=columns):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except ArrowException as error:
        raise UnreadableError(where, f"is no Parquet ({error})", "write it again") from error
