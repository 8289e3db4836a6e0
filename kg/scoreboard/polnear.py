"""Attributions on PolNeAR (Newell, Margolin and Ruths, LREC 2018): political news with sources, cues and contents."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.nlp.training.polnear import ROLES, Attribution, articles, read
from kg.scoreboard import extraction
from kg.scoreboard.evaluation import Evaluation, Figures
from kg.scoreboard.scoring import Row, Score, characters, overlap, pair

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SPANS: Final = {"source": ("source",), "cue": ("cue", "cue2"), "content": ("content", "content2")}
_HALF: Final = 0.5


def found_in(row: Row) -> Attribution:
    """The attribution in a row of ``statements``."""
    return Attribution(*(frozenset(characters(row, *_SPANS[role])) for role in ROLES))


def are_alike(a: Attribution, b: Attribution) -> float:
    """How far two contents overlap, 0 below a half of their union."""
    share = overlap(a.content, b.content)
    return share if share >= _HALF else 0.0


def are_said_alike(a: Attribution, b: Attribution) -> float:
    """The same, 0 also where the sources are apart; two that are missing are not."""
    together = a.source & b.source or not (a.source or b.source)
    return are_alike(a, b) if together else 0.0


def run(corpora: Path) -> Figures:
    """Figures on the development set below `corpora`.

    Raises:
        UnreadableError, RecordError: as :mod:`kg.nlp.training.polnear`.
    """
    folder = corpora / "polnear" / "dev"
    rows = extraction.rows([folder / "text"], ["statements"])["statements"]
    words: dict[str, Score] = defaultdict(Score)
    whole: dict[str, Score] = defaultdict(Score)
    for article in articles(folder):
        if article.annotations:
            # Some articles have several annotators; the first stands for all.
            annotated, found = read(article.annotations[0]), [found_in(row) for row in rows[article.path.stem]]
            starts = {match.start() for match in re.finditer(r"\w+", article.text)}
            for role in ROLES:
                gold, ours = starts & _bearing(annotated, role), starts & _bearing(found, role)
                words[role].add(len(gold & ours), len(ours), len(gold))
            total = sum(bool(attribution.content) for attribution in annotated)
            for name, likeness in (("content", are_alike), ("content and source", are_said_alike)):
                whole[name].add(len(pair(annotated, found, likeness)), len(found), total)
    return {f"attributions: {name}": score.figures() for name, score in whole.items()} | {
        f"words: {role}": words[role].figures() for role in words
    }


def _bearing(attributions: Iterable[Attribution], role: str) -> set[int]:
    return set().union(*(getattr(attribution, role) for attribution in attributions))


EVALUATION: Final = Evaluation(
    "polnear",
    "corpora",
    ("polnear/dev/text", "polnear/dev/attributions"),
    "Attributions in articles on United States politics, the development set of "
    "[PolNeAR](https://aclanthology.org/L18-1524/), which counts attitudes and acts (“wants”, “supports”) as "
    "well. A content counts when it shares half of its characters with the annotated one, and its source when "
    "they overlap.",
    run,
)
