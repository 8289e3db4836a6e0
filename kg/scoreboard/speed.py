"""How fast articles are read on one core, beside the bare spaCy pipeline on the same texts."""

from __future__ import annotations

import tempfile
from functools import partial
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any, Final

from kg import articles, nlp, pipeline, workers
from kg.rdf import format_of
from kg.scoreboard.evaluation import Evaluation, Figures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from spacy.language import Language

    from kg.model import Article
    from kg.nlp import Annotator

ROUNDS: Final = 3
_FOLDER: Final = "polnear/dev/text"


def measure(read: Sequence[Article], rounds: int = ROUNDS) -> Figures:
    """Words a second of processor time, the median of some rounds in which the three take turns.

    Loading is left out. Each round reads with pipelines of its own, which have not met the words of the texts before.
    """

    def pipe(read: Sequence[Article], bare: Language) -> None:
        for _ in bare.pipe(article.text for article in read):
            pass

    def extract(read: Sequence[Article], annotator: Annotator) -> None:
        for _ in annotator.annotate(read):
            pass

    def build(read: Sequence[Article], processor: pipeline.ShardProcessor) -> None:
        parts = [o.part for shard in workers.shards(read, pipeline.SHARD) for o in processor(shard) if o.part]
        parts.sort(key=lambda part: part.place)
        with tempfile.TemporaryFile() as file:
            file.writelines(processor.layout.whole(part.body for part in parts))

    processor = partial(pipeline.ShardProcessor, pipeline.Settings(), format_of("graph.nq"))
    tasks: dict[str, tuple[Callable[[], Any], Callable[..., None]]] = {
        "the spaCy pipeline alone": (nlp.saved, pipe),
        "extraction": (nlp.load, extract),
        "extraction, mapping, validation and N-Quads": (processor, build),
    }
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, (load, task) in tasks.items():
            loaded = load()
            task(read[:1], loaded)
            begin = process_time()
            task(read, loaded)
            # Processor time of all threads: what one core needs, and what other programs do counts little.
            seconds[name].append(process_time() - begin)
    words = sum(len(article.text.split()) for article in read)
    fastest = median(seconds["the spaCy pipeline alone"])
    return {
        name: {"words a second": round(words / median(times)), "of the pipeline's speed": fastest / median(times)}
        for name, times in seconds.items()
    }


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
    "Words a second of processor time, so on one core, of the machine that wrote this: the median of three rounds, "
    "each with pipelines just loaded, over the texts of PolNeAR's development set. What carries over to other machines "
    "is the share of the bare pipeline's speed.",
    run,
)
