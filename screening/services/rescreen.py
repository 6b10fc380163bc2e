"""Rescreen: list changes held against all kept subjects.

The reverse index (`screening.monitoring.reach`) tells which subjects a change raises to review; those are screened as a
batch on the lists in force, on behalf of their owners: recorded, and opening cases, as any batch.
"""

import asyncio
import csv
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.clock import iso, now
from core.database import Database
from core.errors import NotFound
from core.settings import Settings
from lists.snapshots import SnapshotInfo, in_force, snapshot
from screening.access import Principal
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append, queue_up
from screening.audit.merkle import root
from screening.batch import store as batches_store
from screening.batch.intake import FileTaken
from screening.batch.reading import open_table
from screening.batch.status import State
from screening.keys import SYSTEM
from screening.live_index import LiveIndex
from screening.matching.result import Outcome
from screening.monitoring import store
from screening.monitoring.reach import touched_by
from screening.monitoring.shelf import SIZES, Shelf, workers
from screening.monitoring.subject import COLUMNS, FIELDS
from screening.services.batch import BatchService
from screening.services.screen import policy_of

RENEW_SECONDS = 20
"""How often a run gives a sign of life."""

ALL_ABOVE = 5_000
"""Changed entities above which every subject is screened again: searching them one by one would cost more."""


@dataclass(slots=True)
class _Run:
    """One list change as it is held against the subjects."""

    id: str
    after: SnapshotInfo
    before: SnapshotInfo | None
    entities: list[tuple[str, str, bytes]] = field(default_factory=list)
    subjects: int = 0
    last: int = 0
    segments: list[str] = field(default_factory=list)
    touched: set[int] | None = None
    removed: int = 0


