"""Relations that are no support: control, place, membership, leadership, office, part and hostility."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.gazetteer import Gazetteer
from kg.model import ActorType, RelationType
from kg.nlp import syntax
from kg.nlp.attacks import Attacks
from kg.nlp.bodies import Bodies
from kg.nlp.control import Control
from kg.nlp.hostility import Hostility
from kg.nlp.offices import Offices
from kg.nlp.pairs import hyphenated, is_hypothetical
from kg.nlp.parties import NOUN_TAGS
from kg.nlp.situations import Record, Voices
from kg.nlp.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from kg.nlp.pairs import Tie


_BODIES: Final = frozenset({ActorType.PEOPLE, ActorType.GOVERNMENT_BODY, ActorType.ARMED_GROUP})


class RelationFinder:
    """spaCy component: writes relations to ``doc._.relations``."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._control = Control()
        self._attacks = Attacks()
        self._hostility = Hostility(self._attacks)
        self._bodies = Bodies()
        self._offices = Offices(gazetteer)

    def __call__(self, doc: Doc) -> Doc:
        """Write the relations in text order, each once per asserter."""
        who, voices = Who(doc), Voices(doc)
        records: list[Record] = []
        seen: set[tuple[str, str, str, int]] = set()
        for tie in sorted(self._ties(doc, who), key=lambda t: t.at.i):
            # What a phrase takes for granted ("Malian authorities") is the article's own, wherever the phrase stands.
            by = -1 if tie.granted else voices.at(tie.at)
            if tie.a is None or tie.b is None or tie.a == tie.b or not voices.is_told(by, tie.at):
                continue
            if tie.type == RelationType.CONTROLS and _is_body(doc, tie.b, who):
                continue  # "in their hands": what is held is land
            key = (str(tie.type), _identity(doc, tie.a, who), _identity(doc, tie.b, who), by)
            if key not in seen:
                seen.add(key)
                records.append(_record(tie, by))
        doc._.relations = records
        return doc

    def _ties(self, doc: Doc, who: Who) -> Iterator[Tie]:
        for token in doc:
            yield from self._at(token, who)
        yield from self._offices.mentions(doc, who)

    def _at(self, token: Token, who: Who) -> Iterator[Tie]:
        if token.tag_ in {"VBN", "JJ", "VBD"} and (compound := hyphenated(token, who)):
            yield from self._control.compound(token, compound, who)
            yield from self._bodies.compound(token, compound, who)
        elif syntax.is_verb(token) and (token.dep_ != "amod" or _is_perfect(token)):
            yield from self._verb(token, who)
            if token.tag_ == "VBG":
                yield from self._attacks.each_other(token, who)
        elif token.pos_ in {"NOUN", "PROPN"} or token.tag_ in NOUN_TAGS:
            yield from self._control.noun(token, who)
            yield from self._bodies.noun(token, who)
            yield from self._attacks.noun(token, who)

    def _verb(self, verb: Token, who: Who) -> Iterator[Tie]:
        wished = list(self._hostility.wish(verb, who))
        done = [*self._control.verb(verb, who), *self._bodies.verb(verb, who), *self._hostility.verb(verb, who)]
        # Few verbs tie anybody, so that these questions come last.
        if not (wished or done) or syntax.is_negated(verb):
            return
        yield from wished
        if not is_hypothetical(verb):
            yield from done


def _is_perfect(participle: Token) -> bool:
    """Whether "have" stands right before a participle, whatever the parse takes it for."""
    return participle.i > 0 and participle.nbor(-1).lemma_.lower() == "have"


def _is_body(doc: Doc, given: Record, who: Who) -> bool:
    """Whether what is given, an actor or a phrase that names one, is people and no place."""
    cluster = given["cluster"] if "cluster" in given else who.at(doc[given["range"][1] - 1]) if "range" in given else -1
    return who.type(cluster) in _BODIES


def _identity(doc: Doc, given: Record, who: Who) -> str:
    """What tells participants apart: a place by its name, wherever it stands."""
    if "place" in given and (m := who.mention(doc[given["place"]])) is not None:
        return m.text(doc)
    return str(given)


def _record(tie: Tie, by: int) -> Record:
    record = {"type": str(tie.type), "a": tie.a, "b": tie.b, "quote": tie.words, "asserted_by": by}
    if tie.office:
        record["office"] = tie.office
    if tie.since:
        record["since"] = tie.since
    return record


@Language.factory(
    "relations",
    requires=["doc._.statements", "doc._.mentions"],
    assigns=["doc._.relations"],
    default_config={"gazetteer": []},
)
def make_relation_finder(nlp: Language, name: str, gazetteer: list[str]) -> RelationFinder:
    """Component factory; `gazetteer` lists tables that a user adds to the package's own."""
    return RelationFinder(Gazetteer.load(tuple(map(Path, gazetteer))))
