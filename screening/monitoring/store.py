"""The tables of monitoring, written and read. Every function leaves its session's transaction to the caller."""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

import screening.monitoring.tables  # noqa: F401 - its tables must be known before they are asked for
from core.clock import iso, now
from core.errors import NotFound
from lists.diff import Membership, compare
from lists.snapshots import SnapshotInfo, in_force, members
from screening.access import Principal, Role
from screening.identity import new_id
from screening.monitoring.subject import FIELDS, stored
from screening.records import table

Cells = Sequence[str]

ABANDONED_AFTER = timedelta(seconds=90)
"""After this long without a sign of life a run is taken over: whoever works at it gives one every few seconds."""

BEGUN, RUNNING, DONE = "begun", "running", "done"
"""States of a run; begun: monitoring began with this edition of the list, and there is nothing to hold against it."""


async def insert(
    session: AsyncSession, subjects: Sequence[Cells], owner: Principal, ids: Sequence[str] | None = None
) -> list[str]:
    """Keep subjects (under new ids, where none are given) and return their ids.

    The session must come from `Database.write()`, which queued up: numbers have no gaps.
    """
    names = ids or [new_id() for _ in subjects]
    rows = table("monitored_subject")
    last = (await session.execute(select(func.max(rows.c.number)))).scalar_one() or 0
    at = iso(now())
    values = [
        {
            "number": number,
            "id": name,
            "owner_id": owner.id,
            "owner_name": owner.name,
            "owner_role": owner.role.value,
            "reference": cells[0] or None,
            "cells": stored(cells),
            "kept_at": at,
        }
        for number, (name, cells) in enumerate(zip(names, subjects, strict=True), last + 1)
    ]
    if values:
        await (await session.connection()).execute(rows.insert(), values)
    return list(names)


async def is_kept(session: AsyncSession, subject_id: str) -> bool:
    """Say whether there is a subject of this id."""
    rows = table("monitored_subject")
    return (await session.execute(select(rows.c.id).where(rows.c.id == subject_id))).one_or_none() is not None


async def read(session: AsyncSession, subject_id: str, *, only: str | None = None) -> Any:
    """Return a subject's row. Raises NotFound for none, and for one whose owner is not `only`."""
    rows = table("monitored_subject")
    row = (await session.execute(select(rows).where(rows.c.id == subject_id))).one_or_none()
    if row is None or (only is not None and row.owner_id != only):
        raise NotFound(f"there is no monitored subject {subject_id} that you may see")
    return row


async def end(session: AsyncSession, subject_id: str) -> bool:
    """Screen a subject no more; False when it had ended already."""
    rows = table("monitored_subject")
    ended = update(rows).where(rows.c.id == subject_id, rows.c.ended_at.is_(None)).values(ended_at=iso(now()))
    return bool((await session.execute(ended.returning(rows.c.id))).all())


async def page(session: AsyncSession, only: str | None, before: int | None, limit: int) -> list[Any]:
    """Return subjects that are kept, newest first, from before the number `before`."""
    rows = table("monitored_subject")
    query = select(rows).where(rows.c.ended_at.is_(None)).order_by(rows.c.number.desc()).limit(limit)
    if only is not None:
        query = query.where(rows.c.owner_id == only)
    if before is not None:
        query = query.where(rows.c.number < before)
    return list(await session.execute(query))


async def counts(session: AsyncSession) -> tuple[int, int]:
    """Return how many subjects are kept now, and the last number that was given."""
    rows = table("monitored_subject").c
    kept = (await session.execute(select(func.count()).where(rows.ended_at.is_(None)))).scalar_one()
    return kept, (await session.execute(select(func.max(rows.number)))).scalar_one() or 0


async def segment(session: AsyncSession, first: int, last: int) -> list[tuple[int, Cells]]:
    """Return the subjects numbered `first` to `last`, ended ones too: number and cells."""
    rows = table("monitored_subject").c
    query = select(rows.number, rows.cells).where(rows.number.between(first, last)).order_by(rows.number)
    return [(row.number, json.loads(row.cells)) for row in await session.execute(query)]


