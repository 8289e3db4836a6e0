"""Places with their coordinates: what a Doc says around their names, handed to :mod:`kg.places`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.model import ActorType, Article, Link, LinkMethod, Place, Span
from kg.nlp.mentions import NAME, read
from kg.nlp.names import PLACE
from kg.places import Context, Named, Resolution, Resolver, countries

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.gazetteer import Gazetteer
    from kg.nlp.reading import Reading

_AROUND: Final = 80
"""How many characters on each side of a name are looked at."""


class Locator:
    """Links the places of one article at a time."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._resolve = Resolver(gazetteer)

    def __call__(self, article: Article, doc: Doc, reading: Reading, places: tuple[Place, ...]) -> tuple[Place, ...]:
        """`places`, those with a link and a point that can be resolved; the article's other places help."""
        if not places:
            return ()
        named = self._named(article, doc, reading, places)
        found = dict(zip((n.name for n in named), self._resolve(named, self._mentioned(doc)), strict=True))
        return tuple(_located(place, found.get(place.name)) for place in places)

    def _named(self, article: Article, doc: Doc, reading: Reading, places: tuple[Place, ...]) -> list[Named]:
        """First `places`, in their order, then the other places that the article names."""
        occurring: dict[str, list[Span]] = {place.name: [] for place in places}
        for m in read(doc):
            if m.kind == NAME and (m.type == PLACE or m.text(doc) in occurring):
                first, last = doc[m.start], doc[m.end - 1]
                span = reading.span(first.idx, last.idx + len(last))
                occurring.setdefault(" ".join(span.of(article.text).split()), []).append(span)
        persons = _persons(doc)
        own = {place.name: place.mentions for place in places}
        return [
            Named(
                name,
                tuple(_context(article, span) for span in own.get(name, spans)),
                tuple(_context(article, span) for span in spans if name in own and span not in own[name]),
            )
            for name, spans in occurring.items()
            if name not in persons
        ]

    def _mentioned(self, doc: Doc) -> Counter[str]:
        """How often the article speaks of each country, its people, groups and officers."""
        counted: Counter[str] = Counter()
        for m in read(doc):
            entry = doc._.clusters[m.cluster]["entry"] if m.cluster >= 0 else ""
            if entry:
                codes = countries(self._gazetteer[entry])
                counted.update({code: 1 / len(codes) for code in codes})
        return counted


def _persons(doc: Doc) -> frozenset[str]:
    """Persons' names, their beginnings and ends: what else bears them here is hardly a place."""
    names = [doc[m.start : m.end] for m in read(doc) if m.kind == NAME and m.type == ActorType.PERSON]
    parts = ((name[:i], name[i:]) for name in names for i in range(1, len(name) + 1))
    return frozenset(part.text for pair in parts for part in pair if part)


def _context(article: Article, span: Span) -> Context:
    """A mention with what stands before and behind it in its paragraph, lines joined."""
    text = article.text
    before = text[max(0, span.begin - _AROUND) : span.begin].rpartition("\n\n")[2]
    after = text[span.end : span.end + _AROUND].partition("\n\n")[0]
    return Context(span.of(text), before.replace("\n", " "), after.replace("\n", " "))


def _located(place: Place, found: Resolution | None) -> Place:
    if found is None:
        return place
    links = []
    if found.place is not None:
        links.append(Link("geonames", found.place.id, found.score, found.reasons, method=LinkMethod.GEONAMES))
    if found.entry is not None:
        links += [
            Link(dataset, value, found.score, found.reasons)
            for dataset, value in found.entry.linked()
            if dataset != "geonames" or found.place is None
        ]
    where = found.place
    return replace(
        place,
        latitude=where.latitude if where else None,
        longitude=where.longitude if where else None,
        links=tuple(sorted(links, key=lambda link: link.scheme)),
    )
