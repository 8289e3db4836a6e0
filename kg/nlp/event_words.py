"""The words of happenings: which verbs and nouns tell of one, and which nouns can do or suffer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.nlp import lexicon, syntax

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.lexicon import Lexicon

_MODIFIERS = frozenset({"compound", "amod", "nmod:desc", "nmod", "flat", "nmod:poss", "obl"})
_NO_PREDICATE = frozenset({"aux", "aux:pass", "auxpass", "cop", "amod", "compound", "flat"})


class EventWords:
    """The lexicon of happenings, asked by token."""

    def __init__(self) -> None:
        words, mentions = lexicon.load("happenings"), lexicon.load("mentions")
        self._plain = _by_lemma(words, "verbs")
        self._loose = _by_lemma(words, "loose")
        self._forces = _by_lemma(words, "forces")
        self._nouns = _by_lemma(words, "nouns")
        self._objects = words.sections("objects")
        self._particles = words.sections("particles")
        self._obliques = words.sections("obliques")
        self._only_behind = words.sections("only_behind")
        self._never_behind = words.sections("never_behind")
        self._suffered = words["suffered.nouns"]
        self._weapons = words["weapons.nouns"]
        self.light = words["light.verbs"]
        self.results = words["light.results"]
        self.possessing = words["light.possessing"]
        self.claims = words["light.claims"]
        self.unreal_verbs = words["unreal.verbs"]
        self.unreal_nouns = words["unreal.nouns"]
        self.unreal_adjectives = words["unreal.adjectives"]
        self.carried = words["unreal.carried"]
        self._people = mentions["people"] | mentions["person"] | mentions["armed"] | mentions["troops"]
        self._forces_nouns = mentions["armed"] | mentions["troops"] | words["concrete.vessels"]
        self._concrete = words["concrete.nouns"] | mentions["descriptions.places"] | self._people
        self._hollow = words["concrete.hollow"]
        self._partners = words["ignored.partners"]

    # Triggers

    def of(self, token: Token) -> str:
        """The type of happening that a token tells of, empty for none."""
        if syntax.is_verb(token):
            return self._of_verb(token)
        return self._of_noun(token) if token.pos_ in {"NOUN", "PROPN"} else ""

    def _of_verb(self, verb: Token) -> str:
        if verb.dep_ in _NO_PREDICATE:
            return ""
        lemma = verb.lemma_.lower()
        return self._by_phrase(verb, lemma) or self._plain.get(lemma) or self._loose.get(lemma) or self._forces.get(lemma) or ""

    def _by_phrase(self, verb: Token, lemma: str) -> str:
        """The type by particle ("pulled out"), preposition and noun ("took to the streets") or object ("took control")."""
        patients = syntax.passive_subjects(verb) if syntax.is_passive(verb) else syntax.objects(verb)
        held = {
            "particles": {c.lower_ for c in verb.children if c.dep_ in {"compound:prt", "prt", "advmod", "obl"} or c.tag_ == "RP"},
            "obliques": {f"{p} {n.lemma_.lower()}" for p, n in syntax.obliques(verb)},
            "objects": {name for x in patients for t in syntax.conjuncts(x) for name in _names(t)},
        }
        for kind, table in (("particles", self._particles), ("obliques", self._obliques), ("objects", self._objects)):
            for name, words in table.items():
                first, _, type_ = name.partition(".")
                if first == lemma and words & held[kind]:
                    return type_
        return ""

    def _of_noun(self, noun: Token) -> str:
        name = next((n for n in _names(noun) if n in self._nouns), "")
        if not name or (noun.dep_ in _MODIFIERS and noun.i < noun.head.i):
            return ""
        before = {c.lemma_.lower() for c in noun.children if c.i < noun.i}
        lemma = noun.lemma_.lower()
        if lemma in self._only_behind and name == lemma and not before & self._only_behind[lemma]:
            return ""
        return "" if before & self._never_behind.get(lemma, frozenset()) else self._nouns[name]

    def is_loose(self, verb: Token) -> bool:
        """Whether a verb has other senses than the happening's, so that both its ends must fit."""
        lemma = verb.lemma_.lower()
        return lemma in self._loose and not self._by_phrase(verb, lemma)

    def needs_forces(self, verb: Token) -> bool:
        """Whether a verb tells of a happening only where forces do it."""
        lemma = verb.lemma_.lower()
        return lemma in self._forces and not self._by_phrase(verb, lemma)

    # Participants

    def is_suffered(self, noun: Token) -> bool:
        """Whether a noun's "of" names who suffers it ("the shelling of …") rather than who does it ("a meeting of …")."""
        return noun.lemma_.lower() in self._suffered

    def is_weapon(self, token: Token) -> bool:
        """Whether a token names a weapon, or another thing that acts for its owner."""
        return any(name in self._weapons for name in _names(token))

    def is_forces(self, token: Token) -> bool:
        """Whether a token names armed people or their vessels."""
        return token.lemma_.lower() in self._forces_nouns

    def is_person(self, token: Token) -> bool:
        """Whether a token names a person or people."""
        return token.lemma_.lower() in self._people

    def is_concrete(self, token: Token) -> bool:
        """Whether a token names people, a place or a thing that can be attacked or taken."""
        return token.lemma_.lower() in self._concrete

    def is_hollow(self, token: Token) -> bool:
        """Whether a token is only the handle of what stands behind its "of": "control of the town"."""
        return token.lemma_.lower() in self._hollow

    def is_press(self, token: Token) -> bool:
        """Whether a token names the press, before which one speaks without consulting it."""
        return token.lemma_.lower() in self._partners


def _by_lemma(words: Lexicon, section: str) -> dict[str, str]:
    return {lemma: type_ for type_, lemmas in reversed(words.sections(section).items()) for lemma in lemmas}


def _names(token: Token) -> tuple[str, ...]:
    """A noun's lemma, before it the lemma with the word that it forms a compound with: "air strike", "strike"."""
    lemma = token.lemma_.lower()
    if token.i == 0 or token.doc[token.i - 1].head.i != token.i:
        return (lemma,)
    return f"{token.doc[token.i - 1].lower_} {lemma}", lemma
