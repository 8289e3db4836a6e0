"""Files of datasets as rows: plain, ``.gz`` or ``.zip``, one row at a time, each with the line that it begins on."""

from __future__ import annotations

import calendar
import csv
import gzip
import io
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, TypeVar

from kg.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.link.records import Record

Row = TypeVar("Row")

_DELIMITERS: Final = ",;\t"
_TABLES: Final = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a publisher's file looks like: its name, and the columns without which it is another."""

    name: str
    required: tuple[str, ...]


class BrokenRowError(ValueError):
    """A cell that does not hold what it must; the message says so without file and line."""


def records(path: Path, layout: Layout, convert: Callable[[dict[str, str]], Record]) -> Iterator[Record]:
    """The rows of a file with a header line, one at a time, as `convert` understands them.

    Raises:
        DatasetError: the file cannot be read, lacks columns of `layout`, or has a broken row; with the line.
    """
    with _text(path, errors="strict") as file:
        rows = _numbered(path, file)
        _, header = next(rows, (1, []))
        columns = [name.strip().lstrip("\ufeff").lower() for name in header]
        if missing := [name for name in layout.required if name not in columns]:
            raise DatasetError(
                f"{path}:1",
                f"these are not the columns of {layout.name}: no {', '.join(missing)}",
                "give the file as its publisher wrote it, with its header line",
            )
        for line, cells in rows:
            if not cells:
                continue
            if len(cells) != len(columns):
                raise _broken(path, line, f"{len(cells)} cells where the header has {len(columns)}")
            yield _converted(path, line, dict(zip(columns, cells, strict=True)), convert)


def lines(path: Path, convert: Callable[[Sequence[str]], Record]) -> Iterator[Record]:
    """The rows of a file without header, separated by tabs and never quoted, as `convert` understands them.

    Raises:
        DatasetError: the file cannot be read or has a broken row; with the line.
    """
    with _text(path, errors="replace") as file:
        for line, text in enumerate(file, start=1):
            if bare := text.rstrip("\r\n"):
                yield _converted(path, line, bare.split("\t"), convert)


def _converted(path: Path, line: int, row: Row, convert: Callable[[Row], Record]) -> Record:
    try:
        return convert(row)
    except BrokenRowError as error:
        raise _broken(path, line, str(error)) from error


def _broken(path: Path, line: int, problem: str) -> DatasetError:
    return DatasetError(f"{path}:{line}", problem, "repair or remove this row, or fetch the file again")


def _numbered(path: Path, file: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table with the line that each begins on: a quoted cell may run over several.

    Cells are divided by whichever of the usual delimiters the first line has most of.
    """
    line = 1
    try:
        stream = iter(file)
        first = next(stream, "")
        delimiter = max(_DELIMITERS, key=first.count)
        rows = csv.reader(chain([first], stream), delimiter=delimiter, strict=True)
        for row in rows:
            yield line, row
            line = rows.line_num + 1
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path}:{line}", "here or below is no UTF-8 text", "convert the file to UTF-8") from error
    except csv.Error as error:
        raise _broken(path, line, f"no row of a table ({error})") from error


@contextmanager
def _text(path: Path, errors: str) -> Iterator[IO[str]]:
    """The file as text in UTF-8, unpacked if it is packed."""
    try:
        with _bytes(path) as raw, io.TextIOWrapper(raw, "utf-8-sig", errors=errors, newline="") as text:
            yield text
    except FileNotFoundError as error:
        raise DatasetError(str(path), "there is no such file", "name the file that you fetched") from error
    except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        raise DatasetError(str(path), f"is no whole archive ({error})", "fetch it again") from error
    except OSError as error:
        raise DatasetError(str(path), f"cannot be read ({error.strerror or error})", "check its permissions") from error


@contextmanager
def _bytes(path: Path) -> Iterator[IO[bytes]]:
    suffix = path.suffix.lower()
    if suffix == ".gz":
        with gzip.open(path) as file:
            yield file  # type: ignore[misc]
    elif suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            tables = [name for name in archive.namelist() if Path(name).suffix.lower() in _TABLES]
            if len(tables) != 1:
                held = ", ".join(sorted(archive.namelist())[:5]) or "nothing"
                raise DatasetError(str(path), f"holds {len(tables)} tables ({held})", "unpack it and name the table")
            with archive.open(tables[0]) as file:
                yield file
    else:
        with path.open("rb") as file:
            yield file


# --- Cells


def day(value: str, column: str) -> date:
    """A day: ``2020-10-04``, also with a time of midnight behind it.

    Raises:
        BrokenRowError: it is none.
    """
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        raise BrokenRowError(f"{column} '{value}' is no day such as 2020-10-04") from None


def window(begin: date, end: date, precision: str) -> tuple[date, date]:
    """The days on which an event may have happened, where its ``day``, ``week``, ``month`` or ``year`` is known.

    >>> [day.isoformat() for day in window(date(2024, 2, 9), date(2024, 2, 9), "month")]
    ['2024-02-01', '2024-02-29']
    """
    match precision:
        case "week" if begin == end:
            return begin - timedelta(days=6), end + timedelta(days=6)
        case "month":
            return begin.replace(day=1), end.replace(day=calendar.monthrange(end.year, end.month)[1])
        case "year":
            return begin.replace(month=1, day=1), end.replace(month=12, day=31)
        case _:
            return begin, end


def whole(value: str, column: str) -> int:
    """A whole number of 0 or more; an empty cell is 0.

    Raises:
        BrokenRowError: it is none.
    """
    text = value.strip().removesuffix(".0") or "0"
    if not (text.isascii() and text.isdigit()):
        raise BrokenRowError(f"{column} '{value}' is no whole number of 0 or more")
    return int(text)


def degrees(value: str, column: str, most: float) -> float | None:
    """Degrees between -`most` and `most`; None for an empty cell.

    Raises:
        BrokenRowError: it is no such number.
    """
    if not value.strip():
        return None
    try:
        number = float(value)
    except ValueError:
        number = most + 1
    if not -most <= number <= most:
        raise BrokenRowError(f"{column} '{value}' is no number of degrees from -{most:g} to {most:g}")
    return number


def identifier(value: str, column: str) -> str:
    """What names the row: not empty.

    Raises:
        BrokenRowError: it is empty.
    """
    if not value.strip():
        raise BrokenRowError(f"{column} is empty, and nothing else names the row")
    return value.strip()


def code(value: str, column: str, known: dict[str, str]) -> str:
    """What a code stands for.

    Raises:
        BrokenRowError: the code is unknown.
    """
    text = value.strip().removesuffix(".0")
    if text not in known:
        raise BrokenRowError(f"{column} '{value}' is none of {', '.join(known)}")
    return known[text]


def names(*values: str) -> tuple[str, ...]:
    """The values that are not empty, each once, in order."""
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
