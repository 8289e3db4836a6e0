"""Points on the earth as RDF: degrees of WGS 84, and the same as a geometry of GeoSPARQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.rdf import literals
from kg.rdf.vocabulary import GEOSPARQL, SF, TYPE, WGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.rdf.direct import Fact


def point_facts(iri: NamedNode, latitude: float, longitude: float) -> Iterator[Fact]:
    """The triples that put something at a point; its geometry stands below it."""
    geometry = NamedNode(f"{iri.value}/geometry")
    yield iri, WGS["lat"], literals.decimal(latitude)
    yield iri, WGS["long"], literals.decimal(longitude)
    yield iri, GEOSPARQL["hasGeometry"], geometry
    yield geometry, TYPE, GEOSPARQL["Geometry"]
    yield geometry, TYPE, SF["Point"]
    yield geometry, GEOSPARQL["asWKT"], literals.point(latitude, longitude)
