"""Which annotated places of events and casualty figures are linked, and which get a point.

The names are those of the annotations, so that what the extraction overlooks does not count; a name that its article
never has in these very words ("Tokhar and Hoshariyeh") stays without a mention, and so without a link.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from kg.errors import UnreadableError
from kg.model import Place, Span
from kg.scoreboard import gold
from kg.scoreboard.evaluation import Evaluation, Figures

if TYPE_CHECKING:
    from pathlib import Path

    from kg.errors import InputError
    from kg.scoreboard.gold import Item


def places(text: str, annotations: dict[str, list[Item]]) -> tuple[dict[str, Place], Counter[str]]:
    """The annotated places of one article with all mentions of their names, and how often each is a place."""
    items = (item for name in ("events", "casualties") for item in annotations[name])
    counted = Counter(item["place"] for item in items if item.get("place") and not item.get("optional"))
    found = {}
    for i, name in enumerate(sorted(counted)):
        mentions = tuple(Span(m.start(), m.end()) for m in re.finditer(rf"\b{re.escape(name)}\b", text))
        found[name] = Place(f"p{i}", name, mentions)
    return found, counted


def run(folder: Path) -> Figures:
    """Figures on the articles of `folder`.

    Raises:
        UnreadableError, RecordError: a file that is missing or broken.
    """
    from kg import articles, nlp  # noqa: PLC0415 - heavy
    from kg.gazetteer import Gazetteer  # noqa: PLC0415
    from kg.nlp.located import Locator  # noqa: PLC0415
    from kg.nlp.reading import read  # noqa: PLC0415

    def refuse(error: InputError) -> None:
        raise error

    paths = sorted(folder.glob(f"*{gold.SUFFIX}"))
    if not paths:
        raise UnreadableError(str(folder), f"holds no file *{gold.SUFFIX}", "")
    annotator, locate = nlp.load(), Locator(Gazetteer.load())
    names: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    for path in paths:
        text = path.with_name(path.name.removesuffix(gold.SUFFIX) + ".txt")
        for article in articles.read([text], refuse):
            reading = read(article)
            annotated, counted = places(article.text, gold.read(path))
            with annotator.nlp.memory_zone():
                located = locate(article, annotator.doc(article, reading), reading, tuple(annotated.values()))
            for place in located:
                kinds = ("annotated", *(["linked"] if place.links else ()), *(["point"] if place.latitude else ()))
                names.update(kinds)
                uses.update(dict.fromkeys(kinds, counted[place.name]))
    return {"names in an article": _figures(names), "events and figures": _figures(uses)}


def _figures(counted: Counter[str]) -> dict[str, float]:
    total = counted["annotated"]
    share = counted["linked"] / total if total else 0.0
    return {"annotated": total, "linked": counted["linked"], "share": share, "with a point": counted["point"]}


EVALUATION: Final = Evaluation(
    "places",
    "gold",
    (),
    "Places of events and casualty figures in the articles annotated by hand: how many are linked to GeoNames or "
    "Wikidata, and how many have a point. Quarters of towns, villages without an entry, straits and islands are "
    "annotated as well, and stay unlinked.",
    run,
)
