"""One record for each happening: the words of a sentence that tell of it together, and the article's retellings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final

from kg.model import EventType
from kg.nlp import syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

    from kg.nlp.event_ends import Roles
    from kg.nlp.event_verbs import VerbReader
    from kg.nlp.event_words import EventWords

Record = dict[str, Any]

_WITHIN: Final = frozenset({"in", "during", "by", "with", "as", "from", "amid", "through", "at"})
_CAUSING: Final = frozenset({"after", "following"})
_WHILE: Final = frozenset({"when", "as", "after", "while"})
_APART: Final = frozenset({"after", "before", "since", "following", "because", "despite", "until", "like", "than"})
_CORE: Final = syntax.SUBJECT | syntax.PASSIVE_SUBJECT | syntax.OBJECT
_REACH: Final = 12
_HEADINGS: Final = 3
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP"})
_VIOLENT: Final = frozenset({EventType.ASSAULT, EventType.COERCE})
_FORCE: Final = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.MOBILIZE})


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that tells of a happening, with the ends that it names itself."""

    token: Token
    type: str
    ends: Roles


@dataclass(frozen=True, slots=True)
class Happening:
    """The triggers that tell of one happening, the first the one that the others hang by, with its ends."""

    type: str
    triggers: list[Token]
    agent: Token | None
    target: Token | None


