"""The whole flow: the same graph each time, whole or not at all, for the command and for the library."""

import os
import subprocess
import sys
from dataclasses import replace

import pyoxigraph
import pytest
import rdflib
from conftest import ROOT, PlainAnnotator

import kg
from kg import pipeline, rdf
from kg.errors import EmptyArticleError, FormatError, NoArticleError, NotConformingError, OutputError
from kg.model import Actor, ActorType, Alliance, Span, SupportKind

ONE = "Turkey backs Azerbaijan. The army of Azerbaijan said on Monday that 12 soldiers had died."
TWO = "Russia denied on Tuesday that it had armed the rebels, as Azerbaijan had claimed."


@pytest.fixture
def articles(tmp_path):
    """Two articles in a folder."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text(ONE)
    (folder / "two.txt").write_text(TWO)
    return folder


def build(sources, target, **settings):
    """Builds a file, with no refusals allowed."""
    return pipeline.build_file(sources, target, pipeline.Settings(**settings), refused=pytest.fail)


def lines(path):
    """The quads of an N-Quads file."""
    return set(path.read_text("utf-8").splitlines())


def test_the_hash_seed_does_not_show(tmp_path, run_kg):
    """Three builds under different hash seeds give one and the same file."""
    for seed in "012":
        result = run_kg("build", ROOT / "seeds", "-o", tmp_path / f"{seed}.trig", PYTHONHASHSEED=seed)
        assert result.returncode == 0, result.stderr
    assert len({path.read_bytes() for path in tmp_path.glob("*.trig")}) == 1


def test_two_articles_together_give_the_union_of_both(articles, tmp_path):
    """What is built together is what is built apart."""
    build([articles / "one.txt"], tmp_path / "one.nq")
    build([articles / "two.txt"], tmp_path / "two.nq")
    build([articles], tmp_path / "both.nq")
    assert lines(tmp_path / "both.nq") == lines(tmp_path / "one.nq") | lines(tmp_path / "two.nq")


def test_building_again_changes_nothing(articles, tmp_path):
    """The second build of the same articles writes the same bytes; the order of the sources does not show."""
    target = tmp_path / "graph.ttl"
    build([articles / "one.txt", articles / "two.txt"], target)
    first = target.read_bytes()
    build([articles / "two.txt", articles / "one.txt"], target)
    assert target.read_bytes() == first


def test_no_node_is_blank(seed_graph):
    """Every node has a name."""
    assert b"_:" not in seed_graph.read_bytes().replace(b'"_:', b"")
    assert not any(isinstance(q.subject, pyoxigraph.BlankNode) for q in rdf.read(seed_graph))


def test_every_span_is_its_text(seed_graph):
    """For each span, the article's text from begin to end is the span's text."""
    rows = rdf.open_store(seed_graph).query(
        """PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#>
        SELECT ?text ?begin ?end ?anchor WHERE {
          ?span nif:referenceContext/nif:isString ?text ; nif:beginIndex ?begin ; nif:endIndex ?end ;
            nif:anchorOf ?anchor }"""
    )
    spans = [(row["text"].value[int(row["begin"].value) : int(row["end"].value)], row["anchor"].value) for row in rows]
    assert len(spans) > 50
    assert all(text == anchor for text, anchor in spans)


def test_the_article_s_text_comes_back_as_it_was_read(seed_graph):
    """The graph gives back the characters of the file."""
    query = "SELECT ?text { ?a <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#isString> ?text }"
    (row,) = rdf.open_store(seed_graph).query(query)
    assert row["text"].value == next((ROOT / "seeds").glob("*.txt")).read_text("utf-8")


def test_the_base_is_the_user_s(articles, tmp_path):
    """With another base every data IRI begins with it."""
    build([articles], tmp_path / "graph.nq", base="https://example.org/kg/")
    subjects = {quad.subject.value for quad in rdf.read(tmp_path / "graph.nq")}
    assert all(subject.startswith("https://example.org/kg/") for subject in subjects)


def test_the_library_gives_an_rdflib_dataset(articles, tmp_path):
    """It holds the same triples as the command, a named graph an article."""
    dataset = kg.build([articles])
    assert isinstance(dataset, rdflib.Dataset)
    build([articles], tmp_path / "graph.nq")
    assert sum(len(graph) for graph in dataset.graphs()) == len(lines(tmp_path / "graph.nq"))
    named = {str(graph.identifier) for graph in dataset.graphs() if len(graph)}
    assert named >= {f"https://w3id.org/ckg/data/article/{name}" for name in ("one", "two")}


@pytest.mark.usefixtures("plain_nlp")
def test_the_library_raises_what_it_cannot_read_unless_told_where_to_put_it(articles):
    """A refused input is an exception by default, and a call where the user asks for one."""
    (articles / "empty.txt").write_text("")
    with pytest.raises(EmptyArticleError, match=r"empty\.txt: the file is empty"):
        kg.build([articles])
    refused = []
    assert len(kg.build([articles], refused=refused.append)) > 10
    assert [error.where for error in refused] == [str(articles / "empty.txt")]


class WrongAnnotator(PlainAnnotator):
    """Finds an actor that supports itself, which the shapes refuse."""

    def annotate(self, articles):
        """One alliance of Turkey with Turkey for each article that names it."""
        for extraction in super().annotate(articles):
            if "Turkey" not in extraction.article.text:
                yield extraction
                continue
            turkey = Actor("a", "Turkey", ActorType.STATE, Span(0, 6), mentions=(Span(0, 6),), named=True)
            itself = Alliance("x", Span(0, 12), "a", "a", SupportKind.BACKS)
            yield replace(extraction, actors=(turkey,), alliances=(itself,))


@pytest.fixture
def wrong_nlp(monkeypatch):
    """An annotator whose graph does not conform."""
    monkeypatch.setattr("kg.nlp.load", lambda *_: WrongAnnotator())


@pytest.mark.usefixtures("wrong_nlp")
def test_a_graph_that_does_not_conform_is_not_written(articles, tmp_path):
    """The report names article and sentence; the target keeps what it held."""
    target = tmp_path / "graph.ttl"
    target.write_text("# before\n")
    report = build([articles / "one.txt"], target)
    assert (report.written, report.articles, report.left_out) == (False, 0, 1)
    assert target.read_text() == "# before\n"
    assert len(report.faults) >= 1
    assert all(fault.startswith("one: “Turkey backs Azerbaijan.") for fault in report.faults)


@pytest.mark.usefixtures("wrong_nlp")
def test_a_graph_that_does_not_conform_is_written_if_asked_for(articles, tmp_path):
    """keep_invalid writes it and still reports."""
    target = tmp_path / "graph.nq"
    report = pipeline.build_file([articles], target, pipeline.Settings(), refused=pytest.fail, keep_invalid=True)
    assert (report.written, report.left_out) == (True, 0)
    assert report.faults
    assert len(lines(target)) == report.quads


@pytest.mark.usefixtures("wrong_nlp")
@pytest.mark.parametrize("suffix", [".nq", ".ttl"])
def test_an_article_that_does_not_conform_is_left_out_alone(articles, tmp_path, suffix):
    """The file is that of the other articles; what was left out, and why, is told."""
    other = tmp_path / "three.txt"
    other.write_text("Mali reopened its border.\n")
    report = build([articles / "one.txt", other], tmp_path / f"graph{suffix}")
    build([other], tmp_path / f"alone{suffix}")
    assert (tmp_path / f"graph{suffix}").read_bytes() == (tmp_path / f"alone{suffix}").read_bytes()
    assert (report.written, report.articles, report.left_out) == (True, 1, 1)
    assert report.quads > 0
    assert all(fault.startswith("one: ") for fault in report.faults)


@pytest.mark.usefixtures("wrong_nlp")
def test_the_library_refuses_what_does_not_conform(articles):
    """An exception tells which article, unless the graph is wanted all the same."""
    with pytest.raises(NotConformingError, match="one: "):
        kg.build([articles])
    assert len(kg.build([articles], keep_invalid=True)) > 10


@pytest.mark.usefixtures("plain_nlp")
def test_nothing_is_written_without_an_article(tmp_path):
    """Sources that give no article leave no file."""
    with pytest.raises(NoArticleError, match="no source gave an article"):
        pipeline.build_file([tmp_path], tmp_path / "g.ttl", pipeline.Settings(), refused=lambda _: None)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("target", "kind"), [("g.tutle", FormatError), ("none/g.ttl", OutputError), ("folder.ttl", OutputError)]
)
def test_a_target_that_cannot_be_written_is_told_before_the_work(tmp_path, monkeypatch, target, kind):
    """Neither model nor articles are touched when the output is impossible."""
    monkeypatch.setattr("kg.nlp.load", lambda *_: pytest.fail("the model was loaded"))
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(kind):
        pipeline.build_file([ROOT / "seeds"], tmp_path / target, pipeline.Settings(), refused=pytest.fail)


@pytest.mark.usefixtures("plain_nlp")
def test_articles_pass_one_at_a_time(articles):
    """The first graph is there before the second article is read."""
    flow = pipeline.graphs([articles], pipeline.Settings(), pytest.fail)
    assert next(flow).article.id == "one"
    (articles / "two.txt").write_text("Something else.")
    assert next(flow).article.text == "Something else."


def test_importing_kg_is_light():
    """Importing kg brings neither spaCy nor rdflib; an unknown name is an attribute error."""
    code = "import sys, kg; print(sorted({'spacy', 'rdflib', 'pyoxigraph'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
    with pytest.raises(AttributeError, match="it has KgError, __version__, build"):
        kg.grpah  # noqa: B018  # the access is the test
