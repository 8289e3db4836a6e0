"""The rows that users would get: articles built into a graph, and the graph asked the named queries."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from kg import pipeline, query
from kg.errors import InputError, NotConformingError
from kg.rdf import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.scoreboard.scoring import Row


def rows(sources: Sequence[Path], queries: Iterable[str]) -> dict[str, dict[str, list[Row]]]:
    """For each named query its rows by document, in the query's order; a document without rows has an empty list.

    Raises:
        InputError: a source cannot be read.
        NotConformingError: the graph hurts its shapes, so that no user would get it.
    """

    def refuse(error: InputError) -> None:
        raise error

    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph.nq"
        report = pipeline.build_file(sources, graph, pipeline.Settings(), refused=refuse)
        if report.unmet:
            raise NotConformingError("", report.faults[0], f"{len(report.faults)} in all")
        store = open_store(graph)
    found: dict[str, dict[str, list[Row]]] = {}
    for name in queries:
        found[name] = defaultdict(list)
        for row in query.rows(store, name):
            found[name][row["document"]].append(row)
    return found
