"""From an annotated Doc to the values of :mod:`kg.model`: the one place where plain annotations become dataclasses.

Only actors that take part in something are kept. Keys are local to the article: ``a3``, ``p1``, ``s2``, ``e5``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kg.model import (
    Actor,
    ActorType,
    Alliance,
    Article,
    CasualtyFigure,
    Event,
    EventType,
    Extraction,
    Form,
    Harm,
    Link,
    Mediation,
    MediationRole,
    Participant,
    Place,
    Qualifier,
    Relation,
    RelationType,
    Span,
    Statement,
    StatementKind,
    SupportKind,
)
from kg.nlp.calendar import Calendar
from kg.nlp.located import Locator
from kg.nlp.mentions import ADJECTIVE, METONYM, NAME, PRONOUN, ROLE, Mention, read
from kg.nlp.names import PLACE
from kg.nlp.quotations import Quotations
from kg.nlp.scene import Attribution, Range, read_attributions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc

    from kg.gazetteer import Entry, Gazetteer
    from kg.nlp.reading import Reading

_KIND_ORDER: Final = {NAME: 0, ROLE: 1, METONYM: 2, ADJECTIVE: 3, PRONOUN: 4}


class Collector:
    """Collects one Doc. `gazetteer` gives labels and identifiers."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._locate = Locator(gazetteer)

    def __call__(self, article: Article, doc: Doc, reading: Reading) -> Extraction:
        """Everything that `doc`, the annotated clean text of `article`, states."""
        extraction = _Collection(article, doc, reading, self._gazetteer).extraction()
        return replace(extraction, places=self._locate(article, doc, reading, extraction.places))


