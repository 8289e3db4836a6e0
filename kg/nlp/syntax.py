"""One view of a dependency parse in Universal Dependencies, which :mod:`kg.nlp.universal` makes of other schemes.

Everything that reads a parse reads it here: subjects (also shared, controlled and relative ones), objects, agents of
passives, obliques with their preposition, negation, noun phrases and clauses. Functions take and return spaCy tokens;
token ranges are (start, end) with the end exclusive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

SUBJECT: Final = frozenset({"nsubj", "csubj", "nsubj:outer", "csubj:outer"})
PASSIVE_SUBJECT: Final = frozenset({"nsubj:pass", "csubj:pass"})
HYPHENS: Final = frozenset({"-", "\N{NON-BREAKING HYPHEN}", "\N{EN DASH}"})
OBJECT: Final = frozenset({"obj"})
INDIRECT_OBJECT: Final = frozenset({"iobj"})
COMPLEMENT: Final = frozenset({"ccomp", "xcomp"})
RELATIVE: Final = frozenset({"acl:relcl"})
PARTICIPIAL: Final = frozenset({"acl"})
CLAUSAL: Final = frozenset({"ccomp", "xcomp", "advcl", "acl", "acl:relcl", "parataxis", "csubj", "advcl:relcl"})
NAME_PART: Final = frozenset({"flat", "compound", "nmod:desc", "flat:name"})
_PHRASE_BREAK: Final = CLAUSAL | {
    "case",
    "appos",
    "conj",
    "cc",
    "punct",
    "cop",
    "aux",
    "nsubj",
    "nsubj:pass",
    "mark",
    "dep",
}
_RELATIVE_TAGS: Final = frozenset({"WDT", "WP", "WP$"})
_NEGATING: Final = frozenset({"advmod", "det", "cc", "cc:preconj"})
_NEGATION: Final = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP"})
_VERB_TAGS: Final = _FINITE | {"VB", "VBG", "VBN", "MD"}
_MISTAKEN: Final = NAME_PART | {"nmod", "appos", "dep"}


def is_verb(token: Token) -> bool:
    """Whether a token is a verb form, an adjectival participle aside."""
    return token.tag_ in _VERB_TAGS


def is_nominal(token: Token) -> bool:
    """Whether a token can head a noun phrase."""
    return token.pos_ in {"NOUN", "PROPN", "PRON", "NUM"}


def is_passive(verb: Token) -> bool:
    """Whether a verb form is a passive, with its auxiliary or as a bare participle after a noun."""
    if verb.tag_ not in {"VBN", "VBD", "JJ"}:
        return False
    children = [child.dep_ for child in verb.children]
    if any(dep in PASSIVE_SUBJECT or dep in {"aux:pass", "obl:agent"} for dep in children):
        return True
    bare = verb.tag_ == "VBN" and verb.dep_ in PARTICIPIAL and not any(dep in OBJECT for dep in children)
    return bare and not takes_object(verb)


def is_bare_participle(verb: Token) -> bool:
    """Whether a participle stands alone, without auxiliary and object, and so is done to what it says: "13 wounded"."""
    helped = any(c.dep_ in {"aux", "aux:pass"} or c.dep_ in OBJECT for c in verb.children)
    return verb.tag_ == "VBN" and not helped and not takes_object(verb)


def takes_object(verb: Token) -> bool:
    """Whether an object stands right behind a verb, whatever the parse says: "killed 45 civilians", "hit the town"."""
    doc, after = verb.doc, verb.i + 1
    if after < len(doc) and doc[after].lower_ in {"at", "more", "fewer", "nearly", "almost", "some"}:
        after += 1 + (after + 1 < len(doc) and doc[after + 1].lower_ in {"least", "most", "than"})
    return after < len(doc) and doc[after].tag_ in {"CD", "DT", "PRP$"} and doc[after].ent_type_ != "DATE"


def conjuncts(token: Token) -> list[Token]:
    """The token and everything coordinated below it, in text order."""
    found = [token]
    for child in token.children:
        if child.dep_ == "conj" and child.i > token.i:
            found.extend(conjuncts(child))
    return sorted(found, key=lambda t: t.i)


def first_conjunct(token: Token) -> Token:
    """The head of the coordination that a token belongs to."""
    while token.dep_ == "conj" and token.head.i != token.i:
        token = token.head
    return token


def own_subjects(verb: Token) -> list[Token]:
    """Subjects written with the verb itself, active or passive.

    A parser that takes a name before a finite verb for a part of the verb ("compound", "flat") has missed its subject.
    """
    found = [child for child in verb.children if child.dep_ in SUBJECT or child.dep_ in PASSIVE_SUBJECT]
    if not found and verb.tag_ in _FINITE and verb.dep_ in {"ROOT", "ccomp", "parataxis"}:
        found = [c for c in verb.children if c.i < verb.i and c.dep_ in _MISTAKEN and c.pos_ in {"PROPN", "NOUN"}][-1:]
    return found


def subject(verb: Token) -> Token | None:
    """The subject of a verb: its own, or the one it shares by coordination, control or as a modifier of a noun."""
    seen: set[int] = set()
    while verb.i not in seen:
        seen.add(verb.i)
        own = own_subjects(verb)
        if own:
            first = own[0]
            return relative_antecedent(first) or first
        head = verb.head
        if head.i == verb.i:
            return None
        misled = _subject_of_clause_before(verb)
        if misled is not None:
            return misled
        if _trails(verb):
            verb = clause_head(head)
            continue
        if verb.dep_ in RELATIVE or verb.dep_ in PARTICIPIAL:
            return head if is_nominal(head) else None
        # "the group set up by …": a participle behind a noun that the parser ties to the verb before it.
        reduced = verb.dep_ == "xcomp" and bool(agents(verb))
        if (
            reduced
            or is_prepositional(verb)
            or (
                (verb.dep_ == "xcomp" or _is_infinitive(verb))
                and head.lemma_.lower() in lexicon.load("grammar")["object_control"]
            )
        ):
            objects_ = objects(head)
            if objects_ and objects_[0].i < verb.i:
                return objects_[0]
        if verb.dep_ not in {"conj", "xcomp", "advcl", "parataxis", "ccomp"} or not (
            is_verb(head) or head.pos_ in {"AUX", "ADJ", "NOUN"}
        ):
            return None
        verb = head
    return None


def _trails(verb: Token) -> bool:
    """Whether a gerund behind a comma tells of its clause, though the parse ties it to a noun: "…, killing ten"."""
    marked = any(c.dep_ in {"mark", "case"} for c in verb.children)
    if verb.dep_ not in PARTICIPIAL or verb.tag_ != "VBG" or marked or verb.head.dep_ in SUBJECT | PASSIVE_SUBJECT:
        return False
    comma = next((t for t in (verb.left_edge, verb.doc[verb.left_edge.i - 1]) if t.text == ","), None)
    if comma is None or comma.i < verb.head.i or not is_verb(clause_head(verb.head)):
        return False
    return verb.head.pos_ != "PROPN" or verb.head.i < comma.i - 1


def _subject_of_clause_before(verb: Token) -> Token | None:
    """ "The missile hit the market, killing ten, the mayor said": the missile, and not who said so."""
    if verb.dep_ != "advcl" or verb.tag_ != "VBG" or verb.head.i < verb.i:
        return None
    if not any(s.i > verb.i for s in own_subjects(verb.head)):
        return None
    for t in reversed(verb.doc[verb.sent.start : verb.i]):
        if is_verb(t) and t.tag_ != "VBG" and t.dep_ not in {"aux", "aux:pass", "cop"}:
            found = own_subjects(t)
            if found or t.tag_ in _FINITE:
                return next(iter(found), None)
    return None


def is_prepositional(verb: Token) -> bool:
    """Whether a gerund hangs by "of", "from" or "for": "accused X of shelling", where X is the one who shells."""
    return verb.tag_ == "VBG" and any(
        c.dep_ in {"mark", "case"} and c.lower_ in {"of", "from", "for"} for c in verb.children
    )


def relative_antecedent(token: Token) -> Token | None:
    """The noun that a relative pronoun stands for, or None where the token is none or its clause modifies no noun."""
    if token.tag_ not in _RELATIVE_TAGS and not (token.lower_ == "that" and token.tag_ in {"IN", "DT"}):
        return None
    clause = token.head
    while clause.dep_ == "conj" and clause.dep_ not in RELATIVE:
        clause = clause.head
    if clause.dep_ in RELATIVE and is_nominal(clause.head):
        return clause.head
    return None


def objects(verb: Token) -> list[Token]:
    """Direct objects; a relative pronoun is replaced by what it stands for."""
    found = [child for child in verb.children if child.dep_ in OBJECT]
    return [relative_antecedent(child) or child for child in found]


def passive_subjects(verb: Token) -> list[Token]:
    """What a passive is said of: its subject, or the noun that the participle modifies."""
    own = [child for child in verb.children if child.dep_ in PASSIVE_SUBJECT or child.dep_ in SUBJECT]
    if own:
        return [relative_antecedent(child) or child for child in own]
    found = subject(verb)
    return [found] if found is not None else []


def agents(verb: Token) -> list[Token]:
    """Who does a passive verb's action: "backed by Qatar", "killed on Sunday by rebels", "shot dead by police"."""
    own = [c for c in verb.children if c.dep_ == "obl:agent" or (c.dep_ == "obl" and preposition(c) == "by")]
    asides = (
        c for c in verb.children if (c.dep_.startswith("obl") and c.ent_type_ in {"DATE", "LOC"}) or c.lower_ == "dead"
    )
    return own or [
        g for a in asides for g in a.children if g.dep_ in {"nmod", "obl", "obl:agent"} and preposition(g) == "by"
    ]


