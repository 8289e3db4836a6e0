"""The order in which quads are written: by graph, subject, rdf:type first, predicate, object; numbers as numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg.rdf.vocabulary import CKG, TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Natural: TypeAlias = tuple[tuple[int, str], ...]
_DIGITS: Final = re.compile("([0-9]+)")
_LONG: Final = 200


def natural(text: str) -> Natural:
    """A key that sorts the digits in `text` as numbers.

    >>> sorted(["#char=10,12", "#char=9,12"], key=natural)
    ['#char=9,12', '#char=10,12']
    """
    return tuple((int(part) if i % 2 else 0, part) for i, part in enumerate(_DIGITS.split(text)))


def ordered(quads: Iterable[Quad]) -> list[Quad]:
    """The quads, each once, sorted so that what belongs together stands together.

    An article comes first, then its statements and situations, then its spans; actors that articles share come last.
    """
    unique = frozenset(quads)
    articles = {quad.subject for quad in unique if quad.predicate == TYPE and quad.object == CKG["Article"]}
    names = {article.value for article in articles if isinstance(article, NamedNode)}

    def subject_key(subject: Any) -> tuple[bool, Natural, int, Natural, str]:
        article, _, fragment = subject.value.partition("#")
        rank = 0 if not fragment else 2 if fragment.startswith("char=") else 1
        return article not in names, natural(article), rank, natural(fragment), str(subject)

    graphs = _ranks((q.graph_name for q in unique), lambda g: "" if isinstance(g, DefaultGraph) else g.value)
    subjects = _ranks((q.subject for q in unique), subject_key)
    predicates = _ranks((q.predicate for q in unique), lambda p: "" if p == TYPE else p.value)
    objects = _ranks((q.object for q in unique), lambda o: (natural(o.value[:_LONG]), str(o)))
    return sorted(
        unique,
        key=lambda q: (graphs[q.graph_name], subjects[q.subject], predicates[q.predicate], objects[q.object]),
    )


def _ranks(terms: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, int]:
    """Each distinct term's place in the order of `key`; comparing places is cheaper than comparing keys."""
    return {term: rank for rank, term in enumerate(sorted(frozenset(terms), key=key))}
