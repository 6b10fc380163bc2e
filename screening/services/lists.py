"""Lists: a refresh or an import, with its entry in the audit log and the clearances that it ends, in the transaction
that brings it into force.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from lists.admit import Observe, RefreshResult
from lists.checks import CheckOutcome
from lists.snapshots import SnapshotInfo
from screening.access import Principal
from screening.audit.entry import Action, Draft, ListUsed
from screening.audit.log import actor, append
from screening.cases.case import CasePolicy
from screening.cases.lapsing import lapse_changed
from screening.coverage import FRESH

ACTION_OF = {
    CheckOutcome.ACTIVATED: Action.LIST_IMPORTED,
    CheckOutcome.REFUSED: Action.LIST_REFUSED,
    CheckOutcome.FAILED: Action.LIST_REFUSED,
}
"""An unchanged list is no event: its check is a row of its own, and would fill the log every few hours."""


def audited(principal: Principal, request_id: str | None = None, policy: CasePolicy | None = None) -> Observe:
    """Return what to pass as `Terms.observe`: it logs for `principal` what came into force or was refused.

    What comes into force ends the clearances whose listed entity it changes; `policy` says by when their cases, open
    again, must be decided.
    """

    async def observe(session: AsyncSession, result: RefreshResult) -> None:
        action = ACTION_OF.get(result.outcome)
        if action is not None:
            await append(session, [_draft(action, principal, result, request_id)])
        if action is Action.LIST_IMPORTED:
            await lapse_changed(session, result.source, policy or CasePolicy())

    return observe


def _draft(action: Action, principal: Principal, result: RefreshResult, request_id: str | None) -> Draft:
    imported = action is Action.LIST_IMPORTED
    counts = {"added": result.added, "changed": result.changed, "removed": result.removed}
    return Draft(
        action,
        actor(principal),
        result.source,
        request_id=request_id,
        outcome=result.outcome.value,
        lists=(_used(result.snapshot),) if result.snapshot else (),
        details={"file": result.file_name, "origin": result.origin}
        | (counts if imported else {"reason": result.reason}),
    )


def _used(snapshot: SnapshotInfo) -> ListUsed:
    published_on = snapshot.published_on.isoformat() if snapshot.published_on else None
    return ListUsed(snapshot.source, snapshot.id, snapshot.file_sha256, published_on, snapshot.entities, FRESH)
