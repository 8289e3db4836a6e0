"""Where one statement's content runs into the next statement, and must end before it.

"Said it had pulled back, but Kyiv denied it"; "has not given figures but claims that …"; "…, a charge Kigali denies".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax
from kg.nlp.scene import holders

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.nlp.scene import Attribution, Range

_JOINING: Final = frozenset({"and", "but", "while", "whereas", "however", "although", "though"})
_ADVERSE: Final = frozenset({"but", "however", "while", "whereas"})
_BEFORE_SOURCE: Final = frozenset({"DT", "JJ", "PRP$", "RB", "EX"})
_BETWEEN: Final = frozenset({"DT", "IN", "WDT"})
_CLOSED: Final = frozenset({"withhold", "deny"})
"""Classes of cues whose contents seldom hold a second clause."""
TURNING: Final = frozenset({"accuse", "deny", "appeal", "withhold"})
"""Classes of cues that a source rather turns to than tells of itself: "said it had won and accused …"."""
_FEWEST: Final = 2
"""How many tokens of a content must remain."""


def part(doc: Doc, found: list[Attribution]) -> None:
    """End each content before a statement that is not in it but joined to it."""
    covering = holders(found)
    for b in found:
        if b.source is not None and b.source[1] - b.source[0] > 1 and doc[b.source[0]].lower_ in _JOINING:
            b.source = b.source[0] + 1, b.source[1]
        start = _beginning(doc, b)
        for i in covering.get(b.verb, ()) if start >= 0 else ():
            a = found[i]
            if a is b or a.content is None or not a.content[0] + _FEWEST <= start < a.content[1]:
                continue
            if _is_joined(doc, a, b, start):
                a.content = syntax.trim(doc, a.content[0], start)


def taken_up(doc: Doc, a: Attribution) -> Range | None:
    """The words in which a denial takes up what was said before: "…, a charge [that] X denies", "one denied by X"."""
    if "deny" not in a.classes or a.source is None:
        return None
    i = min(a.source[0], a.cue[0]) - 1
    while i > 0 and doc[i].tag_ in _BETWEEN:
        i -= 1
    noun = {doc[i].lemma_.lower(), doc[i].lower_.removesuffix("s")}
    start = i - (i > 0 and doc[i - 1].tag_ == "DT")
    apart = start > 0 and doc[start - 1].text in {",", "—", "–"}
    return (start, i + 1) if apart and noun & lexicon.load("cues")["context.tellings"] else None


def _beginning(doc: Doc, b: Attribution) -> int:
    """The token by which a statement is joined to what stands before it, or -1."""
    noun = taken_up(doc, b)
    if noun is not None:
        return noun[0]
    i, source = b.cue[0], b.source
    if source is not None and source[1] <= i and not any(map(syntax.is_verb, doc[source[1] : i])):
        i = source[0]
    while i > 0 and doc[i - 1].tag_ in _BEFORE_SOURCE and doc[i - 1].lower_ not in _JOINING:
        i -= 1
    after_comma = "withhold" in b.classes and i < b.cue[0] and doc[i - 1].text == ","
    return i - 1 if i > 0 and (after_comma or doc[i - 1].lower_ in _JOINING) else -1


def _is_joined(doc: Doc, a: Attribution, b: Attribution, start: int) -> bool:
    """Whether a statement in another's content is said beside it: by the same source, or after a comma or "but"."""
    if doc[start].lower_ not in _JOINING:
        return True
    adverse, closed = doc[start].lower_ in _ADVERSE, bool(_CLOSED & set(a.classes))
    if b.source is None or b.source[0] < start:
        joined = adverse or closed or bool(TURNING & set(b.classes)) or doc[b.verb].dep_ in {"conj", "parataxis"}
        return joined and a.source_cluster == b.source_cluster >= 0
    apart = adverse or doc[start - 1].text in {",", ";"} or "withhold" in a.classes
    return apart and a.source_cluster != b.source_cluster
