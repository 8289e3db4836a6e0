"""The extractor's words, as data: each TOML file beside this module is one lexicon, a table of lists."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


class Lexicon:
    """One TOML file: `lexicon["section.name"]` is a frozen set of its words.

    >>> "vow" in load("cues")["verbs.pledge"]
    True
    """

    def __init__(self, tables: Mapping[str, object]) -> None:
        self._sets: dict[str, frozenset[str]] = {}
        self._records: dict[str, tuple[Mapping[str, str], ...]] = {}
        self._collect("", tables)

    def _collect(self, prefix: str, tables: Mapping[str, object]) -> None:
        for name, value in tables.items():
            if isinstance(value, Mapping):
                self._collect(f"{prefix}{name}.", value)
            elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
                self._records[prefix + name] = tuple(value)
            elif isinstance(value, list):
                self._sets[prefix + name] = frozenset(map(str, value))

    def __getitem__(self, name: str) -> frozenset[str]:
        return self._sets[name]

    def records(self, name: str) -> tuple[Mapping[str, str], ...]:
        """An array of tables, such as ``[[phrases]]``."""
        return self._records[name]

    def words(self) -> frozenset[str]:
        """The words of all lists and records together."""
        records = (value for table in self._records.values() for record in table for value in record.values())
        return frozenset[str]().union(*self._sets.values(), records)

    def sections(self, prefix: str) -> dict[str, frozenset[str]]:
        """All lists below a section, by their last name, in the order of the file."""
        start = prefix + "."
        return {name.removeprefix(start): words for name, words in self._sets.items() if name.startswith(start)}


@cache
def load(name: str) -> Lexicon:
    """The lexicon `name`, read once a process.

    Raises:
        FileNotFoundError: no lexicon has this name.
    """
    return Lexicon(tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")))
