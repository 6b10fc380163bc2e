"""Legal holds: what may not be erased, whoever asks, while a dispute or an inquiry needs it.

A hold is on one record (a screening, a deal, a batch, a case) or on a subject, by name. Placing and lifting are audit
entries; the name of a held subject stands beside the chain.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.errors import Conflict, FieldError, InvalidInput, NotFound
from screening.access import Principal
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append, fold, queue_up, seal
from screening.identity import new_id
from screening.records import LegalHold

RECORD: Final = "record"
SUBJECT: Final = "subject"


def target_of(record: str | None, subject: str | None) -> tuple[str, str]:
    """Return what is meant, as (kind, target): a record's id, or a subject's folded name.

    Raises InvalidInput unless exactly one of the two is given.
    """
    if bool(record) == bool(subject and fold(subject)):
        error = FieldError("record", "give the id of a record, or the name of a subject, and not both")
        raise InvalidInput("it must be clear what is meant; nothing was done", [error])
    return (RECORD, record) if record else (SUBJECT, fold(subject or ""))


async def place_hold(session: AsyncSession, target: tuple[str, str], reason: str, *, by: Principal) -> LegalHold:
    """Place a hold in the caller's transaction and return it."""
    kind, held = target
    hold = LegalHold(id=new_id(), kind=kind, target=held, reason=reason, placed_at=iso(now()), placed_by=by.id)
    await append(session, [_draft(Action.HOLD_PLACED, hold, by, reason)])
    session.add(hold)
    return hold


async def lift_hold(session: AsyncSession, hold_id: str, reason: str, *, by: Principal) -> LegalHold:
    """Lift a hold in the caller's transaction and return it. Raises NotFound, and Conflict when it was before."""
    await queue_up(session)
    hold = await session.get(LegalHold, hold_id, with_for_update=True)
    if hold is None:
        raise NotFound(f"there is no legal hold {hold_id}")
    if hold.lifted_at is not None:
        raise Conflict(f"the legal hold {hold_id} was lifted at {hold.lifted_at}")
    hold.lifted_at, hold.lifted_by = iso(now()), by.id
    await append(session, [_draft(Action.HOLD_LIFTED, hold, by, reason)])
    return hold


async def list_holds(session: AsyncSession, *, after: str | None = None, limit: int = 100) -> list[LegalHold]:
    """Return holds, standing and lifted, in the order of their placing, from behind the id `after`."""
    query = select(LegalHold).order_by(col(LegalHold.id)).limit(limit)
    if after is not None:
        query = query.where(col(LegalHold.id) > after)
    return list((await session.execute(query)).scalars())


async def standing_hold(session: AsyncSession, targets: Collection[tuple[str, str]]) -> LegalHold | None:
    """Return a hold that stands on one of these (kind, target), or None."""
    wanted = {
        kind: {target for other, target in targets if other == kind} for kind in dict.fromkeys(k for k, _ in targets)
    }
    where = [(col(LegalHold.kind) == kind) & col(LegalHold.target).in_(sorted(named)) for kind, named in wanted.items()]
    query = select(LegalHold).where(col(LegalHold.lifted_at).is_(None), or_(*where)).order_by(col(LegalHold.id))
    return (await session.execute(query)).scalars().first() if where else None


def _draft(action: Action, hold: LegalHold, by: Principal, reason: str) -> Draft:
    details = {"kind": hold.kind, "reason": reason}
    if hold.kind == RECORD:
        return Draft(action, actor(by), hold.id, details=details | {"target": hold.target})
    return Draft(action, actor(by), hold.id, details=details, payload=seal(hold.target, "", ""))
