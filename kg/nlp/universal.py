"""Another model's labels, rewritten as those of the package's own: Universal Dependencies and nine entity classes.

spaCy's English pipelines label dependencies as ClearNLP does and entities as OntoNotes does. Rewritten once, behind the
model, they let every rule read one scheme. ClearNLP hangs nouns by their prepositions, predicates by "be" and each
conjunct by the one before it; Universal Dependencies hang prepositions and "be" by the content word, and all conjuncts
by the first (de Marneffe and others, Computational Linguistics 2021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from thinc.types import Ints2d

_MARKS_CLEARNLP: Final = frozenset(
    {"acomp", "agent", "attr", "auxpass", "dative", "dobj", "neg", "npadvmod", "nsubjpass", "pobj", "prep", "relcl"}
)
_RENAMED: Final = {
    "acomp": "xcomp",
    "attr": "xcomp",
    "auxpass": "aux:pass",
    "csubjpass": "csubj:pass",
    "dative": "iobj",
    "dobj": "obj",
    "intj": "discourse",
    "meta": "dep",
    "neg": "advmod",
    "npadvmod": "obl:unmarked",
    "nsubjpass": "nsubj:pass",
    "oprd": "xcomp",
    "poss": "nmod:poss",
    "preconj": "cc:preconj",
    "predet": "det:predet",
    "prep": "advmod",
    "prt": "compound:prt",
    "quantmod": "advmod",
    "relcl": "acl:relcl",
}
_PREPOSITIONS: Final = frozenset({"prep", "agent", "dative"})
_LINKED_PREPOSITIONS: Final = frozenset({"conj", "pcomp"})
_COMPOUND_PREPOSITIONS: Final = frozenset(
    {"according to", "as for", "as of", "because of", "due to", "instead of", "rather than", "such as", "prior to"}
)
_NO_ADJUNCTS: Final = frozenset({"punct", "nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
_ENTITIES: Final = {
    "CARDINAL": "",
    "ORDINAL": "",
    "PERCENT": "",
    "QUANTITY": "",
    "TIME": "DATE",
    "GPE": "LOC",
    "PER": "PERSON",
    "EVENT": "MISC",
    "LANGUAGE": "MISC",
    "LAW": "MISC",
    "WORK_OF_ART": "MISC",
}


class _Tree:
    """The heads and labels of one Doc while they are rewritten; tokens are numbers."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.heads = [token.head.i for token in doc]
        self.labels = [token.dep_ for token in doc]
        self._below: list[set[int]] = [{child.i for child in token.children} for token in doc]

    def children(self, i: int) -> list[int]:
        """The tokens that hang by another, in text order."""
        return sorted(self._below[i])

    def labelled(self, i: int, *labels: str) -> list[int]:
        """The children of a token that bear one of some labels."""
        return [j for j in self.children(i) if self.labels[j] in labels]

    def hang(self, i: int, head: int, label: str) -> None:
        """Hang a token by another, or make it the root of its sentence, being its own head."""
        self._below[self.heads[i]].discard(i)
        self.heads[i], self.labels[i] = head, label
        if head != i:
            self._below[head].add(i)

    def swap(self, below: int, above: int, label: str) -> None:
        """Put a token in the place of the one that it hangs by, which hangs by it from now on, its children as well."""
        head, place = self.heads[above], self.labels[above]
        self.hang(below, below if head == above else head, place)
        for child in self.children(above):
            self.hang(child, below, self.labels[child])
        self.hang(above, below, label)

    def write(self) -> None:
        """Write heads and labels back to the Doc."""
        heads = np.array([head - i for i, head in enumerate(self.heads)], dtype="int64").astype("uint64")
        labels = np.array([self.doc.vocab.strings.add(label) for label in self.labels], dtype="uint64")
        self.doc.from_array(["HEAD", "DEP"], cast("Ints2d", np.stack([heads, labels], axis=1)))


def to_universal(doc: Doc) -> Doc:
    """Rewrite in place, where the labels are ClearNLP's; entity labels in any case. What is universal stays as it is.

    Lemmas and tags must be set. Sentences keep their bounds.
    """
    if any(token.dep_ in _MARKS_CLEARNLP for token in doc):
        tree = _Tree(doc)
        for rewrite in (_infinitives, _prepositions, _predicates, _coordinations, _commas):
            rewrite(tree)
        tree.labels = [_RENAMED.get(label, label) for label in tree.labels]
        tree.write()
    if any(ent.label_ in _ENTITIES for ent in doc.ents):
        labels = [(ent, _ENTITIES.get(ent.label_, ent.label_)) for ent in doc.ents]
        doc.ents = tuple(Span(doc, e.start, e.end, label, kb_id=e.kb_id_) for e, label in labels if label)
    return doc


def _infinitives(tree: _Tree) -> None:
    """ "Urged [Rwanda to withdraw]": Rwanda is the object of "urged", and "to" is a mark."""
    for token in tree.doc:
        if tree.labels[token.i] != "aux" or token.tag_ != "TO":
            continue
        tree.labels[token.i] = "mark"
        verb = tree.heads[token.i]
        if tree.labels[verb] == "ccomp" and tree.heads[verb] < verb:
            for noun in tree.labelled(verb, "nsubj")[:1]:
                if tree.heads[verb] < noun < token.i and not tree.labelled(verb, "mark")[:-1]:
                    tree.hang(noun, tree.heads[verb], "dobj")
                    tree.labels[verb] = "xcomp"


