"""ScoringPool: the processes that score chunks, each with a core of its own. Started when there is a chunk to score.

Every process maps the same index file, so that they share its pages. A process that ends is replaced, and its chunk is
scored once more; nothing of a chunk is kept until it is recorded.
"""

import asyncio
import base64
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.errors import Unavailable
from core.logging import logger
from screening.batch.chunk import Chunk
from screening.batch.scoring import RowAlarm
from screening.batch.worker import ALARMS
from screening.matching.policy import Policy
from screening.worker_process import WorkerFailedError, WorkerProcess

PROGRAM = "screening.batch.worker"

TRIES = 2
"""A process may be killed by whoever needs its memory; a chunk that ends two of them is at fault itself."""

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Pinned:
    """What all rows of a batch are answered under: the columns, the snapshots by source key with the name of their
    index, the policy with who set it, and the coverage as it was when the batch was begun (JSON).
    """

    places: Mapping[str, int]
    snapshots: Mapping[str, str]
    index: str
    policy: Policy
    thresholds_from: str
    coverage: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scored:
    """A chunk scored and sealed. `counts`: rows by outcome, and unreadable ones; `met`: the listed entities that rows
    met with their best scores; `alarms`: what opens cases; `index` and `config_hash`: which matcher it was.
    """

    chunk: Chunk
    first_row: int
    last_row: int
    counts: Mapping[str, int]
    met: tuple[tuple[str, int], ...]
    alarms: tuple[RowAlarm, ...]
    index: str
    config_hash: str


@dataclass(slots=True)
class _Seat:
    """A place for one process, what it has open, and what it said of that."""

    process: WorkerProcess | None = None
    opened: str = ""
    matcher: Mapping[str, str] | None = None


class ScoringPool:
    """The processes of one program. Safe to use concurrently; chunks wait for a free process."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or os.cpu_count() or 1
        self._free = [_Seat() for _ in range(self.count)]
        self._turn = asyncio.Semaphore(self.count)

    async def score(self, pinned: Pinned, index: Path, rows: bytes) -> Scored:
        """Return the chunk of these packed rows scored over the index file. Raises Unavailable when that fails."""
        opening = json.dumps(
            {
                "open": str(index),
                "places": dict(pinned.places),
                "policy": asdict(pinned.policy),
                "thresholds_from": pinned.thresholds_from,
                "coverage": pinned.coverage,
            }
        )
        async with self._turn:
            seat = next((seat for seat in self._free if seat.opened == opening), self._free[0])
            self._free.remove(seat)
            try:
                return await self._score(seat, opening, rows)
            finally:
                self._free.append(seat)

    async def close(self) -> None:
        """End the processes."""
        processes = [seat.process for seat in self._free if seat.process is not None]
        self._free = [_Seat() for _ in range(self.count)]
        await asyncio.gather(*(process.end() for process in processes))

    async def _score(self, seat: _Seat, opening: str, rows: bytes) -> Scored:
        for left in reversed(range(TRIES)):
            try:
                process = await self._ready(seat, opening)
                reply = json.loads(await process.ask({"rows": base64.b64encode(rows).decode()}))
            except (WorkerFailedError, OSError) as error:
                if not left or (seat.process is not None and seat.process.alive):
                    raise Unavailable(f"a chunk of a batch could not be scored: {error}") from error
                _log.warning("a batch worker ended; its chunk is scored once more", reason=str(error))
                continue
            matcher = seat.matcher or {}
            return Scored(
                chunk=Chunk(base64.b64decode(reply["packed"]), reply["salt"], reply["root"]),
                first_row=reply["first_row"],
                last_row=reply["last_row"],
                counts=reply["counts"],
                alarms=ALARMS.validate_python(reply["alarms"]),
                met=tuple((entity_id, score) for entity_id, score in reply["met"]),
                index=matcher["index"],
                config_hash=matcher["config_hash"],
            )
        raise AssertionError("unreachable")

    async def _ready(self, seat: _Seat, opening: str) -> WorkerProcess:
        if seat.process is None or not seat.process.alive:
            seat.process, seat.opened = await WorkerProcess.start(PROGRAM), ""
        if seat.opened != opening:
            seat.matcher = json.loads(await seat.process.ask(json.loads(opening)))
            seat.opened = opening
        return seat.process