def obliques(head: Token) -> Iterator[tuple[str, Token]]:
    """Prepositional phrases of a verb or noun as (preposition, noun)."""
    for child in head.children:
        if child.dep_ in {"obl", "nmod", "obl:agent", "nmod:desc"}:
            marks = [c.lower_ for c in child.children if c.dep_ == "case" and c.i < child.i]
            if marks:
                yield marks[0], child


def preposition(token: Token) -> str:
    """The preposition that a noun hangs by, or an empty string."""
    for child in token.children:
        if child.dep_ == "case" and child.i < token.i and child.tag_ in {"IN", "TO", "RP"}:
            return child.lower_
    return ""


def complements(verb: Token) -> list[Token]:
    """Heads of the clauses that complete a verb: "said [that …]", "vowing [to …]"."""
    return [child for child in verb.children if child.dep_ in COMPLEMENT or _is_infinitive(child)]


def _is_infinitive(verb: Token) -> bool:
    """Whether a clause that a parser calls adverbial is an infinitive: "urged him to stop"."""
    return verb.dep_ == "advcl" and verb.tag_ == "VB" and any(c.tag_ == "TO" for c in verb.children)


def is_negated(token: Token) -> bool:
    """Whether a predicate is negated: by its own "not", "no" or "never", or by "neither … nor"."""
    return any(c.dep_ in _NEGATING and c.lower_ in _NEGATION for c in token.children)


