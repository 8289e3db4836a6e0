"""Random extractions over random text, for the tests of properties that must hold for all of them."""

from __future__ import annotations

import random
from dataclasses import fields, replace

from hypothesis import strategies as st

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
    Mediation,
    MediationRole,
    Place,
    Qualifier,
    Relation,
    RelationType,
    Span,
    Statement,
    StatementKind,
    SupportKind,
)

ODD = "\"'\\\n\r\t\x00\x0b\x1f\x7f\x85\u2028\ufeff\ufffe é\u0301ñ\u200f\u202eשלוםسلام😀👩‍👩‍👧🇦🇿𝔘<>{}^`#@;.,"
CHARACTERS = st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"]), st.sampled_from("abc ABC 019"))
TEXTS = st.text(CHARACTERS, min_size=1, max_size=60)
IDS = st.one_of(TEXTS, st.sampled_from((".", "..", "a/../b", "/a//b/", "2020/10/23 Karabakh", "été/50%?#x:y")))
ENTRIES = {
    "azerbaijan": (ActorType.STATE, "Azerbaijan", (("iso3", "AZE"), ("wikidata", "Q227"))),
    "hamas": (ActorType.ARMED_GROUP, "Hamas", ()),
}


def spans(text):
    """A span of the text, not empty."""
    begins = st.integers(0, len(text) - 1)
    return begins.flatmap(lambda begin: st.integers(begin + 1, len(text)).map(lambda end: Span(begin, end)))


def maybe(strategy):
    """The thing or None."""
    return st.none() | strategy


@st.composite
def actors(draw, text, key):
    """An actor: of the gazetteer, named, or neither."""
    name, several = draw(spans(text)), st.lists(spans(text), max_size=3).map(tuple)
    actor = Actor(key, name.of(text), draw(st.sampled_from(ActorType)), name, draw(several), draw(several))
    entry = draw(maybe(st.sampled_from(sorted(ENTRIES))))
    if entry is None:
        return replace(actor, named=draw(st.booleans()))
    kind, label, identifiers = ENTRIES[entry]
    return replace(actor, entry=entry, type=kind, label=label, identifiers=identifiers)


@st.composite
def extractions(draw):
    """All kinds of things over one random text."""
    text = draw(TEXTS)
    span, dates = spans(text), st.dates()

    def keys(letter):
        return [f"{letter}{i}" for i in range(draw(st.integers(0, 4)))]

    def some(strategy):
        return st.just(()) if strategy.is_empty else st.lists(strategy, max_size=3).map(tuple)

    actor_keys, place_keys, statement_keys, figure_keys = keys("a"), keys("p"), keys("s"), keys("c")
    statement = maybe(st.sampled_from(statement_keys)) if statement_keys else st.none()
    actor = st.sampled_from(actor_keys) if actor_keys else st.nothing()
    place = st.sampled_from(actor_keys + place_keys) if actor_keys + place_keys else st.nothing()
    participant = place | span

    def made(cls, letter, **values):
        return tuple(cls(key, **{n: draw(v) for n, v in values.items()}) for key in keys(letter))

    situation = {"quote": span, "asserted_by": statement}
    figures = st.lists(st.sampled_from(figure_keys), max_size=2, unique=True).map(tuple) if figure_keys else st.just(())
    number = maybe(st.integers(0, 10**12))
    return Extraction(
        Article(
            draw(IDS),
            text,
            title=draw(st.just("") | TEXTS),
            date=draw(maybe(dates)),
            url=draw(st.just("") | TEXTS),
            publisher=draw(st.just("") | TEXTS),
            boilerplate=draw(some(span)),
        ),
        sentences=draw(some(span)),
        actors=tuple(draw(actors(text, key)) for key in actor_keys),
        places=tuple(Place(key, (s := draw(span)).of(text), (s,)) for key in place_keys),
        statements=tuple(
            Statement(
                key,
                draw(st.sampled_from(StatementKind)),
                draw(st.sampled_from(Form)),
                draw(span),
                draw(maybe(actor | span)),
                *(draw(maybe(span)) for _ in range(3)),
                draw(some(actor)),
                draw(statement),
                draw(maybe(span)),
                draw(statement),
                draw(maybe(dates)),
                draw(st.floats(0, 1)),
            )
            for key in statement_keys
        ),
        casualties=tuple(
            CasualtyFigure(
                key,
                draw(span),
                draw(st.sampled_from(Harm)),
                draw(st.sampled_from(Qualifier)),
                draw(number),
                draw(number),
                draw(maybe(span)),
                draw(maybe(actor)),
                draw(maybe(place)),
                draw(maybe(dates)),
                draw(maybe(participant)),
                draw(figures),
                asserted_by=draw(statement),
            )
            for key in figure_keys
        ),
        alliances=made(Alliance, "l", supporter=actor, supported=actor, kind=st.sampled_from(SupportKind), **situation)
        if actor_keys
        else (),
        mediations=made(
            Mediation,
            "m",
            mediator=actor,
            role=st.sampled_from(MediationRole),
            parties=some(actor),
            conflict=maybe(participant),
            **situation,
        )
        if actor_keys
        else (),
        relations=made(
            Relation,
            "r",
            type=st.sampled_from(RelationType),
            a=participant,
            b=participant,
            office=st.sampled_from(("", "foreign minister")),
            since=st.sampled_from(("", "1994", "1994-05", "1994-05-12")),
            **situation,
        ),
        events=made(
            Event,
            "e",
            type=st.sampled_from(EventType),
            agent=maybe(participant),
            target=maybe(participant),
            place=maybe(place),
            date=maybe(dates),
            negated=st.booleans(),
            **situation,
        ),
    )


def disguised(extraction, seed):
    """The same extraction with all keys renamed and all tuples shuffled."""
    chance = random.Random(seed)
    groups = ("actors", "places", "statements", "casualties", "alliances", "mediations", "relations", "events")
    items = [item for group in groups for item in getattr(extraction, group)]
    numbers = list(range(len(items)))
    chance.shuffle(numbers)
    new = {item.key: f"k{number}" for item, number in zip(items, numbers, strict=True)}
    holding = {"key", "source", "about", "denies", "nested_in", "asserted_by", "side", "place", "perpetrator"}
    holding |= {"differs_from", "supporter", "supported", "mediator", "parties", "conflict", "agent", "target"}
    holding |= {"a", "b"}

    def value(name, old):
        if isinstance(old, tuple) and name != "identifiers":
            return tuple(chance.sample([value(name, part) for part in old], len(old)))
        return new.get(old, old) if name in holding and isinstance(old, str) else old

    def item_again(item):
        return type(item)(**{f.name: value(f.name, getattr(item, f.name)) for f in fields(item)})

    changed = {group: tuple(item_again(item) for item in getattr(extraction, group)) for group in groups}
    changed = {group: tuple(chance.sample(things, len(things))) for group, things in changed.items()}
    sentences = tuple(chance.sample(extraction.sentences, len(extraction.sentences)))
    return Extraction(extraction.article, sentences, **changed)
