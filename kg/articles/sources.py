"""Which files stand behind the sources that a user names, and what their articles are called; looks at names only."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import InputError, NoArticleError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

RECORDS: Final = (".jsonl", ".parquet", ".warc")
"""Files of several articles."""
SUFFIXES: Final = (".txt", ".html", ".htm", *RECORDS)
"""What is read from a directory; each also with ``.gz`` behind it."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to read, or standard input, whose `path` is None."""

    path: Path | None
    id: str
    """Names its article, or is what the identifiers of its records open with where they have none."""
    suffix: str
    """One of :data:`SUFFIXES`, or empty where the content has to tell."""

    @property
    def where(self) -> str:
        """The name that messages use."""
        return "-" if self.path is None else printable(str(self.path))


def expand(sources: Sequence[str | Path], refused: Callable[[InputError], None]) -> list[File]:
    """The files behind `sources`, each once, those of a directory sorted; what is no source goes to `refused`."""
    found: dict[Path, tuple[Path, Path]] = {}
    stdin = False
    for source in sources:
        if str(source) == "-":
            stdin = True
            continue
        top = Path(source)
        try:
            paths = list(_files(top))
        except InputError as error:
            refused(error)
            continue
        except (OSError, ValueError) as error:
            problem = f"cannot be read ({reason(error)})"
            refused(UnreadableError(printable(str(top)), problem, "check the path and its permissions"))
            continue
        for path in paths:
            found.setdefault(path.resolve(), (path, path.relative_to(top) if path != top else Path(path.name)))
    files = [File(path, name, suffix_of(path)) for path, name in named(list(found.values()))]
    return [File(None, "stdin", ""), *files] if stdin else files


def suffix_of(path: Path) -> str:
    """The suffix that decides on the reader, without ``.gz`` and in lower case.

    >>> suffix_of(Path("news.JSONL.gz"))
    '.jsonl'
    """
    return Path(_uncompressed(path)).suffix.lower()


def compressed(path: Path) -> bool:
    """Whether the file is to be unpacked by gzip."""
    return path.suffix.lower() == ".gz"


def _uncompressed(path: Path) -> str:
    return path.name[: -len(".gz")] if compressed(path) else path.name


def _files(source: Path) -> Iterator[Path]:
    known = ", ".join(SUFFIXES)
    if not source.exists():
        problem = "a link that leads nowhere" if source.is_symlink() else "there is no such file or directory"
        raise UnreadableError(printable(str(source)), problem, "check the path")
    if not source.is_dir():
        if suffix_of(source) not in (*SUFFIXES, ""):
            problem = f"unknown kind of article '{suffix_of(source)}'"
            raise UnreadableError(printable(str(source)), problem, f"known: {known}, each also with .gz")
        yield source
        return
    inside = sorted((p for p in _walk(source) if suffix_of(p) in SUFFIXES), key=lambda path: path.as_posix())
    if not inside:
        raise NoArticleError(
            printable(str(source)), "no article in this directory", f"files are read that end in {known}"
        )
    yield from inside


def _walk(top: Path) -> Iterator[Path]:
    """Every visible file below `top`; links to directories are not followed."""

    def fail(error: OSError) -> None:
        raise error

    for folder, folders, names in os.walk(top, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder, name) for name in names if not name.startswith("."))


def named(files: list[tuple[Path, Path]]) -> Iterator[tuple[Path, str]]:
    """The stem; where two files would share it, the path below the source; where that too, what tells them apart."""
    common = Path(os.path.commonpath([path.absolute().parent for path, _ in files])) if files else Path()
    ladder: tuple[Callable[[Path, Path], str], ...] = (
        lambda path, _: _stem(Path(path.name)),
        lambda _, below: _stem(below),
        lambda path, _: _stem(path.absolute().relative_to(common)),
        lambda path, _: path.absolute().relative_to(common).as_posix(),
    )
    names = {path: "" for path, _ in files}
    open_ = list(files)
    for rung in ladder:
        groups: defaultdict[tuple[str, bool], list[Path]] = defaultdict(list)
        for path, below in open_:
            names[path] = printable(rung(path, below))
            # A file of records lends its name to none of them that has an id, so it takes none from an article.
            groups[names[path], suffix_of(path) in RECORDS].append(path)
        shared = {path for group in groups.values() if len(group) > 1 for path in group}
        open_ = [(path, below) for path, below in open_ if path in shared]
    for path, _ in files:
        yield path, names[path]


def _stem(path: Path) -> str:
    name = _uncompressed(path)
    return (path.parent / (Path(name).stem if suffix_of(path) in SUFFIXES else name)).as_posix()


def printable(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 become replacement characters."""
    return os.fsencode(name).decode("utf-8", "replace")


def reason(error: Exception) -> str:
    """What the system says is wrong, in lower case."""
    return (getattr(error, "strerror", None) or str(error)).lower()
