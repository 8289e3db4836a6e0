"""What the tests share: the command as users run it, an annotator that finds nothing, and the seed's graph."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kg import nlp, pipeline
from kg.model import Article, Extraction, Span

ROOT = Path(__file__).parent.parent
RUN = "from kg.cli import main; main()"


@pytest.fixture
def run_kg():
    """Runs the command in a process of its own; returns it with exit code, standard output and standard error."""

    def run(*arguments, stdin=b"", **environment):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        command = [sys.executable, "-W", "error", "-c", RUN, *map(str, arguments)]
        return subprocess.run(command, input=stdin, env=environment, capture_output=True, check=False)

    return run


class PlainAnnotator:
    """Finds one sentence in each article, and nothing else."""

    def annotate(self, articles):
        """One extraction for each article, as they come."""
        for article in articles:
            yield Extraction(article, sentences=(Span(0, len(article.text)),))


@pytest.fixture
def plain_nlp(monkeypatch):
    """Makes the flow fast where the test is not about language."""
    monkeypatch.setattr("kg.nlp.load", lambda *_: PlainAnnotator())


@pytest.fixture(scope="session")
def seed_graph(tmp_path_factory):
    """The graph file that the README's command writes."""
    path = tmp_path_factory.mktemp("seed") / "graph.trig"
    pipeline.build_file([ROOT / "seeds"], path, pipeline.Settings(), refused=pytest.fail)
    return path


@pytest.fixture(scope="session")
def annotator():
    """The annotator on the package's own model, loaded once."""
    return nlp.load()


@pytest.fixture
def extract(annotator):
    """What a text states; `day` is the article's date in ISO form."""

    def run(text, day="2023-05-19"):
        (extraction,) = annotator.annotate([Article("test", text, date=date.fromisoformat(day))])
        return extraction

    return run
