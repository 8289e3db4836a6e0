"""Where a content begins and ends beside its cue.

Both edges are read from the words as much as from the parse: adverbials of time and occasion after the cue are skipped,
and a content runs to the end of its sentence unless a further predicate of the same subject, a bracket, or a denying
relative clause closes it before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax
from kg.nlp.quotations import MARKS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.nlp.quotations import Quotation
    from kg.nlp.scene import Attribution, Range, Scene

_FINITE: Final = frozenset({"VBD", "VBZ", "VBP"})
_RELATIVE: Final = frozenset({"WDT", "WP"})
_DASHES: Final = frozenset({"—", "–"})
_CLOSING: Final = frozenset({".", '"', "”", "!", "?", ")", ",", ":"})
_SENTENCE_ENDS: Final = frozenset({"”", '"', ".", "!", "?"})
_DETERMINERS: Final = frozenset({"DT", "JJ", "PRP$", "CD", "VBN"})


class Edges:
    """Finds the edges of contents."""

    def __init__(self) -> None:
        words = lexicon.load("cues")
        self._cues = words["verbs.report"] | words["verbs.pledge"] | words["verbs.appeal"] | words["verbs.accuse"]
        self._deny = words["verbs.deny"]
        self._deeds = words["context.deeds"]
        self._describing = words["verbs.describe"]
        self._addressing = words["verbs.addressing"]
        self._occasions = words["context.adverbial_nouns"]
        self._subordinators = words["context.subordinators"]
        self._turns = words["context.turns"]
        self._time_words = words["context.time_words"]
        self._time_prepositions = words["context.time_prepositions"]

    def addresses(self, a: Attribution) -> bool:
        """Whether the cue's object is who is told: "told reporters"."""
        return a.lemma in self._addressing

    # The first token

    def right_start(self, scene: Scene, a: Attribution) -> int:
        """The first token behind the cue, an inverted source, and time and occasion ("on Thursday in a statement")."""
        doc, end = scene.doc, scene.doc[a.verb].sent.end
        inverted = a.source is not None and 0 <= a.source[0] - a.cue[1] <= 2
        i = a.source[1] if inverted and a.source is not None else a.cue[1]
        while i < end:
            step = self._skipped(scene, a, i, end)
            if step == i:
                break
            i = step
        return end if all(t.is_punct or t.is_space for t in doc[i:end]) else i

    def _skipped(self, scene: Scene, a: Attribution, i: int, end: int) -> int:
        """The token after what may be skipped at token `i`, or `i` itself."""
        token, mention = scene.doc[i], scene.mention(i)
        if token.is_space or token.ent_type_ == "DATE" or token.lower_ in self._time_words:
            return i + 1
        if token.text in {",", ":"} or token.lower_ == "that" or (token.text in _CLOSING and i + 1 >= end):
            return i + 1
        if token.lower_ in self._time_prepositions:
            return self._adverbial_end(scene, i, end)
        if a.lemma in self._addressing and i <= a.cue[1] + 1 and scene.doc[a.cue[1]].lower_ != "that":
            if mention is not None and mention.wide_start == i:
                return mention.end
            if token.tag_ == "DT" and i == a.cue[1]:
                return i + 1
        return i

    def _adverbial_end(self, scene: Scene, start: int, end: int) -> int:
        """The end of a prepositional phrase of time, place or occasion that begins at `start`, or `start` itself."""
        doc, i = scene.doc, start + 1
        while i < end and doc[i].tag_ in _DETERMINERS:
            i += 1
        if i >= end:
            return start
        if self._is_occasion(doc[i]):
            while i + 1 < end and self._is_occasion(doc[i + 1]):
                i += 1
            return i + 1
        mention = scene.mention(i)
        if mention is not None and doc[start].lower_ in {"to", "in", "at", "from"}:
            follower = doc[mention.end].text if mention.end < end else "."
            if follower in {",", ".", ":"}:
                return mention.end
        return i + 2 if i + 1 < end and doc[i + 1].lower_ in self._occasions else start

    def _is_occasion(self, token: Token) -> bool:
        return token.ent_type_ == "DATE" or token.lower_ in self._occasions

    # The last token

    def content(self, scene: Scene, a: Attribution, start: int) -> Range | None:
        """From `start` to where the content ends, widened to the end of a quotation that opens in it."""
        doc = scene.doc
        end = self.right_end(scene, a, start)
        for q in scene.quotes.within(start, end):
            if end < q.outer_end and doc[q.outer_start - 1].text not in _SENTENCE_ENDS:
                end = q.outer_end
        start, end = syntax.trim(doc, start, end)
        whole = scene.quotes.at(start)
        if whole is not None and whole.outer_start == start and whole.outer_end >= end - 1:
            start, end = syntax.trim(doc, whole.start, whole.end)
        return (start, end) if start < end else None

    def right_end(self, scene: Scene, a: Attribution, start: int) -> int:
        """The end of the sentence, or of the part of it that the cue governs."""
        doc, verb = scene.doc, scene.doc[a.verb]
        end = min(self._predicate_end(a, verb, start), _enclosed_end(verb, start))
        around = scene.quotes.at(verb.i)
        end = min(end, around.end) if around is not None and around.end > start else end
        for token in doc[start:end]:
            if token.text == ";":
                return token.i
            if self._leaves(scene, a, token, start, end):
                return _clause_start(token, start) if syntax.is_verb(token) else token.i
        return end

    def _predicate_end(self, a: Attribution, verb: Token, start: int) -> int:
        """Where a further predicate of the cue's own subject begins: "said X, but denied Y"; "…, adding that".

        Behind a mere noun phrase it is one even without a comma: "rejected the charge and closed the border".
        """
        doc, end, own = verb.doc, verb.sent.end, syntax.complements(verb)
        for child in verb.children:
            if child.i <= start or child.dep_ not in {"conj", "advcl", "parataxis"} or not syntax.is_verb(child):
                continue
            if child in own:
                continue
            begin = _clause_start(child, start)
            has_subject = any(s.i > start for s in syntax.own_subjects(child))
            alike = a.nominal and child.tag_ == verb.tag_ and child.tag_ in _FINITE
            apart = alike or doc[begin].text in {",", ";"} or any(c.lower_ in {"but", "then"} for c in child.children)
            subordinate = any(c.dep_ == "mark" and c.lower_ in self._subordinators for c in child.children)
            participle = child.tag_ == "VBG"
            if (
                (child.dep_ == "advcl" and (subordinate or (participle and doc[child.left_edge.i - 1].text == ",")))
                or (child.dep_ == "conj" and apart and not has_subject and not participle)
                or (child.lemma_.lower() in self._cues and not has_subject)
            ):
                end = min(end, begin)
        return end

    def _leaves(self, scene: Scene, a: Attribution, token: Token, start: int, end: int) -> bool:
        """Whether the content ends before a token."""
        doc = scene.doc
        if (
            token.dep_ == "conj"
            and token.tag_ in _FINITE
            and token.lemma_.lower() in self._cues
            and token.i > start + 1
        ):
            return self._is_own_cue(scene, a, token, start)
        if (self._is_denied(token) or self._goes_on(token, start)) and token.i > start:
            return True
        if token.text == ",":
            if token.i + 1 >= end:
                return False
            follower = doc[token.i + 1]
            denied = self._is_denied(follower) or follower.lower_ in {"while", "whereas"}
            turned = (
                follower.lower_ in self._turns
                or follower.lower_ in self._subordinators
                or follower.tag_ in {"VBD", "VBZ"}
            )
            return denied or ((a.bare or a.nominal) and turned and "describe" not in a.classes)
        if token.text in MARKS and doc[token.i - 1].text in MARKS and scene.quotes.opening_at(token.i) is not None:
            return token.i > start
        return (a.bare or a.nominal) and token.i > start + 2 and self._opens_clause(token)

    def _is_denied(self, token: Token) -> bool:
        """Whether a denying relative clause begins at a token: "which they deny"."""
        return token.tag_ in _RELATIVE and token.head.i != token.i and token.head.lemma_.lower() in self._deny

    def _goes_on(self, token: Token, start: int) -> bool:
        """Whether the cue's source goes on speaking at a token: "denied it had fired, [saying] …"."""
        speaks = (
            token.tag_ == "VBG"
            and token.lemma_.lower() in self._cues | self._describing
            and token.i + 1 < token.sent.end
        )
        if not speaks or token.i <= start + 1 or token.nbor(-1).text != "," or token.lower_ in self._deeds:
            return False
        return not any(syntax.is_verb(t) and t.lemma_.lower() in self._cues for t in token.doc[start : token.i])

    def _opens_clause(self, token: Token) -> bool:
        """Whether a subordinate clause begins at a token: "after the army had left", not "after the war"."""
        if token.lower_ not in self._subordinators:
            return False
        if token.dep_ == "mark" and token.head.dep_ == "advcl":
            return True
        if token.lower_ == "as":
            return False
        for t in token.doc[token.i + 1 : token.sent.end]:
            if t.tag_ in _FINITE:
                return True
            if t.text == "," or syntax.is_verb(t):
                return False
        return False

    def _is_own_cue(self, scene: Scene, a: Attribution, token: Token, start: int) -> bool:
        """Whether a coordinated cue inside a content has its source: its subject cannot speak, or is the source."""
        own = [s for s in syntax.own_subjects(token) if s.i > start]
        if own:
            return any(scene.cluster(s.i) == a.source_cluster >= 0 for s in own)
        subject = syntax.subject(token)
        return subject is None or (start <= subject.i and scene.cluster(subject.i) in {-1, a.source_cluster})


