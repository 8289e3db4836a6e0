"""Events: the happenings that an article reports, typed as PLOVER types them.

A verb or noun of the lexicon tells of a happening. Words of one sentence that tell of the same ("shelling killed four
and wounded seven", "in clashes with …") make one event, and so do its retellings in the article. What is wished,
planned, threatened or only possible has not happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import ActorType, EventType, StatementKind, SupportKind
from kg.nlp import syntax
from kg.nlp.calendar import Calendar
from kg.nlp.event_ends import POSSESSIVE, VIOLENT, Ends
from kg.nlp.event_nouns import NounReader
from kg.nlp.event_verbs import VerbReader
from kg.nlp.event_words import EventWords
from kg.nlp.happenings import Gatherer, Happening, Trigger, ends_sentence, merged
from kg.nlp.mentions import ADJECTIVE, METONYM
from kg.nlp.places import place_of
from kg.nlp.situations import Record, Voices, doer, noun_phrase, participant
from kg.nlp.who import Range, Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

_MODALS: Final = frozenset({"could", "may", "might", "should", "would", "must", "can", "will", "shall", "’ll", "'ll"})
_IF: Final = frozenset({"if", "unless", "whether"})
_TOLD: Final = frozenset({"after", "when", "as", "since", "because", "while", "where"})
_MEANT: Final = frozenset({"obl", "nmod", "advcl", "xcomp", "ccomp", "acl"})
_TENSELESS: Final = frozenset({"hit", "beat", "set", "shut", "cut", "put"})
_PLACING: Final = frozenset({"in", "at", "near", "around", "outside"})
_POINTING: Final = frozenset({"the", "these", "those", "only", "also", "have", "has"})
_DEFINITE: Final = frozenset({"the", "this", "that", "these", "those"})
_COMMITTED: Final = frozenset({EventType.SANCTION, EventType.AGREE})
"""Types that a promise is enough for: who says that he will recall an envoy has acted."""
_FORCES: Final = frozenset({ActorType.ARMED_GROUP, ActorType.GOVERNMENT_BODY})
_SPOKEN: Final = frozenset({EventType.AGREE, EventType.THREATEN})
"""Types that are done by saying so: the cue of a statement is then a happening too."""
_SUPPORT_EVENTS: Final = {
    SupportKind.BACKS: EventType.SUPPORT,
    SupportKind.ARMS: EventType.AID,
    SupportKind.TRAINS: EventType.AID,
    SupportKind.FUNDS: EventType.AID,
}


class EventFinder:
    """spaCy component: writes events to ``doc._.events``."""

    def __init__(self) -> None:
        self._words = EventWords()

    def __call__(self, doc: Doc) -> Doc:
        """Write the events in text order, each happening once."""
        who, voices, calendar = Who(doc), Voices(doc), Calendar(doc)
        records: list[Record] = []
        told: set[str] = set()
        for happening in self._happenings(doc, who, voices):
            by = voices.at(happening.triggers[0])
            if self._is_real(happening, voices.kind(by)):
                anchored = self._is_anchored(happening, who, calendar, told)
                records.append({**self._record(happening, who, voices, calendar), "anchored": anchored})
                told |= {happening.type} if anchored else set()
        _complete_claims(records, who)
        doc._.events = merged(doc, [*records, *_from_alliances(doc)])
        return doc

    def _happenings(self, doc: Doc, who: Who, voices: Voices) -> Iterator[Happening]:
        """The happenings of a Doc: its triggers with their ends, those that tell of one thing together."""
        cues = {i for a in voices.attributions for i in range(*a.cue)}
        ends = Ends(who, self._words)
        verbs = VerbReader(ends)
        nouns = NounReader(ends, verbs)
        found: dict[int, Trigger] = {}
        for token in doc:
            type_ = self._words.of(token)
            if not type_ or (token.i in cues and type_ not in _SPOKEN):
                continue
            verbal = self._words.is_verb(token)
            if not verbal and _is_name(token, who):
                continue
            roles = verbs.roles(token, type_) if verbal else nouns.roles(token, type_)
            if roles is not None:
                found[token.i] = Trigger(token, type_, roles)
        return Gatherer(self._words, verbs, found).happenings()

    # Reality

    def _is_real(self, happening: Happening, kind: str) -> bool:
        """Whether a happening is said to have happened, or not to have: not wished, promised, planned or feared."""
        if kind == StatementKind.APPEAL or (kind == StatementKind.PLEDGE and happening.type not in _COMMITTED):
            return False
        verbs = [t for t in happening.triggers if self._words.is_verb(t)]
        if happening.type in VIOLENT and verbs and all(_is_habit(t) for t in verbs):
            return False
        return not self._is_hypothetical(happening.triggers[0], promised=kind == StatementKind.PLEDGE)

    def _is_hypothetical(self, token: Token, *, promised: bool) -> bool:
        """Under a modal, a condition, an infinitive that no happening verb carries, or a word of fear or intent."""
        if any(c.lower_ in self._words.unreal_adjectives for c in token.children):
            return True
        below = token
        for t in (token, *syntax.governors(token)):
            if t.sent.start != token.sent.start:
                break
            if (
                t.i != token.i
                and t.lemma_.lower() in (self._words.unreal_verbs if syntax.is_verb(t) else self._words.unreal_nouns)
                and below.dep_ not in {"nsubj", "advcl", "conj", "parataxis", "csubj"}
            ):
                return True
            if t.lower_ in self._words.minded and below.i > t.i and below.dep_ in _MEANT:
                return True
            if syntax.preposition(t) == "without":
                return True
            modal = any(c.dep_ == "aux" and c.lower_ in _MODALS for c in t.children)
            if (modal and not promised) or any(c.dep_ == "mark" and c.lower_ in _IF for c in t.children):
                return True
            aside = t.i != token.i and below.dep_ in {"obl", "nmod"}
            if (
                t.tag_ == "VB"
                and not (promised or aside)
                and any(c.tag_ == "TO" for c in t.children)
                and t.head.lemma_.lower() not in self._words.carried
            ):
                return True
            if t.dep_ in {"ccomp", "parataxis", "ROOT", "acl:relcl"} or _is_told(t):
                break
            below = t
        return False

    def _is_anchored(self, happening: Happening, who: Who, calendar: Calendar, told: set[str]) -> bool:
        """Whether a happening has an agent, day or place of its own, and does not just point back ("the attack")."""
        trigger = happening.triggers[0]
        if happening.agent is not None and any(self._words.is_verb(t) for t in happening.triggers):
            return True
        if self._is_counted(happening) or self._is_burst(happening):
            return True
        heads = [h for t in happening.triggers for h in (t, t.head)]
        before = [c for c in trigger.children if c.i < trigger.i]
        points_back = any(c.lower_ in _DEFINITE for c in before) or (
            trigger.tag_ == "NN" and not {"det", "amod", "compound", "nummod", "nmod:poss"} & {c.dep_ for c in before}
        )
        undergone = self._words.is_undergone(trigger)  # "the convoy came under attack"
        if (
            points_back
            and not undergone
            and happening.agent is None
            and not self._words.is_verb(trigger)
            and happening.type in told
        ):
            return any(calendar.is_date(n) for h in heads for n in h.children)
        dated = any(calendar.is_date(t) for t in trigger.sent)
        placed = any(_is_placed(t, who) for h in heads for t in h.subtree)
        if self._words.is_verb(trigger):
            return dated or placed or happening.type not in told
        if happening.agent is not None or happening.target is not None:
            return True
        if trigger.tag_ == "NNS" and not before:  # "clashes" and no more need a day or place of their own
            own = [n for h in heads for _, n in syntax.obliques(h)]
            return any(calendar.is_date(n) or who.is_place(n) for n in own)
        return dated or placed

    def _is_counted(self, happening: Happening) -> bool:
        """Whether a verb says how many it hit, not in all so far ("have been") nor in an attack that was told of.

        "The two", "only two" and "two were also killed [in the raid]" point back.
        """
        trigger, target = happening.triggers[0], happening.target
        if target is None or not self._words.is_verb(trigger) or not any(c.dep_ == "nummod" for c in target.children):
            return False
        words = {t.lower_ for t in (*trigger.children, *trigger.doc[target.left_edge.i : target.i])}
        if words & _POINTING:
            return False
        clause = [n for t in (trigger, *trigger.children) for _, n in syntax.obliques(t)]
        told = (n for n in clause if self._words.of(n) and any(c.lower_ in _DEFINITE for c in n.children))
        return next(told, None) is None

    def _is_burst(self, happening: Happening) -> bool:
        """Whether a bomb that was not told of goes off: "a car bomb exploded"."""
        trigger = happening.triggers[0]
        bombs = syntax.own_subjects(trigger) if self._words.is_bursting(trigger) else []
        return any(self._words.is_weapon(b) and not any(c.lower_ in _DEFINITE for c in b.children) for b in bombs)

    def _is_claimed(self, trigger: Token) -> bool:
        """Whether somebody owns up to a deed told of before: "claimed responsibility for the attack"."""
        claims = any(g.lemma_.lower() in self._words.claims for g in list(syntax.governors(trigger))[:2])
        return claims and any(c.lower_ in _DEFINITE or c.dep_ == "nmod:poss" for c in trigger.children)

    # Records

    def _record(self, happening: Happening, who: Who, voices: Voices, calendar: Calendar) -> Record:
        trigger, agent, target = happening.triggers[0], happening.agent, happening.target
        bounds = trigger.sent.start, trigger.sent.end
        by = voices.at(trigger)
        near = next((t for t in (target, agent) if t is not None), trigger)
        place = place_of(trigger, near, who, bounds)
        struck = _target(who, self._words, target, happening.type)
        if struck is not None and "place" in struck:
            place = struck["place"]
        did = doer(who, agent) or participant(who, agent)
        if agent is not None and target is not None and (agent.i == target.i or who.at(agent) == who.at(target) >= 0):
            did = None  # nobody does it to himself: the parse gave one both parts
        named = who.mention(who.doc[place]) if place >= 0 else None
        where = named.text(who.doc).lower() if named is not None and named.type != ActorType.STATE else ""
        return {
            "type": happening.type,
            "stem": trigger.lemma_.lower()[:5],
            "claimed": self._is_claimed(trigger),
            "attendant": trigger.tag_ == "VBG" and trigger.dep_ in {"acl", "advcl"},
            "agent": did,
            "target": struck,
            "place": place,
            "where": where,
            "date": calendar.near(trigger, *bounds),
            "negated": _is_negated(trigger) or voices.kind(by) == StatementKind.DENIAL,
            "quote": _quote(happening),
            "asserted_by": by,
        }


def _complete_claims(records: list[Record], who: Who) -> None:
    """Give a claimed attack the target, place and day of the last one before it that nobody else is named for."""
    for i, record in enumerate(records):
        agent = record["agent"]
        if not record["claimed"] or agent is None or record["target"] is not None:
            continue
        for known in reversed(records[:i]):
            doing = known["agent"]["cluster"] if known["agent"] and "cluster" in known["agent"] else -1
            free = known["agent"] in (None, agent) or not (who.is_named(doing) or who.owner(doing) >= 0)
            if known["type"] == record["type"] and known["target"] and free and not known["negated"]:
                record.update({key: record[key] or known[key] for key in ("target", "date")})
                record.update({key: known[key] for key in ("place", "where")})
                break


def _is_placed(token: Token, who: Who) -> bool:
    """Whether a token names where something is: "in Bunia", "in the Bunia area"; "the Bunia attack" only names it."""
    where = token.dep_ != "compound" or (token.head.i > token.i and syntax.preposition(token.head) in _PLACING)
    return where and who.is_place(token)


def _is_told(clause: Token) -> bool:
    """Whether a clause in the past tense tells what happened, whatever it hangs by: "to hit back after X attacked"."""
    return clause.dep_ == "advcl" and clause.tag_ == "VBD" and any(c.lower_ in _TOLD for c in clause.children)


def _is_habit(trigger: Token) -> bool:
    """Whether a verb in the plain present says what happens again and again, but in the first sentence, a headline."""
    helping = {c.lower_ for c in trigger.children if c.dep_ in {"aux", "aux:pass", "mark"}}
    plain = trigger.tag_ in {"VBZ", "VBP", "VB"} and not helping and trigger.lower_ not in _TENSELESS
    suffered = trigger.tag_ == "VBN" and helping <= {"is", "are"} and bool(helping)
    return (plain or suffered) and trigger.sent.start > 0 and ends_sentence(trigger.sent)


def _is_negated(trigger: Token) -> bool:
    """Whether a happening is said not to be: by its own "not" or "no", or by that of the verb it hangs on."""
    held = syntax.clause_head(trigger) if not syntax.is_verb(trigger) else trigger
    own = trigger.sent.start == held.sent.start and trigger.dep_ not in syntax.SUBJECT
    return syntax.is_negated(trigger) or (own and syntax.is_negated(held))


def _is_name(noun: Token, who: Who) -> bool:
    """Whether a noun belongs to a name or role; one word with the capital of its sentence's start may be none."""
    mention = who.mention(noun)
    first = noun.i == noun.sent.start and mention is not None and mention.end - mention.start == 1
    return mention is not None and not first


