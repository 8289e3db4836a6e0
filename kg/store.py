"""Loading into triple stores: a named graph for each article, replaced as a whole; loading again changes nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import httpx
from pyoxigraph import NamedNode, Quad, Store

from kg.errors import StoreError
from kg.rdf import by_article, format_of, read, to_bytes
from kg.rdf.readers import is_store, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TIMEOUT: Final = httpx.Timeout(60, connect=10)
_EXAMPLE: Final = "http://127.0.0.1:7878/store?graph="


def load(graph: str | Path, to: str | Path, *, timeout: float | None = None) -> int:
    """Load a graph file into a store; returns the number of articles' graphs.

    Args:
        graph: a graph file, or an embedded store's folder.
        to: the address of a Graph Store (``http://127.0.0.1:7878/store?graph=``; SPARQL 1.1 Graph Store HTTP Protocol,
            one PUT for each article), or the folder of an embedded Oxigraph store, made where it is missing.
        timeout: seconds to wait for each answer; 60 unless told.

    Raises:
        FormatError, GraphError: the graph cannot be read.
        StoreError: the store does not answer, refuses, or is in use.
    """
    address = str(to)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", address)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        raise StoreError(
            address, f"cannot load to '{scheme[1]}://'", f"give an address such as {_EXAMPLE}, or a folder"
        )
    graphs = by_article(read(graph), str(graph))
    if scheme:
        _put(graphs, address, httpx.Timeout(timeout) if timeout else _TIMEOUT)
    else:
        _replace(graphs, Path(to))
    return len(graphs)


def _replace(graphs: Mapping[NamedNode, Iterable[Quad]], folder: Path) -> None:
    if folder.exists() and not is_store(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(str(folder), "is there already and no store", "name a new folder, or that of a store")
    if not folder.parent.is_dir():
        raise StoreError(str(folder), f"there is no folder '{folder.parent}'", "make it first, or name another")
    try:
        store = Store(str(folder))
        for name, quads in graphs.items():
            new, old = frozenset(quads), frozenset(stored(store.quads_for_pattern(None, None, None, name)))
            # Added in one transaction, and before the stale ones go: broken off here, loading again repairs it.
            store.extend(new - old)
            for quad in old - new:
                store.remove(quad)
        store.flush()
    except (OSError, RuntimeError) as error:  # the latter is what a damaged store gives
        raise _unopened(folder, error) from error


def _unopened(folder: Path, error: Exception) -> StoreError:
    text = str(error)
    if "lock" in text.lower():
        return StoreError(str(folder), "is in use by another process", "stop that one, or load to its address")
    if isinstance(error, PermissionError) or "permission denied" in text.lower():
        return StoreError(str(folder), "no permission to write there", "name a folder that you may write to")
    return StoreError(str(folder), f"cannot be opened as a store ({text})", "name a new folder, or that of a store")


def _put(graphs: Mapping[NamedNode, Iterable[Quad]], address: str, timeout: httpx.Timeout) -> None:
    shown = re.sub(r"//[^/@]*@", "//", address)
    form = format_of("graph.nt")
    try:
        with httpx.Client(timeout=timeout) as client:
            for name in sorted(graphs, key=str):
                body = to_bytes(graphs[name], form)
                answer = client.put(
                    graph_address(address, name), content=body, headers={"Content-Type": "application/n-triples"}
                )
                if not answer.is_success:
                    raise _refused(shown, answer)
    except httpx.TimeoutException as error:
        raise StoreError(shown, "no answer in time", "try again later, or load fewer articles at once") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise StoreError(shown, f"is no address ({error})", f"give one such as {_EXAMPLE}") from error
    except httpx.TransportError as error:
        raise StoreError(shown, f"does not answer ({error})", "start the store, or check the address") from error


def graph_address(address: str, graph: NamedNode) -> str:
    """The address of one named graph in a Graph Store.

    >>> graph_address("http://127.0.0.1:7878/store", NamedNode("http://example.org/a#b"))
    'http://127.0.0.1:7878/store?graph=http%3A%2F%2Fexample.org%2Fa%23b'
    """
    if not re.search(r"[?&]graph=$", address):
        address += ("&" if "?" in address else "?") + "graph="
    return address + quote(graph.value, safe="")


def _refused(address: str, answer: httpx.Response) -> StoreError:
    said = " ".join(answer.text.split())[:120]
    problem = f"refused with {answer.status_code} {answer.reason_phrase}" + (f": {said}" if said else "")
    if answer.status_code in {401, 403}:
        return StoreError(address, problem, "give user and password in the address, or write access to them")
    if answer.is_server_error:
        return StoreError(address, problem, "see the store's log, then load again: that does no harm")
    return StoreError(address, problem, f"give the address of its Graph Store, such as {_EXAMPLE}")
