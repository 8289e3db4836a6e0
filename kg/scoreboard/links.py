"""Which annotated actors are found and linked to other datasets, and whether the items agree with the annotated ones.

Each link is told on standard error: document, annotated name, the name found, what it is linked to, and why.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import click

from kg.model import ActorType
from kg.scoreboard import extraction, files, gold
from kg.scoreboard.evaluation import Evaluation, Figures
from kg.scoreboard.scoring import Row, pair

if TYPE_CHECKING:
    from pathlib import Path

TYPES: Final = (ActorType.STATE, ActorType.INTERNATIONAL_ORGANIZATION, ActorType.ARMED_GROUP, ActorType.PERSON)
_ITEM: Final = "http://www.wikidata.org/entity/"


def compare(document: gold.Document, links: dict[str, list[Row]]) -> tuple[list[tuple[str, Counter[str]]], list[str]]:
    """What became of each annotated actor of the four types, and a line for each that is linked."""
    annotated = document.annotations["actors"]
    found = dict(pair(annotated, document.rows["actors"], document.actor))
    counts, lines = [], []
    for i, item in enumerate(annotated):
        if item["type"] not in TYPES or item.get("optional"):
            continue
        row = document.rows["actors"][found[i]] if i in found else None
        made = links.get(row["actor"], []) if row else []
        items = {link["object"].removeprefix(_ITEM) for link in made if link["object"].startswith(_ITEM)}
        known = item.get("wikidata")
        count = Counter(annotated=1, found=row is not None, linked=bool(made), items=bool(known))
        count["right"], count["wrong"] = bool(known and known in items), bool(known and items - {known})
        counts.append((str(item["type"]), count))
        if row and made:
            objects = " ".join(sorted(link["object"] for link in made))
            lines.append(f"{row['document']}\t{item['name']}\t{row['name']}\t{objects}\t{made[0]['reasons']}")
    return counts, lines


def run(folder: Path) -> Figures:
    """Counts on the articles of `folder`, by type of actor and in all.

    Raises:
        UnreadableError, RecordError: a file that is missing or broken.
    """
    names = [path.name.removesuffix(gold.SUFFIX) for path in sorted(folder.glob(f"*{gold.SUFFIX}"))]
    texts = [folder / f"{name}.txt" for name in names]
    rows = extraction.rows(texts, ("actors", "links"))
    figures: dict[str, Counter[str]] = {str(type_): Counter() for type_ in TYPES}
    for name, text in zip(names, texts, strict=True):
        links: dict[str, list[Row]] = defaultdict(list)
        for row in rows["links"][name]:
            links[row["subject"]].append(row)
        annotations = gold.read(folder / f"{name}{gold.SUFFIX}")
        document = gold.Document(files.text(text), annotations, {"actors": rows["actors"][name]})
        counts, lines = compare(document, links)
        for type_, count in counts:
            figures[type_].update(count)
        for line in lines:
            click.echo(line, err=True)
    figures["all"] = sum(figures.values(), Counter())
    columns = ("annotated", "found", "linked", "items", "right", "wrong")
    return {name: {column: count[column] for column in columns} for name, count in figures.items()}


EVALUATION: Final = Evaluation(
    "links",
    "gold",
    (),
    "The annotated actors of four types, optional ones aside, descriptions such as “a police officer” included: how "
    "many are found, how many of these are linked to another dataset, how many the annotation gives an item of "
    "Wikidata, and how many of those have that item as a link, or another one.",
    run,
)
