"""One record for each happening: the words of a sentence that tell of it together, and the article's later retellings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg.model import EventType
from kg.nlp import syntax

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.nlp.event_roles import RoleFinder
    from kg.nlp.event_words import EventWords

Record = dict[str, Any]

_WITHIN: Final = frozenset({"in", "during", "by", "with", "as", "from", "amid", "through", "at"})
_WHILE: Final = frozenset({"when", "as", "after", "while"})
_FORCE: Final = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.MOBILIZE})


@dataclass(slots=True)
class Happening:
    """The triggers that tell of one happening, the first the one that the others hang by, with their ends."""

    type: str
    triggers: list[Token]
    agent: Token | None = None
    target: Token | None = None
    parts: list[Token] = field(default_factory=list)


class Gatherer:
    """Says which trigger another one only retells."""

    def __init__(self, words: EventWords, roles: RoleFinder) -> None:
        self._words = words
        self._roles = roles

    def host(self, token: Token, types: dict[int, str]) -> int:
        """The trigger whose happening a trigger tells of too, or its own index."""
        found = self._verb_host(token, types) if syntax.is_verb(token) else self._noun_host(token, types)
        return found if found is not None and types.get(found) and found != token.i else token.i

    def _noun_host(self, noun: Token, types: dict[int, str]) -> int | None:
        head, type_ = noun.head, types[noun.i]
        held = types.get(head.i, "")
        if not held or not syntax.is_verb(head):
            same = noun.dep_ == "conj" and held == type_
            return head.i if same else None
        force = type_ in _FORCE and held in _FORCE
        if noun.dep_ in syntax.SUBJECT | syntax.PASSIVE_SUBJECT | syntax.OBJECT:
            return head.i if force or held == type_ else None
        within = any(n.i == noun.i and p in _WITHIN for p, n in syntax.obliques(head))
        return head.i if within and (force or held == type_) else None

    def _verb_host(self, verb: Token, types: dict[int, str]) -> int | None:
        head = verb.head
        held, type_ = types.get(head.i, ""), types[verb.i]
        alike = held == type_ or {held, type_} <= _FORCE
        if not held:
            return self._through_subject(verb, types)
        if verb.dep_ in syntax.RELATIVE | syntax.PARTICIPIAL:
            return head.i if alike and not syntax.is_verb(head) else None
        if verb.dep_ == "conj":
            return head.i if held == type_ and not syntax.own_subjects(verb) else None
        if verb.dep_ in {"advcl", "xcomp"}:
            joined = verb.tag_ in {"VBG", "VBN"} and held == type_
            explains = self._roles.is_passive(head) and not syntax.agents(head) and any(c.dep_ in {"mark", "advmod"} and c.lower_ in _WHILE for c in verb.children)
            return head.i if joined or (alike and explains) else None
        return None

    def _through_subject(self, verb: Token, types: dict[int, str]) -> int | None:
        """ "The attack, which …, killed ten" retold behind a relative pronoun that the parser hung elsewhere."""
        for subject in syntax.own_subjects(verb):
            antecedent = syntax.relative_antecedent(subject)
            if antecedent is not None and types.get(antecedent.i) in _FORCE and types[verb.i] in _FORCE:
                return antecedent.i
        return None


def merged(doc: Doc, records: list[Record]) -> list[Record]:
    """The records in text order, without retellings.

    A record retells an earlier one of its type where neither contradicts the other in agent, target, place or day, and
    they share a target, or without one the agent and the word. The fuller record stays, completed from the other.
    """
    kept: list[Record] = []
    index: dict[tuple[str, str], list[Record]] = {}
    for record in sorted(records, key=lambda r: (r["quote"], r["type"])):
        key = record["type"], _key(doc, record["target"]) or f"{_key(doc, record['agent'])} {record['stem']}"
        known = next((k for k in index.get(key, ()) if _compatible(doc, k, record)), None)
        if known is None:
            kept.append(record)
            index.setdefault(key, []).append(record)
        else:
            _complete(doc, known, record)
    return sorted(kept, key=lambda r: (r["quote"], r["type"]))


def _key(doc: Doc, participant: Record | None) -> str:
    """What two names of one participant share: its cluster, or its words."""
    if participant is None:
        return ""
    if "cluster" in participant:
        return f"#{participant['cluster']}"
    if "place" in participant:
        return str(doc[participant["place"]].lower_)
    start, end = participant["range"]
    return " ".join(t.lemma_.lower() for t in doc[start:end] if t.pos_ not in {"DET", "PUNCT"})


def _compatible(doc: Doc, a: Record, b: Record) -> bool:
    for role in ("agent", "target"):
        x, y = _key(doc, a[role]), _key(doc, b[role])
        if x and y and x != y:
            return False
    if a["negated"] != b["negated"]:
        return False
    return not (a["date"] and b["date"] and a["date"] != b["date"])


def _complete(doc: Doc, known: Record, record: Record) -> None:
    """Give the known record what the other adds; its words are those of the fuller one, of the body rather than the headline."""
    headline = next(iter(doc.sents)).end
    weight = {id(r): (r["quote"][0] >= headline, sum(bool(r[k]) for k in ("agent", "target", "date"))) for r in (known, record)}
    together = {k: known[k] or record[k] for k in ("agent", "target", "date")}
    together["place"] = known["place"] if known["place"] >= 0 else record["place"]
    if weight[id(record)] > weight[id(known)]:
        known.update(record)
    known.update(together)
