"""Graph files and stores, read back."""

from __future__ import annotations

import gzip
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from pyoxigraph import Literal, Quad, Store, parse

from kg.errors import GraphError, StoreError
from kg.rdf.formats import Format, format_of
from kg.rdf.literals import offset
from kg.rdf.vocabulary import NIF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OFFSETS: Final = frozenset((NIF["beginIndex"], NIF["endIndex"]))


def read(path: str | Path) -> Iterator[Quad]:
    """The quads of a graph file, or of an embedded store's folder, as they come.

    Raises:
        FormatError: the suffix is unknown.
        GraphError: the file is missing, cannot be read, or is broken; with the line where one is known.
        StoreError: the folder is no store, or is in use.
    """
    place = Path(path)
    if place.is_dir():
        yield from stored(open_folder(place))
        return
    with opened(place) as (file, form):
        yield from cast("Iterator[Quad]", parse(file, format=form.rdf))


def open_store(path: str | Path) -> Store:
    """A graph file in memory, or an embedded store's folder, read-only, to be queried.

    A file's default graph is the union of its named graphs, each triple once. A folder keeps its named graphs only:
    query it with the union of graphs as default graph, where triples of shared actors count once for each article.

    Raises:
        FormatError, GraphError, StoreError: as :func:`read`.
    """
    if Path(path).is_dir():
        return open_folder(path)
    store = Store()
    with opened(Path(path)) as (file, form):
        store.bulk_load(file, form.rdf)
    return _united(store)


def in_memory(quads: Iterable[Quad]) -> Store:
    """Quads as a store in memory; its default graph is the union of all graphs."""
    store = Store()
    store.bulk_extend(quads)
    return _united(store)


def _united(store: Store) -> Store:
    """The union of all graphs in the default graph too, each triple once, without carrying them through Python."""
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], Format]]:
    """A graph file, decompressed, and its format; what goes wrong in reading it is told as the package's errors."""
    form = format_of(path)
    try:
        with path.open("rb") as raw:
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if form.compressed else raw, form
    except SyntaxError as error:
        raise _broken(path, error) from error
    except FileNotFoundError as error:
        raise GraphError(str(path), "there is no such file", "build it first: kg build SOURCE... -o GRAPH") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise GraphError(str(path), "is no whole gzip file", "write or fetch it again") from error
    except OSError as error:
        raise GraphError(str(path), f"cannot be read ({error.strerror or error})", "check its permissions") from error


def open_folder(path: str | Path) -> Store:
    """An embedded store's folder, read-only.

    Raises:
        StoreError: the folder is no store, or is in use.
    """
    if not is_store(path):
        raise StoreError(
            str(path), "is a folder, but no store", "name a graph file, or make a store: kg load GRAPH --to"
        )
    try:
        return Store.read_only(str(path))
    except (OSError, RuntimeError) as error:  # the latter is what a damaged store gives
        raise StoreError(
            str(path), f"cannot be opened as a store ({error})", "load it anew: kg load GRAPH --to"
        ) from error


def is_store(path: str | Path) -> bool:
    """Whether a path is the folder of an embedded store."""
    return (Path(path) / "CURRENT").is_file()


def stored(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Quads out of a store, with the offsets' datatype, which Oxigraph widens to xsd:integer, as it was."""
    for quad in quads:
        value: Any = quad.object
        if quad.predicate in _OFFSETS and isinstance(value, Literal):
            yield Quad(quad.subject, quad.predicate, offset(int(value.value)), quad.graph_name)
        else:
            yield quad


def _broken(path: Path, error: SyntaxError) -> GraphError:
    """What a parser's complaint is to the user."""
    line = f"line {error.lineno}: " if error.lineno else ""
    text = str(error.msg)
    problem = text.partition(": ")[2] if line and text.startswith("Parser error at") else text
    return GraphError(str(path), f"{line}{problem}", "repair the file or build it again")
