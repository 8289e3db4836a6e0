"""Which countries an article speaks of, and what that says about a name that several bear."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.model import ActorType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.gazetteer import Entry, Gazetteer

_ENOUGH = 2
"""Neighbours that must be named where something else of the name lies in a country that the article names too."""


def countries_of(entry: Entry) -> tuple[str, ...]:
    """The country codes (ISO alpha-3) of an entry: a state's own, or those that something is from."""
    own = entry.identifier("iso3")
    return (own,) if own else entry.country


class Context:
    """The countries that an article names, with how often: by their own names, or by those of what is in one only."""

    def __init__(self, gazetteer: Gazetteer, entries: Iterable[str]) -> None:
        self._gazetteer = gazetteer
        self._named: Counter[str] = Counter()
        self._touched: set[str] = set()
        for entry in entries:
            countries = countries_of(gazetteer[entry])
            if len(countries) == 1:
                self._named[countries[0]] += 1
            else:
                self._touched.update(countries)

    def has(self, country: str) -> bool:
        """Whether the article names a country, by its code."""
        return bool(self._named[country])

    def names(self, entry: Entry, apart: int = 0) -> bool:
        """Whether the article names a country of the entry, or what is in it; `apart` names are the entry's own."""
        return any(self._named[country] > apart or country in self._touched for country in countries_of(entry))

    def one_of(self, entries: Iterable[str]) -> str | None:
        """The one of the entries for whose country the article speaks; None where it speaks for none, or for several.

        A state is also told by its neighbours, unless something that bears its name lies in a country that is named.
        """
        scores = {entry: self._score(self._gazetteer[entry]) for entry in entries}
        best = max(scores.values(), default=0)
        found = [entry for entry, score in scores.items() if score == best > 0]
        return found[0] if len(found) == 1 else None

    def _score(self, entry: Entry) -> int:
        own = sum(self._named[country] for country in countries_of(entry))
        if own or entry.type is not ActorType.STATE:
            return _ENOUGH * own
        near = sum(
            bool(self._named[other])
            for country in countries_of(entry)
            for other in self._gazetteer.neighbours.get(country, ())
        )
        rivals = any(self._named[country] for country in self._gazetteer.homonyms.get(entry.entry, ()))
        return near if near >= _ENOUGH or not rivals else 0
