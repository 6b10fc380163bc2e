"""Match workers: processes beside the server that answer, so that matching has a core of its own.

Two threads of one Python process share one lock, and pass it from core to core: measured on two cores, a screening
then costs 4.5 ms of processor time where it costs 2.7 alone. A process beside costs a second of start-up and memory
of its own, so it is started only where it pays: for large lists, after a number of screenings. Until it is ready, and
whenever it fails, the server answers by itself.
"""

import asyncio
import os
from dataclasses import asdict

from core.logging import logger
from screening.answer import Answer
from screening.answering import Answering
from screening.coverage import Coverage
from screening.index_build import INLINE_BELOW
from screening.live_index import InForce
from screening.match_worker import COVERAGE
from screening.request import ScreeningRequest
from screening.worker_process import WorkerFailedError, WorkerProcess

WORTH_STARTING = 32
"""Screenings after which workers are started: a command that screens once never pays for them."""

PROGRAM = "screening.match_worker"

_log = logger(__name__)


class MatchWorkers:
    """The workers of one server. Everything happens on its event loop; there are no threads in it."""

    def __init__(self, answering: Answering, *, count: int | None = None, worth_starting: int = WORTH_STARTING) -> None:
        self._answering = answering
        self._count = max(1, (os.cpu_count() or 2) - 1) if count is None else count
        self._worth_starting = worth_starting
        self._asked = 0
        self._ready: tuple[str, list[WorkerProcess]] = ("", [])
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

    def _worker(self, in_force: InForce) -> WorkerProcess | None:
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
                await WorkerProcess.start(PROGRAM) for _ in range(self._count)
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
