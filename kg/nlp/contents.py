"""Contents of attribution: what a cue says is said.

In this order: what the noun of a light verb carries, the sentence before an inverted source, the quotation before the
cue, the clause that completes it, the quotation behind it, its object, and at last what stands on either side of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import edges, lexicon, syntax
from kg.nlp.edges import Edges
from kg.nlp.partings import taken_up
from kg.nlp.scene import Attribution

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.nlp.cues import CueFinder
    from kg.nlp.quotations import Quotation
    from kg.nlp.scene import Range, Scene

_LINKS: Final = frozenset({"that", "for", "of", "over", "about", "in", "at", "on", "with", ","})
_CLAUSE_TAGS: Final = frozenset({"DT", "PRP", "PRP$", "NN", "NNS", "NNP", "NNPS", "CD", "EX", "WRB", "WP", "``", "JJS"})
_SOURCE_TAGS: Final = frozenset({"DT", "JJ", "PRP$", "VBG", "VBN", "CD", "NN", "NNP", "POS", "NNS", "HYPH"})


class ContentFinder:
    """Fills the content of an attribution, and whom it addresses."""

    def __init__(self, cues: CueFinder) -> None:
        words = lexicon.load("cues")
        self._cues = cues
        self._edges = Edges()
        self._asides = words["context.subordinators"]
        self._quoting = words["verbs.quoting"]
        self._short = words["verbs.short"]
        self._speech = words["verbs.speech"]
        self._charging = words["verbs.charging"]
        self._nominal = words["verbs.nominal_object"]
        self._documents = words["phrases.documents"]

    def attach(self, scene: Scene, a: Attribution, noun: Token | None) -> None:
        """Find the content of a verb's attribution; `noun` is the noun of a light verb."""
        doc, verb = scene.doc, scene.doc[a.verb]
        complement = _complement(verb, noun, a.cue[1], self._asides)
        if noun is not None:
            self._carried(scene, a, noun, complement)
            return
        edge = min(a.cue[0], a.source[0]) if a.source is not None and not a.passive else a.cue[0]
        quoted_before = edges.quotation_before(scene, edge) is not None
        if (
            a.lemma in self._quoting
            and not quoted_before
            and scene.quotes.opening_at(self._edges.right_start(scene, a)) is None
        ):
            return
        if complement is not None and self._passes_on(complement, a):
            a.content = edges.left(scene, edge)
            return
        inverted = a.source is not None and a.source[0] >= a.cue[1] and not a.passive
        if inverted and complement is None and not quoted_before and "report" in a.classes:
            a.content = edges.left(scene, a.cue[0])
            return
        if _between_commas(doc, a, edge) and not quoted_before and {"report", "think"} & set(a.classes):
            a.content = edges.left(scene, edge)
            a.content2 = _resumed(doc, max(a.cue[1], a.source[1] if a.source is not None else 0), verb.sent.end)
            if a.content is not None:
                return
        if complement is None and _has_relative_object(verb) and "deny" not in a.classes:
            return
        right = self._edges.right_start(scene, a)
        after = scene.quotes.opening_at(right)
        acts = {"accuse", "deny", "pledge"} & set(a.classes)
        if quoted_before and not (complement is not None and (acts or after is not None)):
            a.content = edges.left(scene, edge)
            a.content2 = (after.start, after.end) if after is not None else None
            return
        obj = next((o for o in verb.children if o.dep_ in syntax.OBJECT and o.i > verb.i), None)
        if complement is not None and not ("deny" in a.classes and obj is not None and obj.i < complement.i):
            self._clause(scene, a, complement, obj)
        elif after is not None and right < verb.sent.end:
            self._quotation(scene, a, right, after)
        elif self._phrase(scene, a, obj, right):
            return
        elif "withhold" in a.classes:
            right = right if right < verb.sent.end or doc[a.cue[1]].tag_ != "IN" else a.cue[1]
            # "did not comment": what is withheld is the comment.
            a.content = self._edges.content(scene, a, right) if right < verb.sent.end else (a.verb, a.verb + 1)
        elif not self._oblique(scene, a):
            self._either_side(scene, a, edge, right)

    def _passes_on(self, complement: Token, a: Attribution) -> bool:
        """Whether what looks like a content only names who reports it: "…, the army said on Sunday, AP reported"."""
        doc, end = complement.doc, complement.sent.end
        last = all(t.is_punct or t.is_space or t.ent_type_ == "DATE" for t in doc[complement.i + 1 : end])
        reports = last and complement.lemma_.lower() in self._speech and syntax.is_verb(complement)
        return reports and any(map(syntax.is_verb, doc[complement.sent.start : a.cue[0]]))

    def _phrase(self, scene: Scene, a: Attribution, obj: Token | None, right: int) -> bool:
        """A phrase that is no clause: what is called for, or the object of a verb that takes one."""
        if obj is None and self._oblique(scene, a):
            return True
        takes_object = a.lemma in self._nominal or _controls(a, obj)
        return takes_object and self._object(scene, a, obj, right)

    def _carried(self, scene: Scene, a: Attribution, noun: Token, complement: Token | None) -> None:
        """What the noun of a light verb carries: "voiced hope that …", "put forward [a plan to …]"."""
        doc = scene.doc
        a.nominal = complement is None
        if self._cues.is_about(a.noun, "forward"):
            begin = max(syntax.phrase_range(noun)[0], a.verb + 1)
            a.cue = a.cue[0], begin
            a.content = self._edges.content(scene, a, begin)
        elif self._cues.is_about(a.noun, "responsibility") and doc[noun.i + 1 : noun.i + 2].text.lower() != "for":
            return
        elif complement is not None or not self._cues.is_about(a.noun, "claim"):
            start = complement.left_edge.i if complement is not None and complement.i > noun.i else noun.i + 1
            while start < noun.sent.end and doc[start].lower_ in _LINKS:
                start += 1
            a.content = self._edges.content(scene, a, start) if start < noun.sent.end else None

    def _clause(self, scene: Scene, a: Attribution, complement: Token, obj: Token | None) -> None:
        """The clause that completes the verb, with the object that it is about ("urged [him to stop]")."""
        doc, verb = scene.doc, scene.doc[a.verb]
        start = complement.left_edge.i
        receiver = next((c for c in verb.children if c.dep_ in syntax.INDIRECT_OBJECT and c.i < complement.i), None)
        if obj is not None and obj.i < complement.i:
            receiver = obj
            if {"appeal", "accuse", "describe"} & set(a.classes) or not self._edges.addresses(a):
                start = min(start, obj.left_edge.i)
        subjects = [s.left_edge.i for s in syntax.own_subjects(complement) if s.i > verb.i]
        start = min([start, *subjects])
        for preposition, called in syntax.obliques(verb):
            if preposition in {"on", "upon"} and "appeal" in a.classes and a.cue[1] <= called.i < complement.i:
                start, receiver = min(start, syntax.phrase_range(called)[0]), called
        a.addressee = receiver.i if receiver is not None else -1
        first = self._edges.right_start(scene, a)
        if receiver is None and first < start and doc[first].tag_ not in {"IN", "TO", "RP"}:
            # What stands between the cue and its clause is the clause's, though the parse may hang it elsewhere.
            start = first
        start = max(start, a.cue[1])
        while start < complement.i and (doc[start].lower_ == "that" or doc[start].text in {",", ":"}):
            start += 1
        if a.passive and "accuse" in a.classes and doc[start].lower_ == "of":
            start += 1
        a.bare = complement.dep_ in {"xcomp", "advcl"}
        a.content = self._edges.content(scene, a, start)

    def _quotation(self, scene: Scene, a: Attribution, start: int, quotation: Quotation) -> None:
        """The quotation behind the cue, and the sentence around it where the quotation is only a part."""
        doc, end = scene.doc, scene.doc[a.verb].sent.end
        if doc[quotation.end - 1].text in {",", "."} and quotation.end >= end - 1:
            a.content = quotation.start, quotation.end
        else:
            a.content = syntax.trim(doc, start, max(quotation.end, self._edges.right_end(scene, a, quotation.end)))

    def _object(self, scene: Scene, a: Attribution, obj: Token | None, right: int) -> bool:
        """A mere noun phrase: "confirmed the death toll", "was accused of war crimes"."""
        verb = scene.doc[a.verb]
        if a.passive:
            subject = next(iter(syntax.passive_subjects(verb)), None)
            if subject is not None and "accuse" in a.classes:
                a.addressee = subject.i
                a.content = self._edges.content(scene, a, right) if right < verb.sent.end else None
            elif subject is not None:
                whole = subject.right_edge.i < verb.i
                a.content = syntax.trim(
                    scene.doc, *(syntax.subtree_range(subject) if whole else syntax.phrase_range(subject))
                )
        elif (noun := taken_up(scene.doc, a)) is not None:
            a.content = noun
        elif obj is None:
            opening = scene.doc[right] if right < verb.sent.end else verb
            if opening.tag_ in {"IN", "TO", "RP"} and opening.lower_ != "as":
                return False
            a.nominal = True
            a.content = (
                self._edges.content(scene, a, right) if right < verb.sent.end and a.lemma in self._nominal else None
            )
        elif syntax.relative_antecedent(obj) is None:
            a.nominal = True
            a.addressee = self._charged(scene, verb, obj).i if {"accuse", "describe", "appeal"} & set(a.classes) else -1
            a.content = self._edges.content(scene, a, obj.left_edge.i)
        return a.content is not None

    def _charged(self, scene: Scene, verb: Token, obj: Token) -> Token:
        """Whom a verb with an object accuses: the object, or who stands behind "on" ("blamed the raid on rebels")."""
        if verb.lemma_.lower() not in self._charging or scene.cluster(obj.i) >= 0:
            return obj
        behind = ((p, n) for p, n in (*syntax.obliques(verb), *syntax.obliques(obj)) if n.i > obj.i)
        return next((n for p, n in behind if p in {"on", "upon"} and n.ent_type_ != "DATE"), obj)

    def _oblique(self, scene: Scene, a: Attribution) -> bool:
        """What an appeal or accusation is for or of: "called for a truce"."""
        for preposition, target in syntax.obliques(scene.doc[a.verb]):
            if (
                preposition in {"for", "of", "on", "upon"}
                and target.i > a.verb
                and {"appeal", "accuse"} & set(a.classes)
            ):
                start = target.left_edge.i
                a.addressee = target.i
                a.content = self._edges.content(scene, a, start + (scene.doc[start].lower_ == preposition))
                return True
        return False

    def _either_side(self, scene: Scene, a: Attribution, edge: int, right: int) -> None:
        """What stands beside a cue that the parse gives nothing: before it, around it, or behind it."""
        doc, sent = scene.doc, scene.doc[a.verb].sent
        if not {"report", "think", "evidence"} & set(a.classes):
            return
        if right >= sent.end:
            a.content = edges.left(scene, edge)
        elif a.lemma in self._short:
            return
        elif _begins_clause(doc, right, sent.end):
            a.content = self._edges.content(scene, a, right)
        elif (
            not a.passive
            and doc[a.verb].dep_ not in syntax.COMPLEMENT
            and any(map(syntax.is_verb, doc[sent.start : edge]))
        ):
            a.content = edges.left(scene, edge)

    # Cues that are no verbs

    def according(self, scene: Scene, token: Token) -> Attribution | None:
        """ "According to X, …", "…, according to X", "…, according to X, …"."""
        doc, sent = scene.doc, token.sent
        i = token.i + 2
        while (
            i < sent.end and scene.mention(i) is None and doc[i].tag_ in _SOURCE_TAGS and not self._is_document(doc[i])
        ):
            i += 1
        mention = scene.mention(i) if i < sent.end else None
        if mention is None and (i >= sent.end or not self._is_document(doc[i])):
            return None
        a = Attribution(token.i, (token.i, token.i + 2), ["report"], "accord", source=(token.i + 2, i + 1))
        while mention is not None:
            a.source, a.source_cluster = (mention.wide_start, mention.end), mention.cluster
            # "Russia's foreign ministry" is one source, and its last name is who speaks.
            follower = mention.end + (mention.end < sent.end and doc[mention.end].tag_ == "POS")
            following = scene.mention(follower) if follower < sent.end else None
            mention = following if following is not mention else None
        end = a.source[1] if a.source is not None else i + 1
        if all(t.is_space or t.is_punct for t in doc[sent.start : token.i]):
            comma = next((t.i + 1 for t in doc[end : sent.end] if t.text == ","), end)
            a.content = _plain(doc, comma, sent.end)
        else:
            a.content = _plain(doc, _opening(doc, sent.start, token.i), token.i)
            start, stop = syntax.trim(doc, end, sent.end)
            goes_on = doc[end].text == "," if end < sent.end else False
            if goes_on and any(map(syntax.is_verb, doc[start:stop])) and doc[start].tag_ not in {"WDT", "WP"}:
                a.content2 = start, stop
        return a if a.content is not None else None

    def _is_document(self, token: Token) -> bool:
        return token.lemma_.lower() in self._documents


