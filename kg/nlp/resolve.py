"""Who is who within one article: names to their short forms and acronyms, descriptions and pronouns to those they stand for.

Writes the cluster of every mention, and one dictionary per cluster to ``doc._.clusters``. In doubt a description stays an
actor of its own, and a pronoun stays unresolved.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import ActorType
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import ADJECTIVE, METONYM, NAME, PRONOUN, ROLE, Mention, read, register, write
from kg.nlp.names import PLACE

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_WINDOW: Final = 3
"""How many sentences back an antecedent may stand."""
_COLLECTIVE: Final = frozenset(
    {ActorType.STATE, ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY, ActorType.INTERNATIONAL_ORGANIZATION, ActorType.ORGANIZATION, ActorType.TERRITORY}
)
_PLACE_PREPOSITIONS: Final = frozenset({"in", "at", "near", "to", "from", "outside", "around", "into", "through", "across", "inside", "off", "toward", "towards", "via", "over", "throughout"})


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
    mentions: list[Mention] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    """Folded names and descriptions."""
    roles: set[str] = field(default_factory=set)
    """Words of its roles and titles: "president", "monitor"."""
    plural: bool = False
    last: int = -1


class Resolver:
    """spaCy component: gives every mention its cluster."""

    def __init__(self) -> None:
        words = lexicon.load("mentions")
        self._monitor = words["monitor"]
        self._group = words["group"]
        self._armed = words["armed"]
        self._troops = words["troops"]
        self._person = words["person"]
        self._country = words["country"]
        self._international = words["international"]
        self._organization = words["organization"] | words["monitor"] | words["group"]
        self._allies = words["allies"]

    def __call__(self, doc: Doc) -> Doc:
        """Write clusters: names first, in the whole article, then descriptions and pronouns in the order of the text."""
        mentions = read(doc)
        clusters: list[Cluster] = []
        names = [m for m in mentions if m.kind in {NAME, ADJECTIVE, METONYM} and not self._is_place(doc, m)]
        for m in sorted(names, key=lambda m: (-(m.end - m.start), m.start)):
            self._join(doc, m, self._named(doc, m, clusters), clusters)
        sentence = {t.i: n for n, s in enumerate(doc.sents) for t in s}
        for m in mentions:
            if m.kind == ROLE:
                self._join(doc, m, self._described(doc, m, clusters, sentence), clusters)
            elif m.kind == PRONOUN:
                cluster = self._pronoun(doc, m, mentions, clusters, sentence)
                if cluster is not None:
                    self._join(doc, m, cluster, clusters)
            if m.cluster >= 0:
                clusters[m.cluster].last = m.start
        write(doc, mentions)
        doc._.clusters = [{"key": c.key, "type": c.type, "entry": c.entry, "roles": sorted(c.roles), "plural": c.plural} for c in clusters]
        return doc

    def _is_place(self, doc: Doc, m: Mention) -> bool:
        if m.type == PLACE or not m.type:
            return True
        if m.kind == METONYM:
            token = doc[m.head]
            return token.dep_ not in syntax.SUBJECT and token.dep_ not in {"nmod:poss", "poss", "obj", "dobj", "obl:agent"} and (
                syntax.preposition(token) in _PLACE_PREPOSITIONS or token.dep_ in {"appos", "compound", "ROOT", "dep", "nmod:unmarked", "flat", "list"}
            )
        return False

    def _join(self, doc: Doc, m: Mention, cluster: Cluster | None, clusters: list[Cluster]) -> None:
        if cluster is None:
            cluster = Cluster(len(clusters), m.type, m.entry, plural=m.plural)
            clusters.append(cluster)
        m.cluster = cluster.key
        cluster.mentions.append(m)
        if m.kind != PRONOUN:
            cluster.forms.add(fold(m.text(doc)))
            cluster.roles.update(w.lower() for w in m.office.split())
            if m.role:
                cluster.roles.add(m.role)
            if m.kind == NAME:
                cluster.roles.update(fold(m.text(doc)).split())

    # Names

    def _named(self, doc: Doc, m: Mention, clusters: list[Cluster]) -> Cluster | None:
        if m.entry:
            return next((c for c in clusters if c.entry == m.entry), None)
        form = fold(m.text(doc))
        words = form.split()
        for c in clusters:
            if c.entry and m.kind == ADJECTIVE:
                continue
            if form in c.forms:
                return c
        for c in clusters:
            if m.type == c.type == ActorType.PERSON and any(words[-1:] == f.split()[-1:] or (len(words) == 1 and words[0] in f.split()) for f in c.forms):
                return c
        if m.type == ActorType.PERSON or not words:
            return None
        for c in clusters:
            if c.type in {ActorType.PERSON, ActorType.STATE, ActorType.PEOPLE}:
                continue
            if any(_is_acronym(m.text(doc), f) or (len(form) > 3 and _is_part(words, f.split())) for f in c.forms):
                return c
        return None

    # Descriptions

    def _described(self, doc: Doc, m: Mention, clusters: list[Cluster], sentence: dict[int, int]) -> Cluster | None:
        head = doc[m.head]
        if m.office_of >= 0:
            owner = next((c for c in clusters for x in c.mentions if x.kind != PRONOUN and x.start <= m.office_of < x.end and x is not m), None)
            if owner is not None and owner.type in {ActorType.ARMED_GROUP, ActorType.ORGANIZATION, ActorType.INTERNATIONAL_ORGANIZATION} and m.office_of < m.head:
                if m.role in self._armed | self._troops | self._group | self._organization | self._international and m.type != ActorType.PERSON:
                    return owner
        apposed = self._apposed(doc, m, clusters)
        if apposed is not None:
            return apposed
        if m.role in self._allies:
            return self._ally(doc, m, clusters)
        form = fold(m.text(doc))
        for c in clusters:
            if form in c.forms and (m.definite or m.plural or m.office_of >= 0) and self._may_stand_for(m, c):
                return c
        if not m.definite or m.office_of >= 0 and m.type != ActorType.PERSON:
            return None
        at = sentence[m.head]
        near = sorted((c for c in clusters if 0 <= c.last < m.start and self._may_stand_for(m, c)), key=lambda c: -c.last)
        words = set(form.split())
        same = [c for c in near if m.role in c.roles or head.lemma_.lower() in c.roles or head.lower_ in c.roles]
        if m.office_of >= 0:
            return next((c for c in same if words & c.roles), None)
        qualified = words - {m.role, head.lower_, "the"}
        for c in same:
            if not qualified or qualified & (c.roles | {w for f in c.forms for w in f.split()}) or len(words) == 1:
                return c
        if m.role in self._monitor or m.role in self._group or m.role in self._international:
            return next((c for c in near if at - sentence[c.last] <= _WINDOW), None)
        if m.role in self._armed and m.plural:
            return next((c for c in near if c.type == ActorType.ARMED_GROUP and at - sentence[c.last] <= _WINDOW and not qualified), None)
        return None

    def _ally(self, doc: Doc, m: Mention, clusters: list[Cluster]) -> Cluster | None:
        """ "its longtime ally": the one other state or group that the sentence named before, beside whose ally it is."""
        if m.plural or doc[m.start].tag_ != "PRP$" and not any(t.tag_ == "PRP$" for t in doc[max(0, m.start - 1) : m.head]):
            return None
        sent = doc[m.head].sent
        subject = syntax.subject(syntax.clause_head(doc[m.head]))
        earlier = [c for c in clusters if c.type in {ActorType.STATE, ActorType.ARMED_GROUP, ActorType.TERRITORY} for x in c.mentions if sent.start <= x.start < m.start and x.kind == NAME and (subject is None or not x.start <= subject.i < x.end)]
        keys = {c.key for c in earlier}
        return earlier[-1] if len(keys) == 1 else None

    def _apposed(self, doc: Doc, m: Mention, clusters: list[Cluster]) -> Cluster | None:
        """ "the spokesperson for the ministry, Jane Roe"; "State news agency SANA"; "Jane Roe, head of the agency"."""
        nxt = m.end
        if nxt < len(doc) and doc[nxt].text in {",", "("}:
            nxt += 1
        for c in clusters:
            for x in c.mentions:
                if x.kind != NAME or not self._may_stand_for(m, c):
                    continue
                if x.wide_start == nxt and (nxt == m.end or doc[x.head].head.i == m.head or doc[m.head].head.i == x.head or (x.end < len(doc) and doc[x.end].text in {",", ")"})):
                    return c
                gap = doc[x.end : m.start]
                if 0 <= len(gap) <= 3 and x.end <= m.start and doc[m.head].sent.start == doc[x.head].sent.start and all(t.text in {",", "the", "a", "an"} or t.tag_ == "PRP$" for t in gap) and (gap[0].text == "," if len(gap) else m.type == ActorType.PERSON):
                    if m.type == ActorType.PERSON or doc[m.head].dep_ == "appos":
                        return c
        return None

    def _may_stand_for(self, m: Mention, c: Cluster) -> bool:
        if m.type == ActorType.PERSON:
            return c.type == ActorType.PERSON and not c.plural
        if m.role in self._monitor:
            return c.type == ActorType.ORGANIZATION and bool(c.roles & {"observatory", "monitor", "watchdog", "watch", "monitoring", *self._monitor})
        if m.role in self._armed:
            return c.type == ActorType.ARMED_GROUP
        if m.role in self._international:
            return c.type == ActorType.INTERNATIONAL_ORGANIZATION
        if m.role in self._group:
            return c.type in {ActorType.ARMED_GROUP, ActorType.ORGANIZATION, ActorType.INTERNATIONAL_ORGANIZATION} and (m.type != ActorType.ARMED_GROUP or c.type == ActorType.ARMED_GROUP)
        return c.type == m.type

    # Pronouns

    def _pronoun(self, doc: Doc, m: Mention, mentions: list[Mention], clusters: list[Cluster], sentence: dict[int, int]) -> Cluster | None:
        token = doc[m.head]
        if m.type == "speaker":
            return None
        fits = self._fits(m)
        own_subject = syntax.subject(syntax.clause_head(token))
        forbidden = {x.cluster for x in mentions if own_subject is not None and x.head == own_subject.i} if token.dep_ in syntax.OBJECT | syntax.INDIRECT_OBJECT else set()
        if token.tag_ == "PRP$":
            for governor in _verbs_above(token):
                found = syntax.subject(governor)
                if found is not None and found.i < token.i:
                    c = _cluster_at(found, mentions, clusters)
                    if c is not None and fits(c):
                        return c
        best: tuple[float, Cluster] | None = None
        for x in mentions:
            if x.start >= m.start or x.cluster < 0 or x.cluster in forbidden or not fits(clusters[x.cluster]) or x.kind == ADJECTIVE:
                continue
            distance = sentence[m.head] - sentence[x.head]
            if distance > _WINDOW:
                continue
            head = doc[x.head]
            score = -3.0 * distance + (m.start - x.start) * -0.01
            if head.dep_ in syntax.SUBJECT | syntax.PASSIVE_SUBJECT and token.dep_ not in syntax.OBJECT:
                score += 2.5 if distance else 2.0
                score += 1.0 if syntax.clause_head(head).dep_ == "ROOT" else 0.0
            if head.dep_ in {"nmod:poss", "poss", "compound", "amod"}:
                score -= 1.0
            if syntax.preposition(head) in _PLACE_PREPOSITIONS:
                score -= 1.5
            if best is None or score > best[0]:
                best = (score, clusters[x.cluster])
        return best[1] if best else None

    def _fits(self, m: Mention) -> Callable[[Cluster], bool]:
        if m.type == "person":
            return lambda c: c.type == ActorType.PERSON and not c.plural
        if m.type == "plural":
            return lambda c: c.plural or c.type in {ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY, ActorType.PEOPLE, ActorType.STATE}
        return lambda c: not c.plural and c.type in _COLLECTIVE


def _verbs_above(token: Token) -> Iterator[Token]:
    return (g for g in syntax.governors(token) if syntax.is_verb(g) or g.dep_ == "ROOT")


def _cluster_at(token: Token, mentions: list[Mention], clusters: list[Cluster]) -> Cluster | None:
    for x in mentions:
        if x.start <= token.i < x.end and x.cluster >= 0 and x.kind != ADJECTIVE and (x.head == token.i or x.kind == NAME):
            return clusters[x.cluster]
    return None


def _is_acronym(short: str, folded: str) -> bool:
    letters = short.replace(".", "")
    words = [w for w in folded.split() if w not in {"of", "and", "the", "for", "in", "on"}]
    return letters.isupper() and len(letters) > 1 and (len(words) == len(letters) and all(w[0] == c for w, c in zip(words, letters.lower(), strict=True)))


def _is_part(short: list[str], long: list[str]) -> bool:
    """Whether a name is a shorter way to write another: its last words, or the first of at least two."""
    n = len(short)
    return n < len(long) and (long[-n:] == short or (long[0] not in {"the"} and n >= 2 and long[:n] == short) or (n == 1 and short[0] in long[1:]))


@Language.factory("actor_resolver", requires=["doc._.mentions", "token.dep"], assigns=["doc._.mentions", "doc._.clusters"])
def make_resolver(nlp: Language, name: str) -> Resolver:  # noqa: ARG001 - spaCy's signature
    """Component factory."""
    return Resolver()


register("clusters", [])
