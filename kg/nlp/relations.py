"""Relations that are no support: control, place, membership, leadership, office, part and hostility."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import ActorType, RelationType
from kg.nlp import lexicon, syntax
from kg.nlp.mentions import NAME, ROLE
from kg.nlp.names import PLACE
from kg.nlp.pairs import actors_at, along_with, between, hyphenated, identified, possessors
from kg.nlp.situations import Record, Voices, participant
from kg.nlp.who import Range, Who

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.nlp.mentions import Mention

_YEAR: Final = re.compile(r"(?:1[6-9]|20)\d\d")
Found = tuple[str, Record | None, Record | None, Range]
_BODIES: Final = frozenset({ActorType.GOVERNMENT_BODY, ActorType.STATE, ActorType.ORGANIZATION, ActorType.ARMED_GROUP, ActorType.INTERNATIONAL_ORGANIZATION, ActorType.TERRITORY})


class RelationFinder:
    """spaCy component: writes relations to ``doc._.relations``."""

    def __init__(self) -> None:
        words = lexicon.load("relations")
        self._w = words
        self._offices = words["office_of.nouns"]
        self._leaders = words["leads.nouns"]
        self._areas = lexicon.load("mentions")["descriptions.places"]
        self._co_chairs = lexicon.load("mediations")["verbs.co_chairs"]

    def __call__(self, doc: Doc) -> Doc:
        """Write the relations in text order, each once per asserter."""
        who, voices = Who(doc), Voices(doc)
        records: list[Record] = []
        seen: set[tuple[str, str, str, int]] = set()
        found = [(f, t) for t in doc for f in self._at(t, who)]
        count = len(found)
        found += [(f, doc[m.head]) for m in who.mentions for f in self._mention(doc, m, who)]
        # What a phrase takes for granted ("Armenian authorities") is the article's own, wherever the phrase stands.
        presupposed = {id(f) for f, _ in found[count:]}
        for relation, token in sorted(found, key=lambda f: f[1].i):
            type_, a, b, quote = relation
            by = -1 if id(relation) in presupposed else voices.at(token)
            key = (str(type_), self._identity(doc, a, who), self._identity(doc, b, who), by)
            if a is None or b is None or a == b or key in seen or voices.is_unreal(by):
                continue
            seen.add(key)
            record = {"type": str(type_), "a": a, "b": b, "quote": quote, "asserted_by": by}
            if type_ == RelationType.OFFICE_OF:
                record["office"] = self._office_at(doc, token, who)
            if type_ == RelationType.CONTROLS:
                record["since"] = _since(token)
            records.append(record)
        doc._.relations = records
        return doc

    def _identity(self, doc: Doc, given: Record | None, who: Who) -> str:
        """What tells participants apart: a place by its name, wherever it stands."""
        if given and "place" in given and (m := who.mention(doc[given["place"]])) is not None:
            return m.text(doc)
        return str(given)

    def _at(self, token: Token, who: Who) -> Iterator[Found]:
        lemma = token.lemma_.lower()
        if token.tag_ in {"VBN", "JJ", "VBD"} and (compound := hyphenated(token, who)):
            holder, head, quote = compound
            if token.lower_ in self._w["controls.participles"]:
                for place in self._named_places(head, who):
                    yield RelationType.CONTROLS, {"cluster": holder}, place, quote
            elif token.lower_ == "led":
                yield from ((RelationType.LEADS, {"cluster": holder}, {"cluster": c}, quote) for c in actors_at(who, head)[:1] if who.type(holder) != who.type(c))
            return
        if syntax.is_verb(token) and token.dep_ != "amod" and not syntax.is_negated(token):
            yield from self._verb(token, lemma, who)
        elif token.pos_ in {"NOUN", "PROPN"}:
            yield from self._noun(token, lemma, who)

    # Verbs

    def _verb(self, verb: Token, lemma: str, who: Who) -> Iterator[Found]:
        passive = syntax.is_passive(verb)
        subject = syntax.subject(verb)
        if lemma in self._w["controls.verbs"]:
            holders = syntax.agents(verb) if passive else [subject] if subject is not None else []
            held = syntax.passive_subjects(verb) if passive else syntax.objects(verb)
            for h in holders:
                for c in actors_at(who, h):
                    for target in held:
                        for t in syntax.conjuncts(target):
                            if self._is_area(t, who):
                                for place in self._named_places(t, who) or [self._held(t, who)]:
                                    yield RelationType.CONTROLS, {"cluster": c}, place, self._quote(verb, t, h)
        if subject is None:
            return
        if lemma in self._w["controls.taking"]:
            for o in syntax.objects(verb):
                if o.lemma_.lower() == "control":
                    for preposition, place in syntax.obliques(o):
                        if preposition == "of":
                            yield from ((RelationType.CONTROLS, {"cluster": c}, self._held(place, who), self._quote(verb, place, subject)) for c in actors_at(who, subject))
        if lemma in self._w["located_in.verbs"]:
            for preposition, place in syntax.obliques(verb):
                if preposition in self._w["located_in.prepositions"] and self._is_named_place(place, who) and self._is_named_place(subject, who):
                    yield RelationType.LOCATED_IN, participant(who, subject), participant(who, place), self._quote(verb, subject, place)
        if lemma in self._co_chairs or (lemma == "chair" and verb.i > 1 and verb.nbor(-1).text == "-"):
            chairs = [c for c in actors_at(who, subject)]
            chairs += [c for p, n in syntax.obliques(subject) if p in {"with", "along"} for c in actors_at(who, n)]
            chairs += [c for p, n in syntax.obliques(verb) if p in {"with", "along"} for c in actors_at(who, n)]
            chairs += along_with(subject, verb, who)
            for o in syntax.objects(verb):
                for c in dict.fromkeys(chairs):
                    yield RelationType.CO_CHAIRS, {"cluster": c}, participant(who, o), self._quote(verb, subject, o)
        if lemma in self._w["leads.verbs"] and not passive:
            for o in syntax.objects(verb):
                for c in actors_at(who, subject):
                    for body in actors_at(who, o):
                        if who.type(c) == ActorType.PERSON and who.type(body) in _BODIES:
                            yield RelationType.LEADS, {"cluster": c}, {"cluster": body}, self._quote(verb, subject, o)
        if lemma in self._w["part_of.verbs"] and passive:
            for part in syntax.passive_subjects(verb):
                for founder in syntax.agents(verb):
                    for c in actors_at(who, founder):
                        if (p := who.at(part)) >= 0 and who.type(p) in _BODIES and who.type(c) != ActorType.PERSON:
                            yield RelationType.PART_OF, {"cluster": p}, {"cluster": c}, self._quote(verb, part, founder)
        yield from self._hostile(verb, lemma, subject, passive, who)

    def _hostile(self, verb: Token, lemma: str, subject: Token, passive: bool, who: Who) -> Iterator[Found]:
        enemies: list[Token] = []
        if lemma in self._w["opposes.verbs"] and not passive:
            enemies += syntax.objects(verb)
        if lemma in self._w["opposes.with_verbs"]:
            enemies += [n for p, n in syntax.obliques(verb) if p in self._w["opposes.with_prepositions"]]
        for enemy in enemies:
            for a in actors_at(who, subject):
                for b in actors_at(who, enemy):
                    if not who.same_side(a, b):
                        yield RelationType.OPPOSES, {"cluster": a}, {"cluster": b}, self._quote(verb, subject, enemy)

    # Nouns

    def _noun(self, noun: Token, lemma: str, who: Who) -> Iterator[Found]:
        if lemma in self._w["controls.nouns"] and syntax.preposition(noun) == "under":
            holders = [n for p, n in syntax.obliques(noun) if p == "of"]
            held = syntax.subject(noun) if any(c.dep_ == "cop" for c in noun.children) or noun.dep_ == "conj" else syntax.subject(noun.head)
            for h in holders:
                for c in actors_at(who, h):
                    if held is not None:
                        yield RelationType.CONTROLS, {"cluster": c}, self._held(held, who), self._quote(noun, h)
        if lemma in self._w["controls.strongholds"] and lemma not in {"base", "territory", "area"}:
            for owner in list(possessors(noun, who))[:1]:
                for preposition, place in syntax.obliques(noun):
                    if preposition == "of" and self._is_named_place(place, who) and who.type(owner) != ActorType.STATE:
                        yield RelationType.CONTROLS, {"cluster": owner}, participant(who, place), (syntax.phrase_range(noun)[0], place.i + 1)
        if lemma in self._w["member_of.nouns"]:
            for preposition, body in syntax.obliques(noun):
                if preposition in {"of", "to"}:
                    for c in identified(noun, who):
                        yield from ((RelationType.MEMBER_OF, {"cluster": c}, {"cluster": b}, syntax.phrase_range(noun)) for b in actors_at(who, body) if who.type(b) in {ActorType.INTERNATIONAL_ORGANIZATION, ActorType.ORGANIZATION})
        if lemma in self._w["part_of.nouns"]:
            for owner in list(dict.fromkeys(possessors(noun, who)))[:1]:
                for part in identified(noun, who):
                    if part != owner and who.type(part) in _BODIES and who.type(owner) != ActorType.PERSON:
                        yield RelationType.PART_OF, {"cluster": part}, {"cluster": owner}, (noun.left_edge.i, max(noun.right_edge.i, noun.i) + 1)
        if lemma in self._w["opposes.nouns"]:
            sides = between(noun, who)
            if len(sides) == 2 and not who.same_side(*sides):
                yield RelationType.OPPOSES, {"cluster": sides[0]}, {"cluster": sides[1]}, (noun.i, noun.right_edge.i + 1)
            owners = list(possessors(noun, who))[:1]
            if not owners and (subject := syntax.subject(syntax.clause_head(noun))) is not None and subject.i != noun.i:
                owners = actors_at(who, subject)[:1]
            for owner in owners:
                for preposition, enemy in syntax.obliques(noun):
                    if preposition in self._w["opposes.noun_prepositions"] and (preposition != "on" or lemma in {"war", "crackdown"}):
                        yield from ((RelationType.OPPOSES, {"cluster": owner}, {"cluster": b}, (noun.left_edge.i, enemy.right_edge.i + 1)) for b in actors_at(who, enemy) if not who.same_side(owner, b))

    # Persons and bodies

    def _mention(self, doc: Doc, m: Mention, who: Who) -> Iterator[Found]:
        """What a mention says by itself: "Russian President Vladimir Putin", "Armenian authorities", "Jane Roe, head of the agency"."""
        if m.cluster < 0:
            return
        inner = self._body(doc, m, who)
        quote = (m.wide_start, max(m.end, m.office_of + 1))
        if m.kind == NAME and m.type == ActorType.PERSON and m.office:
            yield from self._office(m.cluster, m.office.lower(), inner, quote, who)
        elif m.kind == ROLE and m.type == ActorType.PERSON:
            if inner >= 0 and (m.role in self._offices or m.role in self._leaders):
                yield from self._office(m.cluster, m.role, inner, quote, who)
        elif m.kind == ROLE and inner >= 0 and m.type in {ActorType.GOVERNMENT_BODY} and who.type(inner) in {ActorType.STATE, ActorType.TERRITORY} and who.is_named(inner):
            yield RelationType.PART_OF, {"cluster": m.cluster}, {"cluster": inner}, quote

    def _body(self, doc: Doc, m: Mention, who: Who) -> int:
        """The body or country of a title or role; a phrase after it ("head of the agency") before a modifier."""
        token = doc[m.head] if m.kind == ROLE else None
        if token is not None:
            for preposition, noun in syntax.obliques(token):
                if preposition in {"of", "for", "at"}:
                    for c in actors_at(who, noun):
                        if who.type(c) in _BODIES and c != m.cluster:
                            return c
            for child in token.children:
                if child.dep_ in {"nmod:poss", "poss"} and (c := who.at(child)) >= 0 and who.type(c) in _BODIES:
                    return c
        owner = who.owner(m.cluster)
        if m.office_of >= 0:
            inner = who.mention(doc[m.office_of])
            if inner is not None and inner.cluster >= 0 and inner.cluster != m.cluster:
                return inner.cluster
        return owner

    def _office(self, person: int, office: str, body: int, quote: Range, who: Who) -> Iterator[Found]:
        words = set(office.split())
        if body < 0 or who.type(body) == ActorType.PERSON or who.type(body) == ActorType.PEOPLE:
            return
        offices = {w for o in self._offices for w in o.split()}
        state = who.type(body) in {ActorType.STATE, ActorType.TERRITORY}
        if words & offices or (state and words & {"leader"}):
            yield RelationType.OFFICE_OF, {"cluster": person}, {"cluster": body}, quote
        if words & self._leaders and not (state and words & {"vice", "deputy", "former"}) and not ({"chief", "head"} & words and state):
            yield RelationType.LEADS, {"cluster": person}, {"cluster": body}, quote

    def _office_at(self, doc: Doc, token: Token, who: Who) -> str:
        m = who.mention(token)
        if m is None:
            return ""
        return m.office or doc[m.start : m.end].text.split(" of ")[0].split(" for ")[0] if not m.office and m.kind == ROLE else m.office

    # Places

    def _is_named_place(self, token: Token, who: Who) -> bool:
        m = who.mention(token)
        return m is not None and (m.type in {PLACE, ActorType.STATE, ActorType.TERRITORY}) and m.kind != "pronoun"

    def _is_area(self, token: Token, who: Who) -> bool:
        return self._is_named_place(token, who) or token.lemma_.lower() in self._areas or token.lemma_.lower() in {"land", "part", "half", "third", "all", "most"}

    def _named_places(self, token: Token, who: Who) -> list[Record | None]:
        """The places that a token names: itself, "the town of X", "two villages X and Y"."""
        doc, after = token.doc, token.i + 1
        if self._is_named_place(token, who):
            return [participant(who, token)]
        if token.lemma_.lower() not in self._areas:
            return []
        if after < len(doc) and doc[after].lower_ == "of":
            after += 1
        found = []
        while after < len(doc) and ((m := who.mention(doc[after])) is not None and m.start == after and self._is_named_place(doc[m.head], who) or doc[after].lower_ in {"and", ","} and found):
            if m is not None and m.start == after:
                found.append(participant(who, doc[m.head]))
                after = m.end
            else:
                after += 1
        return found

    def _held(self, token: Token, who: Who) -> Record | None:
        """What is held: the named place, also when it stands after its kind ("the town of X"), else the phrase."""
        if self._is_named_place(token, who):
            return participant(who, token)
        for preposition, inner in syntax.obliques(token):
            if preposition == "of" and self._is_named_place(inner, who) and token.lemma_.lower() in {"town", "city", "village", "province", "district", "region", "area", "island", "port"}:
                return participant(who, inner)
        return {"range": syntax.phrase_range(token)} if token.pos_ in {"NOUN", "PROPN"} else participant(who, token)

    def _quote(self, *tokens: Token) -> Range:
        inside = [t for t in tokens if t.sent.start == tokens[0].sent.start]
        ranges = [syntax.phrase_range(t) if t.pos_ != "VERB" else (t.i, t.i + 1) for t in inside]
        start, end = min(r[0] for r in ranges), max(r[1] for r in ranges)
        return start + (tokens[0].doc[start].tag_ == "CC"), end


def _since(token: Token) -> str:
    """The year after "since" in the same sentence, also "since a war there ended in 1994"."""
    doc, sent = token.doc, token.sent
    for i in range(token.i, sent.end):
        if doc[i].lower_ == "since":
            for t in doc[i + 1 : min(sent.end, i + 9)]:
                if _YEAR.fullmatch(t.text):
                    return str(t.text)
    return ""


@Language.factory("relations", requires=["doc._.statements", "doc._.mentions"], assigns=["doc._.relations"])
def make_relation_finder(nlp: Language, name: str) -> RelationFinder:  # noqa: ARG001 - spaCy's signature
    """Component factory."""
    return RelationFinder()
