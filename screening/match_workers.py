"""Match workers: processes beside the server that answer, so that matching has a core of its own.

Two threads of one Python process share one lock, and pass it from core to core: measured on two cores, a screening
then costs 4.5 ms of processor time where it costs 2.7 alone. A process beside costs a second of start-up and memory
of its own, so it is started only where it pays: for large lists, after a number of screenings. Until it is ready, and
whenever it fails, the server answers by itself.
"""

import asyncio
import json
import os
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from core.logging import logger
from screening.answer import Answer
from screening.answering import Answering
from screening.coverage import Coverage
from screening.index_build import INLINE_BELOW
from screening.live_index import InForce
from screening.match_worker import COVERAGE
from screening.request import ScreeningRequest

WORTH_STARTING = 32
"""Screenings after which workers are started: a command that screens once never pays for them."""

MOST_REPLY = 64 * 1024**2
"""Bytes of one reply; fifty matches with all they say are about half a megabyte."""

_log = logger(__name__)


class WorkerFailedError(Exception):
    """A worker ended, or could not answer; the server answers by itself."""


class MatchWorkers:
    """The workers of one server. Everything happens on its event loop; there are no threads in it."""

    def __init__(self, answering: Answering, *, count: int | None = None, worth_starting: int = WORTH_STARTING) -> None:
        self._answering = answering
        self._count = max(1, (os.cpu_count() or 2) - 1) if count is None else count
        self._worth_starting = worth_starting
        self._asked = 0
        self._ready: tuple[str, list[_Worker]] = ("", [])
        self._preparing: asyncio.Task[None] | None = None
        self._told: tuple[Coverage, str] | None = None

    async def answer(
        self, request: ScreeningRequest, in_force: InForce, coverage: Coverage
    ) -> tuple[Answer, str] | None:
        """Return the answer with its JSON; None when no worker is ready or the worker failed: answer it yourself."""
        worker = self._worker(in_force)
        if worker is None:
            return None
        message = {"request": request.model_dump_json(exclude_defaults=True), "coverage": self._text(coverage)}
        try:
            reply = await worker.ask(message)
        except WorkerFailedError as error:
            _log.warning("a match worker failed", reason=str(error))
            if not worker.alive:
                self._ready = ("", [])
            return None
        return Answer.model_validate_json(reply), reply

    async def close(self) -> None:
        """End the workers."""
        preparing, self._preparing = self._preparing, None
        if preparing is not None:
            preparing.cancel()
            await asyncio.gather(preparing, return_exceptions=True)
        _, workers = self._ready
        self._ready = ("", [])
        await asyncio.gather(*(worker.end() for worker in workers))

    def _worker(self, in_force: InForce) -> "_Worker | None":
        """The least busy worker that has this index open; starts the workers when they have become worth it."""
        name, workers = self._ready
        if name == in_force.hash and workers:
            return min(workers, key=lambda worker: worker.waiting)
        self._asked += 1
        pays = in_force.entities >= INLINE_BELOW and self._asked >= self._worth_starting and self._count > 0
        if pays and (self._preparing is None or self._preparing.done()):
            self._preparing = asyncio.create_task(self._prepare(in_force), name="match-workers")
        return None

    async def _prepare(self, in_force: InForce) -> None:
        """Start workers on this index, or let running ones open it; they serve once all have it open."""
        _, workers = self._ready
        try:
            workers = [worker for worker in workers if worker.alive] or [
                await _Worker.start() for _ in range(self._count)
            ]
            opening = {
                "open": str(in_force.path),
                "policy": asdict(self._answering.policy),
                "thresholds_from": self._answering.thresholds_from,
            }
            await asyncio.gather(*(worker.ask(opening) for worker in workers))
        except (WorkerFailedError, OSError) as error:
            _log.warning("no match workers; the server answers by itself", reason=str(error))
            self._asked = -self._worth_starting  # tried again, but not at every screening
            await asyncio.gather(*(worker.end() for worker in workers))
            workers = []
        self._ready = (in_force.hash if workers else "", workers)

    def _text(self, coverage: Coverage) -> str:
        if self._told is None or self._told[0] is not coverage:
            self._told = (coverage, COVERAGE.dump_json(coverage).decode())
        return self._told[1]


@dataclass(slots=True)
class _Worker:
    process: asyncio.subprocess.Process
    replies: deque["asyncio.Future[str]"]
    reader: "asyncio.Task[None] | None" = None

    @classmethod
    async def start(cls) -> "_Worker":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "screening.match_worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=MOST_REPLY,
        )
        worker = cls(process, deque())
        worker.reader = asyncio.create_task(worker._read(), name="match-worker")
        return worker

    @property
    def waiting(self) -> int:
        return len(self.replies)

    @property
    def alive(self) -> bool:
        return self.process.returncode is None and self.reader is not None and not self.reader.done()

    async def ask(self, message: Mapping[str, object]) -> str:
        """Return the reply to one message. Raises WorkerFailedError."""
        if not self.alive or self.process.stdin is None:
            raise WorkerFailedError("it has ended")
        reply: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.replies.append(reply)
        self.process.stdin.write(json.dumps(dict(message)).encode() + b"\n")
        text = await reply
        if text.startswith('{"failed"'):
            raise WorkerFailedError(json.loads(text)["failed"])
        return text

    async def end(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), timeout=5)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        if self.reader is not None:
            await self.reader

    async def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            while line := await self.process.stdout.readline():
                reply = self.replies.popleft()
                if not reply.done():  # its caller was cancelled; the worker's order is kept
                    reply.set_result(line.rstrip(b"\n").decode())
        finally:
            while self.replies:
                reply = self.replies.popleft()
                if not reply.done():
                    reply.set_exception(WorkerFailedError("it ended while answering"))
