"""Attributions: who (source) says (cue) what (content), read from cue words, quotation marks and syntax.

A cue is a verb of the lexicon, a light verb with its noun ("voiced hope"), "according to", or an adverb without a source
("reportedly"). Its content is the clause that completes it, the quotation beside it, what stands before a cue that closes
its sentence, or, for verbs that take one, its object. Kinds are decided in :mod:`kg.nlp.kinds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Final

from spacy.language import Language

from kg.model import ActorType
from kg.nlp import lexicon, quotations, syntax
from kg.nlp.mentions import ADJECTIVE, NAME, PRONOUN, Mention, read, register, write
from kg.nlp.names import PLACE

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.nlp.quotations import Quotation

Range = tuple[int, int]
_THAT: Final = frozenset({"that"})
_TIME_WORDS: Final = frozenset({"earlier", "later", "early", "late", "today", "yesterday", "tonight", "overnight", "also", "recently", "meanwhile", "again", "separately", "however", "too"})
_TIME_PREPOSITIONS: Final = frozenset({"on", "in", "at", "to", "during", "by", "via", "through", "from", "after", "before", "over", "with", "of", "late", "early"})
_NEGATED_AUXILIARY: Final = frozenset({"not", "n't", "n’t", "never"})


@dataclass(slots=True)
class Attribution:
    """One attribution in token ranges [start, end); `source_cluster` is -1 where the source is no known actor."""

    verb: int
    cue: Range
    classes: list[str]
    source: Range | None = None
    source_cluster: int = -1
    content: Range | None = None
    content2: Range | None = None
    addressee: int = -1
    """Token that heads whom the statement is addressed to, or whom it accuses."""
    negated: bool = False
    passive: bool = False
    lemma: str = ""
    """Lemma of the cue's verb."""
    bare: bool = False
    """Whether the content is an infinitive: "to resign"."""
    noun: str = ""
    """The noun of a light verb: "hope"."""
    kind: str = ""
    about: list[int] = field(default_factory=list)
    denies: int = -1
    denied: Range | None = None
    borrowed: bool = False
    """Whether the content is another statement's: "which they deny"."""
    nested_in: int = -1
    nominal: bool = False
    """Whether the content is a mere noun phrase: what it takes for granted is not said by the source."""
    date_range: Range | None = None
    confidence: float = 1.0

    def covers(self, token: int) -> bool:
        """Whether a token stands in the content."""
        return not self.borrowed and any(r is not None and r[0] <= token < r[1] for r in (self.content, self.content2))


def read_attributions(doc: Doc) -> list[Attribution]:
    """The attributions of a Doc, in text order of their cues."""
    return [Attribution(**a) for a in doc._.statements]


def write_attributions(doc: Doc, found: list[Attribution]) -> None:
    """Store attributions as plain dictionaries."""
    doc._.statements = [asdict(a) for a in found]


