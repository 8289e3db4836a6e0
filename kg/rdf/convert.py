"""Quads as rdflib's Graph and Dataset, for SHACL and for those who work with rdflib."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph
import rdflib
from pyoxigraph import Quad

from kg.rdf.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable


def to_graph(quads: Iterable[Quad]) -> rdflib.Graph:
    """One rdflib Graph that holds the quads' triples, whatever their graph."""
    graph = rdflib.Graph(bind_namespaces="none")
    _bind(graph)
    for quad in quads:
        graph.add((to_term(quad.subject), to_term(quad.predicate), to_term(quad.object)))
    return graph


def to_dataset(quads: Iterable[Quad]) -> rdflib.Dataset:
    """An rdflib Dataset with a named graph for each article; its default graph is the union of them."""
    dataset = rdflib.Dataset(default_union=True)
    _bind(dataset)
    for quad in quads:
        triple = (to_term(quad.subject), to_term(quad.predicate), to_term(quad.object))
        if isinstance(quad.graph_name, pyoxigraph.DefaultGraph):
            dataset.add(triple)
        else:
            dataset.add((*triple, dataset.graph(to_term(quad.graph_name))))
    return dataset


def _bind(graph: rdflib.Graph) -> None:
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)


@lru_cache(maxsize=65536)
def to_term(term: Any) -> Any:
    """An rdflib term with the same characters: rdflib would rewrite the lexical form of a typed literal."""
    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == str(rdflib.XSD.string):
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