def goes_on(token: Token) -> bool:
    """Whether a token stands in what somebody continues to do, and so does: "will continue to support"."""
    words = lexicon.load("grammar")["continuing"]
    above = (t for t in (token, *governors(token)) if t.dep_ == "xcomp")
    return any(t.head.lemma_.lower() in words for t in above)


def governors(token: Token) -> Iterator[Token]:
    """The token's heads, nearest first."""
    while token.head.i != token.i:
        token = token.head
        yield token


def clause_head(token: Token) -> Token:
    """The verb (or predicate) of the clause that a token stands in."""
    for t in (token, *governors(token)):
        if is_verb(t) or t.dep_ in CLAUSAL or t.dep_ == "ROOT":
            return t
    return token


def subtree_range(token: Token) -> tuple[int, int]:
    """First and last token of a subtree, (start, end)."""
    return token.left_edge.i, token.right_edge.i + 1


def phrase_range(head: Token) -> tuple[int, int]:
    """The noun phrase around a head without appositions, coordinations and relative clauses, (start, end)."""
    start, end = head.i, head.i + 1
    for child in head.children:
        if child.dep_ in _PHRASE_BREAK and not (child.dep_ == "punct" and child.text in HYPHENS):
            continue
        left, right = (child.left_edge.i, child.right_edge.i + 1) if child.i < head.i else phrase_range(child)
        if child.i < head.i:
            start = min(start, left)
        else:
            end = max(end, right)
    return start, end


def trim(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """A token range without spaces and loose punctuation at its ends; quotation marks and brackets stay."""
    drop = {",", ";", ":", "-", "–", "—", "--", ".", "!", "?"}
    while start < end and (doc[start].is_space or doc[start].text in drop):
        start += 1
    while end > start and (doc[end - 1].is_space or doc[end - 1].text in drop):
        end -= 1
    return start, end
