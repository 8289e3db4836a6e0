"""The whole flow: read, annotate, map, validate, write. The only module that sees both spaCy's side and RDF's.

Articles pass through one at a time; only the quads of their graphs are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg import articles, nlp, shacl
from kg.errors import InputError, NoArticleError, NotConformingError
from kg.rdf import Minter, by_article, expect_writable, format_of, to_quads, write
from kg.rdf.convert import to_dataset, to_graph
from kg.rdf.vocabulary import DEFAULT_BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import rdflib
    from pyoxigraph import Quad

    from kg.model import Article


@dataclass(frozen=True, slots=True)
class Settings:
    """How articles become graphs."""

    base: str = DEFAULT_BASE
    """The IRI that data IRIs begin with."""
    model: str | None = None
    """A spaCy pipeline, by name or path; None for the one in the package."""
    gazetteer: tuple[Path, ...] = ()
    """Files of actors to know beside the package's own."""


@dataclass(frozen=True, slots=True)
class ArticleGraph:
    """One article's graph, and what it lacks of what the shapes require."""

    article: Article
    quads: list[Quad]
    faults: tuple[str, ...]
    """A line each: the article, the sentence at fault, the requirement, the node."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build came to."""

    articles: int
    quads: int
    faults: tuple[str, ...]
    written: bool


def graphs(
    sources: Sequence[str | Path], settings: Settings, refused: Callable[[InputError], None]
) -> Iterator[ArticleGraph]:
    """The graph of each article behind `sources`, one at a time; what cannot be read goes to `refused`.

    Raises:
        ModelError: the spaCy pipeline cannot be loaded.
    """
    minter = Minter(settings.base)
    annotator = nlp.load(settings.model, settings.gazetteer)
    for extraction in annotator.annotate(articles.read(sources, refused)):
        quads = to_quads(extraction, minter)
        yield ArticleGraph(extraction.article, quads, faults(quads))


def faults(quads: Iterable[Quad]) -> tuple[str, ...]:
    """What one article's graph lacks of what the shapes require, a line each."""
    quads = [*quads]
    if shacl.passes(quads, must=True):
        return ()
    graph = to_graph(quads)
    found = (violation for violation in shacl.validate(graph) if violation.severity is shacl.Severity.MUST)
    return tuple(shacl.describe(violation, graph) for violation in found)


def validate(quads: Iterable[Quad], where: str, extra: Iterable[Path] = ()) -> Iterator[tuple[shacl.Violation, str]]:
    """What the shapes, and those in `extra`, refuse or would like otherwise in each article's graph, and how to say it.

    Raises:
        GraphError: a triple that belongs to no article, or shapes that cannot be read.
    """
    extra = tuple(extra)
    for _, of_article in sorted(by_article(quads, where).items(), key=lambda item: item[0].value):
        if not shacl.passes(of_article, extra):
            graph = to_graph(of_article)
            yield from ((violation, shacl.describe(violation, graph)) for violation in shacl.validate(graph, extra))


def build_file(
    sources: Sequence[str | Path],
    target: str | Path,
    settings: Settings,
    *,
    refused: Callable[[InputError], None],
    keep_invalid: bool = False,
    progress: Callable[[Iterator[ArticleGraph]], Iterable[ArticleGraph]] = iter,
) -> Report:
    """Build the graph of all articles behind `sources` and write it, whole or not at all.

    A graph that hurts a requirement is not written unless `keep_invalid` says so; the report names what is at fault.

    Raises:
        FormatError: the suffix of `target` is unknown.
        OutputError: `target` cannot be written.
        NoArticleError: no source gave an article.
        ModelError: the spaCy pipeline cannot be loaded.
    """
    format_of(target)
    expect_writable(Path(target))
    quads: list[Quad] = []
    at_fault: list[str] = []
    count = 0
    for graph in progress(graphs(sources, settings, refused)):
        count += 1
        quads += graph.quads
        at_fault += graph.faults
    if not count:
        raise NoArticleError(str(target), "not written, as no source gave an article", "see kg build --help")
    written = keep_invalid or not at_fault
    if written:
        write(quads, target, base=settings.base)
    return Report(count, len(quads), tuple(at_fault), written)


def build(
    sources: Iterable[str | Path],
    *,
    base: str = DEFAULT_BASE,
    model: str | None = None,
    gazetteer: Iterable[str | Path] = (),
    refused: Callable[[InputError], None] | None = None,
    keep_invalid: bool = False,
) -> rdflib.Dataset:
    """The graph of all articles behind `sources` (files, directories, ``-``), as an rdflib Dataset.

    Each article has its named graph, and the default graph is their union.

    Raises:
        InputError: a source that cannot be read; with `refused`, this is called instead and the others are built.
        NotConformingError: the graph hurts a requirement of the shapes, and `keep_invalid` is not set.
        ModelError: the spaCy pipeline `model` cannot be loaded.
    """

    def stop(error: InputError) -> None:
        raise error

    settings = Settings(base, model, tuple(Path(path) for path in gazetteer))
    quads: list[Quad] = []
    for graph in graphs([*sources], settings, refused or stop):
        if graph.faults and not keep_invalid:
            raise NotConformingError("", graph.faults[0], f"{len(graph.faults)} in all; keep_invalid=True keeps them")
        quads += graph.quads
    return to_dataset(quads)
