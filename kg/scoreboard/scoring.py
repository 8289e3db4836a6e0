"""Counting what is right: names that name the same, spans that overlap, and pairs of an annotation and a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

Row = dict[str, str]
"""A row of a named query, from column to text."""

_POSSESSIVE: Final = re.compile(r"[’']s\b|[’']$")
_MARK: Final = re.compile(r"[^\w\s]")
_DETERMINERS: Final = frozenset({"the", "a", "an", "its", "their", "his", "her"})
_ALIKE: Final = 0.66
Gold = TypeVar("Gold")
Found = TypeVar("Found")


@dataclass(slots=True)
class Score:
    """A count of what is right, of all that was found, and of all that is annotated."""

    right: int = 0
    found: int = 0
    annotated: int = 0

    def add(self, right: int, found: int, annotated: int) -> None:
        """Count one article more."""
        self.right += right
        self.found += found
        self.annotated += annotated

    @property
    def precision(self) -> float:
        """Which share of what was found is right; 0 where nothing was."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Which share of what is annotated was found; 0 where nothing is."""
        return self.right / self.annotated if self.annotated else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def figures(self) -> dict[str, float]:
        """As columns of a table."""
        return {
            "annotated": self.annotated,
            "found": self.found,
            "precision": self.precision,
            "recall": self.recall,
            "F1": self.f1,
        }


def fold(name: str | None) -> str:
    """A name without case, punctuation, possessive endings and what determines it.

    >>> fold("The U.N.’s envoy")
    'u n envoy'
    """
    words = _MARK.sub(" ", _POSSESSIVE.sub("", (name or "").strip().lower())).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _DETERMINERS else words)


def alike(one: str, other: str) -> bool:
    """Whether two folded names are the same or share two thirds of their words (Dice's coefficient of 0.66)."""
    a, b = set(one.split()), set(other.split())
    return one == other or (bool(a and b) and 2 * len(a & b) / (len(a) + len(b)) >= _ALIKE)


def overlap(one: AbstractSet[int], other: AbstractSet[int]) -> float:
    """Intersection over union of two sets of offsets; 0 where both are empty."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def integer(text: str | None) -> int | None:
    """The number in a cell, or None where it holds none."""
    return int(float(text)) if text else None


def characters(row: Mapping[str, str], *spans: str) -> set[int]:
    """The offsets that the named spans of a row cover (columns NAME_begin and NAME_end, end exclusive)."""
    covered: set[int] = set()
    for span in spans:
        begin, end = integer(row.get(f"{span}_begin")), integer(row.get(f"{span}_end"))
        if begin is not None and end is not None:
            covered.update(range(begin, end))
    return covered


def pair(
    annotated: Sequence[Gold], found: Sequence[Found], likeness: Callable[[Gold, Found], float]
) -> list[tuple[int, int]]:
    """Annotations and findings one to one, the likest first: their numbers; a likeness of 0 makes no pair.

    Among equally like pairs the first annotation goes first, with the first finding.
    """
    likenesses = ((likeness(g, f), i, j) for i, g in enumerate(annotated) for j, f in enumerate(found))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted((x for x in likenesses if x[0] > 0), key=lambda x: -x[0]):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return list(pairs.items())
