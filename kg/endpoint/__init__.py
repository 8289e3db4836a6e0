"""A SPARQL endpoint over a graph or store: read-only, on loopback unless told, every query with a deadline."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvicorn

from kg import store as stores
from kg.endpoint.app import application
from kg.endpoint.pool import Limits, Pool
from kg.errors import StoreError
from kg.rdf.readers import is_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Limits", "serve"]

_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]", "::1")
_LONGEST_HEAD: Final = 1 << 17


def serve(
    graph: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    limits: Limits | None = None,
    started: Callable[[str], None] = lambda _address: None,
) -> None:
    """Answer queries over HTTP until SIGTERM or SIGINT, and then what was asked before.

    Args:
        graph: an embedded store's folder, which nobody may write to meanwhile, or a graph file.
        host: where to listen; on loopback only requests to a loopback name are answered.
        port: where to listen; 0 takes a free one.
        limits: how much is answered at once, and how long.
        started: hears the address once it answers.

    Raises:
        FormatError, GraphError, StoreError: the graph cannot be read, the store is written to, or the port is taken.
    """
    limits = limits or Limits()
    with ExitStack() as stack:
        folder = Path(graph)
        if not folder.is_dir():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kg-serve-"))) / "store"
            stores.load(graph, folder, tables=False)
        stack.enter_context(_unwritten(folder))
        listening = stack.enter_context(_socket(host, port))
        at = listening.getsockname()
        address = f"http://{f'[{at[0]}]' if ':' in at[0] else at[0]}:{at[1]}/"
        hosts = frozenset(_LOOPBACK) | {host} if host in _LOOPBACK else None
        app = application(Pool(folder, limits), limits, hosts, lambda: started(address))
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_level="error",
            access_log=False,
            server_header=False,
            h11_max_incomplete_event_size=_LONGEST_HEAD,
            timeout_graceful_shutdown=int(limits.seconds) + 1,
        )
        with _quiet_signals():
            asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


@contextmanager
def _quiet_signals() -> Iterator[None]:
    """Uvicorn stops gracefully at a signal and then raises it again: that is not to end the process in mid-air."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _socket(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host.strip("[]"), port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number and number > 0 else error
        problem = f"cannot be listened on ({reason})"
        raise StoreError(f"{host}:{port}", problem, "choose another --port, or --host") from error


@contextmanager
def _unwritten(folder: Path) -> Iterator[None]:
    """Keeps writers away from a store: what reads it while it changes reads nonsense."""
    if not is_store(folder):
        raise StoreError(str(folder), "is a folder, but no store", "make a store: kg load GRAPH --to")
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    try:
        lock = (folder / "LOCK").open("rb")
    except OSError:
        yield  # where we may not lock, nobody may write
        return
    with lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(str(folder), "is being written to", "wait until that is done") from error
        yield
