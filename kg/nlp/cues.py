"""Cues of attribution: which words say that somebody says something, and in which sense.

A cue is a verb of the lexicon, a light verb with its noun ("voiced hope"), "according to", or an adverb without a
source ("reportedly").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax
from kg.nlp.scene import Attribution, Range

if TYPE_CHECKING:
    from spacy.tokens import Token

CLASSES: Final = ("report", "think", "evidence", "accuse", "deny", "pledge", "appeal", "withhold", "refuse", "describe")
_NOUNS: Final = ("hope", "concern", "accusation", "denial", "promise", "claim", "responsibility", "forward")
_AUXILIARY: Final = frozenset({"aux", "aux:pass", "advmod"})
_NEGATION: Final = frozenset({"not", "n't", "n’t", "never"})
_NO_PREDICATE: Final = frozenset({"aux", "aux:pass", "cop", "amod", "compound"})


class CueFinder:
    """Tells whether a token is a cue, and makes the attribution that hangs on it, without source and content."""

    def __init__(self) -> None:
        words = lexicon.load("cues")
        self._classes = {name: words[f"verbs.{name}"] for name in CLASSES}
        self._verify = words["verbs.verify"]
        self._withhold_what = words["verbs.withhold_what"]
        self._information = words["context.information"]
        self._light = words["phrases.light_verbs"]
        self._nouns = {name: words[f"phrases.{name}"] for name in _NOUNS}
        self._responsibility_verbs = words["phrases.responsibility_verbs"]
        self._adverbs = words["phrases.adverbs"]
        self._modals = words["context.modals"]
        self._avoiding = words["context.avoiding"]
        self._implicative = words["context.implicative"]
        self._telling = self._light.union(
            self._responsibility_verbs, self._withhold_what, {"confirm"}, *self._classes.values()
        )

    def verb(self, verb: Token) -> tuple[Attribution, Token | None] | None:
        """The attribution of a verb, with the noun of a light verb; None where the verb is no cue here."""
        lemma = verb.lemma_.lower()
        if lemma not in self._telling:
            return None
        noun, classes = self._light_noun(verb, lemma) or (None, self._classes_of(verb, lemma))
        if not classes or verb.dep_ in _NO_PREDICATE:
            return None
        negated = syntax.is_negated(verb) or _is_outstanding(verb)
        if not negated and self._is_no_act(verb):
            return None
        if _closes_comparison(verb) and not syntax.complements(verb):
            return None
        passive = syntax.is_passive(verb) and (
            lemma != "say" or bool(syntax.agents(verb)) or _has_passive_auxiliary(verb)
        )
        if "think" in classes and verb.tag_ == "VBN" and not any(c.lemma_ == "have" for c in verb.children):
            passive = True  # "the site, believed to be a base"
        cue = _cue_range(verb, noun)
        return Attribution(
            verb.i,
            cue,
            classes,
            lemma,
            negated=negated,
            passive=passive,
            noun=noun.lemma_.lower() if noun is not None else "",
        ), noun

    def classes(self, word: Token) -> tuple[list[str], str]:
        """The classes of a cue that something else than the lexicon found, and its lemma where it is a noun."""
        lemma = word.lemma_.lower()
        if word.pos_ == "NOUN":
            return [name for name in _NOUNS[:5] if lemma in self._nouns[name]], lemma
        return self._classes_of(word, lemma), ""

    def is_according(self, token: Token) -> bool:
        """Whether "according to" begins at a token."""
        return token.lower_ == "according" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "to"

    def is_adverb(self, token: Token) -> bool:
        """Whether a token attributes without a source: "reportedly"."""
        return token.lower_ in self._adverbs

    def is_about(self, noun: str, *names: str) -> bool:
        """Whether the noun of a light verb belongs to one of the named classes."""
        return any(noun in self._nouns[name] for name in names)

    def _classes_of(self, verb: Token, lemma: str) -> list[str]:
        """The classes of a plain verb; a refusal is a denial or a silence by what is refused."""
        classes = [name for name, words in self._classes.items() if lemma in words]
        if "refuse" in classes:
            inner = next((c.lemma_.lower() for c in syntax.complements(verb) if c.i > verb.i), "")
            if inner in self._verify:
                return ["deny"]
            return ["withhold"] if inner in self._classes["withhold"] | self._withhold_what else []
        if syntax.is_negated(verb) or _is_outstanding(verb):
            neither = any(c.lower_ == "neither" for c in verb.children)
            silent = (
                "withhold" in classes
                or (lemma in self._withhold_what and _is_outstanding(verb))
                or (lemma == "confirm" and neither)
                or (lemma in self._withhold_what and self._is_information(verb))
            )
            return ["withhold"] if silent else []
        return [name for name in classes if name != "withhold"]

    def _is_information(self, verb: Token) -> bool:
        """Whether a negated verb keeps back information: "released no details", "did not say when"."""
        nouns = [*syntax.objects(verb), *(noun for _, noun in syntax.obliques(verb))]
        asked = (c for clause in syntax.complements(verb) for c in (clause, *clause.children))
        return any(n.lemma_.lower() in self._information for n in nouns) or any(
            t.tag_ in {"WRB", "WP", "WDT"} or t.lower_ in {"if", "whether"} for t in asked
        )

    def _light_noun(self, verb: Token, lemma: str) -> tuple[Token, list[str]] | None:
        """The noun that a light verb carries ("voiced hope", "put forward a plan"), with its class."""
        if lemma in self._responsibility_verbs and lemma != "deny":
            held = next((o for o in syntax.objects(verb) if o.lemma_.lower() in self._nouns["responsibility"]), None)
            return (held, ["responsibility"]) if held is not None else None
        if lemma not in self._light:
            return None
        candidates = [c for c in verb.children if c.dep_ in syntax.OBJECT | {"xcomp", "ccomp", "obl"} and c.i > verb.i]
        for noun in [c for c in candidates if c.pos_ == "NOUN"]:
            for name, nouns in self._nouns.items():
                if name == "responsibility" or noun.lemma_.lower() not in nouns or _points_back(noun):
                    continue
                if (name == "forward") == (lemma == "put"):
                    return noun, [name]
        if verb.i + 1 < len(verb.doc):
            follower = verb.nbor()
            if follower.lemma_.lower() in self._nouns["hope"]:
                return follower, ["hope"]
        return None

    def _is_no_act(self, verb: Token) -> bool:
        """Whether a cue is only possible, due or intended: "must inform", "called on him to announce"."""
        first = syntax.first_conjunct(verb) if verb.tag_ == "VB" else verb
        if any(c.dep_ == "aux" and c.lower_ in self._modals for v in (verb, first) for c in v.children):
            return True
        if verb.tag_ == "VBG" and any(c.lower_ in self._avoiding and c.dep_ in {"mark", "case"} for c in verb.children):
            return True
        infinitive = verb.tag_ == "VB" and any(c.tag_ == "TO" for c in verb.children)
        return infinitive and verb.head.lemma_.lower() not in self._implicative


def _cue_range(verb: Token, noun: Token | None) -> Range:
    """The verb with its auxiliaries and negation before it, and the noun of a light verb after it."""
    start, doc = verb.head.i if _is_outstanding(verb) else verb.i, verb.doc
    while start > verb.sent.start and doc[start - 1].head.i == verb.i and doc[start - 1].dep_ in _AUXILIARY:
        start -= 1
    while start < verb.i and doc[start].dep_ == "advmod" and doc[start].lower_ not in _NEGATION:
        start += 1
    return start, max(verb.i, noun.i if noun is not None else 0) + 1


def _is_outstanding(verb: Token) -> bool:
    """Whether a verb is still to be done: "have yet to comment"."""
    above = verb.head
    return verb.tag_ == "VB" and above.lemma_ == "have" and any(c.lower_ == "yet" for c in above.children)


def _points_back(noun: Token) -> bool:
    """Whether a noun only takes up what was said before: "raised these concerns"."""
    return any(c.dep_ == "det" and c.lower_ in {"this", "these", "that", "those"} for c in noun.children)


def _closes_comparison(verb: Token) -> bool:
    """Whether a verb only closes a comparison: "higher than officially reported"."""
    return any(t.lower_ == "than" for t in verb.doc[max(verb.sent.start, verb.i - 2) : verb.i])


def _has_passive_auxiliary(verb: Token) -> bool:
    return any(c.dep_ == "aux:pass" for c in verb.children)
