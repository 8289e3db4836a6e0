"""Mediations: who mediates, brokers, hosts or co-chairs talks, between whom and in which conflict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spacy.language import Language

from kg.model import ActorType, MediationRole, StatementKind
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import NAME
from kg.nlp.pairs import actors_at, along_with, between, possessors
from kg.nlp.situations import Record, Voices, participant
from kg.nlp.who import Range, Who

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


class MediationFinder:
    """spaCy component: writes mediations to ``doc._.mediations``."""

    def __init__(self) -> None:
        words = lexicon.load("mediations")
        self._verbs = words.sections("verbs")
        self._talks = words["talks.nouns"]
        self._peace = words["talks.peace"]
        self._hosting = {MediationRole.HOSTS_TALKS: words["talks.hosts_talks"], MediationRole.BROKERS: words["talks.brokers"]}
        self._negotiating = words["talks.mediates"]
        self._observing = words["talks.observes"]
        self._nouns = words.sections("nouns")
        self._conflicts = words["conflict.nouns"]

    def __call__(self, doc: Doc) -> Doc:
        """Write the mediations in text order, each mediator, role and conflict once per asserter."""
        who, voices = Who(doc), Voices(doc)
        records: list[Record] = []
        seen: set[tuple[object, ...]] = set()
        for token in doc:
            for mediator, role, anchor, quote in self._at(token, who):
                by = voices.at(token)
                if mediator < 0 or voices.kind(by) == StatementKind.PLEDGE or (syntax.is_verb(token) and syntax.is_negated(token)):
                    continue
                parties = [p for p in self._parties(anchor, who) if p != mediator and not who.same_side(p, mediator)]
                conflict = self._conflict(token, anchor, who)
                key = (mediator, role, by, tuple(parties))
                if key in seen:
                    continue
                seen.add(key)
                records.append({"mediator": mediator, "role": str(role), "parties": parties, "conflict": conflict, "quote": quote, "asserted_by": by})
        doc._.mediations = records
        return doc

    def _at(self, token: Token, who: Who) -> Iterator[tuple[int, str, list[Token], Range]]:
        lemma = _lemma(token)
        if syntax.is_verb(token):
            objects = syntax.objects(token)
            role = next((r for r, verbs in self._verbs.items() if lemma in verbs), "") or self._role(token, lemma, objects)
            if role:
                for doer in self._doers(token):
                    for mediator in actors_at(who, doer):
                        yield mediator, role, [token, *objects, *_below(token)], self._quote(token, doer, objects)
                if role == MediationRole.CO_CHAIRS:
                    subject = syntax.subject(token)
                    for c in along_with(subject, token, who) if subject is not None else ():
                        yield c, role, [token, *objects], self._quote(token, subject or token, objects)
        elif token.pos_ in {"NOUN", "PROPN"}:
            for role, nouns in self._nouns.items():
                if lemma in nouns:
                    owners = list(possessors(token, who)) + [c for c in (who.at(x) for x in (token.head,) if token.dep_ in {"appos", "nmod:desc", "compound"}) if c >= 0]
                    owners += [c for s in syntax.own_subjects(token) for c in actors_at(who, s)]
                    for mediator in dict.fromkeys(owners):
                        yield mediator, role, [token], syntax.phrase_range(token)

    def _role(self, verb: Token, lemma: str, objects: list[Token]) -> str:
        held = objects or (syntax.passive_subjects(verb) if syntax.is_passive(verb) else [])
        if syntax.is_passive(verb):
            held = [*held, *(g for x in held for g in syntax.governors(x) if g.pos_ == "NOUN")]
        nouns = {o.lemma_.lower() for x in held for o in syntax.conjuncts(x)}
        if lemma in self._negotiating and nouns & self._peace and not syntax.is_passive(verb):
            return MediationRole.MEDIATES
        for role, verbs in self._hosting.items():
            if lemma in verbs and nouns & (self._talks | self._peace):
                modified = any(c.lemma_.lower() in self._peace for o in objects or syntax.passive_subjects(verb) for c in o.children)
                if lemma != "hold" or modified and verb.dep_ == "ROOT":
                    return role
        if lemma in self._observing and nouns & {"ceasefire", "truce", "cease-fire", "armistice"}:
            return MediationRole.OBSERVES
        return ""

    def _doers(self, verb: Token) -> list[Token]:
        if syntax.is_passive(verb):
            return [t for agent in syntax.agents(verb) for t in _named(agent)]
        subject = syntax.subject(verb)
        return [subject] if subject is not None else []

    def _parties(self, anchors: list[Token], who: Who) -> list[int]:
        for anchor in anchors:
            found = between(anchor, who)
            if found:
                return found
        return []

    def _conflict(self, trigger: Token, anchors: list[Token], who: Who) -> Record | None:
        """The conflict that the mediation is about: its phrase, or the place it is named for."""
        heads = [t for a in anchors for t in (a, *_below(a))]
        for head in heads:
            if _lemma(head) in self._conflicts:
                for child in head.children:
                    if child.i < head.i and (c := who.at(child)) >= 0:
                        return {"cluster": c}
                for preposition, inner in syntax.obliques(head):
                    if preposition in {"in", "over", "on"} and (who.at(inner) >= 0 or who.is_place(inner)):
                        return participant(who, inner)
                return self._disputed(who) or {"range": syntax.phrase_range(head)}
        return self._disputed(who)

    def _disputed(self, who: Who) -> Record | None:
        """The territory that an article names and that its conflict is therefore about, if it is the only one."""
        found = {m.cluster for m in who.mentions if m.kind == NAME and m.cluster >= 0 and who.type(m.cluster) == ActorType.TERRITORY}
        return {"cluster": found.pop()} if len(found) == 1 else None

    def _quote(self, verb: Token, doer: Token, objects: list[Token]) -> Range:
        tokens = [t for t in (verb, doer, *objects) if t.sent.start == verb.sent.start]
        start = min(syntax.phrase_range(t)[0] if t.i != verb.i else t.i for t in tokens)
        end = max(syntax.phrase_range(t)[1] if t.i != verb.i else t.i + 1 for t in tokens)
        return start, end


def _named(token: Token) -> list[Token]:
    """A noun and the names beside it: "rebel backer X and government supporters Y and Z"."""
    found = []
    for t in syntax.conjuncts(token):
        found += [t, *(c for c in t.children if c.dep_ in {"appos", "flat"} and c.pos_ == "PROPN")]
    return [x for t in found for x in syntax.conjuncts(t)]


def _lemma(token: Token) -> str:
    """The lemma; a word split at its hyphen ("co-chaired") whole."""
    doc, i = token.doc, token.i
    if i > 1 and doc[i - 1].text == "-" and doc[i - 2].lower_ in {"co"}:
        return f"co-{token.lemma_.lower()}"
    return str(token.lemma_.lower())


def _below(token: Token) -> list[Token]:
    return [n for _, n in syntax.obliques(token)]


@Language.factory("mediations", requires=["doc._.statements", "doc._.mentions"], assigns=["doc._.mediations"])
def make_mediation_finder(nlp: Language, name: str) -> MediationFinder:  # noqa: ARG001 - spaCy's signature
    """Component factory."""
    return MediationFinder()
