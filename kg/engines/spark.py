"""A build on Apache Spark: the same graphs as a local build, from and to any path that Spark can reach.

Records are read where they stand, near duplicates are found by a join on their bands, and each task turns its articles
into N-Quads with the same function as a local worker, the pipeline loaded once in each Python process.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from kg import duplicates, workers
from kg.articles import parquet
from kg.engines import files
from kg.errors import EngineError, InputError, KgError, NoArticleError, NotConformingError, OutputError, UnreadableError
from kg.pipeline import SHARD, Report, Settings, ShardProcessor
from kg.rdf import format_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.duplicates import Rank
    from kg.engines.files import Found, Input
    from kg.model import Article

_TASKS_A_CORE: Final = 4
_SIGNED: Final = "tuple[Rank, bytes]"


def build(
    sources: Sequence[str],
    target: str,
    settings: Settings,
    *,
    refused: Callable[[InputError], None],
    report: str | None = None,
    keep_invalid: bool = False,
) -> Report:
    """Build the graphs of all articles behind `sources` and write them as parts of N-Quads into the folder `target`.

    Args:
        sources: addresses of JSON Lines, Parquet and WARC files, folders of them, or patterns.
        target: a folder that does not exist; its suffix is ``.nq``, or ``.nq.gz`` for compressed parts.
        settings: how articles become graphs; files that it names have to be there on each worker.
        refused: is told each source that gives no file.
        report: a folder for what was refused, as parts of JSON Lines.
        keep_invalid: whether to write also what does not conform.

    Raises:
        EngineError: Spark is not installed, or a job fails.
        OutputError: a folder is there already, or its suffix is another.
        NoArticleError: no source gave an article.
    """
    if format_of(target).suffix not in {".nq", ".nq.gz"}:
        raise OutputError(target, "Spark writes N-Quads", "end the name in .nq or .nq.gz")
    try:
        from py4j.protocol import Py4JError  # noqa: PLC0415  # an extra
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as error:
        raise EngineError("", f"the engine needs {error.name}", "pip install 'conflict-kg[spark]'") from error
    try:
        builder = SparkSession.builder.appName("kg build").config("spark.sql.session.timeZone", "UTC")
        session = builder.config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower()).getOrCreate()
        try:
            return _Build(session, settings, target, report, keep_invalid=keep_invalid).run(sources, refused)
        finally:
            session.stop()
    except (Py4JError, PySparkException) as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        raise EngineError("spark", f"the job failed: {lines[-1] if lines else error}", "see Spark's log") from error


class _Build:
    def __init__(
        self, session: Any, settings: Settings, target: str, report: str | None, *, keep_invalid: bool
    ) -> None:
        self.session, self.context = session, session.sparkContext
        self.settings, self.target, self.report = settings, target, report
        self.keep_invalid = keep_invalid

    def run(self, sources: Sequence[str], refused: Callable[[InputError], None]) -> Report:
        for folder in filter(None, (self.target, self.report)):
            if self._system(folder).exists(self._path(folder)):
                raise OutputError(folder, "is there already", "remove it, or name another")
        found = self._read(files.inputs([addresses for s in sources if (addresses := self._addresses(s, refused))]))
        read = found.filter(_is_article).map(lambda item: (item[1].id, item[1]))
        partitions = max(read.getNumPartitions(), _TASKS_A_CORE * self.context.defaultParallelism)
        articles = read.leftOuterJoin(_copies(read), partitions).values()
        outcomes = articles.mapPartitions(partial(_process, self.settings)).persist(self._disk())
        done, quads, unmet, faulty, faulty_quads = outcomes.map(_counts).fold((0,) * 5, _added)
        if not done:
            raise NoArticleError(self.target, "not written, as no source gave an article", "see kg build --help")
        refusals = found.filter(lambda item: not _is_article(item)).map(lambda item: _line(item[1]))
        refusals = refusals.union(outcomes.flatMap(_refusals))
        if self.report:
            self._write(refusals, self.report, ".jsonl")
        first = tuple(outcomes.flatMap(lambda outcome: outcome[1]).take(100)) if unmet else ()
        keep = self.keep_invalid
        if not keep:
            done, quads = done - faulty, quads - faulty_quads
        if done:
            kept = outcomes.filter(lambda outcome: outcome[0] and (keep or not outcome[1]))
            self._write(
                kept.map(lambda outcome: outcome[0].removesuffix("\n")), self.target, format_of(self.target).suffix
            )
        left_out = 0 if keep else faulty
        return Report(done, quads, first, unmet, left_out, written=done > 0, refused=refusals.count())

    # --- Files

    def _path(self, address: str) -> Any:
        return self.context._jvm.org.apache.hadoop.fs.Path(address)  # noqa: SLF001  # the only way to Hadoop's files

    def _system(self, address: str) -> Any:
        return self._path(address).getFileSystem(self.context._jsc.hadoopConfiguration())  # noqa: SLF001

    def _addresses(self, source: str, refused: Callable[[InputError], None]) -> list[str]:
        """The files of records behind a source, sorted."""
        system, found = self._system(source), []
        for status in system.globStatus(self._path(source)) or ():
            inside = system.listFiles(status.getPath(), True)
            while inside.hasNext():
                found.append(inside.next().getPath().toString())
        known = sorted(a for a in found if files.is_records(a))
        if not known:
            kinds = ", ".join(files.KINDS)
            refused(UnreadableError(source, "no file of records there", f"known: {kinds}, each also with .gz"))
        return known

    def _names(self, address: str) -> set[str]:
        """What Spark calls a file: with or without its spaces and the like as an address writes them."""
        return {_plain(address), _plain(self._path(address).toUri().toString())}

    def _write(self, lines: Any, folder: str, suffix: str) -> None:
        codec = "org.apache.hadoop.io.compress.GzipCodec" if suffix.endswith(".gz") else None
        lines.saveAsTextFile(folder, codec)
        system = self._system(folder)
        for status in system.globStatus(self._path(f"{folder}/part-*")):
            part = status.getPath()
            system.rename(part, self._path(f"{folder}/{part.getName().removesuffix('.gz')}{suffix}"))

    def _disk(self) -> Any:
        from pyspark import StorageLevel  # noqa: PLC0415  # an extra

        return StorageLevel.DISK_ONLY

    # --- Records

    def _read(self, inputs: list[Input]) -> Any:
        """The articles and refusals of all files, by position, each article with an identifier of its own."""
        known = self.context.broadcast(inputs)
        numbers = {name: number for number, input_ in enumerate(inputs) for name in self._names(input_.address)}
        readers = {".jsonl": self._lines, ".parquet": self._table, ".warc": self._archive}
        parts = []
        for suffix, reader in readers.items():
            addresses = [input_.address for input_ in inputs if input_.suffix == suffix]
            if addresses:
                parts.append(reader(addresses, numbers, known))
        found = self.context.union(parts) if parts else self.context.emptyRDD()
        found = found.persist(self._disk())
        positions = found.filter(_is_article).map(lambda item: (item[1].id, [item[0]]))
        taken = positions.reduceByKey(lambda a, b: a + b).filter(lambda item: len(item[1]) > 1).collectAsMap()
        decided = self.context.broadcast(files.names(taken, inputs))
        return found.map(lambda item: files.renamed(item, decided.value)) if taken else found

    def _lines(self, addresses: list[str], numbers: dict[str, int], known: Any) -> Any:
        """Lines of JSON, numbered within their files, which may be split between tasks."""
        text = self.session.read.option("lineSep", "\n").text(addresses)
        rows = text.selectExpr(
            "CAST(value AS BINARY) AS line", "_metadata.file_path AS file", "_metadata.file_block_start AS block"
        )
        blocks = rows.groupBy("file", "block").count().collect()
        before: dict[tuple[str, int], int] = {}
        sums: dict[str, int] = defaultdict(int)
        for row in sorted(blocks, key=lambda row: (row["file"], row["block"])):
            before[row["file"], row["block"]] = sums[row["file"]]
            sums[row["file"]] += row["count"]
        return rows.rdd.mapPartitions(lambda part: files.lines(_numbered(part, before, numbers), known.value))

    def _table(self, addresses: list[str], numbers: dict[str, int], known: Any) -> Any:
        frame = self.session.read.parquet(*addresses)
        columns = [name for name in parquet.COLUMNS if name in frame.columns]
        if "text" not in columns:
            problem = "there is no column 'text'"
            raise UnreadableError(addresses[0], problem, f"known columns: {', '.join(parquet.COLUMNS)}")
        dated = [f"CAST({name} AS STRING) AS {name}" if name == "date" else name for name in columns]
        rows = frame.selectExpr(*dated, "_metadata.file_path AS file", "_metadata.row_index AS row")
        return rows.rdd.mapPartitions(
            lambda part: files.table(
                ((numbers[_plain(r["file"])], r["row"] + 1, {name: r[name] for name in columns}) for r in part),
                known.value,
            )
        )

    def _archive(self, addresses: list[str], numbers: dict[str, int], known: Any) -> Any:
        whole = self.context.binaryFiles(",".join(addresses), len(addresses))
        return whole.mapPartitions(
            lambda part: files.archive(((numbers[_plain(address)], content) for address, content in part), known.value)
        )


def _numbered(
    rows: Iterable[Any], before: dict[tuple[str, int], int], numbers: dict[str, int]
) -> Iterator[tuple[int, int, bytes]]:
    seen: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        place = row["file"], row["block"]
        seen[place] += 1
        yield numbers[_plain(row["file"])], before[place] + seen[place], bytes(row["line"] or b"")


def _plain(address: str) -> str:
    """An address as Hadoop writes it; Spark writes ``file:///`` for its ``file:/``."""
    return address.replace(":///", ":/", 1)


