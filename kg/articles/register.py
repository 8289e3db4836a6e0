"""Which names were taken, and by whom: kept on disk where they are many, so that memory stays small."""

from __future__ import annotations

import sqlite3


class Register:
    """A name goes to who claims it first."""

    def __init__(self) -> None:
        # An empty name makes a private database that spills into a temporary file.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("CREATE TABLE claim (name TEXT PRIMARY KEY, owner TEXT) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def owner(self, name: str) -> str | None:
        """Who claimed a name, if anybody did."""
        row = self._db.execute("SELECT owner FROM claim WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def claim(self, name: str, owner: str) -> str | None:
        """Take a name; where somebody else has it, this is who."""
        taken = self._db.execute("INSERT OR IGNORE INTO claim VALUES (?, ?)", (name, owner)).rowcount == 0
        return self.owner(name) if taken else None

    def close(self) -> None:
        """Forget all names."""
        self._db.close()
