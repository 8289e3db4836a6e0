"""Who somebody is, in a record or in an article: keys that two names of one actor share.

A key is a code (``gleditschWard:432``), an entry of the gazetteer (``entry:mali``), a folded name
(``name:mali``) or, for groups, an acronym (``acronym:RSF``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kg.gazetteer.lookup import Gazetteer, Naming
from kg.gazetteer.names import fold
from kg.link.words import section
from kg.model import ActorType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.link.records import Side

_YEARS: Final = re.compile(r"\s*\(\d{4}\s*-\s*(?:\d{4})?\)\s*")
_BRACKETS: Final = re.compile(r"\s*\(([^()]*)\)")
_ACRONYM: Final = re.compile(r"[A-Z][A-Z0-9-]{1,7}")
_SURE: Final = frozenset((Naming.LABEL, Naming.ALIAS))


class Kind(StrEnum):
    """What somebody is, as far as it matters to tell two events apart."""

    STATE = "state"
    GROUP = "group"
    CIVILIANS = "civilians"
    UNKNOWN = "unknown"
    """Somebody of whom nothing is known that could tell him from others: an unnamed or a vague actor."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody by his keys. Keys of an unknown party may still show that it is the same as another."""

    name: str
    kind: Kind
    keys: frozenset[str]

    def same(self, other: Party) -> bool:
        """Whether both have a key in common."""
        return not self.keys.isdisjoint(other.keys)


class Parties:
    """Finds the keys of names; each name is looked up once, as datasets repeat theirs."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._sides: dict[Side, Party] = {}

    def of(self, side: Side) -> Party:
        """Who a record's side is."""
        party = self._sides.get(side)
        if party is None:
            party = self._sides[side] = self._read(side)
        return party

    def state(self, side: Side) -> Party:
        """The state that a record's country is; its keys are empty where the name is unknown."""
        return Party(side.name, Kind.STATE, self._codes(side) | frozenset(self._names(side.name, Kind.STATE)))

    def names(self, names: Iterable[str], kind: Kind) -> frozenset[str]:
        """The keys of an actor of ours that goes by these names."""
        return frozenset(key for name in names for key in self._names(name, kind))

    def _read(self, side: Side) -> Party:
        words = section("actors")
        role = next((value for scheme, value in side.codes if scheme == "role"), "")
        head, _, _ = _YEARS.sub("\n", side.name).partition("\n")
        if _begins(head, words["unknown"]):
            return Party(side.name, Kind.UNKNOWN, frozenset())
        if role == "civilians" or _begins(head, words["civilians"]):
            return Party(side.name, Kind.CIVILIANS, frozenset())
        codes = self._codes(side)
        ruled = next((head[len(p) :].strip() for p in words["state"] if _begins(head, [p])), None)
        if ruled is not None:
            return Party(side.name, Kind.STATE, codes | frozenset(self._names(ruled, Kind.STATE)))
        if role == "state":
            return Party(side.name, Kind.STATE, codes)
        keys = codes | frozenset(self._names(head, Kind.GROUP))
        return Party(side.name, Kind.UNKNOWN if role == "unknown" else Kind.GROUP, keys)

    def _codes(self, side: Side) -> frozenset[str]:
        return frozenset(f"{scheme}:{value}" for scheme, value in side.codes if scheme != "role")

    def _names(self, name: str, kind: Kind) -> Iterator[str]:
        for variant in dict.fromkeys(_variants(name)):
            yield f"name:{fold(variant).casefold()}"
            matches = [match for match in self._gazetteer.lookup(variant) if match.naming in _SURE]
            if kind is Kind.STATE:
                matches = [match for match in matches if match.entry.type is ActorType.STATE]
            if len(matches) == 1:
                (match,) = matches
                yield f"entry:{match.entry.entry}"
                yield from (f"{s}:{v}" for s, v in match.entry.identifiers if s in {"gleditschWard", "cameo", "iso3"})
            if kind is Kind.GROUP and (short := acronym(variant)):
                yield f"acronym:{short}"


def acronym(name: str) -> str:
    """The acronym that a name is, or that the initials of three words and more give; "" where there is none.

    >>> acronym("RSF"), acronym("Rapid Support Forces"), acronym("Boko Haram")
    ('RSF', 'RSF', '')
    """
    if _ACRONYM.fullmatch(name):
        return name.replace("-", "")
    words = [w for w in re.split(r"[\s-]+", name) if w and w.lower() not in section("actors")["acronym_stopwords"]]
    initials = "".join(word[0] for word in words if word[0].isupper())
    return initials if len(initials) >= 3 and len(initials) == len(words) else ""


def _variants(name: str) -> Iterator[str]:
    """A name whole, without its brackets, each bracket alone, and the parts on either side of a colon.

    >>> list(_variants("DR Congo (Zaire)"))
    ['DR Congo (Zaire)', 'DR Congo', 'Zaire']
    """
    whole = name.strip()
    yield whole
    if "(" in whole:
        yield _BRACKETS.sub("", whole).strip()
        yield from (part.strip() for part in _BRACKETS.findall(whole))
    if ":" in whole:
        yield from (part.strip() for part in whole.split(":"))


def _begins(name: str, words: Iterable[str]) -> bool:
    """Whether a name begins with one of these words.

    >>> _begins("Civilians (Mali)", ["Civilians"]), _begins("Civilianship", ["Civilians"])
    (True, False)
    """
    lowered = name.casefold()
    return any(
        lowered.startswith(word.casefold()) and not lowered[len(word) : len(word) + 1].isalpha() for word in words
    )
