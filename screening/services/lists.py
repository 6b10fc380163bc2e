"""Lists: refresh on someone's behalf, so that what comes into force, or is refused, stands in the audit log.

The entry is written in the transaction that brings the edition into force: there is no list in force that the log
does not know of. A check that finds nothing new leaves its row in `list_check` only.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.settings import Settings
from lists.admit import Observe, RefreshResult, Terms
from lists.checks import CheckOutcome
from lists.refresh import refresh
from lists.snapshots import SnapshotInfo
from lists.source import Source
from screening.access import Principal
from screening.audit.entry import Action, Draft, ListUsed
from screening.audit.log import actor, append
from screening.live_index import LiveIndex

ACTIONS = {
    CheckOutcome.ACTIVATED: Action.LIST_IMPORTED,
    CheckOutcome.REFUSED: Action.LIST_REFUSED,
    CheckOutcome.FAILED: Action.LIST_REFUSED,
}


def audited(principal: Principal, request_id: str | None = None) -> Observe:
    """Return what to pass as `Terms.observe`: it logs, on behalf of `principal`, each edition admitted or refused."""

    async def observe(session: AsyncSession, result: RefreshResult) -> None:
        action = ACTIONS.get(result.outcome)
        if action is not None:
            await append(session, [_draft(action, principal, request_id, result)])

    return observe


class ListService:
    """Refreshes lists and lets the index follow. One per process."""

    def __init__(self, database: Database, live: LiveIndex, settings: Settings) -> None:
        self._database = database
        self._live = live
        self._settings = settings

    async def refresh(self, source: Source, principal: Principal, *, request_id: str | None = None) -> RefreshResult:
        """Check one list now; what comes into force answers screenings when this returns.

        How it ended is in the result. Raises Conflict for a list that is switched off, Unavailable when the new
        index cannot be built (the old one then goes on answering).
        """
        terms = Terms(observe=audited(principal, request_id))
        result = await refresh(self._database, source, self._settings, terms)
        if result.ok:
            await self._live.reload()
        return result


def _draft(action: Action, principal: Principal, request_id: str | None, result: RefreshResult) -> Draft:
    counts = {"added": result.added, "changed": result.changed, "removed": result.removed}
    return Draft(
        action,
        actor(principal),
        result.source,
        request_id=request_id,
        outcome=result.outcome.value,
        lists=() if result.snapshot is None else (_used(result.snapshot),),
        details={"origin": result.origin, "file": result.file_name, "reason": result.reason, **counts},
    )


def _used(snapshot: SnapshotInfo) -> ListUsed:
    """The snapshot in force afterwards. It has just been checked or stays in spite of a refusal: not ours to judge."""
    published = None if snapshot.published_on is None else snapshot.published_on.isoformat()
    return ListUsed(snapshot.source, snapshot.id, snapshot.file_sha256, published, snapshot.entities, "in_force")
