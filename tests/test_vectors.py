"""Vectors of words: how they are looked up, kept in few bytes, chosen from GloVe, and given to an encoder."""

import json
from collections import Counter

import numpy as np
import pytest
import spacy
from click.testing import CliRunner
from spacy.strings import hash_string
from spacy.vectors import Vectors

from kg.errors import UnreadableError
from kg.nlp.training import words as training
from kg.nlp.training.__main__ import cli
from kg.nlp.vectors import HalfVectors, WordTable
from kg.nlp.vectors.words import embed, package_table

GLOVE = {"the": [1.0, 0.0], "army": [0.0, 2.0], "gov": [1.0, 1.0], "troops": [0.2, 1.9], "zamfara": [0.9, 0.1]}


def look(table, *words):
    """The vectors of some words."""
    return table(np.array([hash_string(word) for word in words], dtype=np.uint64))


def test_a_word_is_found_by_its_hash_within_a_step():
    """Zeros stand for what the table lacks; two words may share a row."""
    vectors = np.array([[1.0, -0.5], [0.25, 3.0]], dtype=np.float32)
    keys = np.array([hash_string(word) for word in ("rebel", "army", "militia")], dtype=np.uint64)
    table = WordTable.of(keys, np.array([0, 1, 0]), vectors)
    step = np.abs(vectors).max(axis=0) / 127
    assert (np.abs(look(table, "rebel", "army") - vectors) <= step).all()
    assert (look(table, "militia") == look(table, "rebel")).all()
    assert not look(table, "Rebel", "truce").any()


def test_a_table_survives_its_file(tmp_path):
    """What is saved is what is loaded."""
    table = training.choose(list(GLOVE), np.array(list(GLOVE.values()), dtype=np.float32), Counter())
    table.save(tmp_path / "words.npz")
    with (tmp_path / "words.npz").open("rb") as file:
        assert (look(WordTable.load(file), *GLOVE) == look(table, *GLOVE)).all()


def test_common_words_have_rows_of_their_own_and_rare_ones_their_neighbours(monkeypatch):
    """First GloVe's commonest, then the corpora's; an abbreviation is the word without its full stop."""
    monkeypatch.setattr(training, "COMMON", 2)
    monkeypatch.setattr(training, "ROWS", 3)
    seen = Counter({"gov": 5, "gov.": 30, "troops": 1, "mr.": 40})
    table = training.choose(list(GLOVE), np.array(list(GLOVE.values()), dtype=np.float32), seen)
    assert len(table.values) == 3
    assert (look(table, "troops") == look(table, "army")).all()
    assert (look(table, "zamfara") == look(table, "the")).all()
    assert (look(table, "gov.") == look(table, "gov")).all()
    assert not look(table, "mr.").any()


def test_both_forms_of_glove_make_one_table(tmp_path):
    """Stanford's lines and the JSON of the npm package, whose rows carry their norm and place behind the columns."""
    lines, packed = tmp_path / "glove.6B.100d.txt", tmp_path / "glove.json"
    lines.write_text("".join(f"{word} {a} {b}\n" for word, (a, b) in GLOVE.items()), encoding="utf-8")
    rows = {word: [*vector, 9.0, i] for i, (word, vector) in enumerate(GLOVE.items())}
    packed.write_text(json.dumps({"words": list(GLOVE), "dimensions": 2, "vectors": rows}), encoding="utf-8")
    (tmp_path / "vectors.txt").write_text("The army fled .", encoding="utf-8")
    for path in (lines, packed):
        result = CliRunner().invoke(cli, ["words", str(path), str(tmp_path / path.stem), "--work", str(tmp_path)])
        assert result.output.endswith("5 words, 5 rows\n")
    assert (tmp_path / "glove.6B.100d.npz").read_bytes() == (tmp_path / "glove.npz").read_bytes()


@pytest.mark.parametrize(("name", "content"), [("g.json", "{}"), ("g.txt", "the 0.1 x\n"), ("g.json", "[")])
def test_what_is_no_file_of_glove_is_refused(tmp_path, name, content):
    """Named, with what it should be."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableError, match=rf"{name}: is no file of GloVe .*glove\.6B\.100d\.txt"):
        training.read(tmp_path / name)


def test_the_packages_table_knows_words_of_war():
    """Like words have like vectors, capitals do not matter to a Doc."""
    troops, soldiers, banana = look(package_table(), "troops", "soldiers", "banana")

    def cosine(a, b):
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    assert cosine(troops, soldiers) > 0.8 > cosine(troops, banana) + 0.4


def test_an_encoder_sees_words_whatever_their_case():
    """The layer gives each token a vector, learns its matrix, and comes back from bytes without the table."""
    docs = [spacy.blank("en").make_doc(text) for text in ("Troops fled .", "troops fled .", "")]
    model = embed(8, ["SUFFIX"], [50], include_static_vectors=False)
    model.initialize(docs)
    upper, lower, nothing = model.predict(docs)
    assert upper.shape == (3, 8)
    assert nothing.shape == (0, 8)
    assert (upper == lower).all()
    vectors, back = model.begin_update(docs)
    back(vectors)
    assert any(node.has_grad("W") for node in model.walk() if node.name == "word_vectors")
    saved = model.to_bytes()
    assert len(saved) < 20_000
    again = embed(8, ["SUFFIX"], [50], include_static_vectors=False).from_bytes(saved)
    assert (again.predict(docs)[0] == upper).all()


def test_vectors_in_half_precision_are_half_as_large(tmp_path):
    """And the same when they are read, but for the last digits; what stands in memory stays whole."""
    vectors = HalfVectors(data=np.linspace(0, 1, 2000, dtype=np.float32).reshape(100, 20), keys=map(str, range(100)))
    vectors.to_disk(tmp_path / "half")
    plain = Vectors(data=vectors.data, keys=map(str, range(100)))
    plain.to_disk(tmp_path / "whole")
    sizes = [(tmp_path / name / "vectors").stat().st_size for name in ("half", "whole")]
    assert sizes[0] < 0.55 * sizes[1]
    read = HalfVectors().from_disk(tmp_path / "half")
    assert vectors.data.dtype == read.data.dtype == np.float32
    assert np.abs(read.data - vectors.data).max() < 1e-3
