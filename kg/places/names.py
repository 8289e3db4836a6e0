"""How spellings of a place's name are told to be the same: exactly but for marks, or by their sound."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from kg.gazetteer.names import fold

SHORTEST: Final = 4
"""How many letters of a sound at least tell places apart."""
_OTHER: Final = re.compile(r"[^a-z0-9]+")
_ASSIMILATED: Final = re.compile(r"^[aeu]([zsrdtn])(?=\1)")
_DOUBLED: Final = re.compile(r"(.)\1+")
_FADED: Final = re.compile(r"(?<=[a-z]{2})i?a?h?$")


def key(name: str) -> str:
    """`name` in lower-case letters and digits alone; empty where it has no Latin letter.

    >>> key("Deir ez-Zor"), key("Ḩamāh"), key("Ra’s al ‘Ayn")
    ('deirezzor', 'hamah', 'rasalayn')
    """
    return _OTHER.sub("", fold(name).casefold())


def sound(name: str) -> str:
    """What spellings of a transliterated name share: without articles, doubled letters and weak endings.

    >>> sound("Deir Ezzor") == sound("Dayr az-Zawr"), sound("Ain al-Arab") == sound("‘Ayn al ‘Arab")
    (True, True)
    """
    words = [word for word in _OTHER.split(fold(name).casefold()) if word]
    words = [_ASSIMILATED.sub("", word) for word in words if word not in spelling().articles] or words
    text = "".join(words)
    for pattern, letter in spelling().sounds:
        text = pattern.sub(letter, text)
    return _FADED.sub("", _DOUBLED.sub(r"\1", text))


class Spelling(NamedTuple):
    """What ``spelling.toml`` holds; `sounds` are what is replaced by what."""

    languages: frozenset[str]
    articles: frozenset[str]
    sounds: tuple[tuple[re.Pattern[str], str], ...]


@cache
def spelling() -> Spelling:
    """The rules of transliteration, read once a process."""
    table = tomllib.loads(Path(__file__).with_name("spelling.toml").read_text("utf-8"))
    sounds = tuple((re.compile("|".join(rule["written"])), rule["as"]) for rule in table["sounds"])
    return Spelling(frozenset(table["languages"]), frozenset(table["articles"]), sounds)
