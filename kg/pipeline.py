"""The whole flow: read, annotate, map, validate, write. The only module that sees both spaCy's side and RDF's.

Articles pass through in shards, which processes may share; what is done is kept in a journal on disk, not in memory.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from kg import articles, duplicates, nlp, shacl
from kg import workers as parallel
from kg.errors import ArticleError, InputError, KgError, NoArticleError, NotConformingError
from kg.journal import Journal, digest
from kg.rdf import Layout, Minter, by_article, expect_writable, format_of, to_quads, write_bytes
from kg.rdf.convert import to_dataset, to_graph
from kg.rdf.vocabulary import DEFAULT_BASE
from kg.resources import PACKAGE, contents, folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import rdflib
    from pyoxigraph import Quad
    from tqdm import tqdm

    from kg.model import Article
    from kg.nlp import Annotator
    from kg.rdf import Format, Part

SHARD: Final = 8
"""Articles that are read together: few enough that little is lost when a build breaks off."""
MOST_FAULTS: Final = 100
DIED: Final = "the process that read it died, maybe of want of memory"


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
class Outcome:
    """What became of one article: its part of a file, with what its graph lacks, or why there is none."""

    article: Article
    part: Part | None
    faults: tuple[str, ...] = ()
    error: ArticleError | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a build came to."""

    articles: int
    """How many the file holds."""
    quads: int
    faults: tuple[str, ...]
    """The first hundred."""
    unmet: int
    """How many faults there are."""
    left_out: int
    """How many articles the file does not hold because their graphs do not conform."""
    written: bool
    refused: int = 0
    """How many inputs were refused that were not told one by one."""


class Progress(Protocol):
    """Shows how far a build is."""

    def __call__(self, what: str, total: int | None = None, done: int = 0) -> tqdm[Any]:
        """Show articles being `what`; `total` where it is known, `done` of which are done."""


def _silent(what: str, total: int | None = None, done: int = 0) -> tqdm[Any]:
    from tqdm import tqdm  # noqa: PLC0415  # only builds need it

    return tqdm(desc=what, total=total, initial=done, disable=True)


def graphs(
    sources: Sequence[str | Path], settings: Settings, refused: Callable[[InputError], None]
) -> Iterator[ArticleGraph]:
    """The graph of each article behind `sources`, one at a time; what cannot be read goes to `refused`.

    Each stands for itself: near duplicates are not linked, which needs all of them.

    Raises:
        ModelError: the spaCy pipeline cannot be loaded.
    """
    yield from mapped(articles.read(sources, refused), settings, nlp.load(settings.model, settings.gazetteer))


def mapped(read: Iterable[Article], settings: Settings, annotator: Annotator) -> Iterator[ArticleGraph]:
    """The graph of each article, in order."""
    minter = Minter(settings.base)
    for extraction in annotator.annotate(read):
        quads = to_quads(extraction, minter)
        yield ArticleGraph(extraction.article, quads, faults(quads))


class ShardProcessor:
    """Turns shards of articles into parts of a file; loads the spaCy pipeline once, when made.

    Raises:
        ModelError: the spaCy pipeline cannot be loaded.
    """

    def __init__(self, settings: Settings, form: Format) -> None:
        self.settings = settings
        self.annotator = nlp.load(settings.model, settings.gazetteer)
        self.layout = Layout(form, settings.base)
        _set_apart()

    def __call__(self, shard: Sequence[Article]) -> list[Outcome]:
        """What became of each article; one that the pipeline fails on costs no other."""
        try:
            return process_shard(shard, self)
        except Exception as error:  # noqa: BLE001  # whatever a library may raise over strange text
            if len(shard) > 1:
                return [outcome for article in shard for outcome in self([article])]
            return [_failed(shard[0], f"the pipeline failed ({type(error).__name__}: {error})")]


