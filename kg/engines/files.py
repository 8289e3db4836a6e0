"""What each file of an archive is made of, one row at a time, wherever the file stands; knows no Spark."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kg.articles import jsonl, parquet, warc
from kg.articles.sources import compressed, named, suffix_of
from kg.errors import InputError, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.model import Article

Position: TypeAlias = tuple[int, int]
"""The number of a file, and that of a record in it, from 1."""
Found: TypeAlias = "tuple[Position, Article | InputError]"

KINDS: Final = (".jsonl", ".parquet", ".warc")


@dataclass(frozen=True, slots=True)
class Input:
    """A file of records: its address, its suffix, and what its records are called by where they have no identifier."""

    address: str
    suffix: str
    id: str


def inputs(addresses: Sequence[Sequence[str]]) -> list[Input]:
    """The files behind several sources, named as those of a local build are."""
    paths: dict[str, tuple[Path, Path]] = {}
    for source in addresses:
        top = _path(source[0]).parent if len(source) == 1 else _common(source)
        for address in source:
            path = _path(address)
            paths.setdefault(address, (path, path.relative_to(top)))
    names = dict(named(list(paths.values())))
    return [Input(address, suffix_of(path), names[path]) for address, (path, _) in paths.items()]


def is_records(address: str) -> bool:
    """Whether an address is that of a file of records that is no hidden one."""
    path = _path(address)
    return suffix_of(path) in KINDS and not path.name.startswith((".", "_"))


def _path(address: str) -> Path:
    return Path(re.sub("^[a-z0-9]+:(?://[^/]*)?", "", address))


def _common(addresses: Sequence[str]) -> Path:
    parts = [_path(address).parent.parts for address in addresses]
    same = 0
    while all(len(p) > same and p[same] == parts[0][same] for p in parts):
        same += 1
    return Path(*parts[0][:same])


def lines(rows: Iterable[tuple[int, int, bytes]], files: Sequence[Input]) -> Iterator[Found]:
    """Articles of numbered lines of JSON: file, number, line."""
    for file, number, line in rows:
        if line.strip(b" \t\r\n\xef\xbb\xbf"):
            yield _found(
                files,
                (file, number),
                lambda name, origin, line=line: jsonl.record(jsonl.parsed(line, origin), name, origin),
            )


def table(rows: Iterable[tuple[int, int, dict[str, Any]]], files: Sequence[Input]) -> Iterator[Found]:
    """Articles of numbered rows of a table: file, number, columns."""
    for file, number, row in rows:
        yield _found(
            files, (file, number), lambda name, origin, row=row: jsonl.record(parquet.plain(row), name, origin)
        )


def archive(contents: Iterable[tuple[int, bytes]], files: Sequence[Input]) -> Iterator[Found]:
    """Articles of whole web archives: file, bytes."""
    for file, content in contents:
        where = files[file].address
        raw = BytesIO(content)
        stream: Any = gzip.GzipFile(fileobj=raw) if compressed(Path(where)) else raw
        try:
            for number, response in warc.responses(stream, where):
                yield _found(files, (file, number), lambda name, origin, r=response: warc.article(r, name, origin))
        except InputError as error:
            yield (file, 0), error
        except (OSError, EOFError) as error:
            yield (file, 0), RecordError(where, f"cannot be read to its end ({error})", "fetch it again")


def _found(files: Sequence[Input], position: Position, make: Any) -> Found:
    file = files[position[0]]
    try:
        return position, make(f"{file.id}-{position[1]}", f"{file.address}:{position[1]}")
    except InputError as error:
        return position, error


def names(taken: Mapping[str, Sequence[Position]], files: Sequence[Input]) -> dict[Position, str | RecordError]:
    """What becomes of records that share an identifier.

    The first keeps it, the first of another file is called by its file too, and the others are refused.
    """
    decided: dict[Position, str | RecordError] = {}
    for id_, positions in taken.items():
        first: dict[int, Position] = {}
        for position in sorted(positions):
            file, number = position
            if file in first:
                problem = f"the id '{id_}' stands in line {first[file][1]} already"
                where = f"{files[file].address}:{number}"
                decided[position] = RecordError(where, problem, "give each its own")
            elif first:
                decided[position] = f"{files[file].id}/{id_}"
            first.setdefault(file, position)
    return decided


def renamed(found: Found, decided: Mapping[Position, str | RecordError]) -> Found:
    """A record as it was decided on."""
    position, article = found
    name = decided.get(position)
    if name is None or isinstance(article, InputError):
        return found
    return position, name if isinstance(name, RecordError) else replace(article, id=name)
