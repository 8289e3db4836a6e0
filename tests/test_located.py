"""From an article to places with points: what the pipeline finds, resolves and writes."""

from kg.model import Article, LinkMethod
from kg.rdf import to_quads
from kg.rdf.convert import to_graph
from kg.shacl import validate

TEXT = """Rebels attacked the Syrian town of Manbij on Monday, killing 12 soldiers in Idlib province.

Shells also fell on Kobane. Clashes in Lebanon killed three people, and a bomb killed two near the Litani River."""


def places(annotator, text):
    """The places of a text, by name."""
    (extraction,) = annotator.annotate([Article("a", text)])
    return extraction, {place.name: place for place in extraction.places}


def test_settlements_have_points_regions_and_countries_identifiers_alone(annotator):
    """Each with its link; what is neither is left unlinked."""
    _, found = places(annotator, TEXT)
    manbij, idlib, lebanon = found["Manbij"], found["Idlib province"], found["Lebanon"]
    assert (manbij.latitude, manbij.longitude) == (36.52815, 37.95495)
    assert [(link.scheme, link.value, link.method) for link in manbij.links] == [
        ("geonames", "167357", LinkMethod.GEONAMES)
    ]
    assert "beside=SYR" in manbij.links[0].reasons
    assert idlib.latitude is None
    assert idlib.links
    assert lebanon.latitude is None
    assert {(link.scheme, link.value) for link in lebanon.links} == {
        ("dbpedia", "Lebanon"),
        ("geonames", "272103"),
        ("wikidata", "Q822"),
    }
    assert not any(place.links for name, place in found.items() if "Litani" in name)


def test_a_located_place_is_written_as_wgs84_and_geosparql_have_it(annotator):
    """Latitude and longitude, a point, and the link with its reasons; all of it conforms."""
    extraction, _ = places(annotator, TEXT)
    quads = to_quads(extraction)
    facts = {(q.subject.value, q.predicate.value, q.object.value) for q in quads}
    lines = {f"{s.rpartition('#')[2]} {p.rpartition('#')[2]} {o}" for s, p, o in facts}
    assert {
        "place-manbij geonames 167357",
        "place-manbij lat 36.5282",
        "place-manbij long 37.955",
        "place-manbij/geometry asWKT POINT(37.955 36.5282)",
        "place-manbij closeMatch https://sws.geonames.org/167357/",
        "place-manbij/link/geonames-167357 linkedBy https://w3id.org/ckg/ontology#link-geonames",
    } <= lines
    assert not [violation for violation in validate(to_graph(quads)) if violation.severity.name == "MUST"]
