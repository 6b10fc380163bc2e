"""Intake: the rows of a table, taken into the database as chunks that wait to be screened.

From then on the batch needs its file no more: whoever reaches the database can go on with it.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import iso, now
from core.database import Database
from core.errors import Conflict, InvalidInput
from screening.access import Principal
from screening.audit.entry import Action, Draft, canonical
from screening.audit.log import actor, append
from screening.batch import store
from screening.batch.chunk import ROWS, pack_input
from screening.batch.pool import Pinned
from screening.batch.reading import Row, Table
from screening.batch.status import State
from screening.identity import new_id
from screening.records import table

TOGETHER = 20
"""Chunks in one transaction: enough that the disk is not what limits, few enough that no other writer waits long."""

UNFINISHED_AFTER = timedelta(hours=6)
"""A file of ten million rows is taken in within minutes: after this long nobody is still at it."""

MOST_NAME = 255
"""Characters of a file's name that are kept: what file systems allow."""


@dataclass(frozen=True, slots=True)
class FileTaken:
    """A file that was sent: its name as its owner calls it, the SHA-256 of its bytes, and whether its alarms open
    cases. `batch_id` is that under which it is taken in, where its sender chose it; `once` an idempotency key.
    """

    name: str
    sha256: str
    opens_cases: bool = True
    batch_id: str | None = None
    once: str | None = None


async def take_in(database: Database, given: Table, pinned: Pinned, principal: Principal, file: FileTaken) -> str:
    """Take a table in and return the id of its batch, which then waits. What was taken in under the same id or
    idempotency key before, and not in whole, is dropped: its sender was cut off, and sends it again. What was taken in
    whole under that key is returned as it is.

    Raises InvalidInput when it has no rows, Conflict when the key was used for another file, other columns or other
    cases, or when the file is sent again under it meanwhile. Where it raises, nothing is kept.
    """
    await _forget_unfinished(database)
    earlier = await _earlier(database, pinned, principal, file)
    if earlier is not None and earlier.state != State.READING.value:
        return str(earlier.id)
    if earlier is not None:
        await _forget(database, earlier.id)
    batch_id = file.batch_id or new_id()
    await _forget(database, batch_id)
    await _open(database, batch_id, given, (pinned, principal), file)
    try:
        rows, chunks = await _read(database, batch_id, given)
    except BaseException:
        await asyncio.shield(_forget(database, batch_id))
        raise
    details = {
        "file": file.name[:MOST_NAME],
        "file_sha256": file.sha256,
        "rows": rows,
        "columns": list(given.columns),
        "mapping": canonical(pinned.places).decode(),
    }
    async with database.write() as session:
        await _still_reading(session, batch_id, State.WAITING, rows=rows, chunks=chunks)
        draft = Draft(Action.BATCH_BEGUN, actor(principal), batch_id, idempotency_key=file.once, details=details)
        await append(session, [draft])
    return batch_id


async def _open(
    database: Database, batch_id: str, given: Table, terms: tuple[Pinned, Principal], file: FileTaken
) -> None:
    pinned, principal = terms
    values = {
        "id": batch_id,
        "created_at": iso(now()),
        "actor_id": principal.id,
        "actor_name": principal.name,
        "actor_role": principal.role.value,
        "file_name": file.name[:MOST_NAME],
        "file_sha256": file.sha256,
        "columns": store.text_of(given.columns),
        "places": store.text_of(pinned.places),
        "pinned": store.pinned_text(pinned),
        "rows": 0,
        "chunks": 0,
        "state": State.READING.value,
        "fault": "",
        "opens_cases": file.opens_cases,
        "idempotency_key": file.once,
    }
    try:
        async with database.write() as session:
            await session.execute(table("batch").insert().values(values))
    except IntegrityError as error:
        raise Conflict("this file is being taken in at this moment; look for its batch") from error


async def _earlier(database: Database, pinned: Pinned, principal: Principal, file: FileTaken) -> Any:
    """The batch that was taken in under the same idempotency key, None if there is none. Raises Conflict when that one
    was another file's, or was asked for otherwise.
    """
    if file.once is None:
        return None
    rows = table("batch")
    query = select(rows).where(rows.c.actor_id == principal.id, rows.c.idempotency_key == file.once)
    async with database.read() as session:
        row = (await session.execute(query)).one_or_none()
    asked = (file.name[:MOST_NAME], file.sha256, store.text_of(pinned.places), file.opens_cases)
    if row is not None and (row.file_name, row.file_sha256, row.places, row.opens_cases) != asked:
        raise Conflict(
            f"the idempotency key was used before, by batch {row.id}, for another file, other columns or other cases; "
            "nothing was taken in now; use a new key for a new batch"
        )
    return row


async def _read(database: Database, batch_id: str, given: Table) -> tuple[int, int]:
    """Store the rows; return how many there are, and in how many chunks. Raises InvalidInput when there are none."""
    packed = _packed(given.rows())
    rows = number = 0
    while together := await asyncio.to_thread(lambda: list(islice(packed, TOGETHER))):
        values: list[dict[str, Any]] = []
        for size, piece in together:
            values.append({"batch_id": batch_id, "number": number, "packed": piece})
            rows, number = rows + size, number + 1
        async with database.write() as session:
            await _still_reading(session, batch_id)
            await (await session.connection()).execute(table("batch_input").insert(), values)
    if not rows:
        raise InvalidInput("the table has a header and no rows; there is nothing to screen")
    return rows, number


async def _still_reading(session: AsyncSession, batch_id: str, state: State = State.READING, **values: Any) -> None:
    """Hold the batch until the transaction ends, and move it on. Raises Conflict when others have dropped it."""
    if not await store.move(session, batch_id, state, among=(State.READING,), **values):
        raise Conflict("the file was sent again while it was taken in; the later sending counts")


def _packed(rows: Iterable[Row]) -> Iterator[tuple[int, bytes]]:
    waiting = iter(rows)
    while piece := list(islice(waiting, ROWS)):
        yield len(piece), pack_input(piece)


async def _forget_unfinished(database: Database) -> None:
    """Drop what was never taken in whole: who sent it was killed, and sends it again."""
    batches = table("batch").c
    query = select(batches.id).where(
        batches.state == State.READING.value, batches.created_at < iso(now() - UNFINISHED_AFTER)
    )
    async with database.read() as session:
        left = list((await session.execute(query)).scalars())
    for batch_id in left:
        await _forget(database, batch_id)


async def _forget(database: Database, batch_id: str) -> None:
    batches, waiting = table("batch"), table("batch_input")
    async with database.write() as session:
        gone = delete(batches).where(batches.c.id == batch_id, batches.c.state == State.READING.value)
        if (await session.execute(gone.returning(batches.c.id))).all():
            await session.execute(delete(waiting).where(waiting.c.batch_id == batch_id))
