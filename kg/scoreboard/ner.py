"""The trained pipeline's entities on newswire of the world: its recogniser, classes of names, and ruler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import saved
from kg.nlp.training.evaluate import entities
from kg.scoreboard.evaluation import Evaluation, Figures

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER: Final = "worldwide_newswire/dev"


def run(corpora: Path) -> Figures:
    """Figures by class on the development set below `corpora`, read as raw text; a span counts with its class.

    Raises:
        UnreadableError, RecordError: a file that is missing or broken.
    """
    scores = entities(saved(), corpora / _FOLDER)
    return {
        name: {"annotated": score.gold, "precision": score.precision, "recall": score.recall, "F1": score.f1}
        for name, score in scores.items()
    }


EVALUATION: Final = Evaluation(
    "ner",
    "corpora",
    (_FOLDER,),
    "Named entities as an extraction gets them from the trained pipeline, one class for each name of an article, on "
    "raw text: the development set of [Worldwide Newswire](https://arxiv.org/abs/2404.13465). A name counts with its "
    "span and its class.",
    run,
)
