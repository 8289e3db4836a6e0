"""Joins the attributions that the tagger learned to find with those that the rules find.

The tagger knows far more cues, and mostly where sources and contents end; the rules know what a cue means, whom a name
stands for, which statements stand in others, and what they say where the tagger is in doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import syntax
from kg.nlp.mentions import ADJECTIVE, PRONOUN
from kg.nlp.names import PLACE
from kg.nlp.quotations import MARKS
from kg.nlp.roles.tagger import AttributionTagger
from kg.nlp.scene import Attribution

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spacy.tokens import Doc, Token

    from kg.nlp.cues import CueFinder
    from kg.nlp.roles.tagger import Tagged
    from kg.nlp.scene import Range, Scene

_CERTAIN: Final = 0.97
"""Below this certainty of the tagger the rules' source and content stand."""
_QUOTED: Final = 0.8
"""The same where the content is whole quotations, whose ends are plain to see."""
_LIKELY: Final = 0.65
"""The least chance, of cue and arguments together, at which what the tagger finds needs no other reason."""
_ANONYMOUS: Final = 0.8
"""The same where nobody says it."""
_POSSIBLE: Final = 0.48
"""The least chance of what somebody says who can speak."""
_RELATIVE: Final = frozenset({"WDT", "WP", "WP$"})
_KEPT: Final = frozenset({"accuse", "appeal", "deny", "pledge", "withhold"})
"""Classes of cues whose content the rules choose by what the statement means."""
_JOINED: Final = frozenset({"accuse", "deny", "appeal", "withhold"})
"""Classes of cues that, joined to a content by "and" or "but", are rather joined to its cue."""
_SPEECH: Final = frozenset({"report", "evidence", "accuse", "deny", "withhold", "pledge", "appeal"})
"""Classes of cues that make a statement within a statement."""


class LearnedFinder:
    """Finds attributions with a trained network, and joins them with those of the rules."""

    def __init__(self, folder: Path, cues: CueFinder) -> None:
        self._tagger = AttributionTagger.load(folder)
        self._cues = cues

    def join(self, scene: Scene, ruled: list[Attribution]) -> list[Attribution]:
        """What the tagger finds, then what only the rules find; `ruled` alone if the Doc is of another pipeline."""
        if not self._tagger.reads(scene.doc):
            return ruled
        joined: list[Attribution] = []
        shared = {i for a in ruled for i in range(*a.cue)}
        for t in self._tagger(scene.doc, alone=_POSSIBLE, shared=shared):
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
        if t.source is None:
            return
        if scene.doc[t.source[0]].tag_ in _RELATIVE:
            if a.source_cluster >= 0:  # "who": as other pronouns, if it is known for whom it stands
                a.source = t.source
        elif a.source is not None and _overlap(a.source, t.source):
            a.source = t.source
        elif sure:
            a.source, a.source_cluster = t.source, _actor(scene, t.source)

    def _new(self, scene: Scene, t: Tagged) -> list[Attribution]:
        """An attribution that only the tagger found; none where it is unlikely, or is only possible or due."""
        head = scene.doc[t.head]
        if head.pos_ == "ADV":
            return []
        # "were quick to deny" means what its last verb means
        known = (self._cues.classes(v) for v in reversed(scene.doc[slice(*t.cue)]) if syntax.is_verb(v))
        classes, noun = next((k for k in (self._cues.classes(head), *known) if k[0]), ([], ""))
        chance = t.probability * t.certainty
        enough = _LIKELY if t.source is not None else _ANONYMOUS
        if chance < enough and not (chance >= _POSSIBLE and self._cues.is_act(head) and _has_speaker(scene, t)):
            return []
        content, content2 = _contents(scene, t)
        return [
            Attribution(
                t.head,
                t.cue,
                classes,
                head.lemma_.lower(),
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
    """Let cues be as long as the tagger finds them, "has repeatedly denied", but for adjuncts: "said [on Monday]"."""
    for a in same:
        end = a.cue[1]
        while end < t.cue[1] and not _opens_adjunct(scene.doc[end]):
            end += 1
        wide = min(a.cue[0], t.cue[0]), end
        if not any(part is not None and _overlap(part, wide) for part in (a.source, a.content, a.content2)):
            a.cue = wide


def _opens_adjunct(token: Token) -> bool:
    return token.ent_type_ == "DATE" or (token.tag_ == "IN" and token.lower_ != "as")


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


def _has_speaker(scene: Scene, t: Tagged) -> bool:
    """Whether a source is somebody who can speak."""
    return t.source is not None and scene.can_speak(scene.doc[slice(*t.source)].root)


def _stands(scene: Scene, a: Attribution, joined: Iterable[Attribution]) -> bool:
    """Whether what only the rules found is kept: inside another statement, only speech of a named other source."""
    outer = [o for o in joined if o.covers(a.verb)]
    if not outer:
        return True
    if a.source is None or a.source_cluster < 0 or not _SPEECH & set(a.classes):
        return False
    if _JOINED & set(a.classes) and scene.doc[a.cue[0] - 1].lower_ in {"and", "but"}:
        return True  # "said it had won but gave no details"
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
