"""Extractions made by hand, one of each kind, and random ones: what the tests of RDF, shapes and queries share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

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
    LinkMethod,
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

SENTENCES = (
    "Armenian authorities have denied that they targeted Azerbaijani towns, as Azerbaijan has accused Armenia of.",
    "According to Nagorno-Karabakh officials, 927 of their troops have been killed.",
    "More than 30 civilians died in Ganja on Sept. 27.",
    "Russian President Vladimir Putin said the death toll was nearing 5,000, significantly more than officials report.",
    "“We want peace,” Putin said, “and a truce.”",
    "The tally was denied reportedly.",
    "Turkey, which backs Azerbaijan and trains its military, vowed to stand by its ally.",
    "Azerbaijan hasn’t disclosed its losses.",
    "The Minsk Group, part of the OSCE, mediates between Armenia and Azerbaijan in the decades-old conflict.",
    "Shells from unidentified gunmen hit Stepanakert, but Turkey did not attack Armenia.",
    "The criminal complaint says rebels held Nagorno-Karabakh since 1994, and urges Armenia to help.",
    "Read more: the war in photos.",
)
TEXT = " ".join(SENTENCES)


def at(words: str, sentence: int = 0, after: str = "") -> Span:
    """The first place of `words` in the text, from the given sentence (counted from 0) on, and there `after` others."""
    start = TEXT.index(after, TEXT.index(SENTENCES[sentence])) + len(after)
    begin = TEXT.index(words, start)
    return Span(begin, begin + len(words))


def _sentences() -> tuple[Span, ...]:
    return tuple(at(sentence, number) for number, sentence in enumerate(SENTENCES))


def _actors() -> tuple[Actor, ...]:
    def shared(key, name, kind, where, *, label="", aliases=(), mentions=(), ids=()):
        spans = (where, *aliases, *mentions)
        entry = key.replace("_", "-")
        links = tuple(
            Link(scheme, value, 0.95, (f"alias={name}", f"row={entry}"), same=True, method=LinkMethod.GAZETTEER)
            for scheme, value in ids
            if scheme == "wikidata"
        )
        return Actor(key, name, kind, where, aliases, spans, entry, label or name, True, ids, links)

    return (
        shared(
            "azerbaijan",
            "Azerbaijan",
            ActorType.STATE,
            at("Azerbaijan", after="as "),
            aliases=(at("Azerbaijani", 0), at("its ally", 6)),
            mentions=(at("its losses", 7),),
            ids=(("iso2", "AZ"), ("iso3", "AZE"), ("wikidata", "Q227")),
        ),
        shared("armenia", "Armenia", ActorType.STATE, at("Armenia", after="accused "), ids=(("wikidata", "Q399"),)),
        shared("turkey", "Turkey", ActorType.STATE, at("Turkey", 6), label="Türkiye", ids=(("wikidata", "Q43"),)),
        shared("russia", "Russian", ActorType.STATE, at("Russian", 3), label="Russia"),
        shared("minsk_group", "Minsk Group", ActorType.INTERNATIONAL_ORGANIZATION, at("Minsk Group", 8)),
        shared("osce", "OSCE", ActorType.INTERNATIONAL_ORGANIZATION, at("OSCE", 8)),
        shared("nagorno_karabakh", "Nagorno-Karabakh", ActorType.TERRITORY, at("Nagorno-Karabakh", 1)),
        Actor(
            "putin",
            "Vladimir Putin",
            ActorType.PERSON,
            at("Vladimir Putin", 3),
            aliases=(at("Putin", 4),),
            mentions=(at("Vladimir Putin", 3), at("Putin", 4)),
            named=True,
        ),
        Actor(
            "officials",
            "Nagorno-Karabakh officials",
            ActorType.GOVERNMENT_BODY,
            at("Nagorno-Karabakh officials", 1),
            mentions=(at("Nagorno-Karabakh officials", 1), at("their", 1)),
        ),
        Actor(
            "authorities",
            "Armenian authorities",
            ActorType.GOVERNMENT_BODY,
            at("Armenian authorities"),
            mentions=(at("Armenian authorities"), at("they")),
        ),
        Actor("military", "its military", ActorType.GOVERNMENT_BODY, at("its military", 6)),
        Actor("rebels", "rebels", ActorType.ARMED_GROUP, at("rebels", 10)),
    )


def _statements() -> tuple[Statement, ...]:
    s = Statement
    return (
        s(
            "accusation",
            StatementKind.ACCUSATION,
            Form.INDIRECT,
            at("has accused"),
            "azerbaijan",
            at("Azerbaijan", after="as "),
            at("they targeted Azerbaijani towns"),
            about=("armenia",),
            confidence=0.9,
        ),
        s(
            "denial",
            StatementKind.DENIAL,
            Form.INDIRECT,
            at("have denied"),
            "authorities",
            at("Armenian authorities"),
            at("that they targeted Azerbaijani towns"),
            denies="accusation",
            denied_content=at("they targeted Azerbaijani towns"),
            about=("azerbaijan",),
        ),
        s(
            "losses",
            StatementKind.CLAIM,
            Form.INDIRECT,
            at("According to", 1),
            "officials",
            at("Nagorno-Karabakh officials", 1),
            at("927 of their troops have been killed", 1),
        ),
        s(
            "toll",
            StatementKind.CLAIM,
            Form.INDIRECT,
            at("said", 3),
            "putin",
            at("Vladimir Putin", 3),
            at("the death toll was nearing 5,000, significantly more than officials report", 3),
            date=date(2020, 10, 22),
        ),
        s(
            "reported",
            StatementKind.CLAIM,
            Form.INDIRECT,
            at("report", 3),
            "officials",
            at("officials", 3),
            at("more", 3),
            nested_in="toll",
        ),
        s(
            "peace",
            StatementKind.CLAIM,
            Form.DIRECT,
            at("said", 4),
            "putin",
            at("Putin", 4),
            at("We want peace", 4),
            content2=at("and a truce", 4),
        ),
        s(
            "unattributed",
            StatementKind.DENIAL,
            Form.INDIRECT,
            at("reportedly", 5),
            denied_content=at("The tally", 5),
            denies="toll",
        ),
        s(
            "pledge",
            StatementKind.PLEDGE,
            Form.MIXED,
            at("vowed", 6),
            "turkey",
            at("Turkey", 6),
            at("to stand by its ally", 6),
            about=("azerbaijan",),
        ),
        s(
            "silence",
            StatementKind.NON_DISCLOSURE,
            Form.INDIRECT,
            at("hasn’t disclosed", 7),
            "azerbaijan",
            at("Azerbaijan", 7),
            at("its losses", 7),
        ),
        s(
            "complaint",
            StatementKind.CLAIM,
            Form.INDIRECT,
            at("says", 10),
            at("The criminal complaint", 10),
            at("The criminal complaint", 10),
            at("rebels held Nagorno-Karabakh since 1994", 10),
        ),
        s(
            "appeal",
            StatementKind.APPEAL,
            Form.INDIRECT,
            at("urges", 10),
            at("The criminal complaint", 10),
            at("The criminal complaint", 10),
            at("Armenia to help", 10),
            about=("armenia", "rebels"),
        ),
    )


def _casualties() -> tuple[CasualtyFigure, ...]:
    return (
        CasualtyFigure(
            "troops",
            at("927 of their troops", 1),
            Harm.KILLED,
            Qualifier.EXACT,
            927,
            927,
            at("troops", 1),
            "nagorno_karabakh",
            asserted_by="losses",
        ),
        CasualtyFigure(
            "civilians",
            at("More than 30 civilians", 2),
            Harm.KILLED,
            Qualifier.AT_LEAST,
            31,
            None,
            at("civilians", 2),
            None,
            "ganja",
            date(2020, 9, 27),
            at("unidentified gunmen", 9),
        ),
        CasualtyFigure(
            "all",
            at("the death toll was nearing 5,000", 3),
            Harm.KILLED,
            Qualifier.ABOUT,
            None,
            5000,
            differs_from=("troops", "civilians"),
            asserted_by="toll",
        ),
    )


def _relations() -> tuple[Relation, ...]:
    return (
        Relation("osce", at("The Minsk Group, part of the OSCE", 8), RelationType.PART_OF, "minsk_group", "osce"),
        Relation(
            "held",
            at("rebels held Nagorno-Karabakh since 1994", 10),
            RelationType.CONTROLS,
            "rebels",
            "nagorno_karabakh",
            since="1994",
            asserted_by="complaint",
        ),
        Relation(
            "president",
            at("Russian President Vladimir Putin", 3),
            RelationType.OFFICE_OF,
            "putin",
            "russia",
            office="president",
        ),
        Relation(
            "foes", at("Azerbaijan has accused Armenia"), RelationType.OPPOSES, at("unidentified gunmen", 9), "armenia"
        ),
    )


def _events() -> tuple[Event, ...]:
    return (
        Event(
            "shells",
            at("Shells from unidentified gunmen hit Stepanakert", 9),
            EventType.ASSAULT,
            at("unidentified gunmen", 9),
            "stepanakert",
            "stepanakert",
            date(2020, 10, 22),
        ),
        Event(
            "no_attack",
            at("Turkey did not attack Armenia", 9),
            EventType.ASSAULT,
            "turkey",
            "armenia",
            negated=True,
        ),
        Event(
            "targeting",
            at("they targeted Azerbaijani towns"),
            EventType.ASSAULT,
            "armenia",
            at("Azerbaijani towns"),
            asserted_by="accusation",
        ),
    )


def extraction(document: str = "karabakh", **changes) -> Extraction:
    """One of each kind over real sentences, as the article `document`; `changes` replace fields of the article."""
    article = Article(
        document,
        TEXT,
        title="The war over Nagorno-Karabakh",
        date=date(2020, 10, 23),
        url="https://news.example/karabakh?day=23",
        publisher="Example News",
        boilerplate=(at(SENTENCES[11], 11),),
    )
    return Extraction(
        replace(article, **changes),
        _sentences(),
        _actors(),
        (
            Place("ganja", "Ganja", (at("Ganja", 2),)),
            Place("stepanakert", "Stepanakert", (at("Stepanakert", 9),)),
        ),
        _statements(),
        _casualties(),
        (
            Alliance("backs", at("Turkey, which backs Azerbaijan", 6), "turkey", "azerbaijan", SupportKind.BACKS),
            Alliance("trains", at("trains its military", 6), "turkey", "military", SupportKind.TRAINS),
            Alliance(
                "ally",
                at("its ally", 6),
                "turkey",
                "azerbaijan",
                SupportKind.ALLIED,
                asserted_by="pledge",
            ),
        ),
        (
            Mediation(
                "minsk",
                at(SENTENCES[8][:-1], 8),
                "minsk_group",
                MediationRole.MEDIATES,
                ("armenia", "azerbaijan"),
                at("the decades-old conflict", 8),
            ),
            Mediation(
                "truce",
                at("a truce", 4),
                "putin",
                MediationRole.BROKERS,
                conflict="nagorno_karabakh",
                asserted_by="peace",
            ),
        ),
        _relations(),
        _events(),
    )
