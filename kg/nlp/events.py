"""Events: concrete happenings by PLOVER type, with agent, target, place, date, negation and who asserts them.

A verb of the lexicon is an event where it is real (not wished, not merely possible); a noun ("the fighting", "airstrikes")
where it hangs on no event verb and the text ties it to an actor, a place or a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import ActorType, EventType, StatementKind, SupportKind
from kg.nlp import lexicon, syntax
from kg.nlp.calendar import Calendar
from kg.nlp.mentions import NAME
from kg.nlp.pairs import between
from kg.nlp.places import place_of
from kg.nlp.situations import Record, Voices, doer, noun_phrase, participant
from kg.nlp.who import Range, Who

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_MODALS: Final = frozenset({"could", "may", "might", "should", "would", "must", "can", "will", "shall", "’ll", "'ll"})
_IF: Final = frozenset({"if", "unless", "whether"})
_SUPPORT_EVENTS: Final = {
    SupportKind.BACKS: EventType.SUPPORT,
    SupportKind.ARMS: EventType.AID,
    SupportKind.TRAINS: EventType.AID,
    SupportKind.FUNDS: EventType.AID,
}


class EventFinder:
    """spaCy component: writes events to ``doc._.events``."""

    def __init__(self) -> None:
        words = lexicon.load("events")
        self._verbs = words.sections("verbs")
        self._nouns = words.sections("nouns")
        self._light = words["light.verbs"]
        self._results = words["light.results"]
        self._objects = words.sections("objects")
        self._actor_needed = words["actor_needed.verbs"]
        self._all_nouns = {n: t for t, nouns in self._nouns.items() for n in nouns}
        self._places = lexicon.load("mentions")["descriptions.places"]

    def __call__(self, doc: Doc) -> Doc:
        """Write the events in text order, one for each happening of a clause."""
        who, voices, calendar = Who(doc), Voices(doc), Calendar(doc)
        cues = {i for a in voices.attributions for i in range(a.cue[0], a.cue[1])}
        used: set[int] = set()
        records: list[Record] = []
        verbs = [t for t in doc if syntax.is_verb(t)]
        nouns = [t for t in doc if t.pos_ in {"NOUN", "PROPN"}]
        for token in (*verbs, *nouns):
            if token.i in cues or token.i in used:
                continue
            found = self._verb(token, who, used) if syntax.is_verb(token) else self._noun(token, who, used, calendar)
            if found is None or (found[1] is None and not self._is_anchored(token, who, calendar)):
                continue
            type_, agent, target, anchor = found
            by = voices.at(token)
            unreal = voices.kind(by) == StatementKind.APPEAL or self._is_hypothetical(token)
            if unreal or (voices.kind(by) == StatementKind.PLEDGE and type_ not in {EventType.SANCTION, EventType.AGREE}):
                continue
            bounds = token.sent.start, token.sent.end
            records.append(
                {
                    "type": str(type_),
                    "agent": doer(who, agent),
                    "target": self._target(who, target),
                    "place": place_of(token, anchor, who, bounds),
                    "date": calendar.near(token, *bounds),
                    "negated": syntax.is_negated(token) or voices.kind(by) == StatementKind.DENIAL,
                    "quote": self._quote(token, agent, target),
                    "asserted_by": by,
                }
            )
        records += self._from_alliances(doc)
        doc._.events = _merged(doc, records)
        return doc

    def _target(self, who: Who, token: Token | None) -> Record | None:
        """The target; people who only suffer ("31 civilians") stay a phrase and become no actor."""
        if token is not None and (c := who.at(token)) >= 0 and who.type(c) == ActorType.PEOPLE and not who.is_named(c):
            return {"range": noun_phrase(token)}
        return participant(who, token)

    # Verbs

    def _verb(self, verb: Token, who: Who, used: set[int]) -> tuple[str, Token | None, Token | None, Token] | None:
        lemma = verb.lemma_.lower()
        if verb.dep_ in {"aux", "aux:pass", "auxpass", "cop", "amod", "compound"}:
            return None
        objects = syntax.objects(verb)
        passive = syntax.is_passive(verb)
        patients = syntax.passive_subjects(verb) if passive else objects
        type_ = self._verb_type(lemma, patients)
        if type_ is not None and verb.dep_ == "conj" and not syntax.own_subjects(verb) and self._verb_type(verb.head.lemma_.lower(), syntax.objects(verb.head)) == type_:
            return None
        if lemma == "pull" and any(c.lower_ in {"out", "back"} for c in verb.children):
            type_ = EventType.RETREAT
        subject = None if passive else syntax.subject(verb)
        doers = syntax.agents(verb) if passive else [subject] if subject is not None else []
        agent = doers[0] if doers else None
        noun = next((o for o in patients if o.lemma_.lower() in self._all_nouns), None)
        if type_ is None and lemma in self._light | self._results and noun is not None and not passive and lemma not in {"be", "have", "involve"}:
            type_ = self._all_nouns[noun.lemma_.lower()]
        if type_ is None and lemma in self._light | self._results and agent is not None and agent.lemma_.lower() in self._all_nouns:
            type_ = self._all_nouns[agent.lemma_.lower()]
        if type_ is None:
            return None
        if noun is not None:
            used.add(noun.i)
            patients = [n for p, n in syntax.obliques(noun) if p in {"on", "against", "at", "in"}] or [n for p, n in syntax.obliques(verb) if p in {"on", "against"}] or [p for p in patients if p.i != noun.i]
            target = patients[0] if patients else None
        else:
            target = patients[0] if patients else None
        if target is not None and target.ent_type_ == "DATE":
            target = None
        if target is None:
            target = next((n for p, n in syntax.obliques(verb) if p in {"with", "against", "on", "by"} and (p != "by" or not passive) and (who.at(n) >= 0)), None)
        happened = agent is not None and agent.lemma_.lower() in self._all_nouns
        if agent is not None and happened:
            if agent.i in used:
                return None
            used.add(agent.i)
            if self._all_nouns[agent.lemma_.lower()] not in {type_, EventType.ASSAULT} and lemma not in self._light:
                return None
            agent = self._doer_of(agent, who)
        if lemma in self._actor_needed and not any(t is not None and (who.at(t) >= 0 or who.is_place(t) or t.lemma_.lower() in self._places) for t in (target,)) and not (
            type_ in {EventType.MOBILIZE, EventType.CONSULT} and any(who.is_place(n) or who.at(n) >= 0 for _, n in syntax.obliques(verb))
        ):
            return None
        if agent is None and target is None and not passive and not happened:
            return None
        for preposition, inner in syntax.obliques(verb):
            if inner.lemma_.lower() in self._all_nouns and preposition in {"in", "by", "during", "as", "with"}:
                used.add(inner.i)
                if agent is None and preposition in {"in", "by"}:
                    agent = self._doer_of(inner, who)
        return type_, agent, target, target if target is not None else agent if agent is not None else verb

    def _verb_type(self, lemma: str, patients: list[Token]) -> str | None:
        nouns = {t.lemma_.lower() for x in patients for t in syntax.conjuncts(x)}
        if any(name.startswith(f"{lemma}.") for name in self._objects):
            found = next((name.split(".")[1] for name, words in self._objects.items() if name.startswith(f"{lemma}.") and nouns & words), None)
            if found or lemma not in {v for verbs in self._verbs.values() for v in verbs}:
                return found
            return None if lemma in {"open", "take", "launch", "carry", "conduct", "stage", "hold", "impose"} else self._plain(lemma)
        return self._plain(lemma)

    def _plain(self, lemma: str) -> str | None:
        return next((type_ for type_, verbs in self._verbs.items() if lemma in verbs), None)

    def _doer_of(self, noun: Token, who: Who) -> Token | None:
        """Whose attack it was: "Turkish airstrikes", "attacks by militants", "shelling carried out by rebels"."""
        for child in noun.children:
            if child.i < noun.i and child.dep_ in {"compound", "amod", "nmod:poss", "poss", "nmod"} and who.at(child) >= 0:
                return child
        for preposition, inner in syntax.obliques(noun):
            if preposition == "by" and who.at(inner) >= 0:
                return inner
        for child in noun.children:
            if child.dep_ in {"acl", "acl:relcl", "relcl"} and syntax.agents(child):
                return syntax.agents(child)[0]
        return None

    # Nouns

    def _noun(self, noun: Token, who: Who, used: set[int], calendar: Calendar) -> tuple[str, Token | None, Token | None, Token] | None:
        lemma = noun.lemma_.lower()
        type_ = self._all_nouns.get(lemma)
        if type_ is None or noun.dep_ in {"compound", "nmod:desc", "amod", "flat"} or who.mention(noun) is not None:
            return None
        verb = syntax.clause_head(noun)
        if verb.i != noun.i and syntax.is_verb(verb) and self._verb_type(verb.lemma_.lower(), syntax.objects(verb)) is not None and noun.sent.start == verb.sent.start and noun.dep_ not in {"nsubj"}:
            return None
        agent = self._doer_of(noun, who)
        target = next((n for p, n in syntax.obliques(noun) if p in {"on", "against", "with", "of"} and (who.at(n) >= 0 or who.is_place(n))), None)
        sides = between(noun, who)
        if sides and agent is None:
            tokens = [who.doc[m.head] for m in who.mentions if m.cluster in sides and noun.i < m.head < noun.sent.end]
            agent, target = (tokens[0], tokens[1]) if len(tokens) > 1 else (tokens[0] if tokens else None, target)
        if type_ == EventType.CONSULT and agent is None and target is None:
            agent, target = self._talkers(noun, who)
        holder = noun.head
        if agent is None and syntax.is_verb(holder) and noun.dep_ in syntax.OBJECT and (s := syntax.subject(holder)) is not None and who.at(s) >= 0 and holder.lemma_.lower() in self._light:
            agent = s
        local = any(p in {"in", "at", "near", "around"} and who.is_place(n) for p, n in syntax.obliques(noun))
        dated = any(calendar.is_date(t) for t in noun.subtree) or (syntax.is_verb(holder) and noun.dep_ in syntax.SUBJECT and any(calendar.is_date(t) for t in noun.sent))
        if agent is None and target is None and not local and not dated:
            return None
        return type_, agent, target, noun

    def _talkers(self, noun: Token, who: Who) -> tuple[Token | None, Token | None]:
        """Who talks with whom, where the sentence has a subject and a "with": "X came out with Y, prior to holding talks"."""
        subject = syntax.subject(syntax.clause_head(noun))
        partner = next((t for t in noun.sent if syntax.preposition(t) == "with" and who.at(t) >= 0), None)
        if subject is None or partner is None or who.at(subject) < 0 or who.at(subject) == who.at(partner):
            return None, None
        return subject, partner

    def _is_anchored(self, token: Token, who: Who, calendar: Calendar) -> bool:
        """Whether a happening without an agent is at least tied to a day or a place: a bare toll is no event."""
        return any(calendar.is_date(t) for t in token.sent) or any(who.is_place(n) for _, n in syntax.obliques(token)) or any(p in {"in", "by", "during"} and n.lemma_.lower() in self._all_nouns for p, n in syntax.obliques(token))

    # Reality and records

    def _is_hypothetical(self, token: Token) -> bool:
        """Under a modal, a condition, or an infinitive that no happening verb carries."""
        for t in (token, *syntax.governors(token)):
            if t.sent.start != token.sent.start:
                break
            if any(c.dep_ in {"aux"} and c.lower_ in _MODALS for c in t.children) or any(c.dep_ == "mark" and c.lower_ in _IF for c in t.children):
                return True
            if t.dep_ in {"ccomp", "parataxis", "ROOT", "acl:relcl", "relcl"}:
                break
        if any(c.tag_ == "TO" for c in token.children) and token.tag_ == "VB":
            head = token.head
            return not (syntax.is_verb(head) and head.lemma_.lower() in {"try", "continue", "begin", "start", "manage", "use", "help", "go", "agree", "choose"})
        return False

    def _from_alliances(self, doc: Doc) -> Iterator[Record]:
        """Support that is given is a happening too: backing is SUPPORT, arms, training and money are AID."""
        for alliance in doc._.alliances:
            type_ = _SUPPORT_EVENTS.get(alliance["kind"])
            if type_ is not None and alliance["eventive"]:
                yield {
                    "type": str(type_),
                    "agent": {"cluster": alliance["supporter"]},
                    "target": {"cluster": alliance["supported"]},
                    "place": -1,
                    "date": "",
                    "negated": False,
                    "quote": alliance["quote"],
                    "asserted_by": alliance["asserted_by"],
                }

    def _quote(self, trigger: Token, agent: Token | None, target: Token | None) -> Range:
        """From the agent to the target and the clause's own obliques, the trigger in between."""
        inside = [t for t in (trigger, agent, target, *(n for _, n in syntax.obliques(trigger))) if t is not None and t.sent.start == trigger.sent.start and abs(t.i - trigger.i) < 25]
        ranges = [syntax.phrase_range(t) if not syntax.is_verb(t) else (t.i, t.i + 1) for t in inside]
        return max(trigger.sent.start, min(r[0] for r in ranges)), min(trigger.sent.end, max(r[1] for r in ranges))


def _merged(doc: Doc, records: list[Record]) -> list[Record]:
    """In text order; two happenings of one type, agent and target in one sentence are one."""
    merged: dict[tuple[str, ...], Record] = {}
    for r in sorted(records, key=lambda r: (r["quote"], r["type"])):
        key = r["type"], str(r["agent"]), str(r["target"]), str(doc[r["quote"][0]].sent.start)
        known = merged.get(key)
        if known is None or not r["agent"] or known["asserted_by"] != r["asserted_by"]:
            merged[key if known is None else (*key, str(r["quote"]))] = r
        else:
            known["quote"] = min(known["quote"][0], r["quote"][0]), max(known["quote"][1], r["quote"][1])
            known["date"] = known["date"] or r["date"]
    return list(merged.values())


@Language.factory("events", requires=["doc._.statements", "doc._.mentions", "doc._.alliances"], assigns=["doc._.events"])
def make_event_finder(nlp: Language, name: str) -> EventFinder:  # noqa: ARG001 - spaCy's signature
    """Component factory."""
    return EventFinder()
