"""Store: what of a batch is in the database. Its work may change and go; its chunks, once recorded, do not.

Rows wait as chunks of packed input. A chunk is recorded in the transaction that removes its input, so that each is
recorded once, whoever screens it and whoever is killed meanwhile.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

import screening.batch.tables  # noqa: F401 - its tables must be known before they are asked for
from core.database import Database
from core.errors import NotFound
from screening.audit.entry import Actor, Draft, canonical, record_of
from screening.audit.log import append
from screening.batch.chunk import Chunk
from screening.batch.pool import Pinned, Scored
from screening.batch.status import OPEN, BatchStatus, State
from screening.batch.writing import screening_id
from screening.cases.alarm import Alarm
from screening.cases.case import CasePolicy, RecordKind
from screening.cases.opening import open_or_join
from screening.cases.standing import clearance_details, look_up
from screening.matching.policy import Policy
from screening.matching.result import Outcome
from screening.matching.version import VERSION
from screening.records import table

GRAVITY = (Outcome.MATCH, Outcome.REVIEW, Outcome.INCOMPLETE, Outcome.CLEAR)
"""Outcomes, the gravest first: a chunk's is that of its gravest row."""


async def read_batch(session: AsyncSession, batch_id: str, *, only: str | None = None) -> Row[Any]:
    """Return a batch's row. `only`: the actor whose it must be. Raises NotFound when there is none (of that actor)."""
    rows = table("batch")
    row = (await session.execute(select(rows).where(rows.c.id == batch_id))).one_or_none()
    if row is None or (only is not None and row.actor_id != only):
        raise NotFound(f"there is no batch {batch_id} that you may read")
    return row


def pinned_of(row: Row[Any]) -> Pinned:
    """Return what a batch's rows are answered under."""
    held = json.loads(row.pinned)
    return Pinned(json.loads(row.places), **held | {"policy": Policy(**held["policy"])})


def pinned_text(pinned: Pinned) -> str:
    """Return that as `pinned_of` reads it; the columns are kept beside it."""
    held = asdict(pinned)
    return text_of({name: value for name, value in held.items() if name != "places"})


def text_of(value: Any) -> str:
    """Return what a text column of a batch holds: JSON."""
    return json.dumps(value, ensure_ascii=False)


async def status_of(session: AsyncSession, row: Row[Any]) -> BatchStatus:
    """Return how far a batch is."""
    columns = json.loads(row.columns)
    counts: Counter[str] = Counter()
    chunks = 0
    held = table("batch_chunk").c
    for text in (await session.execute(select(held.counts).where(held.batch_id == row.id))).scalars():
        counts.update(json.loads(text))
        chunks += 1
    unreadable = counts.pop("unreadable", 0)
    return BatchStatus(
        id=row.id,
        state=State(row.state),
        file_name=row.file_name,
        file_sha256=row.file_sha256,
        columns=tuple(columns),
        mapping={field: columns[at] for field, at in json.loads(row.places).items()},
        lists=json.loads(row.pinned)["snapshots"],
        rows=row.rows,
        rows_done=counts.total(),
        chunks=row.chunks,
        chunks_done=chunks,
        counts={outcome: counts[outcome.value] for outcome in Outcome},
        unreadable=unreadable,
        opens_cases=row.opens_cases,
        asked_by=row.actor_name,
        created_at=datetime.fromisoformat(row.created_at),
        ended_at=None if row.ended_at is None else datetime.fromisoformat(row.ended_at),
        fault=row.fault,
    )


async def recent(session: AsyncSession, only: str | None, before: str | None, limit: int) -> list[BatchStatus]:
    """Return the last batches (of the actor `only`), newest first, from before the id `before`."""
    rows = table("batch")
    query = select(rows).order_by(rows.c.id.desc()).limit(limit)
    query = query if only is None else query.where(rows.c.actor_id == only)
    query = query if before is None else query.where(rows.c.id < before)
    return [await status_of(session, row) for row in (await session.execute(query)).all()]


async def waiting(session: AsyncSession, batch_id: str) -> list[int]:
    """Return the numbers of the chunks that are not recorded yet, in their order."""
    held = table("batch_input").c
    query = select(held.number).where(held.batch_id == batch_id).order_by(held.number)
    return list((await session.execute(query)).scalars())


async def input_of(session: AsyncSession, batch_id: str, number: int) -> bytes | None:
    """Return the packed rows of a chunk that waits; None when it is recorded."""
    held = table("batch_input").c
    query = select(held.packed).where(held.batch_id == batch_id, held.number == number)
    packed: bytes | None = (await session.execute(query)).scalar_one_or_none()
    return packed


