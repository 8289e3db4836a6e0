"""The named queries on a large embedded store: python tests/benchmarks/queries.py GRAPH [--articles 8000].

Repeats GRAPH's articles under new ids, loads them, and prints the seconds that each named query takes and its rows.
Exits with 1 where one takes more than --most seconds. STORE instead of GRAPH is asked as it is.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from copies import repeated

from kg import query, store


def main():
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--articles", type=int, default=8000)
    parser.add_argument("--most", type=float, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-queries-") as name:
        folder = given.graph
        if not folder.is_dir():
            folder = Path(name) / "store"
            quads = repeated(given.graph, Path(name) / "graph.nq", given.articles)
            store.load(Path(name) / "graph.nq", folder)
            print(f"{given.articles:,} articles, {quads:,} quads")
        slow = 0
        for query_name, _ in query.names():
            begun, used = time.monotonic(), time.process_time()
            rows = len(query.run(folder, query_name).rows)
            seconds = time.monotonic() - begun
            slow += seconds > given.most
            print(
                f"{query_name:13}  {seconds:7.2f} s, {time.process_time() - used:7.2f} s of processor, {rows:9,} rows"
            )
    print(f"{slow} of {len(query.names())} take more than {given.most:g} s")
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