def _is_article(found: Found) -> bool:
    return not isinstance(found[1], InputError)


def _copies(read: Any) -> Any:
    """The identifier of each near duplicate, and that of the earliest article that it shares a band with."""
    signed = read.flatMap(_bands)
    earliest = signed.reduceByKey(min)
    pairs = signed.join(earliest).values().flatMap(duplicates_of)
    return pairs.reduceByKey(min).map(lambda pair: (pair[0][1], pair[1][1]))


def _bands(item: tuple[str, Article]) -> Iterator[tuple[int, tuple[Rank, bytes]]]:
    signature = duplicates.signature(item[1])
    return ((band, (duplicates.rank(item[1]), signature)) for band in duplicates.bands(signature))


def duplicates_of(pair: Any) -> Iterator[tuple[Rank, Rank]]:
    """The article and the earliest of its band, if they are near duplicates and not the same."""
    article, earliest = pair
    return iter(()) if article[0] == earliest[0] else duplicates.originals([earliest, article])


@cache
def _processor(settings: Settings) -> ShardProcessor:
    return ShardProcessor(settings, format_of("graph.nq"))


def _process(
    settings: Settings, articles: Iterable[tuple[Article, str | None]]
) -> Iterator[tuple[str, list[str], str]]:
    """N-Quads, faults and refusal of each article."""
    linked = (duplicates.copy_of(article, original or "") for article, original in articles)
    for shard in workers.shards(linked, SHARD):
        for outcome in _processor(settings)(shard):
            body = outcome.part.body.decode() if outcome.part else ""
            faults = [_line(NotConformingError(outcome.article.id, fault)) for fault in outcome.faults]
            yield body, faults, _line(outcome.error) if outcome.error else ""


def _counts(outcome: tuple[str, list[str], str]) -> tuple[int, ...]:
    """Graphs, quads, faults; and graphs and quads that have faults."""
    body, faults, _ = outcome
    graph, quads, faulty = int(bool(body)), body.count("\n"), int(bool(faults))
    return graph, quads, len(faults), graph * faulty, quads * faulty


def _added(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _refusals(outcome: tuple[str, list[str], str]) -> list[str]:
    return [*outcome[1], outcome[2]] if outcome[2] else outcome[1]


def _line(error: KgError) -> str:
    return json.dumps(error.record(), ensure_ascii=False)
