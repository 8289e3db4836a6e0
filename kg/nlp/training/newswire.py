"""English Worldwide Newswire: articles with nine classes of names.

Shan, Bauer, Carlson and Manning, Findings of EMNLP 2023. A folder holds pairs ``NAME.txt``, the article, and
``NAME.txt.tsv``, one token and its BIO or BIOES label a line, an empty line between sentences. The labels carry
no white space; it is found again in the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kg.errors import RecordError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLASSES: Final = {
    "Person": "PERSON",
    "NORP": "NORP",
    "Location": "LOC",
    "Organization": "ORG",
    "Facility": "FAC",
    "Product": "PRODUCT",
    "Date": "DATE",
    "Money": "MONEY",
    "Misc": "MISC",
}
"""The corpus's names of the classes, and the pipeline's."""

_WORDS_AND_LABEL: Final = re.compile(r"(\S+)\s+(\S+)")
_SEARCHED: Final = 60
"""Characters of the article in which the next token is looked for."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token, the white space behind it, its place in BIO ("B", "I" or "O"), and its class.

    White space is "", " ", a line end or two; the class is empty where the place is "O".
    """

    form: str
    gap: str
    place: str
    label: str


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """An article: its name and its sentences of tokens."""

    name: str
    sentences: tuple[tuple[Token, ...], ...]


def read(folder: Path) -> Iterator[NewsArticle]:
    """The articles of a folder, in the order of their names; lines that hold the article's address are left out.

    Of a token with several labels the first counts.

    Raises:
        UnreadableError: the folder holds no article, or a file is missing or no UTF-8.
        RecordError: a line has no label, or one of no known class; the message names file and line.
    """
    tables = sorted(folder.glob("*.txt.tsv"))
    if not tables:
        raise UnreadableError(
            str(folder), "holds no annotated article", "name a folder of pairs NAME.txt, NAME.txt.tsv"
        )
    for table in tables:
        text = _text(table.with_suffix(""))
        sentences = [sentence for sentence in _sentences(table) if not sentence[0].form.startswith("http")]
        yield NewsArticle(table.name.removesuffix(".txt.tsv"), tuple(_spaced(sentences, text)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(
            str(path), f"cannot be read ({error})", "an article is a pair NAME.txt, NAME.txt.tsv"
        ) from error


def _sentences(table: Path) -> Iterator[list[Token]]:
    sentence = list[Token]()
    for number, line in enumerate(_text(table).split("\n"), start=1):
        if not line.strip():
            if sentence:
                yield sentence
            sentence = []
            continue
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) == 1 and (match := _WORDS_AND_LABEL.fullmatch(columns[0])):
            columns = list(match.groups())
        if len(columns) < 2:
            raise RecordError(
                f"{table}:{number}", f"'{line.strip()}' has no label", "write the token, a tab, its label"
            )
        if columns[0]:
            place, label = _label(f"{table}:{number}", columns[1])
            sentence.append(Token(columns[0], " ", place, label))
    if sentence:
        yield sentence


def _label(where: str, label: str) -> tuple[str, str]:
    place, _, name = label.partition("-")
    if label == "O":
        return "O", ""
    if place not in {"B", "I", "E", "S"} or name not in CLASSES:
        known = ", ".join(sorted(CLASSES))
        raise RecordError(where, f"unknown label '{label}'", f"write O, or B- or I- and one of {known}")
    return {"S": "B", "E": "I"}.get(place, place), CLASSES[name]


def _spaced(sentences: list[list[Token]], text: str) -> Iterator[tuple[Token, ...]]:
    """The sentences with the white space of the article; what the article lacks keeps one space."""
    flat = [token for sentence in sentences for token in sentence]
    begins, position = list[int | None](), 0
    for token in flat:
        found = text.find(token.form, position, position + _SEARCHED + len(token.form))
        begins.append(found if found >= 0 else None)
        position = found + len(token.form) if found >= 0 else position
    gaps = [
        _gap(text, token, begin, after) for token, begin, after in zip(flat, begins, [*begins[1:], None], strict=True)
    ]
    spaced = iter(replace(token, gap=gap) for token, gap in zip(flat, gaps, strict=True))
    for sentence in sentences:
        yield tuple(next(spaced) for _ in sentence)


def _gap(text: str, token: Token, begin: int | None, after: int | None) -> str:
    if begin is None or after is None:
        return " "
    between = text[begin + len(token.form) : after]
    if between and not between.strip() and "\n" in between:
        return "\n\n" if between.count("\n") > 1 else "\n"
    return " " if between else ""
