"""Proper names in a Doc: the gazetteer's, and what the entity recogniser found, reconciled into one list.

Where both speak of the same words the gazetteer says what a name denotes and the recogniser how far it reaches:
"Bank of China" is no China, while a PERSON "Al-Shabaab" gives way to the armed group that the gazetteer knows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Span

from kg.gazetteer import Gazetteer, Naming
from kg.model import ActorType
from kg.nlp import lexicon
from kg.nlp.context import Context
from kg.nlp.units import units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spacy.tokens import Doc, Token

NAMES: Final = "names"
PLACE: Final = "Place"
_APOSTROPHES: Final = str.maketrans({"'": "’"})
_ARTICLES: Final = frozenset({"Al-", "al-", "El-", "el-"})
_POSITIVE: Final = frozenset({"label", "alias"})
_ROLES: Final = ("government", "troops", "armed", "people", "person", "organization", "international", "group")
_PARTICLES: Final = frozenset(
    {"of", "the", "and", "for", "in", "on", "al", "el", "bin", "ibn", "de", "la", "du", "van", "von", "ul"}
)
_SETTLEMENTS: Final = frozenset({"city", "town", "village", "district", "province", "capital", "port", "region"})
_NAMED_SETTLEMENTS: Final = _SETTLEMENTS - {"capital"}
_LEADING: Final = frozenset({"the", "a", "an", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "'s", "’s"})


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name at tokens [start, end): its type, or ``Place``, its gazetteer entry and how the form names it."""

    start: int
    end: int
    type: str
    entry: str
    form: str
    owner: str = ""
    """The entry of the state that a body's name holds: "Iranian Foreign Ministry"."""

    @classmethod
    def of(cls, span: Span) -> Name:
        """Read back what :class:`ActorNames` wrote to ``doc.spans["names"]``."""
        form, _, type_ = span.label_.partition(":")
        return cls(span.start, span.end, type_, span.kb_id_, form, span.id_)

    def span(self, doc: Doc) -> Span:
        """As a spaCy span: label ``form:type``, the gazetteer entry as knowledge-base identifier, the owner as `id`."""
        label = f"{self.form}:{self.type}"
        return Span(doc, self.start, self.end, label=label, kb_id=self.entry, span_id=self.owner)


def _variants(form: str) -> Iterator[str]:
    yield form
    if "'" in form:
        yield form.translate(_APOSTROPHES)
    if "." in form:
        yield form.rstrip(".")
        yield form.replace(".", "")
    if form[:3] in _ARTICLES:  # "Al-Shabab" at the beginning of a sentence, "al-Shabab" or "al Shabab" elsewhere
        yield from (f"{article}{mark}{form[3:]}" for article in (form[:2].title(), form[:2].lower()) for mark in "- ")


def _shared(gazetteer: Gazetteer) -> Mapping[str, tuple[str, ...]]:
    """The names, acronyms aside, that the context decides: an entry's own that is in doubt, or one of several."""
    bearers: dict[str, set[str]] = {}
    own = {entry.label for entry in gazetteer.entries}
    for form, naming, entry in gazetteer.forms():
        if naming is Naming.AMBIGUOUS and not form.isupper():
            bearers.setdefault(form, set()).add(entry.entry)
    return {form: tuple(sorted(found)) for form, found in bearers.items() if len(found) > 1 or form in own}


def _evident(matches: list[tuple[int, int, list[tuple[str, str]]]]) -> Iterator[str]:
    """The entries of names that need no context, once for each place where one stands; the longest name counts."""
    covered: set[int] = set()
    for start, end, meanings in sorted(matches, key=lambda m: (m[0] - m[1], m[0])):
        if covered.isdisjoint(range(start, end)):
            covered.update(range(start, end))
            if len(meanings) == 1 and meanings[0][0] != "ambiguous":
                yield meanings[0][1]


