"""Whom the gazetteer knows: clusters that only a surname, another spelling, or an office on a day gives away.

Writes to each cluster in ``doc._.clusters`` its entry where one is found now, the entry of an office's holder, the
score, and the reasons, as ``key=value``. In doubt a cluster stays unlinked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from spacy.language import Language

from kg.gazetteer import Entry, Gazetteer, Naming
from kg.gazetteer.names import fold
from kg.model import ActorType
from kg.nlp import lexicon
from kg.nlp.context import Context, countries_of
from kg.nlp.mentions import ADJECTIVE, METONYM, NAME, ROLE, Mention, read

if TYPE_CHECKING:
    from spacy.tokens import Doc

SCORES: Final = {
    Naming.LABEL: 1.0,
    Naming.ALIAS: 0.98,
    Naming.DEMONYM: 0.95,
    Naming.METONYM: 0.9,
    Naming.AMBIGUOUS: 0.9,
}
"""How sure a link is, by how the article names what is linked."""
_SPELLING: Final = 0.95
_BY_OFFICE: Final = 0.9
_BY_COUNTRY: Final = 0.85
_PARTICLES: Final = frozenset({"al", "el", "bin", "ibn", "the"})
_NAMING: Final = frozenset({NAME, ADJECTIVE, METONYM})
_OTHERS: Final = frozenset({"a", "an", "former", "ex", "another", "other", "his", "her", "their", "its"})
_GENERIC: Final = "head of state or government"
_SHORTEST: Final = 4
"""Letters that a bare surname must have at least."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The entry that a cluster stands for, how sure that is, and what spoke for it."""

    entry: str
    score: float
    reasons: tuple[str, ...]


class _Article:
    """One article's mentions, clusters, countries and day."""

    def __init__(self, doc: Doc, gazetteer: Gazetteer) -> None:
        self.doc = doc
        self.clusters: list[dict[str, Any]] = doc._.clusters
        self.mentions: dict[int, list[Mention]] = defaultdict(list)
        for m in read(doc):
            if m.cluster >= 0:
                self.mentions[m.cluster].append(m)
        self.day = date.fromisoformat(doc._.published) if doc._.published else None
        named = [m for own in self.mentions.values() for m in own if m.kind in _NAMING]
        self.context = Context(gazetteer, filter(None, (str(self.clusters[m.cluster]["entry"]) for m in named)))
        self._ending = {m.end: m for m in named}

    def owner(self, m: Mention) -> Mention | None:
        """The name in a title or description that says whose it is: "Turkish"."""
        return self._ending.get(m.office_of + 1) if m.office_of >= 0 else None

    def entry(self, m: Mention) -> str:
        """The entry of the cluster of a mention."""
        return str(self.clusters[m.cluster]["entry"])


