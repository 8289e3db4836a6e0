"""The gazetteer itself: names to entries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kg.errors import GazetteerError
from kg.gazetteer.names import form_keys, query_keys
from kg.gazetteer.offices import Offices, Term, read_terms, terms
from kg.gazetteer.table import Entry, read_checked, read_rows, split, to_entry
from kg.gazetteer.turtle import read_turtle
from kg.model import ActorType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DATA: Final = Path(__file__).parent / "data"
FILES: Final = ("states", "territories", "organizations", "armed_groups", "peoples", "persons")


class Naming(StrEnum):
    """How a form names an entry; the order is the order of trust."""

    LABEL = "label"
    ALIAS = "alias"
    AMBIGUOUS = "ambiguous"
    DEMONYM = "demonym"
    METONYM = "metonym"


_RANK: Final = {naming: rank for rank, naming in enumerate(Naming)}


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that a name may stand for, the form that the gazetteer has, and how that form names the entry."""

    entry: Entry
    naming: Naming
    form: str


def entry_forms(entry: Entry) -> Iterator[tuple[str, Naming]]:
    """Every form that names `entry`; one that is listed as ambiguous comes as ambiguous only."""
    unsure = set(entry.ambiguous)
    if entry.label not in unsure:
        yield entry.label, Naming.LABEL
    for naming, forms in (
        (Naming.ALIAS, entry.aliases),
        (Naming.AMBIGUOUS, entry.ambiguous),
        (Naming.DEMONYM, entry.demonyms),
        (Naming.METONYM, entry.metonyms),
    ):
        for form in forms:
            if naming is Naming.AMBIGUOUS or form not in unsure:
                yield form, naming


class Gazetteer:
    """Actors by name.

    >>> [(m.entry.entry, m.naming.value) for m in Gazetteer.load().lookup("the Kremlin")]
    [('russia', 'metonym')]
    """

    def __init__(
        self,
        entries: tuple[Entry, ...],
        offices: Iterable[Term] = (),
        neighbours: Mapping[str, frozenset[str]] = MappingProxyType({}),
        homonyms: Mapping[str, frozenset[str]] = MappingProxyType({}),
    ) -> None:
        """Index `entries`, which have different identifiers; :meth:`load` gives the package's."""
        self.entries: Final = entries
        self.offices: Final = Offices(offices)
        self.neighbours: Final = neighbours
        """The countries that border on a country, by ISO alpha-3 codes."""
        self.homonyms: Final = homonyms
        """For an entry, the countries of what bears its name and is in no table: the U.S. state of Georgia."""
        self._by_id: Final = {e.entry: e for e in entries}
        index: dict[str, list[Match]] = {}
        for entry in entries:
            for form, naming in entry_forms(entry):
                match = Match(entry, naming, form)
                for key in form_keys(form):
                    index.setdefault(key, []).append(match)
        self._index: Final = index

    @staticmethod
    def load(extra: tuple[Path, ...] = ()) -> Gazetteer:
        """The package's gazetteer, with the actors of the files `extra` added: tables, or Turtle by the suffix .ttl.

        A row with a known `entry` replaces it.

        Raises:
            GazetteerError: a table that cannot be read, a broken row, an entry twice, or an item of Wikidata on two.
        """
        return _load(tuple(extra))

    def __getitem__(self, entry: str) -> Entry:
        """The entry with this identifier, such as ``mali``."""
        return self._by_id[entry]

    def __contains__(self, entry: object) -> bool:
        """Whether there is an entry with this identifier."""
        return entry in self._by_id

    def lookup(self, name: str) -> tuple[Match, ...]:
        """The entries that `name` may stand for, the surest first; several where it is ambiguous, none where unknown.

        A leading article, diacritics, periods, apostrophes and hyphens make no difference. Case makes none either, but
        an acronym of up to four letters is found in capitals only, and a name all in lower case only where the table
        has it so.
        """
        lower = not any(c.isupper() for c in name)
        matches = (m for key in query_keys(name) for m in self._index.get(key, ()) if not lower or m.form.islower())
        best: dict[str, Match] = {}
        for match in sorted(matches, key=lambda m: (_RANK[m.naming], m.entry.entry, m.form)):
            best.setdefault(match.entry.entry, match)
        return tuple(best.values())

    def forms(self) -> Iterator[tuple[str, Naming, Entry]]:
        """Every form, with how it names which entry, in the order of the entries: for building a phrase matcher."""
        for entry in self.entries:
            for form, naming in entry_forms(entry):
                yield form, naming, entry


@cache
def _load(extra: tuple[Path, ...]) -> Gazetteer:
    entries = {row["entry"]: to_entry(row) for name in FILES for row in read_rows(DATA / f"{name}.csv")}
    added: dict[str, Entry] = {}
    for path in extra:
        places: dict[str, str] = {}
        for where, row in _rows(path):
            entry = to_entry(row)
            if first := places.get(entry.entry):
                raise GazetteerError(where, f"entry '{entry.entry}' stands {first} already", "give it another name")
            places[entry.entry] = "on line " + where.rpartition(":")[2] if ">" not in where else where
            _refuse_shared_item(where, entry, entries)
            entries[entry.entry] = added[entry.entry] = entry
    return Gazetteer(
        tuple(entries[key] for key in sorted(entries)),
        terms(read_terms(DATA / "offices.csv"), added),
        _sets("neighbours", "country", "neighbours"),
        _sets("homonyms", "entry", "countries"),
    )


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a user's file with where each stands: Turtle by its suffix, else a table."""
    if path.suffix == ".ttl":
        return read_turtle(path)
    return ((f"{path}:{line}", row) for line, row in read_checked(path))


def _sets(name: str, key: str, values: str) -> Mapping[str, frozenset[str]]:
    """A table of two columns, the second a list."""
    return MappingProxyType({row[key]: frozenset(split(row[values])) for row in read_rows(DATA / f"{name}.csv")})


def _refuse_shared_item(where: str, entry: Entry, entries: Mapping[str, Entry]) -> None:
    item = entry.identifier("wikidata")
    for other in entries.values() if item else ():
        if other.entry != entry.entry and other.identifier("wikidata") == item:
            raise GazetteerError(
                where,
                f"{item} is the Wikidata item of '{other.entry}'",
                f"use the entry '{other.entry}' to change that one",
            )


@cache
def roles() -> Mapping[str, ActorType]:
    """Titles and role nouns in lower case, singular and plural, with the type of actor that each names.

    >>> roles()["official"].value, roles()["officials"].value
    ('Person', 'GovernmentBody')
    """
    found: dict[str, ActorType] = {}
    for row in read_rows(DATA / "roles.csv"):
        found.setdefault(row["term"], ActorType(row["actor_type"]))
        if row["plural"]:
            found.setdefault(row["plural"], ActorType(row["plural_type"] or row["actor_type"]))
    return MappingProxyType(found)
