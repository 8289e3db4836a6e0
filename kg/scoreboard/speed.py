"""How fast articles are read on one core, beside the bare spaCy pipeline on the same texts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Final

from kg import articles, nlp, pipeline
from kg.rdf import to_quads, write
from kg.rdf.vocabulary import DEFAULT_BASE
from kg.scoreboard.evaluation import Evaluation, Figures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyoxigraph import Quad

    from kg.model import Article

ROUNDS: Final = 3
_FOLDER: Final = "polnear/dev/text"


def measure(read: Sequence[Article], rounds: int = ROUNDS) -> Figures:
    """Words a second of processor time, the median of some rounds in which the three take turns, loading left out."""
    bare, annotator = nlp.saved(), nlp.load()

    def pipe() -> None:
        for _ in bare.pipe(article.text for article in read):
            pass

    def extract() -> None:
        for _ in annotator.annotate(read):
            pass

    def build() -> None:
        graph: list[Quad] = []
        for extraction in annotator.annotate(read):
            quads = to_quads(extraction)
            pipeline.faults(quads)
            graph += quads
        with tempfile.TemporaryDirectory() as folder:
            write(graph, Path(folder) / "graph.nq", base=DEFAULT_BASE)

    tasks = {
        "the spaCy pipeline alone": pipe,
        "extraction": extract,
        "extraction, mapping, validation and N-Quads": build,
    }
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            seconds[name].append(_seconds(task))
    words = sum(len(article.text.split()) for article in read)
    fastest = median(seconds["the spaCy pipeline alone"])
    return {
        name: {"words a second": round(words / median(times)), "of the pipeline's speed": fastest / median(times)}
        for name, times in seconds.items()
    }


def _seconds(task: Callable[[], None]) -> float:
    # Processor time of all threads: what one core needs, and what other programs do counts little.
    begin = process_time()
    task()
    return process_time() - begin


def run(corpora: Path) -> Figures:
    """Speeds on the development texts of PolNeAR below `corpora`.

    Raises:
        InputError: a text cannot be read.
    """

    def refuse(error: Exception) -> None:
        raise error

    return measure([*articles.read([corpora / _FOLDER], refuse)])


EVALUATION: Final = Evaluation(
    "speed",
    "corpora",
    (_FOLDER,),
    "Words a second of processor time, so on one core, of the machine that wrote this: the median of three rounds over "
    "the texts of PolNeAR's development set. What carries over to other machines is the share of the bare pipeline's "
    "speed.",
    run,
)
