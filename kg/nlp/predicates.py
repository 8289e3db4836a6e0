"""Mends what a parser leaves contradictory: a finite verb without a subject, an attribute with one of its own.

Short sentences, headlines and what is said without a "that" suffer from it. In "Qatar hosted talks" the verb is taken
for the participle of "hosted talks" although "Qatar" is its subject, in "gunmen shot two farmers" for a noun; in "said
shelling on Sunday hit the town" and "after an airstrike hit the town" the subject is hung to the verb above; in
"accused rebels of attacking Malian posts" the gerund is taken for an adjective, in "overnight clashes" the noun for a
verb.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from spacy.language import Language

from kg.nlp import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_SUBJECT: Final = "nsubj"
_SUBJECTS: Final = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass", "expl", "nsubj:outer"})
_NOMINAL: Final = frozenset({"cop", "det", "amod", "case", "nmod:poss", "nummod"})
"""What hangs on a noun, or on a predicate that is one."""
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_AUXILIARY: Final = frozenset({"aux", "aux:pass", "cop"})
_NOUNS: Final = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP"})
_LOST: Final = frozenset({"obj", "ccomp", "dep", "obl:unmarked", "xcomp", "parataxis"})
"""What a parser makes of a subject that it has not seen."""
_WHEN: Final = frozenset({"after", "since", "as", "before", "until"})
_BREAKING: Final = frozenset({",", ";", ":", "and", "but", "or", "that", "who", "which", "when", "while", "because"})
_INSIDE: Final = frozenset({"DT", "JJ", "NN", "NNP", "CD", "VBN", "HYPH", "PRP$"})
_BEGINNING: Final = frozenset({"DT", "JJ", "PRP$", "CD", "NNP", "NNPS"})
_LEADING: Final = frozenset({"of", "for", "by", "from"})
_REACH: Final = 16


class PredicateGuard:
    """spaCy component, to stand behind a parser of Universal Dependencies."""

    def __init__(self, lemmatizer: Any) -> None:
        self._lemmatizer = lemmatizer
        cues, events = lexicon.load("cues"), lexicon.load("events")
        self._saying = cues["verbs.report"] | cues["verbs.think"]
        self._addressing = cues["verbs.addressing"]
        self._accusing = cues["verbs.accuse"]
        self._appealing = cues["verbs.appeal"]
        self._deeds = frozenset(n for names in events.sections("nouns").values() for n in names)
        kinds = (f"{section}.{type_}" for section in ("verbs", "loose") for type_ in ("ASSAULT", "COERCE"))
        self._doing = frozenset().union(*(events[kind] for kind in kinds))

    def __call__(self, doc: Doc) -> Doc:
        """Make such words the verbs of their clauses, and the nouns before and behind them their subject and object."""
        for token in doc:
            tag = token.tag_
            if token.dep_ == _SUBJECT and token.i < token.head.i:
                if _is_participle(token.head):
                    _raise(token.head)
                    self._make_verb(token.head)
                elif _is_misread(token.head):
                    self._make_verb(token.head)
            elif token.dep_ in {"compound", "flat"} and _is_main(token.head) and token.i == token.head.i - 1:
                # "The council imposed sanctions"
                _raise(token.head)
                self._make_verb(token.head)
                token.dep_ = _SUBJECT
            elif tag == "VBG" and token.pos_ == "NOUN" and any(c.dep_ == "obj" for c in token.children):
                self._make_verb(token, tag)  # "by launching strikes"
            elif tag == "VBZ" and token.i and self._is_deed(token):
                self._make_noun(token)
            elif token.dep_ == "amod" and tag in {"VBG", "VBD"} and token.i < token.head.i:
                self._governs(token)
            elif tag in {"VBD", "VBZ", "VBP", "VBN"} and token.dep_ not in _AUXILIARY and _lacks_subject(token):
                self._find_subject(token)
        for sentence in doc.sents:
            root = sentence.root
            if root.tag_ in _NOUNS and sentence[-1].text == "." and (verb := self._hidden(sentence, root)) is not None:
                self._make_main(verb, root)
        return doc

    def _hidden(self, sentence: Span, root: Token) -> Token | None:
        """The verb of a sentence without one, taken for a participle: "Two men armed with rifles attacked a post."."""
        if any(t.tag_ in _FINITE for t in sentence):
            return None
        first = next((c for c in root.children if c.dep_ == "acl" and c.i > root.i), None)
        if first is not None and self._asks(first):
            return first
        for verb in first.subtree if first is not None else ():
            if verb == first or verb.dep_ != "acl" or verb.tag_ != "VBN":
                continue
            labels = {c.dep_ for c in verb.children}
            if verb.i > verb.head.i and labels & {"obj", "obl"} and "obl:agent" not in labels:
                return verb
        return None

    def _asks(self, verb: Token) -> bool:
        """Whether a participle asks for something, which none does that is passive: "The bloc called for a truce."."""
        lemma = verb.lemma_.lower()
        asking = {"for", "on", "upon"} if lemma == "call" else {"for"}
        asked = (c for o in verb.children if o.ent_type_ != "DATE" for c in o.children if c.i == verb.i + 1)
        return lemma in self._appealing and any(c.lower_ in asking for c in asked)

    def _make_main(self, verb: Token, subject: Token) -> None:
        """Make a verb the head of its sentence, and the noun that had been it the subject."""
        verb.head, verb.dep_ = verb, "ROOT"
        subject.head, subject.dep_ = verb, _SUBJECT
        self._make_verb(verb)

    def _make_verb(self, token: Token, tag: str = "VBD") -> None:
        token.tag_, token.pos_ = tag, "VERB"
        if self._lemmatizer is not None:
            token.lemma_ = self._lemmatizer.lemmatize(token)[0]

    # Subjects

    def _find_subject(self, verb: Token) -> None:
        """Give a finite verb the noun that the parser hung to the verb above it."""
        noun = self._told(verb) or _after(verb)
        if noun is None or any(a.i == verb.i for a in noun.ancestors):
            return
        above = _predicate(noun)
        mark = next((c for c in noun.children if c.dep_ in {"case", "mark"} and c.i < noun.i), None)
        if mark is not None and mark.lower_ in _WHEN:
            verb.head, verb.dep_ = above, "advcl"
        if mark is not None:
            mark.head, mark.dep_ = verb, "mark"
        for child in noun.children:  # "a coalition airstrike", where the parser took the noun for a predicate
            if child.dep_ == _SUBJECT and child.i < noun.i:
                child.dep_ = "compound"
        passive = any(c.dep_ == "aux:pass" for c in verb.children)
        if verb.tag_ == "VBN" and not any(c.dep_ in _AUXILIARY for c in verb.children):
            self._make_verb(verb)
        noun.head, noun.dep_ = verb, "nsubj:pass" if passive else _SUBJECT

    def _told(self, verb: Token) -> Token | None:
        """The noun between a verb of speech and what it reports: "said shelling on Sunday hit …"."""
        told = verb.head
        if verb.dep_ not in {"ccomp", "parataxis"} or told.i > verb.i or told.lemma_.lower() not in self._saying:
            return None
        lost = [c for c in told.children if told.i < c.i < verb.i and c.dep_ in _LOST and _is_noun(c)]
        addressed = told.lemma_.lower() in self._addressing and len(lost) == 1
        return lost[-1] if lost and not addressed else None

    # Attributes

    def _governs(self, word: Token) -> None:
        """Make a participle the verb of its clause where its place says that it is one."""
        before = word.doc[word.i - 1] if word.i else word
        noun = word.head
        if word.tag_ == "VBG" and before.lower_ in _LEADING and before.head.i == noun.i:
            accused = noun.dep_ in {"nmod", "obl"} and any(
                g.lemma_.lower() in self._accusing for g in (noun.head, noun.head.head)
            )
            if word.lemma_.lower() in self._doing and (accused or word.nbor().tag_ in _BEGINNING):
                _clause(word, before)
        elif word.tag_ == "VBD" and before.tag_ == "CC" and noun.dep_ == "obj" and word.i > noun.head.i:
            # "responded and inflicted heavy losses"
            verb = noun.head
            word.head, word.dep_ = verb, "conj"
            noun.head = word
            before.head = word

    # Nouns

    def _is_deed(self, token: Token) -> bool:
        """Whether a plural noun of a happening was taken for a verb: "killed in overnight clashes with rebels"."""
        before = token.nbor(-1)
        if before.tag_ not in _INSIDE or before.dep_ not in {"obl", "nmod"} or token.lemma_.lower() not in self._deeds:
            return False
        case = next((c for c in before.children if c.dep_ == "case" and c.i < before.i), None)
        inside = case is not None and all(t.tag_ in _INSIDE for t in token.doc[case.i + 1 : token.i])
        alone = all(c.dep_ not in _SUBJECTS | _AUXILIARY for c in token.children)
        return inside and alone and all(c.dep_ != "cc" for c in token.children)

    def _make_noun(self, token: Token) -> None:
        before = token.nbor(-1)
        token.tag_, token.pos_ = "NNS", "NOUN"
        if token.head.i == token.i or token.i in {a.i for a in before.head.ancestors} | {before.head.i}:
            return
        token.head, token.dep_ = before.head, before.dep_
        for child in list(before.children):
            child.head = token
        before.head, before.dep_ = token, "compound"
        for child in list(token.children):
            if child.dep_ == "obl":
                child.dep_ = "nmod"


def _is_noun(token: Token) -> bool:
    """Whether a token is a noun without preposition, article of a predicate or copula; a gerund may be one."""
    labels = {c.dep_ for c in token.children}
    if token.tag_ == "VBG":
        return labels.isdisjoint({"aux", "obj", "nsubj"}) and token.nbor(-1).tag_ != "VBD"
    return token.tag_ in _NOUNS and labels.isdisjoint({"case", "cop", "aux"}) and token.ent_type_ != "DATE"


def _predicate(noun: Token) -> Token:
    """The verb, or else the noun, that a prepositional phrase belongs to."""
    verbs = (a for a in noun.ancestors if a.tag_[0] == "V")
    return next(verbs, noun.head)


def _lacks_subject(verb: Token) -> bool:
    """Whether a verb is finite, by itself or its auxiliary, and has no subject."""
    labels = {c.dep_ for c in verb.children}
    if labels & _SUBJECTS or verb.dep_ == "ROOT" or (verb.dep_ == "conj" and "cc" in labels):
        return False
    if verb.tag_ in _FINITE:
        return True
    if "obj" in labels and labels.isdisjoint(_AUXILIARY) and verb.dep_ in {"acl", "advcl", "ccomp"}:
        return True  # what has an object is no passive participle: "after an airstrike destroyed a market"
    return any(c.dep_ in _AUXILIARY and c.tag_ in _FINITE for c in verb.children)


def _after(verb: Token) -> Token | None:
    """The noun behind an "after" or "since" that opens the clause of a verb: "since a spate of attacks killed 19"."""
    doc, start = verb.doc, max(verb.sent.start, verb.i - _REACH)
    for i in range(verb.i - 1, start - 1, -1):
        token = doc[i]
        if token.lower_ in _BREAKING or (token.tag_ in _FINITE and token.head.i != verb.i):
            return None
        if token.lower_ in _WHEN and token.dep_ == "case" and token.head.i > i:
            noun = token.head
            return noun if noun.i < verb.i and noun.dep_ in {"obl", "nmod"} and noun.tag_ in _NOUNS else None
    return None


def _is_participle(token: Token) -> bool:
    """Whether a token is the participle of the noun right behind its clause: "hosted" of "Qatar hosted talks"."""
    return token.dep_ == "amod" and token.tag_ in {"VBN", "VBD"} and token.i < token.head.i


def _is_main(participle: Token) -> bool:
    """Whether a noun's participle is all that its sentence has for a verb: "The UN imposed sanctions on Mali"."""
    noun = participle.head
    alone = _is_participle(participle) and noun.dep_ == "ROOT"
    return alone and not any(c.dep_ in _SUBJECTS | _AUXILIARY for c in noun.children)


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


def _clause(gerund: Token, preposition: Token) -> None:
    """Make a gerund the head of the clause that its preposition opens, and its noun the object."""
    noun = gerund.head
    gerund.head, gerund.dep_ = noun.head, "acl" if noun.dep_ == "nmod" else "advcl"
    noun.head, noun.dep_ = gerund, "obj"
    preposition.head, preposition.dep_ = gerund, "mark"


@Language.factory("predicate_guard", requires=["token.dep", "token.head"], assigns=["token.head", "token.dep"])
def make_predicate_guard(nlp: Language, name: str) -> PredicateGuard:
    """Component factory."""
    return PredicateGuard(nlp.get_pipe("lemmatizer") if "lemmatizer" in nlp.pipe_names else None)
