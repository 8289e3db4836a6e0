"""Where something happened: the place that a trigger's clause names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import ActorType
from kg.nlp import syntax
from kg.nlp.mentions import METONYM, NAME
from kg.nlp.names import PLACE

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.who import Range, Who

_PREPOSITIONS: Final = frozenset(
    [
        "in",
        "at",
        "near",
        "on",
        "outside",
        "inside",
        "around",
        "across",
        "within",
        "into",
        "through",
        "of",
        "over",
        "off",
        "from",
        "along",
        "towards",
        "toward",
    ]
)
_PLACES: Final = frozenset({PLACE, ActorType.TERRITORY, ActorType.STATE})


def place_of(trigger: Token, other: Token, who: Who, bounds: Range) -> int:
    """The token of the place nearest to a trigger (or to its argument `other`) within tokens `bounds`, or -1.

    A place must stand behind a preposition of place; its own clause is preferred to the rest of the sentence.
    """
    best: tuple[int, int] | None = None
    for token in who.doc[bounds[0] : bounds[1]]:
        m = who.mention(token)
        if m is None or m.head != token.i or m.kind not in {NAME, METONYM}:
            continue
        if (m.type not in _PLACES and m.kind != METONYM) or not _is_located(token):
            continue
        distance = min(abs(m.head - trigger.i), abs(m.head - other.i)) + (0 if m.head > trigger.i else 4)
        if best is None or distance < best[0]:
            best = (distance, m.head)
    return best[1] if best else -1


def _is_located(token: Token) -> bool:
    preposition = syntax.preposition(token)
    if preposition:
        return preposition in _PREPOSITIONS
    doc, i = token.doc, token.left_edge.i
    return i > 0 and doc[i - 1].lower_ in _PREPOSITIONS
