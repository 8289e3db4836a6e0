"""A figure's harm from the words beside it, where the parse has lost the tie between the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import syntax
from kg.nlp.counting import first_of_list

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.nlp.counting import Figure
    from kg.nlp.harm_words import HarmWords

_BE: Final = frozenset({"been", "were", "was", "are", "is", "being", "be", "remain", "remained", "remains", "still"})
_PASSIVE: Final = _BE | {"feared", "believed", "reportedly", "also", "reported", "confirmed", "presumed"}
_SKIPPED: Final = _PASSIVE | {
    *("have", "has", "had", "allegedly", "already", "now", "all", "may", "might", "listed", "go", "went", "gone"),
}
_BEFORE_NUMBER: Final = frozenset(
    {"another", "some", "the", "a", "about", "other", "up", "to", "as", "many", "at", "its"}
)
_OPENING: Final = frozenset({"including", "mostly", "mainly", "among", ","})
_OPENING_TAGS: Final = frozenset({"HYPH", "NFP", ":", "-LRB-"})
_AUXILIARY: Final = frozenset({"were", "was", "have", "had", "has"})
_PARTICIPLES: Final = frozenset({"VBN", "VBD", "NN"})  # in headlines "shot dead" is taken for a noun
_INSERTED: Final = 18
_NEAR: Final = 7
_AMONG: Final = 20


class Neighbours:
    """Looks at what follows and precedes a figure."""

    def __init__(self, words: HarmWords) -> None:
        self._words = words

    def after(self, figure: Figure) -> tuple[str, Token] | None:
        """A harm participle or state that follows, auxiliaries between: "six others were badly hurt"."""
        doc, end = figure.head.doc, figure.head.sent.end
        i = begin = self._behind_insertion(doc, figure.stop, end)
        while i < min(end, begin + _NEAR) and self._is_skipped(doc[i]):
            i += 1
        if i >= end:
            return None
        if (i > figure.stop or figure.single) and (harm := self._deadly(doc, i, end)):
            return harm, doc[i]
        token = doc[i]
        if token.lemma_.lower() in self._words.forcing and doc[i + 1 : i + 2].text.lower() == "to":
            fled = doc[min(i + 2, end - 1)]
            return (self._words.of_verb(fled), fled) if fled.lemma_.lower() in self._words.intransitive else None
        if token.tag_ not in {"VBN", "VBD", "JJ", "VBG"}:
            return None
        state = self._words.of_state(token)
        harm = state or (self._words.of_verb(token) if token.tag_ != "VBG" else "")
        if (i > figure.stop and doc[i - 1].lower_ in _PASSIVE) or (state and token.tag_ == "JJ"):
            return (harm, token) if harm else None
        dying = token.lemma_.lower() in self._words.intransitive and doc[figure.start - 1].lower_ == "with"
        if token.tag_ == "VBG" and dying:
            return (self._words.of_verb(token), token) if self._words.of_verb(token) else None
        transitive = token.tag_ != "VBG" and bool(syntax.objects(token))
        return (harm, token) if harm and not transitive and self._words.ends(doc, i + 1, end) else None

    def before(self, figure: Figure) -> tuple[str, Token] | None:
        """An active harm verb that precedes: "wounding at least six", "shot dead four farmers"."""
        doc, start = figure.head.doc, figure.head.sent.start
        j = figure.start - 1
        while j > start and (doc[j].pos_ == "ADV" or doc[j].lower_ in _BEFORE_NUMBER):
            j -= 1
        if j > start and (shot := self._shot(doc[j])):
            return shot
        if j >= start and _is_active(doc[j]) and doc[j].lemma_.lower() not in self._words.intransitive:
            harm = self._words.of_verb(doc[j])
            return (harm, doc[j]) if harm else None
        return None

    def shot(self, figure: Figure) -> tuple[str, Token] | None:
        """ "Shot dead an armed man"."""
        return self._shot(figure.head.doc[figure.start - 1]) if figure.start > 1 else None

    def _shot(self, state: Token) -> tuple[str, Token] | None:
        """The verb before a state that it brings about: "[shot] dead"."""
        harm = self._words.of_state(state) if state.tag_ in {"JJ", "RB"} else ""
        return (harm, state.nbor(-1)) if harm and _is_active(state.nbor(-1)) else None

    def among(self, figure: Figure) -> tuple[str, Token] | None:
        """ "Among the dead were two children", "three nurses are among those killed", "of the dead, 12 were women"."""
        doc, sent = figure.head.doc, figure.head.sent
        for token in doc[max(sent.start, figure.start - _AMONG) : min(sent.end, figure.stop + _AMONG)]:
            opening = token.lower_ == "of" and token.i == sent.start
            if token.lower_ != "among" and not opening:
                continue
            for after in doc[token.i + 1 : min(token.i + (6 if opening else 3), sent.end)]:
                harm = self._words.of_state(after)
                between = doc[min(after.i, figure.stop) : max(after.i, figure.start + 2 * opening)]
                near = abs(after.i - figure.start) < _NEAR or first_of_list(figure.head).head.i == after.i
                if harm and near and any(t.lower_ in _BE for t in between):
                    return harm, after
        return None

    def included(self, figure: Figure) -> tuple[str, Token] | None:
        """What those share who are or include the figure: "the dead included three children", "the dead were men"."""
        doc, top = figure.head.doc, first_of_list(figure.head)
        start = figure.head.sent.start
        for verb in (doc[max(0, figure.start - 1)], top.head, *(c for c in top.children if c.dep_ == "cop")):
            includes = syntax.is_verb(verb) and verb.lemma_.lower() in self._words.parts
            if not includes and not (verb.lower_ in _BE and verb.i < figure.start):
                continue
            first = max(start, verb.i - _NEAR) if includes else max(start + 1, verb.i - 1)
            whole = next((t for t in doc[first : verb.i] if self._words.of_state(t)), None)
            if whole is not None and not includes and doc[whole.i - 1].lower_ not in {"the", "those"}:
                continue
            if whole is not None:
                return self._words.of_state(whole), whole
        return None

    def _is_skipped(self, token: Token) -> bool:
        return token.lower_ in _SKIPPED or (token.pos_ == "ADV" and not self._words.of_state(token))

    def _deadly(self, doc: Doc, i: int, end: int) -> str:
        """The harm of "were [shot] dead"; of a participle that says one itself, none."""
        if i + 1 < end and doc[i].tag_ in _PARTICIPLES and not self._words.of_verb(doc[i]):
            return self._words.of_state(doc[i + 1])
        return ""

    def _behind_insertion(self, doc: Doc, i: int, end: int) -> int:
        """Where the predicate begins behind "…, most of them children, were killed", or `i` itself."""
        start = i
        while start < end and doc[start].pos_ == "ADV":
            start += 1
        if start >= end or not _opens(doc[start]):
            return i
        for j in range(start + 1, min(end, start + _INSERTED)):
            token = doc[j]
            if token.lower_ in _AUXILIARY:
                return j if doc[start].text != "," or doc[j - 1].text == "," else i
            if token.text == "," and j + 1 < end and self._words.of_verb(doc[j + 1]):
                return j + 1
            if token.text in {".", ";"} or (syntax.is_verb(token) and token.lower_ not in _OPENING):
                return i
        return i


def _is_active(token: Token) -> bool:
    return syntax.is_verb(token) and not syntax.is_passive(token)


def _opens(token: Token) -> bool:
    """Whether a token may open an insertion; what a wrong decoding has left of a dash may, too."""
    garbled = not (token.is_alpha or token.is_punct or token.like_num or token.is_ascii)
    return token.lower_ in _OPENING or token.tag_ in _OPENING_TAGS or garbled
