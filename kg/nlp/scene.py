"""What the steps of attribution share: the Doc, its mentions and quotations, and what was attributed before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.model import ActorType
from kg.nlp.mentions import ADJECTIVE, NAME, PRONOUN, Mention, read, register
from kg.nlp.names import PLACE
from kg.nlp.quotations import Quotations

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Range = tuple[int, int]
"""Tokens [start, end)."""


@dataclass(slots=True)
class Attribution:
    """One attribution; `source_cluster` is -1 where the source is no known actor."""

    verb: int
    cue: Range
    classes: list[str]
    """Classes of the cue in the lexicon."""
    lemma: str = ""
    source: Range | None = None
    source_cluster: int = -1
    content: Range | None = None
    content2: Range | None = None
    addressee: int = -1
    """Token that heads whom the statement is addressed to, or whom it accuses."""
    negated: bool = False
    passive: bool = False
    bare: bool = False
    """Whether the content is an infinitive: "to resign"."""
    nominal: bool = False
    """Whether the content is a mere noun phrase: what that takes for granted is not said by the source."""
    noun: str = ""
    """The noun of a light verb: "hope"."""
    kind: str = ""
    about: list[int] = field(default_factory=list)
    denies: int = -1
    denied: Range | None = None
    borrowed: bool = False
    """Whether the content is another statement's: "which they deny"."""
    nested_in: int = -1
    date_range: Range | None = None
    attested: bool = False
    """Whether the tagger finds it too, and likely."""
    confidence: float = 1.0

    def parts(self) -> list[Range]:
        """The one or two parts of the content that are the statement's own."""
        return [] if self.borrowed else [r for r in (self.content, self.content2) if r is not None]

    def covers(self, token: int) -> bool:
        """Whether a token stands in the content."""
        return any(start <= token < end for start, end in self.parts())

    def words(self, doc: Doc) -> list[Token]:
        """The tokens of the content that is the statement's own."""
        return [token for start, end in self.parts() for token in doc[start:end]]

    def length(self) -> int:
        """How many tokens the content has."""
        return sum(end - start for start, end in self.parts())


def read_attributions(doc: Doc) -> list[Attribution]:
    """The attributions of a Doc, in text order of their cues."""
    return [Attribution(**a) for a in doc._.statements]


def write_attributions(doc: Doc, found: list[Attribution]) -> None:
    """Store attributions as plain dictionaries."""
    doc._.statements = [{name: getattr(a, name) for name in Attribution.__slots__} for a in found]


def holders(found: list[Attribution]) -> dict[int, list[int]]:
    """For each token, the attributions (by index) in whose content it stands, the smallest first."""
    index: dict[int, list[int]] = {}
    for i in sorted(range(len(found)), key=lambda i: (found[i].length(), i)):
        for start, end in found[i].parts():
            for token in range(start, end):
                index.setdefault(token, []).append(i)
    return index


class Scene:
    """One Doc on the way through attribution; `found` grows in text order."""

    def __init__(self, doc: Doc, documents: frozenset[str]) -> None:
        self.doc = doc
        self.mentions = read(doc)
        self.quotes = Quotations(doc)
        self.found: list[Attribution] = []
        self._documents = documents
        self._by_token = _by_token(self.mentions)
        self._persons = {i for i, c in enumerate(doc._.clusters) if c["type"] == ActorType.PERSON}

    def mention(self, token: int) -> Mention | None:
        """The mention that a token belongs to."""
        return self._by_token.get(token)

    def cluster(self, token: int) -> int:
        """The actor that a token's mention stands for, or -1."""
        m = self._by_token.get(token)
        return m.cluster if m is not None and m.kind != ADJECTIVE and m.type != PLACE else -1

    def is_person(self, cluster: int) -> bool:
        """Whether an actor is a person."""
        return cluster in self._persons

    def can_speak(self, token: Token) -> bool:
        """Whether a token belongs to an actor, a pronoun, or names a document."""
        m = self._by_token.get(token.i)
        actor = m is not None and m.kind != ADJECTIVE and (m.cluster >= 0 or m.kind == PRONOUN)
        return actor or token.lemma_.lower() in self._documents

    def last(self, *, before: int, top: bool = False) -> Attribution | None:
        """The attribution with a source that came last before a token; with `top`, one that stands in no other."""
        for a in reversed(self.found):
            if (
                a.source is not None
                and a.cue[0] < before
                and not (top and any(o.covers(a.verb) for o in self.found[-8:]))
            ):
                return a
        return None


def _by_token(mentions: list[Mention]) -> dict[int, Mention]:
    """Which mention a token belongs to: names win over the phrases around them, except at the head of a phrase."""
    found: dict[int, Mention] = {}
    for m in sorted(mentions, key=lambda m: (m.kind != NAME, m.end - m.start), reverse=True):
        found.update(dict.fromkeys(range(m.start, m.end), m))
    found.update((m.head, m) for m in mentions if m.kind != ADJECTIVE)
    for m in mentions:
        for i in range(m.wide_start, m.start):
            found.setdefault(i, m)
    return found


register("statements", [])
