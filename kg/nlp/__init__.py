"""Annotation: a spaCy pipeline whose components are ours, and the step from its Docs to :mod:`kg.model`.

labels → names → mentions → resolution → links → attributions → kinds → dates → casualties, alliances, mediations,
relations, events
"""

from __future__ import annotations

import warnings
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import ModelError
from kg.nlp.reading import Reading, chunks, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.model import Article, Extraction

DEFAULT_MODEL: Final = Path(__file__).parent / "en_conflict_news"
COMPONENTS: Final = {
    "universal": "universal_labels",
    "names": "actor_names",
    "mentions": "actor_mentions",
    "resolve": "actor_resolver",
    "links": "actor_linker",
    "attribution": "attribution",
    "kinds": "statement_kinds",
    "calendar": "dates",
    "casualties": "casualties",
    "alliances": "alliances",
    "mediations": "mediations",
    "relations": "relations",
    "events": "events",
}
"""Our components in the order of the pipeline: the module that registers each, and its factory."""


_BATCH: Final = 16
"""Articles that are parsed side by side, which is a fifth faster than one after another."""
_BATCH_CHARACTERS: Final = 240_000
"""More text than about this is not parsed at once: a gigabyte of memory."""


class Annotator:
    """Reads articles with one spaCy pipeline; make it with :func:`load`."""

    def __init__(self, nlp: Language, gazetteer: tuple[Path, ...]) -> None:
        from kg.gazetteer import Gazetteer  # noqa: PLC0415 - as spaCy, only for who annotates
        from kg.nlp.collect import Collector  # noqa: PLC0415

        self.nlp = nlp
        self._collect = Collector(Gazetteer.load(gazetteer))

    def annotate(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """What each article states, in order; memory does not grow with the number of articles."""
        for batch in _batches((article, read(article)) for article in articles):
            with self.nlp.memory_zone():
                docs = parse(self.nlp, (reading.text for _, reading in batch), without=COMPONENTS.values())
                for (article, reading), doc in zip(batch, docs, strict=True):
                    yield self._collect(article, self._annotated(article, doc), reading)

    def doc(self, article: Article, reading: Reading) -> Doc:
        """The Doc of one article and its reading; call it inside ``nlp.memory_zone()``."""
        (doc,) = parse(self.nlp, [reading.text], without=COMPONENTS.values())
        return self._annotated(article, doc)

    def _annotated(self, article: Article, doc: Doc) -> Doc:
        """What our components make of an article's Doc."""
        doc._.published = article.date.isoformat() if article.date else ""
        for name in COMPONENTS.values():
            doc = self.nlp.get_pipe(name)(doc)
        return doc


def load(model: str | None = None, gazetteer: tuple[Path, ...] = ()) -> Annotator:
    """The annotator on the package's own model, or on another spaCy pipeline by name or path.

    Raises:
        ModelError: the pipeline is not installed, or lacks a parser.
        GazetteerError: a table of `gazetteer` is broken.
    """
    nlp = trained(model)
    for module in COMPONENTS:
        import_module(f"kg.nlp.{module}")
    tables = {"gazetteer": [str(path) for path in gazetteer]}
    for name in COMPONENTS.values():
        factory = nlp.get_factory_meta(name)
        nlp.add_pipe(name, config=tables if "gazetteer" in (factory.default_config or {}) else {})
    return Annotator(nlp, gazetteer)


def saved(model: str | Path | None = None) -> Language:
    """A pipeline as it was saved, the package's own unless another is named; its classes of names included.

    Raises:
        ModelError: the pipeline is not installed.
    """
    import spacy  # noqa: PLC0415 - heavy

    for module in ("kg.nlp.name_classes.component", "kg.nlp.vectors"):
        import_module(module)  # tells spaCy of them, also where kg is not installed
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r"\[W095\]")  # a model of another patch release of spaCy
            return spacy.load(model or DEFAULT_MODEL)
    except OSError as error:
        advice = "install it with pip, or leave --model away"
        raise ModelError(str(model), "no spaCy pipeline of this name or path is installed", advice) from error


def trained(model: str | None = None) -> Language:
    """The trained part of the pipeline alone, with the guards of its sentences and predicates.

    Raises:
        ModelError: the pipeline is not installed, or lacks a parser.
    """
    for module in ("kg.nlp.sentences", "kg.nlp.predicates"):
        import_module(module)
    nlp = saved(model)
    if "parser" not in nlp.pipe_names:
        raise ModelError(str(model), "the pipeline has no parser", "use one with tagger, parser, lemmatizer and ner")
    nlp.add_pipe("sentence_guard", before="parser")
    nlp.add_pipe("predicate_guard", after="parser")
    return nlp


def parse(nlp: Language, texts: Iterable[str], without: Iterable[str] = ()) -> Iterator[Doc]:
    """The Docs of clean texts, read side by side by all components but those `without`.

    A long text is read in parts, as the memory of trained components grows with the text.
    """
    from spacy.tokens import Doc  # noqa: PLC0415

    parts = [chunks(text) for text in texts]
    longest = max((len(part) for own in parts for part in own), default=0)
    docs = nlp.pipe(
        chain.from_iterable(parts),
        disable=[*without],
        batch_size=min(_BATCH, max(1, _BATCH_CHARACTERS // max(1, longest))),
    )
    for own in parts:
        read_ = [next(docs) for _ in own]
        yield (Doc.from_docs(read_, ensure_whitespace=False) if len(read_) > 1 else None) or read_[0]


def _batches(readings: Iterable[tuple[Article, Reading]]) -> Iterator[list[tuple[Article, Reading]]]:
    """Runs of articles that are parsed side by side: a few at a time, fewer where they are long."""
    batch: list[tuple[Article, Reading]] = []
    for article, reading in readings:
        batch.append((article, reading))
        if len(batch) == _BATCH or sum(len(own.text) for _, own in batch) > _BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch
