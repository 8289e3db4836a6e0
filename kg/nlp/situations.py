"""What the extractors of situations share: who asserts a token, and the plain records that they write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.model import StatementKind
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import register
from kg.nlp.scene import holders, read_attributions

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.nlp.scene import Attribution
    from kg.nlp.who import Who

Record = dict[str, Any]
_OUTSIDE: Final = frozenset({"NN", "NNS", "NNP", "NNPS", "WDT", "IN"})


class Voices:
    """Which statement a token stands in."""

    def __init__(self, doc: Doc) -> None:
        self.attributions: list[Attribution] = read_attributions(doc)
        self._holders = holders(self.attributions)
        self._speech = lexicon.load("cues")["verbs.speech"]

    def at(self, token: Token) -> int:
        """Index of the innermost statement whose content holds the token, or -1 where the article itself speaks.

        What is joined to the cue is done and not said: "rejected the truce and fired rockets".
        """
        joined = {t.head.i for t in (token, *syntax.governors(token)) if t.dep_ == "conj"}
        return next((i for i in self._holders.get(token.i, []) if self.attributions[i].verb not in joined), -1)

    def giver(self, token: Token) -> int:
        """Who gives a figure: as :meth:`at`, with two exceptions.

        A finding that somebody reports ("said its data showed") is given by who reports it; what a mere noun phrase
        takes for granted ("condemned the strike that killed ten") by the article itself. What somebody is accused of
        doing ("of killing ten") the accuser says.
        """
        i = self.at(token)
        charged = syntax.is_prepositional(syntax.first_conjunct(token))
        while i >= 0 and self.attributions[i].nominal and not self._tells(self.attributions[i]):
            if charged and "accuse" in self.attributions[i].classes:
                return i
            i = self.attributions[i].nested_in
        while (
            i >= 0
            and self.attributions[i].nested_in >= 0
            and set(self.attributions[i].classes) <= {"evidence", "report"}
            and "evidence" in self.attributions[i].classes
            and not (self.attributions[i].source_cluster >= 0 and self.attributions[i].lemma in self._speech)
        ):
            i = self.attributions[i].nested_in
        return i

    def _tells(self, a: Attribution) -> bool:
        return (
            bool({"report", "evidence", "think"} & set(a.classes))
            and a.noun == ""
            and not {"accuse", "pledge"} & set(a.classes)
            and a.lemma != "claim"
        )

    def kind(self, index: int) -> str:
        """The kind of a statement, empty for the article itself."""
        return self.attributions[index].kind if index >= 0 else ""

    def is_unreal(self, index: int) -> bool:
        """Whether what a statement holds is wished, promised or withheld rather than said to be so."""
        return self.kind(index) in {StatementKind.APPEAL, StatementKind.PLEDGE, StatementKind.NON_DISCLOSURE}

    def is_disowned(self, index: int) -> bool:
        """Whether what a statement holds is denied, wished or promised: nobody says that it is so."""
        return self.is_unreal(index) or self.kind(index) == StatementKind.DENIAL

    def is_told(self, index: int, token: Token) -> bool:
        """Whether a statement tells what a token of its content does; a pledge to go on with it tells that it is so."""
        going_on = self.kind(index) == StatementKind.PLEDGE and syntax.goes_on(token)
        return going_on or not self.is_disowned(index)


def doer(who: Who, token: Token | None) -> Record | None:
    """Who acts: the actor that a token stands for, or None; a thing ("shrapnel") does nothing by itself."""
    cluster = who.at(token) if token is not None else -1
    return {"cluster": cluster} if cluster >= 0 else None


def noun_phrase(head: Token) -> tuple[int, int]:
    """A noun with what stands before it, without "at least" and the like, and with its "of …"."""
    start, end = syntax.phrase_range(head)
    doc = head.doc
    while start < head.i and (
        doc[start].pos_ in {"ADV", "ADP"} or doc[start].lower_ in {"least", "most", "more", "than"}
    ):
        start += 1
    while start < head.i and doc[start].tag_ == "JJ" and doc[start + 1].tag_ == "CD":
        start += 1  # "shot dead two farmers"
    for i in range(start + 1, head.i):  # "in the exchange one man was killed", where the parse ties both
        if doc[i].dep_ in {"det", "nummod"} and doc[i].head.i == head.i and doc[i - 1].tag_ in _OUTSIDE:
            start = i
    end = head.i + 1
    if end < len(doc) and doc[end].lower_ == "of":
        inner = next((n for p, n in syntax.obliques(head) if p == "of"), None)
        end = inner.i + 1 if inner is not None else end
    return start, end


def participant(who: Who, token: Token | None) -> Record | None:
    """Who or what a token stands for: an actor, a place, or else the words of its phrase; None for no token."""
    if token is None:
        return None
    cluster = who.at(token)
    if cluster >= 0:
        return {"cluster": cluster}
    if who.is_place(token):
        return {"place": token.i}
    if token.pos_ == "PRON":
        return None
    return {"range": noun_phrase(token)}


for _name in ("casualties", "alliances", "mediations", "relations", "events"):
    register(_name, [])
