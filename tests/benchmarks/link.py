"""How linking to UCDP GED grows with the rows: time and memory for n and for 2n, each in a process of its own.

    python tests/benchmarks/link.py [--rows 300000] [--check]

The rows are made up: shelling on random days and at random places, one in a thousand of them such that an article tells
of it. Prints seconds of processor time, peak memory and both ratios; with --check it fails where 2n rows take more than
2.5 times as long as n, or a tenth more memory.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

FIRST = date(1989, 1, 1)
DAYS = 36 * 365


def told_days(count: int = 200) -> list[str]:
    """The days of which the articles tell, the same each time."""
    draw = random.Random(count)
    return sorted((FIRST + timedelta(days=day)).isoformat() for day in draw.sample(range(DAYS), count))


def write_rows(path: Path, count: int) -> None:
    """A file of `count` rows in the layout of UCDP GED, the same for the same count."""
    from tables_link import GED, ged_row  # noqa: PLC0415

    draw, told = random.Random(count), told_days()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, GED)
        writer.writeheader()
        for number in range(count):
            day = FIRST + timedelta(days=draw.randrange(DAYS))
            spot = {"latitude": round(draw.uniform(-30, 60), 4), "longitude": round(draw.uniform(-90, 150), 4)}
            dead = draw.randrange(1, 60)
            if number % 1000 == 0 and number // 1000 < len(told):
                writer.writerow(ged_row(number + 1, told[number // 1000], best=dead))
            else:
                writer.writerow(ged_row(number + 1, day.isoformat(), best=dead, **spot))


def write_articles(path: Path) -> None:
    """Articles of Armenia shelling Ganja, each on another day."""
    from fixtures_link import Writer, graph  # noqa: PLC0415

    graph(path, *(Writer(day, day).event(agent="Armenia", where="Ganja", day=day) for day in told_days()))


def measure(graph: Path, rows: Path) -> None:
    """Link, and print the seconds of processor time and the peak memory (MiB) of this process as JSON."""
    from kg import link  # noqa: PLC0415

    link.link_file(graph, graph.with_suffix(".warm.nq"), {})
    start = time.process_time()
    linked = link.link_file(graph, graph.with_suffix(".out.nq"), {link.Dataset.UCDP: [rows]})
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "links": linked.counts["ucdp"]}))


def main() -> None:
    """Compare n rows with 2n."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--measure", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(*options.measure)
        return
    found = []
    with tempfile.TemporaryDirectory() as place:
        graph = Path(place) / "graph.nq"
        write_articles(graph)
        for count in (options.rows, 2 * options.rows):
            rows = Path(place) / f"{count}.csv"
            write_rows(rows, count)
            command = [sys.executable, __file__, "--measure", str(graph), str(rows)]
            told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            rows.unlink()
            found.append(told)
            seconds, peak, links = (told[name] for name in ("seconds", "peak", "links"))
            speed = round(count / seconds)
            print(f"{count:9,} rows: {seconds:5.1f} s, {speed:7,} a second, peak {peak:5.1f} MiB, {links} links")
    seconds, memory = (found[1][name] / found[0][name] for name in ("seconds", "peak"))
    print(f"twice the rows: {seconds:.2f} times the time, {memory:.2f} times the memory")
    if options.check and (seconds > 2.5 or memory > 1.1):
        sys.exit("not linear in time, or not bounded in memory")


if __name__ == "__main__":
    main()
