"""Batch: the rows of a table screened and recorded, a chunk at a time.

`begin` takes the rows in and pins what they are answered under; then each chunk is screened by whoever comes first and
recorded in one transaction with one audit entry. Killed anywhere, what is recorded stays, and the rest is screened when
somebody runs the batch again: here, in another process or on another machine.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.clock import iso, now
from core.database import Database
from core.errors import CaspianError, Conflict, InvalidInput
from core.settings import Settings
from lists.snapshots import SnapshotInfo, snapshot
from screening.access import Principal
from screening.answering import Answering, lists_used
from screening.audit.entry import Action, Actor, Draft, MatcherUsed
from screening.audit.log import actor, append
from screening.batch import store
from screening.batch.chunk import RowProof, prove, unpack
from screening.batch.columns import Columns
from screening.batch.intake import FileTaken, take_in
from screening.batch.pool import Pinned, Scored, ScoringPool
from screening.batch.reading import Table
from screening.batch.status import OPEN, BatchStatus, State
from screening.live_index import LiveIndex, index_name
from screening.match_worker import COVERAGE
from screening.matching.version import VERSION
from screening.past_index import PastIndexes
from screening.records import table
from screening.services.review import case_policy


@dataclass(frozen=True, slots=True)
class ProvedRow:
    """That a row of a batch stands under the root that an audit entry names."""

    proof: RowProof
    root: str
    audit_sequence: int
    audit_hash: str


class BatchService:
    """Screens tables. One per process; safe to call concurrently."""

    def __init__(
        self, database: Database, live: LiveIndex, answering: Answering, past: PastIndexes, settings: Settings
    ) -> None:
        self._database = database
        self._live = live
        self._answering = answering
        self._past = past
        self._case_policy = case_policy(settings)
        self._pool = ScoringPool(settings.batch_workers)
        self._pinned: dict[str, dict[str, SnapshotInfo]] = {}

    @property
    def workers(self) -> int:
        """How many chunks are screened at once."""
        return self._pool.count

    async def close(self) -> None:
        """End the processes that score."""
        await self._pool.close()

    async def begin(self, given: Table, columns: Columns, principal: Principal, file: FileTaken) -> BatchStatus:
        """Take in the rows of a table and return the batch, which waits to be run; or, under an idempotency key that
        this principal has used before, the batch that was begun then.

        Raises Unavailable while no list is loaded, InvalidInput when the table has no rows, Conflict when the key was
        used for something else.
        """
        pinned = self._pin(columns)
        batch_id = await take_in(self._database, given, pinned, principal, file)
        return await self._status(batch_id)

    async def run(self, batch_id: str) -> BatchStatus:
        """Screen what is left of a batch, here, and return it ended. A batch that others screen too is shared.

        Raises Conflict when it was begun under another matcher, Unavailable when a chunk cannot be scored; the batch
        has then failed, and says why.
        """
        async for status in self.watch(batch_id):
            last = status
        return last

    async def watch(self, batch_id: str) -> AsyncIterator[BatchStatus]:
        """Run a batch as `run` does; yield how far it is after every chunk, and at the end."""
        async with self._database.read() as session:
            left = await store.waiting(session, batch_id)
        pending: set[asyncio.Task[bool]] = set()
        numbers = iter(left)
        try:
            while True:
                pending |= {
                    asyncio.create_task(self.screen_chunk(batch_id, number))
                    for number in islice(numbers, self.workers + 1 - len(pending))
                }
                if not pending:
                    break
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                yield await self._status(batch_id)
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        yield await self.finish(batch_id)

    async def waiting(self, batch_id: str) -> list[int]:
        """Return the numbers of the chunks that are not recorded yet; none for a batch that is not open."""
        async with self._database.read() as session:
            row = await store.read_batch(session, batch_id)
            return await store.waiting(session, batch_id) if State(row.state) in OPEN else []

    async def screen_chunk(self, batch_id: str, number: int) -> bool:
        """Screen one chunk and record it; False when it is recorded already, or the batch is not open (any more).

        Raises as `run` does.
        """
        async with self._database.read() as session:
            row = await store.read_batch(session, batch_id)
            packed = await store.input_of(session, batch_id, number)
        if packed is None or State(row.state) not in OPEN:
            return False
        try:
            pinned = store.pinned_of(row)
            scored = await self._pool.score(pinned, await self._past.file(await self._snapshots(pinned)), packed)
            if row.state == State.WAITING:
                async with self._database.write() as session:
                    await store.move(session, batch_id, State.RUNNING, among=(State.WAITING,))
            async with self._database.write() as session:
                draft = _draft(row, number, pinned, scored)
                return await store.record(session, (batch_id, number), scored, draft, self._case_policy)
        except CaspianError as error:
            await self._end(batch_id, State.FAILED, among=OPEN, fault=str(error))
            raise

    async def finish(self, batch_id: str) -> BatchStatus:
        """End a batch whose chunks are all recorded; return it as it then is."""
        if not await self.waiting(batch_id):
            await self._end(batch_id, State.DONE, among=OPEN)
        return await self._status(batch_id)

    async def cancel(self, batch_id: str, principal: Principal) -> BatchStatus:
        """Stop a batch; what is recorded stays. Raises NotFound, and Conflict for one that has ended."""
        await self.get(batch_id, principal)
        if not await self._end(batch_id, State.CANCELLED, among=OPEN, by=principal):
            raise Conflict(f"batch {batch_id} is not running, so that there is nothing to cancel")
        return await self._status(batch_id)

    async def resume(self, batch_id: str, principal: Principal) -> BatchStatus:
        """Let a cancelled or failed batch go on. Raises NotFound, and Conflict for one that is not stopped."""
        await self.get(batch_id, principal)
        async with self._database.write() as session:
            stopped = (State.CANCELLED, State.FAILED)
            if not await store.move(session, batch_id, State.WAITING, among=stopped, ended_at=None, fault=""):
                raise Conflict(f"batch {batch_id} is not stopped, so that there is nothing to resume")
            details = {"resumed": 1}
            await append(session, [Draft(Action.BATCH_BEGUN, actor(principal), batch_id, details=details)])
        return await self._status(batch_id)

    async def get(self, batch_id: str, principal: Principal) -> BatchStatus:
        """Return how far a batch is. A trader sees its own only. Raises NotFound otherwise."""
        async with self._database.read() as session:
            return await store.status_of(session, await store.read_batch(session, batch_id, only=principal.only))

    async def recent(
        self, principal: Principal, *, before: str | None = None, limit: int = 20
    ) -> tuple[BatchStatus, ...]:
        """Return the last batches that the principal may see, newest first, from before the id `before`."""
        async with self._database.read() as session:
            return tuple(await store.recent(session, principal.only, before, limit))

    async def results(self, batch_id: str, principal: Principal) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield the recorded result rows in the order of the file, a chunk at a time: `cells` as they came, and what
        `ResultRow` says. That they were read is recorded. Raises NotFound for a batch that is not the trader's own,
        InvalidInput when rows are not those that were recorded.
        """
        await self.get(batch_id, principal)
        async with self._database.write() as session:
            await append(session, [Draft(Action.RECORD_READ, actor(principal), batch_id)])
        async for chunk in store.chunks(self._database, batch_id):
            yield await asyncio.to_thread(unpack, chunk)

    async def prove(self, batch_id: str, number: int, principal: Principal) -> ProvedRow:
        """Return the proof of row `number` of the file. Raises NotFound when no such row is recorded."""
        await self.get(batch_id, principal)
        held = table("batch_chunk").c
        async with self._database.read() as session:
            chunk, found = await store.chunk_at(
                session, batch_id, (held.first_row <= number) & (held.last_row >= number)
            )
        numbers = [row["row"] for row in unpack(chunk)]
        if number not in numbers:
            raise InvalidInput(f"row {number} of the file is blank; it was not screened")
        return ProvedRow(prove(chunk, numbers.index(number)), chunk.root, found.audit_sequence, found.hash)

    def _pin(self, columns: Columns) -> Pinned:
        """What a batch that is begun now is answered under."""
        in_force = self._live.current()
        return Pinned(
            places=dict(columns.places),
            snapshots={key: info.id for key, info in in_force.snapshots.items()},
            index=in_force.hash,
            policy=self._answering.policy,
            thresholds_from=self._answering.thresholds_from,
            coverage=COVERAGE.dump_python(self._live.coverage(), mode="json"),
        )

    async def _snapshots(self, pinned: Pinned) -> dict[str, SnapshotInfo]:
        """The snapshots that a batch is pinned to. Raises Conflict when this version's matcher is not the batch's."""
        if (known := self._pinned.get(pinned.index)) is not None:
            return known
        async with self._database.read() as session:
            found = {key: await snapshot(session, name) for key, name in pinned.snapshots.items()}
        held = {key: info for key, info in found.items() if info is not None}
        if index_name(held) != pinned.index:
            raise Conflict("the batch was begun under another version of the matcher; send its file again")
        self._pinned[pinned.index] = held
        return held

    async def _status(self, batch_id: str) -> BatchStatus:
        async with self._database.read() as session:
            return await store.status_of(session, await store.read_batch(session, batch_id))

    async def _end(
        self, batch_id: str, state: State, *, among: tuple[State, ...], by: Principal | None = None, fault: str = ""
    ) -> bool:
        """End a batch and record that; False when it was not `among` these states."""
        async with self._database.write() as session:
            if not await store.move(session, batch_id, state, among=among, ended_at=iso(now()), fault=fault):
                return False
            row = await store.read_batch(session, batch_id)
            who = Actor(row.actor_id, row.actor_name, row.actor_role) if by is None else actor(by)
            status = await store.status_of(session, row)
            details = {"state": state.value, "rows": status.rows_done, "chunks": status.chunks_done, "fault": fault}
            await append(session, [Draft(Action.BATCH_ENDED, who, batch_id, details=details)])
            return True


def _draft(row: Any, number: int, pinned: Pinned, scored: Scored) -> Draft:
    """What the audit entry of a chunk says."""
    coverage = COVERAGE.validate_python(pinned.coverage)
    key = f"{row.id}-{number:06d}"
    return Draft(
        Action.BATCH_SCREENED,
        Actor(row.actor_id, row.actor_name, row.actor_role),
        key,
        idempotency_key=key,
        outcome=store.gravest(scored.counts).value,
        lists=lists_used(coverage.covered),
        matcher=_matcher(pinned, scored),
        results=scored.met,
        missing=coverage.missing,
        warnings=coverage.warnings,
        details=store.details_of(row.id, number, scored),
    )


def _matcher(pinned: Pinned, scored: Scored) -> MatcherUsed:
    return MatcherUsed(
        version=VERSION,
        config_hash=scored.config_hash,
        review_threshold=pinned.policy.review_threshold,
        match_threshold=pinned.policy.match_threshold,
        thresholds_from=pinned.thresholds_from,
        index=scored.index,
    )