class AttributionFinder:
    """spaCy component: writes attributions without their kinds to ``doc._.statements``."""

    def __init__(self) -> None:
        words = lexicon.load("cues")
        self._verbs = words.sections("verbs")
        self._classes = {
            name: self._verbs[name]
            for name in ("report", "think", "evidence", "accuse", "deny", "pledge", "appeal", "withhold", "refuse", "describe")
        }
        self._light = words["phrases.light_verbs"]
        self._light_nouns = {name: words[f"phrases.{name}"] for name in ("hope", "concern", "accusation", "denial", "promise", "claim", "responsibility", "forward")}
        self._adverbs = words["phrases.adverbs"]
        self._documents = words["phrases.documents"]
        self._voices = words["phrases.voices"]
        self._adverbial = words["context.adverbial_nouns"]
        self._short_answers = self._verbs["short"]
        self._modals = words["context.modals"]
        self._implicative = words["context.implicative"]
        self._subordinators = words["context.subordinators"]
        self._nominal = self._verbs["nominal_object"]
        self._agentless = self._verbs["agentless"]
        self._verify = self._verbs["verify"]

    def __call__(self, doc: Doc) -> Doc:
        """Find the attributions, then nest them and give speakers' "we" and "I" their referent."""
        mentions = read(doc)
        quotes = quotations.find(doc)
        by_token = _by_token(mentions)
        self._clusters = {i: m.cluster for i, m in by_token.items() if m.kind != ADJECTIVE and m.type != PLACE}
        self._persons = {i for i, c in enumerate(doc._.clusters) if c["type"] == ActorType.PERSON}
        found: list[Attribution] = []
        for token in doc:
            for a in self._at(token, by_token, quotes, found):
                found += [a, *self._further(doc, a, by_token)]
        found = _distinct(found)
        _continue_quotations(doc, found, quotes)
        _nest(found)
        _speakers(doc, mentions, found)
        write(doc, mentions)
        write_attributions(doc, found)
        return doc

    def _at(self, token: Token, by_token: dict[int, Mention], quotes: list[Quotation], earlier: list[Attribution]) -> Iterator[Attribution]:
        lemma = token.lemma_.lower()
        if token.lower_ == "according" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "to":
            a = self._according(token, by_token, quotes)
        elif token.lower_ in self._adverbs:
            a = self._adverb(token)
        elif token.pos_ in {"VERB", "AUX"} or token.tag_.startswith("VB"):
            a = self._verb(token, lemma, by_token, quotes, earlier)
        else:
            a = None
        if a is not None and (a.content is not None or {"withhold", "deny"} & set(a.classes)):
            yield a

    def _further(self, doc: Doc, a: Attribution, by_token: dict[int, Mention]) -> Iterator[Attribution]:
        """The same cue's further attributions: a second "that" clause, a second source ("activists and the group said")."""
        if a.content is None:
            return
        for i in range(a.content[0] + 2, a.content[1] - 2):
            if doc[i].lower_ == "that" and doc[i - 1].lower_ == "and" and doc[i].dep_ == "mark":
                yield replace(a, content=(i + 1, a.content[1]), content2=None)
                a.content = syntax.trim(doc, a.content[0], i - 1)
                break
        if a.source is None or a.passive:
            return
        head = next((t for t in doc[a.source[0] : a.source[1]] if t.i in by_token and by_token[t.i].head == t.i), None)
        others = [head.head] if head is not None and head.dep_ == "conj" else []
        before = a.source[0] - 1
        while before > 0 and doc[before].tag_ in {"DT", "JJ"}:
            before -= 1
        if doc[before].lower_ == "and" and before - 1 in by_token and before > doc[a.verb].sent.start:
            others.append(doc[by_token[before - 1].head])
        for other in others:
            mention = by_token.get(other.i)
            if mention is not None and mention.end <= a.source[0] and a.source[0] - mention.end <= 3 and mention.cluster >= 0 and self._can_speak(other, by_token):
                if a.content[0] <= mention.start < a.content[1]:
                    a.content = syntax.trim(doc, a.content[0], mention.wide_start)
                yield replace(a, source=(mention.wide_start, mention.end), source_cluster=mention.cluster)
                break

    # Cues

    def _verb(self, verb: Token, lemma: str, by_token: dict[int, Mention], quotes: list[Quotation], earlier: list[Attribution]) -> Attribution | None:
        classes = [name for name, words in self._classes.items() if lemma in words]
        noun = self._light_noun(verb, lemma)
        if noun is not None:
            classes = [noun[1]]
        negated = syntax.is_negated(verb)
        if lemma in self._verbs["refuse"]:
            inner = next((c for c in syntax.complements(verb) if c.i > verb.i), None)
            if inner is None:
                return None
            if inner.lemma_.lower() in self._verify:
                classes = ["deny"]
            elif inner.lemma_.lower() in self._classes["withhold"] | self._classes["report"]:
                classes = ["withhold"]
            else:
                return None
        elif negated:
            if lemma not in self._classes["withhold"] and lemma not in self._classes["report"]:
                return None
            classes = ["withhold"]
        classes = [c for c in classes if c != "withhold" or negated or lemma in self._verbs["refuse"]]
        if not negated and self._is_no_act(verb):
            return None
        if _closes_comparison(verb) and not syntax.complements(verb):
            return None
        if not classes or verb.dep_ in {"aux", "aux:pass", "cop", "amod", "compound"}:
            return None
        if verb.tag_ == "VBN" and verb.dep_ == "amod":
            return None
        a = Attribution(verb.i, self._cue(verb, noun[0] if noun else None), classes, negated=negated, lemma=lemma, noun=noun[0].lemma_.lower() if noun else "")
        a.passive = syntax.is_passive(verb) and lemma != "say" or syntax.is_passive(verb) and bool(syntax.agents(verb) or _has_passive_auxiliary(verb))
        if not self._attach_source(verb, lemma, a, by_token, earlier, quotes):
            return None
        self._attach_content(verb, lemma, a, noun[0] if noun else None, by_token, quotes)
        a.date_range = _date(verb, a)
        return a

    def _is_no_act(self, verb: Token) -> bool:
        """Whether a cue is only possible, due or intended: "must inform", "called on him to announce"."""
        if any(c.dep_ == "aux" and c.lower_ in self._modals for c in verb.children):
            return True
        infinitive = verb.tag_ == "VB" and any(c.tag_ == "TO" for c in verb.children)
        return infinitive and verb.head.lemma_.lower() not in self._implicative

    def _light_noun(self, verb: Token, lemma: str) -> tuple[Token, str] | None:
        if lemma not in self._light:
            return None
        for obj in [c for c in verb.children if c.dep_ in syntax.OBJECT | {"xcomp", "ccomp", "obl"} and c.i > verb.i]:
            for name, nouns in self._light_nouns.items():
                if obj.lemma_.lower() in nouns and (name == "forward") == (lemma == "put"):
                    return obj, name
        follower = verb.i + 1
        if follower < len(verb.doc) and verb.doc[follower].lemma_.lower() in self._light_nouns["responsibility"] | self._light_nouns["hope"]:
            name = next(n for n in ("responsibility", "hope") if verb.doc[follower].lemma_.lower() in self._light_nouns[n])
            return verb.doc[follower], name
        return None

    def _cue(self, verb: Token, noun: Token | None) -> Range:
        start, doc = verb.i, verb.doc
        while start > verb.sent.start:
            before = doc[start - 1]
            if before.head.i == verb.i and (before.dep_ in {"aux", "aux:pass", "auxpass", "neg"} or before.dep_ == "advmod"):
                start -= 1
            else:
                break
        while start < verb.i and doc[start].dep_ == "advmod" and doc[start].lower_ not in _NEGATED_AUXILIARY:
            start += 1
        end = noun.i + 1 if noun is not None and noun.i > verb.i else verb.i + 1
        return start, end

    # Sources

    def _attach_source(self, verb: Token, lemma: str, a: Attribution, by_token: dict[int, Mention], earlier: list[Attribution], quotes: list[Quotation]) -> bool:
        token = (syntax.agents(verb) or [None])[0] if a.passive else syntax.subject(verb)
        if a.passive and token is None:
            return lemma in self._agentless and bool(syntax.passive_subjects(verb))
        free = None if a.passive else self._inverted(verb, a, by_token) or self._free_before(verb, a, by_token)
        if free is not None:
            token = free
        elif token is None or not self._can_speak(token, by_token) or token.i > verb.i + 12:
            token = self._beside(verb, a, by_token) or (token if token is not None and self._can_speak(token, by_token) else None)
        if token is None:
            shared = next((e for e in reversed(earlier) if verb.dep_ == "conj" and e.cue[0] >= verb.sent.start and e.source is not None), None)
            if shared is None:
                return False
            a.source, a.source_cluster = shared.source, shared.source_cluster
            return True
        mention = by_token.get(token.i)
        if mention is None:
            document = token.lemma_.lower()
            if document not in self._documents:
                return False
            a.source = _widened(token)
            owner = next((m for c in token.children if c.i < token.i and (m := by_token.get(c.i)) is not None and m.cluster >= 0 and c.dep_ in {"nmod:poss", "poss", "compound", "amod"}), None)
            a.source_cluster = owner.cluster if owner is not None else -1
            if document in self._voices:
                author = next((e for e in reversed(earlier) if e.source is not None and e.cue[0] < a.cue[0]), None)
                if author is not None and token.i > 0 and token.nbor(-1).lower_ in {"the", "its", "his", "her", "their"}:
                    a.source_cluster = author.source_cluster
            return True
        if set(a.classes) == {"evidence"} and mention.kind == PRONOUN:
            return False
        if mention.kind == PRONOUN and mention.type == "speaker" and not any(q.start <= verb.i < q.end for q in quotes):
            return False
        a.source = (mention.wide_start, mention.end)
        a.source_cluster = mention.cluster
        if mention.kind == PRONOUN and mention.type == "person" and self._closes_sentence(verb, a):
            # "…, he said" goes on with who spoke last, whoever was spoken of in between.
            last = next((e for e in reversed(earlier) if e.source_cluster >= 0 and e.nested_in < 0), None)
            a.source_cluster = last.source_cluster if last is not None and last.source_cluster in self._persons else mention.cluster
        return mention.kind != PRONOUN or mention.cluster >= 0 or mention.type in {"person", "speaker"}

    def _can_speak(self, token: Token, by_token: dict[int, Mention]) -> bool:
        mention = by_token.get(token.i)
        return (mention is not None and mention.kind != ADJECTIVE and (mention.cluster >= 0 or mention.kind == PRONOUN)) or token.lemma_.lower() in self._documents

    def _closes_sentence(self, verb: Token, a: Attribution) -> bool:
        return a.source is not None and all(t.is_punct or t.is_space or t.ent_type_ == "DATE" for t in verb.doc[max(a.cue[1], a.source[1]) : verb.sent.end])

    def _inverted(self, verb: Token, a: Attribution, by_token: dict[int, Mention]) -> Token | None:
        """The actor right after a cue that closes its sentence: "… were killed, says a monitoring group"."""
        if "report" not in a.classes or any(c.i > verb.i for c in syntax.complements(verb)):
            return None
        doc, i, end = verb.doc, a.cue[1], verb.sent.end
        while i < min(end, a.cue[1] + 6) and i not in by_token and doc[i].tag_ in {"DT", "JJ", "HYPH", "VBN", "RB", "NN", "NNP"}:
            i += 1
        mention = by_token.get(i)
        while mention is not None and mention.end < end and (doc[mention.end].text == "-" or (doc[mention.end - 1].text != "," and mention.end in by_token and by_token[mention.end] is not mention)):
            mention = by_token.get(mention.end + 1 if doc[mention.end].text == "-" else mention.end) or self._behind_hyphen(doc, mention.end, end, by_token)
        if mention is None or not self._can_speak(doc[mention.head], by_token) or not any(syntax.is_verb(t) for t in doc[verb.sent.start : verb.i]):
            return None
        stop = mention.end
        if stop >= end or doc[stop].text in {".", ",", ":"} or doc[stop].tag_ in {"WDT", "WP"} or doc[stop].lower_ == "that" or doc[stop].ent_type_ == "DATE":
            return doc[mention.head]
        return None

    def _behind_hyphen(self, doc: Doc, start: int, end: int, by_token: dict[int, Mention]) -> Mention | None:
        for i in range(start, min(start + 4, end)):
            if i in by_token and by_token[i].kind != ADJECTIVE:
                return by_token[i]
        return None

    def _free_before(self, verb: Token, a: Attribution, by_token: dict[int, Mention]) -> Token | None:
        """The actor right before the cue where nothing else governs it: "… the end of the feast an official said"."""
        doc, i = verb.doc, a.cue[0] - 1
        mention = by_token.get(i)
        if mention is None or mention.end != i + 1 or mention.kind == ADJECTIVE or not self._can_speak(doc[i], by_token):
            return None
        start = mention.wide_start
        while start > verb.sent.start and doc[start - 1].tag_ in {"DT", "JJ", "HYPH", "VBN", "PRP$", "CD"} and doc[start - 1].ent_type_ != "DATE":
            start -= 1
        before = doc[start - 1] if start > verb.sent.start else None
        if before is None or before.tag_ in {"NN", "NNS", "NNP", "NNPS", "''"} or before.ent_type_ == "DATE" or before.text in {"”", '"'}:
            return doc[mention.head] if mention.head in by_token else doc[i]
        return None

    def _beside(self, verb: Token, a: Attribution, by_token: dict[int, Mention]) -> Token | None:
        """The actor right before the cue, or right after it: what the parse may have attached elsewhere."""
        doc = verb.doc
        i = a.cue[0] - 1
        while i > verb.sent.start and (doc[i].pos_ == "ADV" or doc[i].text in {",", "(", ")", '"', "”"}):
            i -= 1
        if i >= 0 and i in by_token and self._can_speak(doc[i], by_token):
            return doc[i]
        i = a.cue[1]
        while i < min(verb.sent.end, a.cue[1] + 6) and i not in by_token and doc[i].tag_ in {"DT", "JJ", "HYPH", "VBN", "RB", "NN", "NNP"}:
            i += 1
        if i < verb.sent.end and i in by_token and self._can_speak(doc[i], by_token) and not any(c.i > verb.i for c in syntax.complements(verb)):
            return doc[by_token[i].head]
        return None

    # Contents

    def _attach_content(self, verb: Token, lemma: str, a: Attribution, noun: Token | None, by_token: dict[int, Mention], quotes: list[Quotation]) -> None:
        doc, sent = verb.doc, verb.sent
        left_edge = min(a.cue[0], a.source[0]) if a.source and not a.passive else a.cue[0]
        before = _quote_before(doc, left_edge, quotes)
        right = self._right_start(verb, a, by_token)
        anchor = noun if noun is not None else verb
        complement = next((c for h in {verb.i: verb, anchor.i: anchor}.values() for c in h.children if (c.dep_ == "acl" or c in syntax.complements(h)) and c.i >= a.cue[1]), None)
        if noun is not None:
            self._noun_content(a, noun, complement)
            a.nominal = complement is None
            return
        inverted = a.source is not None and a.source[0] >= a.cue[1]
        if inverted and complement is None and before is None and "report" in a.classes:
            a.content = self._left(doc, sent, None, a.cue[0])
            return
        after = next((q for q in quotes if right <= q.start <= right + 1 and q.start < sent.end + 1), None)
        if before is not None and (complement is None or not set(a.classes) & {"accuse", "deny", "pledge"}) and not (after is not None and complement is not None):
            a.content = self._left(doc, sent, before, left_edge)
            if after is not None:
                a.content2 = (after.start, after.end)
            return
        obj = next((o for o in verb.children if o.dep_ in syntax.OBJECT and o.i > verb.i), None)
        if complement is not None and complement.i > verb.i and not ("deny" in a.classes and obj is not None and obj.i < complement.i):
            self._clausal(verb, lemma, a, complement, obj, quotes)
            return
        if after is not None and right < sent.end:
            a.content = syntax.trim(doc, right, max(after.end, self._right_end(verb, after.end, a)))
            if doc[after.end - 1].text in {",", "."} and after.end >= sent.end - 1:
                a.content = (after.start, after.end)
            return
        if lemma in self._nominal and (obj is not None or a.passive or right < sent.end):
            self._nominal_content(verb, lemma, a, obj, right, quotes)
            if a.content is not None:
                return
        for preposition, target in syntax.obliques(verb):
            if preposition in {"for", "of", "on", "upon"} and target.i > verb.i and {"appeal", "accuse"} & set(a.classes):
                start, _ = syntax.subtree_range(target)
                a.content = self._range(verb, start + 1 if doc[start].lower_ == preposition else start, a, quotes)
                a.addressee = target.i
                return
        if {"report", "think", "evidence"} & set(a.classes):
            if right >= sent.end or self._commas_around(doc, a):
                a.content = self._left(doc, sent, None, left_edge)
                if a.content and right < sent.end:
                    a.content2 = syntax.trim(doc, right, sent.end)
                    if a.content2[0] >= a.content2[1]:
                        a.content2 = None
            elif lemma in self._short_answers:
                return
            elif self._clause_begins(doc, right, sent.end):
                a.content = self._range(verb, right, a, quotes)
            elif not a.passive and any(syntax.is_verb(t) for t in doc[sent.start : left_edge]):
                a.content = self._left(doc, sent, None, left_edge)
        if a.content is not None and a.content[0] >= a.content[1]:
            a.content = None

    def _clause_begins(self, doc: Doc, i: int, end: int) -> bool:
        """Whether a clause with a verb may begin at a token: no preposition, particle or participle does that."""
        if i >= end or not any(syntax.is_verb(t) for t in doc[i:end]):
            return False
        token = doc[i]
        if token.tag_.startswith("JJ"):
            return i + 1 < end and doc[i + 1].pos_ in {"NOUN", "PROPN", "ADJ"}
        return token.tag_ in {"DT", "PRP", "PRP$", "NN", "NNS", "NNP", "NNPS", "CD", "EX", "WRB", "WP", "``", "JJS"} or token.lower_ in {"that", "if", "whether", "at"}

    def _noun_content(self, a: Attribution, noun: Token, complement: Token | None) -> None:
        doc = noun.doc
        if a.noun in self._light_nouns["forward"]:
            a.cue = (a.cue[0], min(noun.left_edge.i, noun.i)) if noun.left_edge.i > a.verb else a.cue
            a.content = self._range(doc[a.verb], max(noun.left_edge.i, a.cue[1]), a, [])
            return
        if complement is None and a.noun in self._light_nouns["claim"]:
            return
        start = complement.left_edge.i if complement is not None and complement.i > noun.i else noun.i + 1
        while start < noun.sent.end and (doc[start].lower_ in {"that", "for", "of", "over", "about", "in", "at", "on", "with"} or doc[start].text == ","):
            start += 1
        end = self._right_end(doc[a.verb], start, a)
        if start < end:
            a.content = syntax.trim(doc, start, end)

    def _clausal(self, verb: Token, lemma: str, a: Attribution, complement: Token, obj: Token | None, quotes: list[Quotation]) -> None:
        doc = verb.doc
        start = complement.left_edge.i
        if obj is not None and obj.i < complement.i and {"appeal", "accuse", "describe"} & set(a.classes):
            start = min(start, obj.left_edge.i)
            a.addressee = obj.i
        elif obj is not None and obj.i < complement.i:
            a.addressee = obj.i
        else:
            receiver = next((c for c in verb.children if c.dep_ in syntax.INDIRECT_OBJECT and c.i < complement.i), None)
            a.addressee = receiver.i if receiver is not None else -1
        own = next((s for s in syntax.own_subjects(complement) if s.i > verb.i), None)
        if own is not None:
            start = min(start, own.left_edge.i)
        for preposition, receiver in syntax.obliques(verb):
            if preposition in {"on", "upon"} and "appeal" in a.classes and a.cue[1] <= receiver.i < complement.i:
                start, a.addressee = min(start, syntax.phrase_range(receiver)[0]), receiver.i
        start = max(start, a.cue[1])
        while start < complement.i and (doc[start].lower_ in _THAT or doc[start].text in {",", ":"}):
            start += 1
        if a.passive and {"accuse"} & set(a.classes) and doc[start].lower_ == "of":
            start += 1
        a.bare = complement.dep_ in {"xcomp", "advcl"}
        a.content = self._range(verb, start, a, quotes)

    def _nominal_content(self, verb: Token, lemma: str, a: Attribution, obj: Token | None, right: int, quotes: list[Quotation]) -> None:
        doc = verb.doc
        if a.passive:
            subject = next(iter(syntax.passive_subjects(verb)), None)
            if subject is None:
                return
            if "accuse" in a.classes:
                a.addressee = subject.i
                a.content = self._range(verb, right, a, quotes) if right < verb.sent.end else None
            else:
                a.content = syntax.trim(doc, *syntax.subtree_range(subject)) if subject.right_edge.i < verb.i else None
            return
        if obj is None:
            return
        a.nominal = True
        antecedent = syntax.relative_antecedent(obj)
        if antecedent is not None or obj.i < verb.i:
            return
        if "accuse" in a.classes or "describe" in a.classes:
            a.addressee = obj.i
        a.content = self._range(verb, obj.left_edge.i, a, quotes)

    def _range(self, verb: Token, start: int, a: Attribution, quotes: list[Quotation]) -> Range | None:
        """From `start` to where the content ends, widened to the end of a quotation that it begins in."""
        doc = verb.doc
        end = self._right_end(verb, start, a)
        for q in quotes:
            if start <= q.outer_start < end < q.outer_end and doc[q.outer_start - 1].text not in {"”", '"', ".", "!", "?"}:
                end = q.outer_end
        start, end = syntax.trim(doc, start, end)
        for q in quotes:
            if q.outer_start == start and q.outer_end >= end - 1:
                start, end = syntax.trim(doc, q.start, q.end)
        return (start, end) if start < end else None

    def _right_end(self, verb: Token, start: int, a: Attribution) -> int:
        """The end of the sentence, or where a further predicate of the same subject, or a relative cue, begins."""
        doc, end = verb.doc, verb.sent.end
        for child in verb.children:
            if child.i <= start or child.dep_ not in {"conj", "advcl", "parataxis"} or not syntax.is_verb(child):
                continue
            own = [s for s in syntax.own_subjects(child) if s.i > start]
            if child.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in self._subordinators for c in child.children):
                end = min(end, _clause_start(child, start))
                continue
            breaks = doc[_clause_start(child, start)].text in {",", ";"} or any(c.lower_ in {"but", "then"} for c in child.children)
            if (child.dep_ == "conj" and not own and breaks and child.tag_ != "VBG") or (child.lemma_.lower() in self._cue_lemmas and not own) or (child.dep_ == "advcl" and child.tag_ == "VBG" and doc[child.left_edge.i - 1].text == ","):
                end = min(end, _clause_start(child, start))
        end = min(end, self._enclosed_end(verb, start, end))
        for token in doc[start:end]:
            if token.dep_ == "conj" and token.lemma_.lower() in self._cue_lemmas and token.tag_ in {"VBD", "VBZ", "VBP"} and token.i > start + 1 and self._is_own_cue(token, verb, start, a):
                end = _clause_start(token, start)
                break
            if (a.bare or a.nominal) and token.text == "," and token.i + 1 < end and self._turns(doc[token.i + 1]):
                end = token.i
                break
            if a.bare and token.dep_ == "mark" and token.lower_ in self._subordinators and token.head.dep_ == "advcl" and token.i > start + 2:
                end = token.i
                break
            if token.tag_ in {"WDT", "WP"} and token.i > start and doc[token.i - 1].text == "," and token.head.i != token.i and token.head.lemma_.lower() in self._verbs["deny"]:
                end = token.i - 1
                break
            if token.text in {";"}:
                end = token.i
                break
        return end

    def _turns(self, token: Token) -> bool:
        """Whether a word after a comma leads away from a bare phrase: "to resign, but …"."""
        return token.lower_ in self._subordinators or token.lower_ in {"and", "but", "then", "which", "who", "following", "said", "yet"} or token.tag_ in {"VBD", "VBZ"}

    def _is_own_cue(self, token: Token, verb: Token, start: int, a: Attribution) -> bool:
        """Whether a coordinated cue inside a content has the same source: its subject cannot speak, or is the source."""
        own = [s for s in syntax.own_subjects(token) if s.i > start]
        if own:
            return any(self._clusters.get(s.i, -2) == a.source_cluster for s in own)
        subject = syntax.subject(token)
        return subject is None or (start <= subject.i and subject.i not in self._clusters)

    def _enclosed_end(self, verb: Token, start: int, end: int) -> int:
        """Where the bracket, the pair of dashes, the relative or the fronted clause closes that the cue stands in."""
        doc, depth = verb.doc, 0
        for i in range(start, end):
            if doc[i].text == "(":
                depth += 1
            elif doc[i].text == ")":
                depth -= 1
                if depth < 0:
                    return i
        opened = [t.i for t in doc[verb.sent.start : verb.i] if t.text in {"—", "–"}]
        closing = next((t.i for t in doc[start:end] if t.text in {"—", "–"}), None)
        if len(opened) % 2 and closing is not None:
            return closing
        if verb.dep_ in syntax.RELATIVE and any(t.text == "," for t in doc[verb.left_edge.i - 1 : verb.i]):
            for i in range(start, end - 1):
                if doc[i].text == "," and doc[i + 1].tag_ in {"VBD", "VBZ", "VBP", "MD"}:
                    return i
        if verb.dep_ == "advcl" and verb.head.i > verb.i:
            subject = next((s for s in syntax.own_subjects(verb.head) if s.i > verb.i), None)
            if subject is not None:
                comma = next((i for i in range(syntax.phrase_range(subject)[0], start, -1) if doc[i].text == ","), None)
                return comma if comma is not None else end
        return end

    @property
    def _cue_lemmas(self) -> frozenset[str]:
        return self._classes["report"] | self._classes["pledge"] | self._classes["appeal"] | self._classes["accuse"]

    def _right_start(self, verb: Token, a: Attribution, by_token: dict[int, Mention]) -> int:
        """The first token after the cue, an inverted source and time, place and occasion ("on Thursday in a statement")."""
        doc, i, end = verb.doc, a.cue[1], verb.sent.end
        if a.source is not None and a.source[0] >= a.cue[1] and a.source[0] - a.cue[1] <= 2:
            i = a.source[1]
        while i < end:
            token = doc[i]
            mention = by_token.get(i)
            if token.is_space or token.ent_type_ == "DATE" or token.lower_ in _TIME_WORDS or token.text in {",", ":", ".", ")", "”", '"'} and i + 1 >= end:
                i += 1
            elif token.text in {",", ":"} or token.lower_ == "that":
                i += 1
            elif token.lower_ in _TIME_PREPOSITIONS and (stop := self._adverbial_end(doc, i, end, by_token)) > i:
                i = stop
            elif mention is not None and verb.lemma_.lower() in {"tell", "inform", "brief"} and mention.wide_start == i:
                i = mention.end
            elif token.text in {".", '"', "”", "!", "?"} and all(t.is_punct or t.is_space for t in doc[i:end]):
                return end
            else:
                return i
        return end

    def _adverbial_end(self, doc: Doc, start: int, end: int, by_token: dict[int, Mention]) -> int:
        i = start + 1
        while i < end and doc[i].tag_ in {"DT", "JJ", "PRP$", "CD", "VBN"}:
            i += 1
        if i >= end:
            return start
        mention = by_token.get(i)
        if doc[i].ent_type_ == "DATE" or doc[i].lower_ in self._adverbial:
            while i + 1 < end and (doc[i + 1].ent_type_ == "DATE" or doc[i + 1].lower_ in self._adverbial):
                i += 1
            return i + 1
        if mention is not None and doc[start].lower_ in {"to", "in", "at", "from"} and (i + 1 >= end or doc[mention.end : mention.end + 1].text in {"", ",", ".", ":"} or mention.end >= end):
            return mention.end
        if i + 1 < end and doc[i + 1].lower_ in self._adverbial:
            return i + 2
        return start

    def _left(self, doc: Doc, sent: object, before: Quotation | None, left_edge: int) -> Range | None:
        start = doc[left_edge].sent.start if left_edge < len(doc) else 0
        if before is not None:
            inside = before.outer_start > start and any(t.is_alpha for t in doc[start : before.outer_start])
            if not inside:
                return before.start, before.end
            return syntax.trim(doc, start, before.outer_end)
        start, end = syntax.trim(doc, start, left_edge)
        while end > start and doc[end - 1].tag_ in {"DT", "CC"}:
            end -= 1
        return (start, end) if end - start >= 2 else None

    def _commas_around(self, doc: Doc, a: Attribution) -> bool:
        start = min(a.cue[0], a.source[0]) if a.source else a.cue[0]
        end = max(a.cue[1], a.source[1]) if a.source else a.cue[1]
        return start > 0 and doc[start - 1].text == "," and end < len(doc) and doc[end].text == ","

    # Cues that are no verbs

    def _according(self, token: Token, by_token: dict[int, Mention], quotes: list[Quotation]) -> Attribution | None:
        doc, sent = token.doc, token.sent
        i = token.i + 2
        while i < sent.end and i not in by_token and doc[i].tag_ in {"DT", "JJ", "PRP$", "VBG", "VBN", "CD", "NN", "NNP", "POS", "NNS", "HYPH"} and not doc[i].lemma_.lower() in self._documents:
            i += 1
        if i >= sent.end:
            return None
        mention = by_token.get(i)
        if mention is not None:
            follower = mention.end
            while follower < sent.end and doc[follower].tag_ in {"POS", "NN", "NNS"} and (by_token.get(follower) or doc[follower].tag_ == "POS" or doc[follower].lemma_.lower() in self._documents):
                mention, follower = by_token.get(follower, mention), follower + 1
            end = max(mention.end, follower)
            source, cluster = (mention.wide_start, end), mention.cluster
        elif doc[i].lemma_.lower() in self._documents:
            source, cluster = (token.i + 2, i + 1), -1
            end = i + 1
        else:
            return None
        a = Attribution(token.i, (token.i, token.i + 2), ["report"], source=source, source_cluster=cluster)
        first = next((t.i for t in sent if not t.is_space and not t.is_punct), sent.start)
        if token.i == first:
            comma = next((t.i for t in doc[end : sent.end] if t.text == ","), None)
            start = comma + 1 if comma is not None else end
            a.content = self._range_plain(doc, start, sent.end)
        else:
            stop = end
            tail = syntax.trim(doc, stop, sent.end)
            a.content = self._range_plain(doc, sent.start, token.i)
            if doc[stop : stop + 1].text == "," and any(syntax.is_verb(t) for t in doc[tail[0] : tail[1]]) and doc[tail[0]].tag_ not in {"WDT", "WP"}:
                a.content2 = tail
        return a if a.content else None

    def _range_plain(self, doc: Doc, start: int, end: int) -> Range | None:
        start, end = syntax.trim(doc, start, end)
        while end > start and doc[end - 1].text in {"(", "—", "-"}:
            end -= 1
        return (start, end) if end > start else None

    def _adverb(self, token: Token) -> Attribution | None:
        head = token.head
        if not syntax.is_verb(head):
            return None
        start, end = syntax.subtree_range(head)
        sent = token.sent
        content = self._range_plain(token.doc, max(start, sent.start), min(end, sent.end))
        return Attribution(token.i, (token.i, token.i + 1), ["report"], content=content, confidence=0.5) if content else None


