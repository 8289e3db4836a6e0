"""Annotation: a spaCy pipeline whose components are ours, and the step from its Docs to :mod:`kg.model`.

    names → mentions → resolution → dates → attributions → kinds → casualties, alliances, mediations, relations, events
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import ModelError
from kg.nlp.reading import Reading, read

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.model import Article, Extraction

DEFAULT_MODEL: Final = Path(__file__).parent / "en_conflict_news"
COMPONENTS: Final = (
    "actor_names",
    "actor_mentions",
    "actor_resolver",
    "dates",
    "attribution",
    "statement_kinds",
    "casualties",
    "alliances",
    "mediations",
    "relations",
    "events",
)


class Annotator:
    """Reads articles with one spaCy pipeline; make it with :func:`load`."""

    def __init__(self, nlp: Language, gazetteer: tuple[Path, ...]) -> None:
        from kg.gazetteer import Gazetteer
        from kg.nlp.collect import Collector

        self.nlp = nlp
        self._collect = Collector(Gazetteer.load(gazetteer))

    def annotate(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """What each article states, in order; memory does not grow with the number of articles."""
        for article in articles:
            reading = read(article)
            with self.nlp.memory_zone():
                yield self._collect(article, self.doc(article, reading), reading)

    def doc(self, article: Article, reading: Reading) -> Doc:
        """The annotated Doc of an article's clean text; `reading` leads from its offsets to the article's."""
        doc = self.nlp.make_doc(reading.text)
        doc._.published = article.date.isoformat() if article.date else ""
        return self.nlp(doc)


def load(model: str | None = None, gazetteer: tuple[Path, ...] = ()) -> Annotator:
    """The annotator on the package's own model, or on another spaCy pipeline by name or path.

    Raises:
        ModelError: the pipeline is not installed, or lacks a tagger or parser.
        GazetteerError: a table of `gazetteer` is broken.
    """
    import spacy

    from kg.nlp import alliances, attribution, calendar, casualties, events, kinds, mediations, mentions, names, relations, resolve, sentences  # noqa: F401 - they register the factories

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r"\[W095\]")  # a model of another patch release of spaCy
            nlp = spacy.load(model or DEFAULT_MODEL)
    except OSError as error:
        raise ModelError(str(model), "no spaCy pipeline of this name or path is installed", "install it with pip, or leave --model away") from error
    if "parser" not in nlp.pipe_names:
        raise ModelError(str(model), "the pipeline has no parser", "use one with tagger, parser, lemmatizer and ner")
    nlp.max_length = 50_000_000
    nlp.add_pipe("sentence_guard", before="parser")
    for name in COMPONENTS:
        nlp.add_pipe(name, config={"gazetteer": [str(p) for p in gazetteer]} if name == "actor_names" else {})
    return Annotator(nlp, gazetteer)
