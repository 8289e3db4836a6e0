"""Actors are linked to other datasets by name, office and day; in doubt they are not."""

import csv
from datetime import date
from pathlib import Path

import pytest

from kg.model import Article
from kg.rdf import to_quads
from kg.rdf.links import target

with (Path(__file__).parent / "links.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
"""A day, words of an article, the actor's name in it, and its item of Wikidata, its resource of DBpedia, or nothing."""


def links(extraction, name):
    """What the actors of a name are linked to: items, and resources of DBpedia."""
    found = {link for a in extraction.actors if a.name == name for link in a.links}
    names = {link.value if link.scheme == "wikidata" else f"{link.scheme}:{link.value}" for link in found}
    return {n.replace(" ", "_") for n in names if not n.startswith("geonames:")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['day']} {row['name']}")
def test_an_actor_is_linked_to_what_it_is_or_not_at_all(extract, row):
    """Each row of the table: the item or resource is found, with no other item; nothing where nothing is given."""
    found = links(extract(row["text"], row["day"]), row["name"])
    if row["target"]:
        assert row["target"] in found
        assert not {x for x in found if x[0] == "Q"} - {row["target"]} or row["target"].startswith("dbpedia:")
    else:
        assert found == set()


def test_a_link_says_how_it_was_made(extract):
    """The row, the name and how it names, the office and the day; only a name makes both the same."""
    extraction = extract(
        "The Kremlin said the Turkish president had backed Malian rebels. Mali denied it.", "2016-08-29"
    )
    made = {a.name: {link.scheme: link for link in a.links} for a in extraction.actors}
    item = made["Kremlin"]["wikidata"]
    assert (item.value, item.score, item.same) == ("Q159", 0.9, True)
    assert item.reasons == ("metonym=Kremlin", "row=russia")
    assert not made["Kremlin"]["dbpedia"].same
    assert made["Mali"]["wikidata"].score == 1
    item = made["Turkish president"]["wikidata"]
    assert (item.value, item.score, item.same) == ("Q39259", 0.9, False)
    assert item.reasons == ("date=2016-08-29", "office=president of TUR", "row=recep-tayyip-erdogan")


def test_without_a_day_no_office_is_looked_up(annotator):
    """An article without a date does not tell who was in office."""
    (extraction,) = annotator.annotate([Article("x", "The Turkish president said Turkey would wait.")])
    assert links(extraction, "Turkish president") == set()


def test_a_link_is_written_as_a_triple_and_a_node(annotator):
    """Identity is owl:sameAs, the rest skos:closeMatch; the node stands below the article."""
    article = Article("x", "Mali said rebels had attacked Kidal.", date=date(2016, 8, 29))
    (extraction,) = annotator.annotate([article])
    facts = {(q.subject.value, q.predicate.value.rpartition("#")[2], q.object.value) for q in to_quads(extraction)}
    mali = "https://w3id.org/ckg/data/actor/mali"
    assert (mali, "sameAs", "http://www.wikidata.org/entity/Q912") in facts
    assert (mali, "closeMatch", "https://sws.geonames.org/2453866/") in facts
    node = "https://w3id.org/ckg/data/article/x#actor/mali/link/wikidata-q912"
    assert (node, "linkedBy", "https://w3id.org/ckg/ontology#link-gazetteer") in facts
    assert (node, "score", "1") in facts


@pytest.mark.parametrize(
    ("title", "iri"),
    [("Côte d'Ivoire", "Côte_d'Ivoire"), ("50% plus one?", "50%25_plus_one%3F"), ("A/B (C)", "A/B_(C)")],
)
def test_titles_become_resources_of_dbpedia(title, iri):
    """Spaces are underscores, and only what an IRI cannot hold is escaped."""
    assert target("dbpedia", title).value == f"http://dbpedia.org/resource/{iri}"


def test_unknown_datasets_are_refused():
    """A scheme whose identifiers are no IRIs links to nothing."""
    with pytest.raises(ValueError, match="no links to 'cameo'; known: dbpedia, geonames, wikidata"):
        target("cameo", "MLI")