class Linker:
    """spaCy component: links clusters to the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        words = lexicon.load("links")
        self._gazetteer = gazetteer
        self._heads = words["titles.heads"]
        self._current = words["titles.current"]
        self._bound = words.records("bound")
        self._offices: dict[str, list[str]] = defaultdict(list)
        for office, said in words.sections("offices").items():
            for name in sorted(said):
                self._offices[name].append(office)
        self._surnames: dict[str, list[Entry]] = defaultdict(list)
        self._spellings: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for entry in gazetteer.entries:
            if entry.type is ActorType.PERSON:
                spellings = [_words(name) for name in (entry.label, *entry.aliases)]
                for surname in sorted({spelling[-1] for spelling in spellings if spelling}):
                    self._surnames[surname].append(entry)
                for spelling in spellings:
                    self._spellings[spelling].add(entry.entry)

    def __call__(self, doc: Doc) -> Doc:
        """Link names, other spellings and surnames first, then offices."""
        article = _Article(doc, self._gazetteer)
        for key, cluster in enumerate(article.clusters):
            own, single = article.mentions[key], cluster["type"] == ActorType.PERSON and not cluster["plural"]
            if cluster["entry"] and not self._plausible(article, self._gazetteer[cluster["entry"]], own):
                cluster["entry"] = ""  # a namesake
            elif cluster["entry"]:
                _note(cluster, "entry", self._named(doc, cluster["entry"], own))
            elif single and any(m.kind == NAME for m in own):
                _note(cluster, "entry", self._person(article, own))
            elif single:
                _note(cluster, "holder", self._holder(article, own))
        doc._.clusters = article.clusters
        return doc

    # By name

    def _plausible(self, article: _Article, entry: Entry, mentions: list[Mention]) -> bool:
        """Whether an article that names a person speaks of the country too, or gives the office."""
        if entry.type is not ActorType.PERSON or not entry.country:
            return True
        own = sum(m.kind in _NAMING for m in mentions)
        titles = {word for m in mentions for word in m.office.lower().split()}
        known = {*entry.office.lower().replace("|", " ").split(), *(self._heads if _GENERIC in entry.office else ())}
        return article.context.names(entry, own if len(entry.country) == 1 else 0) or bool(titles & known)

    def _named(self, doc: Doc, entry: str, mentions: list[Mention]) -> Finding:
        """By which of its names an entry was found: the surest."""
        texts = sorted({m.text(doc) for m in mentions if m.kind in _NAMING})
        matches = [x for text in texts for x in self._gazetteer.lookup(text) if x.entry.entry == entry]
        best = min(matches, key=lambda x: (-SCORES[x.naming], x.form), default=None)
        if best is None:
            return Finding(entry, _SPELLING, (f"name={texts[0]}",) if texts else ())
        return Finding(entry, SCORES[best.naming], (f"{best.naming}={best.form}",))

    def _person(self, article: _Article, mentions: list[Mention]) -> Finding | None:
        """A person by another spelling of the name, or by the surname with an office or a country."""
        names = sorted((m for m in mentions if m.kind == NAME), key=lambda m: (m.start - m.end, m.start))
        text = names[0].text(article.doc)
        words = _words(text)
        if len(words) > 1:
            known = [self._gazetteer[entry] for entry in sorted(self._spellings.get(words, ()))]
            return _only([e for e in known if article.context.names(e)], _SPELLING, f"name={text}")
        if len(words) != 1 or text.islower():
            return None
        same = [e for e in self._surnames.get(words[0], ()) if _in_time(e, article.day)]
        titled = next((m for m in names if m.office), None)
        if titled is not None:
            country = self._country(article, titled)
            held = [e for e in same if self._held(e, titled.office, country, article.context)]
            return _only(held, _BY_OFFICE, f"office={titled.office}", f"surname={text}")
        if len(text) < _SHORTEST or article.day is None:
            return None
        near = [e for e in same if e.country and e.valid_from is not None and article.context.names(e)]
        return _only(near, _BY_COUNTRY, *(f"country={code}" for e in near for code in e.country), f"surname={text}")

    def _held(self, entry: Entry, office: str, country: str, context: Context) -> bool:
        """Whether a person is known to have held an office that a title names, of that country or of one named."""
        if entry.country and (country not in entry.country if country else not context.names(entry)):
            return False
        words = set(office.lower().split())
        known = set(entry.office.lower().replace("|", " ").split())
        return bool(words & known) or (_GENERIC in entry.office and bool(words & self._heads))

    def _country(self, article: _Article, m: Mention) -> str:
        """The code of the one country that a title or description says it is of, or an empty string."""
        owner = article.owner(m)
        entry = article.entry(owner) if owner is not None else ""
        countries = countries_of(self._gazetteer[entry]) if entry else ()
        return countries[0] if len(countries) == 1 else ""

    # By office

    def _holder(self, article: _Article, mentions: list[Mention]) -> Finding | None:
        """Who held the office that descriptions name on the article's day: "the Turkish president"."""
        found = [f for m in mentions if m.kind == ROLE and (f := self._in_office(article, m))]
        return found[0] if len({f.entry for f in found}) == 1 else None

    def _in_office(self, article: _Article, m: Mention) -> Finding | None:
        said, country = self._office(article, m), self._country(article, m)
        if not said or article.day is None or (m.office_of >= 0 and not country):
            return None
        for office in self._offices.get(said, ()):
            for code in [country] if country else self._bound_to(said, article.context):
                if holder := self._gazetteer.offices.holder(code, office, article.day):
                    return Finding(holder, _BY_OFFICE, (f"date={article.day}", f"office={office} of {code}"))
        return None

    def _office(self, article: _Article, m: Mention) -> str:
        """The office that a description names and nothing but it; empty for "a former president" or "ministers"."""
        doc, owner = article.doc, article.owner(m)
        if m.plural or not (m.definite or m.office_of >= 0):
            return ""
        if m.start and (doc[m.start - 1].lower_ in _OTHERS or doc[m.start].tag_ == "PRP$"):
            return ""
        inside = range(owner.start, owner.end) if owner is not None else range(0)
        words = [t.lower_ for t in doc[m.start : m.end] if t.i not in inside and t.tag_ != "POS" and t.is_alpha]
        return " ".join(w for w in words if w != "the" and w not in self._current).removesuffix(" of")

    def _bound_to(self, said: str, context: Context) -> list[str]:
        """The country whose office a title is without saying so, if the article names it and not the other."""
        return [
            row["country"]
            for row in self._bound
            if row["office"] == said and context.has(row["country"]) and not context.has(row["without"])
        ]


def _only(entries: list[Entry], score: float, *reasons: str) -> Finding | None:
    """The finding of the one entry; none where there are several."""
    return Finding(entries[0].entry, score, tuple(sorted(set(reasons)))) if len(entries) == 1 else None


def _note(cluster: dict[str, Any], key: str, found: Finding | None) -> None:
    if found is not None:
        cluster[key] = found.entry
        cluster["score"] = found.score
        cluster["reasons"] = list(found.reasons)


def _words(name: str) -> tuple[str, ...]:
    """The words of a person's name, without particles, accents and case."""
    return tuple(word for word in fold(name).casefold().split() if word not in _PARTICLES)


def _in_time(entry: Entry, day: date | None) -> bool:
    """Whether a day lies in the known time in office; an open end goes on."""
    if day is None:
        return True
    return (entry.valid_from or date.min) <= day <= (entry.valid_to or date.max)


@Language.factory(
    "actor_linker",
    requires=["doc._.mentions", "doc._.clusters"],
    assigns=["doc._.clusters"],
    default_config={"gazetteer": []},
)
def make_linker(nlp: Language, name: str, gazetteer: list[str]) -> Linker:
    """Component factory; `gazetteer` lists tables that a user adds to the package's own."""
    return Linker(Gazetteer.load(tuple(map(Path, gazetteer))))
