"""Attributions: who (source) says (cue) what (content), read from cue words, quotation marks and syntax.

The steps have a module each: :mod:`kg.nlp.cues`, :mod:`kg.nlp.sources`, :mod:`kg.nlp.contents` with
:mod:`kg.nlp.edges`. What kind of statement an attribution is, :mod:`kg.nlp.kinds` decides.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.nlp import lexicon, syntax
from kg.nlp.contents import ContentFinder, adverb
from kg.nlp.cues import CueFinder
from kg.nlp.learned import LearnedFinder
from kg.nlp.mentions import PRONOUN, write
from kg.nlp.partings import part
from kg.nlp.scene import Attribution, Range, Scene, holders, write_attributions
from kg.nlp.silences import SilenceFinder, join_refusals
from kg.nlp.sources import SourceFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from kg.nlp.mentions import Mention

_NETWORK: Final = Path(__file__).parent / "roles" / "network"
_SHORTEST_CLAUSE: Final = 2


class AttributionFinder:
    """spaCy component: writes attributions without their kinds to ``doc._.statements``."""

    def __init__(self) -> None:
        self._documents = lexicon.load("cues")["phrases.documents"]
        self._cues = CueFinder()
        self._sources = SourceFinder()
        self._contents = ContentFinder(self._cues)
        self._silences = SilenceFinder(self._sources)
        self._learned = LearnedFinder(_NETWORK, self._cues)

    def __call__(self, doc: Doc) -> Doc:
        """Find the attributions, then nest them and give speakers' "we" and "I" their referent."""
        scene = Scene(doc, self._documents)
        for token in doc:
            a = self._at(scene, token)
            if a is not None:
                scene.found += [a, *_second_clause(doc, a), *_second_source(scene, a)]
        found = join_refusals(_distinct(self._learned.join(scene, scene.found)), scene)
        _continue_quotations(scene, found)
        part(doc, found)
        _nest(found)
        _speakers(scene, found)
        write(doc, scene.mentions)
        write_attributions(doc, found)
        return doc

    def _at(self, scene: Scene, token: Token) -> Attribution | None:
        """The attribution whose cue a token is; a denial or a silence may do without a content of its own."""
        if self._cues.is_according(token):
            return self._contents.according(scene, token)
        if self._cues.is_adverb(token):
            return adverb(scene, token)
        cue = self._cues.verb(token) if token.pos_ in {"VERB", "AUX"} or syntax.is_verb(token) else None
        if cue is None:
            return self._silences.at(scene, token)
        a, noun = cue
        if not self._sources.attach(scene, a):
            return None
        self._contents.attach(scene, a, noun)
        if a.content is None and not {"withhold", "deny"} & set(a.classes):
            return None
        a.date_range = _date(token, a)
        return a


def _second_clause(doc: Doc, a: Attribution) -> Iterator[Attribution]:
    """ "said that … and that …": the second clause is a statement of its own, with the same cue."""
    if a.content is None:
        return
    start, end = a.content
    for i in range(start + _SHORTEST_CLAUSE, end - _SHORTEST_CLAUSE):
        if doc[i].lower_ == "that" and doc[i - 1].lower_ == "and" and doc[i].dep_ == "mark":
            yield replace(a, content=(i + 1, end), content2=None)
            a.content = syntax.trim(doc, start, i - 1)
            return


def _second_source(scene: Scene, a: Attribution) -> Iterator[Attribution]:
    """ "activists and the group said": the first of two joint sources makes the same statement."""
    if a.source is None or a.content is None or a.passive:
        return
    for other in _joined(scene, a):
        yield replace(a, source=(other.wide_start, other.end), source_cluster=other.cluster)
    doc, before = scene.doc, a.source[0] - 1
    while before > 0 and doc[before].tag_ in {"DT", "JJ"}:
        before -= 1
    mention = scene.mention(before - 1)
    joint = before > doc[a.verb].sent.start and doc[before].lower_ == "and"
    if (
        not joint
        or mention is None
        or mention.end > a.source[0]
        or mention.cluster < 0
        or not scene.can_speak(doc[mention.head])
    ):
        return
    if a.content[0] <= mention.start < a.content[1]:
        a.content = syntax.trim(doc, a.content[0], mention.wide_start)
    yield replace(a, source=(mention.wide_start, mention.end), source_cluster=mention.cluster)


