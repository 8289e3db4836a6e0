"""PolNeAR's attributions (Newell, Margolin and Ruths, LREC 2018): brat standoff beside the texts.

SPLIT/text/NAME.txt, SPLIT/attributions/NAME_ANNOTATOR.ann
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import RecordError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROLES: Final = ("source", "cue", "content")
_MENTION: Final = re.compile(r"(T\w+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what: for each role the offsets, in code points, of the characters that bear it; a role may be empty."""

    source: frozenset[int] = frozenset()
    cue: frozenset[int] = frozenset()
    content: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Article:
    """One text with its annotations: several annotators in the order of their names, or none."""

    path: Path
    text: str
    annotations: tuple[Path, ...]


def articles(split: Path) -> Iterator[Article]:
    """The texts of a split in the order of their names.

    Raises:
        UnreadableError: a text cannot be read, or the folder holds none.
    """
    paths = sorted((split / "text").glob("*.txt"))
    if not paths:
        raise UnreadableError(str(split), "holds no articles", "it should hold text/ and attributions/")
    annotations = sorted((split / "attributions").glob("*.ann"))
    for path in paths:
        yield Article(path, _text(path), tuple(a for a in annotations if a.name.startswith(f"{path.stem}_")))


def read(path: Path) -> tuple[Attribution, ...]:
    """The attributions of a standoff file; several mentions of one role are one set of offsets.

    Raises:
        UnreadableError: the file cannot be read.
        RecordError: a mention without offsets.
    """
    mentions: dict[str, frozenset[int]] = {}
    found = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if line.startswith("T"):
            match = _MENTION.match(line)
            if match is None:
                advice = "brat writes: ID, tab, role and offsets, tab, text"
                raise RecordError(f"{path}:{number}", "is no mention", advice)
            bounds = (part.split() for part in match[3].split(";"))
            mentions[match[1]] = frozenset(at for begin, end in bounds for at in range(int(begin), int(end)))
        elif line.startswith("E"):
            found.append(_attribution(line.partition("\t")[2], mentions))
    return tuple(found)


def _attribution(items: str, mentions: dict[str, frozenset[int]]) -> Attribution:
    """A relation; a mention that stands below it, as a few in the corpus do, is left out."""
    roles: dict[str, frozenset[int]] = dict.fromkeys(ROLES, frozenset())
    for item in items.split():
        name, _, mention = item.partition(":")
        role = name.rstrip("0123456789").lower()  # a second content is "Content2"
        if role in roles:
            roles[role] |= mentions.get(mention, frozenset())
    return Attribution(**roles)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(str(path), f"cannot be read: {error}", "restore it from the corpus") from error