class ActorNames:
    """spaCy component: writes every proper name to ``doc.spans["names"]``."""

    def __init__(self, nlp: Language, gazetteer: Gazetteer) -> None:
        self._matcher = PhraseMatcher(nlp.vocab)
        self._meanings: dict[str, list[tuple[str, str]]] = {}
        self._types: dict[str, str] = {}
        self._gazetteer = gazetteer
        self._shared = _shared(gazetteer)
        for form, kind, entry in gazetteer.forms():
            self._types[entry.entry] = str(entry.type)
            for variant in _variants(form):
                meanings = self._meanings.setdefault(variant, [])
                if (str(kind), entry.entry) not in meanings:
                    meanings.append((str(kind), entry.entry))
        for form in self._meanings:
            self._matcher.add(form, [nlp.make_doc(form)])
        words = lexicon.load("mentions")
        self._name_types = words.sections("name_types")
        self._renamed = words.sections("renamed")
        self._bodies = words["units.bodies"]
        self._vessels = words["units.vessels"]
        self._titles = words["titles.words"]
        self._offices = words["titles.offices"]
        self._deeds = frozenset().union(*lexicon.load("events").sections("nouns").values())
        self._armed = words["armed"]
        self._places = words["descriptions.places"]
        self._groups = words["group"] | words["bands"]
        self._roles = frozenset().union(*(words[name] for name in _ROLES))

    def __call__(self, doc: Doc) -> Doc:
        """Write the names, in text order, none overlapping another."""
        known = self._known(doc)
        taken = [False] * len(doc)
        chosen: list[Name] = []
        for name in self._titled(doc, known):
            taken[name.start : name.end] = [True] * (name.end - name.start)
            chosen.append(name)
        for name in sorted(
            [*known, *_units(doc), *self._recognised(doc, known), *_settlements(doc)],
            key=lambda n: (n.start - n.end, not n.entry, n.start),
        ):
            if not any(taken[name.start : name.end]):
                taken[name.start : name.end] = [True] * (name.end - name.start)
                chosen.append(name)
        surnames = {doc[n.end - 1].text for n in chosen if n.type == ActorType.PERSON and n.end - n.start > 1}
        chosen = [
            replace(n, type=ActorType.PERSON, form="name", entry="")
            if n.end - n.start == 1 and (not n.entry or _is_speaker(doc, n)) and doc[n.start].text in surnames
            else n
            for n in chosen
        ]
        doc.spans[NAMES] = [name.span(doc) for name in sorted(chosen, key=lambda n: n.start)]
        return doc

    def _known(self, doc: Doc) -> list[Name]:
        """The gazetteer's names; a form with several meanings, or that needs context, only if the article gives it."""
        matches = [(start, end, self._meanings[doc.vocab.strings[key]]) for key, start, end in self._matcher(doc)]
        sure = {e for _, _, meanings in matches for kind, e in meanings if kind in _POSITIVE and len(meanings) == 1}
        found: list[Name] = []
        context: Context | None = None
        type_ = ""
        for start, end, meanings in matches:
            if end - start == 1 and (not doc[start].text[0].isupper() or _is_bound(doc, start)):
                continue
            if doc[max(0, start - 1) : end].text.lower() in self._renamed["whole"]:
                continue
            candidates = (
                [m for m in meanings if m[0] in _POSITIVE]
                or [m for m in meanings if m[1] in sure]
                or [m for m in meanings if m[0] != "ambiguous"]
            )
            if len({e for _, e in candidates}) > 1:
                candidates = [m for m in candidates if m[1] in sure]
            shared = self._shared.get(doc[start:end].text, ())
            if not candidates and shared:
                context = context or Context(self._gazetteer, _evident(matches))
                candidates = [("ambiguous", context.one_of(shared) or "")]
            if len({e for _, e in candidates}) != 1:
                continue
            if not candidates[0][1] and not (type_ := self._one_type(shared)):
                continue
            begin = start + (doc[start].lower_ == "the" and end - start > 1)
            inner = self._after_modifiers(doc, begin, end)
            begin = inner if doc[inner].text[0].isupper() else begin  # "Saudi-led coalition" is a name as a whole
            kind, entry = candidates[0]
            form = "name" if kind in {*_POSITIVE, "ambiguous"} else kind
            found.append(Name(begin, end, self._types[entry] if entry else type_, entry, form))
        return found

    def _one_type(self, entries: Iterable[str]) -> str:
        """The type of what bears a name that the article leaves open, a country's aside: it may be no country."""
        types = {self._types[entry] for entry in entries}
        return "" if len(types) > 1 or ActorType.STATE in types else types.pop()

    def _recognised(self, doc: Doc, known: list[Name]) -> Iterator[Name]:
        """The recogniser's names that the gazetteer does not explain better."""
        at = {i: n for n in known for i in range(n.start, n.end)}
        labels = _labels(doc)
        located = {e.text for e in doc.ents if e.end < len(doc) and doc[e.end].lower_ in self._places}
        grouped = {e.text for e in doc.ents if e.start and doc[e.start - 1].lower_ in self._groups}
        for ent in doc.ents:
            if ent.label_ in {"DATE", "MONEY"}:
                continue
            start, end = self._trimmed(doc, ent, at)
            if start >= end or not any(t.text[0].isupper() for t in doc[start:end]) or self._is_common(doc, start, end):
                continue
            inside = list(dict.fromkeys(at[i] for i in range(start, end) if i in at))
            text = doc[start:end].text
            type_ = self._group(text) or self._type(labels.get(text, ent.label_), text)
            if type_ == ActorType.PERSON and text in grouped:
                type_ = ActorType.ORGANIZATION  # "the rebel group Harakat Nujum"
            if type_ == ActorType.PERSON and text in located:
                type_ = PLACE  # "the Maaret al-Numan region"
            renamed = ent.label_ == "LOC" and len(inside) == 1 and self._is_renamed(doc, start, end, inside[0])
            if not renamed and (
                self._explained(doc, start, end, type_, inside) or (inside and ent.label_ in {"LOC", "NORP"})
            ):
                continue
            adjective = ent.label_ == "NORP" and doc[end - 1].pos_ == "ADJ"
            state = next((n.entry for n in inside if n.type == ActorType.STATE), "")
            owner = state if type_ == ActorType.GOVERNMENT_BODY else ""
            yield Name(start, end, type_, "", "adjective" if adjective else "name", owner)

    def _group(self, text: str) -> str:
        """The type of the groups that bear a name, where nothing else in the gazetteer does: "Islamic Jihad"."""
        types = {self._types[entry] for _, entry in self._meanings.get(text, ())}
        return ActorType.ARMED_GROUP if types == {ActorType.ARMED_GROUP} else ""

    def _is_renamed(self, doc: Doc, start: int, end: int, name: Name) -> bool:
        """Whether a country's name is but a part of another place's: "New Jersey", "Taiwan Strait"."""
        before, after = doc[start : name.start], doc[name.end : end]
        whole = all(t.text[0].isupper() or t.lower_ in _PARTICLES for t in (*before, *after))
        return whole and (
            (not after and before.text.lower().removesuffix(" the") in self._renamed["before"])
            or (not before and after.text.lower() in self._renamed["after"])
        )

    def _is_common(self, doc: Doc, start: int, end: int) -> bool:
        """Whether what was recognised is no name: "Gunmen" that begins a sentence, a headline's "Blast hits convoy"."""
        words = [t for t in doc[start:end] if t.is_alpha and t.lower_ not in _PARTICLES]
        if end - start == 1:
            first = doc[start].is_sent_start or doc[start - 1].is_space
            forms = {doc[start].lower_, doc[start].lemma_.lower()}
            return bool(forms & self._deeds) or bool(first and forms & self._roles)
        return 2 * sum(t.text.islower() for t in words) > len(words)

    def _trimmed(self, doc: Doc, ent: Span, at: dict[int, Name]) -> tuple[int, int]:
        """An entity without articles, possessive endings, "Britain-based" and, of a person, titles and countries."""
        start, end = ent.start, ent.end
        while start < end and (doc[start].lower_ in _LEADING or not any(c.isalnum() for c in doc[start].text)):
            start += 1
        while end > start and (doc[end - 1].tag_ == "POS" or not any(c.isalnum() for c in doc[end - 1].text)):
            end -= 1
        # "Jane Roe,[1": what a footnote or a list begins with ends a name.
        end = next((i for i in range(start + 1, end) if doc[i].text[0] in ",;[("), end)
        while end > start and (not doc[end - 1].text[0].isalnum() or doc[end - 1].lower_ in {"a", "an", "the"}):
            end -= 1
        start = self._after_modifiers(doc, start, end)
        if ent.label_ == "PERSON":  # "Jane Roe of Goma"
            end = next((i for i in range(start + 1, end) if doc[i].lower_ == "of"), end)
        while end - start > 1 and ent.label_ == "ORG" and doc[end - 1].lower_ in self._armed:
            end -= 1  # "Boko Haram Islamist"
        while ent.label_ == "PERSON" and start < end - 1:
            owner = at.get(start)
            if owner is not None and _is_first_name(doc, owner, end):
                break
            if owner is not None and owner.type != ActorType.PERSON and owner.end < end:
                start = owner.end
            elif doc[start].lower_ in self._titles or doc[start].tag_ == "POS":
                start += 1
            else:
                break
        return start, end

    def _explained(self, doc: Doc, start: int, end: int, type_: str, inside: list[Name]) -> bool:
        """Whether the gazetteer's names in tokens [start, end) make a recognised name superfluous, or wrong."""
        for n in inside:
            covers = n.start <= start and end <= n.end
            if (
                type_ == ActorType.PERSON
                and not covers
                and (_is_first_name(doc, n, end) or _is_last_name(doc, n, start))
            ):
                continue
            crosses = n.start < start or n.end > end
            if covers or crosses or n.type == ActorType.PERSON:
                return True
            if n.type == ActorType.STATE:
                only_title = n.start == start and all(t.lower_ in self._titles for t in doc[n.end : end])
                if only_title or type_ == ActorType.PERSON:
                    return True
        return False

    def _after_modifiers(self, doc: Doc, start: int, end: int) -> int:
        """Where a name begins behind "Britain-based", "U.S.-led" and the like."""
        for i in range(end - 1, start + 1, -1):
            if doc[i].tag_ in {"VBN", "VBD", "JJ"} and doc[i].text.islower() and doc[i - 1].text == "-" and i + 1 < end:
                return i + 1
        return start

    def _type(self, label: str, text: str) -> str:
        """The type of actor that a recogniser's label and the words of a name speak for."""
        if label == "PERSON":
            return ActorType.PERSON
        if label == "NORP":
            return ActorType.PEOPLE
        if label in {"LOC", "FAC"}:
            return PLACE
        words = text.lower().split()
        if label in {"PRODUCT", "MISC"}:
            if words[-1] in self._name_types[ActorType.INTERNATIONAL_ORGANIZATION]:
                return ActorType.INTERNATIONAL_ORGANIZATION
            if words[0] in self._vessels:
                return ActorType.GOVERNMENT_BODY
            return ActorType.GOVERNMENT_BODY if any(kind in text.lower() for kind in self._bodies) else ""
        for type_, marks in self._name_types.items():
            if any(mark in words or (" " in mark and mark in text.lower()) for mark in marks):
                return type_
        return ActorType.ORGANIZATION

    def _titled(self, doc: Doc, known: list[Name]) -> Iterator[Name]:
        """Capitalised words behind an office ("Secretary of State Jane Roe") name a person, whatever was recognised."""
        inside = {i: n for n in known for i in range(n.start, n.end)}
        starts = {ent.start: ent for ent in doc.ents}
        for token in doc:
            if token.lower_ not in self._offices or not token.text[0].isupper() or token.i in inside:
                continue
            start = token.i + 1
            while start < len(doc) and start not in inside and doc[start].lower_ in self._titles:
                start += 1
            end = start
            while end < len(doc) and end not in inside and self._name_like(doc[end]) and end - start < 4:
                end += 1
            whole = starts.get(token.i)
            if (
                start < end
                and end - start <= 4
                and not (whole is not None and whole.end >= end and whole.label_ in {"ORG", "LOC", "FAC"})
            ):
                yield Name(start, end, ActorType.PERSON, "", "name")

    def _name_like(self, token: Token) -> bool:
        return (
            token.text[0].isupper()
            and token.tag_ in {"NNP", "NNPS"}
            and token.lower_ not in self._titles
            and len(token) > 1
        )


