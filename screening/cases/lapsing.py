"""Lapsing: clearances that end by themselves, because the listed entity changed or the date has passed."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.database import Database
from lists.snapshots import versions
from lists.tables import EntityVersion
from screening.cases.case import CasePolicy, Ending
from screening.cases.clearances import TOGETHER, End, end, expired
from screening.cases.tables import ClearanceRow

ON_A_LIST = 500
"""Clearances looked at together: their entities and versions stand in one IN list each."""


async def lapse_changed(session: AsyncSession, source: str, policy: CasePolicy) -> int:
    """End the clearances whose listed entity is another since this list's edition came into force: in the transaction
    that brings it into force. Returns how many ended.
    """
    query = select(ClearanceRow).where(col(ClearanceRow.ended_at).is_(None)).order_by(col(ClearanceRow.id))
    rows = list(await session.scalars(query))
    ended = 0
    for at in range(0, len(rows), ON_A_LIST):
        ended += await _lapse(session, rows[at : at + ON_A_LIST], source, policy)
    return ended


async def lapse_expired(database: Database, policy: CasePolicy) -> int:
    """End the clearances whose date has passed, and open their cases again. Returns how many ended."""
    ended = 0
    while True:
        async with database.write() as session:
            rows = await expired(session)
            ended += await end(session, rows, End(Ending.EXPIRED), policy)
        if len(rows) < TOGETHER:
            return ended


async def _lapse(session: AsyncSession, rows: Sequence[ClearanceRow], source: str, policy: CasePolicy) -> int:
    current = await versions(session, {row.entity_id for row in rows})
    of_source = await _hashes_of(session, source, rows)
    changed = [row for row in rows if _has_changed(row, current[row.entity_id].get(source), of_source)]
    listed = [row for row in changed if current[row.entity_id]]
    gone = [row for row in changed if not current[row.entity_id]]
    how = End(Ending.ENTITY_CHANGED, versions=_as_bound(listed, current))
    return await end(session, listed, how, policy) + await end(session, gone, End(Ending.DELISTED), policy)


def _has_changed(row: ClearanceRow, now_on_source: str | None, of_source: frozenset[str]) -> bool:
    """Whether the list has another version of the entity than the one the clearance is bound to, or has it no more."""
    bound = set(row.version.split())
    if now_on_source is not None:
        return now_on_source not in bound
    return bool(bound & of_source)


async def _hashes_of(session: AsyncSession, source: str, rows: Iterable[ClearanceRow]) -> frozenset[str]:
    """The versions that clearances are bound to which are this list's."""
    bound = {version for row in rows for version in row.version.split()}
    query = select(col(EntityVersion.hash)).where(
        col(EntityVersion.hash).in_(bound), col(EntityVersion.source) == source
    )
    return frozenset(await session.scalars(query))


def _as_bound(rows: Iterable[ClearanceRow], current: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    return {row.entity_id: " ".join(sorted(current[row.entity_id].values())) for row in rows}