def adverb(scene: Scene, token: Token) -> Attribution | None:
    """ "reportedly": the clause it stands in, said by nobody in particular."""
    if not syntax.is_verb(token.head):
        return None
    start, end = syntax.subtree_range(token.head)
    content = _plain(scene.doc, max(start, token.sent.start), min(end, token.sent.end))
    return Attribution(token.i, (token.i, token.i + 1), ["report"], token.lower_, content=content, confidence=0.5)


def _complement(verb: Token, noun: Token | None, after: int, asides: frozenset[str]) -> Token | None:
    """The head of the clause that completes a verb, or the noun of a light verb; none that "as" or "while" opens."""
    heads = [verb] if noun is None else [verb, noun]
    for head in heads:
        for child in head.children:
            completes = child.dep_ == "acl" or child in syntax.complements(head)
            if completes and child.i >= after and child.left_edge.lower_ not in asides:
                return child
    return None


def _begins_clause(doc: Doc, i: int, end: int) -> bool:
    """Whether a clause with a verb may begin at a token: no preposition, particle or participle does that."""
    if i >= end or not any(map(syntax.is_verb, doc[i:end])):
        return False
    token = doc[i]
    if token.tag_ in {"JJ", "JJR"}:
        return i + 1 < end and doc[i + 1].pos_ in {"NOUN", "PROPN", "ADJ"}
    return token.tag_ in _CLAUSE_TAGS or token.lower_ in {"that", "if", "whether", "at"}


