"""Alliances: who backs, arms, trains, funds or fights alongside whom, or is allied with whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spacy.language import Language

from kg.model import SupportKind
from kg.nlp import lexicon, syntax
from kg.nlp.pairs import actors_at, hyphenated, identified, possessors
from kg.nlp.situations import Record, Voices
from kg.nlp.who import Range, Who

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


class AllianceFinder:
    """spaCy component: writes alliances to ``doc._.alliances``."""

    def __init__(self) -> None:
        words = lexicon.load("alliances")
        self._verbs = words.sections("verbs")
        self._participles = words.sections("participles")
        self._nouns = words.sections("nouns")
        self._support = words["support.nouns"]
        self._support_prepositions = words["support.prepositions"]
        self._giving = words["weapons.verbs"]
        self._given = {SupportKind.ARMS: words["weapons.nouns"], SupportKind.FUNDS: words["money.nouns"], SupportKind.TRAINS: words["training.nouns"]}
        self._phrases = words.records("phrases")

    def __call__(self, doc: Doc) -> Doc:
        """Write the alliances in text order, each pair and kind once per asserter."""
        who, voices = Who(doc), Voices(doc)
        records: list[Record] = []
        seen: set[tuple[int, int, str, int]] = set()
        for token in doc:
            for supporter, supported, kind, quote in self._at(token, who):
                by = voices.at(token) if syntax.is_verb(token) else -1  # "its ally" is taken for granted by whoever writes it
                key = (supporter, supported, str(kind), by)
                if supporter < 0 or supported < 0 or supporter == supported or key in seen or voices.is_unreal(by):
                    continue
                if {who.type(supporter), who.type(supported)} & {""} or self._negated(token):
                    continue
                seen.add(key)
                records.append({"supporter": supporter, "supported": supported, "kind": str(kind), "quote": quote, "asserted_by": by, "eventive": syntax.is_verb(token) and not hyphenated(token, who)})
        doc._.alliances = records
        return doc

    def _negated(self, token: Token) -> bool:
        return syntax.is_verb(token) and syntax.is_negated(token)

    def _at(self, token: Token, who: Who) -> Iterator[tuple[int, int, str, Range]]:
        lemma = token.lemma_.lower()
        if token.tag_ in {"VBN", "JJ", "VBD"} and (compound := hyphenated(token, who)):
            supporter, head, quote = compound
            for kind, participles in self._participles.items():
                if token.lower_ in participles:
                    for supported in actors_at(who, head)[:1]:
                        yield supporter, supported, kind, quote
            return
        if syntax.is_verb(token) and token.dep_ != "amod":
            yield from self._verb(token, lemma, who)
        elif token.pos_ in {"NOUN", "PROPN"} or who.mention(token) is not None:
            yield from self._noun(token, lemma, who)

    # Verbs

    def _verb(self, verb: Token, lemma: str, who: Who) -> Iterator[tuple[int, int, str, Range]]:
        for kind, verbs in self._verbs.items():
            if lemma in verbs:
                yield from ((a, b, kind, q) for a, b, q in self._arguments(verb, who))
        if lemma in self._giving:
            yield from self._gift(verb, who)
        for phrase in self._phrases:
            if lemma == phrase["verb"]:
                yield from self._phrase(verb, phrase["noun"], phrase["preposition"], phrase["kind"], who)

    def _arguments(self, verb: Token, who: Who) -> Iterator[tuple[int, int, Range]]:
        if syntax.is_passive(verb):
            subjects, objects = syntax.agents(verb), syntax.passive_subjects(verb)
        else:
            subject = syntax.subject(verb)
            subjects, objects = [subject] if subject is not None else [], syntax.objects(verb)
        for s in subjects:
            for o in objects:
                for a in actors_at(who, s):
                    for b in actors_at(who, o):
                        yield a, b, self._quote(verb, s, o)

    def _gift(self, verb: Token, who: Who) -> Iterator[tuple[int, int, str, Range]]:
        """ "provided it with drones", "sent weapons to the rebels", "gave them cash"."""
        giver = syntax.subject(verb)
        if giver is None:
            return
        things = [n for p, n in syntax.obliques(verb) if p == "with"] + syntax.objects(verb)
        takers = [n for p, n in syntax.obliques(verb) if p == "to"] + [c for c in verb.children if c.dep_ in syntax.INDIRECT_OBJECT] + syntax.objects(verb)
        for kind, nouns in self._given.items():
            thing = next((t for x in things for t in syntax.conjuncts(x) if t.lemma_.lower() in nouns), None)
            if thing is None:
                continue
            for taker in takers:
                for b in actors_at(who, taker):
                    for a in actors_at(who, giver):
                        yield a, b, kind, self._quote(verb, taker, thing)

    def _phrase(self, verb: Token, noun: str, preposition: str, kind: str, who: Who) -> Iterator[tuple[int, int, str, Range]]:
        subject = syntax.subject(verb)
        objects = syntax.objects(verb)
        if subject is None or (noun and not any(o.lemma_.lower() == noun for o in objects)):
            return
        for p, inner in [pair for head in (verb, *objects) for pair in syntax.obliques(head)]:
            if p == preposition:
                targets = actors_at(who, inner) or list(possessors(inner, who)) or [who.at(c) for c in inner.children if c.dep_ in {"compound", "amod"} and who.at(c) >= 0]
                for b in targets[:1]:
                    for a in actors_at(who, subject):
                        yield a, b, kind, self._quote(verb, subject, inner)

    # Nouns

    def _noun(self, noun: Token, lemma: str, who: Who) -> Iterator[tuple[int, int, str, Range]]:
        for kind, nouns in self._nouns.items():
            if lemma not in nouns:
                continue
            owners = list(dict.fromkeys(possessors(noun, who)))
            named = [c for c in (who.at(noun), *identified(noun, who)) if c >= 0 and c not in owners and who.is_named(c)]
            predicate = any(c.dep_ == "cop" for c in noun.children)
            for owner in owners if predicate else owners[:1]:
                for other in named:
                    quote = self._quote(noun, noun.doc[noun.left_edge.i], noun)
                    if kind == SupportKind.ALLIED and not predicate:
                        yield owner, other, kind, quote
                    else:
                        yield other, owner, kind, quote
        if lemma in self._support and noun.pos_ == "NOUN":
            owners = list(possessors(noun, who))
            for preposition, inner in syntax.obliques(noun):
                if preposition not in self._support_prepositions or not owners:
                    continue
                targets = actors_at(who, inner) or [c for _, n in syntax.obliques(inner) for c in actors_at(who, n)]
                for b in targets[:1]:
                    yield owners[0], b, SupportKind.BACKS, (noun.left_edge.i, inner.right_edge.i + 1)

    def _quote(self, trigger: Token, *others: Token) -> Range:
        tokens = [trigger, *(t for t in others if t.sent.start == trigger.sent.start)]
        start = min(min(t.i, syntax.phrase_range(t)[0]) if t.pos_ != "VERB" else t.i for t in tokens)
        end = max(max(t.i + 1, syntax.phrase_range(t)[1]) if t.pos_ != "VERB" else t.i + 1 for t in tokens)
        return start, end


@Language.factory("alliances", requires=["doc._.statements", "doc._.mentions"], assigns=["doc._.alliances"])
def make_alliance_finder(nlp: Language, name: str) -> AllianceFinder:  # noqa: ARG001 - spaCy's signature
    """Component factory."""
    return AllianceFinder()
