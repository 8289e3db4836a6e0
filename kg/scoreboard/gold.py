"""All that articles state, against articles annotated by hand: NAME.txt with NAME.gold.json in one folder.

An annotation marked ``optional`` is neither required nor wrong when found; ``alt_kind`` and ``alt_type`` hold a second
reading that counts too. What an annotation quotes is looked up in the text, all places of its words included.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from kg.errors import RecordError, UnreadableError
from kg.scoreboard import extraction, files
from kg.scoreboard.evaluation import DIGITS, Evaluation, Figures
from kg.scoreboard.scoring import Row, Score, alike, characters, fold, integer, overlap, pair

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Item = dict[str, Any]
"""An annotation."""

QUERIES: Final = ("actors", "statements", "casualties", "alliances", "mediations", "relations", "events")
SUFFIX: Final = ".gold.json"
MEAN_OF: Final = (
    "actors",
    "statements: content and source",
    "denials",
    "casualty figures: harm, bounds and source",
    "alliances",
    "mediations",
    "relations",
    "events: type, words, agent and target",
)
"""The categories of the mean: each kind of row once, with all that makes it useful."""
_HALF: Final = 0.5


class Document:
    """One annotated article with the rows found in it: answers how like an annotation and a row are."""

    def __init__(self, text: str, annotations: dict[str, list[Item]], rows: dict[str, list[Row]]) -> None:
        self.text = text
        self.annotations = annotations
        self.rows = rows
        self._name: dict[str, str] = {}
        for actor in annotations["actors"]:
            for form in (actor["name"], *actor.get("aliases", ())):
                self._name.setdefault(fold(form), actor["name"])

    def same(self, annotated: str | None, *found: str | None) -> bool:
        """Whether one of the found names is the annotated actor's, or nearly so; for nobody, whether none is found."""
        if not annotated:
            return not any(found)
        folded = fold(annotated)
        return any(
            self._named(name) == self._named(annotated) or (bool(fold(name)) and alike(fold(name), folded))
            for name in found
            if name
        )

    def _named(self, name: str) -> str:
        folded = fold(name)
        return self._name.get(folded, folded)

    def share(self, row: Row, spans: Sequence[str], quote: str | None, more: str | None = None) -> float:
        """The best overlap of a row's spans with a place of the quoted words, and the first one of `more`."""
        if not quote:
            return 0.0
        found = characters(row, *spans)
        rest = set(range(at := self.text.find(more), at + len(more))) if more and more in self.text else set()
        places = (set(range(m.start(), m.end())) | rest for m in re.finditer(re.escape(quote), self.text))
        return max((overlap(place, found) for place in places), default=0.0)

    def actor(self, gold: Item, row: Row) -> float:
        """Whether they share a name or alias."""
        forms = {fold(form) for form in (gold["name"], *gold.get("aliases", ()))}
        return float(not forms.isdisjoint(fold(form) for form in (row["name"], *row["aliases"].split("|")) if form))

    def content(self, gold: Item, row: Row) -> float:
        """How far the contents overlap, 0 below a half of their union."""
        share = self.share(row, ("content", "content2"), gold["content"], gold.get("content2"))
        return share if share >= _HALF else 0.0

    def attribution(self, gold: Item, row: Row) -> float:
        """The same, 0 where the sources differ."""
        return self.content(gold, row) * self.same(gold["source"], row["source"], row["source_text"])

    def denial(self, gold: Item, row: Row) -> float:
        """How far the cues or the contents overlap, 0 where the sources differ."""
        if not self.same(gold["source"], row["source"], row["source_text"]):
            return 0.0
        return max(self.share(row, ("cue",), gold["cue"]), self.content(gold, row))

    def casualties(self, gold: Item, row: Row) -> float:
        """How far the quoted words overlap, 0 where harm or bounds differ."""
        bounds = (integer(row["min"]), integer(row["max"]))
        alike_ = row["harm"] == gold["kind"] and bounds == (gold.get("min"), gold.get("max"))
        return self.share(row, ("quote",), gold["quote"]) * alike_

    def casualties_by(self, gold: Item, row: Row) -> float:
        """The same, 0 where another gives the figure."""
        return self.casualties(gold, row) * self.same(gold.get("source"), row["source"])

    def casualties_of(self, gold: Item, row: Row) -> float:
        """The same, 0 where the dead are another's."""
        return self.casualties(gold, row) * self.same(gold.get("side"), row["side"])

    def alliance(self, gold: Item, row: Row) -> float:
        """Whether supporter and supported are the same."""
        return float(self.same(gold["supporter"], row["supporter"]) and self.same(gold["supported"], row["supported"]))

    def mediation(self, gold: Item, row: Row) -> float:
        """How many parties are the same, 0 where the mediator is not, or no party is though some are annotated."""
        if not self.same(gold["mediator"], row["mediator"]):
            return 0.0
        parties, found = gold.get("parties", ()), [party for party in row["parties"].split("|") if party]
        shared = sum(any(self.same(party, other) for other in found) for party in parties)
        return _HALF + shared if shared or not parties else 0.0

    def relation(self, gold: Item, row: Row) -> float:
        """Whether type and both ends are the same."""
        return float(gold["type"] == row["type"] and self.same(gold["a"], row["a"]) and self.same(gold["b"], row["b"]))

    def event(self, gold: Item, row: Row) -> float:
        """How far the quoted words overlap, 0 where the type differs."""
        right = row["type"] in (gold["type"], gold.get("alt_type"))
        return self.share(row, ("quote",), gold["quote"]) * right

    def event_with_roles(self, gold: Item, row: Row) -> float:
        """The same, 0 where agent or target differ."""
        agreed = self.same(gold.get("agent"), row["agent"]) and self.same(gold.get("target"), row["target"])
        return self.event(gold, row) * agreed