def _set_apart() -> None:
    """Keep the collector of cyclic garbage away from what is loaded: it stays, and to look through it takes long."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def process_shard(shard: Sequence[Article], processor: ShardProcessor) -> list[Outcome]:
    """The parts of a file that articles give: the same ones, in whatever shards and processes."""
    return [
        Outcome(graph.article, processor.layout.part(graph.quads), graph.faults)
        for graph in mapped(shard, processor.settings, processor.annotator)
    ]


def _failed(article: Article, problem: str) -> Outcome:
    advice = "the other articles are built; leave it out, or report it with its text"
    return Outcome(article, None, error=ArticleError(article.origin or article.id, problem, advice))


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
    faulty: Callable[[NotConformingError], None] = lambda _: None,
    keep_invalid: bool = False,
    workers: int = 1,
    resume: bool = False,
    progress: Progress = _silent,
) -> Report:
    """Build the graph of all articles behind `sources` and write it, whole or not at all.

    An article whose graph hurts a requirement is left out unless `keep_invalid` says otherwise, and nothing is written
    where that leaves none; the report names what is at fault.
    What is done stands in a journal beside `target`. It is removed at the end, but stays where the build is broken off.

    Args:
        sources: files, directories, ``-``.
        target: where to; its suffix is the format.
        settings: how articles become graphs.
        refused: is told each input that cannot be used.
        faulty: is told each requirement that an article's graph does not meet.
        keep_invalid: whether to write also what does not conform.
        workers: processes that share the articles; the file is the same for any number.
        resume: whether to take over from the journal what it holds of the same articles, and to keep it for the next
            build, which then reads only articles that are new or changed.
        progress: shows how far the build is.

    Raises:
        FormatError: the suffix of `target` is unknown.
        OutputError: `target` or its journal cannot be written.
        NoArticleError: no source gave an article.
        ModelError: the spaCy pipeline cannot be loaded.
    """
    form = format_of(target)
    expect_writable(Path(target))
    with Journal(Path(target), fingerprint(settings, form), resume=resume) as journal:
        try:
            read = articles.read(sources, refused)
            _build(journal, read, form, settings, refused=refused, workers=workers, progress=progress)
            report = _report(journal, keep_invalid=keep_invalid)
            if not report.articles and not report.left_out:
                raise NoArticleError(str(target), "not written, as no source gave an article", "see kg build --help")
            for document, fault in journal.faults():
                faulty(NotConformingError(document, fault))
            if report.written:
                shared = () if form.has_graphs else journal.shared(faulty=keep_invalid)
                whole = Layout(form, settings.base).whole(journal.bodies(faulty=keep_invalid), shared)
                write_bytes(whole, target, compressed=form.compressed)
        except KgError:
            if not resume:
                journal.remove()
            raise
        if resume:
            journal.forget_others()
        else:
            journal.remove()
    return report


def _build(
    journal: Journal,
    read: Iterable[Article],
    form: Format,
    settings: Settings,
    *,
    refused: Callable[[InputError], None],
    workers: int,
    progress: Progress,
) -> None:
    """Fill the journal with the graphs of all articles."""
    with progress("read") as bar:
        for _ in journal.take(read):
            bar.update()
    journal.link_duplicates()
    shards = parallel.shards(journal.missing(), SHARD)
    start = partial(ShardProcessor, settings, form)
    with progress("built", journal.count, journal.totals().graphs) as bar:
        for outcomes in parallel.run(start, shards, workers, lambda article: [_failed(article, DIED)]):
            journal.add((digest(o.article), o.article.id, o.part, o.faults) for o in outcomes if o.part)
            for error in (outcome.error for outcome in outcomes if outcome.error):
                refused(error)
            bar.update(len(outcomes))


def _report(journal: Journal, *, keep_invalid: bool) -> Report:
    totals = journal.totals()
    first = tuple(fault for _, fault in islice(journal.faults(), MOST_FAULTS))
    if keep_invalid:
        return Report(totals.graphs, totals.quads, first, totals.faults, 0, written=totals.graphs > 0)
    left_out = totals.graphs - totals.whole
    return Report(totals.whole, totals.whole_quads, first, totals.faults, left_out, written=totals.whole > 0)


def fingerprint(settings: Settings, form: Format) -> str:
    """What else than an article decides on its part of a file: this package, its model, gazetteer, base and format."""
    parts = [form.rdf.iri, settings.base, contents([PACKAGE, folder("shapes")])]
    if settings.model:
        place = Path(settings.model)
        parts.append(contents([place]) if place.exists() else f"{place} {version(settings.model)}")
    return " ".join([*parts, contents(settings.gazetteer)])


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
    read = duplicates.linked([*articles.read([*sources], refused or stop)])
    for graph in mapped(read, settings, nlp.load(settings.model, settings.gazetteer)):
        if graph.faults and not keep_invalid:
            raise NotConformingError("", graph.faults[0], f"{len(graph.faults)} in all; keep_invalid=True keeps them")
        quads += graph.quads
    return to_dataset(quads)


def version(package: str) -> str:
    """The version of an installed package, empty where it is none."""
    try:
        return installed(package)
    except PackageNotFoundError:
        return ""
