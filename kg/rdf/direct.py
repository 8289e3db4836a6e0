"""Direct triples: what an article itself asserts of two actors, said once more without its node.

``turkey ckg:backs azerbaijan`` follows from an alliance that the article asserts; what a source says stays in the node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from kg.model import SupportKind
from kg.rdf.vocabulary import ASSERTED_BY, CKG, IN_ARTICLE, MEDIATES, RDF, SUPPORT_PROPERTY, concept

Fact: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]
"""Subject, predicate, object."""

_PROPERTY = {concept(kind): SUPPORT_PROPERTY[kind] for kind in SupportKind}


def direct(
    pairs: Iterable[tuple[NamedNode, NamedNode | Literal]], ends: Container[NamedNode | Literal]
) -> Iterator[Fact]:
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
    for subject, predicate, value in (
        *_product(values[CKG["supporter"]], map(_PROPERTY.get, values[CKG["supportKind"]]), values[CKG["supported"]]),
        *_product(values[CKG["mediator"]], [MEDIATES], values[CKG["party"]] + values[CKG["conflict"]]),
        *_product(values[RDF["subject"]], values[RDF["predicate"]], values[RDF["object"]]),
    ):
        if subject in ends and value in ends and isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            yield subject, predicate, value


def _product(
    subjects: Iterable[NamedNode | Literal],
    predicates: Iterable[NamedNode | Literal | None],
    values: Iterable[NamedNode | Literal],
) -> Iterator[tuple[NamedNode | Literal, NamedNode | Literal | None, NamedNode | Literal]]:
    return ((s, p, o) for p in predicates for s in subjects for o in values)
