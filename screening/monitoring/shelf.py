"""Shelf: the files of the segments on this host, built where they are not there yet.

Subjects are numbered without gaps and never change, so that a file holds a run of numbers for good. Full runs of
100,000 lie in files of their own; of what comes after them, full runs of 10,000 and of 1,000, and the last few: a
subject that is kept anew makes a small file new, not a large one.
"""

import asyncio
import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from core.database import Database
from screening.live_index import SUFFIX
from screening.matching.index import ListIndex
from screening.matching.version import matcher_hash
from screening.monitoring import store
from screening.monitoring.segment import LAYOUT, Cells, build, usable

SIZES = (100_000, 10_000, 1_000)
"""Subjects of a file, the most first. The largest takes half a minute to build and 40 MB."""

NICENESS = 5
"""Building ahead yields to answering."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Subjects `first` and on lie in the file at `path`; `name` says which subjects, read by which matcher."""

    first: int
    name: str
    path: Path


class Shelf:
    """See the module."""

    def __init__(self, database: Database, directory: Path, sizes: Sequence[int] = SIZES) -> None:
        self._database = database
        self._directory = directory
        self._sizes = tuple(sizes)

    async def ready(self, last: int, lists: Path, pool: ProcessPoolExecutor) -> list[Segment]:
        """Return the segments of the subjects up to number `last`, those that are missing built first in the pool;
        files that hold other runs are removed. `lists` is the file of the index over the lists.
        """
        found = [await self._segment(first, end) for first, end in runs(last, self._sizes)]
        await self._build(found, last, lists, pool)
        kept = {segment.path for segment in found}
        for path in self._directory.glob(f"*{SUFFIX}"):
            if path not in kept:
                path.unlink(missing_ok=True)
        return found

    async def build_ahead(self, last: int, lists: Path, processes: int | None) -> int:
        """Build the full runs that are missing, before a list change waits for them; return how many there were."""
        full = [run for run in runs(last, self._sizes) if run[1] - run[0] + 1 in self._sizes]
        missing = [s for s in [await self._segment(*run) for run in full] if not usable(s.path)]
        if missing:
            with workers(processes, NICENESS) as pool:
                await self._build(missing, last, lists, pool)
        return len(missing)

    async def _segment(self, first: int, last: int) -> Segment:
        async with self._database.read() as session:
            name = _name(await store.first_id(session, first), last - first)
        return Segment(first, name, self._directory / f"{name}{SUFFIX}")

    async def _build(self, segments: Sequence[Segment], last: int, lists: Path, pool: ProcessPoolExecutor) -> None:
        ends = dict(runs(last, self._sizes))
        loop, building = asyncio.get_running_loop(), list[asyncio.Future[None]]()
        for segment in segments:
            if usable(segment.path):
                continue
            if len(building) >= (os.cpu_count() or 1):  # no more subjects in memory than are being read
                await building.pop(0)
            async with self._database.read() as session:
                rows = await store.segment(session, segment.first, ends[segment.first])
            cells = [cells for _, cells in rows]
            building.append(loop.run_in_executor(pool, _built, cells, segment.path, lists))
        await asyncio.gather(*building)


def runs(last: int, sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of numbers, first and last of each, in which the subjects up to number `last` lie."""
    first = 1
    for size in sizes:
        while last - first + 1 >= size:
            yield first, first + size - 1
            first += size
    if first <= last:
        yield first, last


def workers(processes: int | None, niceness: int = 0) -> ProcessPoolExecutor:
    """Return processes (one per core, for None) that read subjects and search segments."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=os.nice, initargs=(niceness,))


def _name(first_id: str, more: int) -> str:
    return hashlib.sha256(f"{matcher_hash()} {LAYOUT} {first_id} {more}".encode()).hexdigest()


def _built(subjects: Sequence[Cells], path: Path, lists: Path) -> None:
    build(subjects, path, _opened(lists).knows)


@lru_cache(maxsize=1)
def _opened(path: Path) -> ListIndex:
    return ListIndex.open(path)