def _is_first_name(doc: Doc, name: Name, end: int) -> bool:
    """Whether a country or people, with one more word behind it, is a person's first name: "Israel Katz"."""
    return name.end - name.start == 1 and name.end == end - 1 and doc[name.end].tag_ in {"NNP", "NNPS"}


def _is_last_name(doc: Doc, name: Name, start: int) -> bool:
    """Whether a people's adjective is a person's surname, behind one word more: "Najib Danish"."""
    return name.form in {"adjective", "demonym"} and name.start == start + 1 and doc[start].tag_ in {"NNP", "NNPS"}


def _is_speaker(doc: Doc, name: Name) -> bool:
    """Whether a people's adjective stands alone as a subject, as no adjective does: "Danish said"."""
    return name.form in {"adjective", "demonym"} and doc[name.start].dep_ == "nsubj"


def _labels(doc: Doc) -> dict[str, str]:
    """What the recogniser mostly takes a name of one word for, where it is not always the same; a tie is a place."""
    counts: dict[str, Counter[str]] = {}
    surnames = {ent[-1].text for ent in doc.ents if len(ent) > 1 and ent.label_ == "PERSON"}
    for ent in doc.ents:
        if len(ent) == 1 and ent.label_ in {"PERSON", "ORG", "LOC", "FAC"}:
            found = counts.setdefault(ent.text, Counter())
            found[ent.label_] += 1
            if ent.text not in surnames and ent.start > 1 and _is_placed(doc, ent.start):
                found["LOC"] += 2
    return {
        text: max(found, key=lambda x: (found[x], x == "LOC", x)) for text, found in counts.items() if len(found) > 1
    }


