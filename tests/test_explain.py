"""kg explain: an article in the terminal, sentence by sentence."""

import re

import pytest
from conftest import ROOT
from fixtures_model import SENTENCES, extraction
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import explain, rdf
from kg.errors import GraphError
from kg.model import Article, Extraction, Span

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def store():
    """A graph with one of each kind of thing."""
    return rdf.in_memory(rdf.to_quads(extraction()))


def shown(store, **options):
    """The lines of an explanation."""
    return list(explain.explain(store, **options))


def test_each_sentence_is_shown_with_what_it_gave(store):
    """Under a sentence stand its statements and situations, with their roles."""
    text = "\n".join(shown(store, width=200))
    assert all(sentence in text for sentence in SENTENCES)
    below = text.split(SENTENCES[1])[1].split(SENTENCES[2])[0]
    assert "> Claim by Nagorno-Karabakh officials · “According to”" in below
    assert "> killed 927 (exact)" in below


def test_a_denial_says_what_it_denies(store):
    """A link between statements is told in words, not as an IRI."""
    (line,) = (line for line in shown(store) if "> Denial by Armenian authorities" in line)
    assert "denies the Accusation by" in line
    assert "https://" not in line


def test_marks_stand_under_their_characters(store):
    """Without color, a line of signs shows source, cue and content."""
    lines = shown(store, width=200)
    at = next(n for n, line in enumerate(lines) if SENTENCES[1] in line)
    sentence, signs = lines[at], lines[at + 1]
    assert sentence[signs.index("C") : signs.rindex("C") + 1] == "According to"
    assert sentence[signs.index("S") : signs.rindex("S") + 1] == "Nagorno-Karabakh officials"


def test_color_marks_the_characters_themselves(store):
    """With color there are no lines of signs, and without its codes the sentence is whole."""
    lines = shown(store, color=True, width=200)
    assert any("\x1b[1;33mAccording to\x1b[0m" in line for line in lines)
    assert any(ANSI.sub("", line).endswith(SENTENCES[1]) for line in lines)
    assert not any(re.fullmatch(r"[ SC=-]+", line) for line in lines)


def test_lines_keep_to_the_width(store):
    """No line of an article's text is wider than the terminal."""
    lines = shown(store, width=50)
    assert all(len(line) <= 50 for line in lines if not line.lstrip().startswith(">") and line[:3] == "   ")


def test_an_unknown_document_is_told_with_the_known_ones(store):
    """The error lists what the graph holds."""
    with pytest.raises(GraphError, match="no article 'none' in this graph; it holds: "):
        shown(store, document="none")


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=300))
def test_any_text_can_be_shown(text):
    """Every printable character that is not white space comes out, in order, whatever the text holds."""
    article = Extraction(Article("a", text), sentences=(Span(0, len(text)),))
    lines = shown(rdf.in_memory(rdf.to_quads(article)), width=40)[3:]
    printed = "".join("".join(line[6:].split()) for line in lines)
    assert printed == "".join(c for c in text if c.isprintable() and not c.isspace())


def test_a_source_is_built_in_memory(run_kg, tmp_path):
    """The command takes articles as well as a graph, and writes no file."""
    (tmp_path / "a.txt").write_text("Turkey backs Azerbaijan.")
    result = run_kg("explain", tmp_path / "a.txt")
    assert result.returncode == 0
    assert "> Turkey backs Azerbaijan" in result.stdout.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_graph_of_several_articles_shows_the_one_that_is_asked_for(run_kg, seed_graph):
    """DOCUMENT names the article; a name that is none is wrong usage; a pipe gets no colors."""
    name = next((ROOT / "seeds").glob("*.txt")).stem
    result = run_kg("explain", seed_graph, name)
    assert result.returncode == 0
    assert name in result.stdout.decode()
    assert b"\x1b" not in result.stdout
    result = run_kg("explain", seed_graph, "none")
    assert result.returncode == 2
    assert f"it holds: {name}" in result.stderr.decode()