class RescreenService:
    """Screens kept subjects again. One per process; of several, one holds a change against the subjects."""

    def __init__(
        self,
        database: Database,
        live: LiveIndex,
        batches: BatchService,
        settings: Settings,
        sizes: Sequence[int] = SIZES,
    ) -> None:
        self._database = database
        self._live = live
        self._batches = batches
        self._settings = settings
        self._shelf = Shelf(database, settings.index_dir / "subjects", sizes)

    async def run_due(self) -> list[str]:
        """Hold every list change that is due against the subjects; return the ids of the runs. A run that was killed
        goes on where it was: its batches are those that it began.
        """
        found = []
        async with self._database.read() as session:
            keys = await store.due(session)
        for key in keys:
            await self._live.reload()
            run = await self._begin(key)
            if run is None:  # somebody else began it meanwhile
                continue
            alive = asyncio.create_task(self._renew(run.id), name="rescreen-alive")
            try:
                await self._reach(run)
                await self._screen(run)
            finally:
                alive.cancel()
            found.append(run.id)
        return found

    async def build_ahead(self) -> int:
        """Build the files of the reverse index that are missing; return how many. None while no list is loaded."""
        async with self._database.read() as session:
            _, last = await store.counts(session)
        if not self._live.loaded:
            return 0
        return await self._shelf.build_ahead(last, self._live.current().path, self._settings.batch_workers)

    async def _renew(self, run_id: str) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            async with self._database.write() as session:
                await store.note_run(session, run_id, renewed_at=iso(now()))

    async def _begin(self, key: str) -> _Run | None:
        async with self._database.write() as session:
            await queue_up(session)
            if key not in await store.due(session):
                return None
            last = await store.last_run(session, key)
            after = (await in_force(session))[key]
            if last is not None and last.state == store.RUNNING:
                await store.note_run(session, last.id, renewed_at=iso(now()))
                pinned = await snapshot(session, last.after)
                before = await snapshot(session, last.before) if last.before else None
                return _Run(last.id, pinned or after, before)
            before = await snapshot(session, last.after) if last is not None else None
            run_id = await store.begin_run(session, key, before.id if before else None, after.id, store.RUNNING)
            return _Run(run_id, after, before)

    async def _reach(self, run: _Run) -> None:
        """Find the subjects that the changed entities raise to review: all of them (`touched` None) for very many."""
        async with self._database.read() as session:
            change = await store.changed(session, run.before, run.after)
            wanted = (*change.added, *change.changed)
            run.entities = [one async for one in store.stored_entities(session, run.after, wanted)]
            run.subjects, run.last = await store.counts(session)
            run.removed = len(change.removed)
        if len(run.entities) > ALL_ABOVE:
            return
        run.touched = set()
        if not run.entities:
            return
        ids, lists = tuple(entity_id for entity_id, _, _ in run.entities), self._live.current()
        loop, policy = asyncio.get_running_loop(), policy_of(self._settings)
        with workers(self._settings.batch_workers) as pool:
            segments = await self._shelf.ready(run.last, lists.path, pool)
            run.segments = [segment.name for segment in segments]
            tasks = [loop.run_in_executor(pool, touched_by, one.path, lists.path, ids, policy) for one in segments]
            for segment, places in zip(segments, await asyncio.gather(*tasks), strict=True):
                run.touched |= {segment.first + place for place in places}

    async def _screen(self, run: _Run) -> None:
        """Screen the subjects found, a batch for each owner, and record the run."""
        async with self._database.read() as session:
            owned = await store.by_owner(session, run.touched)
        statuses = []
        for owner, subjects in owned.items():
            batch_id = hashlib.sha256(f"{run.id} {owner.id} {owner.name} {owner.role}".encode()).hexdigest()[:26]
            statuses.append(await self._batch(batch_id, owner, subjects))
        alarms = sum(status.counts[Outcome.MATCH] + status.counts[Outcome.REVIEW] for status in statuses)
        candidates = sum(len(subjects) for subjects in owned.values())
        values: dict[str, Any] = {
            "state": store.DONE,
            "finished_at": iso(now()),
            "entities": len(run.entities),
            "subjects": run.subjects,
            "candidates": candidates,
            "alarms": alarms,
            "batches": " ".join(status.id for status in statuses),
        }
        draft = Draft(Action.RESCREENED, actor(SYSTEM), run.id, details=_details(run, values))
        async with self._database.write() as session:
            (entry,) = await append(session, [draft])
            await store.note_run(session, run.id, **values, audit_sequence=entry.sequence)

    async def _batch(self, batch_id: str, owner: Principal, subjects: Sequence[Sequence[str]]) -> Any:
        """Screen an owner's subjects as a batch of a known id, so that a run that goes on finds it."""
        if not await self._is_taken_in(batch_id):
            with tempfile.TemporaryDirectory(prefix="caspian-subjects-") as directory:
                path = Path(directory) / "subjects.csv"
                await asyncio.to_thread(_write, path, subjects)
                taken = FileTaken("monitored subjects", "", batch_id=batch_id)
                table = await asyncio.to_thread(open_table, path)
                await self._batches.begin(table, COLUMNS, owner, taken)
        return await self._batches.run(batch_id)

    async def _is_taken_in(self, batch_id: str) -> bool:
        async with self._database.read() as session:
            try:
                return bool((await batches_store.read_batch(session, batch_id)).state != State.READING)
            except NotFound:
                return False


def _write(path: Path, subjects: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([FIELDS, *subjects])


def _details(run: _Run, values: Mapping[str, Any]) -> dict[str, Any]:
    """The proof of coverage: which entries, in which version, were held against how many subjects."""
    leaves = [f"{entity_id} {version}".encode() for entity_id, version, _ in run.entities]
    return {
        "list": run.after.source,
        "before": run.before.id if run.before else "",
        "after": run.after.id,
        "entities": len(run.entities),
        "entities_root": root(leaves).hex(),
        "removed": run.removed,
        "subjects": run.subjects,
        "segments": run.segments,
        "candidates": values["candidates"],
        "alarms": values["alarms"],
        "batches": values["batches"],
    }