def _has_relative_object(verb: Token) -> bool:
    """Whether what is said stands before the verb, as "the truce that they declared"."""
    return any(c.dep_ in syntax.OBJECT and syntax.relative_antecedent(c) is not None for c in verb.children)


def _controls(a: Attribution, obj: Token | None) -> bool:
    """Whether an appeal's object holds what it is to do: "advised [the ministry to call the envoy]"."""
    if obj is None or "appeal" not in a.classes:
        return False
    return any(c.dep_ == "acl" and any(g.tag_ == "TO" for g in c.children) for c in obj.children)


def _opening(doc: Doc, start: int, end: int) -> int:
    """Behind the bracket or dash that is still open before token `end`, else `start`."""
    for i in range(end - 1, start - 1, -1):
        if doc[i].text in {"(", "—", "–"}:
            return i + 1
        if doc[i].text == ")":
            return start
    return start


def _between_commas(doc: Doc, a: Attribution, edge: int) -> bool:
    """Whether cue and source stand between two commas, in the middle of what they attribute: "…, he said, …"."""
    start = edge
    while start > 0 and doc[start - 1].tag_ in {"DT", "JJ", "PRP$"}:
        start -= 1
    end = max(a.cue[1], a.source[1]) if a.source is not None else a.cue[1]
    sent = doc[a.verb].sent
    flanked = sent.start < start - 1 and doc[start - 1].text == "," and end < sent.end and doc[end].text == ","
    return flanked and any(map(syntax.is_verb, doc[sent.start : start]))


def _resumed(doc: Doc, start: int, end: int) -> Range | None:
    """What goes on behind the second comma, unless an aside about the saying begins there ("…, adding that")."""
    start, end = syntax.trim(doc, start, end)
    aside = start < end and (
        doc[start].tag_ in {"IN", "VBG", "WDT", "WP", "WRB", "CC", "RB"} or doc[start].ent_type_ == "DATE"
    )
    return (start, end) if start < end and not aside else None


def _plain(doc: Doc, start: int, end: int) -> Range | None:
    start, end = syntax.trim(doc, start, end)
    while start < end and doc[start].tag_ in {"WDT", "WP"}:
        start += 1
    while end > start and doc[end - 1].text in {"(", "—", "-"}:
        end -= 1
    return (start, end) if end > start else None
