"""The shipped pipeline: trained components and rules in one order, without a trace of the text they learned from.

Names stand first: behind the parser they would be cut at its sentence breaks. Each encoder is followed at once by all
that listens to it. The sentence rules stand before the parser, which keeps to them.
"""

from __future__ import annotations

import csv
import re
import shutil
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import spacy
from spacy.matcher import PhraseMatcher
from spacy.strings import StringStore

from kg.errors import ModelError, OutputError
from kg.nlp.training import articles, lemmas, newswire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spacy.language import Language

    from kg.nlp.training.corpora import Corpora

NAME: Final = "conflict_news"
VERSION: Final = "0.3.0"
LICENSE: Final = (
    "learned from UD EWT (CC BY-SA 4.0), UD GUM without seven genres (CC BY 4.0, public domain), English Worldwide "
    "Newswire, GloVe (PDDL), UNGDC (CC0), WordNet; see README.md"
)
_CLOSING: Final = ['"', "”", "“", "''", "’", "'", ")", "]"]
_STOPS: Final = [".", "!", "?", "...", "…"]
_NEVER: Final = 2**64 - 1
"""SENT_START of a token that begins no sentence: -1 as spaCy's rules can hold it."""
_RIGHT: Final = 0.85
"""Share of a name's occurrences in the newswire that must be an organization for it to be a rule."""


def assemble(syntax: Path, entities: Path, corpora: Corpora) -> Language:
    """The pipeline of a trained syntax and a trained entity recognizer.

    Raises:
        ModelError: one of them cannot be loaded, or the two divide text differently.
    """
    nlp, names = _load(syntax), _load(entities)
    nlp.vocab.vectors = names.vocab.vectors  # the syntax reads words alone
    tokenizer: Any = nlp.tokenizer
    other: Any = names.tokenizer
    if tokenizer.to_bytes(exclude=["vocab"]) != other.to_bytes(exclude=["vocab"]):
        raise ModelError(str(entities), f"divides text otherwise than {syntax}", "train both with the same version")
    _lemmatizer(nlp, corpora)
    add_sentence_rules(nlp)
    nlp.add_pipe("tok2vec_ner", source=names, before="tok2vec")
    nlp.add_pipe("ner", source=names, before="tok2vec")
    ruler: Any = nlp.add_pipe("entity_ruler", "armed_groups", before="tok2vec", config={"overwrite_ents": True})
    ruler.add_patterns([{"label": "ORG", "pattern": name} for name in armed_groups(corpora)])
    for section in ("initialize", "corpora", "paths", "pretraining", "training"):
        nlp.config[section] = {}
    nlp.meta.update(name=NAME, version=VERSION, license=LICENSE, performance={})
    return nlp


def save(nlp: Language, folder: Path) -> None:
    """Write the pipeline to `folder`, in place of what a former one left there; other files, such as its card, stay.

    Of the strings only those stay that the pipeline's own labels and rules bring along when it is loaded.

    Raises:
        OutputError: the folder cannot be written.
    """
    try:
        for old in folder.glob("*"):
            if old.is_dir():
                shutil.rmtree(old)
        nlp.to_disk(folder)
        StringStore(sorted(_strings(nlp))).to_disk(folder / "vocab" / "strings.json")
    except OSError as error:
        raise OutputError(str(folder), f"cannot be written ({error})", "name another folder") from error


def armed_groups(corpora: Corpora) -> list[str]:
    """Names of armed groups from the gazetteer that the newswire does not contradict."""
    names = sorted(set(_gazetteer_names()))
    blank = spacy.blank("en")
    matcher = PhraseMatcher(blank.vocab)
    for name in names:
        matcher.add(name, [blank.make_doc(name)])
    seen, right = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for article in newswire.read(corpora.newswire / "train"):
        doc = articles.whole(blank.vocab, article)
        gold = {(span.start, span.end, span.label_) for span in doc.ents}
        for key, begin, end in matcher(doc):
            name = blank.vocab.strings[key]
            seen[name] += 1
            right[name] += (begin, end, "ORG") in gold
    return [name for name in names if right[name] >= _RIGHT * seen[name]]


def _gazetteer_names() -> Iterator[str]:
    table = files("kg.gazetteer").joinpath("data", "armed_groups.csv")
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        for name in (row["label"], *filter(None, row["aliases"].split("|"))):
            # "M23 rebels" is a name and a common noun: the recognizer decides how much of it is the name.
            if not re.search(r" [a-z]+$", name):
                yield name


def _lemmatizer(nlp: Language, corpora: Corpora) -> None:
    rules: Any = nlp.add_pipe("lemmatizer", after="morphologizer", config={"mode": "rule", "overwrite": True})
    rules.initialize(lookups=lemmas.tables(corpora.treebanks("train")))
    exceptions: Any = nlp.add_pipe("attribute_ruler", "lemma_exceptions", after="lemmatizer")
    for form, tag, lemma in lemmas.patterns():
        exceptions.add(patterns=[[{"ORTH": form, "TAG": tag}]], attrs={"LEMMA": lemma})


def add_sentence_rules(nlp: Language) -> None:
    """A blank line begins a sentence; a quotation mark or bracket glued to a full stop begins none."""
    rules: Any = nlp.add_pipe("attribute_ruler", "sent_rules", before="parser")
    rules.add(patterns=[[{"TEXT": {"REGEX": r"\n\s*\n"}}, {"IS_SPACE": False}]], attrs={"SENT_START": 1}, index=1)
    closed = [{"TEXT": {"IN": _STOPS}, "SPACY": False}, {"TEXT": {"IN": _CLOSING}, "SPACY": True}]
    rules.add(patterns=[closed], attrs={"SENT_START": _NEVER}, index=1)


def _load(path: Path) -> Language:
    try:
        return spacy.load(path)
    except (OSError, ValueError) as error:
        raise ModelError(str(path), f"cannot be loaded ({error})", "train it first") from error


def _strings(nlp: Language) -> set[str]:
    """What the components do not bring along when they are loaded: the labels, and the features of words."""
    labels = {label for _, pipe in nlp.pipeline for label in getattr(pipe, "labels", ())}
    morphologizer: Any = nlp.get_pipe("morphologizer")
    return labels | {value for value in morphologizer.cfg["labels_morph"].values() if value}
