"""The tables of the named queries, worked out once when a store is loaded, and kept in its folder.

A SQLite file, one table for each query, so that other programs can read it too. A table holds for the query's very
text and for the store as it was: after anybody else has opened the store to write, queries are answered from it anew.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILE: Final = "kg-tables.db"
_ABOUT: Final = "CREATE TABLE kept (name TEXT, sparql TEXT UNIQUE, store TEXT)"


class Table(NamedTuple):
    """What a named query gives."""

    name: str
    sparql: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]


def keep(folder: str | Path, tables: Iterable[Table]) -> None:
    """Keep tables beside an embedded store that nobody has open to write; they take the place of the ones before.

    Raises:
        StoreError: they cannot be written.
    """
    state = _state(Path(folder))
    made = Path(folder) / f"{_FILE}.part"
    try:
        made.unlink(missing_ok=True)
        with closing(sqlite3.connect(made)) as database, database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute(_ABOUT)
            for table in tables:
                columns = ", ".join(f'"{column}" TEXT' for column in table.columns)
                database.execute(f'CREATE TABLE "{table.name}" ({columns})')
                places = ", ".join("?" * len(table.columns))
                database.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', table.rows)  # noqa: S608 - ours
                database.execute("INSERT INTO kept VALUES (?, ?, ?)", (table.name, table.sparql, state))
        made.replace(Path(folder) / _FILE)
    except (OSError, sqlite3.Error) as error:
        problem = f"the tables of the named queries cannot be kept ({error})"
        raise StoreError(str(folder), problem, "make room, or load with --no-tables") from error


def kept(folder: str | Path, sparql: str) -> Table | None:
    """The table of a query, in its order; None where there is none, or the store was written to since."""
    path = Path(folder) / _FILE
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            query = "SELECT name FROM kept WHERE sparql = ? AND store = ?"
            found = database.execute(query, (sparql, _state(Path(folder)))).fetchone()
            if found is None:
                return None
            rows = database.execute(f'SELECT * FROM "{found[0]}" ORDER BY rowid')  # noqa: S608 - a name of ours
            columns = tuple(column[0] for column in rows.description)
            return Table(found[0], sparql, columns, rows.fetchall())
    except (OSError, sqlite3.Error):  # a damaged file: the store can be asked
        return None


def _state(folder: Path) -> str:
    """What changes when a store is opened to write: RocksDB then begins a new manifest, and CURRENT names it."""
    current = (folder / "CURRENT").read_text("utf-8").strip()
    return f"{current} {(folder / current).stat().st_size}"