class Gatherer:
    """Brings the triggers together that tell of one happening."""

    def __init__(self, words: EventWords, verbs: VerbReader, triggers: dict[int, Trigger]) -> None:
        self._words = words
        self._verbs = verbs
        self._triggers = triggers
        self._types = {i: t.type for i, t in triggers.items()}

    def happenings(self) -> Iterator[Happening]:
        """The happenings in the text order of their first triggers."""
        hosts = {i: self._host(t) for i, t in self._triggers.items()}
        groups: dict[int, list[int]] = {}
        for i in self._triggers:
            groups.setdefault(_root(i, hosts), []).append(i)
        for root, members in groups.items():
            yield self._together([self._triggers[i] for i in (root, *(i for i in members if i != root))])

    def _together(self, group: list[Trigger]) -> Happening:
        """One happening of a group: whom its verbs say it hit comes before what its nouns say it was aimed at."""
        by_verb = sorted(group, key=lambda t: not self._words.is_verb(t.token))
        target = next((t.ends.target for t in by_verb if t.ends.target is not None), None)
        agent = next((t.ends.agent for t in group if t.ends.agent is not None), None)
        if agent is None and self._verbs.is_passive(group[0].token):
            agent = next((t.ends.target for t in group[1:] if self._is_opponent(t)), None)
        return Happening(group[0].type, [t.token for t in group], agent, target)

    def _is_opponent(self, trigger: Trigger) -> bool:
        """Whether a noun's target is the other side: "were killed in clashes with X"."""
        other = trigger.ends.target
        if other is None or syntax.preposition(other) != "with" or not 0 < other.i - trigger.token.i <= _REACH:
            return False
        return self._words.is_forces(other) or not self._words.is_person(other)

    def _host(self, trigger: Trigger) -> int:
        """The trigger whose happening a trigger tells of too, or its own index."""
        token = trigger.token
        found = self._verb_host(token) if self._words.is_verb(token) else self._noun_host(token)
        if found is None and trigger.ends.agent is None:
            found = self._governor(token)
        return found if found is not None and found in self._types else token.i

    def _noun_host(self, noun: Token) -> int | None:
        type_ = self._types[noun.i]
        caused = any(c.dep_ == "case" and c.lower_ in _CAUSING for c in noun.children)
        if caused and (found := self._caused(noun)) is not None:
            return found
        if (found := self._carried(noun)) is not None:
            return found
        within = syntax.preposition(noun) in _WITHIN
        head = next((g for g in syntax.governors(noun) if self._words.is_verb(g)), noun.head) if within else noun.head
        held = self._types.get(head.i, "")
        if not held or not self._words.is_verb(head):
            return head.i if noun.dep_ == "conj" and held == type_ else None
        alike = held == type_ or {held, type_} <= _FORCE
        return head.i if alike and (within or noun.dep_ in _CORE) else None

    def _carried(self, noun: Token) -> int | None:
        """The passive that "when X launched an attack" explains: "ten were killed when X launched an attack on Y"."""
        carrier, above = noun.head, noun.head.head
        if noun.dep_ not in _CORE or carrier.dep_ != "advcl" or not _marks(carrier) & _WHILE:
            return None
        alike = self._types.get(above.i) == self._types[noun.i] and self._words.is_verb(above)
        return above.i if alike and self._verbs.is_passive(above) and not syntax.agents(above) else None

    def _caused(self, noun: Token) -> int | None:
        """The passive that "after an attack by X" explains: "ten were killed following a raid by X"."""
        verb = next((g for g in syntax.governors(noun) if self._words.is_verb(g)), None)
        alike = verb is not None and self._types.get(verb.i) == self._types[noun.i] and noun.i > verb.i
        if verb is None or not alike or syntax.agents(verb) or not self._verbs.is_passive(verb):
            return None
        return verb.i

    def _verb_host(self, verb: Token) -> int | None:
        head = verb.head
        held, type_ = self._types.get(head.i, ""), self._types[verb.i]
        alike = held == type_ or {held, type_} <= _FORCE
        if (found := self._explained(verb)) is not None:
            return found
        if verb.dep_ in syntax.RELATIVE | syntax.PARTICIPIAL:
            return head.i if alike and held and not self._words.is_verb(head) else self._antecedent(verb)
        if verb.dep_ == "conj":
            subjects = syntax.own_subjects(verb)
            others = all(s.lemma_.lower() == "other" for s in subjects)  # "two were killed and seven others wounded"
            return head.i if held == type_ and others else None
        if verb.dep_ in {"advcl", "xcomp"} and held:
            joined = verb.tag_ in {"VBG", "VBN"} and held == type_ and not syntax.own_subjects(verb)
            explains = self._verbs.is_passive(head) and not syntax.agents(head) and _marks(verb) & _WHILE
            return head.i if joined or (alike and explains) else None
        return None

    def _explained(self, verb: Token) -> int | None:
        """The passive that "when a bomb hit …" or "after X attacked …" explains, whatever the clause hangs by."""
        if self._types[verb.i] not in _VIOLENT or verb.tag_ not in _FINITE or self._verbs.is_passive(verb):
            return None
        before = verb.doc[max(verb.sent.start, verb.i - _REACH) : verb.i]
        mark = next((t for t in reversed(before) if t.lower_ in _WHILE or t.text == ","), None)
        if mark is None or mark.text == "," or any(t.tag_ in _FINITE for t in verb.doc[mark.i : verb.i]):
            return None
        for i in range(mark.i - 1, max(verb.sent.start, mark.i - _REACH) - 1, -1):
            if self._types.get(i) in _VIOLENT and self._words.is_verb(verb.doc[i]):
                passive = self._verbs.is_passive(verb.doc[i]) and not syntax.agents(verb.doc[i])
                return i if passive else None
        return None

    def _antecedent(self, verb: Token) -> int | None:
        """The happening before "that killed ten" where the parser hung the clause to a place or day in between."""
        if self._types[verb.i] not in _FORCE or not any(
            t.tag_ in {"WDT", "WP"} for t in verb.doc[verb.left_edge.i : verb.i]
        ):
            return None
        for i in range(verb.left_edge.i - 1, max(verb.sent.start, verb.left_edge.i - _REACH) - 1, -1):
            if self._words.is_verb(verb.doc[i]) and i not in self._types:
                return None
            if self._types.get(i) in _FORCE:
                return i
        return None

    def _governor(self, token: Token) -> int | None:
        """The happening of the same type above a trigger without an agent, unless a word between them sets it apart."""
        for below, above in pairwise((token, *syntax.governors(token))):
            if (_marks(below) | {syntax.preposition(below)}) & _APART or below.dep_ in {"ccomp", "parataxis"}:
                return None
            if self._types.get(above.i) == self._types[token.i]:
                return above.i
        return None


def _root(i: int, hosts: dict[int, int]) -> int:
    """The trigger that a chain of retellings ends in."""
    seen = {i}
    while hosts[i] not in seen:
        i = hosts[i]
        seen.add(i)
    return i


def _marks(clause: Token) -> set[str]:
    return {c.lower_ for c in clause.children if c.dep_ in {"mark", "advmod", "case"} and c.i < clause.i}