def _target(who: Who, words: EventWords, token: Token | None, type_: str) -> Record | None:
    """The target; people and buildings that only suffer ("31 civilians", "a church") stay a phrase and become no actor.

    A phrase is the noun with what stands before it, and with a noun joined to it; where it lies is said elsewhere.
    """
    if token is None:
        return None
    mention = who.mention(token)
    if mention is not None and mention.kind == METONYM and type_ in VIOLENT and not _owns(token):
        return {"place": token.i}  # a capital that is shelled or taken is a town, and no government
    cluster = who.at(token)
    nameless = not who.is_named(cluster) and who.owner(cluster) < 0
    built = nameless and who.type(cluster) not in _FORCES and words.is_concrete(token) and type_ in VIOLENT
    alone = token.i + 1 >= len(who.doc) or who.doc[token.i + 1].tag_[:2] != "NN"
    single = alone and mention is not None and mention.kind == ADJECTIVE  # "a Palestinian"
    crowd = (who.type(cluster) == ActorType.PEOPLE and not who.is_named(cluster)) or built or single
    found = {"range": noun_phrase(token)} if crowd else participant(who, token)
    if found is None or "range" not in found:
        return found
    if mention is None and cluster >= 0:  # "scores of migrants"
        token = next((n for p, n in syntax.obliques(token) if p == "of" and who.at(n) == cluster), token)
        found = {"range": noun_phrase(token)}
    start, end = found["range"]
    if any(p == "of" and (who.is_place(n) or who.at(n) >= 0) for p, n in syntax.obliques(token)):
        end = token.i + 1
    joined = [t for t in syntax.conjuncts(token) if t.i == end + 1 and who.doc[end].lower_ == "and"]
    return {"range": (start, joined[0].i + 1 if joined else end)}


