"""LiveIndex: the index that answers now. Follows the snapshots in force, builds aside, swaps whole.

An index file is immutable and named by the hash of its snapshots and of the matcher, so all processes of a host map the
same pages, and a restart opens instead of building. Changes made by other processes are found by a cheap poll.
"""

import asyncio
import gc
import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from core.clock import now
from core.database import Database
from core.errors import CaspianError, Unavailable
from core.logging import logger
from core.settings import Settings
from lists import checks
from lists.snapshots import SnapshotInfo, in_force
from lists.source import Source, discover
from lists.status import statuses
from screening.coverage import Checked, Coverage, coverage_at
from screening.index_build import open_or_build
from screening.matching.index import ListIndex
from screening.matching.matcher import match
from screening.matching.policy import Policy
from screening.matching.subject import Subject
from screening.matching.version import matcher_hash

POLL_SECONDS = 2.0
"""How often another process's refresh is looked for. Two small queries."""

COVERAGE_SECONDS = 1.0
"""How long a computed coverage serves: ages are counted in hours."""

RETRY_SECONDS = 30.0
"""After a failed build, before the same build is tried again."""

UNUSED_SECONDS = 600.0
"""An index file that no process has touched for this long is removed; each process touches its own on every poll."""

SUFFIX = ".caspidx"

FAILURES = (CaspianError, SQLAlchemyError, OSError)
"""What following the lists may meet without ending: it is tried again at the next poll."""

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class InForce:
    """One index with the snapshots it was built from, by source key. `hash` names its file, `path`."""

    index: ListIndex
    hash: str
    path: Path
    snapshots: Mapping[str, SnapshotInfo]
    entities: int


class LiveIndex:
    """See the module. `start` and `stop` it with the process; or use it as an async context manager."""

    def __init__(self, database: Database, settings: Settings, sources: Mapping[str, Source] | None = None) -> None:
        self._database = database
        self._settings = settings
        self._sources = dict(discover() if sources is None else sources)
        self._disabled = frozenset(key for key in self._sources if not settings.source(key).enabled)
        self._current: InForce | None = None
        self._checks: dict[str, Checked] = {}
        self._coverage: tuple[float, Coverage] | None = None
        self._failed: tuple[str, float] = ("", 0.0)
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "LiveIndex":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Load the index of the snapshots in force, if there are any, and begin to follow them. A failure is logged
        and tried again: the server starts, says that it is not ready, and answers nothing until it is.
        """
        try:
            await self.reload()
        except FAILURES as error:
            _log.warning("no index yet", reason=str(error))
        if self._task is None:
            self._task = asyncio.create_task(self._follow(), name="live-index")

    async def stop(self) -> None:
        """Stop following; the index stays readable for whoever still holds it."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @property
    def loaded(self) -> bool:
        """True once an index answers."""
        return self._current is not None

    def current(self) -> InForce:
        """Return the index that answers now. Raises Unavailable while no list is loaded."""
        if self._current is None:
            raise Unavailable("no list is loaded yet, so nothing can be screened; import or refresh the lists first")
        return self._current

    def coverage(self, moment: datetime | None = None) -> Coverage:
        """Return what is searched now and what is not, at `moment` (default: now, computed once a second)."""
        if moment is not None:
            return self._coverage_at(moment)
        tick = time.monotonic()
        if self._coverage is None or tick - self._coverage[0] > COVERAGE_SECONDS:
            self._coverage = (tick, self._coverage_at(now()))
        return self._coverage[1]

    async def then(self, moment: datetime) -> tuple[dict[str, SnapshotInfo], Coverage]:
        """Return the snapshots that were in force at a past moment, by source key, and their coverage judged then: by
        the checks made until then, with the lists and maximum ages that this server's settings name today.
        """
        async with self._database.read() as session:
            snapshots = self.searched(await in_force(session, moment))
            good = await checks.last(session, successful=True, as_of=moment)
        ages = {key: source.max_age for key, source in self._sources.items()}
        known = {
            key: Checked(check.checked_at, self._settings.source(key).max_age or ages[key])
            for key, check in good.items()
            if key in ages
        }
        return snapshots, coverage_at(moment, self._sources, snapshots, known, self._disabled)

    async def reload(self) -> bool:
        """Follow the snapshots in force: open or build their index and swap it in. True if it changed.

        The old index answers until the new one is whole. Raises Unavailable when the build fails; the old one stays.
        """
        async with self._lock:
            wanted = await self._wanted()
            if not wanted:
                return False
            name = index_name(wanted)
            if self._current is not None and self._current.hash == name:
                return False
            index = await self._open_or_build(name, wanted)
            await asyncio.to_thread(warm, index)
            entities = sum(info.entities for info in wanted.values())
            self._current, self._coverage = InForce(index, name, self._path(name), wanted, entities), None
            settle()
            await asyncio.to_thread(self._prune, name)
            _log.info("index in force", index=name[:12], lists=sorted(wanted), entities=entities)
            return True

    async def _wanted(self) -> dict[str, SnapshotInfo]:
        async with self._database.read() as session:
            held = await in_force(session)
            states = await statuses(session, list(self._sources.values()), self._settings, now())
        self._checks = {state.key: Checked(state.last_success_at, state.max_age) for state in states}
        return self.searched(held)

    def searched(self, held: Mapping[str, SnapshotInfo]) -> dict[str, SnapshotInfo]:
        """Return those of these editions that are searched here: of known lists that are not switched off."""
        return {key: info for key, info in held.items() if key in self._sources and key not in self._disabled}

    async def _open_or_build(self, name: str, wanted: Mapping[str, SnapshotInfo]) -> ListIndex:
        try:
            return await open_or_build(self._database, self._settings.database, wanted, self._path(name))
        except CaspianError:
            self._failed = (name, time.monotonic())
            raise

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            name, failed_at = self._failed
            if name and time.monotonic() - failed_at < RETRY_SECONDS:
                continue
            try:
                changed = await self.reload()
                if not changed and self._current is not None:
                    await asyncio.to_thread(self._touch, self._current.hash)
            except FAILURES as error:
                _log.warning("the lists in force could not be followed; the index stays", reason=str(error))

    def _coverage_at(self, moment: datetime) -> Coverage:
        snapshots = {} if self._current is None else self._current.snapshots
        return coverage_at(moment, self._sources, snapshots, self._checks, self._disabled)

    def _path(self, name: str) -> Path:
        return self._settings.index_dir / f"{name}{SUFFIX}"

    def _touch(self, name: str) -> None:
        path = self._path(name)
        if path.exists():
            os.utime(path)

    def _prune(self, keep: str) -> None:
        """Remove index files nobody uses. Whoever still maps one keeps its pages: the file only loses its name."""
        self._touch(keep)
        oldest = time.time() - UNUSED_SECONDS
        for path in self._settings.index_dir.glob(f"*{SUFFIX}*"):
            if path.stem != keep and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def warm(index: ListIndex) -> None:
    """Read tables and pages in before anybody waits for them: the first search costs most of a second otherwise."""
    match(index, Subject(name="Иван Petrov بانک"), Policy())
    index.listings("")


def settle() -> None:
    """Set what is loaded apart from the garbage collector, which else walks all of it for a tenth of a second, every
    few hundred screenings. The index before is let go first: nothing set apart earlier stays so.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def index_name(snapshots: Mapping[str, SnapshotInfo]) -> str:
    """Return the name of the index over these snapshots: the hash of their ids and of the matcher."""
    digest = hashlib.sha256(matcher_hash().encode())
    for key in sorted(snapshots):
        digest.update(f"\n{key} {snapshots[key].id}".encode())
    return digest.hexdigest()
