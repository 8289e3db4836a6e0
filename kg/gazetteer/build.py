"""Make the gazetteer's tables anew from a folder of facts: ``python -m kg.gazetteer.build FACTS_DIR``.

FACTS_DIR holds states.csv, territories.csv, organizations.csv, armed_groups.csv, leaders.csv and roles.csv; what was
added and corrected by hand lies in ``curation``. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.gazetteer import facts_actors
from kg.gazetteer.facts_offices import office_holders, office_rows
from kg.gazetteer.facts_persons import persons
from kg.gazetteer.facts_roles import ROLE_COLUMNS, roles
from kg.gazetteer.lookup import DATA, FILES
from kg.gazetteer.names import fold, form_keys
from kg.gazetteer.offices import OFFICE_COLUMNS
from kg.gazetteer.table import COLUMNS, LISTS, SCHEMES, problem, read_rows, split, write_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Row = dict[str, str]

CURATION: Final = Path(__file__).parent / "curation"
_FILE_OF: Final = {
    "State": "states",
    "Territory": "territories",
    "ArmedGroup": "armed_groups",
    "People": "peoples",
    "Person": "persons",
}
_NAMES: Final = ("aliases", "ambiguous_aliases", "demonyms", "metonyms")


def build(facts: Path, out: Path = DATA) -> None:
    """Write the seven tables made from `facts` and the curation into `out`.

    Raises:
        FileNotFoundError: `facts` lacks one of its tables.
        ValueError: a row of the facts or of the curation is broken; the message says which.
    """
    role_rows = list(
        roles(facts, CURATION / "role_heads.csv", CURATION / "portfolios.csv", CURATION / "role_exclusions.csv")
    )
    titles = {row["term"] for row in role_rows} | {row["title"] for row in read_rows(CURATION / "name_titles.csv")}
    rows = _merged(facts, titles)
    _correct(rows)
    terms = list(office_rows(CURATION / "offices.csv", rows))
    rows |= {row["entry"]: row for row in office_holders(terms, rows)}
    for term in terms:
        offices = split(rows[term["entry"]].get("office", ""))
        rows[term["entry"]]["office"] = "|".join(sorted({*offices, term["office"]}))
    _itemise(rows)
    _tidy(rows)
    _unshare_identifiers(rows)
    _unshare_names(rows)
    for row in rows.values():
        if fault := problem(row):
            raise ValueError(f"{row['entry']}: {fault}")
    tables: dict[str, list[Row]] = {name: [] for name in FILES}
    for entry in sorted(rows):
        row = {column: rows[entry].get(column, "") for column in COLUMNS}
        tables[_FILE_OF.get(row["type"], "organizations")].append(row)
    for name, table in tables.items():
        write_rows(out / f"{name}.csv", COLUMNS, table)
    write_rows(out / "roles.csv", ROLE_COLUMNS, role_rows)
    terms.sort(key=lambda row: [row[column] for column in ("country", "office", "from")])
    write_rows(out / "offices.csv", OFFICE_COLUMNS, ({c: row[c] for c in OFFICE_COLUMNS} for row in terms))
    for name, columns in (("neighbours", ("country", "neighbours")), ("homonyms", ("entry", "countries"))):
        table = sorted(read_rows(CURATION / f"{name}.csv"), key=lambda row: row[columns[0]])
        write_rows(out / f"{name}.csv", columns, ({c: row[c] for c in columns} for row in table))


def _merged(facts: Path, titles: set[str]) -> dict[str, Row]:
    """All rows by entry: the facts, then the additions, which extend a row or add one."""
    types = facts_actors.kinds(CURATION / "kinds.csv")
    rows: dict[str, Row] = {}
    for row in _facts(facts, types):
        known = rows.get(row["entry"])
        rows[row["entry"]] = _extended(known, row) if known else row
    people = list(persons(facts, titles))
    shared = Counter(row["entry"] for row in people)
    for row in people:
        if shared[row["entry"]] > 1 or row["entry"] in rows:
            row["entry"] += f"-{row['country'].lower()}"
        rows[row["entry"]] = row
    for row in read_rows(CURATION / "additions.csv"):
        known = rows.get(row["entry"])
        if known is None and fold(row["label"]) in {fold(r["label"]) for r in rows.values()}:
            raise ValueError(f"additions: the label of '{row['entry']}' belongs to another entry already")
        rows[row["entry"]] = _extended(known, row) if known else row
    return rows


def _facts(facts: Path, types: dict[str, str]) -> Iterator[Row]:
    yield from facts_actors.states(facts)
    yield from facts_actors.territories(facts)
    yield from facts_actors.organizations(facts, types)
    yield from facts_actors.armed_groups(facts, types)


def _extended(row: Row, more: Row) -> Row:
    """`row` with the names of `more` added, and its other values where `row` has none."""
    result = dict(row)
    for column, value in more.items():
        if column in LISTS and column != "country":
            result[column] = "|".join(dict.fromkeys((*split(row.get(column, "")), *split(value))))
        elif column == "source" and value:
            result[column] = "+".join(dict.fromkeys((*filter(None, row.get(column, "").split("+")), *value.split("+"))))
        else:
            result[column] = row.get(column, "") or value
    return result


def _correct(rows: dict[str, Row]) -> None:
    """Apply corrections.csv: remove an entry, set a value, drop a name, doubt one (it needs context) or trust one."""
    for fix in read_rows(CURATION / "corrections.csv"):
        if fix["entry"] not in rows:
            raise ValueError(f"corrections: no entry '{fix['entry']}'")
        row = rows[fix["entry"]]
        column, value = fix["column"], fix["value"]
        if fix["action"] == "remove":
            del rows[fix["entry"]]
        elif fix["action"] == "set":
            row[column] = value
        elif fix["action"] == "doubt":
            row["ambiguous_aliases"] = f"{row.get('ambiguous_aliases', '')}|{value}"
        elif value not in (names := split(row.get(column, ""))):
            raise ValueError(f"corrections: '{fix['entry']}' has no '{value}' among its {column}")
        else:
            row[column] = "|".join(n for n in names if n != value)
            if fix["action"] == "trust":
                row["aliases"] = f"{row.get('aliases', '')}|{value}"


def _itemise(rows: dict[str, Row]) -> None:
    """Apply items.csv: items of Wikidata, each read with its label in the source named, and titles of Wikipedia."""
    for item in read_rows(CURATION / "items.csv"):
        if item["entry"] not in rows:
            raise ValueError(f"items: no entry '{item['entry']}'")
        row = rows[item["entry"]]
        for column in ("wikidata", "wikipedia"):
            known, value = row.get(column, ""), item[column]
            if known and value and known != value:
                raise ValueError(f"items: '{item['entry']}' has '{known}' as its {column} already")
            row[column] = known or value
        if item["wikidata"]:
            sources = (*filter(None, row.get("source", "").split("+")), *item["source"].split("+"))
            row["source"] = "+".join(dict.fromkeys(sources))


def _tidy(rows: dict[str, Row]) -> None:
    """Each name of an entry once, under the first of alias, demonym and metonym that has it; lists sorted."""
    for row in rows.values():
        seen = {row["label"]}
        for column in ("aliases", "demonyms", "metonyms"):
            names = [n for n in split(row.get(column, "")) if n not in seen]
            seen.update(names)
            row[column] = "|".join(sorted(set(names)))
        row["ambiguous_aliases"] = "|".join(sorted(set(split(row.get("ambiguous_aliases", "")))))
        row["country"] = "|".join(split(row.get("country", "")))


def _unshare_identifiers(rows: dict[str, Row]) -> None:
    """An identifier of two entries is taken from former states first, then from all: unlinked rather than wrong."""
    for column in SCHEMES:
        _take(rows, column, lambda row: bool(row.get("former")))
        _take(rows, column, lambda _: True)


def _take(rows: dict[str, Row], column: str, loses: Callable[[Row], bool]) -> None:
    count = Counter(row[column] for row in rows.values() if row.get(column))
    for row in rows.values():
        if row.get(column) and count[row[column]] > 1 and loses(row):
            row[column] = ""


def _unshare_names(rows: dict[str, Row]) -> None:
    """Decide names that several entries have.

    A former state yields every name to what exists; an alias, demonym or metonym yields to a label, a metonym and a
    demonym to an alias; an alias of two is ambiguous for both, as is a label that its own entry doubts. Demonyms and
    metonyms may be shared.
    """
    current = {k for row in rows.values() if not row.get("former") for c in ("label", *_NAMES) for k in _keys(row, c)}
    for row in rows.values():
        for column in _NAMES if row.get("former") else ():
            _drop(row, column, current)
    labels = Counter(k for row in rows.values() for k in _keys(row, "label"))
    doubted = {k for row in rows.values() for k in {*_keys(row, "label")} & {*_keys(row, "ambiguous_aliases")}}
    for row in rows.values():
        for column in _NAMES:
            shared = {*_keys(row, "label"), *doubted} if column == "ambiguous_aliases" else set()
            _drop(row, column, set(labels) - shared)
        if any(labels[k] > 1 for k in _keys(row, "label")):
            row["ambiguous_aliases"] = "|".join(sorted({*split(row["ambiguous_aliases"]), row["label"]}))
    holders = Counter(k for row in rows.values() for k in {*_keys(row, "aliases"), *_keys(row, "ambiguous_aliases")})
    for row in rows.values():
        listed = set(_keys(row, "ambiguous_aliases"))
        unsure = [a for a in split(row["aliases"]) if any(holders[k] > 1 or k in listed for k in form_keys(a))]
        row["aliases"] = "|".join(a for a in split(row["aliases"]) if a not in unsure)
        row["ambiguous_aliases"] = "|".join(sorted({*split(row["ambiguous_aliases"]), *unsure}))
    for row in rows.values():
        _drop(row, "demonyms", set(holders))
        _drop(row, "metonyms", set(holders))


def _keys(row: Row, column: str) -> Iterator[str]:
    names = (row["label"],) if column == "label" else split(row.get(column, ""))
    for name in names:
        yield from form_keys(name)


def _drop(row: Row, column: str, keys: set[str]) -> None:
    row[column] = "|".join(n for n in split(row.get(column, "")) if not keys.intersection(form_keys(n)))


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python -m kg.gazetteer.build FACTS_DIR")
    build(Path(sys.argv[1]))
