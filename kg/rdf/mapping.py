"""The model as RDF: one function per kind of thing, all pure, no blank node, nothing that depends on order or keys."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from pyoxigraph import NamedNode, Quad

from kg.gazetteer.table import DATASETS
from kg.rdf import iris, literals
from kg.rdf.direct import Fact, direct
from kg.rdf.iris import Minter
from kg.rdf.links import link_facts
from kg.rdf.nodes import Names, Pair, situation_pairs, situation_stem, statement_pairs, statement_stem
from kg.rdf.points import point_facts
from kg.rdf.vocabulary import (
    CKG,
    DCTERMS,
    IN_ARTICLE,
    LABEL,
    MENTION_OF,
    NAME_OF,
    NIF,
    REFERENCE_CONTEXT,
    TYPE,
    identifier,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.model import Actor, Article, Extraction, Place, Span


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Item = TypeVar("Item", bound=_Keyed)


def to_quads(extraction: Extraction, minter: Minter | None = None) -> list[Quad]:
    """All that one article states, each quad once, in the graph that bears the article's IRI; in no particular order.

    Raises:
        ValueError: a span lies outside the article's text, or a key names nothing.
    """
    minter = minter or Minter()
    article = minter.article(extraction.article.id)
    try:
        facts = frozenset(_facts(extraction, minter, article))
    except KeyError as error:
        raise ValueError(f"article '{extraction.article.id}': the key {error} names nothing in it") from error
    return [Quad(*fact, article) for fact in facts]


def _facts(extraction: Extraction, minter: Minter, article: NamedNode) -> Iterator[Fact]:
    actors = _by_iri(extraction.actors, lambda actor: minter.actor(actor, article))
    places = _by_iri(extraction.places, lambda place: iris.place(article, place))
    participants = {item.key: iri for groups in (actors, places) for iri, items in groups.items() for item in items}
    names = Names(article, participants, {}, {})
    yield from _article(extraction.article, article)
    if extraction.article.duplicate_of:
        yield article, CKG["nearDuplicateOf"], minter.article(extraction.article.duplicate_of)
    for where in {*extraction.spans(), *extraction.article.boilerplate}:
        yield from _span(where, extraction.article, article)
    for where in extraction.sentences:
        yield names.span(where), TYPE, NIF["Sentence"]
    for iri, same in actors.items():
        yield from _actor(iri, same, names, minter)
    for iri, mentioned in places.items():
        yield from _place(iri, mentioned, names, minter)

    # Links between statements, and between figures, are first taken to the stems of their IRIs: enough to sort by.
    stems = replace(names, statements={s.key: statement_stem(s, article) for s in extraction.statements})
    numbered = _number(extraction.statements, stems.statements, lambda s: statement_pairs(s, stems))
    names = replace(names, statements=numbered)
    for statement in extraction.statements:
        yield from _node(names.statements[statement.key], statement_pairs(statement, names))

    situations = tuple(extraction.situations())
    stems = replace(names, situations={s.key: situation_stem(s, article) for s in situations})
    numbered = _number(situations, stems.situations, lambda s: situation_pairs(s, stems))
    names = replace(names, situations=numbered)
    ends = frozenset(participants.values())
    for situation in situations:
        pairs = list(situation_pairs(situation, names))
        yield from _node(names.situations[situation.key], pairs)
        yield from direct(pairs, ends)


def _by_iri(items: Iterable[Item], iri: Callable[[Item], NamedNode]) -> dict[NamedNode, list[Item]]:
    groups = defaultdict(list)
    for item in items:
        groups[iri(item)].append(item)
    return groups


def _number(
    items: Sequence[Item], stems: Mapping[str, NamedNode], pairs: Callable[[Item], Iterable[Pair]]
) -> dict[str, NamedNode]:
    """An IRI for each item: its stem, and, from the second with another content on, a number in the contents' order.

    Items that say the same of the same words are one node.
    """
    contents: dict[NamedNode, dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        content = tuple(sorted(f"{predicate} {value}" for predicate, value in pairs(item)))
        contents[stems[item.key]][content].append(item.key)
    return {
        key: NamedNode(f"{stem.value}-{number}" if number > 1 else stem.value)
        for stem, same in contents.items()
        for number, content in enumerate(sorted(same), start=1)
        for key in same[content]
    }


def _node(iri: NamedNode, pairs: Iterable[Pair]) -> Iterator[Fact]:
    return ((iri, predicate, value) for predicate, value in pairs)


def _article(article: Article, iri: NamedNode) -> Iterator[Fact]:
    yield iri, TYPE, CKG["Article"]
    yield iri, TYPE, NIF["Context"]
    yield iri, TYPE, NIF["RFC5147String"]
    yield iri, DCTERMS["identifier"], literals.string(article.id)
    yield iri, NIF["isString"], literals.string(article.text)
    yield iri, NIF["beginIndex"], literals.offset(0)
    yield iri, NIF["endIndex"], literals.offset(len(article.text))
    if article.title:
        yield iri, DCTERMS["title"], literals.string(article.title)
    if article.date is not None:
        yield iri, DCTERMS["date"], literals.day(article.date)
    if article.publisher:
        yield iri, DCTERMS["publisher"], literals.string(article.publisher)
    if article.url:
        yield iri, CKG["url"], literals.uri(article.url)
    for where in article.boilerplate:
        yield iri, CKG["boilerplate"], iris.span(iri, where)


def _span(where: Span, article: Article, context: NamedNode) -> Iterator[Fact]:
    if where.end > len(article.text):
        length = len(article.text)
        raise ValueError(f"article '{article.id}': span {where.begin},{where.end} lies outside its {length} characters")
    iri = iris.span(context, where)
    yield iri, TYPE, CKG["Span"]
    yield iri, TYPE, NIF["RFC5147String"]
    yield iri, NIF["beginIndex"], literals.offset(where.begin)
    yield iri, NIF["endIndex"], literals.offset(where.end)
    yield iri, NIF["anchorOf"], literals.string(where.of(article.text))
    yield iri, REFERENCE_CONTEXT, context


def _actor(iri: NamedNode, same: Sequence[Actor], names: Names, minter: Minter) -> Iterator[Fact]:
    """One actor, which an article may have found under several names; the longest and first of them is its name."""
    best = min(same, key=lambda a: (-len(a.name), a.name_span, a.name, a.label, a.type))
    yield iri, TYPE, CKG["Actor"]
    yield iri, TYPE, CKG[best.type.value]
    yield iri, LABEL, literals.string(best.label or best.name)
    yield names.span(best.name_span), NAME_OF, iri
    for actor in same:
        yield from ((iri, identifier(scheme), literals.string(value)) for scheme, value in actor.identifiers)
        for link in actor.links:
            yield from link_facts(minter.link(names.article, iri, link.scheme, link.value), names.article, iri, link)
        for where in {actor.name_span, *actor.aliases}:
            yield names.span(where), CKG["aliasOf"], iri
        for where in {actor.name_span, *actor.aliases, *actor.mentions}:
            yield names.span(where), MENTION_OF, iri


def _place(iri: NamedNode, same: Sequence[Place], names: Names, minter: Minter) -> Iterator[Fact]:
    """One place, which an article may spell in several ways; what the surest spelling is linked to counts."""
    yield iri, TYPE, CKG["Place"]
    yield iri, IN_ARTICLE, names.article
    yield iri, LABEL, literals.string(min(place.name for place in same))
    for place in same:
        yield from ((names.span(where), MENTION_OF, iri) for where in place.mentions)
    best = min(same, key=lambda place: (-max((link.score for link in place.links), default=0.0), place.name, place.key))
    for link in best.links:
        yield iri, identifier(DATASETS[link.scheme]), literals.string(link.value)
        yield from link_facts(minter.link(names.article, iri, link.scheme, link.value), names.article, iri, link)
    if best.latitude is not None and best.longitude is not None:
        yield from point_facts(iri, best.latitude, best.longitude)
