"""Joins the attributions that the tagger learned to find with those that the rules find.

The tagger knows far more cues, and mostly where sources and contents end; the rules know what a cue means, whom a name
stands for, which statements stand in others, and what they say where the tagger is in doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax
from kg.nlp.mentions import ADJECTIVE, PRONOUN
from kg.nlp.names import PLACE
from kg.nlp.quotations import MARKS
from kg.nlp.roles.tagger import AttributionTagger
from kg.nlp.scene import Attribution

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spacy.tokens import Doc

    from kg.nlp.cues import CueFinder
    from kg.nlp.roles.tagger import Tagged
    from kg.nlp.scene import Range, Scene

_CERTAIN: Final = 0.98
"""Below this certainty of the tagger the rules' source and content stand."""
_QUOTED: Final = 0.8
"""The same where the content is whole quotations, whose ends are plain to see."""
_LIKELY: Final = 0.65
"""The least chance, of cue and arguments together, of what the tagger alone has found."""
_RELATIVE: Final = frozenset({"WDT", "WP", "WP$"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_DEEDS: Final = ("events", "casualties")
"""Lexicons whose verbs tell what somebody does."""
_KEPT: Final = frozenset({"accuse", "appeal", "deny", "pledge", "withhold"})
"""Classes of cues whose content the rules choose by what the statement means."""
_SPEECH: Final = frozenset({"report", "evidence", "accuse", "deny", "withhold", "pledge", "appeal"})
"""Classes of cues that make a statement within a statement."""


class LearnedFinder:
    """Finds attributions with a trained network, and joins them with those of the rules."""

    def __init__(self, folder: Path, cues: CueFinder) -> None:
        self._tagger = AttributionTagger.load(folder)
        self._cues = cues
        self._deeds = frozenset[str]().union(
            *(words for name in _DEEDS for words in lexicon.load(name).sections("verbs").values()),
            *(words for name in ("loose", "forces") for words in lexicon.load("events").sections(name).values()),
        )

    def join(self, scene: Scene, ruled: list[Attribution]) -> list[Attribution]:
        """What the tagger finds, then what only the rules find; `ruled` alone if the Doc is of another pipeline."""
        if not self._tagger.reads(scene.doc):
            return ruled
        joined: list[Attribution] = []
        shared = {i for a in ruled for i in range(*a.cue)}
        for t in self._tagger(scene.doc, alone=_LIKELY, shared=shared):
            same = [a for a in ruled if _overlap(a.cue, t.cue)]
            ruled = [a for a in ruled if not _overlap(a.cue, t.cue)]
            if len(same) == 1:
                self._refine(scene, same[0], t)
            _widen(scene, same, t)
            joined += same or self._new(scene, t)
        return joined + [a for a in ruled if _stands(scene, a, joined)]

    def _refine(self, scene: Scene, a: Attribution, t: Tagged) -> None:
        """Give what the rules found the tagger's ranges, where it is sure and the rules have no reason for theirs."""
        a.attested = t.probability * t.certainty >= _LIKELY
        if a.content is None or a.noun or self._cues.is_adverb(scene.doc[a.verb]):
            return
        sure = t.certainty >= _CERTAIN and not _KEPT & set(a.classes)
        if sure or (t.certainty >= _QUOTED and _overlap(a.content, t.contents[0]) and _is_quoted(scene, t)):
            a.content, a.content2 = _contents(scene, t)
        if t.source is None or scene.doc[t.source[0]].tag_ in _RELATIVE:
            return
        if a.source is not None and _overlap(a.source, t.source):
            a.source = t.source
        elif sure:
            a.source, a.source_cluster = t.source, _actor(scene, t.source)

    def _new(self, scene: Scene, t: Tagged) -> list[Attribution]:
        """An attribution that only the tagger found; none where it is unlikely, or a deed that the article reports."""
        head = scene.doc[t.head]
        classes, noun = self._cues.classes(head)
        lemma = head.lemma_.lower()
        if t.probability * t.certainty < _LIKELY:
            return []
        if not self._cues.is_act(head) or (not classes and lemma in self._deeds and not _is_told(scene, t)):
            return []
        content, content2 = _contents(scene, t)
        return [
            Attribution(
                t.head,
                t.cue,
                classes,
                lemma,
                source=t.source,
                source_cluster=_actor(scene, t.source) if t.source is not None else -1,
                content=content,
                content2=content2,
                negated=syntax.is_negated(head),
                passive=syntax.is_passive(head),
                noun=noun,
                attested=True,
                confidence=round(t.probability, 2),
            )
        ]


def _widen(scene: Scene, same: Iterable[Attribution], t: Tagged) -> None:
    """Let cues be as long as the tagger finds them, "has repeatedly denied", but for adjuncts: "said [in a report]"."""
    for a in same:
        end = a.cue[1]
        while end < t.cue[1] and (scene.doc[end].tag_ != "IN" or scene.doc[end].lower_ == "as"):
            end += 1
        wide = min(a.cue[0], t.cue[0]), end
        if not any(part is not None and _overlap(part, wide) for part in (a.source, a.content, a.content2)):
            a.cue = wide


def _contents(scene: Scene, t: Tagged) -> tuple[Range, Range | None]:
    """The one or two parts of a content without the "that" before them and the quotation marks around them."""
    parts = [_bare(scene.doc, *part) for part in t.contents]
    return parts[0], parts[1] if len(parts) > 1 else None


def _bare(doc: Doc, start: int, end: int) -> Range:
    if end - start > 1 and doc[start].lower_ == "that":
        start += 1
    if end - start > 2 and doc[start].text in MARKS and doc[end - 1].text in MARKS:
        start, end = start + 1, end - 1
    return start, end


def _is_quoted(scene: Scene, t: Tagged) -> bool:
    """Whether a content is whole quotations and nothing else."""
    ends = [scene.doc[i].text for start, end in t.contents for i in (start, end - 1)]
    return all(text in MARKS for text in ends)


def _is_told(scene: Scene, t: Tagged) -> bool:
    """Whether a content is words or a clause rather than a thing: "released 12 hostages" tells of no statement."""
    inside = [scene.doc[i] for start, end in t.contents for i in range(start, end)]
    return any(token.tag_ in _FINITE or token.text in MARKS for token in inside)


def _stands(scene: Scene, a: Attribution, joined: Iterable[Attribution]) -> bool:
    """Whether what only the rules found is kept: inside another statement, only speech of a named other source."""
    outer = [o for o in joined if o.covers(a.verb)]
    if not outer:
        return True
    if a.source is None or a.source_cluster < 0 or not _SPEECH & set(a.classes):
        return False
    speaker = scene.mention(a.source[1] - 1)
    named = speaker is None or speaker.kind != PRONOUN
    return named and all(o.source_cluster != a.source_cluster for o in outer)


def _actor(scene: Scene, source: Range) -> int:
    """The actor that a source phrase stands for: whose mention its head belongs to, else the last one in it; or -1."""
    root = scene.doc[source[0] : source[1]].root.i
    for i in (root, *reversed(range(*source))):
        mention = scene.mention(i)
        if mention is not None and mention.kind != ADJECTIVE and mention.type != PLACE and mention.cluster >= 0:
            return mention.cluster
    return -1


def _overlap(a: Range, b: Range) -> bool:
    return a[0] < b[1] and b[0] < a[1]
