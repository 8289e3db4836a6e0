"""What kind of statement an attribution is, whom it is about, and which statement a denial denies.

The kind follows from the cue's class and from what is said about whom: "said it would" is a pledge, "said it had no
part in" a denial, "said its neighbour shelled" an accusation, whatever the verb.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import ActorType, StatementKind
from kg.nlp import lexicon, syntax
from kg.nlp.denials import DenialLinker, is_object, with_denied
from kg.nlp.scene import Attribution, read_attributions, write_attributions
from kg.nlp.who import Who

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_NOUN_KINDS: Final = {
    "hope": StatementKind.APPEAL,
    "forward": StatementKind.APPEAL,
    "accusation": StatementKind.ACCUSATION,
    "denial": StatementKind.DENIAL,
    "promise": StatementKind.PLEDGE,
    "claim": StatementKind.CLAIM,
    "concern": StatementKind.CLAIM,
    "responsibility": StatementKind.CLAIM,
}
_NO_PREDICATE: Final = frozenset({"aux", "aux:pass", "cop", "amod"})
_NOBODY: Final = frozenset({"no", "nobody", "none", "neither"})
_FIRST: Final = frozenset({"i", "we"})
_EACH_OTHER: Final = frozenset({("each", "other"), ("one", "another"), ("the", "other")})
_FORCES: Final = frozenset(
    {ActorType.STATE, ActorType.GOVERNMENT_BODY, ActorType.ARMED_GROUP, ActorType.INTERNATIONAL_ORGANIZATION}
)
_DOUBTFUL: Final = 0.65
_ACCUSERS: Final = frozenset(
    {
        ActorType.STATE,
        ActorType.GOVERNMENT_BODY,
        ActorType.ARMED_GROUP,
        ActorType.PERSON,
        ActorType.PEOPLE,
        ActorType.TERRITORY,
    }
)


class KindTagger:
    """spaCy component: fills kind, about, denies and denied of the attributions in ``doc._.statements``."""

    def __init__(self) -> None:
        words = lexicon.load("cues")
        self._denials = DenialLinker()
        self._anonymity = words["context.anonymity"]
        self._future = words["context.future"]
        self._willing = words["context.willing"]
        self._obligation = words["context.obligation"]
        self._exculpation = words["context.exculpation"]
        self._falsehood = words["context.falsehood"]
        self._witnesses = words["context.witnesses"]
        self._harmful = words["context.harmful"]
        self._saying = words["verbs.report"] - words["verbs.short"]
        self._talking = lexicon.load("events")["loose.CONSULT"] | words["verbs.appeal"]
        self._cues: set[int] = set()
        self._silent = words["silence.silent"]
        self._mutual = words["phrases.mutual"]
        self._performing = {
            StatementKind.DENIAL: words["verbs.deny"],
            StatementKind.ACCUSATION: words["verbs.accuse"],
            StatementKind.APPEAL: words["verbs.appeal"] - words["verbs.think"] - words["verbs.report"],
            StatementKind.PLEDGE: words["verbs.pledge"],
        }
        self._exhorting = words["context.exhorting"]
        self._unknown = lexicon.load("mentions")["unknown"]
        self._tellings = words["context.tellings"]
        self._according = {"accord", *words["phrases.according"]}
        self._deeds = (
            frozenset().union(*lexicon.load("events").sections("verbs").values())
            | self._harmful
            | words["context.deeds"]
        )
        self._harmful_nouns = words["context.harmful_nouns"]
        self._lives = words["context.lives"]
        happenings = lexicon.load("events").sections("nouns")
        self._happenings = words["context.moods"].union(*(nouns for t, nouns in happenings.items() if t != "CONSULT"))
        self._assaults = happenings["ASSAULT"] | happenings["COERCE"]
        self._states = frozenset().union(*lexicon.load("casualties").sections("states").values())

    def __call__(self, doc: Doc) -> Doc:
        """Decide kinds and subjects first, then what each denial denies."""
        who = Who(doc)
        found = read_attributions(doc)
        found = with_denied(doc, found, who, self._tellings)
        self._cues = {a.verb for a in found}
        for a in found:
            _mend_source(doc, a, found)
            kind = self._kind(doc, a, who)
            a.kind = kind or ""
            a.about = self._about(doc, a, who) if kind is not None else []
        for a in found:
            if self._is_mutual(doc, a):
                a.about = sorted({o.source_cluster for o in found if o.verb == a.verb} - {a.source_cluster, -1})
        found = _only(found, [bool(a.kind) for a in found])
        self._denials.link(doc, found, who)
        # A denial for whose content nothing is found says nothing.
        write_attributions(doc, _only(found, [a.content is not None for a in found]))
        return doc

    # Kinds

    def _kind(self, doc: Doc, a: Attribution, who: Who) -> StatementKind | None:
        classes = set(a.classes)
        if self._is_outcome(doc, a) or self._is_nobodys(doc, a) or self._is_happening(doc, a):
            return None
        if not classes and any(t.lower_ in self._silent for t in doc[a.cue[0] : a.cue[1]]):
            return StatementKind.NON_DISCLOSURE
        if not classes and not self._is_speech(doc, a, who):
            return None
        for name, kind in _NOUN_KINDS.items():
            if name in classes:
                return kind
        if "withhold" in classes:
            return StatementKind.NON_DISCLOSURE
        if "deny" in classes:
            return StatementKind.DENIAL
        verb = doc[a.verb]
        lemma = verb.lemma_.lower()
        head = self._content_head(doc, a)
        if "accuse" in classes:
            return StatementKind.ACCUSATION
        if "describe" in classes and not classes & {"report", "think"}:
            if a.content and any(t.lemma_.lower() in self._falsehood for t in doc[a.content[0] : a.content[1]]):
                return StatementKind.DENIAL
            if lemma == "call" and "appeal" in classes and self._appeals(verb):
                return StatementKind.APPEAL
            return StatementKind.CLAIM if a.attested or self._characterises(doc, a, verb) else None
        if "pledge" in classes and (head is None or head.tag_ in {"VB", "VBG"} or self._is_future(head)):
            return StatementKind.PLEDGE
        if "pledge" in classes and not classes & {"report", "think", "appeal"}:
            return StatementKind.PLEDGE
        if lemma == "ask" and a.content and any(t.lower_ in self._anonymity for t in doc[a.content[0] : a.content[1]]):
            return None
        if a.bare and lemma in self._exhorting and head is not None and self._is_to_do(head):
            return StatementKind.APPEAL
        if "appeal" in classes and (not classes & {"report", "think", "evidence"} or self._appeals(verb)):
            return StatementKind.APPEAL
        return self._by_content(doc, a, head, who)

    def _is_speech(self, doc: Doc, a: Attribution, who: Who) -> bool:
        """Whether a cue of no class, which only the tagger knows, has a source, and is no deed of anybody but a person.

        Nobody speaks in "the photo is seen", "the army has attacked" and "the valley has seen".
        """
        if a.lemma in self._according:
            return True
        cue, type_ = doc[a.verb], who.type(a.source_cluster)
        if a.source is None or type_ == ActorType.TERRITORY:
            return False
        if cue.pos_ == "NOUN" and cue.lemma_.lower() in self._assaults:
            return False  # "the army's attack against"
        deed = cue.lemma_.lower() in self._deeds and type_ != ActorType.PERSON
        doubtful = a.confidence < _DOUBTFUL and type_ in _FORCES  # "has thrown its weight behind"
        tells = any(map(syntax.is_verb, a.words(doc)))
        return not syntax.is_verb(cue) or not (deed or (doubtful and not tells))

    def _is_nobodys(self, doc: Doc, a: Attribution) -> bool:
        """Whether nobody says it: "no group has claimed responsibility", "Israel has not claimed responsibility"."""
        if "responsibility" in a.classes and a.negated:
            return True
        start = a.source[0] if a.source is not None else 0
        opening = {t.lower_ for t in doc[max(0, start - 1) : start + 1]} if a.source is not None else set()
        return bool(opening & _NOBODY) and "withhold" not in a.classes

    def _is_happening(self, doc: Doc, a: Attribution) -> bool:
        """Whether no party but time or an event does it: "a ceasefire continued", "the war has claimed 400 lives"."""
        if a.content is not None and a.lemma == "claim" and doc[slice(*a.content)].root.lemma_.lower() in self._lives:
            return True
        if a.source is None:
            return False
        source = doc[slice(*a.source)].root
        return source.ent_type_ == "DATE" or (source.pos_ == "NOUN" and source.lemma_.lower() in self._happenings)

    def _is_outcome(self, doc: Doc, a: Attribution) -> bool:
        """Whether a cue only says in what state somebody was found: "five people reported dead"."""
        after = doc[a.verb + 1].lower_ if a.verb + 1 < len(doc) else ""
        helped = any(c.dep_ in {"aux", "aux:pass"} for c in doc[a.verb].children)
        return a.lemma == "report" and not helped and after in self._states

    def _is_to_do(self, head: Token) -> bool:
        """Whether an infinitive says what to do: "stressed [to] never forget", but not "said to have fled"."""
        words = {c.lower_ for c in head.children}
        return head.tag_ == "VB" and head.lemma_ != "be" and "to" in words and "have" not in words

    def _characterises(self, doc: Doc, a: Attribution, verb: Token) -> bool:
        """Whether somebody is described as something: "called it illegal", "described him as a spy", "put it at 85"."""
        if a.content is None:
            return False
        words = {t.lower_ for t in doc[a.content[0] : a.content[1]]}
        if verb.lemma_.lower() == "put":
            return "at" in words
        return bool(words & {"as", "“", '"'}) or any(c.dep_ == "xcomp" for c in verb.children)

    def _appeals(self, verb: Token) -> bool:
        """Whether a verb asks for something: "called for a truce", "called for halting", "called on them to stop"."""
        infinitive = any(any(g.tag_ == "TO" for g in c.children) for c in syntax.complements(verb))
        doing = (g.dep_ == "mark" and g.lower_ == "for" for c in verb.children for g in c.children)
        called = (p == "for" or (p in {"on", "upon"} and t.ent_type_ != "DATE") for p, t in syntax.obliques(verb))
        return infinitive or (not syntax.is_passive(verb) and (any(called) or any(doing)))

    def _by_content(self, doc: Doc, a: Attribution, head: Token | None, who: Who) -> StatementKind:
        if head is None or a.content is None:
            return StatementKind.CLAIM
        words = {t.lemma_.lower() for r in (a.content, a.content2) if r for t in doc[r[0] : r[1]]}
        subject = syntax.subject(head)
        own = subject is not None and who.same_side(who.at(subject), a.source_cluster)
        if who.type(a.source_cluster) == ActorType.ORGANIZATION:  # "U.S. media" do not speak for the U.S.
            own = subject is not None and who.at(subject) == a.source_cluster
        if any(t.lemma_.lower() in self._falsehood for t in (head, *head.children)) and not own:
            return StatementKind.DENIAL
        if own and self._is_negated(head) and words & (self._exculpation | self._harmful | self._harmful_nouns):
            return StatementKind.DENIAL
        if own and (spoken := self._performed(head)) is not None:
            return spoken
        mains = _mains(doc, a, head)
        willing = any(t.lemma_.lower() in self._willing for t in (head, *head.children))
        if own and (willing or any(map(self._is_future, mains))):
            return StatementKind.PLEDGE
        accuses = who.type(a.source_cluster) in _ACCUSERS and not (
            self._is_witness(doc, a) or self._retells(head, own=own)
        )
        if self._blamed(doc, a, who) and (accuses or doc[a.verb].lemma_.lower() == "allege"):
            return StatementKind.ACCUSATION
        if not own and any(c.lower_ in self._obligation and c.dep_ == "aux" for main in mains for c in main.children):
            return StatementKind.APPEAL
        return StatementKind.CLAIM

    def _performed(self, head: Token) -> StatementKind | None:
        """What is done by saying so in the first person: "we deny this", "we call on all to stop"."""
        if head.tag_ != "VBP" or syntax.is_negated(head) or not any(t.lower_ in _FIRST for t in head.children):
            return None
        lemma = head.lemma_.lower()
        return next((kind for kind, lemmas in self._performing.items() if lemma in lemmas), None)

    def _retells(self, head: Token, *, own: bool) -> bool:
        """Whether a content says what somebody else says, or is talked about: "said he had discussed the raids"."""
        lemma = head.lemma_.lower()
        return lemma in self._talking or (head.i in self._cues and lemma in self._saying and not own)

    def _is_witness(self, doc: Doc, a: Attribution) -> bool:
        """Whether a source tells what it saw and takes no side: "residents", "a medic"."""
        source = doc[a.source[0] : a.source[1]] if a.source is not None else ()
        return any(t.lemma_.lower() in self._witnesses or t.lower_ in self._witnesses for t in source)

    def _is_negated(self, head: Token) -> bool:
        return syntax.is_negated(head) or any(syntax.is_negated(c) for c in head.children)

    def _is_future(self, head: Token) -> bool:
        return any(c.dep_ in {"aux", "aux:pass"} and c.lower_ in self._future for c in head.children)

    def _content_head(self, doc: Doc, a: Attribution) -> Token | None:
        """The main predicate of a content: the verb, or what stands with a copula, that hangs outside or highest."""
        if a.content is None:
            return None
        start, end = a.content
        verbs = [t for t in doc[start:end] if syntax.is_verb(t) and t.dep_ not in _NO_PREDICATE]
        nominals = [t for t in doc[start:end] if any(c.dep_ == "cop" for c in t.children)]
        highest = (t for t in sorted({*verbs, *nominals}) if not start <= t.head.i < end or t.head.i == t.i)
        return next(highest, verbs[0] if verbs else None)

    # About

    def _is_mutual(self, doc: Doc, a: Attribution) -> bool:
        """Whether joint sources accuse each other."""
        if a.kind != StatementKind.ACCUSATION or a.content is None:
            return False
        opening = tuple(t.lower_ for t in doc[a.content[0] : a.content[0] + 2])
        return opening in _EACH_OTHER or a.lemma in self._mutual

    def _blamed(self, doc: Doc, a: Attribution, who: Who) -> list[int]:
        """Actors that the content makes the doers of a harmful act, the source's own side aside."""
        found = []
        for r in (a.content, a.content2):
            start, end = r or (0, 0)
            for t in doc[start:end]:
                lemma = t.lemma_.lower()
                doers: list[Token] = []
                if t.dep_ in syntax.RELATIVE and t.head.i >= start:
                    continue  # what a relative clause takes for granted is not what is said
                broke_out = lemma == "break" and any(c.tag_ == "RP" for c in t.children)
                if syntax.is_bare_participle(t):
                    doers = syntax.agents(t) if lemma in self._harmful else []
                elif syntax.is_verb(t) and lemma in self._harmful and not (syntax.is_negated(t) or broke_out):
                    doer = next(iter(syntax.agents(t)), None) if syntax.is_passive(t) else syntax.subject(t)
                    doers = [doer] if doer is not None else []
                elif lemma in self._harmful_nouns and any(c.dep_ == "cop" for c in t.children):
                    doers = [] if syntax.is_negated(t) else syntax.own_subjects(t)
                elif lemma in self._harmful_nouns and t.pos_ == "NOUN":
                    doers = [c for c in t.children if c.dep_ in {"nmod:poss", "compound", "amod"}]
                    doers += [n for p, n in syntax.obliques(t) if p == "by"]
                    doers += [n for c in t.children if c.dep_ in syntax.PARTICIPIAL for n in syntax.agents(c)]
                for doer in doers:
                    for d in syntax.conjuncts(doer):
                        c = who.at(d)
                        if (
                            c >= 0
                            and self._can_be_blamed(d, c, who)
                            and not who.same_side(c, a.source_cluster)
                            and c not in found
                        ):
                            found.append(c)
        return found

    def _can_be_blamed(self, token: Token, cluster: int, who: Who) -> bool:
        """Whether a doer is somebody in particular: no crowd, and none of whom only the deed is known ("gunmen")."""
        if who.is_named(cluster):
            return who.type(cluster) != ActorType.PEOPLE or token.tag_ == "NNPS"
        unknown = token.lemma_.lower() in self._unknown and who.owner(cluster) < 0
        return who.type(cluster) != ActorType.PEOPLE and not unknown

    def _about(self, doc: Doc, a: Attribution, who: Who) -> list[int]:
        kind = a.kind
        targets: list[int] = []
        if a.addressee >= 0 and (
            kind in {StatementKind.ACCUSATION, StatementKind.APPEAL, StatementKind.PLEDGE}
            or doc[a.verb].lemma_.lower() == "tell"
        ):
            targets = [c for t in syntax.conjuncts(doc[a.addressee]) if (c := who.at(t)) >= 0]
        if not targets and kind in {StatementKind.ACCUSATION, StatementKind.CLAIM}:
            targets = self._blamed(doc, a, who)
        if not targets and kind == StatementKind.APPEAL and a.content:
            head = self._content_head(doc, a)
            subject = syntax.subject(head) if head is not None else None
            targets = [who.at(subject)] if subject is not None else []
        if not targets and kind in {StatementKind.PLEDGE, StatementKind.APPEAL} and a.content:
            targets = [
                c
                for t in doc[a.content[0] : a.content[1]]
                if (c := who.headed(t)) >= 0 and not who.same_side(c, a.source_cluster)
            ][:1]
        return list(dict.fromkeys(c for c in targets if c >= 0 and not who.same_side(c, a.source_cluster)))


