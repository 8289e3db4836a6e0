"""Graph files: sorted, the same bytes each time, and whole or not at all."""

from __future__ import annotations

import gzip
import io
import os
import re
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from kg.errors import OutputError
from kg.rdf.formats import Format, format_of
from kg.rdf.jsonld import jsonld
from kg.rdf.order import ordered
from kg.rdf.vocabulary import DEFAULT_BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADER: Final = re.compile(rb"@(?:base|prefix) .*\n")


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
    target, form = Path(path), format_of(path)
    if target.is_dir():
        raise OutputError(str(path), "is a folder", "name a file in it")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _refused(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(quads, file, form, base)
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
    _write(quads, buffer, form, base)
    return buffer.getvalue()


def _write(quads: Iterable[Quad], file: IO[bytes], form: Format, base: str) -> None:
    if not form.compressed:
        _serialize(quads, file, form.rdf, base)
        return
    # Neither a name nor a time in the header, so that the same graph is the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        _serialize(quads, cast("IO[bytes]", packed), form.rdf, base)


def _serialize(quads: Iterable[Quad], file: IO[bytes], rdf: RdfFormat, base: str) -> None:
    if rdf == RdfFormat.JSON_LD:
        file.writelines(jsonld(ordered(quads)))
    elif rdf == RdfFormat.N_QUADS:
        serialize(ordered(quads), file, rdf)
    elif rdf == RdfFormat.N_TRIPLES:
        serialize(_union(quads), file, rdf)
    else:
        shortened = base if re.match("https?://", base) else None
        input_ = ordered(quads) if rdf.supports_datasets else _union(quads)
        body = serialize(input_, format=rdf, prefixes=PREFIXES, base_iri=shortened) or b""
        # pyoxigraph shortens the prefixes' IRIs by the base too; a reader is better served by whole ones.
        file.write(_header(shortened).encode())
        start = 0
        while line := _HEADER.match(body, start):
            start = line.end()
        # Newlines within literals are escaped, so this is always the end of a subject.
        file.write(body[start:].replace(b" .\n<", b" .\n\n<").replace(b" .\n\t<", b" .\n\n\t<"))


def _header(base: str | None) -> str:
    lines = [f"@base <{base}> ."] if base else []
    return "\n".join([*lines, *(f"@prefix {prefix}: <{iri}> ." for prefix, iri in PREFIXES.items()), "", ""])


def _union(quads: Iterable[Quad]) -> Iterable[Triple]:
    merged = {Quad(*quad.triple) for quad in quads}
    return (quad.triple for quad in ordered(merged))


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
