"""Mentions of actors: names with their titles, noun phrases headed by a role ("Malian authorities"), pronouns.

A mention is a plain dictionary in ``doc._.mentions`` (so that a Doc can be serialised); :class:`Mention` is its view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from spacy.language import Language
from spacy.tokens import Doc

from kg.gazetteer import roles
from kg.model import ActorType
from kg.nlp import lexicon
from kg.nlp.names import NAMES, PLACE, Name

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

NAME: Final = "name"
ADJECTIVE: Final = "adjective"
METONYM: Final = "metonym"
ROLE: Final = "role"
PRONOUN: Final = "pronoun"

_MODIFIER_TAGS: Final = frozenset(
    {"JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "HYPH", "POS", "CD", "VBN", "VBG", "RB"}
)
_NOUN_TAGS: Final = frozenset({"NN", "NNS", "NNP", "NNPS"})
_ADJECTIVAL: Final = frozenset({ADJECTIVE, "demonym"})
_NAME_TAGS: Final = frozenset({"NNP", "NNPS", "JJ"})
_NO_MODIFIER: Final = frozenset({"POS", "HYPH", "RB", "CD", "JJS", "JJR"})
_LONGEST_PHRASE: Final = 8


@dataclass(slots=True)
class Mention:
    """A mention at tokens [start, end); `wide_start` counts a title in ("Kenyan President Jane Roe")."""

    start: int
    end: int
    head: int
    kind: str
    type: str
    entry: str = ""
    wide_start: int = -1
    office: str = ""
    """The office in the title: "Foreign Minister"."""
    office_of: int = -1
    """Token of the name inside a title or phrase to which the person or body belongs: "Russian"."""
    role: str = ""
    """Lemma of the role that heads the phrase: "official"."""
    plural: bool = False
    definite: bool = False
    cluster: int = -1
    owner: str = ""
    """The entry of the state whose body a name says it is: "Iranian Foreign Ministry"."""

    def __post_init__(self) -> None:
        if self.wide_start < 0:
            self.wide_start = self.start

    def text(self, doc: Doc) -> str:
        """The mention's words."""
        return str(doc[self.start : self.end].text)


def read(doc: Doc) -> list[Mention]:
    """The mentions of a Doc, in text order."""
    return [Mention(**m) for m in doc._.mentions]


def write(doc: Doc, mentions: list[Mention]) -> None:
    """Store mentions as plain dictionaries."""
    doc._.mentions = [{name: getattr(m, name) for name in Mention.__slots__} for m in mentions]


