"""What the gazetteer knows by a name, as numbers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.gazetteer import Gazetteer
from kg.gazetteer.lookup import Naming
from kg.model import ActorType

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMINGS: Final = (Naming.LABEL, Naming.AMBIGUOUS, Naming.DEMONYM, Naming.METONYM)
"""Aliases count as labels."""


class Kinds:
    """The types of actor that a name may stand for in the package's gazetteer, each by how it names one."""

    def __init__(self) -> None:
        columns = {pair: place for place, pair in enumerate((t, n) for t in ActorType for n in _NAMINGS)}
        self._width = len(columns)
        self._columns = defaultdict[str, set[int]](set)
        for form, naming, entry in Gazetteer.load().forms():
            by = Naming.LABEL if naming is Naming.ALIAS else naming
            self._columns[form].add(columns[entry.type, by])

    def __call__(self, name: Sequence[str]) -> list[bool]:
        """A flag for each type and way of naming."""
        known = self._columns.get(" ".join(name), set[int]())
        return [column in known for column in range(self._width)]
