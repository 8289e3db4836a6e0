"""Worker processes for queries: a few at once, the others wait, and what takes too long is ended with its process."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.endpoint.worker import ANSWER, QUESTION

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What the endpoint does at once, and for how long."""

    seconds: float = 30.0
    """A query's deadline, once it is begun; waiting for its turn takes no longer either."""
    workers: int = max(4, os.cpu_count() or 1)
    """Queries answered at the same time, each in a process."""
    waiting: int = 256
    """Queries that wait for their turn."""
    question: int = 1 << 20
    """Bytes of a request's body."""
    result: int = 1 << 28
    """Bytes of a result."""
    memory: int = 4 << 30
    """Bytes of memory of each worker."""


class BusyError(Exception):
    """Too many queries wait already."""


class DeadlineError(Exception):
    """The query was ended at its deadline."""


class DiedError(Exception):
    """The worker died of the query: too much memory, or nested too deeply."""


class Pool:
    """Workers over the store in a folder."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._all: set[_Worker] = set()
        self.waiting = 0
        """How many queries wait for their turn."""
        self._starting: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the workers.

        Raises:
            DiedError: they cannot open the store.
        """
        await asyncio.gather(*(self._add() for _ in range(self._limits.workers)))

    async def stop(self) -> None:
        """End the workers, and what they work on."""
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._all))

    @property
    def alive(self) -> int:
        """How many workers can answer."""
        return len(self._all)

    async def ask(self, question: dict[str, Any]) -> tuple[int, bytes]:
        """A worker's answer.

        Raises:
            BusyError, DeadlineError, DiedError: there is none.
        """
        worker = await self._turn()
        answered = False
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await worker.ask({**question, "limit": self._limits.result})
            answered = True
        except TimeoutError:
            raise DeadlineError from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise DiedError from error
        finally:
            if answered:
                self._idle.put_nowait(worker)
            else:  # also where the client has gone
                self._replace(worker)
        return answer

    async def _turn(self) -> _Worker:
        if self.waiting >= self._limits.waiting:
            raise BusyError
        self.waiting += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._idle.get()
        except TimeoutError:
            raise BusyError from None
        finally:
            self.waiting -= 1

    async def _add(self) -> None:
        worker = await _Worker.start(self._folder, self._limits)
        self._all.add(worker)
        self._idle.put_nowait(worker)

    def _replace(self, worker: _Worker) -> None:
        self._all.discard(worker)
        worker.kill()

        async def anew() -> None:
            await worker.end()
            await self._add()

        task = asyncio.create_task(anew())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)


class _Worker:
    """One process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        if process.stdin is None or process.stdout is None:
            raise AssertionError
        self._questions, self._answers = process.stdin, process.stdout

    @classmethod
    async def start(cls, folder: Path, limits: Limits) -> _Worker:
        command = [sys.executable, "-m", "kg.endpoint.worker", str(folder), str(limits.memory)]
        process = await asyncio.create_subprocess_exec(
            *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        worker = cls(process)
        try:
            await worker._answer()
        except asyncio.IncompleteReadError as error:
            raise DiedError from error
        except asyncio.CancelledError:
            await worker.end()
            raise
        return worker

    async def ask(self, question: dict[str, Any]) -> tuple[int, bytes]:
        body = json.dumps(question).encode()
        self._questions.write(QUESTION.pack(len(body)) + body)
        await self._questions.drain()
        return await self._answer()

    async def _answer(self) -> tuple[int, bytes]:
        status, length = ANSWER.unpack(await self._answers.readexactly(ANSWER.size))
        return status, await self._answers.readexactly(length)

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()

    async def end(self) -> None:
        self.kill()
        await self._process.wait()
