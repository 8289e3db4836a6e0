"""A process that answers queries over a store, one at a time: ended from outside, it takes its query with it.

It reads a question (its length in four bytes, then JSON) from standard input and writes an answer (HTTP status in
two bytes, length in four, then the body) to standard output, until standard input ends.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
from typing import IO, TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

from kg import query
from kg.errors import GraphError
from kg.rdf.vocabulary import OWL, PREFIXES, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable

QUESTION: Final = struct.Struct(">I")
ANSWER: Final = struct.Struct(">HI")
_OK, _BAD, _TOO_LARGE = 200, 400, 413
_PREFIXES: Final = PREFIXES | {"rdfs": RDFS.iri, "owl": OWL.iri}


class _TooLargeError(Exception):
    """The result is larger than it may be."""


class _Sink:
    """Bytes, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self._left = limit

    def write(self, part: bytes) -> int:
        self._left -= len(part)
        if self._left < 0:
            raise _TooLargeError
        self.parts.append(part)
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""


def answer(store: Store, folder: str, question: dict[str, Any]) -> tuple[int, bytes]:
    """The HTTP status and body for a question to a store, and to the tables in its folder.

    A question has ``text``, ``type``, ``limit``, ``default`` and ``named`` graphs. The type is a media type, or
    ``rows/json`` and ``rows/csv`` for what ``kg query`` prints.
    """
    text, kind, limit = question["text"], question["type"], question["limit"]
    sink = _Sink(limit)
    try:
        if kind.startswith("rows/"):
            rows = query.from_tables(folder, text) or query.ask(store, text)
            sink.write(rows.to(kind.removeprefix("rows/")).encode())
        else:
            _serialized(store, question, sink)
    except _TooLargeError:
        return _TOO_LARGE, f"the result is larger than {limit:,} bytes; ask for less, as with LIMIT".encode()
    except GraphError as error:
        return _BAD, str(error).encode()
    except SyntaxError as error:
        return _BAD, f"the query is not SPARQL: {error.msg}".encode()
    except (ValueError, OSError, OverflowError) as error:
        return _BAD, f"the query failed: {error}".encode()
    return _OK, b"".join(sink.parts)


def _serialized(store: Store, question: dict[str, Any], sink: Any) -> None:
    text, kind = question["text"], question["type"]
    query.refuse_service(text)
    chosen = question["default"] is not None or question["named"] is not None
    found: Any = store.query(
        text,
        prefixes=_PREFIXES,
        use_default_graph_as_union=not chosen and "FROM" not in query.words(text),
        default_graph=_nodes(question["default"]) if chosen else None,
        named_graphs=_nodes(question["named"]) if chosen else None,
    )
    if isinstance(found, QueryTriples):
        found.serialize(sink, RdfFormat.from_media_type(kind))
    else:
        found.serialize(sink, QueryResultsFormat.from_media_type(kind))


def _nodes(iris: Iterable[str] | None) -> list[Any]:
    return [NamedNode(iri) for iri in iris or ()]


def work(folder: str, memory: int, questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until there are no more questions."""
    _limit(memory)
    store = Store.read_only(folder)
    answers.write(ANSWER.pack(_OK, 0))  # ready
    answers.flush()
    while head := questions.read(QUESTION.size):
        status, body = answer(store, folder, json.loads(questions.read(*QUESTION.unpack(head))))
        answers.write(ANSWER.pack(status, len(body)) + body)
        answers.flush()


def _limit(memory: int) -> None:
    """Let the system refuse more memory than that."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the endpoint ends its workers itself
    work(sys.argv[1], int(sys.argv[2]), sys.stdin.buffer, sys.stdout.buffer)
