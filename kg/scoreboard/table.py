"""Figures as Markdown, and their places in a page: from ``<!-- scoreboard: NAME -->`` to ``<!-- /scoreboard -->``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import OutputError
from kg.scoreboard.evaluation import DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.scoreboard.evaluation import Evaluation, Figures


def table(figures: Figures) -> str:
    """A Markdown table with a row for each figure; what a row lacks stays empty.

    >>> print(table({"actors": {"annotated": 2, "F1": 0.5}, "mean": {"F1": 0.25}}), end="")
    | | annotated | F1 |
    |---|---|---|
    | actors | 2 | 0.500 |
    | mean | | 0.250 |
    """
    columns = list(dict.fromkeys(column for values in figures.values() for column in values))
    lines = [["", *columns], ["---"] * (len(columns) + 1)]
    lines += [[name, *(cell(values.get(column)) for column in columns)] for name, values in figures.items()]
    head, rule, *rest = lines
    return "".join((_line(head), "|" + "|".join(rule) + "|\n", *map(_line, rest)))


def _line(cells: list[str]) -> str:
    return re.sub(r"\|  (?=\|)", "| ", "| " + " | ".join(cells) + " |") + "\n"


def cell(value: float | None) -> str:
    """Counts as they are, shares with three digits, nothing for nothing."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.{DIGITS}f}"


def section(evaluation: Evaluation, figures: Figures) -> str:
    """What was measured on which data, the table, and the command that gives it again."""
    command = f"python -m kg.scoreboard --only {evaluation.name} --{evaluation.option} {evaluation.option.upper()}"
    return f"{evaluation.data}\n\n{table(figures)}\n`{command}`\n"


def update(page: Path, sections: Mapping[str, str]) -> None:
    """Put each section between its marks in a page; other text stays as it is.

    Raises:
        OutputError: the page cannot be read or written, or lacks the marks of a section.
    """
    try:
        text = page.read_text("utf-8")
        for name, content in sections.items():
            begin, end = f"<!-- scoreboard: {name} -->", "<!-- /scoreboard -->"
            before, found, rest = text.partition(begin)
            if not found or end not in rest:
                problem = f"there is no '{begin}' with a '{end}' behind it"
                raise OutputError(str(page), problem, "write the two where the table shall stand")
            text = f"{before}{begin}\n\n{content}\n{end}{rest.partition(end)[2]}"
        page.write_text(text, "utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(str(page), f"cannot be updated: {error}", "name a Markdown page") from error
