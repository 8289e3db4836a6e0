"""Mends what a parser leaves contradictory: a word with a subject of its own is no attribute of the noun behind it.

Short sentences and headlines suffer from it: in "Qatar hosted talks" the verb is taken for the participle of "hosted
talks" although "Qatar" is its subject, in "gunmen shot two farmers" for a noun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SUBJECT: Final = "nsubj"
_NOMINAL: Final = frozenset({"cop", "det", "amod", "case", "nmod:poss", "nummod"})
"""What hangs on a noun, or on a predicate that is one."""


class PredicateGuard:
    """spaCy component, to stand behind a parser of Universal Dependencies."""

    def __init__(self, lemmatizer: Any) -> None:
        self._lemmatizer = lemmatizer

    def __call__(self, doc: Doc) -> Doc:
        """Make such words the verbs of their clauses, and the noun behind them their object."""
        for subject in doc:
            if subject.dep_ == _SUBJECT and subject.i < subject.head.i:
                if _is_participle(subject.head):
                    _raise(subject.head)
                    self._make_verb(subject.head)
                elif _is_misread(subject.head):
                    self._make_verb(subject.head)
        return doc

    def _make_verb(self, token: Token) -> None:
        token.tag_, token.pos_ = "VBD", "VERB"
        if self._lemmatizer is not None:
            token.lemma_ = self._lemmatizer.lemmatize(token)[0]


def _is_participle(token: Token) -> bool:
    """Whether a token is the participle of the noun right behind its clause: "hosted" of "Qatar hosted talks"."""
    return token.dep_ == "amod" and token.tag_ in {"VBN", "VBD"} and token.i < token.head.i


def _is_misread(token: Token) -> bool:
    """Whether a noun has an object or complement, and nothing that nouns have: "shot" in "gunmen shot two farmers"."""
    labels = {child.dep_ for child in token.children}
    return token.tag_ == "NN" and bool({"obj", "xcomp"} & labels) and labels.isdisjoint(_NOMINAL)


def _raise(verb: Token) -> None:
    """Put a participle where its noun hangs, and the noun below it."""
    noun = verb.head
    label, head = noun.dep_, noun.head
    verb.head, verb.dep_ = (verb if head.i == noun.i else head), label
    noun.head, noun.dep_ = verb, "obj"


@Language.factory("predicate_guard", requires=["token.dep", "token.head"], assigns=["token.head", "token.dep"])
def make_predicate_guard(nlp: Language, name: str) -> PredicateGuard:
    """Component factory."""
    return PredicateGuard(nlp.get_pipe("lemmatizer") if "lemmatizer" in nlp.pipe_names else None)
