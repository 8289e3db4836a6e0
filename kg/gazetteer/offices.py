"""Who held which office of a country when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from kg.gazetteer.table import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.gazetteer.table import Entry

OFFICE_COLUMNS: Final = ("country", "office", "entry", "from", "to")


@dataclass(frozen=True, slots=True)
class Term:
    """A person's time in an office of a country (ISO alpha-3), both days included."""

    country: str
    office: str
    entry: str
    begin: date
    end: date


class Offices:
    """Looks up who held an office on a day."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: Final[dict[tuple[str, str], list[Term]]] = defaultdict(list)
        for term in terms:
            self._terms[term.country, term.office].append(term)

    def holder(self, country: str, office: str, day: date) -> str | None:
        """The entry of the one person known to have held the office on that day; None for none, or for several.

        On the day of a change it is nobody's.
        """
        found = {t.entry for t in self._terms.get((country, office), ()) if t.begin <= day <= t.end}
        return found.pop() if len(found) == 1 else None


def read_terms(path: Path) -> Iterator[Term]:
    """The terms of the package's own table."""
    for row in read_rows(path):
        begin, end = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
        yield Term(row["country"], row["office"], row["entry"], begin, end)


def terms(own: Iterable[Term], added: Mapping[str, Entry]) -> Iterator[Term]:
    """The package's terms, and those that a user's rows of persons give; a row replaces what was known of its entry.

    A row without `valid_from` gives none; one without `valid_to` is of somebody still in office.
    """
    yield from (term for term in own if term.entry not in added)
    for entry in added.values():
        for country in entry.country if entry.valid_from else ():
            for office in filter(None, entry.office.split("|")):
                yield Term(country, office, entry.entry, entry.valid_from or date.min, entry.valid_to or date.max)
