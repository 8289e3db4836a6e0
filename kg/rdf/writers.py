"""Graph files: sorted, the same bytes each time, and whole or not at all."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.errors import OutputError
from kg.rdf.formats import Format, format_of
from kg.rdf.parts import Layout
from kg.rdf.vocabulary import DEFAULT_BASE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad


def write(quads: Iterable[Quad], path: str | Path, *, base: str = DEFAULT_BASE) -> None:
    """Write a graph in the format of the path's suffix; Turtle and N-Triples hold the union of the articles' graphs.

    The file appears under its name only when it is complete; what stood there before is then replaced.

    Args:
        quads: in any order.
        path: where to.
        base: what Turtle and TriG shorten IRIs by.

    Raises:
        FormatError: the suffix is unknown.
        OutputError: the folder is missing, or the file cannot be written.
    """
    form = format_of(path)
    write_bytes(Layout(form, base).of(quads), path, compressed=form.compressed)


def write_bytes(chunks: Iterable[bytes], path: str | Path, *, compressed: bool) -> None:
    """Write a file of these bytes, maybe compressed, under its name only when it is complete.

    Raises:
        OutputError: the folder is missing, or the file cannot be written.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError(str(path), "is a folder", "name a file in it")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _refused(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(chunks, file, compressed=compressed)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def expect_writable(target: Path) -> None:
    """Tell before the work, and not after it, what would keep a graph from being written.

    Raises:
        OutputError: `target` is a folder, its folder is missing, or nothing may be written there.
    """
    if target.is_dir():
        raise OutputError(str(target), "is a folder", "name a file in it")
    if not target.parent.is_dir():
        raise OutputError(str(target), f"there is no folder '{target.parent}'", "make it first, or name another")
    if not os.access(target.parent, os.W_OK):
        raise OutputError(str(target), "no permission to write there", "name a folder that you may write to")


def to_bytes(quads: Iterable[Quad], form: Format, *, base: str = DEFAULT_BASE) -> bytes:
    """The bytes that :func:`write` would write."""
    buffer = io.BytesIO()
    _write(Layout(form, base).of(quads), buffer, compressed=form.compressed)
    return buffer.getvalue()


def _write(chunks: Iterable[bytes], file: IO[bytes], *, compressed: bool) -> None:
    if not compressed:
        file.writelines(chunks)
        return
    # Neither a name nor a time in the header, so that the same graph is the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        packed.writelines(chunks)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refused(path: str | Path, error: OSError) -> OutputError:
    folder = Path(path).parent
    if not folder.is_dir():
        return OutputError(str(path), f"there is no folder '{folder}'", "make it first, or name another")
    if isinstance(error, PermissionError):
        return OutputError(str(path), "no permission to write there", "name a folder that you may write to")
    return OutputError(str(path), f"cannot be written ({error.strerror or error})", "name another place")
