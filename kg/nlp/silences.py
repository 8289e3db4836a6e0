"""Silences that no verb of speech tells: "had no comment", "could not be reached for comment", "have yet to respond".

A silence is an attribution of class "withhold": the source is who is silent, the content what is not said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax
from kg.nlp.scene import Attribution

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.nlp.scene import Range, Scene
    from kg.nlp.sources import SourceFinder

_NEAR: Final = 4
"""How many tokens behind "reached" or "available" the comment may stand."""


class SilenceFinder:
    """Finds silences; the words are those of ``cues.toml``."""

    def __init__(self, sources: SourceFinder) -> None:
        words = lexicon.load("cues")
        self._sources = sources
        self._answers = words["silence.answers"]
        self._verbs = words["silence.verbs"]
        self._withheld = words["verbs.withhold_what"]
        self._reachable = words["silence.reachable"]
        self._unreachable = words["silence.unreachable"]

    def at(self, scene: Scene, token: Token) -> Attribution | None:
        """The silence that a token tells of, or None."""
        lemma = token.lemma_.lower()
        if lemma in self._answers and token.pos_ == "NOUN":
            return self._unanswered(scene, token)
        if lemma in self._reachable | self._unreachable:
            return self._unreached(scene, token)
        return None

    def _unanswered(self, scene: Scene, noun: Token) -> Attribution | None:
        """ "X gave no details of it", "there was no comment from X"."""
        verb = noun.head
        if not (syntax.is_negated(noun) or (syntax.is_negated(verb) and verb.lemma_.lower() not in self._withheld)):
            return None
        if noun in syntax.objects(verb) and verb.lemma_.lower() in self._verbs:
            source = syntax.subject(verb)
            content = syntax.phrase_range(noun)
        elif any(c.dep_ == "expl" for c in verb.children):
            giver = (n for p, n in (*syntax.obliques(noun), *syntax.obliques(verb)) if p == "from")
            source = next(giver, None)
            content = noun.left_edge.i, noun.i + 1
        else:
            return None
        return self._silence(scene, verb, (verb.i, verb.i + 1), source, content)

    def _unreached(self, scene: Scene, token: Token) -> Attribution | None:
        """ "Could not be reached for comment", "was not immediately available to comment"."""
        behind = scene.doc[token.i + 1 : min(token.sent.end, token.i + 1 + _NEAR)]
        answer = next((t for t in behind if t.lemma_.lower() in self._answers), None)
        silent = syntax.is_negated(token) or token.lemma_.lower() in self._unreachable
        if answer is None or not silent:
            return None
        subject = next(iter(syntax.own_subjects(token)), None) or syntax.subject(token)
        helpers = [c.i for c in token.children if c.dep_ in {"aux", "aux:pass", "cop"} and c.i < token.i]
        start = min([*helpers, token.i])
        return self._silence(scene, token, (start, token.i + 1), subject, (token.i + 1, answer.i + 1))

    def _silence(
        self, scene: Scene, verb: Token, cue: Range, source: Token | None, content: Range
    ) -> Attribution | None:
        a = Attribution(verb.i, cue, ["withhold"], verb.lemma_.lower(), content=content, negated=True, nominal=True)
        named = source is not None and scene.can_speak(source) and self._sources.names(scene, a, source)
        return a if named else None


def join_refusals(found: list[Attribution], scene: Scene) -> list[Attribution]:
    """ "Has neither confirmed nor denied it" is one silence about what is denied."""
    joined: set[int] = set()
    for a in found:
        if "withhold" not in a.classes or a.content is None or scene.doc[a.content[0]].lower_ != "nor":
            continue
        other = next((o for o in found if o is not a and o.verb == a.content[0] + 1), None)
        if other is not None and other.content is not None:
            a.cue, a.content = (a.cue[0], other.cue[1]), other.content
            joined.add(id(other))
    return [a for a in found if id(a) not in joined]
