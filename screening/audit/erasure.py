"""Erasure: the personal part of records taken out for good, by rule, each with an audit entry that stays.

What may be erased when:

* on a legal hold: nothing;
* within the retention period (ten years by default, 31 CFR 501.601): only what a court or an authority orders, with the
  reference of its order;
* after it: whatever somebody answers for with a reason.

The chain stays verifiable: entries keep what is not personal, and the commitment of what was erased.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.errors import Conflict, InvalidInput, NotFound
from screening.access import Principal
from screening.audit.holds import RECORD, SUBJECT, standing_hold
from screening.audit.log import erase_payload, fold, queue_up
from screening.cases.case import DEAL
from screening.cases.forgetting import forget
from screening.records import LegalHold, table

MOST: Final = 1_000
"""Entries erased at once: each is an entry of its own, and writers wait meanwhile."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something is erased; `order` names the court's or authority's order, without which nothing goes early."""

    reason: str
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: the sequences of the entries whose personal part went, and of the entries that say so.

    `files` were attached to cases that are forgotten: remove them from the evidence store after the commit.
    """

    entries: tuple[int, ...]
    recorded_as: tuple[int, ...]
    files: tuple[str, ...] = ()


async def erase(
    session: AsyncSession, target: tuple[str, str], grounds: Grounds, *, by: Principal, retention_years: int
) -> Erased:
    """Erase the personal part of a record, or of everything about a subject, in the caller's transaction.

    `target` is what `screening.audit.holds.target_of` returns. Raises NotFound when there is nothing (left) to erase,
    Conflict for what is on a legal hold, and for what is within the retention period while `grounds` names no order.
    """
    await queue_up(session)  # so that no hold is placed, and nothing more recorded, while it is looked at
    rows = await _found(session, target)
    if not rows:
        raise NotFound("there is nothing to erase: no such record or subject, or its content was erased before")
    if len(rows) > MOST:
        raise InvalidInput(f"{len(rows):,} entries are too many to erase at once; erase them record by record")
    about = {target, *((RECORD, row.record_id) for row in rows), *((SUBJECT, row.subject) for row in rows)}
    hold = await standing_hold(session, {(kind, name) for kind, name in about if name})
    if hold is not None:
        raise Conflict(f"the legal hold {hold.id} stands on it ({hold.reason}); nothing was erased")
    newest = max(row.occurred_at for row in rows)
    if newest > kept_since(retention_years) and grounds.order is None:
        raise Conflict(
            f"it is kept for {retention_years} years (31 CFR 501.601), and was recorded at {newest}; "
            "before that only what a court or an authority orders is erased: name its order"
        )
    recorded = [await erase_payload(session, row.sequence, by, grounds.reason, order=grounds.order) for row in rows]
    files = await _forget_cases(session, target, [row.record_id for row in rows])
    if target[0] == SUBJECT:
        lifted = col(LegalHold.lifted_at).is_not(None) & (col(LegalHold.target) == target[1])
        await session.execute(delete(LegalHold).where(lifted))
    return Erased(tuple(row.sequence for row in rows), tuple(entry.sequence for entry in recorded), files)


def kept_since(retention_years: int) -> str:
    """Return the moment since which everything is kept, as entries name theirs."""
    moment = now()
    day = moment.replace(day=28) if (moment.month, moment.day) == (2, 29) else moment
    return iso(day.replace(year=day.year - retention_years))


async def _found(session: AsyncSession, target: tuple[str, str]) -> list[Any]:
    """The entries of the target that have a personal part: sequence, moment, record and folded subject."""
    entries, payloads, rows = table("audit_entry"), table("audit_payload"), table("batch_rows")
    query = (
        select(entries.c.sequence, entries.c.occurred_at, entries.c.record_id, payloads.c.subject)
        .outerjoin(payloads, payloads.c.sequence == entries.c.sequence)
        .outerjoin(rows, rows.c.sequence == entries.c.sequence)
        .where(or_(payloads.c.sequence.is_not(None), rows.c.sequence.is_not(None)))
        .order_by(entries.c.sequence)
        .limit(MOST + 1)
    )
    kind, name = target
    query = query.where(entries.c.record_id == name if kind == RECORD else payloads.c.subject == name)
    return list((await session.execute(query)).all())


async def _forget_cases(session: AsyncSession, target: tuple[str, str], record_ids: list[str]) -> tuple[str, ...]:
    """Take the subject off the cases that show it: those about it, or with no record left but erased ones."""
    cases, linked = table("review_case"), table("case_record")
    touched = select(linked.c.case_id).where(linked.c.record_id.in_(record_ids))
    others = select(linked.c.case_id).where(linked.c.record_id.not_in(record_ids))
    left_over = select(cases.c.id).where(cases.c.id.in_(touched), cases.c.id.not_in(others))
    if target[0] == SUBJECT:
        query = select(cases.c.id, cases.c.subject).where(cases.c.folded.startswith(target[1], autoescape=True))
        ids = [row.id for row in await session.execute(query) if fold(row.subject or "") == target[1]]
        left_over = left_over.where(cases.c.kind == DEAL)  # a deal's own case names all of its parties
    else:
        ids = [target[1]]
    ids += (await session.execute(left_over)).scalars()
    return await forget(session, ids)