class _Collection:
    def __init__(self, article: Article, doc: Doc, reading: Reading, gazetteer: Gazetteer) -> None:
        self.article = article
        self.reading = reading
        self.doc = doc
        self.gazetteer = gazetteer
        self.mentions = read(doc)
        self.clusters: list[dict[str, Any]] = doc._.clusters
        self.attributions = read_attributions(doc)
        self.quotes = Quotations(doc)
        self.calendar = Calendar(doc)
        self.used: set[int] = set()
        self.places: dict[str, Place] = {}
        self._by_head = {m.head: m for m in reversed(self.mentions)}
        self._inside = {
            i: m
            for m in reversed(self.mentions)
            if m.kind in {NAME, METONYM} or m.type == PLACE
            for i in range(m.start, m.end)
        }

    def extraction(self) -> Extraction:
        statements = tuple(self._statement(i, a) for i, a in enumerate(self.attributions))
        casualties = tuple(self._casualty(i, c) for i, c in enumerate(self.doc._.casualties))
        alliances = tuple(self._alliance(i, c) for i, c in enumerate(self.doc._.alliances))
        mediations = tuple(self._mediation(i, c) for i, c in enumerate(self.doc._.mediations))
        relations = tuple(self._relation(i, c) for i, c in enumerate(self.doc._.relations))
        events = tuple(self._event(i, c) for i, c in enumerate(self.doc._.events))
        return Extraction(
            article=self.article,
            sentences=self._sentences(),
            actors=tuple(self._actors()),
            places=tuple(sorted(self.places.values(), key=lambda p: p.key)),
            statements=statements,
            casualties=casualties,
            alliances=alliances,
            mediations=mediations,
            relations=relations,
            events=events,
        )

    # Text

    def span(self, tokens: Range) -> Span:
        """The characters of a token range, without spaces at its ends."""
        start, end = tokens
        while start < end - 1 and self.doc[start].is_space:
            start += 1
        while end - 1 > start and self.doc[end - 1].is_space:
            end -= 1
        last = self.doc[end - 1]
        return self.reading.span(self.doc[start].idx, last.idx + len(last))

    def maybe(self, tokens: Range | None) -> Span | None:
        """As :meth:`span`, None for None."""
        return self.span(tokens) if tokens is not None else None

    def _sentences(self) -> tuple[Span, ...]:
        written = (sent for sent in self.doc.sents if not all(t.is_space for t in sent))
        return tuple(self.span((sent.start, sent.end)) for sent in written)

    # Actors and places

    def actor(self, cluster: int) -> str | None:
        """The key of an actor that takes part, None for none."""
        return self.somebody(cluster) if cluster >= 0 else None

    def somebody(self, cluster: int) -> str:
        """The key of an actor that takes part, where an extractor has always one."""
        self.used.add(cluster)
        return f"a{cluster}"

    def actor_keys(self, clusters: Iterable[int]) -> tuple[str, ...]:
        """Keys of several actors."""
        return tuple(key for c in clusters if (key := self.actor(c)) is not None)

    def place(self, token: int) -> str | None:
        """The key of the place that a token names, None for none."""
        return self.place_key(token) if token >= 0 else None

    def place_key(self, token: int) -> str:
        """The key of the place that a token names; one place for each name."""
        m = self._inside.get(token) or self._by_head.get(token)
        start, end = (m.start, m.end) if m is not None else (token, token + 1)
        span = self.span((start, end))
        name = " ".join(span.of(self.article.text).split())
        known = self.places.get(name)
        key = known.key if known else f"p{len(self.places)}"
        spans = sorted({*(known.mentions if known else ()), span})
        self.places[name] = Place(key, name, tuple(spans))
        return key

    def participant(self, given: dict[str, Any] | None) -> Participant | None:
        """A participant as an extractor wrote it, None for none."""
        return self.party(given) if given else None

    def party(self, given: dict[str, Any]) -> Participant:
        """An actor (``{"cluster": n}``), a place (``{"place": token}``) or words (``{"range": (start, end)}``)."""
        if given.get("cluster", -1) >= 0:
            return self.somebody(given["cluster"])
        if given.get("place", -1) >= 0:
            return self.place_key(given["place"])
        return self.span(tuple(given["range"]))

    def _actors(self) -> Iterable[Actor]:
        members: dict[int, list[Mention]] = defaultdict(list)
        for m in self.mentions:
            if m.cluster in self.used:
                members[m.cluster].append(m)
        for cluster in sorted(members):
            mentions = members[cluster]
            info = self.clusters[cluster]
            entry = self.gazetteer[info["entry"]] if info["entry"] else None
            known = entry or (self.gazetteer[info["holder"]] if info.get("holder") else None)
            label = entry.label if entry else ""
            chosen = min((m for m in mentions if m.kind != PRONOUN), key=lambda m: self._naming(m, label), default=None)
            if chosen is None:
                continue
            name_span = self.span((chosen.start, chosen.end))
            name = " ".join(name_span.of(self.article.text).split())
            spoken = [m for m in mentions if m.kind != PRONOUN]
            aliases = {self.span((m.start, m.end)) for m in spoken} | {self.span((m.wide_start, m.end)) for m in spoken}
            yield Actor(
                key=f"a{cluster}",
                name=name,
                type=ActorType(info["type"]),
                name_span=name_span,
                aliases=tuple(sorted(aliases)),
                mentions=tuple(sorted(aliases | {self.span((m.start, m.end)) for m in mentions})),
                entry=entry.entry if entry else None,
                label=label,
                named=chosen.kind == NAME and (entry is not None or chosen.end - chosen.start > 1),
                identifiers=known.identifiers if known else (),
                links=tuple(_links(known, info, same=entry is not None)) if known else (),
            )

    def _naming(self, m: Mention, label: str) -> tuple[bool, int, bool, int, int]:
        """How well a mention names its actor: the gazetteer's label itself, then proper names, the longest first.

        "Its army" says less than any other description.
        """
        owned = self.doc[m.start].tag_ == "PRP$"
        return m.text(self.doc) != label, _KIND_ORDER[m.kind], owned, m.start - m.end, m.start

    # Statements

    def _statement(self, index: int, a: Attribution) -> Statement:
        source: Participant | None = self.actor(a.source_cluster)
        if source is None and a.source is not None:
            source = self.span(a.source)
        return Statement(
            key=f"s{index}",
            kind=StatementKind(a.kind),
            form=self._form(a),
            cue=self.span(a.cue),
            source=source,
            source_span=self.maybe(a.source),
            content=self.maybe(a.content),
            content2=self.maybe(a.content2),
            about=self.actor_keys(a.about),
            denies=f"s{a.denies}" if a.denies >= 0 else None,
            denied_content=self.maybe(a.denied),
            nested_in=f"s{a.nested_in}" if a.nested_in >= 0 else None,
            date=self.calendar.day(a.date_range),
            confidence=round(a.confidence, 2),
        )

    def _form(self, a: Attribution) -> Form:
        words = [i for r in (a.content, a.content2) if r for i in range(*r) if self.doc[i].is_alpha]
        quoted = sum(self.quotes.at(i) is not None for i in words)
        if quoted == len(words) > 0:
            return Form.DIRECT
        return Form.MIXED if quoted else Form.INDIRECT

    # Situations

    def _common(self, letter: str, index: int, c: dict[str, Any]) -> dict[str, Any]:
        by = c.get("asserted_by", -1)
        return {
            "key": f"{letter}{index}",
            "quote": self.span(tuple(c["quote"])),
            "asserted_by": f"s{by}" if by >= 0 else None,
        }

    def _date(self, c: dict[str, Any]) -> date | None:
        return date.fromisoformat(c["date"]) if c.get("date") else None

    def _casualty(self, index: int, c: dict[str, Any]) -> CasualtyFigure:
        return CasualtyFigure(
            **self._common("c", index, c),
            harm=Harm(c["harm"]),
            qualifier=Qualifier(c["qualifier"]),
            min=c["min"],
            max=c["max"],
            victims=self.maybe(tuple(c["victims"]) if c.get("victims") else None),
            side=self.actor(c.get("side", -1)),
            place=self.place(c.get("place", -1)),
            date=self._date(c),
            perpetrator=self.participant(c.get("perpetrator")),
            differs_from=tuple(f"c{i}" for i in c.get("differs_from", ())),
        )

    def _alliance(self, index: int, c: dict[str, Any]) -> Alliance:
        return Alliance(
            **self._common("l", index, c),
            supporter=self.somebody(c["supporter"]),
            supported=self.somebody(c["supported"]),
            kind=SupportKind(c["kind"]),
        )

    def _mediation(self, index: int, c: dict[str, Any]) -> Mediation:
        return Mediation(
            **self._common("m", index, c),
            mediator=self.somebody(c["mediator"]),
            role=MediationRole(c["role"]),
            parties=self.actor_keys(c.get("parties", ())),
            conflict=self.participant(c.get("conflict")),
        )

    def _relation(self, index: int, c: dict[str, Any]) -> Relation:
        return Relation(
            **self._common("r", index, c),
            type=RelationType(c["type"]),
            a=self.party(c["a"]),
            b=self.party(c["b"]),
            office=c.get("office", ""),
            since=c.get("since", ""),
        )

    def _event(self, index: int, c: dict[str, Any]) -> Event:
        return Event(
            **self._common("e", index, c),
            type=EventType(c["type"]),
            agent=self.participant(c.get("agent")),
            target=self.participant(c.get("target")),
            place=self.place(c.get("place", -1)),
            date=self._date(c),
            negated=bool(c.get("negated")),
        )


def _links(entry: Entry, info: dict[str, Any], *, same: bool) -> Iterator[Link]:
    """The links of an actor that an entry of the gazetteer is, or, where an office gave it away, most likely is.

    Only an item of Wikidata is the actor itself: a feature of GeoNames is the land of a state, and a resource of
    DBpedia is had by a title, which may lead elsewhere.
    """
    reasons = tuple(sorted({*info.get("reasons", ()), f"row={entry.entry}"}))
    for dataset, value in entry.linked():
        yield Link(dataset, value, info.get("score", 1.0), reasons, same and dataset == "wikidata")