class Tally:
    """The scores of all documents, by category."""

    def __init__(self) -> None:
        self.scores: dict[str, Score] = defaultdict(Score)
        self.agreed: dict[str, list[bool]] = defaultdict(list)

    def count(
        self, name: str, annotated: Sequence[Item], found: Sequence[Row], likeness: Callable[[Item, Row], float]
    ) -> list[tuple[Item, Row]]:
        """Count one document's pairs; returns them."""
        pairs = [(annotated[i], found[j]) for i, j in pair(annotated, found, likeness)]
        right = sum(not item.get("optional") for item, _ in pairs)
        required = sum(not item.get("optional") for item in annotated)
        self.scores[name].add(right, len(found) - len(pairs) + right, required)
        return pairs

    def add(self, document: Document) -> None:
        """Count all that one document holds."""
        gold, rows = document.annotations, document.rows
        for item, row in self.count("actors", gold["actors"], rows["actors"], document.actor):
            self.agreed["types of the actors found"].append(row["type"] in (item["type"], item.get("alt_type")))
        self._statements(document)
        figures = (gold["casualties"], rows["casualties"])
        self.count("casualty figures: harm and bounds", *figures, document.casualties)
        self.count("casualty figures: harm, bounds and source", *figures, document.casualties_by)
        self.count("casualty figures: harm, bounds and side", *figures, document.casualties_of)
        self.count("alliances", gold["alliances"], rows["alliances"], document.alliance)
        self.count("mediations", gold["mediations"], rows["mediations"], document.mediation)
        self.count("relations", gold["relations"], rows["relations"], document.relation)
        self.count("events: type and words", gold["events"], rows["events"], document.event)
        self.count("events: type, words, agent and target", gold["events"], rows["events"], document.event_with_roles)

    def _statements(self, document: Document) -> None:
        rows = document.rows["statements"]
        statements = document.annotations["statements"]
        with_content = [item for item in statements if item.get("content")]
        for item, row in self.count("statements: content", with_content, rows, document.content):
            self.agreed["kinds of the statements found"].append(row["kind"] in (item["kind"], item.get("alt_kind")))
        attributed = self.count("statements: content and source", with_content, rows, document.attribution)
        row_of = {item["id"]: row["statement"] for item, row in attributed}
        # What is a denial in one of two readings may be found, but need not.
        denials = [
            {**item, "optional": item.get("optional", False) or item["kind"] != "Denial"}
            for item in statements
            if "Denial" in (item["kind"], item.get("alt_kind"))
        ]
        found = [row for row in rows if row["kind"] == "Denial"]
        self.count("denials", denials, found, document.denial)

        def link(gold: Item, row: Row) -> float:
            denied = row_of.get(gold["denies"])
            return document.denial(gold, row) if denied and denied == row["denies"] else 0.0

        linked = [item for item in denials if item.get("denies")]
        self.count("denials linked to what they deny", linked, [row for row in found if row["denies"]], link)

    def figures(self) -> Figures:
        """All scores, the share of right types and kinds, and the mean of :data:`MEAN_OF`, as rounded in the table."""
        agreed = {
            name: {"annotated": len(values), "accuracy": sum(values) / len(values) if values else 0.0}
            for name, values in self.agreed.items()
        }
        mean = sum(round(self.scores[name].f1, DIGITS) for name in MEAN_OF) / len(MEAN_OF)
        return {name: score.figures() for name, score in self.scores.items()} | agreed | {"mean": {"F1": mean}}


def read(path: Path) -> dict[str, list[Item]]:
    """The annotations of a file, lists of objects by the names of :data:`QUERIES`.

    Raises:
        UnreadableError: the file cannot be read.
        RecordError: it is broken, or a list is missing.
    """
    found = files.json_object(files.text(path), path)
    for name in QUERIES:
        if not isinstance(found.get(name), list):
            raise RecordError(f"{path}:1", f"lacks the list '{name}'", f"it must hold {', '.join(QUERIES)}")
    return found


def run(folder: Path) -> Figures:
    """Figures on the articles of `folder`.

    Raises:
        UnreadableError, RecordError: a file that is missing or broken.
    """
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not paths:
        raise UnreadableError(str(folder), f"holds no file *{SUFFIX}", "")
    names = [path.name.removesuffix(SUFFIX) for path in paths]
    annotations = [read(path) for path in paths]
    texts = [folder / f"{name}.txt" for name in names]
    contents = [files.text(path) for path in texts]
    rows = extraction.rows(texts, QUERIES)
    tally = Tally()
    for name, text, annotated in zip(names, contents, annotations, strict=True):
        tally.add(Document(text, annotated, {query: rows[query][name] for query in QUERIES}))
    return tally.figures()


EVALUATION: Final = Evaluation(
    "gold",
    "gold",
    (),
    "All that articles state, annotated by hand in articles of news agencies, newspapers and state media. The "
    "rules were developed on these very articles, and the smaller counts say little: expect less on others. A "
    "statement counts when its content shares half of its characters with the annotated one, a figure when "
    "harm and bounds are the same, the rest when kind and actors are. The mean is that of the eight kinds of "
    "rows, each with its source, actors or bounds.",
    run,
)
