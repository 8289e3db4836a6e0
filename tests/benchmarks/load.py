"""Loading into an embedded store against ``oxigraph load``: python tests/benchmarks/load.py GRAPH [--articles 2000].

Repeats GRAPH's articles under new ids, loads them with both in turn, without tables, and prints the seconds and peak
memory of each and the ratio of their quads a second.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from copies import repeated

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
KG = (sys.executable, "-c", "from kg.cli import main; main()", "load")


def timed(command):
    """The seconds that a command takes, those of its processors, and its peak memory in bytes."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def main():
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-load-") as name:
        folder = Path(name)
        quads = repeated(given.graph, folder / "graph.nq", given.articles)
        print(f"{given.articles:,} articles, {quads:,} quads")
        runs = {"oxigraph load": [], "kg load": []}
        for turn in range(given.rounds):
            ox, ours = folder / f"oxigraph-{turn}", folder / f"kg-{turn}"
            runs["oxigraph load"].append(timed([OXIGRAPH, "load", "-l", ox, "-f", folder / "graph.nq"]))
            runs["kg load"].append(timed([*KG, folder / "graph.nq", "--to", ours, "--no-tables"]))
        for what, times in runs.items():
            seconds, processor, memory = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"{what:13}  {seconds:6.1f} s, {processor:6.1f} s of processor, {memory / 1e6:5.0f} MB")
        for what, column in (("seconds", 0), ("seconds of processor", 1)):
            ratios = [a[column] / b[column] for a, b in zip(*runs.values(), strict=True)]
            print(f"kg load / oxigraph load, by {what}: {statistics.median(ratios):.2f} of its speed")


if __name__ == "__main__":
    main()
