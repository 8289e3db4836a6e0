"""Records and links as RDF: each in the graph of its linkset, with IRIs minted from content and no blank node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad

from kg.link.parties import Kind
from kg.link.records import PATHS, TITLES
from kg.rdf import literals
from kg.rdf.points import point_facts
from kg.rdf.vocabulary import CKG, DCTERMS, IN_LINKSET, RDF, SKOS, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.link.match import Match
    from kg.link.parties import Parties
    from kg.link.records import Dataset, Record


@dataclass(frozen=True, slots=True)
class Why:
    """By what a link was made, how sure it is, from 0 to 1, and why."""

    method: str
    """The concept's name without its prefix: ``crosswalk``, ``incident``, ``reconciliation``."""
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linkset:
    """A graph of links of one kind, below `base`: it is replaced as a whole."""

    base: str
    name: str
    """The dataset's name, ``incidents`` or ``reconciliation``."""

    @property
    def iri(self) -> NamedNode:
        """The graph, and the node that describes it.

        >>> Linkset("https://w3id.org/ckg/data/", "ucdp").iri.value
        'https://w3id.org/ckg/data/links/ucdp'
        """
        return NamedNode(f"{self.base}links/{self.name}")

    def quads(self, facts: Iterable[tuple[NamedNode, NamedNode, Any]], title: str) -> list[Quad]:
        """Facts and what the linkset is, each once, in its graph."""
        about = [(self.iri, TYPE, CKG["Linkset"]), (self.iri, DCTERMS["title"], literals.string(title))]
        return [Quad(*fact, self.iri) for fact in dict.fromkeys([*about, *facts])]

    def record(self, record: Record) -> NamedNode:
        """The IRI of a record."""
        return NamedNode(f"{self.base}{PATHS[record.dataset]}{quote(record.id, safe='')}")

    def link(
        self,
        subject: NamedNode,
        predicate: NamedNode,
        value: NamedNode,
        slug: str,
        *,
        why: Why,
    ) -> Iterator[tuple[NamedNode, NamedNode, Any]]:
        """A link: the direct triple, and the node that says by what it was made, how sure it is (0 to 1), and why."""
        node = NamedNode(f"{subject.value}/link/{slug}")
        yield subject, predicate, value
        yield node, TYPE, CKG["Link"]
        yield node, RDF["subject"], subject
        yield node, RDF["predicate"], predicate
        yield node, RDF["object"], value
        yield node, CKG["linkedBy"], CKG[f"link-{why.method}"]
        yield node, CKG["score"], literals.decimal(why.score)
        yield node, IN_LINKSET, self.iri
        for reason in why.reasons:
            yield node, CKG["reason"], literals.string(reason)

    def match(self, subject: NamedNode, record: Record, found: Match) -> Iterator[tuple[NamedNode, NamedNode, Any]]:
        """That an event or figure of ours is of the same event as a record."""
        why = Why("crosswalk", found.score, found.reasons)
        slug = f"{record.dataset}-{quote(record.id, safe='')}".lower()
        yield from self.link(subject, SKOS["closeMatch"], self.record(record), slug, why=why)

    def record_facts(self, record: Record, parties: Parties) -> Iterator[tuple[NamedNode, NamedNode, Any]]:
        """What a record says."""
        iri = self.record(record)
        yield iri, TYPE, CKG["Record"]
        yield iri, IN_LINKSET, self.iri
        yield iri, CKG["dataset"], literals.string(record.dataset.value)
        yield iri, DCTERMS["identifier"], literals.string(record.id)
        yield iri, CKG["dateBegin"], literals.day(record.begin)
        yield iri, CKG["dateEnd"], literals.day(record.end)
        for name in record.places:
            yield iri, CKG["placeName"], literals.string(name)
        if record.latitude is not None and record.longitude is not None:
            yield from point_facts(iri, record.latitude, record.longitude)
        if record.country.name:
            yield iri, CKG["countryName"], literals.string(record.country.name)
        yield from _codes(iri, "country", parties.state(record.country).keys, ("gleditschWard", "iso3"))
        for side in record.sides:
            yield iri, CKG["actorName"], literals.string(side.name)
            party = parties.of(side)
            if party.kind is Kind.STATE:
                yield from _codes(iri, "actor", party.keys, ("gleditschWard",))
        if record.kind:
            yield iri, CKG["recordKind"], literals.string(record.kind)
        if record.deaths is not None:
            yield iri, CKG["deathsLow"], literals.integer(record.deaths.low)
            yield iri, CKG["deathsBest"], literals.integer(record.deaths.best)
            yield iri, CKG["deathsHigh"], literals.integer(record.deaths.high)
        if record.source:
            yield iri, CKG["sourceText"], literals.string(record.source)


def title(dataset: Dataset) -> str:
    """What the linkset of a dataset is called."""
    return f"Links to the {TITLES[dataset]}"


def _codes(
    iri: NamedNode, prefix: str, keys: Iterable[str], schemes: Iterable[str]
) -> Iterator[tuple[NamedNode, NamedNode, Any]]:
    """Codes out of keys such as ``gleditschWard:373``, as properties such as ckg:countryGleditschWard."""
    for scheme in schemes:
        for key in sorted(keys):
            name, _, value = key.partition(":")
            if name == scheme:
                yield iri, CKG[f"{prefix}{scheme[0].upper()}{scheme[1:]}"], literals.string(value)