def left(scene: Scene, edge: int) -> Range | None:
    """What stands before a cue that closes its sentence: the quotation that ends there, or all up to `edge`."""
    doc = scene.doc
    start = doc[min(edge, len(doc) - 1)].sent.start
    q = quotation_before(scene, edge)
    if q is not None:
        if q.outer_start > start and any(t.is_alpha for t in doc[start : q.outer_start]):
            return syntax.trim(doc, start, q.outer_end)
        return q.start, q.end
    start, end = syntax.trim(doc, start, edge)
    while end > start and doc[end - 1].tag_ in {"DT", "CC"}:
        start, end = syntax.trim(doc, start, end - 1)
    return (start, end) if end - start >= 2 else None


def quotation_before(scene: Scene, edge: int) -> Quotation | None:
    """The quotation that closes right before a token, a comma or dash between them."""
    doc, i = scene.doc, edge - 1
    while i >= 0 and (doc[i].text in {",", "-", "–", "—"} or (doc[i].is_space and "\n" not in doc[i].text)):
        i -= 1
    q = scene.quotes.at(i)
    return q if q is not None and q.outer_end - 1 == i else None


def _clause_start(child: Token, floor: int) -> int:
    """The first token of a clause, with the comma and conjunction before it."""
    doc, start = child.doc, max(child.left_edge.i, floor)
    while start > floor and (doc[start - 1].dep_ == "cc" or doc[start - 1].text in {",", ";"}):
        start -= 1
    return start


