"""Leases: which processes that take work are alive. Each renews its own; what one leaves whose lease ran out, others
take over.
"""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

import screening.batch.tables  # noqa: F401 - its table must be known before it is asked for
from core.clock import iso, now
from screening.records import table

RENEW_SECONDS = 5.0
"""How often a process renews its lease."""

LEASE = timedelta(seconds=30)
"""Six renewals missed: longer than any pause of a process that lives, short enough that nobody waits for the dead."""


async def renew(session: AsyncSession, executor_id: str) -> None:
    """Say that this process lives, and forget those that have not said so for many leases."""
    executors, moment = table("executor"), now()
    found = update(executors).where(executors.c.id == executor_id).values(seen_at=iso(moment))
    if not (await session.execute(found.returning(executors.c.id))).all():
        await session.execute(executors.insert().values(id=executor_id, seen_at=iso(moment)))
    await session.execute(delete(executors).where(executors.c.seen_at < iso(moment - 100 * LEASE)))


async def alive(session: AsyncSession) -> frozenset[str]:
    """Return the processes whose lease holds."""
    executors = table("executor").c
    query = select(executors.id).where(executors.seen_at >= iso(now() - LEASE))
    return frozenset((await session.execute(query)).scalars())


async def give_up(session: AsyncSession, executor_id: str) -> None:
    """Let go of this process's lease, so that its work is taken over at once."""
    executors = table("executor")
    await session.execute(delete(executors).where(executors.c.id == executor_id))
