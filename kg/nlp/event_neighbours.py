"""The ends of a verb by the words beside it, where the parse has lost them: "rebels shot and killed about 20 men"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import syntax
from kg.nlp.mentions import ADJECTIVE

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.who import Who

_SKIPPED: Final = frozenset({"RB", "MD"})
_AUXILIARY: Final = frozenset({"has", "have", "had", "also", "then", "later", "allegedly", "reportedly", "both", "all"})
_OPENING: Final = frozenset({",", ";", ":", "and", "but", "that", "as", "when", "while", "after", "before", "because"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "``", "-LRB-", "-RRB-"})
_WITHIN: Final = frozenset({"DT", "PRP$", "CD", "JJ", "JJR", "JJS", "VBN", "HYPH", "POS", "NN", "NNS", "NNP", "NNPS"})
_NOUNS: Final = frozenset({"NN", "NNS", "NNP", "NNPS"})
_COUNTING: Final = frozenset(
    {"at", "least", "most", "more", "fewer", "than", "about", "around", "nearly", "almost", "some"}
)
_LONGEST: Final = 12


def doer_before(verb: Token, who: Who) -> Token | None:
    """The actor that stands right before a verb, with no more than adverbs or another verb between, or None.

    Behind a preposition or a gerund ("strikes on X", "targeting X") it does something else in the sentence.
    """
    doc, first = verb.doc, verb.sent.start
    i = verb.i - 1
    while i >= first and (doc[i].tag_ in _SKIPPED or doc[i].lower_ in _AUXILIARY):
        i -= 1
    if i > first and doc[i].lower_ == "and" and not _heads(doc[i - 1], who):
        i -= 2
    if i < first or not _heads(doc[i], who):
        return None
    mention = who.mention(doc[i])
    before = (mention.wide_start if mention is not None else i) - 1
    while before >= first and doc[before].tag_ in {"DT", "CD", "JJ", "PRP$"}:
        before -= 1
    opened = before < first or doc[before].is_space or doc[before].lower_ in _OPENING or doc[before].tag_ in _FINITE
    return doc[i] if opened else None


def _heads(token: Token, who: Who) -> bool:
    mention = who.mention(token)
    return mention is not None and mention.cluster >= 0 and mention.kind != ADJECTIVE and mention.end == token.i + 1


def noun_behind(verb: Token, skipped: frozenset[str]) -> Token | None:
    """The head of the noun phrase that stands right behind a verb, or None; words of `skipped` may come between."""
    doc, found = verb.doc, None
    i = verb.i + 1
    while i < verb.sent.end and (doc[i].lower_ in skipped or doc[i].lower_ in _COUNTING):
        i += 1
    for token in doc[i : min(verb.sent.end, i + _LONGEST)]:
        if token.tag_ not in _WITHIN or token.ent_type_ == "DATE" or (syntax.is_verb(token) and found is not None):
            break
        if token.tag_ in _NOUNS:
            found = token
    return found
