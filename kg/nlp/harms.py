"""What ties a figure to a harm: a verb ("killed four"), a noun ("the death of 10"), a state ("12 dead") or a toll.

Every answer is a harm with the token that says so, the figure's trigger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon, syntax
from kg.nlp.counting import first_of_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from kg.nlp.counting import Figure

Tie = tuple[str, "Token"]
_BE: Final = frozenset({"been", "were", "was", "are", "is", "being", "be", "remain", "remained", "remains", "still"})
_SKIPPED: Final = _BE | {
    "also", "reportedly", "have", "has", "had", "allegedly", "already", "now", "all", "feared", "believed", "confirmed",
    "presumed", "may", "might", "reported", "listed", "go", "went", "gone",
}  # fmt: skip
_PASSIVE: Final = _BE | {"feared", "believed", "reportedly", "also", "reported", "confirmed", "presumed"}
_ADJUNCT: Final = frozenset(
    {
        "in", "by", "on", "when", "during", "after", "since", "near", "at", "over", "across", "as", "while", "but", "from",
        "outside", "and", "or", "inside", "around", "along", "following", "within", "before", "this", "last", "overnight",
        "yesterday", "today", "with",
    }
)  # fmt: skip
_ATTRIBUTE: Final = frozenset({"acl", "acl:relcl", "relcl", "amod", "advcl"})
_BEFORE_NUMBER: Final = frozenset({"another", "some", "the", "a", "about", "other", "up", "to", "as", "many", "at", "its"})
_BREAKING: Final = frozenset({",", ";", "that", "which", "while", "and", "but"})
_OPENING: Final = frozenset({"including", "mostly", "mainly", "among", ","})
_AUXILIARY: Final = frozenset({"were", "was", "have", "had", "has"})
_INSERTED: Final = 18
_NEAR: Final = 7
_TOLL_REACH: Final = 16


class Harms:
    """Ties figures to harms; the words are those of ``casualties.toml``."""

    def __init__(self) -> None:
        words = lexicon.load("casualties")
        self._verbs = words.sections("verbs")
        self._with_object = words.sections("with_object")
        self._intransitive = words["grammar.intransitive"]
        self._persons_only = words["grammar.persons_only"]
        self._forcing = words["grammar.forcing"]
        self._planning = words["grammar.planning"]
        self._possible = words["grammar.possible"]
        self._taking = words["taking.verbs"]
        self._taken = words["taking.captured"]
        self._states = words.sections("states")
        self._nouns = words.sections("nouns")
        self._lives = words["remains.lives"]
        self._bodies = words["remains.bodies"]
        self._finding = words["remains.finding"]
        self._tolls = words["toll.nouns"]
        self._toll_kinds = words["toll.kinds"]
        self._counts = words["toll.counts"]
        self._toll_verbs = words["toll.verbs"]

    def of(self, figure: Figure) -> Tie | None:
        """The harm that a figure counts and the word that says so, or None."""
        if figure.part and figure.noun is not None:
            return None
        found = self._toll(figure) or self._by_verb(figure) or self._by_noun(figure) or self._by_state(figure)
        if found is None and figure.single:
            found = self._among(figure) or (self._after(figure) if figure.head.dep_ in syntax.PASSIVE_SUBJECT else None)
        elif found is None and figure.known:
            found = self._after(figure) or self._before(figure) or self._among(figure)
        return None if found is None or self._is_unreal(found[1]) else found

    def is_toll(self, trigger: Token) -> bool:
        """Whether a trigger counts by itself: "the death toll", "the number of dead"."""
        return trigger.lemma_.lower() in self._tolls | self._counts

    def is_done(self, trigger: Token) -> bool:
        """Whether a trigger is a verb that somebody does to the victims."""
        return syntax.is_verb(trigger) and trigger.lemma_.lower() not in self._intransitive

    def of_verb(self, verb: Token) -> str:
        """The harm that a verb does, or an empty string."""
        lemma = verb.lemma_.lower()
        objects = [o.lemma_.lower() for o in syntax.objects(verb)]
        if lemma in self._taking and (set(objects) | {c.lemma_.lower() for c in verb.children if c.i > verb.i}) & self._taken:
            return "captured"
        for harm, verbs in self._verbs.items():
            if lemma in verbs and (lemma not in self._with_object or set(objects) & self._with_object[lemma]):
                return harm
        return ""

    # Grammar

    def _by_verb(self, figure: Figure) -> Tie | None:
        for head in self._heads(figure):
            top = first_of_list(head)
            for token in (head, top) if top.i != head.i else (head,):
                found = self._governed(token, figure) or self._attribute(token, figure)
                if found is not None:
                    return found
        return None

    def _heads(self, figure: Figure) -> Iterator[Token]:
        """The tokens by which a sentence may hold a figure: "a total of 35 soldiers" by its total."""
        yield figure.head
        if figure.noun is not None and figure.noun.i != figure.head.i:
            yield figure.noun
        counts = figure.head.head
        if counts.lemma_.lower() in self._counts and any(n.i == figure.head.i and p == "of" for p, n in syntax.obliques(counts)):
            yield counts

    def _governed(self, token: Token, figure: Figure) -> Tie | None:
        """The verb whose victim a token is, as its subject or object."""
        verb = token.head
        if verb.i == token.i:
            return None
        if token.dep_ in syntax.PASSIVE_SUBJECT | syntax.SUBJECT and verb.lemma_.lower() in self._forcing:
            verb = next((c for c in syntax.complements(verb) if c.lemma_.lower() in self._intransitive), verb)
        harm = self.of_verb(verb)
        if not harm or not (figure.known or verb.lemma_.lower() in self._persons_only):
            return None
        lemma = verb.lemma_.lower()
        if token.dep_ in syntax.PASSIVE_SUBJECT:
            return harm, verb
        if token.dep_ in syntax.OBJECT:
            return None if lemma in self._intransitive and lemma not in self._with_object and harm == "displaced" and not figure.known else (harm, verb)
        if token.dep_ in syntax.SUBJECT and self._suffers(verb):
            return harm, verb
        return None

    def _suffers(self, verb: Token) -> bool:
        """Whether a verb's subject is its victim: "died", "were killed", a headline's "18 killed in clashes"."""
        if verb.lemma_.lower() in self._intransitive or syntax.is_passive(verb):
            return True
        return not syntax.objects(verb) and verb.tag_ == "VBN" and self._ends(verb.doc, verb.i + 1, verb.sent.end)

    def _attribute(self, token: Token, figure: Figure) -> Tie | None:
        """The participle or relative clause that says of a noun what happened to it: "a shell that wounded six", "six killed"."""
        for child in token.children:
            harm = self.of_verb(child) if child.i > token.i else ""
            if not harm or not figure.known:
                continue
            objects = [c for c in child.children if c.dep_ in syntax.OBJECT and c.tag_ not in {"WDT", "WP"}]
            if child.tag_ == "VBN" and child.dep_ in _ATTRIBUTE and not objects and self._ends(child.doc, child.i + 1, child.sent.end):
                return harm, child
            if child.dep_ in syntax.RELATIVE and (child.lemma_.lower() in self._intransitive or syntax.is_passive(child)):
                return harm, child
        return None

    def _by_noun(self, figure: Figure) -> Tie | None:
        """ "the death of 10", "40 deaths", "the lives of 14 people", "the bodies of nine men were found"."""
        doc, head = figure.head.doc, figure.noun or figure.head
        for governor in (figure.head.head, head.head):
            if governor.i == head.i or not any(p in {"of", "to"} and n.i in {figure.head.i, head.i} for p, n in syntax.obliques(governor)):
                continue
            lemma = governor.lemma_.lower()
            verb = governor.head
            if lemma in self._lives and governor.dep_ in syntax.OBJECT and (harm := self.of_verb(verb)):
                return harm, verb
            if lemma in self._bodies and verb.lemma_.lower() in self._finding:
                return "killed", governor
            if governor.pos_ in {"NOUN", "PROPN"} and (harm := _key(self._nouns, lemma)):
                return harm, governor
        counted = [figure.noun] if figure.noun is not None else list(doc[figure.end : figure.end + 1])
        for token in counted:
            if token.pos_ == "NOUN" and token.dep_ != "compound" and (harm := _key(self._nouns, token.lemma_.lower())):
                return harm, token
        if counted and counted[0].lemma_.lower() in self._taken and counted[0].head.lemma_.lower() in self._taking and counted[0].dep_ in syntax.OBJECT | syntax.PASSIVE_SUBJECT:
            return "captured", counted[0].head
        return None

    def _by_state(self, figure: Figure) -> Tie | None:
        """ "12 dead", "2,000 people dead", "fifteen of the wounded"."""
        doc = figure.head.doc
        if figure.noun is not None and (harm := _key(self._states, figure.noun.lower_)):
            return harm, figure.noun
        for token in doc[figure.stop : figure.stop + 1]:
            harm = _key(self._states, token.lower_)
            if harm and figure.known and token.tag_ in {"JJ", "VBN", "VBG", "NN", "NNS", "RB"} and self._ends(doc, token.i + 1, token.sent.end):
                taking = token.head.lemma_.lower() in self._taking
                return harm, token.head if taking else token
        return None

    # What the parse lost

    def _after(self, figure: Figure) -> Tie | None:
        """A harm participle or state that follows the figure, auxiliaries between: "six others were badly hurt"."""
        doc, end = figure.head.doc, figure.head.sent.end
        i = begin = self._behind_insertion(doc, figure.stop, end)
        while i < min(end, begin + _NEAR) and (doc[i].lower_ in _SKIPPED or doc[i].pos_ == "ADV" and not _key(self._states, doc[i].lower_)):
            i += 1
        deed = None  # "four farmers were shot dead"
        if i + 1 < end and doc[i].tag_ in {"VBN", "VBD"} and i > figure.stop and not self.of_verb(doc[i]) and _key(self._states, doc[i + 1].lower_):
            deed, i = doc[i], i + 1
        if i >= end or doc[i].tag_ not in {"VBN", "VBD", "JJ", "VBG"}:
            return None
        state = _key(self._states, doc[i].lower_)
        harm = state or (self.of_verb(doc[i]) if doc[i].tag_ != "VBG" else "")
        passive = i > figure.stop and doc[i - 1].lower_ in _PASSIVE or state and doc[i].tag_ == "JJ"
        if harm and (passive or self._ends(doc, i + 1, end)) and not (doc[i].tag_ != "VBG" and syntax.objects(doc[i]) and not passive):
            return harm, deed or doc[i]
        return None

    def _behind_insertion(self, doc: Doc, i: int, end: int) -> int:
        """Where the predicate begins behind "…, most of them children, were killed", or `i` itself."""
        start = i
        while start < end and doc[start].pos_ == "ADV":
            start += 1
        if start >= end or not (doc[start].lower_ in _OPENING or doc[start].tag_ in {"HYPH", "NFP", ":", "-LRB-"} or _is_garbled(doc[start])):
            return i
        for j in range(start + 1, min(end, start + _INSERTED)):
            token = doc[j]
            if token.lower_ in _AUXILIARY:
                return j if doc[start].text != "," or doc[j - 1].text == "," else i
            if token.text == "," and j + 1 < end and self.of_verb(doc[j + 1]):
                return j + 1
            if token.text in {".", ";"} or (syntax.is_verb(token) and token.lower_ not in _OPENING):
                return i
        return i

    def _before(self, figure: Figure) -> Tie | None:
        """An active harm verb that the figure follows: "wounding at least six", "shot dead four farmers"."""
        doc, start = figure.head.doc, figure.head.sent.start
        j = figure.start - 1
        while j > start and (doc[j].pos_ == "ADV" or doc[j].lower_ in _BEFORE_NUMBER):
            j -= 1
        if j > start and (harm := _key(self._states, doc[j].lower_)) and doc[j].tag_ in {"JJ", "RB"} and syntax.is_verb(doc[j - 1]) and not syntax.is_passive(doc[j - 1]):
            return harm, doc[j - 1]
        if j >= start and syntax.is_verb(doc[j]) and not syntax.is_passive(doc[j]):
            harm = self.of_verb(doc[j])
            if harm and doc[j].lemma_.lower() not in self._intransitive:
                return harm, doc[j]
        return None

    def _among(self, figure: Figure) -> Tie | None:
        """ "Among the dead were two children", "three journalists are among those killed"."""
        sent = figure.head.sent
        for token in sent:
            if token.lower_ != "among":
                continue
            for after in sent.doc[token.i + 1 : min(token.i + 3, sent.end)]:
                harm = _key(self._states, after.lower_)
                between = sent.doc[min(after.i, figure.stop) : max(after.i, figure.start)]
                near = abs(after.i - figure.start) < _NEAR or first_of_list(figure.head).head.i == after.i
                if harm and near and any(t.lower_ in _BE for t in between):
                    return harm, after
        return None

    def _toll(self, figure: Figure) -> Tie | None:
        """ "put the death toll at 85", "the toll was approaching 5,000", "the number of dead rose to 120"."""
        doc = figure.head.doc
        if figure.noun is not None and not figure.known or doc[figure.start - 1 : figure.start].text.lower() == "from":
            return None
        for i in range(figure.start - 1, max(figure.head.sent.start, figure.start - _TOLL_REACH) - 1, -1):
            token = doc[i]
            if token.lower_ in _BREAKING or (token.like_num and doc[i - 1].lower_ not in {"from", "nearly"} and i + 1 < figure.start):
                return None
            if token.lemma_.lower() in self._tolls:
                return ("killed", token) if self._counts_dead(token) else None
            harm = _key(self._states, token.lower_) or _key(self._nouns, token.lemma_.lower())
            if harm:
                count = next((t for t in reversed(doc[max(0, i - 5) : i]) if t.lemma_.lower() in self._counts), None)
                return (harm, count) if count is not None else None
            if self.of_verb(token) or syntax.is_verb(token) and token.lemma_.lower() not in self._toll_verbs:
                return None
        return None

    def _counts_dead(self, toll: Token) -> bool:
        """Whether a toll is one of lives, no "economic toll" and no "toll-free number"."""
        kinds = [c for c in toll.children if c.dep_ in {"amod", "compound"} and c.i < toll.i and c.ent_type_ == ""]
        return toll.pos_ == "NOUN" and toll.doc[toll.i + 1 : toll.i + 2].text != "-" and all(c.lower_ in self._toll_kinds for c in kinds)

    # Bounds

    def _ends(self, doc: Doc, i: int, end: int) -> bool:
        """Whether no object follows a participle: the sentence ends, or an adjunct or a further clause begins."""
        if i >= end:
            return True
        following = doc[i + 1].lower_ if i + 1 < end else ""
        if doc[i].lower_ in _ADJUNCT:
            return following not in {"least", "most", "than"} and not following.isdigit()
        return doc[i].tag_ in {"VBG", "CC", ",", ".", "WRB", "''", ":", "-RRB-"}

    def _is_unreal(self, trigger: Token) -> bool:
        """Whether a harm is only planned, possible or denied."""
        if not syntax.is_verb(trigger):
            return False
        auxiliaries = {c.lower_ for c in trigger.children if c.dep_ in {"aux", "auxpass", "aux:pass"}}
        if auxiliaries & self._possible and not auxiliaries & {"have"}:
            return True
        if any(c.dep_ == "mark" and c.lower_ == "if" for t in (trigger, *syntax.governors(trigger)) for c in t.children if t.i == trigger.i or syntax.is_verb(t)):
            return True
        infinitive = trigger.tag_ == "VB" and "to" in auxiliaries | {c.lower_ for c in trigger.children if c.dep_ == "mark"}
        return syntax.is_negated(trigger) or infinitive and trigger.head.lemma_.lower() in self._planning


def _is_garbled(token: Token) -> bool:
    """Whether a token is none of a language's: what a wrong decoding left of a dash."""
    return not token.is_alpha and not token.is_punct and not token.like_num and not token.is_ascii


def _key(sections: dict[str, frozenset[str]], word: str) -> str:
    """The section that holds a word, or an empty string."""
    return next((name for name, words in sections.items() if word in words), "")