def _enclosed_end(verb: Token, start: int) -> int:
    """Where the bracket, the pair of dashes, the relative or the fronted clause closes that the cue stands in."""
    doc, end = verb.doc, verb.sent.end
    return min(
        _bracket_end(doc, start, end),
        _dash_end(verb, start, end),
        _relative_end(verb, start, end),
        _fronted_end(verb, start, end),
    )


def _bracket_end(doc: Doc, start: int, end: int) -> int:
    depth = 0
    for i in range(start, end):
        depth += (doc[i].text == "(") - (doc[i].text == ")")
        if depth < 0:
            return i
    return end


def _dash_end(verb: Token, start: int, end: int) -> int:
    opened = sum(t.text in _DASHES for t in verb.doc[verb.sent.start : verb.i])
    closing = next((t.i for t in verb.doc[start:end] if t.text in _DASHES), None)
    return closing if opened % 2 and closing is not None else end


def _relative_end(verb: Token, start: int, end: int) -> int:
    """ "X, who has called for Y, said": the comma behind Y."""
    doc = verb.doc
    if verb.dep_ in syntax.RELATIVE and any(t.text == "," for t in doc[max(0, verb.left_edge.i - 1) : verb.i]):
        for i in range(start, end - 1):
            if doc[i].text == "," and (doc[i + 1].tag_ in _FINITE or doc[i + 1].tag_ == "MD"):
                return i
    return end


def _fronted_end(verb: Token, start: int, end: int) -> int:
    """ "After alleging X, the government announced": the comma before the main clause's subject."""
    if verb.dep_ != "advcl" or verb.head.i < verb.i:
        return end
    subject = next((s for s in syntax.own_subjects(verb.head) if s.i > verb.i), None)
    if subject is None:
        return end
    return next((i for i in range(syntax.phrase_range(subject)[0], start, -1) if verb.doc[i].text == ","), end)
