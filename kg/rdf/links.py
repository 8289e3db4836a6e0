"""Links to other datasets as RDF: the direct triple, and a node that says how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from kg.rdf import literals
from kg.rdf.vocabulary import CKG, IN_ARTICLE, OWL, RDF, SKOS, TYPE, concept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Link
    from kg.rdf.direct import Fact

_TARGETS: Final = {
    "wikidata": "http://www.wikidata.org/entity/{}",
    "geonames": "https://sws.geonames.org/{}/",
    "dbpedia": "http://dbpedia.org/resource/{}",
}
_ILLEGAL: Final = frozenset('<>"{}|\\^`%?#')


def target(scheme: str, value: str) -> NamedNode:
    """What an identifier of another dataset stands for there.

    >>> target("wikidata", "Q227").value, target("dbpedia", "Séléka").value
    ('http://www.wikidata.org/entity/Q227', 'http://dbpedia.org/resource/Séléka')

    Raises:
        ValueError: a scheme whose identifiers are no IRIs.
    """
    if scheme not in _TARGETS:
        raise ValueError(f"no links to '{scheme}'; known: {', '.join(sorted(_TARGETS))}")
    return NamedNode(_TARGETS[scheme].format(_escaped(value)))


def link_facts(node: NamedNode, article: NamedNode, subject: NamedNode, link: Link) -> Iterator[Fact]:
    """The triples of a link that an article has given cause for: the direct one, and those of its `node`."""
    value = target(link.scheme, link.value)
    predicate = OWL["sameAs"] if link.same else SKOS["closeMatch"]
    yield subject, predicate, value
    yield node, TYPE, CKG["Link"]
    yield node, IN_ARTICLE, article
    yield node, RDF["subject"], subject
    yield node, RDF["predicate"], predicate
    yield node, RDF["object"], value
    yield node, CKG["linkedBy"], concept(link.method)
    yield node, CKG["score"], literals.decimal(link.score)
    for reason in link.reasons:
        yield node, CKG["reason"], literals.string(reason)


def _escaped(value: str) -> str:
    """A title as the end of an IRI: underscores for spaces, percent signs for what an IRI cannot hold."""
    return "".join(quote(c) if c in _ILLEGAL else c for c in value.replace(" ", "_"))
