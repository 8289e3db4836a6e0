"""The words of harm, and the grammar of one: who suffers a verb, where it ends, whether it happened at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_ADJUNCT: Final = frozenset(
    {
        *("in", "by", "on", "when", "during", "after", "since", "near", "at", "over", "across", "as", "while", "but"),
        *("from", "outside", "and", "or", "inside", "around", "along", "following", "within", "before", "this", "last"),
        *("overnight", "yesterday", "today", "with"),
    }
)
_AMOUNTS: Final = frozenset({"over", "around", "as", "near", "within", "from"})
"""Before a number these bound it, or lead to no place or time."""
_FROM: Final = 14
"""How many tokens behind a verb may say from where."""


class HarmWords:
    """The lexicon ``casualties.toml``, asked about tokens."""

    def __init__(self) -> None:
        words = lexicon.load("casualties")
        self._verbs = words.sections("verbs")
        self._with_object = words.sections("with_object")
        self._from_where = words.sections("from_where")
        self._states = words.sections("states")
        self._nouns = words.sections("nouns")
        self._planning = words["grammar.planning"]
        self._possible = words["grammar.possible"]
        self._tolls = words["toll.nouns"]
        self._toll_kinds = words["toll.kinds"]
        self.intransitive = words["grammar.intransitive"]
        self.persons_only = words["grammar.persons_only"]
        self.forcing = words["grammar.forcing"]
        self.taking = words["taking.verbs"]
        self.taken = words["taking.captured"]
        self.lives = words["remains.lives"]
        self.bodies = words["remains.bodies"]
        self.finding = words["remains.finding"]
        self.counts = words["toll.counts"]
        self.parts = words["victims.parts"]
        self.same = words["victims.same"]
        self.toll_verbs = words["toll.verbs"]

    def of_verb(self, verb: Token) -> str:
        """The harm that a verb does, or an empty string."""
        lemma = verb.lemma_.lower()
        objects = {o.lemma_.lower() for o in syntax.objects(verb)}
        if lemma in self.taking and (objects | {c.lemma_.lower() for c in verb.children if c.i > verb.i}) & self.taken:
            return "captured"
        # "lost 10 of its soldiers"
        objects |= {n.lemma_.lower() for o in syntax.objects(verb) for p, n in syntax.obliques(o) if p == "of"}
        if lemma in self._with_object and not objects & self._with_object[lemma]:
            return ""
        if lemma in self._from_where and not self._leads_from(verb, self._from_where[lemma]):
            return ""
        return _section(self._verbs, lemma)

    def _leads_from(self, verb: Token, places: frozenset[str]) -> bool:
        """Whether a verb moves somebody out of one of the places: "forced thousands of people from their homes"."""
        behind = verb.doc[verb.i + 1 : min(verb.sent.end, verb.i + _FROM)]
        return any(t.lemma_.lower() in places and syntax.preposition(t) in {"from", "out", "of"} for t in behind)

    def of_state(self, token: Token) -> str:
        """The harm that an adjective names ("dead"), or an empty string."""
        return _section(self._states, token.lower_)

    def of_noun(self, token: Token) -> str:
        """The harm that a noun names ("death"), or an empty string."""
        return _section(self._nouns, token.lemma_.lower())

    def is_toll(self, token: Token) -> bool:
        """Whether a noun is a toll."""
        return token.lemma_.lower() in self._tolls

    def is_counting(self, trigger: Token) -> bool:
        """Whether a word counts by itself: "the death toll", "the number of dead"."""
        return self.is_toll(trigger) or trigger.lemma_.lower() in self.counts

    def is_done(self, trigger: Token) -> bool:
        """Whether a word is a verb that somebody does to the victims."""
        return syntax.is_verb(trigger) and trigger.lemma_.lower() not in self.intransitive

    def counts_dead(self, toll: Token) -> bool:
        """Whether a toll is one of lives, no "economic toll" and no "toll-free number"."""
        kinds = [c for c in toll.children if c.dep_ in {"amod", "compound"} and c.i < toll.i and not c.ent_type_]
        hyphenated = toll.doc[toll.i + 1 : toll.i + 2].text == "-"
        return toll.pos_ == "NOUN" and not hyphenated and all(c.lower_ in self._toll_kinds for c in kinds)

    def is_suffered(self, verb: Token) -> bool:
        """Whether a verb's subject is its victim: "died", "were killed", a headline's "18 killed in clashes"."""
        if verb.lemma_.lower() in self.intransitive or syntax.is_passive(verb):
            return True
        return not syntax.objects(verb) and verb.tag_ == "VBN" and self.ends(verb.doc, verb.i + 1, verb.sent.end)

    def ends(self, doc: Doc, i: int, end: int) -> bool:
        """Whether no object follows a participle: the sentence ends, or an adjunct or a further clause begins."""
        if i >= end:
            return True
        following = doc[i + 1].lower_ if i + 1 < end else ""
        if doc[i].lower_ in _ADJUNCT:
            bounds = following.isdigit() and doc[i].lower_ in _AMOUNTS
            return following not in {"least", "most", "than"} and not bounds
        return doc[i].tag_ in {"VBG", "CC", ",", ".", "WRB", "''", ":", "-RRB-"}

    def is_unreal(self, trigger: Token) -> bool:
        """Whether a harm is only planned, possible, supposed or denied."""
        if not syntax.is_verb(trigger):
            return False
        auxiliaries = {c.lower_ for c in trigger.children if c.dep_ in {"aux", "aux:pass", "mark"}}
        possible = auxiliaries & self._possible and "have" not in auxiliaries
        planned = trigger.tag_ == "VB" and "to" in auxiliaries and trigger.head.lemma_.lower() in self._planning
        return bool(possible or planned or "if" in auxiliaries) or syntax.is_negated(trigger)


def _section(sections: dict[str, frozenset[str]], word: str) -> str:
    """The section that holds a word, or an empty string."""
    return next((name for name, words in sections.items() if word in words), "")
