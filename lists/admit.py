"""Admit: bring read editions into force, or refuse them, each with its row and its observer in one transaction."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core import clock
from core.database import Database
from core.errors import ListError, ListFetchError
from lists import checks, saving
from lists.address import public
from lists.checks import CheckOutcome, Verdict
from lists.editions import Edition, Order
from lists.files import FetchedFile
from lists.snapshots import SnapshotInfo, in_force
from lists.source import Source


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """How one check of one list ended. `snapshot` is the one in force afterwards; the counts say what changed."""

    source: str
    outcome: CheckOutcome
    reason: str = ""
    snapshot: SnapshotInfo | None = None
    file_name: str = ""
    origin: str = ""
    added: int = 0
    changed: int = 0
    removed: int = 0
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the list is now known to be what its publisher or mirror has."""
        return self.outcome in checks.SUCCESSES


Observe = Callable[[AsyncSession, RefreshResult], Awaitable[None]]
"""Called in the transaction that records a check, so that an audit entry stands or falls with it."""

Tell = Callable[[str, str], None]
"""Called with what is worked on and what is being done to it: fetching, reading, saving. For progress bars."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms editions are admitted. `allow_older`: also one published before the one in force.

    `sample`: they are the excerpt bundled with Caspian. `max_bytes`: the most that one file may unpack to.
    """

    allow_older: bool = False
    sample: bool = False
    max_bytes: int = 512 * 1024**2
    clock: Callable[[], datetime] = clock.now
    observe: Observe | None = None
    tell: Tell | None = None
    started: float = field(default_factory=time.monotonic)

    def say(self, what: str, doing: str) -> None:
        """Tell whoever shows progress."""
        if self.tell is not None:
            self.tell(what, doing)


async def admit_in_order(database: Database, plan: Order, terms: Terms) -> list[tuple[Edition, RefreshResult]]:
    """Refuse the unsound editions, then bring history and the newest into force, in this order."""
    results = []
    for edition in plan.unsound:
        assert isinstance(edition.prepared, ListError)
        candidate = edition.candidate
        results.append((edition, await refuse(database, candidate.source, edition.prepared, candidate.fetched, terms)))
    for edition in plan.history:
        results.append((edition, await admit(database, edition, replace(terms, allow_older=False))))
    if plan.newest is not None:
        results.append((plan.newest, await admit(database, plan.newest, terms)))
    return results


async def admit(database: Database, edition: Edition, terms: Terms) -> RefreshResult:
    """Save one sound edition and bring it into force; or record why not, with the old one staying in force."""
    source, prepared = edition.candidate.source, edition.prepared
    assert not isinstance(prepared, ListError)
    fetched = replace(edition.candidate.fetched, sample=terms.sample)
    terms.say(fetched.file_name, "saving")
    try:
        async with database.write() as session:
            saved = await saving.save(session, source, prepared, fetched, terms.clock(), allow_older=terms.allow_older)
            result = RefreshResult(
                source=source.key,
                outcome=saved.outcome,
                snapshot=saved.snapshot,
                file_name=fetched.file_name,
                origin=fetched.origin,
                added=saved.added,
                changed=saved.changed,
                removed=saved.removed,
                seconds=_seconds(terms),
            )
            await _observe(session, result, terms)
    except ListError as error:
        return await refuse(database, source, error, fetched, terms)
    return result


async def refuse(
    database: Database, source: Source, error: ListError, came: FetchedFile | str, terms: Terms
) -> RefreshResult:
    """Record that a file was refused, or that none came from the address `came`. Nothing in force changes."""
    outcome = CheckOutcome.FAILED if isinstance(error, ListFetchError) else CheckOutcome.REFUSED
    return await record(database, source, outcome, came, terms, str(error))


async def record(
    database: Database, source: Source, outcome: CheckOutcome, came: FetchedFile | str, terms: Terms, reason: str = ""
) -> RefreshResult:
    """Record a check that brought nothing into force."""
    if isinstance(came, str):
        came = public(came)
    async with database.write() as session:
        current = (await in_force(session)).get(source.key)
        verdict = Verdict(outcome, current.id if current else None, reason)
        await checks.write(session, source.key, verdict, came, terms.clock())
        result = RefreshResult(
            source=source.key,
            outcome=outcome,
            reason=reason,
            snapshot=current,
            file_name="" if isinstance(came, str) else came.file_name,
            origin=came if isinstance(came, str) else came.origin,
            seconds=_seconds(terms),
        )
        await _observe(session, result, terms)
    return result


async def _observe(session: AsyncSession, result: RefreshResult, terms: Terms) -> None:
    if terms.observe is not None:
        await terms.observe(session, result)


def _seconds(terms: Terms) -> float:
    return round(time.monotonic() - terms.started, 3)
