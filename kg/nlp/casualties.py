"""Casualty figures: how many were killed, wounded, captured, are missing or displaced, on whose side, says who.

A figure is a number with what it counts, tied to a word of harm: as the subject or object of a verb ("killed four"), as a
noun ("the death of 10"), a state ("12 dead"), a toll ("the death toll rose to 40"), or by coordination and inclusion
("killed 15 civilians and 27 fighters, including 3 women").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.figures import Number, find_numbers
from kg.model import ActorType, Qualifier
from kg.nlp import lexicon, syntax
from kg.nlp.calendar import Calendar
from kg.nlp.mentions import ADJECTIVE, PRONOUN
from kg.nlp.places import place_of
from kg.nlp.situations import Record, Voices, participant
from kg.nlp.who import Who

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.nlp.who import Range

_SKIPPED: Final = frozenset({"also", "reportedly", "have", "has", "had", "been", "were", "was", "are", "is", "being", "be", "allegedly", "already", "now", "all", "feared", "believed", "confirmed", "presumed", "may", "might", "could", "will"})
_PASSIVE: Final = frozenset({"been", "were", "was", "are", "is", "being", "be", "feared", "believed", "reportedly", "also"})
_ADJUNCT: Final = frozenset({"in", "by", "on", "when", "during", "after", "since", "near", "at", "over", "across", "as", "while", "but", "from", "outside", "and", "or", "inside", "around", "along", "following", "within", "before", "this", "last", "overnight", "yesterday", "today"})
_ONE: Final = Number(1, 1, Qualifier.EXACT)


@dataclass(slots=True)
class Figure:
    """A number at tokens [start, end) with the noun that it counts (or itself), before it is tied to a harm."""

    start: int
    end: int
    number: Number
    head: Token
    """The token by which the sentence holds the figure: the noun, or the number where it stands alone."""
    noun: Token | None
    """What is counted, None for "another 40"."""

    @property
    def stop(self) -> int:
        """The token after number and noun."""
        return max(self.end, self.noun.i + 1 if self.noun is not None else 0)


class CasualtyFinder:
    """spaCy component: writes casualty figures to ``doc._.casualties``."""

    def __init__(self) -> None:
        words = lexicon.load("casualties")
        mentions = lexicon.load("mentions")
        self._verbs = words.sections("verbs")
        self._with_object = words.sections("with_object")
        self._intransitive = words["grammar.intransitive"]
        self._states = words.sections("states")
        self._nouns = words.sections("nouns")
        self._tolls = words["toll.nouns"]
        self._toll_verbs = words["toll.verbs"]
        self._victims = words["victims.nouns"] | mentions["armed"] | mentions["troops"] | mentions["people"] | mentions["person"]
        self._own = words["victims.own"]
        self._units = words["victims.units"]
        self._comparatives = words["contrast.comparatives"]
        self._reported = words["contrast.reported"]

    def __call__(self, doc: Doc) -> Doc:
        """Write the figures in text order."""
        who, voices, calendar = Who(doc), Voices(doc), Calendar(doc)
        records: list[Record] = []
        previous: tuple[Figure, Record] | None = None
        for figure in self._figures(doc, who, calendar):
            tied = self._harm(figure)
            record = None
            if tied is not None:
                record = self._record(doc, figure, *tied, who, voices, calendar)
            elif previous is not None and self._continues(doc, previous[0], figure):
                record = {**previous[1], **self._own_part(figure), "differs_from": ()}
            if record is not None:
                records.append(record)
                previous = (figure, record)
        self._contrast(doc, records, voices)
        doc._.casualties = records
        return doc

    # Numbers and what they count

    def _figures(self, doc: Doc, who: Who, calendar: Calendar) -> list[Figure]:
        found = []
        taken: set[int] = set()
        for span, number in find_numbers(doc.text):
            tokens = doc.char_span(span.begin, span.end, alignment_mode="expand")
            if tokens is None or any(calendar.is_date(t) or t.ent_type_ == "MONEY" for t in tokens):
                continue
            figure = self._counted(tokens.start, tokens.end, number, doc)
            if figure is not None:
                found.append(figure)
                taken.update(range(figure.start, figure.stop))
        # "a soldier was killed", "killed a woman": a single victim, only where the grammar is plain.
        for token in doc:
            if token.lower_ in {"a", "an"} and token.i not in taken and token.head.i > token.i and token.head.tag_ == "NN" and token.dep_ == "det":
                mention = who.mention(token.head)
                lemma = token.head.lemma_.lower()
                if lemma in self._victims and (mention is None or mention.type == ActorType.PERSON) and token.head.i not in taken and token.head.i - token.i <= 3 and token.head.dep_ in syntax.PASSIVE_SUBJECT | syntax.OBJECT:
                    found.append(Figure(token.i, token.i + 1, _ONE, token.head, token.head))
        return sorted(found, key=lambda f: f.start)

    def _counted(self, start: int, end: int, number: Number, doc: Doc) -> Figure | None:
        last = doc[end - 1]
        if end < len(doc) and (doc[end].lower_ in self._units or doc[end].lemma_.lower() in self._units or doc[end].text in {"-", "%", "$"}):
            return None
        if start > 0 and (doc[start - 1].text in {"$", "€", "£", "#", "-"} or doc[start - 1].tag_ == "SYM"):
            return None
        i = end
        partitive = i < len(doc) and doc[i].lower_ == "of"
        if partitive:
            i += 1
        limit = min(last.sent.end, i + 7)
        noun: Token | None = None
        while i < limit:
            token = doc[i]
            if token.tag_ in {"NN", "NNS", "NNP", "NNPS"} and not token.ent_type_ == "DATE":
                noun = token
            elif noun is not None and token.tag_ in {"NNS", "NNP", "NN", "HYPH", "POS"}:
                pass
            elif noun is not None or token.tag_ not in {"DT", "PRP$", "JJ", "VBN", "NN", "HYPH", "CD", "POS", "JJR", "JJS", "RB", "VBG", "PRP"}:
                break
            i += 1
        if noun is not None and noun.lemma_.lower() not in self._victims and noun.lower_ not in self._victims and not self._is_people(noun):
            lemma = noun.lemma_.lower()
            if lemma in self._units or noun.i == end or partitive:
                return None if not self._plain_number(doc, end) else Figure(start, end, number, last, None)
            noun = None
        if noun is not None:
            head = last if partitive and last.head.i != noun.i and noun.head.i == last.i else noun
            return Figure(start, end, number, head, noun)
        return Figure(start, end, number, last, None)

    def _plain_number(self, doc: Doc, end: int) -> bool:
        return end < len(doc) and doc[end].tag_ in {"VBN", "VBD", "VBZ", "VBP", "MD", "IN", ",", "."}

    def _is_people(self, noun: Token) -> bool:
        return noun.ent_type_ == "NORP" or noun.tag_ in {"NNPS"}

    # Harm

    def _harm(self, figure: Figure) -> tuple[str, Token] | None:
        """The harm that a figure counts and the word that says so."""
        plain = figure.number is _ONE
        return self._toll(figure) or self._by_verb(figure) or self._by_noun(figure) or (None if plain else self._by_neighbour(figure))

    def _verb_harm(self, verb: Token) -> str:
        lemma = verb.lemma_.lower()
        for harm, verbs in self._verbs.items():
            if lemma in verbs and (lemma not in self._with_object or any(o.lemma_.lower() in self._with_object[lemma] for o in syntax.objects(verb))):
                return harm
        return ""

    def _by_verb(self, figure: Figure) -> tuple[str, Token] | None:
        heads = [figure.head] if figure.noun is None or figure.noun.i == figure.head.i else [figure.head, figure.noun]
        for head in heads:
            top = syntax.first_conjunct(head)
            for token in (head, top) if top.i != head.i else (head,):
                verb = token.head
                harm = self._verb_harm(verb) if verb.i != token.i else ""
                if harm and (token.dep_ in syntax.PASSIVE_SUBJECT or token.dep_ in syntax.OBJECT):
                    return harm, verb
                if harm and token.dep_ in syntax.SUBJECT and (verb.lemma_.lower() in self._intransitive or syntax.is_passive(verb) or verb.tag_ == "VBN" and self._ends_here(verb.doc, verb.i + 1, verb.sent.end)):
                    return harm, verb
                for child in token.children:
                    harm = self._verb_harm(child)
                    if harm and child.i > token.i and child.tag_ == "VBN" and child.dep_ in {"acl", "acl:relcl", "relcl", "amod", "advcl"} and not any(c.dep_ in syntax.OBJECT and c.tag_ not in {"WDT", "WP"} for c in child.children) and self._ends_here(child.doc, child.i + 1, child.sent.end):
                        return harm, child
                    if harm and child.dep_ in syntax.RELATIVE and child.lemma_.lower() in self._intransitive:
                        return harm, child
        return None

    def _by_noun(self, figure: Figure) -> tuple[str, Token] | None:
        """ "the death of 10", "40 deaths", "12 dead", "12 others were missing"."""
        doc, head = figure.head.doc, figure.noun or figure.head
        for governor in (figure.head.head, head.head):
            if governor.i == head.i:
                continue
            for harm, nouns in self._nouns.items():
                if governor.lemma_.lower() in nouns and governor.pos_ in {"NOUN", "PROPN"} and any(p in {"of", "to"} and n.i in {figure.head.i, head.i} for p, n in syntax.obliques(governor)):
                    return harm, governor
        following = doc[figure.end : figure.end + 2]
        for token in following:
            for harm, nouns in self._nouns.items():
                if token.lemma_.lower() in nouns and token.i == figure.end and token.pos_ == "NOUN":
                    return harm, token
        for token in doc[figure.stop : figure.stop + 2]:
            for harm, states in self._states.items():
                if token.lower_ in states and (token.tag_ in {"JJ", "VBN", "VBD"} or token.pos_ == "NOUN") and token.i == figure.stop:
                    return harm, token
        if head.lower_ in {"dead", "wounded", "injured"} and figure.noun is not None:
            return ("killed" if head.lower_ == "dead" else "wounded"), head
        return None

    def _by_neighbour(self, figure: Figure) -> tuple[str, Token] | None:
        """What the parse lost: a harm participle right after the figure, or a harm verb right before it."""
        doc, sent = figure.head.doc, figure.head.sent
        i = figure.stop
        while i < sent.end and i < figure.stop + 7 and (doc[i].lower_ in _SKIPPED or doc[i].pos_ == "ADV"):
            i += 1
        if i < sent.end and doc[i].tag_ in {"VBN", "VBD", "JJ"}:
            harm = self._verb_harm(doc[i]) or next((h for h, states in self._states.items() if doc[i].lower_ in states), "")
            if harm and (i > figure.stop and doc[i - 1].lower_ in _PASSIVE or self._ends_here(doc, i + 1, sent.end)):
                return harm, doc[i]
        j = figure.start - 1
        while j > sent.start and (doc[j].pos_ == "ADV" or doc[j].lower_ in {"another", "some", "the", "a", "about", "other"}):
            j -= 1
        if j >= sent.start and syntax.is_verb(doc[j]) and not syntax.is_passive(doc[j]):
            harm = self._verb_harm(doc[j])
            if harm and doc[j].lemma_.lower() not in self._intransitive:
                return harm, doc[j]
        return None

    def _ends_here(self, doc: Doc, i: int, end: int) -> bool:
        """Whether no object follows a participle: the sentence ends, or an adjunct or a further clause begins."""
        if i >= end:
            return True
        following = doc[i + 1].lower_ if i + 1 < end else ""
        return doc[i].tag_ in {"VBG", "CC", ",", ".", "WRB", "''", ":"} or (doc[i].lower_ in _ADJUNCT and following not in {"least", "most", "than"} and not doc[i + 1 : i + 2].text.isdigit())

    def _toll(self, figure: Figure) -> tuple[str, Token] | None:
        """ "put the death toll at 85", "the toll was approaching 5,000"."""
        doc = figure.head.doc
        for i in range(figure.start - 1, max(figure.head.sent.start, figure.start - 16) - 1, -1):
            token = doc[i]
            if token.lemma_.lower() in self._tolls and (figure.noun is None or figure.noun.lemma_.lower() in self._victims):
                between = doc[i + 1 : figure.start]
                if not any(t.text in {",", ";"} or self._verb_harm(t) or (syntax.is_verb(t) and t.lemma_.lower() not in self._toll_verbs) for t in between):
                    return "killed", token
        return None

    def _continues(self, doc: Doc, previous: Figure, figure: Figure) -> bool:
        """ "killed 15 civilians and 27 fighters", "56 civilians including 11 children", "among them eight children"."""
        gap = doc[previous.stop : figure.start]
        if len(gap) > 8 or figure.head.sent.start != previous.head.sent.start or figure.noun is None:
            return False
        words = [t.lower_ for t in gap if not t.is_space]
        if any(syntax.is_verb(t) and t.lower_ not in {"including"} for t in gap):
            return False
        return bool(words) and (words[0] in {"and", ",", "including", "among"} or "including" in words or "among" in words or words == [])

    # Records

    def _own_part(self, figure: Figure) -> Record:
        number = figure.number
        victims = syntax.phrase_range(figure.noun) if figure.noun is not None else None
        if victims is not None:
            victims = max(victims[0], figure.end), figure.noun.i + 1
            while victims[0] < victims[1] - 1 and figure.head.doc[victims[0]].lower_ in {"of", "the", "their", "its", "his"}:
                victims = (victims[0] + 1, victims[1])
        return {"min": number.min, "max": number.max, "qualifier": str(number.qualifier), "victims": victims, "quote": (figure.start, figure.stop)}

    def _record(self, doc: Doc, figure: Figure, harm: str, trigger: Token, who: Who, voices: Voices, calendar: Calendar) -> Record:
        record = {"harm": harm, "differs_from": (), **self._own_part(figure)}
        if trigger.lemma_.lower() in self._tolls:
            record["victims"] = record["victims"] or syntax.phrase_range(trigger)
            record["quote"] = (syntax.phrase_range(trigger)[0], figure.stop)
        by = voices.giver(trigger)
        record["asserted_by"] = by
        bounds = self._bounds(doc, trigger, voices, by)
        record["place"] = place_of(trigger, figure.head, who, bounds)
        record["date"] = calendar.near(trigger, *bounds)
        record["side"] = self._side(doc, figure, trigger, who, voices, by)
        record["perpetrator"] = self._perpetrator(trigger, who)
        return record

    def _bounds(self, doc: Doc, trigger: Token, voices: Voices, by: int) -> Range:
        sent = trigger.sent
        return sent.start, sent.end

    def _side(self, doc: Doc, figure: Figure, trigger: Token, who: Who, voices: Voices, by: int) -> int:
        """Whose the victims are: a fighting body's, of the owner of "their troops", or the government's that counts its own."""
        noun = figure.noun
        if noun is not None:
            for t in doc[figure.end : noun.i + 1]:
                m = who.mention(t)
                if m is None or m.cluster < 0:
                    continue
                if m.kind == PRONOUN:
                    return who.owner(m.cluster) if who.owner(m.cluster) >= 0 else m.cluster
                if m.head == noun.i and m.type == ActorType.GOVERNMENT_BODY:
                    return who.owner(m.cluster) if who.owner(m.cluster) >= 0 else m.cluster
                if m.type == ActorType.ARMED_GROUP and m.kind != ADJECTIVE and (m.head != noun.i or m.end - m.start > 1):
                    return m.cluster
        perpetrator = self._perpetrator(trigger, who)
        if by >= 0 and perpetrator is None:
            source = voices.attributions[by].source_cluster
            if who.type(source) in {ActorType.STATE, ActorType.GOVERNMENT_BODY, ActorType.TERRITORY} and (noun is None or noun.lemma_.lower() in self._own):
                return who.owner(source) if who.owner(source) >= 0 else source
        return -1

    def _perpetrator(self, trigger: Token, who: Who) -> Record | None:
        """Who did it: the agent or the subject of the harm verb, or the actor whose attack it was."""
        if not syntax.is_verb(trigger) or trigger.lemma_.lower() in self._intransitive:
            return None
        doers = syntax.agents(trigger) if syntax.is_passive(trigger) else [s] if (s := syntax.subject(trigger)) is not None else []
        for doer in doers:
            if who.at(doer) >= 0:
                return participant(who, doer)
            owners = [c for c in doer.children if c.dep_ in {"compound", "amod", "nmod:poss", "poss"} and who.at(c) >= 0]
            owners += [n for p, n in syntax.obliques(doer) if p == "by" and who.at(n) >= 0]
            if owners:
                return participant(who, owners[0])
        return None

    def _contrast(self, doc: Doc, records: list[Record], voices: Voices) -> None:
        """ "5,000, a much higher number than officially reported": the figure differs from what the others give."""
        for i, record in enumerate(records):
            end = record["quote"][1]
            tail = doc[end : min(doc[end - 1].sent.end, end + 14)]
            than = next((t for t in tail if t.lower_ == "than"), None)
            if than is None or not any(t.lower_ in self._comparatives for t in doc[end : than.i]):
                continue
            if not any(t.lemma_.lower() in self._reported or t.lower_ in self._reported for t in doc[than.i : tail.end]):
                continue
            mine = self._source(voices, record)
            record["differs_from"] = tuple(
                j for j, other in enumerate(records) if j != i and other["harm"] == record["harm"] and self._source(voices, other) not in {mine, None}
            )

    def _source(self, voices: Voices, record: Record) -> int | None:
        by = record["asserted_by"]
        return voices.attributions[by].source_cluster if by >= 0 else None


@Language.factory("casualties", requires=["doc._.statements", "doc._.mentions", "doc._.dates"], assigns=["doc._.casualties"])
def make_casualty_finder(nlp: Language, name: str) -> CasualtyFinder:  # noqa: ARG001 - spaCy's signature
    """Component factory."""
    return CasualtyFinder()
