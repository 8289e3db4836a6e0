"""What the words around a place's name say: what kind of place it is, and which country or region it lies in."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.gazetteer.lookup import Naming as ActorNaming
from kg.model import ActorType
from kg.places.names import key
from kg.places.table import Kind, Naming, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.gazetteer import Gazetteer
    from kg.gazetteer.table import Entry

_END: Final = re.compile(r"[.;:!?()\"“”\n](?:\s|$)|\n|[()\"“”]")
_PROPER: Final = re.compile(r"[A-ZÀ-ÞĀ-ɏ][\w.’'-]*(?:(?: of| and| al| the)* [A-ZÀ-ÞĀ-ɏ][\w.’'-]*)*")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_BEHIND: Final = re.compile(r" ([^\W\d_]+)")
_BEFORE: Final = re.compile(r"([^\W\d_]+)(?: of)?(?: the)? $")
_APART: Final = re.compile(r"[,–—]|\b(?:in|near|at)\b")
_POSSESSIVE: Final = re.compile(r"[’']s?$")
_LONGEST: Final = 4
"""Words of the longest name of a country or region that is looked for."""


@dataclass(frozen=True, slots=True)
class Context:
    """A mention's text with some words before and behind it, as they stand in the article."""

    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """``words.toml``: sets of words in lower case, and the keys of the names in `larger`."""

    regions: frozenset[str]
    districts: frozenset[str]
    settlements: frozenset[str]
    parts: frozenset[str]
    nature: frozenset[str]
    waters: frozenset[str]
    directions: frozenset[str]
    generic: frozenset[str]
    between: frozenset[str]
    larger: frozenset[str]

    def kinds(self, word: str) -> frozenset[Kind] | None:
        """The kinds of place that `word` beside a name leaves possible; None where it says nothing."""
        word = word.casefold()
        if word in self.regions:
            return frozenset({Kind.REGION, Kind.STATE})
        if word in self.districts:
            return frozenset({Kind.DISTRICT, Kind.REGION})
        if word in self.settlements:
            return frozenset({Kind.SETTLEMENT})
        return frozenset() if word in self.parts or word in self.nature else None

    def is_feature(self, name: str) -> bool:
        """Whether a name begins or ends with a word for what is no settlement: "Long Island", "Lake Chad"."""
        parts = name.casefold().split()
        return len(parts) > 1 and not {parts[0], parts[-1]}.isdisjoint(self.parts | self.nature)

    def is_water(self, name: str) -> bool:
        """Whether a name begins or ends with a word for a water: "Red Sea", "Gulf of Oman"."""
        parts = name.casefold().split()
        return len(parts) > 1 and not {parts[0], parts[-1]}.isdisjoint(self.waters)

    def names_nothing(self, name: str) -> bool:
        """Whether a name is a part of the world larger than a country, or of common words alone."""
        common = self.generic | self.directions
        return key(name) in self.larger or all(word in common for word in name.casefold().split())


@cache
def words() -> Words:
    """The words, read once a process."""
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    return Words(**{name: frozenset(map(key if name == "larger" else str, values)) for name, values in table.items()})


def kinds(context: Context) -> frozenset[Kind] | None:
    """The kinds of place that the words around a mention leave possible; None where they say nothing.

    >>> kinds(Context("Goma", "the town of ", " fell")), kinds(Context("Jordan", "the ", " River"))
    (frozenset({<Kind.SETTLEMENT: 'settlement'>}), frozenset())
    """
    behind = _BEHIND.match(context.after)
    if behind and (found := words().kinds(behind.group(1))) is not None:
        return found
    before = _BEFORE.search(context.before)
    return words().kinds(before.group(1)) if before else None


class Surroundings:
    """Finds the countries and regions that stand beside a name."""

    def __init__(self, gazetteer: Gazetteer, table: Table) -> None:
        self._gazetteer = gazetteer
        self._table = table

    def beside(self, context: Context) -> frozenset[tuple[str, str]]:
        """Countries (ISO 3166-1 alpha-3) that a mention is said to lie in, each with a division's code or nothing.

        "Syria's Hasakeh", "the Malian town of Gao", "Goma, Congo", "Sake in North Kivu province": what stands between
        may only be words that join the two.
        """
        return frozenset([*self._behind(context.after), *self._before(context.before)])

    def _behind(self, text: str) -> Iterator[tuple[str, str]]:
        end = _END.search(text.replace("U.S.", "US  "))
        text = text[: end.start()] if end else text
        match = _PROPER.search(text)
        if match is None or not (text[:1] == "," or " in " in text[: match.start()] or "," in text[: match.start()]):
            return
        if self._joins(text[: match.start()]):
            yield from self.areas(match.group(), demonyms=" in " in f" {text[: match.start()]}")
            rest = text[match.end() :]
            word = _BEHIND.match(rest)
            if word and words().kinds(word.group(1)) is not None:
                rest = rest[word.end() :]
            if rest.startswith(","):
                yield from self._behind(rest)
            elif rest.startswith(" of "):
                yield from self._behind(f", in{rest}")

    def _before(self, text: str) -> Iterator[tuple[str, str]]:
        ends = [m.end() for m in _END.finditer(text)]
        text = text[ends[-1] :] if ends else text
        found = [*_PROPER.finditer(text)]
        # "talks with Syria, in Geneva", "from Mali to Gao" put nothing into a country.
        if found and not _APART.search(between := text[found[-1].end() :]) and self._joins(between):
            yield from self.areas(found[-1].group(), demonyms=True)

    def _joins(self, text: str) -> bool:
        known = words()
        return len(text) < 50 and all(
            word in known.between or word in known.directions or "-" in word or known.kinds(word) is not None
            for word in (w.casefold() for w in _WORD.findall(text))
        )

    def areas(self, name: str, *, demonyms: bool) -> Iterator[tuple[str, str]]:
        """What a capitalised phrase names, countries and regions by country and code; the longest known part counts."""
        parts = _POSSESSIVE.sub("", name).split()
        for length in range(min(len(parts), _LONGEST), 0, -1):
            for start in (0, len(parts) - length):
                phrase = " ".join(parts[start : start + length]).rstrip(",")
                found = frozenset([*self._countries(phrase, demonyms=demonyms), *self._regions(phrase)])
                if found:
                    yield from found
                    return

    def _countries(self, phrase: str, *, demonyms: bool) -> Iterator[tuple[str, str]]:
        for match in self._gazetteer.lookup(phrase):
            if match.entry.type not in {ActorType.STATE, ActorType.TERRITORY}:
                continue
            if match.naming is ActorNaming.METONYM or (match.naming is ActorNaming.DEMONYM and not demonyms):
                continue
            yield from ((country, "") for country in countries(match.entry))

    def _regions(self, phrase: str) -> Iterator[tuple[str, str]]:
        for naming in (Naming.MAIN, Naming.OTHER):
            for place in self._table.named(phrase, naming):
                if place.kind is Kind.REGION:
                    yield place.country, place.division


def countries(entry: Entry) -> tuple[str, ...]:
    """The countries of a gazetteer entry, ISO 3166-1 alpha-3: its own code, or those that it lies in or acts in."""
    own = entry.identifier("iso3")
    return (own,) if own else entry.country
