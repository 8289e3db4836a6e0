"""Direct triples: what an article itself asserts of two actors, said once more without its node.

``qatar ckg:backs mali`` follows from an alliance that the article asserts; what a source says stays in the node.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import Literal, NamedNode

from kg.model import SupportKind
from kg.rdf.vocabulary import ASSERTED_BY, CKG, IN_ARTICLE, MEDIATES, RDF, SUPPORT_PROPERTY, concept

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

Fact: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]
"""Subject, predicate, object."""

_PROPERTY = {concept(kind): SUPPORT_PROPERTY[kind] for kind in SupportKind}


def direct(pairs: Iterable[tuple[NamedNode, Any]], ends: Container[Any]) -> Iterator[Fact]:
    """The direct triples that follow from one node.

    Args:
        pairs: the node's properties and values.
        ends: the actors and places; a triple with another end, such as a span, is not made.
    """
    values = defaultdict(list)
    for predicate, value in pairs:
        values[predicate].append(value)
    if values[ASSERTED_BY] != values[IN_ARTICLE]:
        return
    support = [_PROPERTY[kind] for kind in values[CKG["supportKind"]] if kind in _PROPERTY]
    for fact in (
        *product(values[CKG["supporter"]], support, values[CKG["supported"]]),
        *product(values[CKG["mediator"]], [MEDIATES], values[CKG["party"]] + values[CKG["conflict"]]),
        *product(values[RDF["subject"]], values[RDF["predicate"]], values[RDF["object"]]),
    ):
        if fact[0] in ends and fact[2] in ends:
            yield fact
