"""Status: how fresh each list is, told from its last checks. Freshness is one thing, the publication date another:
a list may rightly stand unchanged for weeks, and is fresh as long as somebody looked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from core.settings import Settings
from lists import checks
from lists.address import address, public
from lists.snapshots import SnapshotInfo, in_force
from lists.source import Source
from lists.tables import ListCheck


class ListState(StrEnum):
    """Whether a list may be relied on. Only a fresh one can make an answer clear."""

    FRESH = "fresh"
    STALE = "stale"  # not successfully checked within its maximum age
    MISSING = "missing"  # never held
    NOT_LOADED = "not_loaded"  # never held, and optional: an answer says so, and may be clear
    DISABLED = "disabled"  # switched off by the settings: not covered


UNUSED = frozenset({ListState.NOT_LOADED, ListState.DISABLED})
"""States of lists that nobody relies on here: they count neither as fresh nor as wanting."""


@dataclass(frozen=True, slots=True)
class ListStatus:
    """One list now: what is in force, when it was last looked at and how that ended, and when it is next.

    `url` is where it is read from, `page` where the publisher explains it. A check succeeds when the publisher or a
    mirror was reached and its edition is the one in force. `next_check_at` is None for a list that is switched off.
    """

    key: str
    title: str
    publisher: str
    url: str
    page: str
    state: ListState
    snapshot: SnapshotInfo | None
    last_checked_at: datetime | None
    last_success_at: datetime | None
    last_outcome: str | None
    last_reason: str
    every: timedelta
    max_age: timedelta
    next_check_at: datetime | None


async def statuses(
    session: AsyncSession, sources: Iterable[Source], settings: Settings, now: datetime
) -> list[ListStatus]:
    """Return the status of every source, in the order given."""
    snapshots = await in_force(session)
    last = await checks.last(session)
    good = await checks.last(session, successful=True)
    return [
        _status(source, settings, _Known(snapshots.get(source.key), last.get(source.key), good.get(source.key)), now)
        for source in sources
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    snapshot: SnapshotInfo | None
    last: ListCheck | None
    good: ListCheck | None


def _status(source: Source, settings: Settings, known: _Known, now: datetime) -> ListStatus:
    own = settings.source(source.key)
    every, max_age = own.every or source.every, own.max_age or source.max_age
    last_checked_at = known.last.checked_at if known.last else None
    last_success_at = known.good.checked_at if known.good else None
    return ListStatus(
        key=source.key,
        title=source.title,
        publisher=source.publisher,
        url=public(address(source, settings)),
        page=source.page,
        state=_state(source, known, settings, now),
        snapshot=known.snapshot,
        last_checked_at=last_checked_at,
        last_success_at=last_success_at,
        last_outcome=known.last.outcome if known.last else None,
        last_reason=known.last.reason if known.last else "",
        every=every,
        max_age=max_age,
        next_check_at=_next_check(last_checked_at, every, now) if own.enabled else None,
    )


def _state(source: Source, known: _Known, settings: Settings, now: datetime) -> ListState:
    own = settings.source(source.key)
    max_age = own.max_age or source.max_age
    if not own.enabled:
        return ListState.DISABLED
    if known.snapshot is None:
        return ListState.NOT_LOADED if source.optional else ListState.MISSING
    if known.good is None or now - known.good.checked_at > max_age:
        return ListState.STALE
    return ListState.FRESH


def _next_check(last: datetime | None, every: timedelta, now: datetime) -> datetime:
    return now if last is None else last + every