async def first_id(session: AsyncSession, number: int) -> str:
    """Return the id of the subject with this number: with how many follow, it names a segment's content."""
    rows = table("monitored_subject").c
    return str((await session.execute(select(rows.id).where(rows.number == number))).scalar_one())


async def by_owner(session: AsyncSession, numbers: Collection[int] | None) -> Mapping[Principal, list[Cells]]:
    """Return the subjects that are still kept among these numbers (all, for None), by owner."""
    rows = table("monitored_subject").c
    query = select(rows.owner_id, rows.owner_name, rows.owner_role, rows.cells, rows.number).where(
        rows.ended_at.is_(None)
    )
    found: dict[Principal, list[Cells]] = {}
    if numbers is None:
        async for row in await session.stream(query.order_by(rows.number)):
            _add(found, row)
        return found
    wanted = sorted(numbers)
    for at in range(0, len(wanted), 500):
        for row in await session.execute(query.where(rows.number.in_(wanted[at : at + 500]))):
            _add(found, row)
    return found


def _add(found: dict[Principal, list[Cells]], row: Any) -> None:
    owner = Principal(row.owner_id, row.owner_name, Role(row.owner_role))
    cells = json.loads(row.cells)
    found.setdefault(owner, []).append((*cells, *("" for _ in range(len(FIELDS) - len(cells)))))


async def due(session: AsyncSession) -> list[str]:
    """Return the lists whose edition in force has not been held against the subjects yet; none without a subject."""
    kept, _ = await counts(session)
    found = []
    for key, info in (await in_force(session)).items() if kept else ():
        run = await last_run(session, key)
        if run is not None and run.state == RUNNING:
            if run.renewed_at < iso(now() - ABANDONED_AFTER):
                found.append(key)
        elif run is None or run.after != info.id:
            found.append(key)
    return found


async def last_run(session: AsyncSession, source: str) -> Any | None:
    """Return the last run (or beginning) of a list; None where monitoring has not begun for it."""
    rows = table("rescreen")
    return (
        await session.execute(select(rows).where(rows.c.source == source).order_by(rows.c.id.desc()).limit(1))
    ).one_or_none()


async def begin_run(session: AsyncSession, source: str, before: str | None, after: str, state: str) -> str:
    """Note that a list change is held against the subjects (or that monitoring begins); return the run's id."""
    run_id = new_id()
    values = {
        **{"id": run_id, "source": source, "before": before, "after": after, "state": state},
        **dict.fromkeys(("started_at", "renewed_at"), iso(now())),
        **{"entities": 0, "subjects": 0, "candidates": 0, "alarms": 0, "batches": ""},
    }
    await session.execute(table("rescreen").insert().values(values))
    return run_id


async def note_run(session: AsyncSession, run_id: str, **values: object) -> None:
    """Note what has become of a run."""
    rows = table("rescreen")
    await session.execute(update(rows).where(rows.c.id == run_id).values(**values))


async def runs(session: AsyncSession, source: str | None, before: str | None, limit: int) -> list[Any]:
    """Return runs, newest first, from before the id `before`."""
    rows = table("rescreen")
    query = select(rows).where(rows.c.state != BEGUN).order_by(rows.c.id.desc()).limit(limit)
    if source is not None:
        query = query.where(rows.c.source == source)
    if before is not None:
        query = query.where(rows.c.id < before)
    return list(await session.execute(query))


async def changed(session: AsyncSession, before: SnapshotInfo | None, after: SnapshotInfo) -> Membership:
    """Return which entities came, changed and went from one edition to the next; all came where there was none."""
    editions = [await _members(session, info) if info is not None else {} for info in (before, after)]
    return compare(*editions)


async def stored_entities(
    session: AsyncSession, info: SnapshotInfo, entity_ids: Collection[str]
) -> AsyncIterator[tuple[str, str, bytes]]:
    """Yield id, version and stored bytes of these entities of an edition."""
    wanted = set(entity_ids)
    async for row in await session.stream(members(info.source, info.number)):
        if row.entity_id in wanted:
            yield row.entity_id, row.hash, row.payload


async def _members(session: AsyncSession, info: SnapshotInfo) -> dict[str, str]:
    found = await session.execute(members(info.source, info.number))
    return {row.entity_id: row.hash for row in found}
