"""Models with other labels: the same sentence yields the same, whichever scheme its parse and its entities follow."""

from datetime import date
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, Span
from spacy.util import get_words_and_spaces

from kg.model import Article, StatementKind
from kg.nlp import COMPONENTS, syntax
from kg.nlp.reading import read
from kg.nlp.universal import to_universal

SCHEMES = ("universal", "clearnlp")
# Blocks of "# kind: sentence" and a word a line: word, lemma, part of speech, tag, then for Universal Dependencies
# and for ClearNLP and OntoNotes each head, label and entity.
PARSES = [
    block.split("\n") for block in Path(__file__).with_name("parses.txt").read_text("utf-8").strip().split("\n\n")
]
VOCAB = spacy.blank("en").vocab


def made(block, scheme, vocab=VOCAB):
    """The parsed sentence of a block."""
    rows = [line.split() for line in block[1:]]
    words, spaces = get_words_and_spaces([row[0] for row in rows], sentence(block))
    at = 4 + 3 * SCHEMES.index(scheme)
    columns = {
        "lemmas": [row[1] for row in rows],
        "pos": [row[2] for row in rows],
        "tags": [row[3] for row in rows],
        "heads": [int(row[at]) for row in rows],
        "deps": [row[at + 1] for row in rows],
        "ents": [row[at + 2] for row in rows],
    }
    return Doc(vocab, words, spaces, **columns)


def kind(block):
    """What the sentence of a block shows."""
    return block[0].removeprefix("# ").partition(": ")[0]


def sentence(block):
    """The sentence of a block."""
    return block[0].partition(": ")[2]


def found(extraction, kind):
    """What an extraction holds of a kind."""
    if kind == "attribution":
        return extraction.statements
    if kind == "denial":
        return [s for s in extraction.statements if s.kind is StatementKind.DENIAL]
    return getattr(extraction, kind)


@pytest.mark.parametrize("block", PARSES, ids=sentence)
def test_a_sentence_yields_the_same_in_both_schemes(annotator, block):
    """Statements, figures, alliances, mediations, relations and events do not depend on how a model labels."""
    article = Article("test", sentence(block), date=date(2023, 5, 19))
    extractions = []
    for scheme in SCHEMES:
        doc = made(block, scheme, annotator.nlp.vocab)
        doc._.published = "2023-05-19"
        for name in COMPONENTS.values():
            doc = annotator.nlp.get_pipe(name)(doc)
        extractions.append(annotator._collect(article, doc, read(article)))
    assert found(extractions[0], kind(block))
    assert extractions[0] == extractions[1]


@pytest.mark.parametrize("block", PARSES, ids=sentence)
def test_a_rewritten_parse_is_the_universal_one(block):
    """Heads, labels and entities are as Universal Dependencies has them, but for what punctuation hangs by."""
    universal, other = made(block, "universal"), to_universal(made(block, "clearnlp"))
    for ours, theirs in zip(universal, other, strict=True):
        assert ours.dep_ == theirs.dep_, ours.text
        assert ours.is_punct or ours.head.i == theirs.head.i, ours.text
        assert (ours.ent_iob_, ours.ent_type_) == (theirs.ent_iob_, theirs.ent_type_), ours.text


@pytest.mark.parametrize("block", PARSES, ids=sentence)
def test_a_universal_parse_stays_as_it_is(block):
    """The package's own model is not touched."""
    doc = made(block, "universal")
    before = doc.to_json()
    assert to_universal(doc).to_json() == before


def parsed(*rows):
    """A Doc of "word tag head label" rows; the lemma of a form of "be" is "be"."""
    words, tags, heads, labels = zip(*(row.split() for row in rows), strict=True)
    lemmas = ["be" if word in {"is", "are", "was"} else word for word in words]
    pos = [{"IN": "ADP", "NN": "NOUN", "JJ": "ADJ"}.get(tag, "VERB" if tag[0] == "V" else "X") for tag in tags]
    return Doc(VOCAB, words, lemmas=lemmas, pos=pos, tags=tags, heads=[int(head) for head in heads], deps=labels)


