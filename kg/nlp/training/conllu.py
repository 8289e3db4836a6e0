"""Universal Dependencies treebanks, read from CoNLL-U (https://universaldependencies.org/format.html)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.errors import RecordError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_COLUMNS: Final = 10
_UNGLUED: Final = "SpaceAfter=No"


@dataclass(frozen=True, slots=True)
class Word:
    """One syntactic word; `head` counts from 0 within the sentence and is the word's own place for the root.

    `space` tells whether white space follows in the text.
    """

    form: str
    space: bool
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    deprel: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence, and whether it begins a paragraph."""

    words: tuple[Word, ...]
    paragraph: bool


@dataclass(frozen=True, slots=True)
class Treebank:
    """One document: its id, such as ``GUM_news_asylum``, and its sentences."""

    name: str
    sentences: tuple[Sentence, ...]

    @property
    def genre(self) -> str:
        """The part of a GUM document's id that names its genre, else the id's first part."""
        parts = self.name.replace("-", "_").split("_")
        return parts[1] if parts[0] == "GUM" and len(parts) > 1 else parts[0]


@dataclass(slots=True)
class _Open:
    """The sentence being read."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    glued: list[tuple[int, int, str, bool, int]] = field(default_factory=list)


def read(path: Path) -> Iterator[Treebank]:
    """The documents of a file, in order; empty nodes and enhanced dependencies are left out.

    A multiword token whose words spell it out ("do", "n't") lends them its letters, and its space to the last.

    Raises:
        UnreadableError: the file is missing or no UTF-8.
        RecordError: a line is no CoNLL-U; the message names file and line.
    """
    name, sentences, paragraph, current = path.stem, list[Sentence](), False, _Open()
    for number, line in enumerate(_lines(path), start=1):
        if not line:
            if current.rows:
                sentences.append(Sentence(_words(path, current), paragraph))
                paragraph = False
            current = _Open()
        elif line.startswith("# newdoc"):
            if sentences:
                yield Treebank(name, tuple(sentences))
            name, sentences, paragraph = line.partition("=")[2].strip() or path.stem, [], False
        elif line.startswith("#"):
            paragraph = paragraph or line == "# newpar" or line.startswith("# newpar ")
        else:
            _row(path, number, line, current)
    if current.rows:
        sentences.append(Sentence(_words(path, current), paragraph))
    if sentences:
        yield Treebank(name, tuple(sentences))


def read_all(paths: Sequence[Path]) -> Iterator[Treebank]:
    """The documents of several files; raises as :func:`read`."""
    for path in paths:
        yield from read(path)


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                yield line.rstrip("\r\n")
        yield ""
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(str(path), f"cannot be read as a treebank ({error})", "name a CoNLL-U file") from error


def _row(path: Path, number: int, line: str, current: _Open) -> None:
    where = f"{path}:{number}"
    row = line.split("\t")
    if len(row) != _COLUMNS:
        raise RecordError(where, f"{len(row)} columns instead of {_COLUMNS}", "CoNLL-U separates them by tabs")
    if "." in row[0]:
        return
    begin, dash, end = row[0].partition("-")
    if not begin.isdigit() or (dash and not end.isdigit()):
        raise RecordError(where, f"'{row[0]}' is no word number", "write 1, 2-3 or 4.1")
    if int(begin) != len(current.rows) + 1:
        raise RecordError(where, f"word {begin} follows word {len(current.rows)}", "words count from 1 without gaps")
    if dash:
        current.glued.append((int(begin) - 1, int(end), row[1], _UNGLUED not in row[9].split("|"), number))
        return
    if not row[6].isdigit():
        raise RecordError(where, f"'{row[6]}' is no head", "write a word number, or 0 for the root")
    current.rows.append(row)
    current.lines.append(number)


def _words(path: Path, current: _Open) -> tuple[Word, ...]:
    forms = [row[1].replace(" ", "\u00a0") for row in current.rows]
    spaces = [_UNGLUED not in row[9].split("|") for row in current.rows]
    for begin, end, surface, space, line in current.glued:
        if end > len(forms):
            raise RecordError(f"{path}:{line}", f"'{surface}' reaches beyond its sentence", "count its words")
        spaces[begin : end - 1] = [False] * (end - 1 - begin)
        spaces[end - 1] = space
        if sum(map(len, forms[begin:end])) == len(surface):
            place = 0
            for index in range(begin, end):
                forms[index] = surface[place : place + len(forms[index])]
                place += len(forms[index])
    words = []
    for index, (row, line) in enumerate(zip(current.rows, current.lines, strict=True)):
        head = int(row[6]) - 1 if int(row[6]) else index
        if head >= len(forms):
            raise RecordError(f"{path}:{line}", f"'{row[1]}' has head {row[6]}", "no such word")
        lemma = row[2] if row[2] != "_" or row[1] == "_" else row[1]
        feats = "" if row[5] == "_" else row[5]
        words.append(Word(forms[index], spaces[index], lemma, row[3], row[4], feats, head, row[7]))
    return tuple(words)
