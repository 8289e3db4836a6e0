"""Articles for the links: made of few words, with places of known coordinates."""

from dataclasses import replace
from datetime import date

from kg.model import (
    Actor,
    ActorType,
    Article,
    CasualtyFigure,
    Event,
    EventType,
    Extraction,
    Form,
    Harm,
    Link,
    LinkMethod,
    Place,
    Qualifier,
    Span,
    Statement,
    StatementKind,
)
from kg.rdf import to_quads, write

POINTS = {"Ganja": (40.68278, 46.36056), "Barda": (40.37439, 47.12663), "Shusha": (39.76006, 46.74989)}
STATES = {
    "Azerbaijan": ("azerbaijan", "373", "AZE"),
    "Armenia": ("armenia", "371", "ARM"),
    "Turkey": ("turkey", "640", "TUR"),
    "Mali": ("mali", "432", "MLI"),
}
GROUPS = {"Boko Haram": "boko-haram", "JNIM": "jamaat-nasr-al-islam-wal-muslimin"}


class Writer:
    """Writes an article word by word; each part's words are its text."""

    def __init__(self, name, day="2020-10-05"):
        self.name = name
        self.day = date.fromisoformat(day)
        self.text = ""
        self.actors, self.places, self.events, self.figures, self.statements = {}, {}, [], [], []

    def words(self, text):
        """Add words; returns their span."""
        self.text += " " if self.text else ""
        begin = len(self.text)
        self.text += text
        return Span(begin, begin + len(text))

    def actor(self, name):
        """The key of an actor, a state or group of the lists above, or else somebody unnamed."""
        if name and name not in self.actors:
            where = self.words(name)
            if name in STATES:
                entry, number, code = STATES[name]
                codes = (("cameo", code), ("gleditschWard", number), ("iso3", code))
                kind, more = ActorType.STATE, {"entry": entry, "named": True, "identifiers": codes}
            elif name in GROUPS:
                kind, more = ActorType.ARMED_GROUP, {"entry": GROUPS[name], "named": True}
            else:
                kind, more = ActorType.ARMED_GROUP, {}
            self.actors[name] = Actor(name, name, kind, where, **more)
        return name or None

    def place(self, name):
        """The key of a place or, where it is an actor of this article, of that."""
        if name and name not in self.actors and name not in self.places:
            self.places[name] = Place(name, name, (self.words(name),))
        return name or None

    def says(self, kind, source, **more):
        """A statement; returns its key."""
        key = f"s{len(self.statements)}"
        who = self.actor(source)
        cue, content = self.words("said"), self.words(f"content {len(self.statements)}")
        form = {"kind": StatementKind[kind], "form": Form.INDIRECT, "source": who, "cue": cue, "content": content}
        if kind == "DENIAL":
            form["denied_content"] = form.pop("content")
        self.statements.append(Statement(key=key, **form, **more))
        return key

    def event(self, type_="ASSAULT", *, agent="", target="", where="", day="2020-10-04", **more):
        """An event with its participants and place."""
        parts = {"agent": self.actor(agent), "target": self.actor(target), "place": self.place(where)}
        quote = self.words(f"{type_.lower()} number {len(self.events)}")
        on = date.fromisoformat(day) if day else None
        self.events.append(
            Event(key=f"e{len(self.events)}", quote=quote, type=EventType[type_], date=on, **parts, **more)
        )
        return self

    def figure(self, least, most, *, where="", day="2020-10-04", by="", side="", harm="KILLED", **more):
        """A casualty figure."""
        parts = {"perpetrator": self.actor(by), "side": self.actor(side), "place": self.place(where)}
        quote = self.words(f"{least} to {most} people, number {len(self.figures)}")
        on = date.fromisoformat(day) if day else None
        rank = Qualifier.AT_LEAST if most is None else Qualifier.EXACT if least == most else Qualifier.RANGE
        self.figures.append(
            CasualtyFigure(
                key=f"f{len(self.figures)}",
                quote=quote,
                harm=Harm[harm],
                min=least,
                max=most,
                qualifier=more.pop("qualifier", rank),
                date=on,
                **parts,
                **more,
            )
        )
        return self

    def mention(self, *names):
        """Name actors that do nothing."""
        for name in names:
            self.actor(name)
        return self

    def quads(self, *, located=True):
        """The article's graph; places of known coordinates get them."""
        article = Article(self.name, self.text, date=self.day)
        found = (Link("geonames", "1", 1.0, ("test=true",), method=LinkMethod.GEONAMES),)
        places = (
            replace(spot, latitude=POINTS[name][0], longitude=POINTS[name][1], links=found)
            if located and name in POINTS
            else spot
            for name, spot in self.places.items()
        )
        found = Extraction(
            article,
            sentences=(Span(0, len(self.text)),),
            actors=tuple(self.actors.values()),
            places=tuple(places),
            statements=tuple(self.statements),
            events=tuple(self.events),
            casualties=tuple(self.figures),
        )
        return to_quads(found)


def graph(path, *writers, **how):
    """A graph file of articles."""
    write([quad for writer in writers for quad in writer.quads(**how)], path)
    return path