class MentionFinder:
    """spaCy component: finds mentions and writes them to ``doc._.mentions``; who is who is decided later."""

    def __init__(self) -> None:
        words = lexicon.load("mentions")
        self._classes: dict[str, frozenset[str]] = {
            name: words[name]
            for name in (
                "government",
                "troops",
                "armed",
                "people",
                "person",
                "organization",
                "monitor",
                "international",
                "group",
            )
        }
        self._sides = words["sides"]
        self._generic = words["generic"]
        self._bands = words["bands"]
        self._capitalised = words["capitalised"]
        self._single = words["single"]
        self._aircraft = words["aircraft"]
        deeds = lexicon.load("events")
        self._deed_nouns = frozenset().union(*deeds.sections("nouns").values())
        self._deeds = frozenset().union(*deeds.sections("verbs").values(), *deeds.sections("loose").values())
        self._roles = frozenset().union(*self._classes.values())
        places = words["descriptions.places"]
        self._known = {term: str(type_) for term, type_ in roles().items() if term.split()[-1] not in places}
        self._telling = self._roles.union(self._sides, self._known)
        self._plural_of = {str(ActorType.PERSON): str(ActorType.PEOPLE)}
        self._armed_modifiers = words["armed_modifiers"]
        self._ethnic_modifiers = words["ethnic_modifiers"]
        self._titles = words["titles.words"] | words["titles.bodies"]
        self._offices = words["titles.offices"]
        self._address = words["titles.address"]
        self._ranks = words["titles.ranks"]
        self._bound = {row["office"]: row["entry"] for row in words.records("bound")}
        self._pronouns = {
            w: kind for kind in ("person", "thing", "plural", "speaker") for w in words[f"pronouns.{kind}"]
        }
        self._definite = words["descriptions.definite"]
        self._ignored = words["descriptions.ignored"]
        self._stops = words["descriptions.stops"]

    def __call__(self, doc: Doc) -> Doc:
        """Write the mentions in text order."""
        names = [Name.of(span) for span in doc.spans[NAMES]]
        owner = [-1] * len(doc)
        for i, name in enumerate(names):
            owner[name.start : name.end] = [i] * (name.end - name.start)
        found = [self._named(doc, name, names, owner) for name in names]
        titles = {i for m in found for i in range(m.wide_start, m.start)}
        for token in doc:
            if token.i in titles:
                continue
            if (
                owner[token.i] < 0
                and token.lower_ in self._pronouns
                and token.tag_ in {"PRP", "PRP$"}
                and token.dep_ != "expl"
            ):
                kind = self._pronouns[token.lower_]
                found.append(Mention(token.i, token.i + 1, token.i, PRONOUN, kind, plural=kind == "plural"))
            elif role := self._role(token, names, owner):
                found.append(role)
        write(doc, sorted(found, key=lambda m: (m.start, m.end)))
        return doc

    def _named(self, doc: Doc, name: Name, names: list[Name], owner: list[int]) -> Mention:
        mention = Mention(name.start, name.end, _head(doc, name.start, name.end), name.form, name.type, name.entry)
        if name.form == "demonym":
            mention.kind = NAME if doc[name.end - 1].tag_ in {"NNPS", "NNS"} else ADJECTIVE
        elif name.form not in {ADJECTIVE, METONYM}:
            mention.kind = NAME
        mention.definite = True
        mention.owner = name.owner
        owned = name.start > 1 and doc[name.start - 1].tag_ == "POS" and owner[name.start - 2] >= 0
        if owned and name.type == ActorType.GOVERNMENT_BODY and not name.entry and name.end - name.start == 1:
            # "Iraq's Cabinet": one word alone would be everybody's.
            mention.start = names[owner[name.start - 2]].start
            mention.office_of = name.start - 2
        if name.type == ActorType.PERSON:
            self._title(doc, mention, names, owner)
        return mention

    def _title(self, doc: Doc, mention: Mention, names: list[Name], owner: list[int]) -> None:
        """Widen a person's name by the title before it, and note the office and whose it is."""
        start = mention.start
        while start > 0 and not doc[start].is_sent_start:
            before = doc[start - 1]
            inside = owner[before.i]
            if inside >= 0 and names[inside].type not in {ActorType.PERSON, PLACE}:
                start = names[inside].start
            elif (
                inside < 0
                and (before.lower_ in self._titles or before.tag_ == "POS" or before.text == "-")
                and before.lower_ not in {"and", "for"}
            ):
                start -= 1
            else:
                break
        while start < mention.start and (
            doc[start].tag_ in {"POS", "HYPH", "IN", "PRP$"}
            or doc[start].text == "-"
            or doc[start].lower_ in self._address
        ):
            start += 1
        words = [
            t for t in doc[start : mention.start] if owner[t.i] < 0 and t.tag_ not in {"POS", "PRP$"} and t.text != "-"
        ]
        office = [t for t in words if t.lower_ not in self._address]
        mention.wide_start = start if words else mention.start
        if not any(t.lower_ in self._offices for t in office):
            return
        mention.office = " ".join(t.text for t in office).removesuffix(" of")
        owners = (names[owner[t.i]] for t in doc[start : mention.start] if owner[t.i] >= 0)
        bodies = [name for name in owners if not self._is_service(doc[name.end : mention.start])]
        if bodies:
            mention.office_of = bodies[-1].end - 1
        elif (entry := self._bound.get(mention.office.lower())) is not None:
            mention.office_of = next((n.end - 1 for n in names if n.entry == entry), -1)

    def _is_service(self, behind: Span) -> bool:
        """Whether the words between a body and a name are ranks: "Navy Capt. Jane Roe" holds no office of the navy."""
        return len(behind) > 0 and all(t.lower_ in self._ranks for t in behind)

    def _role(self, token: Token, names: list[Name], owner: list[int]) -> Mention | None:
        """The noun phrase that a role heads, or None."""
        if token.tag_ == "JJ" and token.lower_ in self._classes["armed"] and owner[token.i] < 0:
            return self._attributive(token, names, owner)
        # A role with an adverb's tag is a tagger's slip: "ally" looks like one.
        if token.tag_ not in _NOUN_TAGS and not (token.tag_ == "RB" and token.lower_ in self._roles):
            return None
        lemma = token.lemma_.lower() if token.tag_ in {"NNS", "NNPS"} else token.lower_
        if owner[token.i] >= 0:
            return None
        pair = f"{token.nbor(-1).lower_} {lemma}" if token.i else ""
        role = pair if pair in self._telling else lemma if lemma in self._telling else ""
        doc, follower = token.doc, token.i + 1
        beside = [*doc[max(token.i - 1, 0) : token.i], *doc[follower : follower + 1]]
        flown = role in self._classes["armed"] and any(t.lemma_.lower() in self._aircraft for t in beside)
        flights = role in self._single and token.tag_ in {"NNS", "NNPS"}
        if not role or flown or flights or (role in self._capitalised and token.text.islower()):
            return None
        if (
            follower < len(doc)
            and doc[follower].tag_ in _NOUN_TAGS
            and owner[follower] < 0
            and doc[follower].dep_ != "conj"
            and token.dep_ in {"compound", "nmod:desc"}
        ):
            return self._modifier(token, role, names, owner)
        if role in self._classes["armed"] and _is_hyphenated(token):
            return self._modifier(token, role, names, owner)
        if (
            follower < len(doc)
            and owner[follower] >= 0
            and names[owner[follower]].type == ActorType.PERSON
            and role in self._classes["person"]
        ):
            return None
        start = self._left(token, names, owner)
        end = self._right(token, names, owner)
        plural = token.tag_ in {"NNS", "NNPS"} or role == "people"
        inner = next((names[owner[i]] for i in range(token.i - 1, start - 1, -1) if owner[i] >= 0), None)
        if inner is None and end > token.i + 1:
            inner = names[owner[end - 1]] if owner[end - 1] >= 0 else None
        if role in self._sides and (inner is None or inner.type in {ActorType.PERSON, PLACE}):
            return None
        if start > 0 and doc[start - 1].lower_ == "no":
            return None  # "no group has claimed responsibility"
        modifiers = {t.lower_ for t in doc[start : token.i]}
        definite = (
            (start > 0 and doc[start - 1].lower_ in self._definite)
            or doc[start].lower_ in self._definite
            or (doc[start].tag_ == "PRP$")
        )
        type_ = self._type(role, plural, modifiers, inner)
        return Mention(
            start,
            end,
            token.i,
            ROLE,
            type_,
            role=role,
            plural=plural,
            definite=definite,
            office_of=inner.end - 1 if inner else -1,
        )

    def _attributive(self, token: Token, names: list[Name], owner: list[int]) -> Mention | None:
        """An adjective that names fighters: "a militant attack", but not "a militant group", which is one mention."""
        head = token.head
        plain = token.dep_ == "amod" and head.i == token.i + 1 and owner[head.i] < 0 and head.tag_ in {"NN", "NNS"}
        deed = plain and head.lemma_.lower() in self._deed_nouns
        named = deed and token.lower_ not in self._generic
        return self._modifier(token, token.lower_, names, owner) if named else None

    def _modifier(self, token: Token, role: str, names: list[Name], owner: list[int]) -> Mention | None:
        """A role that modifies another noun ("rebel shelling") names a collective if it fights or governs."""
        if role in self._classes["armed"] or role in {
            "regime",
            "government",
            "army",
            "police",
            "military",
            "coalition",
        }:
            start = self._led(token, names, owner)
            return Mention(
                start, token.i + 1, token.i, ROLE, self._type(role, True, set(), None), role=role, plural=True
            )
        return None

    def _led(self, token: Token, names: list[Name], owner: list[int]) -> int:
        """Where "X-led coalition" begins, which is a name in "X-led coalition aircraft" too."""
        i = token.i - 3
        led = i >= token.sent.start and token.nbor(-1).tag_ in {"VBN", "VBD", "JJ"} and token.nbor(-2).text == "-"
        return names[owner[i]].start if led and owner[i] >= 0 else token.i

    def _left(self, token: Token, names: list[Name], owner: list[int]) -> int:
        """Where the noun phrase around a role begins, without articles, numbers and "so-called"."""
        doc, start, floor = token.doc, token.i, token.sent.start
        while start > floor and token.i - start < _LONGEST_PHRASE:
            before = owner[start - 1]
            if before >= 0 and (names[before].type != ActorType.PERSON or doc[start].tag_ == "POS"):
                start = names[before].start
            elif before < 0 and self._modifies(doc[start - 1], token, doc[start]):
                start -= 1
            else:
                break
        if start > floor and doc[start].text == "-":
            start -= 1
        if start > floor and doc[start - 1].tag_ == "PRP$":
            start -= 1
        while start < token.i and (doc[start].tag_ in _NO_MODIFIER or doc[start].lower_ in self._ignored):
            start += 1
        return start

    def _modifies(self, before: Token, role: Token, following: Token) -> bool:
        """Whether a word belongs to the noun phrase of a role behind it."""
        if before.ent_type_ == "DATE" or before.tag_ not in _MODIFIER_TAGS or before.lower_ in self._stops:
            return False
        if before.tag_ == "NNS" and before.lemma_.lower() in self._deeds:
            return False  # a headline's verb: "Airstrike hits rebels"
        if following.tag_ == "CD" and before.tag_ in _NOUN_TAGS:
            return False  # "took hostage 30 police"
        if before.tag_ not in {"VBG", "RB", "VBN"} or following.text == "-":
            return True
        return role.i in {before.head.i, before.head.head.i}

    def _right(self, token: Token, names: list[Name], owner: list[int]) -> int:
        """Include "of the Interior", "for Human Rights", "of NAME" after the head."""
        doc, end = token.doc, token.i + 1
        if end + 1 < len(doc) and doc[end].lower_ in {"of", "for"}:
            nxt = end + 1
            while nxt < len(doc) and doc[nxt].lower_ in {"the", "a"}:
                nxt += 1
            if nxt < len(doc) and owner[nxt] >= 0 and names[owner[nxt]].type not in {ActorType.PERSON, PLACE}:
                stop = names[owner[nxt]].end
                last = doc[stop - 1]
                inside = names[owner[nxt]].form in _ADJECTIVAL or last.tag_ == "JJ"
                inside = inside or (last.dep_ in {"compound", "amod"} and last.head.i >= stop)
                while inside and stop < len(doc) and doc[stop].tag_ in {"NN", "NNS"}:
                    stop += 1  # "soldiers of the Malian army"
                return end if stop < len(doc) and doc[stop].text == "-" else stop
            behind = nxt
            while nxt < len(doc) and doc[nxt].text[0].isupper() and doc[nxt].tag_ in _NAME_TAGS and owner[nxt] < 0:
                nxt += 1
            if token.text[0].isupper() and nxt > behind and doc[nxt - 1].tag_ in {"NNP", "NNPS"}:
                return nxt
        return end

    def _type(self, role: str, plural: bool, modifiers: set[str], inner: Name | None) -> str:
        classes = self._classes
        inner_type = inner.type if inner else ""
        if role in self._sides:
            return inner_type
        fighters = classes["armed"].issuperset(role.split())
        if role not in self._roles and not fighters:
            return self._plural_of.get(self._known[role], self._known[role]) if plural else self._known[role]
        last = role.rsplit(maxsplit=1)[-1]
        if role in classes["monitor"]:
            return ActorType.ORGANIZATION
        if role in classes["armed"] or last in classes["armed"]:
            return ActorType.ARMED_GROUP if plural or last in self._bands else ActorType.PERSON
        if role in classes["troops"] and (plural or last in {"unit", "battalion", "brigade"}):
            if modifiers & self._ethnic_modifiers or inner_type in {ActorType.ARMED_GROUP, ActorType.PEOPLE}:
                return ActorType.ARMED_GROUP
            return ActorType.GOVERNMENT_BODY
        if not plural and (role in classes["person"] or role in classes["troops"]) and last != "force":
            return ActorType.PERSON
        if role in classes["government"]:
            return ActorType.GOVERNMENT_BODY
        if role in classes["people"] or role in classes["person"]:
            return ActorType.PEOPLE
        if role in classes["international"]:
            return ActorType.INTERNATIONAL_ORGANIZATION
        if role in classes["group"] and (modifiers & self._armed_modifiers or inner_type == ActorType.ARMED_GROUP):
            return ActorType.ARMED_GROUP
        return ActorType.ORGANIZATION


def _is_hyphenated(token: Token) -> bool:
    """Whether a participle is tied to a word: "rebel" of "rebel-held"."""
    doc, i = token.doc, token.i
    return i + 2 < len(doc) and doc[i + 1].text == "-" and doc[i + 2].tag_ in {"VBN", "VBD", "JJ"}


def _head(doc: Doc, start: int, end: int) -> int:
    """The token of a name by which the sentence holds it: the one whose head lies outside, the last if several."""
    outside = [t.i for t in doc[start:end] if not start <= t.head.i < end or t.head.i == t.i]
    return outside[0] if len(outside) == 1 else end - 1


@Language.factory(
    "actor_mentions", requires=["doc.spans", "token.dep", "token.tag", "token.lemma"], assigns=["doc._.mentions"]
)
def make_mention_finder(nlp: Language, name: str) -> MentionFinder:
    """Component factory."""
    return MentionFinder()


def register(name: str, default: Any) -> None:
    """Declare a Doc extension once, however often a module is imported."""
    if not Doc.has_extension(name):
        Doc.set_extension(name, default=default)


register("mentions", [])
