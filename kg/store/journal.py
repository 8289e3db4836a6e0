"""What a load has done so far, in a file that outlives a crash: the next load of the same goes on from there."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from contextlib import closing
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.store.segments import Segment

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS load (source TEXT);
CREATE TABLE IF NOT EXISTS segment (number INTEGER PRIMARY KEY, graph TEXT, quads INTEGER);
CREATE INDEX IF NOT EXISTS segment_graph ON segment (graph);
"""


class Journal:
    """The segments of `source` that `target` has, beside the source while the load lasts.

    A journal of another version of the source is begun anew. Where the folder cannot be written to, the journal is
    temporary, and a load that is broken off begins anew as well.
    """

    def __init__(self, source: Path, target: str) -> None:
        digest = hashlib.sha256(target.encode()).hexdigest()[:12]
        self._path: Path | None = source.absolute().parent / f".{source.name}.{digest}.load"
        try:
            self._database = self._opened(str(self._path), _version(source))
        except sqlite3.DatabaseError:
            self._path = None
            self._folder = tempfile.TemporaryDirectory(prefix="kg-load-")
            self._database = self._opened(f"{self._folder.name}/journal", _version(source))
        self.done: int = self._one("SELECT COALESCE(MAX(number) + 1, 0) FROM segment")
        """How many segments are in the target."""

    @staticmethod
    def _opened(path: str, version: str) -> sqlite3.Connection:
        database = sqlite3.connect(path)
        database.executescript(_TABLES)
        known = database.execute("SELECT source FROM load").fetchone()
        if known != (version,):
            database.execute("DELETE FROM segment")
            database.execute("DELETE FROM load")
            database.execute("INSERT INTO load VALUES (?)", (version,))
            database.commit()
        return database

    def add(self, batch: Iterable[Segment]) -> None:
        """Note that the target has these segments, the next ones of the source."""
        rows = [(self.done + i, segment.graph, segment.count) for i, segment in enumerate(batch)]
        with self._database:
            self._database.executemany("INSERT INTO segment VALUES (?, ?, ?)", rows)
        self.done += len(rows)

    def __contains__(self, graph: str) -> bool:
        return bool(self._one("SELECT EXISTS (SELECT 1 FROM segment WHERE graph = ?)", graph))

    def __len__(self) -> int:
        return self._one("SELECT COUNT(DISTINCT graph) FROM segment")

    def counts(self) -> Iterator[tuple[str, int, bool]]:
        """Each graph, its number of quads, and whether that is exact: in several segments some may stand twice."""
        found = self._database.execute("SELECT graph, MAX(quads), COUNT(*) = 1 FROM segment GROUP BY graph")
        return ((graph, number, bool(exact)) for graph, number, exact in found)

    def _one(self, query: str, *values: str) -> int:
        with closing(self._database.execute(query, values)) as cursor:
            return int(cursor.fetchone()[0])

    def close(self, *, finished: bool) -> None:
        """Close it; what is finished needs no journal any more."""
        self._database.close()
        if self._path is None:
            self._folder.cleanup()
        elif finished:
            self._path.unlink(missing_ok=True)


def _version(source: Path) -> str:
    """What changes when the source does."""
    files = sorted(source.glob("*.sst")) if source.is_dir() else [source]
    return "\n".join(f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files if file.exists())