def _closes_comparison(verb: Token) -> bool:
    """Whether a verb only closes a comparison: "higher than officially reported"."""
    return any(t.lower_ == "than" for t in verb.doc[max(verb.sent.start, verb.i - 2) : verb.i])


def _has_passive_auxiliary(verb: Token) -> bool:
    return any(c.dep_ in {"aux:pass", "auxpass"} for c in verb.children)


def _by_token(mentions: list[Mention]) -> dict[int, Mention]:
    """Which mention a token belongs to: names win over the phrases around them, but not over a phrase they only modify."""
    found: dict[int, Mention] = {}
    for m in sorted(mentions, key=lambda m: (m.kind != NAME, m.end - m.start), reverse=True):
        for i in range(m.start, m.end):
            found[i] = m
    for m in mentions:
        if m.kind not in {ADJECTIVE}:
            found[m.head] = m
    return found


def _widened(token: Token) -> Range:
    start, end = syntax.phrase_range(token)
    return max(start, token.i - 6), min(end, token.i + 8)


def _quote_before(doc: Doc, edge: int, quotes: list[Quotation]) -> Quotation | None:
    """A quotation that closes right before a token, a comma or dash between them."""
    i = edge - 1
    while i >= 0 and (doc[i].text in {",", "-", "–", "—"} or doc[i].is_space and "\n" not in doc[i].text):
        i -= 1
    return next((q for q in quotes if q.outer_end - 1 == i and q.end - q.start >= 1), None)


