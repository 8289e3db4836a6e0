"""What a build has done so far, on disk beside its output, so that it can go on after any interruption.

Two SQLite databases: the graphs that are finished, each under the digest of the article that it was made from,
committed and synced as they come; and the articles of this run. Neither is held in memory. A graph is found again by
what went into it, so a build that is resumed, and one of articles of which few have changed, are the same thing.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing
from datetime import date
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from kg import duplicates
from kg.errors import OutputError
from kg.model import Article, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.rdf import Part

_GRAPHS: Final = "graphs.db"
_ARTICLES: Final = "articles.db"
_FETCH: Final = 64
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS made_with (fingerprint TEXT);
CREATE TABLE IF NOT EXISTS graph (
  digest BLOB UNIQUE, place BLOB, body BLOB, shared BLOB, quads INTEGER, document TEXT, faults TEXT
);
CREATE TABLE run.article (
  number INTEGER PRIMARY KEY, id TEXT, day TEXT, digest BLOB, signature BLOB, record BLOB
);
CREATE INDEX run.by_rank ON article (id, day);
CREATE INDEX run.by_digest ON article (digest);
CREATE TABLE run.band (hash INTEGER, day TEXT, id TEXT);
CREATE TABLE run.shared (key BLOB PRIMARY KEY, triple TEXT) WITHOUT ROWID;
"""
_DONE: Final = "FROM run.article AS a JOIN graph AS g ON g.digest = a.digest"
_WHOLE: Final = "g.faults = '[]'"


class Totals(NamedTuple):
    """What a journal holds of this run's articles."""

    graphs: int
    quads: int
    whole: int
    """How many of the graphs are without fault."""
    whole_quads: int
    """How many quads those have."""
    faults: int


