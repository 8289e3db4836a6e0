"""PolNeAR's attributions (Newell, Margolin and Ruths, LREC 2018): brat standoff beside the texts.

SPLIT/text/NAME.txt, SPLIT/attributions/NAME_ANNOTATOR.ann
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROLES: Final = ("Source", "Cue", "Content")
_SPAN: Final = re.compile(r"(\d+) (\d+)")


@dataclass(frozen=True, slots=True)
class GoldAttribution:
    """Characters of one attribution's roles, as (begin, end) with the end exclusive; a role may be empty."""

    source: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One text with the attributions of one annotator."""

    path: Path
    text: str
    attributions: tuple[GoldAttribution, ...]


def read(split: Path) -> Iterator[GoldArticle]:
    """The annotated articles of a split in the order of their names, each with its first readable annotation.

    Raises:
        UnreadableError: the folder has no annotated texts.
    """
    texts = sorted((split / "text").glob("*.txt"))
    found = False
    for path in texts:
        for annotation in sorted((split / "attributions").glob(f"{_escaped(path.stem)}_*.ann")):
            try:
                attributions = parse(annotation)
            except UnreadableError:
                continue  # one file of the release holds a broken span
            found = True
            yield GoldArticle(path, path.read_text(encoding="utf-8"), attributions)
            break
    if not found:
        raise UnreadableError(str(split), "holds no annotated articles", "it should hold text/ and attributions/")


def parse(path: Path) -> tuple[GoldAttribution, ...]:
    """The attributions of a standoff file.

    Raises:
        UnreadableError: a line is broken.
    """
    lines = [line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    mentions: dict[str, tuple[tuple[int, int], ...]] = {}
    for number, (ident, _, rest) in enumerate(lines, start=1):
        if ident.startswith("T"):
            places = rest.split("\t")[0].partition(" ")[2]
            try:
                mentions[ident] = tuple(_place(part) for part in places.split(";"))
            except ValueError as error:
                raise UnreadableError(f"{path}:{number}", str(error), "correct or remove the line") from error
    return tuple(_attribution(rest, mentions) for ident, _, rest in lines if ident.startswith("E"))


def _attribution(items: str, mentions: dict[str, tuple[tuple[int, int], ...]]) -> GoldAttribution:
    """What a line of roles names; of a mention that the file does not hold, nothing is known."""
    roles: dict[str, list[tuple[int, int]]] = {role: [] for role in ROLES}
    for item in items.split():
        role, _, target = item.partition(":")
        if (name := role.rstrip("0123456789")) in roles:
            roles[name] += mentions.get(target, ())
    return GoldAttribution(*(tuple(sorted(roles[role])) for role in ROLES))


def _place(part: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(part)
    if match is None:
        raise ValueError(f"no span: {part!r}")
    return int(match[1]), int(match[2])


def _escaped(name: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", name)
