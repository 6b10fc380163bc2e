"""Checks: every look at a publisher or mirror leaves a row, whatever came of it; freshness is told from these rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lists.files import FetchedFile
from lists.tables import ListCheck


class CheckOutcome(StrEnum):
    """How a check ended. The first two are successes: the list is known to be what its publisher has."""

    ACTIVATED = "activated"  # a new edition came into force
    UNCHANGED = "unchanged"  # the edition in force is the publisher's
    REFUSED = "refused"  # a file came, and was not fit to come into force
    FAILED = "failed"  # no file came


SUCCESSES = (CheckOutcome.ACTIVATED, CheckOutcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Validators:
    """What the publisher said of the file in force, to be sent back with the next request for the same address."""

    etag: str | None = None
    last_modified: str | None = None
    file_sha256: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one check ended, why, and the snapshot in force afterwards, if there is any."""

    outcome: CheckOutcome
    snapshot_id: str | None
    reason: str = ""


async def write(session: AsyncSession, source: str, verdict: Verdict, fetched: FetchedFile | str, at: datetime) -> None:
    """Add the row of one check. `fetched` is the file that came, or the address from which none did."""
    row = ListCheck(
        source=source,
        checked_at=at,
        outcome=verdict.outcome.value,
        reason=verdict.reason,
        snapshot_id=verdict.snapshot_id,
        url=fetched if isinstance(fetched, str) else fetched.origin,
    )
    if isinstance(fetched, FetchedFile):
        row.etag, row.last_modified, row.file_sha256 = fetched.etag, fetched.last_modified, fetched.sha256
    session.add(row)
    await session.flush()


async def last(
    session: AsyncSession, *, successful: bool = False, as_of: datetime | None = None
) -> dict[str, ListCheck]:
    """Return the last check of every source, by source key: the last successful one if asked, the last one made at or
    before the moment `as_of` if given.
    """
    latest = select(func.max(ListCheck.id)).group_by(col(ListCheck.source))
    if as_of is not None:
        latest = latest.where(col(ListCheck.checked_at) <= as_of)
    if successful:
        latest = latest.where(col(ListCheck.outcome).in_([outcome.value for outcome in SUCCESSES]))
    rows = await session.execute(select(ListCheck).where(col(ListCheck.id).in_(latest)))
    return {row.source: row for row in rows.scalars()}


async def validators(session: AsyncSession, source: str, url: str, snapshot_id: str | None) -> Validators:
    """Return what to send with the next request to `url`: empty unless the last success there gave the snapshot in
    force, since "not modified" must mean "what is in force is right".
    """
    query = (
        select(ListCheck)
        .where(col(ListCheck.source) == source, col(ListCheck.url) == url)
        .where(col(ListCheck.outcome).in_([outcome.value for outcome in SUCCESSES]))
        .order_by(col(ListCheck.id).desc())
        .limit(1)
    )
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None or snapshot_id is None or row.snapshot_id != snapshot_id:
        return Validators()
    return Validators(row.etag, row.last_modified, row.file_sha256)
