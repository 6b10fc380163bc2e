"""Monitor: subjects that are kept, each screened when it is kept; `screening.services.rescreen` screens them again."""

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.errors import Conflict, InvalidInput
from lists.snapshots import in_force
from screening.access import Principal
from screening.answer import Screening
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append, queue_up
from screening.batch import store as batches_store
from screening.batch.columns import Columns
from screening.batch.reading import Row
from screening.batch.status import State
from screening.live_index import LiveIndex
from screening.monitoring import store
from screening.monitoring.subject import COLUMNS, KeptSubject, cells_of, cells_of_row
from screening.services.batch import BatchService
from screening.services.screen import ScreeningService


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the rows of a file: how many subjects are kept, and how many rows could not be read."""

    batch_id: str
    kept: int
    unreadable: int


class MonitorService:
    """Keeps subjects on behalf of a principal. One per process; safe to call concurrently."""

    def __init__(
        self, database: Database, live: LiveIndex, screenings: ScreeningService, batches: BatchService
    ) -> None:
        self._database = database
        self._live = live
        self._screenings = screenings
        self._batches = batches

    async def keep(
        self,
        kept: KeptSubject,
        principal: Principal,
        *,
        request_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> tuple[Any, Screening]:
        """Screen a subject, record that, and keep it; return its row and the screening.

        Raises InvalidInput by field, Conflict when a list changed meanwhile, and what `ScreeningService.screen` raises.
        """
        cells = cells_of(kept)
        await self._begin_monitoring()
        request, _ = COLUMNS.request(Row(0, cells))
        screening = await self._screenings.screen(
            request, principal, request_id=request_id, idempotency_key=idempotency_key
        )
        subject_id = screening.receipt.id  # asked again under the same key, it is the same subject
        under = {searched.key: searched.snapshot_id for searched in screening.answer.covered}
        async with self._database.write() as session:
            await queue_up(session)
            if not await store.is_kept(session, subject_id):
                await self._check_current(session, under)
                await store.insert(session, [cells], principal, [subject_id])
                draft = Draft(Action.SUBJECTS_KEPT, actor(principal), subject_id, request_id=request_id)
                await append(session, [replace(draft, details={"subjects": 1})])
            return await store.read(session, subject_id), screening

    async def keep_batch(self, batch_id: str, principal: Principal) -> Kept:
        """Keep every row of a batch that was screened whole.

        Raises NotFound, and Conflict for one that is not done, or was screened before a list changed.
        """
        status = await self._batches.get(batch_id, principal)
        if status.state is not State.DONE:
            raise Conflict(f"batch {batch_id} is {status.state.value}; its rows are kept once all are screened")
        await self._begin_monitoring()
        async with self._database.read() as session:
            row = await batches_store.read_batch(session, batch_id)
        columns, under = Columns(json.loads(row.places)), batches_store.pinned_of(row).snapshots
        kept = unreadable = 0
        async for rows in self._batches.results(batch_id, principal):
            cells, unread = await asyncio.to_thread(_readable, rows, columns)
            unreadable += unread
            async with self._database.write() as session:
                await queue_up(session)
                await self._check_current(session, under)
                kept += len(await store.insert(session, cells, principal))
        async with self._database.write() as session:
            details = {"subjects": kept, "batch": batch_id}
            await append(session, [Draft(Action.SUBJECTS_KEPT, actor(principal), batch_id, details=details)])
        return Kept(batch_id, kept, unreadable)

    async def end(self, subject_id: str, principal: Principal) -> None:
        """Screen a subject no more; what was recorded stays. Raises NotFound for one that is not the trader's own."""
        async with self._database.write() as session:
            await store.read(session, subject_id, only=principal.only)
            if await store.end(session, subject_id):
                await append(session, [Draft(Action.SUBJECT_ENDED, actor(principal), subject_id)])

    async def get(self, subject_id: str, principal: Principal) -> Any:
        """Return a subject's row. Raises NotFound for one that is not the trader's own."""
        async with self._database.read() as session:
            return await store.read(session, subject_id, only=principal.only)

    async def page(self, principal: Principal, before: int | None, limit: int) -> list[Any]:
        """Return kept subjects that the principal may see, newest first, from before the number `before`."""
        async with self._database.read() as session:
            return await store.page(session, principal.only, before, limit)

    async def counts(self) -> int:
        """Return how many subjects are kept."""
        async with self._database.read() as session:
            return (await store.counts(session))[0]

    async def runs(self, source: str | None, before: str | None, limit: int) -> list[Any]:
        """Return the list changes that were held against the subjects, newest first."""
        async with self._database.read() as session:
            return await store.runs(session, source, before, limit)

    async def _begin_monitoring(self) -> None:
        """Note the editions that the first subject is screened under: from then on changes count."""
        async with self._database.read() as session:
            if (await store.counts(session))[1]:
                return
        self._live.current()
        async with self._database.write() as session:
            await queue_up(session)
            for key, info in (await in_force(session)).items():
                if await store.last_run(session, key) is None:
                    await store.begin_run(session, key, None, info.id, store.BEGUN)

    async def _check_current(self, session: AsyncSession, under: Mapping[str, str]) -> None:
        """Raise Conflict unless these editions, by list, are those in force: a change that came between was held
        against those kept then, and would never be held against a subject that was screened before it and kept after.

        The session has queued up, and a list comes into force in a transaction that does: none comes between.
        """
        held = {key: info.id for key, info in self._live.searched(await in_force(session)).items()}
        if held != dict(under):
            raise Conflict("a list changed since this was screened; screen it again, under a new key, and keep that")


def _readable(rows: Collection[Mapping[str, Any]], columns: Columns) -> tuple[list[tuple[str, ...]], int]:
    found, unread = [], 0
    for row in rows:
        try:
            found.append(cells_of_row(Row(row["row"], tuple(row["cells"])), columns))
        except InvalidInput:
            unread += 1
    return found, unread