def _predicates(tree: _Tree) -> None:
    """ "The dead were [civilians]", "the town is [in ruins]": the predicate heads the clause, and "be" is its copula.

    What "there is" takes is its subject.
    """
    for token in tree.doc:
        if token.lemma_ != "be" or tree.labels[token.i] in {"aux", "auxpass"}:
            continue
        said = tree.labelled(token.i, "attr", "acomp")
        if tree.labelled(token.i, "expl"):
            for noun in said:
                tree.labels[noun] = "nsubj"
            continue
        if said:
            tree.swap(said[0], token.i, "cop")
            continue
        for noun in tree.labelled(token.i, "obl"):
            if noun > token.i and not any(t.is_punct for t in tree.doc[token.i : noun]):
                tree.swap(noun, token.i, "cop")
                break


def _prepositions(tree: _Tree) -> None:
    """ "Shot [by rebels] [near Goma]": the noun hangs by the verb, and its preposition by the noun."""
    for token in tree.doc:
        if token.lower_ == "at" and tree.labels[token.i] == "advmod":
            tree.labels[token.i] = "case"
        linked = token.pos_ in {"ADP", "SCONJ"} and tree.labels[token.i] in _LINKED_PREPOSITIONS
        if not linked and tree.labels[token.i] not in _PREPOSITIONS:
            continue
        nouns = tree.labelled(token.i, "pobj")
        clauses = [i for i in tree.labelled(token.i, "pcomp") if tree.doc[i].pos_ not in {"ADP", "SCONJ"}]
        if nouns:
            label = _oblique(tree, token.i)
            tree.swap(nouns[0], token.i, "case")
            tree.labels[nouns[0]] = label
            for second in tree.labelled(nouns[0], "pcomp"):
                _fix(tree, token.i, second)
        elif clauses:
            nominal = tree.doc[tree.heads[token.i]].pos_ in {"NOUN", "PROPN", "PRON"}
            tree.swap(clauses[0], token.i, "mark")
            tree.labels[clauses[0]] = "acl" if nominal else "advcl"
        else:
            _compound_preposition(tree, token.i)


def _compound_preposition(tree: _Tree, first: int) -> None:
    """ "[According to] the mayor", "[out of] Goma", "[in and around] Goma": both prepositions hang by the noun."""
    for second in tree.labelled(first, "prep", "pcomp", "conj"):
        nouns = tree.labelled(second, "pobj")
        if not nouns:
            continue
        noun, label = nouns[0], _oblique(tree, first)
        tree.swap(second, first, "case")
        tree.swap(noun, second, "case")
        tree.labels[noun] = label
        _fix(tree, first, second)
        break


def _fix(tree: _Tree, first: int, second: int) -> None:
    """ "Because of": where two words are one preposition, the second hangs by the first."""
    if f"{tree.doc[first].lower_} {tree.doc[second].lower_}" in _COMPOUND_PREPOSITIONS:
        tree.hang(second, first, "fixed")


def _oblique(tree: _Tree, preposition: int) -> str:
    """The label of a noun that is about to hang where its preposition hangs."""
    label, head = tree.labels[preposition], tree.doc[tree.heads[preposition]]
    if label == "conj":
        return "conj"
    if label == "agent":
        return "obl:agent"
    return "nmod" if head.pos_ in {"NOUN", "PROPN", "PRON", "NUM"} else "obl"


def _coordinations(tree: _Tree) -> None:
    """ "Ukraine, Poland and Latvia": all hang by the first, an "and" by the name behind it."""
    for i in range(len(tree.doc)):
        if tree.labels[i] != "conj" or tree.heads[i] > i:
            continue
        before = tree.heads[i]
        for joint in tree.labelled(before, "cc"):
            if before < joint < i:
                tree.hang(joint, i, "cc")
        if tree.labels[before] == "conj" and tree.heads[before] < before:
            tree.hang(i, tree.heads[before], "conj")


def _commas(tree: _Tree) -> None:
    """A comma hangs by what begins behind it, "Poland [, and Latvia]", "said [, adding …]", but by no subject."""
    starts = list(range(len(tree.doc)))
    for i in range(len(tree.doc)):
        above = i
        while tree.heads[above] != above and starts[tree.heads[above]] > starts[i]:
            above = tree.heads[above]
            starts[above] = starts[i]
    highest: dict[int, int] = {}
    for i in range(len(tree.doc)):
        rival = highest.get(starts[i])
        if rival is None or tree.heads[rival] == i:
            highest[starts[i]] = i
    for token in tree.doc[:-1]:
        if tree.labels[token.i] == "punct" and token.text in {",", ";"}:
            phrase = highest.get(token.i + 1)
            if phrase is not None and tree.heads[phrase] != phrase and tree.labels[phrase] not in _NO_ADJUNCTS:
                tree.hang(token.i, phrase, "punct")


@Language.factory(
    "universal_labels", requires=["token.dep", "doc.ents"], assigns=["token.dep", "token.head", "doc.ents"]
)
def make_universal_labels(nlp: Language, name: str) -> UniversalLabels:
    """Component factory."""
    return UniversalLabels()


class UniversalLabels:
    """spaCy component, to stand behind the model's own: see :func:`to_universal`."""

    def __call__(self, doc: Doc) -> Doc:
        """Rewrite the labels of `doc`."""
        return to_universal(doc)