async def move(session: AsyncSession, batch_id: str, state: State, *, among: tuple[State, ...], **values: Any) -> bool:
    """Set a batch's state if it is `among` these; return whether it was."""
    rows = table("batch")
    given = [one.value for one in among]
    query = update(rows).where(rows.c.id == batch_id, rows.c.state.in_(given)).values(state=state.value, **values)
    return bool((await session.execute(query.returning(rows.c.id))).all())


async def record(session: AsyncSession, key: tuple[str, int], scored: Scored, draft: Draft, policy: CasePolicy) -> bool:
    """Record a scored chunk: its audit entry, its row, its rows and the cases that they open. False, and nothing done,
    when it is recorded already or the batch is no longer open.

    `key` is the batch's id and the chunk's number, `draft` what the entry says; the transaction is the caller's.
    """
    batch_id, number = key
    row = await read_batch(session, batch_id)
    if State(row.state) not in OPEN:
        return False
    held = table("batch_input")
    taken = delete(held).where(held.c.batch_id == batch_id, held.c.number == number).returning(held.c.number)
    if not (await session.execute(taken)).all():
        return False
    alarms = _alarms(row, scored, draft.actor) if row.opens_cases else []
    standing = await look_up(session, alarms)
    cleared = [one for alarm in alarms for one in standing.sift(alarm).cleared]
    details = {**draft.details, **clearance_details(cleared, None)}
    (entry,) = await append(session, [replace(draft, details=details)])
    values = {"audit_sequence": entry.sequence, "number": number}
    connection = await session.connection()
    await connection.execute(
        table("batch_chunk")
        .insert()
        .values(**(record_of(entry.content) or {}), **values, first_row=scored.first_row, last_row=scored.last_row)
    )
    await connection.execute(
        table("batch_rows").insert().values(sequence=entry.sequence, salt=scored.chunk.salt, packed=scored.chunk.packed)
    )
    await open_or_join(session, alarms, policy, standing)
    return True


def _alarms(row: Row[Any], scored: Scored, asked_by: Actor) -> list[Alarm]:
    """The alarms of a chunk's rows; a row is a record of its own, by its screening id."""
    return [
        Alarm(
            record_kind=RecordKind.BATCH_ROW,
            record_id=screening_id(row.id, alarm.row),
            asked_by=asked_by,
            subject=alarm.subject,
            hits=alarm.hits,
            matcher=VERSION,
            otherwise=alarm.otherwise,
            path=str(alarm.row),
        )
        for alarm in scored.alarms
    ]


def details_of(batch_id: str, number: int, scored: Scored) -> dict[str, Any]:
    """Return what a chunk's audit entry says of its own: which rows, the root that stands for them, how they ended."""
    return {
        "batch_id": batch_id,
        "chunk": number,
        "first_row": scored.first_row,
        "last_row": scored.last_row,
        "root": scored.chunk.root,
        "counts": canonical(scored.counts).decode(),
    }


def gravest(counts: Mapping[str, int]) -> Outcome:
    """Return the gravest outcome that any row has."""
    return next((outcome for outcome in GRAVITY if counts.get(outcome.value)), Outcome.CLEAR)


async def chunks(database: Database, batch_id: str) -> AsyncIterator[Chunk]:
    """Yield the recorded chunks of a batch in the order of its file, each read in a transaction of its own."""
    held = table("batch_chunk").c
    async with database.read() as session:
        numbers = list(
            (
                await session.execute(select(held.number).where(held.batch_id == batch_id).order_by(held.number))
            ).scalars()
        )
    for number in numbers:
        async with database.read() as session:
            yield (await chunk_at(session, batch_id, held.number == number))[0]


async def chunk_at(session: AsyncSession, batch_id: str, which: Any) -> tuple[Chunk, Any]:
    """Return the recorded chunk for which `which` holds, and its row with its entry's hash. Raises NotFound."""
    held, rows, entries = table("batch_chunk").c, table("batch_rows").c, table("audit_entry").c
    query = (
        select(held.first_row, held.root, held.audit_sequence, entries.hash, rows.packed, rows.salt)
        .join(table("audit_entry"), entries.sequence == held.audit_sequence)
        .outerjoin(table("batch_rows"), rows.sequence == held.audit_sequence)
        .where(held.batch_id == batch_id, which)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound(f"batch {batch_id} has no such row recorded")
    if row.packed is None:
        raise NotFound(f"these rows of batch {batch_id} were erased; their audit entry {row.audit_sequence} stays")
    return Chunk(row.packed, row.salt, row.root), row


async def open_batches(session: AsyncSession) -> list[str]:
    """Return the ids of the batches that have something left to do, the oldest first."""
    rows = table("batch").c
    query = select(rows.id).where(rows.state.in_([one.value for one in OPEN])).order_by(rows.id)
    return list((await session.execute(query)).scalars())
