"""The command ``kg``: each command turns its arguments into one library call, and errors into one line.

Nothing heavy is imported before a command needs it, so that help and completion answer at once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar

import click

import kg
from kg.errors import FormatError, GraphError, KgError, ModelError, NoArticleError, OutputError
from kg.query import FORMATS

if TYPE_CHECKING:
    from pyoxigraph import Store
    from tqdm import tqdm

    from kg.pipeline import Settings

F = TypeVar("F", bound=Callable[..., Any])

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
_MOST_FAULTS = 20


def main(arguments: list[str] | None = None) -> None:
    """Run the command, and exit with 0 if done, 1 if data or input was refused, 2 if it was used wrongly."""
    try:
        code = cli.main(arguments, prog_name="kg", standalone_mode=False) or DONE
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = WRONG_USAGE
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "kg"
        code = _fail(f"{error.format_message().rstrip('.')}; see '{command} --help'", WRONG_USAGE)
    except click.ClickException as error:
        code = _fail(error.format_message(), WRONG_USAGE)
    except (click.Abort, KeyboardInterrupt):
        code = _fail("interrupted", 130)
    except KgError as error:
        # What is wrong with a graph has a place in a file; what has none is wrong with the question to it.
        question = isinstance(error, GraphError) and not error.where
        code = _fail(str(error), WRONG_USAGE if question or isinstance(error, FormatError | ModelError) else REFUSED)
    except BrokenPipeError:
        # Who read our output has seen enough; without this Python would complain once more when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = REFUSED
    sys.exit(code)


def _fail(line: str, code: int) -> int:
    click.echo("kg: " + " ".join(line.split()), err=True)
    return code


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(kg.__version__, prog_name="kg")
def cli() -> None:
    """Conflict news into a knowledge graph: who says what, in which words, and what the article itself asserts.

    Exit codes: 0 done, 1 the data does not conform or some input was refused, 2 wrong usage.
    """


def _extraction(command: F) -> F:
    """The options of all commands that extract."""
    for option in (
        click.option(
            "--gazetteer",
            multiple=True,
            type=click.Path(exists=True, path_type=Path),
            help="A CSV or Turtle file of actors to know beside the package's own; may be given several times.",
        ),
        click.option("--model", help="Another spaCy pipeline than the one in the package: a name or a path."),
        click.option("--base", help="The IRI that data IRIs begin with. [default: https://w3id.org/ckg/data/]"),
    ):
        command = option(command)
    return command


def _files(name: str, what: str) -> Callable[[F], F]:
    """An option for files, which may be given several times."""
    return click.option(
        name,
        multiple=True,
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=f"A file: {what}.",
    )


@cli.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="GRAPH",
    help="The file to write: .ttl .trig .nq .nt .jsonld, each also with .gz.",
)
@click.option("--keep-invalid", is_flag=True, help="Write also the articles whose graphs do not conform to the shapes.")
@click.option(
    "-j", "workers", default=1, metavar="N", type=click.IntRange(min=1), help="Share the work among N processes."
)
@click.option(
    "--resume", is_flag=True, help="Go on where a build broke off, or read again only what changed; see below."
)
@click.option(
    "--engine", type=click.Choice(["local", "spark"]), default="local", help="Where to build: here, or Spark."
)
@click.option("--report", metavar="FILE", help="Write what was refused, and why, as JSON Lines.")
@_extraction
def build(
    *,
    sources: tuple[str, ...],
    output: str,
    workers: int,
    resume: bool,
    engine: str,
    report: str | None,
    keep_invalid: bool,
    **extraction: Any,
) -> int:
    """Read articles and write their graph.

    A SOURCE is a text file (.txt), a page (.html .htm), records (.jsonl), each also with .gz, a directory of them, or -
    for standard input. What cannot be read is named on standard error, and the rest is built.

    What is done stands in GRAPH.journal until GRAPH is written. With --resume a build that was broken off goes on from
    there, and the journal stays, so that the next build reads only articles that are new or changed.
    """
    from kg import pipeline  # noqa: PLC0415  # heavy

    settings = _settings(**extraction)
    with _Refusals(report if engine == "local" else None) as refusals:
        if engine == "spark":
            from kg.engines import spark  # noqa: PLC0415  # heavy

            built = spark.build(sources, output, settings, refused=refusals, report=report, keep_invalid=keep_invalid)
        else:
            built = pipeline.build_file(
                sources,
                output,
                settings,
                refused=refusals,
                faulty=refusals.note,
                keep_invalid=keep_invalid,
                workers=workers,
                resume=resume,
                progress=_progress,
            )
    if built.refused:
        click.echo(f"kg: {_counted(built.refused, 'input')} refused; --report tells which, and why", err=True)
    for fault in built.faults[:_MOST_FAULTS]:
        click.echo(f"kg: {fault}", err=True)
    if built.unmet > _MOST_FAULTS:
        click.echo(f"kg: {built.unmet - _MOST_FAULTS} more like these", err=True)
    if built.unmet:
        count = _counted(built.unmet, "requirement")
        left_out = f"without {_counted(built.left_out, 'article')}" if built.left_out else "all the same"
        outcome = f"written {left_out}" if built.written else "not written"
        advice = "; --keep-invalid writes all" if built.left_out else ""
        click.echo(f"kg: {output}: {count} not met; {outcome}{advice}", err=True)
    elif sys.stderr.isatty():
        click.echo(f"{output}: {_counted(built.articles, 'article')}, {_counted(built.quads, 'triple')}", err=True)
    return REFUSED if built.unmet or built.refused or refusals.count else DONE


@cli.command()
@click.argument("graph", type=click.Path(path_type=Path))
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A file or folder of further SHACL shapes; may be given several times.",
)
def validate(*, graph: Path, shapes: tuple[Path, ...]) -> int:
    """Check GRAPH against the shapes.

    Prints a line for each requirement (must) and each recommendation (should) that is not met, with article, sentence,
    message and node. Exits with 1 where it is a requirement.
    """
    from kg import pipeline, rdf  # noqa: PLC0415  # heavy
    from kg.shacl import Severity  # noqa: PLC0415

    hurt = unmet = 0
    for violation, line in pipeline.validate(rdf.read(graph), str(graph), shapes):
        click.echo(f"{violation.severity.value}: {line}")
        must = violation.severity is Severity.MUST
        hurt, unmet = hurt + must, unmet + (not must)
    counts = [_counted(number, what) for number, what in ((hurt, "requirement"), (unmet, "recommendation")) if number]
    missed = f"; not met: {', '.join(counts)}" if counts else ""
    click.echo(f"{graph}: {'does not conform' if hurt else 'conforms'}{missed}")
    return REFUSED if hurt else DONE


@cli.command()
@click.argument("graph", required=False, metavar="GRAPH|URL")
@click.argument("question", required=False, metavar="NAME|FILE|SPARQL")
@click.option("--list", "list_", is_flag=True, help="List the named queries, a line each.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="How to print the result; ttl is for CONSTRUCT and DESCRIBE.",
)
def query(*, graph: str | None, question: str | None, list_: bool, form: str) -> int:
    """Ask GRAPH a named query or SPARQL.

    GRAPH is a file or the folder of an embedded store, URL a SPARQL endpoint, such as http://127.0.0.1:7878/query; the
    query is one of those that --list shows, a .rq file, or SPARQL text. The default graph is the union of all
    articles; the usual prefixes need not be declared.
    """
    from kg import query as querying  # noqa: PLC0415  # imports no RDF library before it runs a query

    if list_:
        named = querying.names()
        width = max(len(name) for name, _ in named)
        for name, line in named:
            click.echo(f"{name:{width}}  {line}")
        return DONE
    if graph is None or question is None:
        raise click.UsageError(f"Missing argument '{'GRAPH' if graph is None else 'NAME|FILE|SPARQL'}'")
    click.echo(querying.run(graph, question).to(form), nl=False)
    return DONE


@cli.command()
@click.argument("graph", required=False, type=click.Path(path_type=Path))
@click.option(
    "--to",
    required=True,
    metavar="URL|PATH",
    help="A Graph Store's address, such as http://127.0.0.1:7878/store?graph=, or an embedded store's folder.",
)
@click.option("--replace", is_flag=True, help="Remove the articles that the store holds and GRAPH does not.")
@click.option(
    "--tables/--no-tables",
    default=True,
    show_default=True,
    help="Keep what the named queries give in an embedded store's folder, so that they are answered at once.",
)
@click.option("--delete", multiple=True, metavar="DOCUMENT", help="Remove an article; may be given several times.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds to wait for each answer. [60]")
@click.option("--retries", type=click.IntRange(min=0), help="How often to ask a busy or silent store again. [5]")
def load(*, graph: Path | None, to: str, replace: bool, tables: bool, delete: tuple[str, ...], **requests: Any) -> int:
    """Load GRAPH into a triple store, or remove articles from it.

    Each article becomes a named graph, replaced as a whole, so that loading again changes nothing; a load that was
    broken off goes on where it stopped. At the end the triples are counted in the store. Over HTTP it speaks the SPARQL
    1.1 Graph Store Protocol, with user and password from KG_STORE_USER and KG_STORE_PASSWORD or from ~/.netrc; a
    folder becomes an embedded Oxigraph store.
    """
    from kg import store  # noqa: PLC0415  # heavy

    if graph is None and (replace or not delete):
        raise click.UsageError("Missing argument 'GRAPH'")
    if delete:
        count = store.delete(delete, to, tables=tables and graph is None, **requests)
        if sys.stderr.isatty():
            click.echo(f"{to}: {_counted(count, 'article')} removed", err=True)
    if graph is not None:
        with _loading() as told:
            count = store.load(graph, to, replace=replace, tables=tables, told=told, **requests)
        if sys.stderr.isatty():
            click.echo(f"{to}: {_counted(count, 'article')} loaded", err=True)
    return DONE


@contextmanager
def _loading() -> Iterator[Callable[[float, int], None]]:
    """Shows how far a load is: on standard error, and only where that is a terminal."""
    from tqdm import tqdm  # noqa: PLC0415  # only loads and builds need it

    form = "{l_bar}{bar}| [{elapsed}<{remaining}]"
    with tqdm(total=1.0, bar_format=form, disable=None, leave=False, file=sys.stderr) as bar:

        def told(share: float, articles: int) -> None:
            bar.set_description_str(_counted(articles, "article"), refresh=False)
            bar.update(share - bar.n)

        yield told


@cli.command()
@click.argument("graph", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="The file to write; GRAPH itself, unless told.",
)
@_files("--ucdp", "UCDP GED, the csv of a release or of the candidate events")
@_files("--acled", "ACLED, the csv of its export tool")
@_files("--gdelt", "GDELT events, 1.0 or 2.0")
@click.option("--all-rows", is_flag=True, help="Keep the rows that match nothing too; memory grows with them.")
@_files("--gazetteer", "a CSV file of actors to know beside the package's own")
@click.option("--reconcile", metavar="URL", help="Ask this reconciliation service for the actors without a link.")
@click.option(
    "--cache",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".kg-cache"),
    show_default=True,
    help="Where the service's answers are kept, so that nothing is asked twice.",
)
@click.option(
    "--min-score",
    type=click.FloatRange(min=0),
    help="Also link to the best answer of this score or more, where the service is not certain.",
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="The most requests a second to the service.",
)
def link(
    *,
    graph: Path,
    output: Path | None,
    all_rows: bool,
    gazetteer: tuple[Path, ...],
    reconcile: str | None,
    cache: Path,
    min_score: float | None,
    rate: float,
    **files: tuple[Path, ...],
) -> int:
    """Link GRAPH to datasets of events, and its articles to each other.

    Writes GRAPH with the links: what several articles tell of one happening becomes an incident, and rows of UCDP GED,
    ACLED and GDELT are matched with events and casualty figures by day, place, actors and numbers. A file may be packed
    (.gz .zip); each option may be given several times. Nothing is fetched unless --reconcile names a service.
    """
    from kg import link as linking  # noqa: PLC0415  # heavy
    from kg.link.reconcile import Service  # noqa: PLC0415

    target = output or graph
    service = Service(reconcile, cache, min_score=min_score, rate=rate) if reconcile else None
    datasets = {dataset: files[dataset.value] for dataset in linking.Dataset}
    linked = linking.link_file(graph, target, datasets, all_rows=all_rows, service=service, gazetteer=gazetteer)
    if sys.stderr.isatty():
        made = ", ".join(f"{name} {count}" for name, count in linked.counts.items())
        click.echo(f"{target}: linked ({made})", err=True)
    return DONE


@cli.command()
@click.argument("graph", metavar="STORE|GRAPH", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--deadline", type=click.FloatRange(min=0, min_open=True), help="Seconds that a query may take. [30]")
@click.option("--workers", type=click.IntRange(min=1), help="Queries answered at once. [4, or a processor's cores]")
@click.option("--waiting", type=click.IntRange(min=0), help="Queries that may wait for their turn. [256]")
def serve(*, graph: Path, host: str, port: int, deadline: float | None, **counts: int | None) -> int:
    """Answer SPARQL queries over HTTP, until it is stopped.

    The endpoint is /query, the named queries' rows are at /query/NAME.csv and /query/NAME.json, and / is a page about
    them. It is read-only; a query that takes longer than its deadline is ended.
    """
    from kg import endpoint  # noqa: PLC0415  # heavy

    chosen = {name: value for name, value in {"seconds": deadline, **counts}.items() if value is not None}
    limits = endpoint.Limits(**chosen)  # type: ignore[arg-type]
    endpoint.serve(graph, host=host, port=port, limits=limits, started=lambda at: click.echo(at, err=True))
    return DONE


@cli.command()
@click.argument("place", metavar="SOURCE|GRAPH")
@click.argument("document", required=False)
@_extraction
def explain(*, place: str, document: str | None, **extraction: Any) -> int:
    """Show articles with what was extracted.

    It goes sentence by sentence, with what was found under each and the characters marked. SOURCE is built
    in memory first. DOCUMENT names the one article to show.
    """
    import shutil  # noqa: PLC0415  # light, but used here only

    from kg import explain as explaining  # noqa: PLC0415  # heavy

    refusals = _Refusals()
    store = _store(place, _settings(**extraction), refusals)
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for line in explaining.explain(store, document, color=color, width=shutil.get_terminal_size((100, 24)).columns):
        click.echo(line, color=color)
    return REFUSED if refusals.count else DONE


def _counted(number: int, what: str) -> str:
    """A number with its noun: ``1 article``, ``2 articles``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _store(place: str, settings: Settings, refusals: _Refusals) -> Store:
    """The graph at `place`, or the one that is built from the articles there."""
    from kg import pipeline, rdf  # noqa: PLC0415  # heavy
    from kg.rdf import readers  # noqa: PLC0415

    try:
        rdf.format_of(place)
        is_graph = True
    except FormatError:
        is_graph = readers.is_store(Path(place))
    if is_graph:
        return rdf.open_store(place)
    built = list(pipeline.graphs([place], settings, refusals))
    if not built:
        raise NoArticleError(place, "gave no article", "name a source of articles, or a graph")
    return rdf.in_memory(quad for graph in built for quad in graph.quads)


