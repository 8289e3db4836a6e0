"""How builds scale: each figure beside a baseline of the same run.

    python tests/benchmarks/scale.py CORPUS [NAME...] [--full]

CORPUS is a folder of articles, which are repeated under new identifiers where more are needed. NAME is one of

    build    the whole build (extraction, validation, N-Quads) against the bare spaCy pipeline, on one core
    turtle   writing Turtle against rdflib
    workers  one process against two
    growth   n articles against 2n
    memory   peak memory for n articles against that for 4n
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from itertools import count, cycle
from pathlib import Path
from time import process_time, time

import rdflib
import spacy

from kg import articles, nlp, pipeline, rdf
from kg.rdf.convert import to_graph
from kg.rdf.vocabulary import DEFAULT_BASE

ROOT = Path(__file__).resolve().parents[2]
RUN = "from kg.cli import main; main()"
TELL = {"turtle": "triples", "memory": "articles", "growth": "articles", "workers": "articles", "build": "articles"}
SMALL = {"build": 24, "turtle": 100_000, "workers": 64, "growth": 48, "memory": 250}
TURN = 8
"""Shards of articles that the bare pipeline and the build read in turn."""
FULL = {"build": 837, "turtle": 1_000_000, "workers": 837, "growth": 2000, "memory": 2000}


def load(corpus, number, path, *, words=None, of=None):
    """`number` articles of a corpus as JSON Lines, each under an identifier of its own, maybe only their beginning.

    They are the first `of` ones of the corpus, or all, in turn.
    """
    texts = [article.text for article in articles.read([corpus], print)][:of]
    with path.open("w", encoding="utf-8") as file:
        for i, text in zip(range(number), cycle(texts), strict=False):
            print(json.dumps({"id": f"a{i}", "text": " ".join(text.split(" ")[:words])}), file=file)
    return path


def run(*arguments):
    """The command in a process of its own: seconds on the clock, seconds of processors, peak memory in MiB."""
    begin = time()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", RUN, *map(str, arguments)]
    process = os.posix_spawn(sys.executable, command, environment)
    _, status, usage = os.wait4(process, 0)
    if status:
        sys.exit(f"{' '.join(command[3:])}: exit code {os.waitstatus_to_exitcode(status)}")
    return time() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def build(corpus, number, folder):
    """Words a second of processor time, the models loaded before.

    Both read a part of the articles in turn, so that what the machine does meanwhile slows both alike.
    """
    read = list(articles.read([load(corpus, number, folder / "news.jsonl")], print))
    words = sum(len(article.text.split()) for article in read)
    bare = spacy.load(nlp.DEFAULT_MODEL)
    processor = pipeline.ShardProcessor(pipeline.Settings(), rdf.format_of("graph.nq"))
    checked, faults = [], pipeline.faults

    def timed(quads):
        begin = process_time()
        found = faults(quads)
        checked.append(process_time() - begin)
        return found

    pipeline.faults = timed
    processor(read[:1])
    checked.clear()
    alone = whole = 0.0
    with (
        (folder / "graph.nq").open("wb") as file,
        pipeline.Journal(folder / "graph.nq", "", resume=False) as journal,
    ):
        begin = process_time()
        for _ in journal.take(read):
            pass
        journal.link_duplicates()
        shards = list(pipeline.parallel.shards(journal.missing(), pipeline.SHARD))
        whole += process_time() - begin
        for part in (shards[i : i + TURN] for i in range(0, len(shards), TURN)):
            begin = process_time()
            for _ in bare.pipe(article.text for shard in part for article in shard):
                pass
            alone += process_time() - begin
            begin = process_time()
            for shard in part:
                made = processor(shard)
                journal.add((pipeline.digest(o.article), o.article.id, o.part, o.faults) for o in made)
            whole += process_time() - begin
        begin = process_time()
        file.writelines(processor.layout.whole(journal.bodies(faulty=True)))
        whole += process_time() - begin
    yield "bare pipeline, words a second", round(words / alone)
    yield "whole build, words a second", round(words / whole)
    yield "ratio", f"{alone / whole:.2f}"
    yield "share of validation", f"{sum(checked) / whole:.2f}"


def turtle(corpus, number, folder):
    """Seconds to write a graph that is in memory."""
    processor = pipeline.ShardProcessor(pipeline.Settings(), rdf.format_of("graph.nt"))
    some = list(articles.read([corpus], print))[:12]
    lines = [
        line
        for outcome in processor(some)
        for line in [*outcome.part.body.decode().splitlines(), *(f"{row[1]} ." for row in outcome.part.shared)]
    ]
    again = re.compile(f"<{re.escape(DEFAULT_BASE)}article/")
    copies = (again.sub(f"<{DEFAULT_BASE}article/{i}-", line) for i in count() for line in lines)
    source = folder / "graph.nt"
    with source.open("w", encoding="utf-8") as file:
        for _, line in zip(range(number), copies, strict=False):
            print(line, file=file)
    quads = list(rdf.read(source))
    graph = to_graph(quads)
    ours, theirs = [], []
    for _ in range(3 if number < 500_000 else 1):
        ours.append(_seconds(lambda: rdf.write(quads, folder / "graph.ttl")))
        theirs.append(_seconds(lambda: graph.serialize(folder / "rdflib.ttl", format="turtle")))
    counts = {
        "rdflib": len(rdflib.Graph().parse(folder / "graph.ttl")),
        "oxigraph": len(set(rdf.read(folder / "graph.ttl"))),
    }
    if found := _rapper(folder / "graph.ttl"):
        counts["raptor"] = found
    yield "triples", len(set(quads))
    yield "triples that each reads back", " ".join(f"{name} {value}" for name, value in counts.items())
    yield "rdflib, seconds", f"{min(theirs):.2f}"
    yield "kg, seconds", f"{min(ours):.2f}"
    yield "ratio", f"{min(theirs) / min(ours):.1f}"


def _seconds(task):
    begin = process_time()
    task()
    return process_time() - begin


def _rapper(path):
    """How many triples Raptor counts, where it is installed."""
    import shutil  # noqa: PLC0415
    import subprocess  # noqa: PLC0415

    if not shutil.which("rapper"):
        return None
    result = subprocess.run(["rapper", "-c", "-i", "turtle", path], capture_output=True, text=True, check=True)
    return int(re.search(r"returned (\d+) triples", result.stderr)[1])


def workers(corpus, number, folder):
    """Seconds on the clock, starts included."""
    source = load(corpus, number, folder / "news.jsonl")
    one, _, _ = run("build", source, "-o", folder / "one.nq", "-j", 1)
    two, _, _ = run("build", source, "-o", folder / "two.nq", "-j", 2)
    yield "one process, seconds", f"{one:.1f}"
    yield "two processes, seconds", f"{two:.1f}"
    yield "ratio", f"{one / two:.2f}"
    yield "the same bytes", (folder / "one.nq").read_bytes() == (folder / "two.nq").read_bytes()


def growth(corpus, number, folder):
    """Seconds of processor time of two processes, starts included.

    The 2n articles are the n ones twice, so that both are alike.
    """
    seconds = []
    for times in (1, 2):
        source = load(corpus, times * number, folder / f"news{times}.jsonl", of=number)
        seconds.append(run("build", source, "-o", folder / f"{times}.nq", "-j", 2)[1])
        yield f"{times * number} articles, seconds", f"{seconds[-1]:.1f}"
    yield "ratio", f"{seconds[1] / seconds[0]:.2f}"


def memory(corpus, number, folder):
    """Peak memory of the process; articles are cut to 60 words, which changes the time and not how memory grows."""
    peaks = []
    for times in (1, 4):
        source = load(corpus, times * number, folder / f"news{times}.jsonl", words=60)
        peaks.append(run("build", source, "-o", folder / f"{times}.ttl")[2])
        yield f"{times * number} articles, MiB", round(peaks[-1])
    yield "ratio", f"{peaks[1] / peaks[0]:.2f}"


BENCHMARKS = {"build": build, "turtle": turtle, "workers": workers, "growth": growth, "memory": memory}


def main():
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all unless given: {', '.join(BENCHMARKS)}")
    parser.add_argument("--full", action="store_true", help="the sizes that the README's figures are of")
    parser.add_argument("-n", type=int, help="this many articles or triples")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHMARKS)}")
    for name in arguments.names or BENCHMARKS:
        number = arguments.n or (FULL if arguments.full else SMALL)[name]
        print(f"{name}: {number} {TELL[name]}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            for what, figure in BENCHMARKS[name](arguments.corpus, number, Path(folder)):
                print(f"  {what:32} {figure}", flush=True)


if __name__ == "__main__":
    main()