def merged(doc: Doc, records: list[Record]) -> list[Record]:
    """The records in text order, without retellings.

    A record retells another of its type where neither contradicts the other in agent, target, place or day, and they
    share a target, or without one the agent and the word; or where it stands in the other's sentence and adds nothing.
    The fuller record stays, completed from the other. One that is neither anchored nor a retelling says nothing new.
    """
    headline = _headline_end(doc)
    kept: list[Record] = []
    alike: dict[tuple[str, str], list[Record]] = {}
    beside: dict[tuple[str, int], list[Record]] = {}
    for record in sorted(
        records, key=lambda r: (not r["anchored"], -bool(r["agent"]) - bool(r["target"]), r["quote"], r["type"])
    ):
        near = record["type"], doc[record["quote"][0]].sent.start
        known = next((k for k in beside.get(near, ()) if _is_poorer(doc, record, k)), None)
        known = known or next(
            (k for k in alike.get(_subject(doc, record), ()) if _retells(doc, record, k, headline)), None
        )
        if known is not None:
            _complete(known, record, headline)
        elif record["anchored"]:
            kept.append(record)
            alike.setdefault(_subject(doc, record), []).append(record)
            beside.setdefault(near, []).append(record)
    return sorted(kept, key=lambda r: (r["quote"], r["type"]))


def _subject(doc: Doc, record: Record) -> tuple[str, str]:
    """What two tellings of a happening share: type and target, and but for attacks the word; or else agent and word."""
    target = _key(doc, record["target"])
    if target and record["type"] == EventType.ASSAULT:
        return record["type"], target
    return record["type"], f"{target or _key(doc, record['agent'])} {record['stem']}"


def _is_poorer(doc: Doc, a: Record, b: Record) -> bool:
    """Whether what one record tells of agent and target is part of what another in its sentence tells."""
    if a["negated"] != b["negated"] or (a["target"] and not a["agent"]):
        return False
    if a["attendant"] and a["agent"] and a["agent"] == b["agent"]:
        return True
    return all(not a[role] or _key(doc, a[role]) == _key(doc, b[role]) for role in ("agent", "target"))


def _key(doc: Doc, participant: Record | None) -> str:
    """What two names of one participant share: its cluster, or its words."""
    if participant is None:
        return ""
    if "cluster" in participant:
        return f"#{participant['cluster']}"
    if "place" in participant:
        return str(doc[participant["place"]].lower_)
    words = [t for t in doc[slice(*participant["range"])] if t.pos_ not in {"DET", "PUNCT"}]
    numbers = [t.lower_ for t in words if t.like_num]
    return " ".join([*numbers, words[-1].lemma_.lower()] if numbers else [t.lemma_.lower() for t in words])


def _retells(doc: Doc, a: Record, b: Record, headline: int) -> bool:
    """Whether records of one subject are one happening: nothing sets them apart, more than a phrase ties them."""
    keys = [(_key(doc, a[role]), _key(doc, b[role])) for role in ("agent", "target")]
    if any(x and y and x != y for x, y in keys) or not (a["agent"] or a["target"]):
        return False
    if a["claimed"] != b["claimed"] and not (a["agent"] and b["agent"]):
        return False  # that somebody did it is what he says, that it happened what the article does
    apart = not (a["where"] in b["where"] or b["where"] in a["where"])  # an empty name is in any
    if a["negated"] != b["negated"] or apart or (a["date"] and b["date"] and a["date"] != b["date"]):
        return False
    tied = any(a[k] and a[k] == b[k] for k in ("agent", "date")) or min(a["quote"], b["quote"])[0] < headline
    return tied or not a["anchored"] or not (a["target"] and "range" in a["target"])


def _headline_end(doc: Doc) -> int:
    """The token behind the first sentences that have no full stop; 0 where the article begins without a headline."""
    end = 0
    for sentence in islice(doc.sents, _HEADINGS):
        if ends_sentence(sentence):
            break
        end = sentence.end
    return end


def ends_sentence(sentence: Span) -> bool:
    """Whether a full stop or the like ends a sentence, which no headline has."""
    last = next((t for t in reversed(sentence) if not t.is_space), sentence[-1])
    return last.text in {".", "?", "!", "”", '"'}


def _complete(known: Record, record: Record, headline: int) -> None:
    """Give the known record what the other adds; the words are the fuller one's, the body's before the headline's."""
    weights = [
        (r["quote"][0] >= headline, sum(bool(r[k]) for k in ("agent", "target", "date"))) for r in (known, record)
    ]
    together = {k: known[k] or record[k] for k in ("agent", "target", "date")}
    together |= {k: (known if known["where"] else record)[k] for k in ("place", "where")}
    if weights[1] > weights[0]:
        known.update(record)
    known.update(together)