def _clause_start(child: Token, floor: int) -> int:
    doc, start = child.doc, max(child.left_edge.i, floor)
    while start > floor and (doc[start - 1].dep_ == "cc" or doc[start - 1].text in {",", ";"}):
        start -= 1
    return start


def _date(verb: Token, a: Attribution) -> Range | None:
    """The date in the cue's own clause: before the content or after a content that precedes the cue."""
    doc, sent = verb.doc, verb.sent
    lo, hi = (a.cue[1], a.content[0]) if a.content and a.content[0] >= a.cue[1] else (a.cue[0], sent.end)
    tokens = [t.i for t in doc[lo:hi] if t.ent_type_ == "DATE" and not a.covers(t.i)]
    if not tokens:
        return None
    end = tokens[0]
    while end + 1 < hi and doc[end + 1].ent_type_ == "DATE":
        end += 1
    return tokens[0], end + 1


def _distinct(found: list[Attribution]) -> list[Attribution]:
    """In text order, none twice."""
    seen: set[tuple[Range, Range | None, Range | None]] = set()
    kept = []
    for a in sorted(found, key=lambda a: (a.cue, a.content or (0, 0), a.source or (0, 0))):
        if (a.cue, a.content, a.source) not in seen:
            seen.add((a.cue, a.content, a.source))
            kept.append(a)
    return kept


