"""Who may fight whom, and the ties between those who do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import ActorType, RelationType
from kg.nlp.pairs import Tie, actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Token

    from kg.nlp.who import Range, Who

FIGHTING: Final = frozenset(
    {
        ActorType.STATE,
        ActorType.GOVERNMENT_BODY,
        ActorType.ARMED_GROUP,
        ActorType.INTERNATIONAL_ORGANIZATION,
        ActorType.TERRITORY,
    }
)
"""Types of actors that have, or are, armed forces."""


def hostile(at: Token, ours: Iterable[int], theirs: Iterable[int], words: Range, who: Who) -> Iterator[Tie]:
    """Each of one side opposes each of the other, unless the two belong together."""
    enemies = list(theirs)
    for a in ours:
        for b in enemies:
            if not who.same_side(a, b) and _is_side(a, who) and _is_side(b, who):
                yield Tie(RelationType.OPPOSES, actor(a), actor(b), words, at)


def are_fighters(tie: Tie, who: Who) -> bool:
    """Whether both ends of a tie may fight."""
    return all(who.type((end or {}).get("cluster", -1)) in FIGHTING for end in (tie.a, tie.b))


def _is_side(cluster: int, who: Who) -> bool:
    """Whether an actor may be a side of a conflict: "a man" without a name is none."""
    return who.type(cluster) != ActorType.PERSON or who.is_named(cluster)
