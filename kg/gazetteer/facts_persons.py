"""From the folder of facts to rows of persons: heads of state and government, and some ministers, since 1990."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final

from kg.gazetteer.names import fold, slug
from kg.gazetteer.table import read_rows, split

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

Row = dict[str, str]

_EFFECTIVE: Final = "effective"
_EFFECTIVE_OFFICE: Final = "head of state or government"
_STILL: Final = "2015-12-31"
"""The last day of the list of effective leaders: a spell that ends on it goes on."""
_FIRST: Final = date(2003, 1, 1)
"""The first day of the monthly list of ministers: a row that begins on it may have begun earlier."""
_NEAR: Final = 400
"""Days by which two sources may differ on a beginning: one counts elections, one inaugurations, one whole months."""
_BY_HAND: Final = "hand-added"


def persons(facts: Path, titles: Container[str]) -> Iterator[Row]:
    """One row a person and country, with the spells in office that two sources agree on, or one gives by hand.

    Names of one word, and names that begin with one of `titles`, are left out: they cannot be told from others.
    """
    rows = [r for r in read_rows(facts / "leaders.csv") if r["office_hint"] and _full(r["person"], titles)]
    trusted = [r for r in rows if _trusted(r)]
    spells = {key: list(group) for key, group in groupby(sorted(trusted, key=_spell), key=_spell)}
    kept: list[Row] = []
    for (_, leader), group in spells.items():
        kept += [r for r in group if r["origin"] == _BY_HAND] if not leader else _bearers(leader, group)
    for _, same in groupby(sorted(kept, key=_who), key=_who):
        yield _person(list(same))


def _full(name: str, titles: Container[str]) -> bool:
    words = name.split()
    return len(words) > 1 and words[0][0].isupper() and words[0].lower() not in titles and '"' not in name


def _spell(row: Row) -> tuple[str, str]:
    return row["iso3"], row["archigos_leader"]


def _who(row: Row) -> tuple[str, str]:
    return row["iso3"], fold(row["person"])


def _trusted(row: Row) -> bool:
    """Whether the row is the office itself, not an earlier post of the same person or a minister of the same name."""
    defence = "defence" in row["office_hint"] and row["role_code"] == "GOVMIL"
    if row["role_code"] != "GOV" and not defence:
        return False
    if not row["archigos_leader"] or not row["office_hint"].startswith(_EFFECTIVE):
        return True
    began, spell = date.fromisoformat(row["from"]), date.fromisoformat(row["archigos_leader"].split(" ")[-1][:10])
    return abs((began - spell).days) <= _NEAR or (began == _FIRST and spell < began)


def _bearers(leader: str, group: list[Row]) -> list[Row]:
    """The rows of a spell in office under the name of its one holder; none where two persons claim it."""
    name = fold(leader.rsplit(" ", 1)[0])
    words = set(name.casefold().split())
    full = [r for r in group if words <= _words(r)] if len(words) > 1 else group
    named = [r for r in full if not r["office_hint"].startswith(_EFFECTIVE)] or full
    if not named:
        return []
    first = min(named, key=lambda r: (len(_words(r)), fold(r["person"]) != name, r["person"]))
    if not all(_words(first) <= _words(r) for r in named):
        return []
    return [{**r, "person": first["person"], "aliases": f"{r['aliases']}|{r['person']}"} for r in named]


def _words(row: Row) -> set[str]:
    return {w.casefold() for w in fold(row["person"]).split()}


def _person(rows: list[Row]) -> Row:
    name = rows[0]["person"]
    bounds = [_bounds(r) for r in rows]
    offices = {o for r in rows for o in split(r["office_hint"]) if not o.startswith(_EFFECTIVE)} or {_EFFECTIVE_OFFICE}
    return {
        "entry": slug(name),
        "label": name,
        "type": "Person",
        "aliases": "|".join(_aliases(name, (a for r in rows for a in split(r["aliases"])))),
        "country": rows[0]["iso3"],
        "office": "|".join(sorted(offices)),
        "valid_from": min(begin for begin, _ in bounds),
        "valid_to": "" if any(not end for _, end in bounds) else max(end for _, end in bounds),
        "source": "PETRARCH+Archigos" if any(r["archigos_leader"] for r in rows) else "PETRARCH",
    }


def _bounds(row: Row) -> tuple[str, str]:
    if not row["archigos_leader"]:
        return row["from"], row["to"]
    begin, _, end = row["archigos_leader"].rsplit(" ", 1)[1].partition("..")
    return begin, "" if end == _STILL else end


def _aliases(name: str, aliases: Iterable[str]) -> list[str]:
    """Other spellings of a full name: first and last word with the same initials; no titles, no bare surnames."""
    return sorted({a for a in aliases if len(a.split()) > 1 and _initials(a) == _initials(name)} - {name})


def _initials(name: str) -> tuple[str, str]:
    words = fold(name).split()
    return words[0][0], words[-1][0]
