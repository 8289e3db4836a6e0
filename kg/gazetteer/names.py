"""How two spellings of a name are told to be the same: folding, keys and slugs."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "\u0131": "i",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "ə": "e",
    }
)
_DROPPED: Final = re.compile(r"['.\u2018\u2019\u02bc\u02bf\u0060\u00b4]")
_SPACED: Final = re.compile(r"[\s\-_/\u2010-\u2015\u2212]+")
_SLUG: Final = re.compile(r"[^a-z0-9]+")
_LONG_ACRONYM: Final = 5


def fold(name: str) -> str:
    """`name` without diacritics, periods, apostrophes and a leading article, hyphens as spaces; case is kept.

    >>> fold("the Côte d’Ivoire"), fold("U.S."), fold("Al-Qaeda")
    ('Cote dIvoire', 'US', 'Al Qaeda')
    """
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name.translate(_LETTERS))
        name = "".join(c for c in decomposed if not unicodedata.combining(c))
    bare = _SPACED.sub(" ", _DROPPED.sub("", name)).strip()
    return bare[4:] if bare[:4].lower() == "the " else bare


def is_acronym(folded: str) -> bool:
    """Whether a folded form is written in capitals only.

    >>> is_acronym("IS"), is_acronym("P5+1"), is_acronym("Is")
    (True, True, False)
    """
    return folded.isupper()


def form_keys(form: str) -> tuple[str, ...]:
    """The keys under which a form is found: a short acronym only in capitals, everything else in any case.

    >>> form_keys("US"), form_keys("Turkey"), form_keys("UNICEF")
    (('US',), ('turkey',), ('UNICEF', 'unicef'))
    """
    folded = fold(form)
    if not is_acronym(folded):
        return (folded.casefold(),)
    return (folded,) if len(folded) < _LONG_ACRONYM else (folded, folded.casefold())


def query_keys(name: str) -> tuple[str, ...]:
    """The keys that a name in a text is looked up by: as an acronym where it stands in capitals, and in lower case."""
    folded = fold(name)
    return (folded, folded.casefold()) if is_acronym(folded) else (folded.casefold(),)


def slug(name: str) -> str:
    """A name as an identifier of lower-case ASCII words.

    >>> slug("Médecins Sans Frontières")
    'medecins-sans-frontieres'
    """
    return _SLUG.sub("-", fold(name).lower()).strip("-")
