"""Reading articles: text, HTML, JSON Lines, Parquet, WARC, directories of them, and standard input.

An article's text is kept as it was read, and all offsets refer to it: from a text file its characters, without byte
order mark and with line feeds as line ends, from a page what trafilatura finds, from a record its ``text`` unchanged.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain
from typing import IO, TYPE_CHECKING, Final, Protocol

from kg.articles.html import page
from kg.articles.jsonl import records
from kg.articles.parquet import rows
from kg.articles.register import Register
from kg.articles.sources import File, compressed, expand, reason
from kg.articles.text import article, decode
from kg.articles.warc import pages
from kg.errors import EmptyArticleError, InputError, RecordError, UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Article

__all__ = ["read"]

Refused = Callable[[InputError], None]


class _Reader(Protocol):
    def __call__(self, stream: IO[bytes], file: File, refused: Refused) -> Iterator[Article]: ...


def read(sources: Sequence[str | Path], refused: Refused) -> Iterator[Article]:
    """The articles behind `sources`, one at a time and in a fixed order; what cannot be used goes to `refused`.

    A source is a file, a directory that is read recursively, or ``-`` for standard input. An article is called by its
    file name without suffix, or by its record's ``id``; where two would share a name, by the path below the source.
    """
    with closing(Register()) as origins:
        for file in expand(sources, refused):
            try:
                for found in _read_file(file, refused):
                    other = origins.claim(found.id, found.origin)
                    named = replace(found, id=f"{file.id}/{found.id}") if other else found
                    if other and origins.claim(named.id, named.origin):
                        problem = f"the id '{found.id}' is that of {other} already"
                        refused(RecordError(found.origin, problem, "give each its own"))
                    else:
                        yield named
            except InputError as error:
                refused(error)


def _read_file(file: File, refused: Refused) -> Iterator[Article]:
    try:
        with _open(file) as stream:
            yield from READERS[file.suffix](stream, file, refused)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(
            file.where, f"cannot be read ({reason(error)})", "check the file and its permissions"
        ) from error


@contextmanager
def _open(file: File) -> Iterator[IO[bytes]]:
    if file.path is None:
        yield sys.stdin.buffer
    elif compressed(file.path):
        with gzip.open(file.path) as unpacked:
            yield unpacked  # type: ignore[misc]  # a GzipFile reads like a file, though it is declared otherwise
    else:
        with file.path.open("rb") as stream:
            yield stream


def _read_text(stream: IO[bytes], file: File, refused: Refused) -> Iterator[Article]:  # noqa: ARG001  # one reader, one article
    yield article(decode(_all(stream, file), file.where), id_=file.id, origin=file.where)


def _read_html(stream: IO[bytes], file: File, refused: Refused) -> Iterator[Article]:  # noqa: ARG001
    yield page(_all(stream, file), id_=file.id, where=file.where)


def _read_jsonl(stream: IO[bytes], file: File, refused: Refused) -> Iterator[Article]:
    yield from records(stream, stem=file.id, where=file.where, refused=refused)


def _read_parquet(stream: IO[bytes], file: File, refused: Refused) -> Iterator[Article]:
    yield from rows(stream, stem=file.id, where=file.where, refused=refused)


def _read_warc(stream: IO[bytes], file: File, refused: Refused) -> Iterator[Article]:
    yield from pages(stream, stem=file.id, where=file.where, refused=refused)


def _read_unknown(stream: IO[bytes], file: File, refused: Refused) -> Iterator[Article]:
    """What has no suffix: records if it opens with a brace, a page if with a tag, else text."""
    blank: list[bytes] = []
    for line in stream:
        opening = line.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].lower()
        if opening.startswith(b"{"):
            lines = chain(blank, [line], stream)
            yield from records(lines, stem=file.id, where=file.where, refused=refused)
            return
        blank.append(line)
        if opening:
            break
    data = b"".join(chain(blank, stream))
    if not data:
        raise EmptyArticleError(file.where, "the file is empty", "give an article with at least one sentence")
    if opening.startswith((b"<!doctype", b"<html")):
        yield page(data, id_=file.id, where=file.where)
    else:
        yield article(decode(data, file.where), id_=file.id, origin=file.where)


def _all(stream: IO[bytes], file: File) -> bytes:
    data = stream.read()
    if not data:
        raise EmptyArticleError(file.where, "the file is empty", "give an article with at least one sentence")
    return data


READERS: Final[dict[str, _Reader]] = {
    ".txt": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".jsonl": _read_jsonl,
    ".parquet": _read_parquet,
    ".warc": _read_warc,
    "": _read_unknown,
}
"""Who reads what: suffix to reader."""