def _owns(token: Token) -> bool:
    return token.dep_ in POSSESSIVE | {"compound", "amod"}


def _quote(happening: Happening) -> Range:
    """From the agent to the target and the trigger's own prepositional phrases, all in one sentence."""
    trigger = happening.triggers[0]
    obliques = (n for t in happening.triggers for _, n in syntax.obliques(t))
    near = [t for t in (*happening.triggers, happening.agent, happening.target, *obliques) if t is not None]
    inside = [t for t in near if t.sent.start == trigger.sent.start and abs(t.i - trigger.i) < 25]
    ranges = [(t.i, t.i + 1) if syntax.is_verb(t) else syntax.phrase_range(t) for t in inside]
    return max(trigger.sent.start, min(r[0] for r in ranges)), min(trigger.sent.end, max(r[1] for r in ranges))


def _from_alliances(doc: Doc) -> Iterator[Record]:
    """Support that is given is a happening too: backing is SUPPORT, arms, training and money are AID."""
    for alliance in doc._.alliances:
        type_ = _SUPPORT_EVENTS.get(alliance["kind"])
        if type_ is not None and alliance["eventive"]:
            yield {
                "type": str(type_),
                "stem": "",
                "attendant": False,
                "anchored": True,
                "claimed": False,
                "agent": {"cluster": alliance["supporter"]},
                "target": {"cluster": alliance["supported"]},
                "place": -1,
                "where": "",
                "date": "",
                "negated": False,
                "quote": alliance["quote"],
                "asserted_by": alliance["asserted_by"],
            }


@Language.factory(
    "events", requires=["doc._.statements", "doc._.mentions", "doc._.alliances"], assigns=["doc._.events"]
)
def make_event_finder(nlp: Language, name: str) -> EventFinder:
    """Component factory."""
    return EventFinder()
