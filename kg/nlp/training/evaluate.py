"""What a pipeline gets right, on raw text, with spaCy's own scorer: trees and tags on treebanks, names on newswire.

A score is a share from 0 to 1. Words are compared where the pipeline's tokens and the treebank's cover the same
characters; attachment leaves punctuation out, and no score counts white space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from spacy.scorer import Scorer
from spacy.training import Example

from kg.nlp.training import articles, conllu, newswire, treebanks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc, Token

_SCORES: Final = {
    "token": "token_f",
    "tag": "tag_acc",
    "pos": "pos_acc",
    "morph": "morph_acc",
    "lemma": "lemma_acc",
    "uas": "dep_uas",
    "las": "dep_las",
    "sentences": "sents_f",
}
"""Our names of the scores on treebanks, and spaCy's."""
_BATCH: Final = 16


@dataclass(frozen=True, slots=True)
class PRF:
    """Precision, recall and their harmonic mean, and how many there are in the gold standard."""

    precision: float
    recall: float
    f1: float
    gold: int


def treebank(nlp: Language, paths: Sequence[Path]) -> dict[str, float]:
    """Scores on CoNLL-U files together; one for which the pipeline has no component is 0.

    ``token`` is the F1 of word division, ``tag``, ``pos``, ``morph`` and ``lemma`` are those of labels, ``uas`` and
    ``las`` of attachment, ``sentences`` of sentences. The pipeline reads each document's text with a blank line
    between paragraphs.

    Raises:
        UnreadableError, RecordError: as :func:`kg.nlp.training.conllu.read`.
    """
    return treebank_scores(nlp, [treebanks.whole(nlp.vocab, document) for document in conllu.read_all(paths)])


def entities(nlp: Language, folder: Path) -> dict[str, PRF]:
    """Scores on a folder of newswire by class, and under ``all`` of all classes; a span counts with its class.

    Raises:
        UnreadableError, RecordError: as :func:`kg.nlp.training.newswire.read`.
    """
    return entity_scores(nlp, [articles.whole(nlp.vocab, article) for article in newswire.read(folder)])


def treebank_scores(nlp: Language, gold: Iterable[Doc]) -> dict[str, float]:
    """As :func:`treebank`, on documents at hand."""
    examples = _predict(nlp, gold)
    scores = Scorer.score_tokenization(examples) | _attachment(examples)
    for attribute in ("tag", "pos", "morph", "lemma"):
        scores |= Scorer.score_token_attr(examples, attribute, getter=_label)
    scores |= Scorer.score_spans(examples, "sents", has_annotation=lambda doc: doc.has_annotation("SENT_START"))
    return {name: float(scores.get(key) or 0.0) for name, key in _SCORES.items()}


def relations(nlp: Language, paths: Sequence[Path]) -> dict[str, PRF]:
    """Labelled attachment by dependency relation; raises as :func:`treebank`."""
    gold = [treebanks.whole(nlp.vocab, document) for document in conllu.read_all(paths)]
    scores = _attachment(_predict(nlp, gold))
    counts = _count(token.dep_.lower() for doc in gold for token in doc if not token.is_space)
    return _prf(scores["dep_las_per_type"] or {}, counts)


def entity_scores(nlp: Language, gold: Iterable[Doc]) -> dict[str, PRF]:
    """As :func:`entities`, on documents at hand."""
    docs = list(gold)
    scores = Scorer.score_spans(_predict(nlp, docs), "ents")
    counts = _count(span.label_ for doc in docs for span in doc.ents)
    precision, recall, f1 = (float(scores[key] or 0.0) for key in ("ents_p", "ents_r", "ents_f"))
    total = PRF(precision, recall, f1, sum(counts.values()))
    return {"all": total} | _prf(scores["ents_per_type"] or {}, counts)


def _predict(nlp: Language, gold: Iterable[Doc]) -> list[Example]:
    docs = list(gold)
    read = nlp.pipe((doc.text for doc in docs), batch_size=_BATCH)
    return [Example(predicted, reference) for predicted, reference in zip(read, docs, strict=True)]


def _attachment(examples: list[Example]) -> dict[str, Any]:
    return Scorer.score_deps(
        examples,
        "dep",
        getter=lambda token, _: token.dep_,
        head_attr="head",
        ignore_labels=("p", "punct"),
    )


def _label(token: Token, attribute: str) -> Any:
    """What is compared of a token; 0, which spaCy takes for unknown, of white space."""
    if token.is_space:
        return 0
    value: Any = getattr(token, attribute)
    return value.key if attribute == "morph" else value


def _prf(by_class: dict[str, Any], counts: dict[str, int]) -> dict[str, PRF]:
    return {
        name: PRF(float(score["p"]), float(score["r"]), float(score["f"]), counts.get(name, 0))
        for name, score in sorted(by_class.items())
    }


def _count(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts
