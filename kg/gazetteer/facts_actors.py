"""From the folder of facts to rows of actors: states, territories, organizations and armed groups."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final, TypeAlias

from kg.gazetteer.names import fold, slug
from kg.gazetteer.table import read_rows, split

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row: TypeAlias = dict[str, str]

FORMER: Final = "former state"
_STATES: Final = {"UN member": "State", "UN observer": "State", FORMER: "State", "partially recognised": "State"}
_GENERIC_CAMEO: Final = 3
"""CAMEO codes of this length name a country or a whole kind of actor, never one group."""


def kinds(path: Path) -> dict[str, str]:
    """The table that turns a source's own word for a kind of actor into one of the eight types."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["kind"]: row["type"] for row in csv.DictReader(file)}


def states(facts: Path) -> Iterator[Row]:
    """States present and former, and dependent territories."""
    for row in read_rows(facts / "states.csv"):
        type_ = _STATES.get(row["status"], "Territory")
        yield {
            "entry": slug(row["name"]),
            "label": row["name"].strip(),
            "type": type_,
            "aliases": _kept(row["aliases"], comma=False),
            "demonyms": row["demonyms"],
            "metonyms": row["government_metonyms"] if type_ == "State" else "",
            "valid_from": row["valid_from"],
            "valid_to": row["valid_to"],
            "wikidata": row["wikidata"],
            "iso2": row["iso2"],
            "iso3": row["iso3"],
            "gleditsch_ward": row["gwcode"],
            "cow": row["cow"],
            "cameo": row["cameo"],
            "geonames": row["geonames_id"],
            "wikipedia": row["wikipedia_title"],
            "source": _source(row["qid_source"]),
            "former": "yes" if row["status"] == FORMER else "",
        }


def territories(facts: Path) -> Iterator[Row]:
    """Disputed, breakaway, autonomous and other territories."""
    for row in read_rows(facts / "territories.csv"):
        yield {
            "entry": slug(row["name"]),
            "label": row["name"],
            "type": "Territory",
            "aliases": _kept(row["aliases"]),
            "demonyms": row["demonyms"],
            "country": row["located_in_iso3"],
            "wikidata": row["wikidata"],
            "wikipedia": row["wikipedia_title"],
            "source": _source(row["qid_source"]),
        }


def organizations(facts: Path, types: dict[str, str]) -> Iterator[Row]:
    """International organizations, agencies, courts, missions, media, monitors, parties and bodies of government."""
    for row in read_rows(facts / "organizations.csv"):
        yield _group(row, types, "")


def armed_groups(facts: Path, types: dict[str, str]) -> Iterator[Row]:
    """Armed groups, and what their list holds beside them: parties, state forces, gangs, companies."""
    for row in read_rows(facts / "armed_groups.csv"):
        yield _group(row, types, row["countries_iso3"])


def _group(row: Row, types: dict[str, str], country: str) -> Row:
    label, ambiguous = row["name"], list(split(row["ambiguous_aliases"]))
    plain = label.split(" (")[0]
    if plain != label:
        ambiguous.append(plain)
    # A source flags its own main names too ("Quds Force"): the label is trusted unless the corrections say otherwise.
    return {
        "entry": slug(label),
        "label": label,
        "type": types[row["type"]],
        "aliases": _kept(row["aliases"]),
        "ambiguous_aliases": _kept("|".join(a for a in ambiguous if fold(a) != fold(label))),
        "country": country,
        "wikidata": row["wikidata"],
        "cameo": row["cameo"] if len(row["cameo"]) > _GENERIC_CAMEO else "",
        "wikipedia": row["wikipedia_title"],
        "source": _source(row["qid_source"]),
    }


def _kept(names: str, *, comma: bool = True) -> str:
    """A list of names without those that no text uses: with a bracket, inverted at a comma, with an article before."""
    return "|".join(
        n
        for n in split(names)
        if "(" not in n and "[" not in n and (comma or "," not in n) and not n.startswith("the ")
    )


def _source(qid_source: str) -> str:
    """The source of the identifiers, without the notes of where in it they were found."""
    return "+".join(
        part.split(" (")[0].strip() for part in qid_source.replace(" other_qids:", " (").split("+") if part.strip()
    )