class Journal:
    """The journal of one output file; made fresh, or taken over where `fingerprint` is the one it was made with.

    Raises:
        OutputError: it cannot be written, or another build uses it.
    """

    def __init__(self, target: Path, fingerprint: str, *, resume: bool) -> None:
        self.folder = target.with_name(f"{target.name}.journal")
        try:
            self.folder.mkdir(exist_ok=True)
            self._db = self._open(fingerprint, resume=resume)
        except (OSError, sqlite3.Error) as error:
            used = "locked" in str(error)
            problem = "is in use by another build" if used else f"cannot be written ({error})"
            raise OutputError(
                str(self.folder), problem, "wait for it" if used else "remove it, or name another output"
            ) from error
        self.count = 0

    def _open(self, fingerprint: str, *, resume: bool) -> sqlite3.Connection:
        db = sqlite3.connect(self.folder / _GRAPHS, timeout=0, isolation_level=None)
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            db.execute("COMMIT")
            # Now that the lock is ours: what a run that broke off left of its articles is of no use.
            (self.folder / _ARTICLES).unlink(missing_ok=True)
            db.execute("ATTACH ? AS run", (str(self.folder / _ARTICLES),))
            db.execute("PRAGMA run.journal_mode = OFF")
            db.execute("PRAGMA run.synchronous = OFF")
            db.executescript(_TABLES)
            known = db.execute("SELECT fingerprint FROM made_with").fetchone()
            with _transaction(db):
                if not resume or known != (fingerprint,):
                    db.execute("DELETE FROM graph")
                db.execute("DELETE FROM made_with")
                db.execute("INSERT INTO made_with VALUES (?)", (fingerprint,))
        except BaseException:
            db.close()
            raise
        return db

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        (self.folder / _ARTICLES).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove it from the disk; it cannot be used any more."""
        self._db.close()
        for name in (_ARTICLES, _GRAPHS, f"{_GRAPHS}-wal", f"{_GRAPHS}-shm"):
            (self.folder / name).unlink(missing_ok=True)
        if not any(self.folder.iterdir()):
            self.folder.rmdir()

    # --- This run's articles

    def take(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Note the articles of this run, as they pass."""
        with _transaction(self._db):
            for article in articles:
                signed = duplicates.signature(article)
                day, id_ = duplicates.rank(article)
                row = (self.count, id_, day, digest(article), signed, _packed(_record(article)))
                self._db.execute("INSERT INTO run.article VALUES (?, ?, ?, ?, ?, ?)", row)
                bands = ((band, day, id_) for band in duplicates.bands(signed))
                self._db.executemany("INSERT INTO run.band VALUES (?, ?, ?)", bands)
                self.count += 1
                yield article

    def link_duplicates(self) -> None:
        """Let each near duplicate among the articles know the earliest that it shares a band with."""
        rows = self._db.execute("SELECT hash, day, id FROM run.band ORDER BY hash, day, id")
        with _transaction(self._db), closing(rows):
            for _, alike in groupby(rows, itemgetter(0)):
                ranks = [(day, id_) for _, day, id_ in alike]
                if len(ranks) > 1:
                    for copy, earliest in duplicates.originals((rank, self._signature(rank)) for rank in ranks):
                        self._link(copy, earliest)
        self._db.execute("DELETE FROM run.band")

    def _signature(self, rank: duplicates.Rank) -> bytes:
        query = "SELECT signature FROM run.article WHERE day = ? AND id = ?"
        return bytes(self._db.execute(query, rank).fetchone()[0])

    def _link(self, copy: duplicates.Rank, earliest: duplicates.Rank) -> None:
        query = "SELECT number, record FROM run.article WHERE day = ? AND id = ?"
        number, packed = self._db.execute(query, copy).fetchone()
        record = json.loads(zlib.decompress(packed))
        known = record["duplicate_of"]
        if known and tuple(known) <= earliest:
            return
        record["duplicate_of"] = earliest
        query = "UPDATE run.article SET digest = ?, record = ? WHERE number = ?"
        self._db.execute(query, (digest(_article(record)), _packed(record), number))

    def missing(self) -> Iterator[Article]:
        """The articles of this run that have no graph yet, in the order in which they were taken."""
        query = (
            "SELECT number, record FROM run.article AS a WHERE number > ? "
            "AND NOT EXISTS (SELECT 1 FROM graph AS g WHERE g.digest = a.digest) ORDER BY number LIMIT ?"
        )
        last = -1
        while rows := self._db.execute(query, (last, _FETCH)).fetchall():
            for last, packed in rows:  # noqa: B007  # used by the next query
                yield _article(json.loads(zlib.decompress(packed)))

    # --- Finished graphs

    def add(self, made: Iterable[tuple[bytes, str, Part, tuple[str, ...]]]) -> None:
        """Keep finished graphs for good: each with its article's digest and identifier, and what it lacks."""
        with _transaction(self._db):
            for key, document, part, faults in made:
                shared = _packed([(row[0].hex(), row[1]) for row in part.shared])
                row = (key, part.place, zlib.compress(part.body, 1), shared, part.quads, document, json.dumps(faults))
                self._db.execute("INSERT OR REPLACE INTO graph VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def totals(self) -> Totals:
        """How much is finished of this run's articles."""
        query = (
            f"SELECT count(*), coalesce(sum(g.quads), 0), coalesce(sum({_WHOLE}), 0), "
            f"coalesce(sum(g.quads * ({_WHOLE})), 0), coalesce(sum(json_array_length(g.faults)), 0) {_DONE}"
        )
        return Totals(*self._db.execute(query).fetchone())

    def faults(self) -> Iterator[tuple[str, str]]:
        """The identifier of each article at fault, and each thing its graph lacks."""
        query = f"SELECT g.document, g.faults {_DONE} WHERE NOT {_WHOLE} ORDER BY a.number"
        for document, faults in self._db.execute(query):
            yield from ((document, fault) for fault in json.loads(faults))

    def bodies(self, *, faulty: bool) -> Iterator[bytes]:
        """The bodies of the finished parts, also of the `faulty` ones if told, in the order of the file."""
        # Only places are sorted; bodies are fetched one by one.
        for (row,) in self._db.execute(f"SELECT g.rowid {_DONE} WHERE {_WHOLE} OR ? ORDER BY g.place", (faulty,)):
            (body,) = self._db.execute("SELECT body FROM graph WHERE rowid = ?", (row,)).fetchone()
            yield zlib.decompress(body)

    def shared(self, *, faulty: bool) -> Iterator[str]:
        """The triples that the same articles share, each once, in the order of the file."""
        with _transaction(self._db):
            for (packed,) in self._db.execute(f"SELECT g.shared {_DONE} WHERE {_WHOLE} OR ?", (faulty,)):
                rows = ((bytes.fromhex(key), triple) for key, triple in json.loads(zlib.decompress(packed)))
                self._db.executemany("INSERT OR IGNORE INTO run.shared VALUES (?, ?)", rows)
        for (triple,) in self._db.execute("SELECT triple FROM run.shared ORDER BY key"):
            yield triple

    def forget_others(self) -> None:
        """Drop the graphs of articles that are not of this run."""
        self._db.execute("DELETE FROM graph WHERE digest NOT IN (SELECT digest FROM run.article)")


def digest(article: Article) -> bytes:
    """32 bytes that tell an article from each other one; where it was read from does not count."""
    record = {**_record(article), "origin": ""}
    return sha256(json.dumps(record, sort_keys=True).encode()).digest()


def _record(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "text": article.text,
        "title": article.title,
        "date": article.date.isoformat() if article.date else "",
        "url": article.url,
        "publisher": article.publisher,
        "boilerplate": [(span.begin, span.end) for span in article.boilerplate],
        "duplicate_of": ("", article.duplicate_of) if article.duplicate_of else None,
        "origin": article.origin,
    }


def _article(record: dict[str, Any]) -> Article:
    return Article(
        id=record["id"],
        text=record["text"],
        title=record["title"],
        date=date.fromisoformat(record["date"]) if record["date"] else None,
        url=record["url"],
        publisher=record["publisher"],
        boilerplate=tuple(Span(begin, end) for begin, end in record["boilerplate"]),
        duplicate_of=record["duplicate_of"][1] if record["duplicate_of"] else "",
        origin=record["origin"],
    )


def _packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value).encode(), 1)


class _transaction:  # noqa: N801  # used as a function
    """All changes inside, or none of them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN")

    def __exit__(self, kind: object, *_: object) -> None:
        self._db.execute("ROLLBACK" if kind else "COMMIT")