def _joined(scene: Scene, a: Attribution) -> Iterator[Mention]:
    """The actors that "and" joins to the source before the cue: "Ukraine [and Poland] said"."""
    if a.source is None:
        return
    doc, end = scene.doc, a.source[1]
    joint = {t.i for t in syntax.conjuncts(doc[a.source[0] : end].root)}
    while end + 1 < a.cue[0] and doc[end].lower_ in {"and", ","}:
        end += 1
        while end < a.cue[0] and doc[end].tag_ in {"DT", "JJ", "CC"}:
            end += 1
        mention = scene.mention(end)
        if mention is None or mention.cluster < 0 or mention.end > a.cue[0] or mention.head not in joint:
            return  # "Ayrault, the minister of France, said"
        if not scene.can_speak(doc[mention.head]):
            return
        if mention.cluster != a.source_cluster:
            yield mention
        end = mention.end


def _date(verb: Token, a: Attribution) -> Range | None:
    """The date in the cue's own clause: before the content, or after a content that precedes the cue."""
    doc, sent = verb.doc, verb.sent
    lo, hi = (a.cue[1], a.content[0]) if a.content is not None and a.content[0] >= a.cue[1] else (a.cue[0], sent.end)
    start = next((t.i for t in doc[lo:hi] if t.ent_type_ == "DATE" and not a.covers(t.i)), None)
    if start is None:
        return None
    end = start + 1
    while end < hi and doc[end].ent_type_ == "DATE":
        end += 1
    return start, end


def _distinct(found: list[Attribution]) -> list[Attribution]:
    """In text order, none twice."""
    kept: dict[tuple[Range, Range, Range], Attribution] = {}
    for a in found:
        if a.content is None or a.content[0] < a.content[1]:
            kept.setdefault((a.cue, a.content or (0, 0), a.source or (0, 0)), a)
    return [kept[key] for key in sorted(kept)]


def _continue_quotations(scene: Scene, found: list[Attribution]) -> None:
    """A paragraph that is nothing but a quotation goes on with what the paragraph before it quotes."""
    doc, covered = scene.doc, holders(found)
    for q in scene.quotes:
        opens = q.outer_start == 0 or doc[q.outer_start - 1].text.count("\n") > 1
        closes = q.outer_end >= len(doc) or doc[q.outer_end].is_space
        if not (opens and closes) or q.start in covered:
            continue
        last = next((a for a in reversed(found) if a.cue[0] < q.start and a.content is not None), None)
        if (
            last is None
            or last.content is None
            or last.content2 is not None
            or scene.quotes.at(last.content[0]) is None
        ):
            continue
        if sum(t.is_space and t.text.count("\n") > 1 for t in doc[last.cue[0] : q.start]) == 1:
            last.content2 = (q.start, q.end)


def _nest(found: list[Attribution]) -> None:
    """Nest each attribution in the smallest other whose content holds its cue, never one in the other and back."""
    covering = holders(found)
    for i, a in enumerate(found):
        for j in covering.get(a.verb, ()):
            holder = found[j]
            mutual = a.covers(holder.verb) and a.cue <= holder.cue
            if j != i and not mutual and not _within(found, j, i):
                a.nested_in = j
                break


def _within(found: list[Attribution], inner: int, outer: int) -> bool:
    """Whether one attribution is nested, at any depth, in another."""
    while inner >= 0:
        if inner == outer:
            return True
        inner = found[inner].nested_in
    return False


def _speakers(scene: Scene, found: list[Attribution]) -> None:
    """Give "I" and "we" in a quotation its source, also where they are a source themselves."""
    covering = holders(found)
    spoken: dict[int, int] = {}
    for m in scene.mentions:
        if m.kind == PRONOUN and m.type == "speaker" and m.cluster < 0:
            outer = [
                found[j] for j in covering.get(m.head, ()) if found[j].nested_in < 0 and found[j].source_cluster >= 0
            ]
            if outer:
                m.cluster = spoken[m.head] = outer[-1].source_cluster
    for a in found:
        if a.source is not None and a.source_cluster < 0:
            a.source_cluster = next((spoken[i] for i in range(*a.source) if i in spoken), -1)


@Language.factory("attribution", requires=["doc._.mentions", "token.dep", "token.lemma"], assigns=["doc._.statements"])
def make_attribution_finder(nlp: Language, name: str) -> AttributionFinder:
    """Component factory."""
    return AttributionFinder()
