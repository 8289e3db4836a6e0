"""The referents of an article while they are being resolved: clusters of mentions, by name, role and place."""

from __future__ import annotations

import unicodedata
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.model import ActorType
from kg.nlp import lexicon
from kg.nlp.mentions import ADJECTIVE, NAME, PRONOUN, Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

WINDOW: Final = 3
"""How many sentences back an antecedent of a pronoun or description may stand."""
_SMALL: Final = frozenset({"of", "and", "the", "for", "in", "on"})
_NO_ORGANIZATION: Final = frozenset({ActorType.PERSON, ActorType.STATE, ActorType.PEOPLE})


def fold(text: str) -> str:
    """A name without case, accents, punctuation and article, to compare names by.

    >>> fold("the Al-Qaïda")
    'al qaida'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in {"the", "a", "an"} else words)


@dataclass(slots=True)
class Cluster:
    """Mentions that stand for one referent."""

    key: int
    type: str
    entry: str = ""
    plural: bool = False
    mentions: list[Mention] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    """Folded names and descriptions."""
    roles: set[str] = field(default_factory=set)
    """Words of its names, roles and titles: "president", "monitor"."""
    last: int = -1
    """Token at which it was mentioned last, as far as the text has been read."""


class Referents:
    """All clusters of one article."""

    def __init__(self, doc: Doc, mentions: list[Mention]) -> None:
        self.doc = doc
        self.clusters: list[Cluster] = []
        self.sentence = {t.i: n for n, s in enumerate(doc.sents) for t in s}
        self.recent: deque[Mention] = deque()
        self.by_role: dict[str, list[Cluster]] = defaultdict(list)
        self.by_form: dict[str, list[Cluster]] = defaultdict(list)
        self.by_owner: dict[tuple[int, str, frozenset[str]], Cluster] = {}
        """Bodies and forces by whose they are, their role and what else qualifies them."""
        self.belongs: dict[int, int] = {}
        """Whose a body or force is, by keys of clusters."""
        self.is_bare = not any(t.text == "," for t in doc)
        """Whether the text has no commas, so that appositions go without."""
        self._by_words: dict[frozenset[str], Cluster] = {}
        self._by_entry: dict[str, Cluster] = {}
        self._persons: dict[str, list[Cluster]] = defaultdict(list)
        self._others: dict[str, list[Cluster]] = defaultdict(list)
        self._by_initials: dict[str, list[Cluster]] = defaultdict(list)
        self._at: dict[int, Mention] = {}
        self._names = [m for m in mentions if m.kind == NAME]
        self._starting = {m.wide_start: m for m in self._names}
        self._ending = {m.end: m for m in self._names}

    # Building

    def join(self, m: Mention, cluster: Cluster | None) -> None:
        """Add a mention to a cluster, a new one for None."""
        if cluster is None:
            cluster = Cluster(len(self.clusters), m.type, m.entry, m.plural)
            self.clusters.append(cluster)
            if m.entry:
                self._by_entry[m.entry] = cluster
        m.cluster = cluster.key
        cluster.mentions.append(m)
        if m.kind != ADJECTIVE:
            for i in range(m.start, m.end):
                self._at.setdefault(i, m)
            self._at[m.head] = m
        if m.kind != PRONOUN:
            self._learn(m, cluster)

    def _learn(self, m: Mention, cluster: Cluster) -> None:
        form = fold(m.text(self.doc))
        words = form.split()
        roles = (
            {t.lower_ for t in self.doc[m.wide_start : m.start] if m.office and t.is_alpha}
            | ({m.role} if m.role else set())
            | (set(words) if m.kind == NAME else set())
        )
        for role in roles - cluster.roles:
            self.by_role[role].append(cluster)
        cluster.roles |= roles
        if form in cluster.forms:
            return
        cluster.forms.add(form)
        self.by_form[form].append(cluster)
        if m.kind == NAME and cluster.type == ActorType.PERSON:
            for word in words:
                self._persons[word].append(cluster)
        elif m.kind == NAME and cluster.type not in _NO_ORGANIZATION:
            for word in words:
                self._others[word].append(cluster)
            self._by_words.setdefault(frozenset(words) - _SMALL, cluster)
            self._by_initials["".join(w[0] for w in words if w not in _SMALL)].append(cluster)

    def advance(self, m: Mention) -> None:
        """Note that the reading has come past a mention."""
        if m.cluster >= 0:
            self.clusters[m.cluster].last = m.start
        self.recent.append(m)
        while self.recent and self.sentence[self.recent[0].head] < self.sentence[m.head] - WINDOW:
            self.recent.popleft()

    # Looking up

    def at(self, token: int) -> Cluster | None:
        """The cluster whose mention a token belongs to; adjectives ("Malian") do not count."""
        m = self._at.get(token)
        return self.clusters[m.cluster] if m is not None and m.cluster >= 0 else None

    def name_starting(self, token: int) -> Mention | None:
        """The name, its title included, that begins at a token."""
        return self._starting.get(token)

    def name_ending(self, token: int) -> Mention | None:
        """The name that ends right before a token."""
        return self._ending.get(token)

    def owner(self, m: Mention) -> Cluster | None:
        """Whose a role or title is: the cluster of the name inside it ("Malian authorities")."""
        return self.at_name(m.office_of) if m.office_of >= 0 else None

    def at_name(self, token: int) -> Cluster | None:
        """The cluster of the name, or adjective, that ends at a token."""
        for c in self.by_form.get(fold(self.doc[token].text), ()):
            return c
        m = self._ending.get(token + 1)
        return self.clusters[m.cluster] if m is not None and m.cluster >= 0 else self.at(token)

    def known_as(self, m: Mention) -> Cluster | None:
        """The cluster that a name belongs to, by gazetteer entry, form, surname, acronym or as part of another name."""
        if m.entry:
            return self._by_entry.get(m.entry)
        text = m.text(self.doc)
        form = fold(text)
        words = form.split()
        for c in self.by_form.get(form, ()):
            if not (c.entry and m.kind == ADJECTIVE):
                return c
        if not words:
            return None
        if len(words) == 1 and (medium := self._medium(words[0])) is not None:
            return medium
        if m.type == ActorType.PERSON:
            return next((c for c in self._persons.get(words[-1], ()) if self._same_person(words, c)), None)
        if len(words) > 1 and (same := self._by_words.get(frozenset(words) - _SMALL)) is not None:
            return same  # "the Ministry of Defence of Chad", "Chad Defence Ministry"
        letters = text.replace(".", "")
        if letters.isupper() and len(letters) > 1:
            for c in self._by_initials.get(letters.lower(), ()):
                return c
        return next(
            (
                c
                for c in self._others.get(words[-1], ())
                if len(form) > 3 and any(_is_part(words, f.split()) for f in c.forms)
            ),
            None,
        )

    def _medium(self, word: str) -> Cluster | None:
        """The news medium that a word is the beginning of: "Reuters", "Reuters television"."""
        press = lexicon.load("mentions")["press"]
        forms = ((c, f.split()) for c in self._others.get(word, ()) for f in c.forms)
        return next((c for c, f in forms if f[0] == word and press & set(f[1:])), None)

    def _same_person(self, words: list[str], c: Cluster) -> bool:
        return any(words[-1] == f.split()[-1] or (len(words) == 1 and words[0] in f.split()) for f in c.forms if f)

    def nearby(self, before: int) -> Iterator[Cluster]:
        """Clusters mentioned within the window before a token, the latest first."""
        seen: set[int] = set()
        for m in reversed(self.recent):
            if m.cluster >= 0 and m.start < before and m.cluster not in seen:
                seen.add(m.cluster)
                yield self.clusters[m.cluster]


def _is_part(short: list[str], long: list[str]) -> bool:
    """Whether a name is a shorter way to write another: its last words, or the first of at least two."""
    n = len(short)
    return n < len(long) and (long[-n:] == short or (n >= 2 and long[:n] == short) or (n == 1 and short[0] in long[1:]))
