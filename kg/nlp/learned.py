"""Joins the attributions that the tagger learned to find with those that the rules find.

The tagger knows far more cues, and mostly where sources and contents end; the rules know what a cue means, whom a name
stands for, which statements stand in others, and what they say where the tagger is in doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.nlp import syntax
from kg.nlp.mentions import ADJECTIVE, PRONOUN
from kg.nlp.names import PLACE
from kg.nlp.partings import TURNING
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


@dataclass(frozen=True, slots=True)
class _Trust:
    """How far the tagger is followed: the chances at which F1 is best on articles that were held out."""

    certain: float
    """Below this certainty of its labels the rules' source and content stand."""
    likely: float
    """The least chance, of cue and arguments together, of what only the tagger finds."""
    anonymous: float
    """The same where nobody says it."""


_PUNCTUATED: Final = _Trust(0.85, 0.35, 0.5)
_BARE: Final = _Trust(0.97, 0.65, 0.8)
"""For text that lost its commas, which is unlike all that the tagger learned from."""
_COMMAS: Final = 0.01
"""The least share of commas among the tokens of text that has them."""
_QUOTED: Final = 0.8
"""The certainty that is enough where the content is whole quotations, whose ends are plain to see."""
_RELATIVE: Final = frozenset({"WDT", "WP", "WP$"})
_KEPT: Final = frozenset({"accuse", "appeal", "deny", "pledge", "withhold"})
"""Classes of cues whose content the rules choose by what the statement means."""
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
        trust = _PUNCTUATED if _has_commas(scene.doc) else _BARE
        shared = {i for a in ruled for i in range(*a.cue)}
        for t in self._tagger(scene.doc, alone=trust.likely, shared=shared):
            same = [a for a in ruled if _overlap(a.cue, t.cue)]
            ruled = [a for a in ruled if not _overlap(a.cue, t.cue)]
            if len(same) == 1:
                self._refine(scene, same[0], t, trust)
            _widen(scene, same, t)
            joined += same or self._new(scene, t, trust)
        return joined + [a for a in ruled if _stands(scene, a, joined)]

    def _refine(self, scene: Scene, a: Attribution, t: Tagged, trust: _Trust) -> None:
        """Give what the rules found the tagger's ranges, where it is sure and the rules have no reason for theirs."""
        a.attested = t.probability * t.certainty >= trust.likely
        sure = False
        if a.content is not None and not a.noun and not self._cues.is_adverb(scene.doc[a.verb]):
            sure = t.certainty >= trust.certain and not _KEPT & set(a.classes) and _tells(scene, a, t)
            quoted = t.certainty >= _QUOTED and _overlap(a.content, t.contents[0]) and _is_quoted(scene, t)
            if sure or quoted:
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

    def _new(self, scene: Scene, t: Tagged, trust: _Trust) -> list[Attribution]:
        """An attribution that only the tagger found; none where it is unlikely."""
        if t.probability * t.certainty < (trust.likely if t.source is not None else trust.anonymous):
            return []
        head = scene.doc[t.head]
        if head.pos_ == "ADV":
            return []
        # "were quick to deny" means what its last verb means
        known = (self._cues.classes(v) for v in reversed(scene.doc[slice(*t.cue)]) if syntax.is_verb(v))
        classes, noun = next((k for k in (self._cues.classes(head), *known) if k[0]), ([], ""))
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
    """Let cues be as long as the tagger finds them, "has repeatedly denied", but for adjuncts: "said [on Monday]".

    A preposition stays where the content is what it governs: "called for".
    """
    for a in same:
        end = a.cue[1]
        starts = {r[0] for r in (a.content, *t.contents) if r is not None}
        while end < t.cue[1] and (_governs(scene.doc[end], starts) or not _opens_adjunct(scene.doc[end])):
            end += 1
        wide = min(a.cue[0], t.cue[0]), end
        if not any(part is not None and _overlap(part, wide) for part in (a.source, a.content, a.content2)):
            a.cue = wide


def _opens_adjunct(token: Token) -> bool:
    return token.ent_type_ == "DATE" or (token.tag_ == "IN" and token.lower_ != "as")


def _governs(token: Token, starts: set[int]) -> bool:
    """Whether a token is a preposition with a content behind it."""
    follows = token.i + 1 in starts and token.nbor().ent_type_ != "DATE"
    return follows and token.tag_ == "IN" and token.lower_ != "that"


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


def _tells(scene: Scene, a: Attribution, t: Tagged) -> bool:
    """Whether the tagger's content holds a verb, or the rules' none either: none says no more than "Smith"."""
    theirs = (token for r in t.contents for token in scene.doc[slice(*r)])
    return any(map(syntax.is_verb, theirs)) or not any(map(syntax.is_verb, a.words(scene.doc)))


def _has_commas(doc: Doc) -> bool:
    """Whether a text has its commas; a few words without one may not have lost any, but they do not tell."""
    return sum(token.text == "," for token in doc) >= _COMMAS * len(doc)


def _stands(scene: Scene, a: Attribution, joined: Iterable[Attribution]) -> bool:
    """Whether what only the rules found is kept: no mere thought, and in another statement plain speech of another."""
    if set(a.classes) == {"think"}:
        return False
    outer = [o for o in joined if o.covers(a.verb)]
    if not outer:
        return True
    if a.source is None or a.source_cluster < 0 or not _SPEECH & set(a.classes):
        return False
    if TURNING & set(a.classes) and scene.doc[a.cue[0] - 1].lower_ in {"and", "but"}:
        return True  # "said it had won but gave no details"
    speaker, verb = scene.mention(a.source[1] - 1), scene.doc[a.verb]
    named = speaker is None or speaker.kind != PRONOUN
    finite = bool(syntax.own_subjects(verb)) or syntax.is_passive(verb)
    denies = a.content is None or "deny" in a.classes  # "a charge that the rebels deny"
    tells = denies or any(map(syntax.is_verb, a.words(scene.doc)))
    return named and finite and tells and all(o.source_cluster != a.source_cluster and _is_within(a, o) for o in outer)


def _is_within(inner: Attribution, outer: Attribution) -> bool:
    """Whether all that one says belongs to what the other says."""
    return all(any(b <= start and end <= e for b, e in outer.parts()) for start, end in inner.parts())


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
