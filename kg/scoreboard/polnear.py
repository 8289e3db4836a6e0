"""Attributions on PolNeAR (Newell, Margolin and Ruths, LREC 2018): political news with sources, cues and contents."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.errors import RecordError
from kg.scoreboard import extraction, files
from kg.scoreboard.evaluation import Evaluation, Figures
from kg.scoreboard.scoring import Row, Score, characters, overlap, pair

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ROLES: Final = ("source", "cue", "content")
_SPANS: Final = {"source": ("source",), "cue": ("cue", "cue2"), "content": ("content", "content2")}
_MENTION: Final = re.compile(r"(T\w+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")
_HALF: Final = 0.5


@dataclass(slots=True)
class Attribution:
    """Who says what: for each role the offsets that bear it."""

    source: set[int] = field(default_factory=set)
    cue: set[int] = field(default_factory=set)
    content: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, row: Row) -> Attribution:
        """The attribution in a row of ``statements``."""
        return cls(*(characters(row, *_SPANS[role]) for role in ROLES))

    def is_like(self, other: Attribution) -> float:
        """How far the contents overlap, 0 below a half of their union."""
        share = overlap(self.content, other.content)
        return share if share >= _HALF else 0.0

    def is_said_like(self, other: Attribution) -> float:
        """The same, 0 also where the sources are apart; two that are missing are not."""
        together = self.source & other.source or not (self.source or other.source)
        return self.is_like(other) if together else 0.0


def read(path: Path) -> list[Attribution]:
    """The attributions of a brat standoff file; several mentions of one role are one set of offsets.

    Raises:
        UnreadableError: the file cannot be read.
        RecordError: a mention without offsets.
    """
    mentions: dict[str, set[int]] = {}
    found = []
    for number, line in enumerate(files.text(path).splitlines(), 1):
        if line.startswith("T"):
            match = _MENTION.match(line)
            if not match:
                raise RecordError(
                    f"{path}:{number}", "is no mention", "brat writes: ID, tab, role and offsets, tab, text"
                )
            bounds = (part.split() for part in match[3].split(";"))
            mentions[match[1]] = {at for begin, end in bounds for at in range(int(begin), int(end))}
        elif line.startswith("E"):
            attribution = Attribution()
            for part in line.partition("\t")[2].split():
                name, _, mention = part.partition(":")
                # A second content is "Content2".
                role = name.rstrip("0123456789").lower()
                if role in ROLES:
                    # A mention that stands below its relation, as a few in the corpus do, is left out.
                    getattr(attribution, role).update(mentions.get(mention, ()))
            found.append(attribution)
    return found


def run(corpora: Path) -> Figures:
    """Figures on the development set below `corpora`.

    Raises:
        UnreadableError, RecordError: as :func:`read`.
    """
    folder = corpora / "polnear" / "dev"
    rows = extraction.rows([folder / "text"], ["statements"])["statements"]
    words: dict[str, Score] = defaultdict(Score)
    whole: dict[str, Score] = defaultdict(Score)
    for path in sorted((folder / "text").glob("*.txt")):
        # Some articles have several annotators; the first stands for all.
        annotations = sorted(p for p in (folder / "attributions").glob("*.ann") if p.name.startswith(f"{path.stem}_"))
        if annotations:
            annotated, found = read(annotations[0]), [Attribution.of(row) for row in rows[path.stem]]
            starts = {match.start() for match in re.finditer(r"\w+", files.text(path))}
            for role in ROLES:
                gold, ours = starts & _bearing(annotated, role), starts & _bearing(found, role)
                words[role].add(len(gold & ours), len(ours), len(gold))
            total = sum(bool(attribution.content) for attribution in annotated)
            for name, likeness in (("content", Attribution.is_like), ("content and source", Attribution.is_said_like)):
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
