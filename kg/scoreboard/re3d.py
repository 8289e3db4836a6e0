"""Relations on re3d, the relationship and entity extraction evaluation dataset of Dstl: documents on Syria and Iraq."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import UnreadableError
from kg.scoreboard import extraction, files
from kg.scoreboard.evaluation import Evaluation, Figures
from kg.scoreboard.scoring import Row, Score, alike, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

Pair = tuple[str, str]

IS_MUTUAL: Final = {"AlliesOf": True, "FightingAgainst": True, "BelongsTo": False, "InChargeOf": False}
"""The dataset's relations that ours express, and whether either end may stand first."""
_OURS: Final = {
    "opposes": "FightingAgainst",
    "member_of": "BelongsTo",
    "part_of": "BelongsTo",
    "leads": "InChargeOf",
    "office_of": "InChargeOf",
    "controls": "InChargeOf",
}


class Synonyms:
    """The names in one document; those that the dataset links as synonyms are one."""

    def __init__(self, relations: Iterable[dict[str, Any]]) -> None:
        self._next: dict[str, str] = {}
        for relation in relations:
            if relation["type"] == "IsSynonymOf":
                source, target = self(fold(relation["source"])), self(fold(relation["target"]))
                self._next[source] = target

    def __call__(self, name: str) -> str:
        """The name that stands for a folded name and all its synonyms."""
        while self._next.get(name, name) != name:
            name = self._next[name]
        return name

    def pairs(self, pairs: Iterable[Pair], *, mutual: bool) -> list[Pair]:
        """Folded pairs without repetition, in a fixed order."""
        named = ((self(a), self(b)) for a, b in pairs)
        return sorted({(min(pair), max(pair)) if mutual else pair for pair in named})


def right(annotated: Iterable[Pair], found: list[Pair], *, mutual: bool) -> int:
    """How many annotated pairs were found: names must be alike, and of mutual relations either may stand first."""
    free = list(found)
    count = 0
    for gold in annotated:
        for ours in free:
            ways = (ours, ours[::-1]) if mutual else (ours,)
            if any(alike(gold[0], a) and alike(gold[1], b) for a, b in ways):
                free.remove(ours)
                count += 1
                break
    return count


def run(corpora: Path) -> Figures:
    """Figures on all documents below `corpora`.

    Raises:
        UnreadableError, RecordError: a file that is missing or broken.
    """
    folders = sorted(path.parent for path in (corpora / "re3d").glob("*/documents.json"))
    if not folders:
        raise UnreadableError(str(corpora / "re3d"), "holds no folder with documents.json", "")
    documents = [d for folder in folders for d in files.json_lines(folder / "documents.json", "_id", "text")]
    relations: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for folder in folders:
        for relation in files.json_lines(folder / "relations.json", "documentId", "type", "source", "target"):
            relations[relation["documentId"]].append(relation)
    found = _found(documents)
    scores = {kind: Score() for kind in IS_MUTUAL}
    for document in documents:
        own = relations[document["_id"]]
        synonyms = Synonyms(own)
        for kind, mutual in IS_MUTUAL.items():
            named = ((fold(r["source"]), fold(r["target"])) for r in own if r["type"] == kind)
            gold = synonyms.pairs(named, mutual=mutual)
            ours = synonyms.pairs(found[document["_id"]][kind], mutual=mutual)
            scores[kind].add(right(gold, ours, mutual=mutual), len(ours), len(gold))
    return {kind: score.figures() for kind, score in scores.items()}


def _found(documents: Iterable[dict[str, Any]]) -> dict[str, dict[str, list[Pair]]]:
    """By document and kind, the pairs of folded names in our rows."""
    with tempfile.TemporaryDirectory() as folder:
        for document in documents:
            Path(folder, f"{document['_id']}.txt").write_text(document["text"], "utf-8")
        rows = extraction.rows([Path(folder)], ["alliances", "relations"])
    found: dict[str, dict[str, list[Pair]]] = defaultdict(lambda: defaultdict(list))
    for row in _all(rows["alliances"]):
        found[row["document"]]["AlliesOf"].append((fold(row["supporter"]), fold(row["supported"])))
    for row in _all(rows["relations"]):
        if row["type"] in _OURS:
            found[row["document"]][_OURS[row["type"]]].append((fold(row["a"]), fold(row["b"])))
    return found


def _all(rows: dict[str, list[Row]]) -> list[Row]:
    return [row for of_document in rows.values() for row in of_document]


EVALUATION: Final = Evaluation(
    "re3d",
    "corpora",
    ("re3d",),
    "Relations in press releases, reports and encyclopedia articles on Syria and Iraq: four of the seven parts "
    "of [re3d](https://github.com/dstl/re3d). A pair of names counts once a document, and when two thirds of "
    "their words agree. `AlliesOf` are our alliances, `FightingAgainst` is opposes, `BelongsTo` member_of and "
    "part_of, `InChargeOf` leads, office_of and controls.",
    run,
)
