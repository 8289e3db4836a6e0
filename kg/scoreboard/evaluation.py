"""What an evaluation is: its name, the data that it needs, and a function from the data to figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DIGITS: Final = 3
"""How many digits of a share are shown."""

Figures = dict[str, dict[str, float]]
"""What was measured, a row each: from column to value. Shares run from 0 to 1; integers are counts."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation; `run` gets the folder that `option` names, below which `needs` must stand."""

    name: str
    option: str
    """The command's option that names the folder: ``corpora`` or ``gold``."""
    needs: tuple[str, ...]
    data: str
    """Which data, which split, and when something counts: a sentence or two for the reader of the table."""
    run: Callable[[Path], Figures]

    def missing(self, folder: Path | None) -> str:
        """Why it cannot run with `folder`, or an empty string."""
        if folder is None:
            return f"--{self.option} is not given"
        absent = [str(folder / need) for need in self.needs if not (folder / need).exists()]
        return f"{absent[0]} is missing" if absent else ""
