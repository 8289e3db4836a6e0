"""Mediations: who mediates, brokers, hosts or co-chairs talks, between whom and in which conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

from kg.model import ActorType, MediationRole, StatementKind
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import NAME
from kg.nlp.pairs import along_with, between, hyphenated, is_hypothetical, quote
from kg.nlp.parties import actors_at, possessors, unique
from kg.nlp.situations import Record, Voices, participant
from kg.nlp.who import Range, Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token


Found = tuple[int, str, "list[Token]", Range]


class MediationFinder:
    """spaCy component: writes mediations to ``doc._.mediations``."""

    def __init__(self) -> None:
        words = lexicon.load("mediations")
        self._verbs = words.sections("verbs")
        self._talks = words["talks.nouns"]
        self._peace = words["talks.peace"]
        self._hosting = {
            MediationRole.HOSTS_TALKS: words["talks.hosts_talks"],
            MediationRole.BROKERS: words["talks.brokers"],
        }
        self._negotiating = words["talks.mediates"]
        self._observing = words["talks.observes"]
        self._observed = words["talks.observed"]
        self._agreeing = words["talks.agreeing"]
        self._nouns = words.sections("nouns")
        self._acting = words["acting.verbs"]
        self._participles = words.sections("participles")
        self._trying = words["acting.trying"]
        self._conflicts = words["conflict.nouns"]
        self._telling = self._negotiating.union(
            self._observing, self._acting, *self._hosting.values(), *self._verbs.values()
        )

    def __call__(self, doc: Doc) -> Doc:
        """Write the mediations in text order, each mediator, role and parties once per asserter."""
        who, voices = Who(doc), Voices(doc)
        records: list[Record] = []
        seen: set[tuple[object, ...]] = set()
        disputed = _disputed(who)
        for token in doc:
            for mediator, role, anchors, words in self._at(token, who):
                by = voices.at(token)
                if mediator < 0 or voices.kind(by) in {StatementKind.PLEDGE, StatementKind.DENIAL}:
                    continue
                parties = [p for p in self._parties(anchors, who) if p != mediator and not who.same_side(p, mediator)]
                key = (mediator, role, by, tuple(parties))
                if key in seen:
                    continue
                seen.add(key)
                records.append(
                    {
                        "mediator": mediator,
                        "role": str(role),
                        "parties": parties,
                        "conflict": self._conflict(anchors, disputed, who),
                        "quote": words,
                        "asserted_by": by,
                    }
                )
        doc._.mediations = records
        return doc

    def _at(self, token: Token, who: Who) -> Iterator[Found]:
        if token.tag_ in {"VBN", "VBD", "JJ"} and (compound := hyphenated(token, who)) is not None:
            yield from self._compound(token, compound)
        elif syntax.is_verb(token):
            found = list(self._verb(token, who))
            if found and not syntax.is_negated(token) and not self._is_unreal(token):
                yield from found
        elif token.pos_ in {"NOUN", "PROPN"}:
            yield from self._noun(token, who)

    def _compound(self, participle: Token, compound: tuple[int, Token, Range]) -> Iterator[Found]:
        """ "X-brokered talks between Y and Z"."""
        mediator, head, words = compound
        if head.lemma_.lower() in self._talks | self._peace | self._observed:
            for role, participles in self._participles.items():
                if participle.lower_ in participles:
                    yield mediator, role, [head], words

    # Verbs

    def _is_unreal(self, verb: Token) -> bool:
        """Whether a clause only asks for mediation or plans it; who "tries to mediate" does mediate."""
        return is_hypothetical(verb) and verb.head.lemma_.lower() not in self._trying

    def _verb(self, verb: Token, who: Who) -> Iterator[Found]:
        lemma = _lemma(verb)
        if lemma not in self._telling:
            return
        objects = syntax.objects(verb)
        held = objects or (syntax.passive_subjects(verb) if syntax.is_passive(verb) else [])
        role = next((r for r, verbs in self._verbs.items() if lemma in verbs), "") or self._role(verb, lemma, held)
        anchors = [verb, *held, *_below(verb), *(n for h in held for n in _below(h))]
        if role:
            for doer in self._doers(verb):
                for mediator in actors_at(who, doer):
                    yield mediator, role, anchors, quote(verb, doer, *objects)
        if role == MediationRole.CO_CHAIRS and (subject := syntax.subject(verb)) is not None:
            for c in along_with(subject, verb, who):
                yield c, role, anchors, quote(verb, subject, *objects)
        if lemma in self._acting:
            yield from self._acting_as(verb, who)

    def _role(self, verb: Token, lemma: str, held: list[Token]) -> str:
        """The role of who does something with talks or a truce, or an empty string."""
        passive = syntax.is_passive(verb)
        if passive:
            held = [*held, *(g for x in held for g in syntax.governors(x) if g.pos_ == "NOUN")]
        nouns = {o.lemma_.lower() for x in held for o in syntax.conjuncts(x)}
        if lemma in self._negotiating and nouns & self._peace and not passive:
            return MediationRole.MEDIATES
        for role, verbs in self._hosting.items():
            if lemma in verbs and nouns & (self._talks | self._peace):
                of_peace = any(c.lemma_.lower() in self._peace for o in held for c in o.children)
                if lemma != "hold" or (of_peace and verb.dep_ == "ROOT"):
                    return role
        return MediationRole.OBSERVES if lemma in self._observing and nouns & self._observed else ""

    def _doers(self, verb: Token) -> list[Token]:
        if syntax.is_passive(verb):
            return syntax.agents(verb)
        subject = syntax.subject(verb)
        return [subject] if subject is not None else []

    def _acting_as(self, verb: Token, who: Who) -> Iterator[Found]:
        """ "X has acted as a mediator between Y and Z"."""
        subject = syntax.subject(verb)
        for preposition, noun in syntax.obliques(verb):
            for role, nouns in self._nouns.items():
                if preposition == "as" and _lemma(noun) in nouns and subject is not None:
                    for mediator in actors_at(who, subject):
                        yield mediator, role, [noun], quote(verb, subject, noun)

    # Nouns

    def _noun(self, noun: Token, who: Who) -> Iterator[Found]:
        """ "X, the mediator between Y and Z", "X's mediation"."""
        lemma = _lemma(noun)
        for role, nouns in self._nouns.items():
            if lemma in nouns:
                owners = [who.at(noun.head)] if noun.dep_ in {"appos", "nmod:desc", "compound"} else []
                owners += [c for s in syntax.own_subjects(noun) for c in actors_at(who, s)]
                for mediator in unique([*possessors(noun, who), *owners]):
                    yield mediator, role, [noun], quote(noun)

    # What it is about

    def _parties(self, anchors: list[Token], who: Who) -> list[int]:
        """Between whom: the ends of "between", or those who sign the truce."""
        for anchor in anchors:
            if found := between(anchor, who):
                return found
        for anchor in anchors:
            if _lemma(anchor) in self._peace | self._observed and anchor.head.lemma_.lower() in self._agreeing:
                subject = syntax.subject(anchor.head)
                found = actors_at(who, subject) if subject is not None else []
                if len(found) > 1:
                    return found
        return []

    def _conflict(self, anchors: list[Token], disputed: Record | None, who: Who) -> Record | None:
        """The conflict that the mediation is about: its phrase, or the place it is named for."""
        for head in [t for a in anchors for t in (a, *_below(a))]:
            if _lemma(head) not in self._conflicts:
                continue
            for child in head.children:
                if child.i < head.i and (c := who.at(child)) >= 0:
                    return {"cluster": c}
            for preposition, inner in syntax.obliques(head):
                if preposition in {"in", "over", "on"} and (who.at(inner) >= 0 or who.is_place(inner)):
                    return participant(who, inner)
            return disputed or {"range": syntax.phrase_range(head)}
        return disputed


def _disputed(who: Who) -> Record | None:
    """The territory that an article names and that its conflict is therefore about, if it is the only one."""
    named = {m.cluster for m in who.mentions if m.kind == NAME and m.cluster >= 0}
    found = {c for c in named if who.type(c) == ActorType.TERRITORY}
    return {"cluster": found.pop()} if len(found) == 1 else None


def _lemma(token: Token) -> str:
    """The lemma; a word split at its hyphen ("co-chaired") whole."""
    doc, i = token.doc, token.i
    if i > 1 and doc[i - 1].text == "-" and doc[i - 2].lower_ == "co":
        return f"co-{token.lemma_.lower()}"
    return str(token.lemma_.lower())


def _below(token: Token) -> list[Token]:
    return [n for _, n in syntax.obliques(token)]


@Language.factory("mediations", requires=["doc._.statements", "doc._.mentions"], assigns=["doc._.mediations"])
def make_mediation_finder(nlp: Language, name: str) -> MediationFinder:
    """Component factory."""
    return MediationFinder()
