"""What ties a figure to a harm: a verb ("killed four"), a noun ("the death of 10"), a state ("12 dead") or a toll.

Every answer is a harm with the token that says so, the figure's trigger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import Harm
from kg.nlp import syntax
from kg.nlp.counting import first_of_list
from kg.nlp.harm_neighbours import Neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.nlp.counting import Figure
    from kg.nlp.harm_words import HarmWords

Tie = tuple[str, "Token"]
_ATTRIBUTE: Final = frozenset({"acl", "acl:relcl", "amod", "advcl"})
_BREAKING: Final = frozenset({",", ";", "that", "which", "while", "and", "but"})
_ACTIVE: Final = frozenset({"VBG", "VBD", "VBZ", "VBP"})
_COUNTING: Final = frozenset(
    {"at", "least", "more", "than", "about", "some", "another", "nearly", "almost", "over", "around"}
)
_TOLL_REACH: Final = 16
_COUNT_REACH: Final = 5


class Harms:
    """Ties one Doc's figures to harms: by the grammar, or by their neighbours where the parse has lost it."""

    def __init__(self, words: HarmWords) -> None:
        self._words = words
        self._neighbours = Neighbours(words)
        self._attributes: dict[int, Tie | None] = {}

    def of(self, figure: Figure) -> Tie | None:
        """The harm that a figure counts and the word that says so, or None."""
        if figure.part and figure.noun is not None and figure.noun.lemma_.lower() not in self._words.same:
            return None
        found = (
            self._toll(figure)
            or self._beside(figure)
            or self._by_verb(figure)
            or self._by_noun(figure)
            or self._by_state(figure)
        )
        near = self._neighbours
        if found is not None and found[0] == Harm.DISPLACED:  # "evacuated 30 wounded soldiers"
            found = self._attributive(figure) or found
        if found is None and figure.single:
            found = near.among(figure) or near.included(figure) or near.shot(figure)
            if found is None and (figure.head.dep_ in syntax.PASSIVE_SUBJECT or figure.bare):
                found = near.after(figure)
        elif found is None and figure.known:
            found = near.after(figure) or near.before(figure) or near.among(figure) or near.included(figure)
        return None if found is None or self._words.is_unreal(found[1]) else found

    # Verbs

    def _beside(self, figure: Figure) -> Tie | None:
        """The verb right before a figure, whatever the parse ties it to: "killing nine and injuring 12 others"."""
        doc, i = figure.head.doc, figure.start - 1
        while i > figure.head.sent.start and doc[i].lower_ in _COUNTING:
            i -= 1
        verb = doc[i] if i >= 0 else figure.head
        # "killed at least 15 and injured scores more", where the parser takes the second verb for a participle
        joined = verb.tag_ == "VBN" and doc[i - 1].lower_ == "and" and not self._words.of_verb(doc[i - 2])
        active = verb.tag_ in _ACTIVE or joined
        harm = self._words.of_verb(verb) if active and not figure.single else ""
        harm = harm or (self._words.of_state(verb) if joined else "")
        return (harm, verb) if harm and (figure.known or verb.lemma_.lower() in self._words.persons_only) else None

    def _by_verb(self, figure: Figure) -> Tie | None:
        for head in self._heads(figure):
            top = first_of_list(head)
            for token in (head, top) if top.i != head.i else (head,):
                found = self._governed(token, figure) or self._included(token, figure)
                if found is None and figure.known:
                    # The members of a list share its first one's attribute, which is looked for once.
                    if token.i not in self._attributes:
                        self._attributes[token.i] = self._attribute(token)
                    found = self._attributes[token.i]
                if found is not None:
                    return found
        return None

    def _heads(self, figure: Figure) -> Iterator[Token]:
        """The tokens by which a sentence may hold a figure: "a total of 35 soldiers" by its total."""
        yield figure.head
        if figure.noun is not None and figure.noun.i != figure.head.i:
            yield figure.noun
        total = _governor(figure.head, {"of"})
        if total is not None and total.lemma_.lower() in self._words.counts:
            yield total

    def _governed(self, token: Token, figure: Figure) -> Tie | None:
        """The verb whose victim a token is, as its subject or object."""
        verb, words = token.head, self._words
        is_subject = token.dep_ in syntax.PASSIVE_SUBJECT | syntax.SUBJECT
        forced = is_subject or token.dep_ in syntax.OBJECT
        if forced and verb.lemma_.lower() in words.forcing:
            verb = next((c for c in syntax.complements(verb) if c.lemma_.lower() in words.intransitive), verb)
        harm = words.of_verb(verb) if verb.i != token.i else ""
        if not harm or not (figure.known or verb.lemma_.lower() in words.persons_only):
            return None
        suffered = token.dep_ in syntax.PASSIVE_SUBJECT | syntax.OBJECT or (is_subject and words.is_suffered(verb))
        return (harm, verb) if suffered else None

    def _included(self, token: Token, figure: Figure) -> Tie | None:
        """The harm of an uncounted whole: "killed a family, including four children"."""
        if not any(c.dep_ == "case" and c.lower_ in self._words.parts for c in token.children):
            return None
        whole = token.head
        if not syntax.is_verb(whole):
            return self._governed(whole, figure)
        harm = self._words.of_verb(whole) if figure.known else ""
        return (harm, whole) if harm else None

    def _attribute(self, token: Token) -> Tie | None:
        """The participle or relative clause that tells what happened to a noun: "six killed in", "nine who died"."""
        for child in token.children:
            harm = self._words.of_verb(child) if child.i > token.i else ""
            if not harm:
                continue
            if child.dep_ in syntax.RELATIVE and self._words.is_suffered(child):
                return harm, child
            objects = [c for c in child.children if c.dep_ in syntax.OBJECT and c.tag_ not in {"WDT", "WP"}]
            bare = child.tag_ == "VBN" and child.dep_ in _ATTRIBUTE and not objects
            if bare and self._words.ends(child.doc, child.i + 1, child.sent.end):
                return harm, child
        return None

    # Nouns and states

    def _by_noun(self, figure: Figure) -> Tie | None:
        """ "The death of 10", "40 deaths", "the lives of 14 people", "the bodies of nine men were found"."""
        words, head = self._words, figure.noun or figure.head
        for governor in (_governor(figure.head, {"of", "to"}), _governor(head, {"of", "to"})):
            if governor is None:
                continue
            lemma, verb = governor.lemma_.lower(), governor.head
            if lemma in words.lives and governor.dep_ in syntax.OBJECT and (harm := words.of_verb(verb)):
                return harm, verb
            if lemma in words.bodies and verb.lemma_.lower() in words.finding:
                return "killed", governor
            if governor.pos_ in {"NOUN", "PROPN"} and (harm := words.of_noun(governor)):
                return harm, governor
        counted = (
            figure.noun if figure.noun is not None else next(iter(figure.head.doc[figure.end : figure.end + 1]), None)
        )
        if counted is None:
            return None
        if counted.pos_ == "NOUN" and counted.dep_ != "compound" and (harm := words.of_noun(counted)):
            return harm, counted
        if counted.lemma_.lower() in words.bodies and counted.head.lemma_.lower() in words.finding:
            return "killed", counted
        taken = counted.lemma_.lower() in words.taken and counted.head.lemma_.lower() in words.taking
        if taken and counted.dep_ in syntax.OBJECT | syntax.PASSIVE_SUBJECT:
            return "captured", counted.head
        return None

    def _by_state(self, figure: Figure) -> Tie | None:
        """ "12 dead", "2,000 people dead", "fifteen of the wounded"."""
        if figure.noun is not None and (harm := self._words.of_state(figure.noun)):
            return harm, figure.noun
        if (found := self._attributive(figure)) is not None:
            return found
        for token in figure.head.doc[figure.stop : figure.stop + 1]:
            harm = self._words.of_state(token)
            fitting = harm and figure.known and token.tag_ in {"JJ", "VBN", "VBG", "NN", "NNS", "RB"}
            if fitting and self._words.ends(token.doc, token.i + 1, token.sent.end):
                return harm, token.head if token.head.lemma_.lower() in self._words.taking else token
        return None

    def _attributive(self, figure: Figure) -> Tie | None:
        """ "45 injured civilians", "three dead soldiers"."""
        for token in figure.noun.children if figure.noun is not None and figure.known else ():
            if figure.end <= token.i < token.head.i and (harm := self._words.of_state(token)):
                return harm, token
        return None

    # Tolls

    def _toll(self, figure: Figure) -> Tie | None:
        """ "Put the death toll at 85", "the toll was approaching 5,000", "the number of dead rose to 120"."""
        doc, words = figure.head.doc, self._words
        if (figure.noun is not None and not figure.known) or (figure.start and doc[figure.start - 1].lower_ == "from"):
            return None
        for i in range(figure.start - 1, max(figure.head.sent.start, figure.start - _TOLL_REACH) - 1, -1):
            token = doc[i]
            # Of two numbers behind a toll, the nearer one is it, but for "from 40 to 43".
            other = token.like_num and i + 1 < figure.start and doc[i - 1].lower_ not in {"from", "nearly"}
            if token.lower_ in _BREAKING or other:
                return None
            if words.is_toll(token):
                return ("killed", token) if words.counts_dead(token) else None
            if harm := words.of_state(token) or words.of_noun(token):
                before = reversed(doc[max(0, i - _COUNT_REACH) : i])
                count = next((t for t in before if t.lemma_.lower() in words.counts), None)
                return (harm, count) if count is not None else None
            if words.of_verb(token) or (syntax.is_verb(token) and token.lemma_.lower() not in words.toll_verbs):
                return None
        return None


def _governor(noun: Token, prepositions: set[str]) -> Token | None:
    """The word that a noun hangs by with one of the prepositions, or None."""
    if syntax.preposition(noun) not in prepositions:
        return None
    return noun.head
