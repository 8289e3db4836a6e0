"""Which actor a token stands for, and who belongs to whom: the question that every extractor asks of the mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import ActorType
from kg.nlp import syntax
from kg.nlp.mentions import ADJECTIVE, METONYM, NAME, ROLE, Mention, read
from kg.nlp.names import PLACE

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_OWNED: Final = frozenset({ActorType.GOVERNMENT_BODY, ActorType.ARMED_GROUP, ActorType.PEOPLE})
Range = tuple[int, int]


class Who:
    """The resolved mentions of one Doc, looked up by token."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.mentions = read(doc)
        self.clusters = doc._.clusters
        self._head: dict[int, Mention] = {}
        self._inside: dict[int, Mention] = {}
        for m in self.mentions:
            if m.kind in {NAME, ADJECTIVE} or m.type == PLACE:
                for i in range(m.start, m.end):
                    self._inside.setdefault(i, m)
        for m in self.mentions:
            for i in range(m.wide_start, m.start):
                self._inside.setdefault(i, m)
        for m in sorted(self.mentions, key=lambda m: m.kind == ADJECTIVE):
            self._head.setdefault(m.head, m)
        self._named = {m.cluster for m in self.mentions if m.kind in {NAME, METONYM} and m.cluster >= 0}
        self._owner = self._owners()

    def mention(self, token: Token) -> Mention | None:
        """The mention that a token heads, or the name that it is part of."""
        return self._head.get(token.i) or self._inside.get(token.i)

    def at(self, token: Token) -> int:
        """The actor (cluster) that a token stands for, or -1. "Tens of thousands of protesters" are the protesters."""
        m = self.mention(token)
        if m is not None:
            return m.cluster
        if token.pos_ in {"NUM", "NOUN"} and (
            token.like_num
            or token.lemma_.lower()
            in {"number", "ten", "hundred", "thousand", "dozen", "score", "member", "group", "most", "many", "some"}
        ):
            for preposition, noun in syntax.obliques(token):
                if preposition == "of" and ((inner := self.mention(noun)) is None or inner.kind != ADJECTIVE):
                    return self.at(noun) if inner is None else inner.cluster
        return -1

    def headed(self, token: Token) -> int:
        """The actor whose mention a token heads, or -1; adjectives and possessives head none."""
        m = self._head.get(token.i)
        modifies = token.dep_ in {"nmod:poss", "compound", "amod"}
        return m.cluster if m is not None and m.kind != ADJECTIVE and not modifies else -1

    def type(self, cluster: int) -> str:
        """The actor type of a cluster, empty for none."""
        return str(self.clusters[cluster]["type"]) if cluster >= 0 else ""

    def is_named(self, cluster: int) -> bool:
        """Whether an actor has a proper name here."""
        return cluster in self._named

    def owner(self, cluster: int) -> int:
        """Whose body, member or officer an actor is ("Malian authorities": Mali), or -1."""
        return self._owner.get(cluster, -1)

    def same_side(self, a: int, b: int) -> bool:
        """Whether two actors are one, or one belongs to the other, or both to a third."""
        if a < 0 or b < 0:
            return False
        return not {a, *self._above(a)}.isdisjoint({b, *self._above(b)})

    def _above(self, cluster: int) -> list[int]:
        """Whom an actor belongs to, whom that one does, and so on."""
        found: list[int] = []
        while (cluster := self.owner(cluster)) >= 0 and cluster not in found:
            found.append(cluster)
        return found

    def is_place(self, token: Token) -> bool:
        """Whether a token heads the name of a place that is no actor here."""
        m = self.mention(token)
        return m is not None and m.cluster < 0 and m.kind != "pronoun"

    def is_capital(self, token: Token) -> bool:
        """Whether a token names a capital, which is a town where it is hit and a government where it acts."""
        m = self.mention(token)
        return m is not None and m.kind == METONYM

    def _possessor(self, m: Mention) -> int:
        """The token of whoever an officer is said to be of: "the army's spokesman"; or -1."""
        if m.type != ActorType.PERSON or m.plural:
            return -1
        return next((i for i in range(m.head - 2, m.start - 1, -1) if self.doc[i + 1].tag_ == "POS"), -1)

    def _owners(self) -> dict[int, int]:
        found: dict[int, int] = {}
        states = {c["entry"]: key for key, c in enumerate(self.clusters) if c["entry"]}
        for m in self.mentions:
            if m.owner in states and m.cluster >= 0:
                found.setdefault(m.cluster, states[m.owner])
            if m.cluster < 0 or m.cluster in found or m.kind not in {NAME, ROLE}:
                continue
            # "the ministry's spokesman" by the name inside, "their troops" by the pronoun.
            possessed = self.doc[m.start].tag_ == "PRP$" and self.type(m.cluster) in _OWNED
            at = m.office_of if m.office_of >= 0 else m.start if possessed else self._possessor(m)
            if at < 0 and m.kind == NAME and self.type(m.cluster) == ActorType.GOVERNMENT_BODY:
                at = m.start - (2 if self.doc[m.start - 1].tag_ == "POS" else 1)  # "Iran's Foreign Ministry"
            inner = self._inside.get(at) or self._head.get(at)
            owner = inner.cluster if inner is not None else -1
            if owner >= 0 and owner != m.cluster and (possessed or self.type(owner) != ActorType.PERSON):
                found[m.cluster] = owner
        # "Malian soldiers …, the defence ministry said": a body without a country is that of the body named before it.
        last = -1
        for m in self.mentions:
            if m.cluster < 0 or self.type(m.cluster) != ActorType.GOVERNMENT_BODY:
                continue
            if m.kind == ROLE and m.definite and m.office_of < 0 <= last:
                found.setdefault(m.cluster, last)
            last = found.get(m.cluster, last)
        return found