class _Refusals:
    """Tells each refused input on standard error, and counts them; writes them to a report, a JSON object a line."""

    def __init__(self, report: str | None = None) -> None:
        self.count = 0
        self._report = report
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        if self._report is not None:
            try:
                self._file = Path(self._report).open("w", encoding="utf-8")
            except OSError as error:
                problem = f"cannot be written ({(error.strerror or str(error)).lower()})"
                raise OutputError(self._report, problem, "name another place") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def __call__(self, error: KgError) -> None:
        """Tell one."""
        self.count += 1
        self.note(error)
        if sys.stderr.isatty():
            from tqdm import tqdm  # noqa: PLC0415  # only where a bar may be on the screen

            tqdm.write(f"kg: {error}", file=sys.stderr)
        else:
            click.echo(f"kg: {error}", err=True)

    def note(self, error: KgError) -> None:
        """Write one to the report only."""
        if self._file is not None:
            print(json.dumps(error.record(), ensure_ascii=False), file=self._file, flush=True)


def _settings(*, base: str | None, model: str | None, gazetteer: tuple[Path, ...]) -> Settings:
    from kg.pipeline import Settings  # noqa: PLC0415  # heavy
    from kg.rdf import Minter  # noqa: PLC0415

    if base is None:
        return Settings(model=model, gazetteer=gazetteer)
    try:
        Minter(base)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return Settings(base, model, gazetteer)


def _progress(what: str, total: int | None = None, done: int = 0) -> tqdm[Any]:
    """Shows how far a build is: on standard error, and only where that is a terminal."""
    from tqdm import tqdm  # noqa: PLC0415  # only builds need it

    unit = " articles"
    return tqdm(desc=what, total=total, initial=done, unit=unit, disable=None, leave=False, file=sys.stderr)
