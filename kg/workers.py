"""Shards over processes: a few in flight, results as they come, and a process that dies costs one item only."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")
Task: TypeAlias = "Callable[[Sequence[Item]], Result]"

_task: Callable[[Sequence[Any]], Any] | KgError


def shards(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last maybe shorter."""
    rest = iter(items)
    while shard := list(islice(rest, size)):
        yield shard


def run(
    start: Callable[[], Task[Item, Result]],
    parts: Iterable[list[Item]],
    count: int,
    lost: Callable[[Item], Result],
) -> Iterator[Result]:
    """The results of a task on each shard, in no particular order; it is started once in each of `count` processes.

    With one, all happens here. The items of shards whose process died, of want of memory or a fault in a library, are
    tried again one by one; `lost` gives the result for one that its process died of.

    Raises:
        KgError: what `start` or the task raise.
    """
    if count == 1:
        task: Task[Item, Result] | None = None
        for part in parts:
            task = task or start()
            yield task(part)
        return
    left = iter(parts)
    while True:
        dead: list[list[Item]] = []
        yield from _in_pool(start, left, count, dead)
        if not dead:
            return
        for item in (item for part in dead for item in part):
            died: list[list[Item]] = []
            yield from _in_pool(start, iter([[item]]), 1, died)
            yield from (lost(item) for _ in died)


def _in_pool(
    start: Callable[[], Task[Item, Result]], parts: Iterator[list[Item]], count: int, dead: list[list[Item]]
) -> Iterator[Result]:
    """Results until the shards end or a process dies; then `dead` holds the shards that were under way."""
    # A process of its own, not a copy of this one: the libraries keep threads, which copies do not survive.
    pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=_start, initargs=(start,))
    pending: dict[Future[Result], list[Item]] = {}
    try:
        while True:
            for part in islice(parts, 0 if dead else 2 * count - len(pending)):
                try:
                    pending[pool.submit(_run, part)] = part
                except BrokenExecutor:
                    dead.append(part)
                    break
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                part = pending.pop(future)
                try:
                    yield future.result()
                except BrokenExecutor:
                    dead.append(part)
    finally:
        pool.shutdown(cancel_futures=True)


def _start(start: Callable[[], Callable[[Sequence[Any]], Any]]) -> None:
    """Begin a worker: one thread, deaf to Ctrl-C, which its parent hears, and gone when that is gone."""
    global _task  # noqa: PLW0603  # what a process is for
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    try:
        _task = start()
    except KgError as error:
        _task = error


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _run(part: list[Any]) -> Any:
    if isinstance(_task, KgError):
        raise _task
    return _task(part)
