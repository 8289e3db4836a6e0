"""What a denial denies: the statement that its relative clause, its anaphor or its own words point back to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import StatementKind
from kg.nlp import lexicon, syntax
from kg.nlp.scene import Attribution

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.nlp.scene import Range
    from kg.nlp.who import Who

_SIMILAR: Final = 0.3
"""Share of content words that a denial and a statement about its source need in common; others need twice as much."""
_REACH: Final = 100
"""How many statements around a denial are looked at."""
_NEAR: Final = 2
"""How many sentences back "the claim" may point."""
_LONGEST_ANAPHOR: Final = 4
_THAT: Final = frozenset({"mark", "nsubj", "obj", "nsubj:pass"})


class DenialLinker:
    """Links each denial of a Doc to the statement that it denies."""

    def __init__(self) -> None:
        words = lexicon.load("cues")
        self._anaphors = words["context.anaphors"]
        self._deny = words["verbs.deny"]
        self._exculpation = words["context.exculpation"]

    def link(self, doc: Doc, found: list[Attribution], who: Who) -> None:
        """Fill `denies`, `denied` and `about` of the denials, and the content of those that have none of their own."""
        for i, a in enumerate(found):
            if a.kind == StatementKind.DENIAL:
                self._link(doc, i, found, who)

    def _link(self, doc: Doc, index: int, found: list[Attribution], who: Who) -> None:
        denial = found[index]
        around = range(max(0, index - _REACH), min(len(found), index + _REACH))
        candidates = [i for i in around if _deniable(found, index, i)]
        stands_for = denial.content is None or self._stands_for(doc, denial.content)
        target = self._target(doc, denial, found, candidates, who, stands_for=stands_for)
        if target >= 0:
            denied = found[target]
            denial.denies = target
            if denied.source_cluster >= 0:
                denial.about = [denied.source_cluster]
            if stands_for:
                denial.denied = _act(doc, denied)
        denial.denied = denial.denied or denial.content
        if denial.content is None and denial.denied is not None:
            denial.content, denial.borrowed = denial.denied, True

    def _target(
        self,
        doc: Doc,
        denial: Attribution,
        found: list[Attribution],
        candidates: list[int],
        who: Who,
        *,
        stands_for: bool,
    ) -> int:
        inner = next(
            (
                i
                for i, a in enumerate(found)
                if a.content is not None and doc[a.verb].head.i == denial.verb and is_object(doc[a.verb])
            ),
            -1,
        )
        if inner >= 0:
            return inner
        relative = _relative_object(doc[denial.verb])
        earlier = [i for i in candidates if found[i].cue[0] < denial.cue[0]]
        if relative is not None:
            sentence = relative.sent.start
            return next((i for i in reversed(earlier) if doc[found[i].verb].sent.start == sentence), -1)
        if stands_for:
            return self._latest(doc, denial, found, earlier, who)
        similar = self._similar(doc, denial, found, candidates, who)
        return similar if similar >= 0 else _owned(doc, denial, found, earlier, who)

    def _stands_for(self, doc: Doc, content: Range) -> bool:
        """Whether a content only points at what somebody else said: "it", "the accusation", "those reports"."""
        words = [t for t in doc[content[0] : content[1]] if t.is_alpha]
        denying = next((n for n, t in enumerate(words) if t.lemma_.lower() in self._deny), -1)
        words = words[denying + 1 :]  # "we categorically deny [these allegations]"
        return len(words) <= _LONGEST_ANAPHOR and any(t.lemma_.lower() in self._anaphors for t in words)

    def _latest(self, doc: Doc, denial: Attribution, found: list[Attribution], earlier: list[int], who: Who) -> int:
        """The last statement about the denier; for a noun ("the claim") else the last by another side close before."""
        against = [i for i in earlier if any(who.same_side(c, denial.source_cluster) for c in found[i].about)]
        if against:
            return against[-1]
        content = doc[denial.content[0] : denial.content[1]] if denial.content is not None else ()
        if not any(t.pos_ != "PRON" and {t.lemma_.lower(), t.lower_} & self._anaphors for t in content):
            return -1
        others = (i for i in reversed(earlier) if not who.same_side(found[i].source_cluster, denial.source_cluster))
        last = next(others, -1)
        near = last >= 0 and sum(t.is_sent_start is True for t in doc[found[last].verb : denial.verb]) <= _NEAR
        return last if near else -1

    def _similar(self, doc: Doc, denial: Attribution, found: list[Attribution], candidates: list[int], who: Who) -> int:
        """The statement with the most words in common; "any wrongdoing" answers whatever the denier is accused of."""
        mine = _words(doc, denial.content)
        best, target = 0.0, -1
        for i in candidates:
            a = found[i]
            if who.same_side(a.source_cluster, denial.source_cluster):
                continue
            against = any(who.same_side(c, denial.source_cluster) for c in a.about)
            theirs = _words(doc, a.content)
            overlap = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
            general = against and a.kind == StatementKind.ACCUSATION and bool(mine & self._exculpation)
            if not general and overlap < (_SIMILAR if against else 2 * _SIMILAR):
                continue
            score = overlap + 0.5 * against + 0.3 * general - 0.0001 * abs(a.cue[0] - denial.cue[0])
            if score > best:
                best, target = score, i
        return target


def _deniable(found: list[Attribution], denial: int, i: int) -> bool:
    """Whether a statement may be what a denial denies: a claim or accusation neither around it nor in it."""
    a = found[i]
    if i == denial or a.kind not in {StatementKind.ACCUSATION, StatementKind.CLAIM} or a.content is None:
        return False
    outer = found[denial].nested_in
    while outer >= 0:
        if outer == i:
            return False
        outer = found[outer].nested_in
    return a.nested_in != denial


def is_object(cue: Token) -> bool:
    """Whether a word may be what the verb above it denies; the parser may take "reports" for a verb."""
    subjects = any(c.dep_ in syntax.SUBJECT for c in cue.children)
    return cue.dep_ in syntax.OBJECT or (cue.dep_ == "ccomp" and not subjects)


def _relative_object(verb: Token) -> Token | None:
    """The relative pronoun that a denial has for its object: "…, which they deny"."""
    return next((c for c in verb.children if c.dep_ in syntax.OBJECT and c.tag_ in {"WDT", "WP"}), None)


def _owned(doc: Doc, denial: Attribution, found: list[Attribution], earlier: list[int], who: Who) -> int:
    """The last claim of whoever the denied thing belongs to: "refused to recognise [his] victory"."""
    if denial.content is None:
        return -1
    owners = [who.at(t) for t in doc[denial.content[0] : denial.content[1]] if t.dep_ == "nmod:poss"]
    owner = next((c for c in owners if c >= 0 and not who.same_side(c, denial.source_cluster)), -1)
    claims = (i for i in reversed(earlier) if found[i].source_cluster == owner >= 0)
    return next((i for i in claims if found[i].kind == StatementKind.CLAIM), -1)


def with_denied(doc: Doc, found: list[Attribution], who: Who, tellings: frozenset[str]) -> list[Attribution]:
    """The attributions, and what others tell within what is denied: "rejected Ukraine's claim that …"."""
    added: list[Attribution] = []
    for i, denial in enumerate(found):
        if "deny" not in denial.classes:
            continue
        for noun in syntax.objects(doc[denial.verb]):
            clause = _that_clause(noun) if noun.lemma_.lower() in tellings else None
            teller = next((c for c in noun.children if c.dep_ == "nmod:poss"), None)
            teller = teller or next((n for p, n in syntax.obliques(noun) if p == "by"), None)
            if clause is None or teller is None or any(a.verb == noun.i for a in found):
                continue
            source = syntax.phrase_range(teller)
            source = source[0] + (doc[source[0]].dep_ == "case"), source[1] - (doc[source[1] - 1].tag_ == "POS")
            added.append(
                Attribution(
                    noun.i,
                    (noun.i, noun.i + 1),
                    ["report"],
                    noun.lemma_.lower(),
                    source=source,
                    source_cluster=who.at(teller),
                    content=clause,
                    nested_in=i,
                )
            )
    if not added:
        return found
    order = sorted([*found, *added], key=lambda a: a.cue)
    number = {id(a): n for n, a in enumerate(order)}
    for a in order:
        a.nested_in = number[id(found[a.nested_in])] if a.nested_in >= 0 else -1
    return order


def _that_clause(noun: Token) -> tuple[int, int] | None:
    """What stands behind the "that" of a noun, up to the end of its clause."""
    doc, end = noun.doc, min(noun.right_edge.i + 1, noun.sent.end)
    that = next((t.i for t in doc[noun.i + 1 : noun.sent.end] if t.lower_ == "that" and t.dep_ in _THAT), -1)
    if that < 0 or any(syntax.is_verb(t) for t in doc[noun.i + 1 : that]):
        return None
    end = max(end, doc[that].head.right_edge.i + 1)
    return syntax.trim(doc, that + 1, end) if that + 1 < end else None


def _words(doc: Doc, content: Range | None) -> set[str]:
    """The words of a content that carry meaning, as they stand and as lemmas."""
    if content is None:
        return set()
    kept = [
        t for t in doc[content[0] : content[1]] if t.pos_ in {"NOUN", "VERB", "PROPN", "ADJ", "NUM"} and not t.is_stop
    ]
    return {t.lemma_.lower() for t in kept} | {t.lower_ for t in kept}


def _act(doc: Doc, accused: Attribution) -> Range | None:
    """What is denied of an accusation: the act, without the accused ("its neighbour of [shelling …]")."""
    if accused.content is None:
        return None
    start, end = accused.content
    if start <= accused.addressee < end:
        # Parsers hang the act on the verb or on the accused: "of" tells where it begins.
        after = next(
            (
                i
                for i in range(accused.addressee + 1, end - 1)
                if doc[i].lower_ in {"of", "for"} and doc[i + 1].tag_ in {"VBG", "RB"}
            ),
            syntax.subtree_range(doc[accused.addressee])[1],
        )
        while after < end and doc[after].lower_ in {"of", "for"}:
            after += 1
        if start < after < end:
            return after, end
    return start, end
