"""The terms that the graph is written in: namespaces, prefixes, and how the model's values map to them.

The ontology in ``ontology/conflict.ttl`` defines each term; nothing else in the package spells one out.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from kg.model import ActorType, EventType, Form, Harm, LinkMethod, MediationRole, Qualifier, RelationType, SupportKind


class Namespace(dict[str, NamedNode]):
    """A namespace IRI whose terms are had by subscript, and made when first asked for.

    >>> CKG["backs"].value
    'https://w3id.org/ckg/ontology#backs'
    """

    def __init__(self, iri: str) -> None:
        super().__init__()
        self.iri = iri

    def __missing__(self, name: str) -> NamedNode:
        """The term `name`."""
        self[name] = term = NamedNode(self.iri + name)
        return term


CKG: Final = Namespace("https://w3id.org/ckg/ontology#")
NIF: Final = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
WGS: Final = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
GEOSPARQL: Final = Namespace("http://www.opengis.net/ont/geosparql#")
SF: Final = Namespace("http://www.opengis.net/ont/sf#")

PREFIXES: Final[dict[str, str]] = {
    "ckg": CKG.iri,
    "dcterms": DCTERMS.iri,
    "geosparql": GEOSPARQL.iri,
    "nif": NIF.iri,
    "owl": OWL.iri,
    "rdf": RDF.iri,
    "sf": SF.iri,
    "skos": SKOS.iri,
    "wgs": WGS.iri,
    "xsd": XSD.iri,
}
"""What a graph file declares."""

DEFAULT_BASE: Final = "https://w3id.org/ckg/data/"
"""Where data IRIs begin unless the user says otherwise."""

TYPE: Final = RDF["type"]
IN_ARTICLE: Final = CKG["inArticle"]
ASSERTED_BY: Final = CKG["assertedBy"]
REFERENCE_CONTEXT: Final = NIF["referenceContext"]
NAME_OF: Final = CKG["nameOf"]
MENTION_OF: Final = CKG["mentionOf"]
LABEL: Final = SKOS["prefLabel"]
IN_LINKSET: Final = CKG["inLinkset"]

SUPPORT_PROPERTY: Final[dict[SupportKind, NamedNode]] = {
    SupportKind.BACKS: CKG["backs"],
    SupportKind.ALLIED: CKG["alliedWith"],
    SupportKind.ARMS: CKG["arms"],
    SupportKind.TRAINS: CKG["trains"],
    SupportKind.FUNDS: CKG["funds"],
    SupportKind.FIGHTS_ALONGSIDE: CKG["fightsAlongside"],
    SupportKind.COALITION_MEMBER: CKG["inCoalitionWith"],
}
RELATION_PROPERTY: Final[dict[RelationType, NamedNode]] = {
    RelationType.CONTROLS: CKG["controls"],
    RelationType.LOCATED_IN: CKG["locatedIn"],
    RelationType.MEMBER_OF: CKG["memberOf"],
    RelationType.CO_CHAIRS: CKG["coChairs"],
    RelationType.LEADS: CKG["leads"],
    RelationType.OFFICE_OF: CKG["holdsOfficeOf"],
    RelationType.PART_OF: CKG["partOf"],
    RelationType.OPPOSES: CKG["opposes"],
}
MEDIATES: Final = CKG["mediates"]
DIRECT: Final = frozenset((*SUPPORT_PROPERTY.values(), *RELATION_PROPERTY.values(), MEDIATES))
"""The direct properties: they stand only for what an article itself asserts."""

IDENTIFIERS: Final = frozenset(
    ("wikidata", "iso2", "iso3", "gleditschWard", "correlatesOfWar", "cameo", "geonames", "wikipedia")
)
"""The properties that hold an actor's identifier in another dataset."""


def concept(value: Harm | Qualifier | SupportKind | MediationRole | Form | EventType | LinkMethod) -> NamedNode:
    """The SKOS concept of a value of the model.

    >>> concept(Qualifier.AT_LEAST).value
    'https://w3id.org/ckg/ontology#qualifier-at_least'
    """
    return CKG[f"{_SCHEME[type(value)]}-{value.value}"]


_SCHEME: Final[dict[type, str]] = {
    Harm: "harm",
    Qualifier: "qualifier",
    SupportKind: "support",
    MediationRole: "role",
    Form: "form",
    EventType: "event",
    LinkMethod: "link",
}


def identifier(scheme: str) -> NamedNode:
    """The property of an identifier scheme, which bears its name.

    Raises:
        ValueError: no such scheme.
    """
    if scheme not in IDENTIFIERS:
        raise ValueError(f"unknown identifier scheme '{scheme}'; known: {', '.join(sorted(IDENTIFIERS))}")
    return CKG[scheme]


def actor_slug(actor_type: ActorType) -> str:
    """The type of actor as part of an IRI.

    >>> actor_slug(ActorType.ARMED_GROUP)
    'armed-group'
    """
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in actor_type.value).lstrip("-")
