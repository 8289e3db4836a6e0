"""The trained pipeline's tags, trees and sentences on treebanks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.nlp import saved
from kg.nlp.training.corpora import Corpora
from kg.nlp.training.evaluate import treebank
from kg.scoreboard.evaluation import Evaluation, Figures

if TYPE_CHECKING:
    from pathlib import Path

_NAMES: Final = {
    "token": "tokens, F1",
    "tag": "tags",
    "pos": "parts of speech",
    "morph": "morphology",
    "lemma": "lemmas",
    "uas": "unlabelled attachment (UAS)",
    "las": "labelled attachment (LAS)",
    "sentences": "sentences, F1",
}


def run(corpora: Path) -> Figures:
    """Shares on the development sets of both treebanks below `corpora`, read as raw text.

    Raises:
        UnreadableError, RecordError: a file that is missing or broken.
    """
    scores = treebank(saved(), Corpora(corpora).files("dev"))
    return {_NAMES.get(name, name): {"share": share} for name, share in scores.items()}


EVALUATION: Final = Evaluation(
    "treebank",
    "corpora",
    ("ud_ewt/dev.conllu", "ud_gum/dev.conllu"),
    "The trained pipeline on raw text: the development sets of [UD English "
    "EWT](https://universaldependencies.org/treebanks/en_ewt/) and "
    "[GUM](https://universaldependencies.org/treebanks/en_gum/) together, all genres, with spaCy's scorer.",
    run,
)