def _mend_source(doc: Doc, a: Attribution, found: list[Attribution]) -> None:
    """Take a source away that cannot be one: who is "blamed for an attack", who denies "reports that …"."""
    if a.source is None:
        return
    cue = doc[a.verb]
    done = cue.tag_ in {"VBN", "VBD"} and not (syntax.objects(cue) or syntax.takes_object(cue))
    blamed = cue.dep_ in syntax.PARTICIPIAL and done
    if blamed and a.source[0] <= cue.head.i < a.source[1]:
        a.addressee = cue.head.i if "accuse" in a.classes else a.addressee
        a.source, a.source_cluster = None, -1
    elif is_object(cue) and any(
        "deny" in o.classes and o.verb == cue.head.i and o.source_cluster == a.source_cluster for o in found
    ):
        teller = next((n for p, n in syntax.obliques(cue) if p == "by"), None)
        a.source, a.source_cluster = (syntax.phrase_range(teller), -1) if teller is not None else (None, -1)


def _mains(doc: Doc, a: Attribution, head: Token) -> list[Token]:
    """The main predicate of a content and those coordinated with it that share its subject."""
    start, end = a.content or (head.i, head.i + 1)
    others = (t for t in syntax.conjuncts(head)[1:] if start <= t.i < end)
    return [head, *(t for t in others if syntax.is_verb(t) and not syntax.own_subjects(t))]


def _only(found: list[Attribution], kept: list[bool]) -> list[Attribution]:
    """The kept attributions, their references renumbered; what stood in a dropped one stands in its outer."""
    number = {old: new for new, old in enumerate(i for i, keep in enumerate(kept) if keep)}
    outer = [a.nested_in for a in found]
    for a in found:
        while a.nested_in >= 0 and a.nested_in not in number:
            a.nested_in = outer[a.nested_in]
        a.nested_in, a.denies = number.get(a.nested_in, -1), number.get(a.denies, -1)
    return [a for a, keep in zip(found, kept, strict=True) if keep]


@Language.factory("statement_kinds", requires=["doc._.statements", "doc._.mentions"], assigns=["doc._.statements"])
def make_kind_tagger(nlp: Language, name: str) -> KindTagger:
    """Component factory."""
    return KindTagger()