def _settlements(doc: Doc) -> Iterator[Name]:
    """Names behind "the town of" and the like, which the recogniser may not know."""
    for token in doc[:-2]:
        if token.lower_ in _NAMED_SETTLEMENTS and doc[token.i + 1].lower_ == "of":
            start = end = token.i + 2
            while end < len(doc) and doc[end].tag_ in {"NNP", "NNPS"} and doc[end].text[0].isupper():
                end += 1
            if end > start:
                yield Name(start, end, PLACE, "", "name")


def _is_placed(doc: Doc, i: int) -> bool:
    """Whether the word at `i` stands where a place does: "near X", "the city of X"."""
    before, second = doc[i - 1].lower_, doc[i - 2].lower_
    return before in {"in", "near", "outside"} or (before == "of" and second in _SETTLEMENTS)


def _is_bound(doc: Doc, i: int) -> bool:
    """Whether a word is tied to the article before it, and so a part of a person's name: "al-Kuwaiti"."""
    return i > 1 and doc[i - 1].text == "-" and doc[i - 2].lower_ in {"al", "el", "ul", "ad", "as"}


def _units(doc: Doc) -> Iterator[Name]:
    """Numbered units of armed forces."""
    return (Name(start, end, ActorType.GOVERNMENT_BODY, "", "name") for start, end in units(doc))


@Language.factory(
    "actor_names", requires=["doc.ents", "token.tag"], assigns=["doc.spans"], default_config={"gazetteer": []}
)
def make_actor_names(nlp: Language, name: str, gazetteer: list[str]) -> ActorNames:
    """Component factory; `gazetteer` lists tables that a user adds to the package's own."""
    return ActorNames(nlp, Gazetteer.load(tuple(map(Path, gazetteer))))