def _continue_quotations(doc: Doc, found: list[Attribution], quotes: list[Quotation]) -> None:
    """A paragraph that is nothing but a quotation goes on with what the paragraph before it quotes."""
    for q in quotes:
        alone = (q.outer_start == 0 or doc[q.outer_start - 1].text.count("\n") > 1) and (q.outer_end >= len(doc) or doc[q.outer_end].is_space)
        if not alone or any(a.covers(q.start) for a in found):
            continue
        before = [a for a in found if a.content and a.cue[0] < q.start and a.nested_in < 0]
        last = max(before, key=lambda a: a.cue[0], default=None)
        if last is None or last.content is None or last.content2 is not None:
            continue
        breaks = sum(t.is_space and t.text.count("\n") > 1 for t in doc[last.cue[0] : q.start])
        if breaks == 1 and any(last.content[0] - 1 <= p.start <= last.content[0] + 1 for p in quotes):
            last.content2 = (q.start, q.end)


def _nest(found: list[Attribution]) -> None:
    """Each attribution whose cue stands in another's content is nested in the smallest such; never one in the other and back."""
    for a in found:
        holders = [(i, h) for i, h in enumerate(found) if h is not a and h.covers(a.verb) and not (a.covers(h.verb) and a.cue < h.cue)]
        for i, holder in sorted(holders, key=lambda x: _length(x[1])):
            if not _within(found, holder, a):
                a.nested_in = i
                break


def _length(a: Attribution) -> int:
    return a.content[1] - a.content[0] if a.content else 0


def _within(found: list[Attribution], inner: Attribution, outer: Attribution) -> bool:
    """Whether `inner` is nested, at any depth, in `outer`."""
    while inner.nested_in >= 0:
        inner = found[inner.nested_in]
        if inner is outer:
            return True
    return False


def _speakers(doc: Doc, mentions: list[Mention], found: list[Attribution]) -> None:
    """ "I" and "we" in a quotation stand for its source."""
    for m in mentions:
        if m.kind == PRONOUN and m.type == "speaker" and m.cluster < 0:
            holder = next((a for a in found if a.covers(m.head) and a.nested_in < 0 and a.source_cluster >= 0), None)
            if holder is not None:
                m.cluster = holder.source_cluster
                for a in found:
                    if a.source is not None and a.source[0] <= m.head < a.source[1]:
                        a.source_cluster = m.cluster


@Language.factory("attribution", requires=["doc._.mentions", "token.dep", "token.lemma"], assigns=["doc._.statements"])
def make_attribution_finder(nlp: Language, name: str) -> AttributionFinder:  # noqa: ARG001 - spaCy's signature
    """Component factory."""
    return AttributionFinder()


register("statements", [])