def test_who_is_urged_to_do_something_is_the_object_of_urging():
    """ClearNLP takes who is urged for the subject of what he shall do."""
    doc = to_universal(
        parsed("I PRP 1 nsubj", "urge VBP 1 ROOT", "us PRP 4 nsubj", "to TO 4 aux", "see VB 1 ccomp", "it PRP 4 dobj")
    )
    assert [(t.dep_, t.head.i) for t in doc[2:5]] == [("obj", 1), ("mark", 4), ("xcomp", 1)]
    assert syntax.subject(doc[4]).text == "us"


def test_a_preposition_of_two_words_hangs_by_its_noun():
    """ "Because of" is one preposition, "out of" are two."""
    doc = to_universal(parsed("fled VBD 0 ROOT", "because IN 0 prep", "of IN 1 pcomp", "fire NN 1 pobj"))
    assert [(t.dep_, t.head.i) for t in doc[1:]] == [("case", 3), ("fixed", 1), ("obl", 0)]
    doc = to_universal(parsed("fled VBD 0 ROOT", "out IN 0 prep", "of IN 1 prep", "town NN 2 pobj"))
    assert [(t.dep_, t.head.i) for t in doc[1:]] == [("case", 3), ("case", 3), ("obl", 0)]


def test_coordinated_prepositions_and_phrases():
    """ "In and around Goma" is one phrase with two prepositions, "in Goma and around Bukavu" are two phrases."""
    doc = to_universal(parsed("fired VBD 0 ROOT", "in IN 0 prep", "and CC 1 cc", "around IN 1 conj", "Goma NN 3 pobj"))
    assert [(p, n.text) for p, n in syntax.obliques(doc[0])] == [("in", "Goma")]
    rows = ("in IN 0 prep", "Goma NN 1 pobj", "and CC 1 cc", "around IN 1 conj", "Bukavu NN 4 pobj")
    doc = to_universal(parsed("fired VBD 0 ROOT", *rows))
    assert [t.text for t in syntax.conjuncts(doc[2])] == ["Goma", "Bukavu"]
    assert syntax.preposition(doc[5]) == "around"


def test_be_heads_no_clause_unless_something_exists():
    """ "The town is in ruins": "ruins" is the predicate. "There is a war": the war is the subject."""
    doc = to_universal(parsed("town NN 1 nsubj", "is VBZ 1 ROOT", "in IN 1 prep", "ruins NN 2 pobj"))
    assert [(t.dep_, t.head.i) for t in doc] == [("nsubj", 3), ("cop", 3), ("case", 3), ("ROOT", 3)]
    doc = to_universal(parsed("There EX 1 expl", "is VBZ 1 ROOT", "war NN 1 attr"))
    assert [(t.dep_, t.head.i) for t in doc] == [("expl", 1), ("ROOT", 1), ("nsubj", 1)]


def test_a_stranded_preposition_is_left_with_its_verb():
    """ "The town they came from"."""
    doc = to_universal(parsed("town NN 0 ROOT", "they PRP 2 nsubj", "came VBD 0 relcl", "from IN 2 prep"))
    assert [(t.dep_, t.head.i) for t in doc] == [("ROOT", 0), ("nsubj", 2), ("acl:relcl", 0), ("advmod", 2)]


def test_entities_of_ontonotes_are_renamed_or_dropped():
    """Countries are places, hours are dates, laws are names of something, and numbers are no names."""
    doc = Doc(VOCAB, ["Mali", "ten", "noon", "Act", "Ann"])
    labels = ("GPE", "CARDINAL", "TIME", "LAW", "PERSON")
    doc.ents = [Span(doc, i, i + 1, label) for i, label in enumerate(labels)]
    assert [(e.text, e.label_) for e in to_universal(doc).ents] == [
        ("Mali", "LOC"),
        ("noon", "DATE"),
        ("Act", "MISC"),
        ("Ann", "PERSON"),
    ]
