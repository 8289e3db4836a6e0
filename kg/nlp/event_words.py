"""The words of happenings: which verbs and nouns tell of one, and which nouns can do or suffer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.lexicon import Lexicon

_MODIFIERS: Final = frozenset({"compound", "amod", "nmod:desc", "flat", "nmod:poss"})
_NO_PREDICATE: Final = frozenset({"aux", "aux:pass", "cop", "amod", "compound", "flat"})
_NOMINAL: Final = frozenset({"nsubj", "nsubj:pass", "obj", "obl", "nmod", "obl:agent"})
_DETERMINING: Final = frozenset({"det", "amod", "compound", "case", "nmod:poss", "nummod"})
_PARTICLES: Final = frozenset({"compound:prt", "advmod", "obl"})


class EventWords:
    """The lexicon of happenings, asked by token."""

    def __init__(self) -> None:
        words, mentions = lexicon.load("events"), lexicon.load("mentions")
        self._plain = _by_lemma(words, "verbs")
        self._loose = _by_lemma(words, "loose")
        self._forces = _by_lemma(words, "forces")
        self._crowds = _by_lemma(words, "crowds")
        self._nouns = _by_lemma(words, "nouns")
        self._noun_words = frozenset(noun.split()[-1] for noun in self._nouns)
        self._objects = words.sections("objects")
        self._particles = words.sections("particles")
        self._obliques = words.sections("obliques")
        self._phrased = {
            name.partition(".")[0] for table in (self._particles, self._obliques, self._objects) for name in table
        }
        self._only_behind = words.sections("only_behind")
        self._never_behind = words.sections("never_behind")
        self._suffered = words["suffered.nouns"]
        self._weapons = words["weapons.nouns"]
        self._mass = words["mass.nouns"]
        self._accidents = words["ignored.accidents"]
        self.responsibility = words["light.responsibility"]
        self.topical = words["light.topical"]
        self.bodily = words["light.bodily"]
        self.threats = words["light.threats"]
        self._harms = frozenset().union(*lexicon.load("casualties").sections("nouns").values())
        self.trips = words["light.trips"]
        self.mutual = words["light.mutual"]
        self.suffering = words["light.suffering"]
        self.blaming = words["light.blaming"]
        self.undergone = words["light.undergone"]
        self.crowds = words["light.crowds"]
        self.operations = words["light.operations"]
        self._bursting = words["light.bursting"]
        self.victims = words["light.victims"]
        self._verbal = words["verbal.nouns"]
        self.wielding = words["light.wielding"]
        self.light = words["light.verbs"]
        self.results = words["light.results"]
        self.possessing = words["light.possessing"]
        self.claims = words["light.claims"]
        self.unreal_verbs = words["unreal.verbs"]
        self.unreal_nouns = words["unreal.nouns"]
        self.unreal_adjectives = words["unreal.adjectives"]
        self.two_sided = words["verbal.two_sided"]
        self.minded = words["unreal.minded"]
        self.carried = words["unreal.carried"]
        self._people = (
            mentions["people"] | mentions["person"] | mentions["armed"] | mentions["troops"] | words["concrete.people"]
        )
        self._people |= lexicon.load("casualties")["victims.nouns"] - words["concrete.no_people"]
        self._forces_nouns = (
            words["concrete.forces"] | mentions["armed"] | mentions["troops"] | words["concrete.vessels"]
        )
        self._concrete = words["concrete.nouns"] | mentions["descriptions.places"] | self._people
        self.hollow = words["concrete.hollow"]
        self._partners = words["ignored.partners"]

    # Triggers

    def of(self, token: Token) -> str:
        """The type of happening that a token tells of, empty for none."""
        if self.is_verb(token):
            return self._of_verb(token)
        return self._of_noun(token) if syntax.is_verb(token) or token.pos_ in {"NOUN", "PROPN"} else ""

    def is_deed(self, noun: Token) -> bool:
        """Whether a noun may tell of a happening, if somebody does it: "Israeli fire"."""
        return noun.pos_ == "NOUN" and not self._noun_words.isdisjoint(_forms(noun))

    def is_verb(self, token: Token) -> bool:
        """Whether a token is a verb, and no noun of a happening that the tagger took for one: "shelling killed …"."""
        if not syntax.is_verb(token):
            return False
        if not any(name in self._nouns for name in (token.lower_, token.lemma_.lower())):
            return True
        children = {c.dep_ for c in token.children if c.i < token.i}
        if children & {"aux", "aux:pass", "mark"} or (children & syntax.SUBJECT and token.tag_ in {"VBD", "VBN"}):
            return True
        bare = token.tag_ == "VBG" and not children & syntax.SUBJECT and not syntax.objects(token)
        return not (
            token.dep_ in _NOMINAL or children & _DETERMINING or (bare and token.dep_ not in {"advcl", "acl", "conj"})
        )

    def _of_verb(self, verb: Token) -> str:
        if verb.dep_ in _NO_PREDICATE:
            return ""
        lemma = self._lemma(verb)
        return (
            self._by_phrase(verb, lemma)
            or self._plain.get(lemma)
            or self._loose.get(lemma)
            or self._forces.get(lemma)
            or self._crowds.get(lemma)
            or ""
        )

    def _lemma(self, verb: Token) -> str:
        """A verb's lemma; its stem where the lemmatizer does not know the verb and left its ending on."""
        lemma = verb.lemma_.lower()
        if lemma == verb.lower_ and verb.tag_ in {"VBD", "VBN", "VBG"}:
            stem = lemma.removesuffix("ing").removesuffix("ed")
            return next(
                (x for x in (stem, stem + "e") if any(x in t for t in (self._plain, self._loose, self._forces))), lemma
            )
        return lemma

    def _by_phrase(self, verb: Token, lemma: str) -> str:
        """The type by particle ("pulled out"), phrase ("took to the streets") or object ("took control")."""
        if lemma not in self._phrased:
            return ""
        patients = syntax.passive_subjects(verb) if syntax.is_passive(verb) else syntax.objects(verb)
        held = {
            "particles": {
                c.lower_
                for c in (*verb.children, *verb.doc[verb.i + 1 : verb.i + 2])
                if c.tag_ in {"RP", "IN"} or c.dep_ in _PARTICLES
            },
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
        if self._noun_words.isdisjoint(_forms(noun)):
            return ""
        name = next((n for n in _names(noun) if n in self._nouns), "")
        if not name or (noun.dep_ in _MODIFIERS and noun.i < noun.head.i and syntax.is_nominal(noun.head)):
            return ""
        before = {c.lemma_.lower() for c in noun.children if c.i < noun.i}
        if self.is_undergone(noun):
            return self._nouns[name]
        if syntax.preposition(noun) == "of":  # "an exchange of fire"
            before.add(noun.head.lemma_.lower())
        lemma = name if noun.tag_ == "VBG" else noun.lemma_.lower()
        if noun.tag_ == "NN" and not noun.lower_.endswith("ing") and lemma not in self._mass and self._is_bare(noun):
            return ""
        if lemma in self._only_behind and name == lemma and not before & self._only_behind[lemma]:
            return ""
        return "" if before & self._never_behind.get(lemma, frozenset()) else self._nouns[name]

    def _is_bare(self, noun: Token) -> bool:
        """Whether a noun has nothing before it but a preposition: "a note of protest", "under siege"."""
        before = noun.i - 1
        free = noun.dep_ in syntax.SUBJECT or noun.head.lemma_.lower() in self.light
        return before >= noun.sent.start and noun.doc[before].tag_ in {"IN", "TO"} and not free

    def is_undergone(self, noun: Token) -> bool:
        """Whether a noun is what its clause's subject suffers: "came under heavy fire"."""
        return syntax.preposition(noun) == "under" and noun.head.lemma_.lower() in self.suffering

    def is_bursting(self, verb: Token) -> bool:
        """Whether a verb says what a bomb does by itself: "a car bomb exploded"."""
        return self._lemma(verb) in self._bursting

    def is_loose(self, verb: Token) -> bool:
        """Whether a verb has other senses than the happening's, so that both its ends must fit."""
        lemma = self._lemma(verb)
        return lemma in self._loose and not self._by_phrase(verb, lemma)

    def is_whole(self, verb: Token) -> bool:
        """Whether verb and object tell of a happening though no end is named: "a curfew was imposed"."""
        return self._by_phrase(verb, self._lemma(verb)) in {"COERCE", "SANCTION", "CONCEDE"}

    def needs_forces(self, verb: Token) -> bool:
        """Whether a verb tells of a happening only where forces do it."""
        lemma = self._lemma(verb)
        return lemma in self._forces and not self._by_phrase(verb, lemma)

    def is_phrased(self, verb: Token) -> bool:
        """Whether a verb tells of its happening by its object or another word beside it: "chanted slogans"."""
        return bool(self._by_phrase(verb, self._lemma(verb)))

    def needs_crowd(self, verb: Token) -> bool:
        """Whether a verb tells of a happening only where a crowd does it."""
        lemma = self._lemma(verb)
        return lemma in self._crowds and not self._by_phrase(verb, lemma)

    # Participants

    def is_suffered(self, noun: Token) -> bool:
        """Whether a noun's "of" names who suffers it ("the shelling of X"), not who does it ("a meeting of X")."""
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
        return token.lemma_.lower() in self.hollow

    def is_harm(self, noun: Token) -> bool:
        """Whether a noun names what happened to victims: "the death of 31 civilians"."""
        return noun.pos_ == "NOUN" and noun.lemma_.lower() in self._harms

    def is_verbal(self, noun: Token) -> bool:
        """Whether a noun, done by a person, may be no more than words: "his attacks on the press"."""
        return noun.lemma_.lower() in self._verbal

    def is_accident(self, token: Token) -> bool:
        """Whether a token names what kills without anybody's doing: "an earthquake"."""
        return token.lemma_.lower() in self._accidents

    def is_press(self, token: Token) -> bool:
        """Whether a token names the press, before which one speaks without consulting it."""
        return token.lemma_.lower() in self._partners


def _by_lemma(words: Lexicon, section: str) -> dict[str, str]:
    return {lemma: type_ for type_, lemmas in reversed(words.sections(section).items()) for lemma in lemmas}


def _forms(token: Token) -> tuple[str, ...]:
    """What a noun may be called: its lemma, its form, and without a capital's plural."""
    names: tuple[str, ...] = (token.lemma_.lower(), token.lower_)
    if token.tag_ == "VBG":  # a noun for all that: "fighting raged"
        names = names[::-1]
    if token.tag_ in {"NNP", "NNPS"}:  # a capital hides the plural from the lemmatizer
        names += (token.lower_.removesuffix("s"), token.lower_.removesuffix("es"))
    return names


def _names(token: Token) -> tuple[str, ...]:
    """A noun's forms, before them those with the word that it forms a compound with: "air strike", "strike"."""
    names = _forms(token)
    if token.i == 0 or token.doc[token.i - 1].head.i != token.i:
        return names
    before = token.doc[token.i - 1].lower_
    return (*(f"{before} {name}" for name in names), *names)
