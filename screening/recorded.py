"""Recorded: reads screenings back from the record, word for word as they were answered."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from lists.entity import Kind
from screening.answer import Answer, Receipt, Screening
from screening.matching.result import Outcome
from screening.receipts import receipts_of
from screening.records import table
from screening.request import ScreeningRequest, SubjectInput


class Summary(BaseModel):
    """One line of a caller's last screenings. `subject` is the name as it was asked, or the number where no name was
    given (`IMO 9481910`); None when it was erased.
    """

    model_config = ConfigDict(frozen=True)

    receipt: Receipt
    outcome: Outcome
    subject: str | None
    kind: Kind | None = None


async def read_screening(session: AsyncSession, screening_id: str, *, only: str | None = None) -> Screening:
    """Return one screening. `only`: the actor whose it must be.

    Raises NotFound when there is none (of that actor), or when its content was erased.
    """
    payloads = table("audit_payload").c
    query = _query(payloads.answered).where(table("screening").c.id == screening_id)
    row = (await session.execute(query)).one_or_none()
    if row is None or (only is not None and row.actor_id != only):
        raise NotFound(f"there is no screening {screening_id} that you may read")
    if row.answered is None:
        raise NotFound(
            f"the content of screening {screening_id} was erased; its audit entry {row.audit_sequence} stays"
        )
    (receipt,) = await receipts_of(session, [row])
    return Screening.of(receipt, Answer.model_validate_json(row.answered), row.answered)


async def recent_screenings(
    session: AsyncSession, actor_id: str, *, before: str | None = None, limit: int = 20
) -> tuple[Summary, ...]:
    """Return an actor's last screenings, newest first, from before the id `before`."""
    rows = table("screening").c
    query = _query(table("audit_payload").c.asked).where(rows.actor_id == actor_id)
    if before is not None:
        query = query.where(rows.id < before)
    return await _summaries(session, query.order_by(rows.id.desc()).limit(limit))


async def latest_alarms(session: AsyncSession, *, limit: int = 10) -> tuple[Summary, ...]:
    """Return the last screenings of anybody that raised review or match, newest first."""
    rows = table("screening").c
    alarms = rows.outcome.in_((Outcome.REVIEW.value, Outcome.MATCH.value))
    query = _query(table("audit_payload").c.asked).where(alarms).order_by(rows.id.desc()).limit(limit)
    return await _summaries(session, query)


async def _summaries(session: AsyncSession, query: Select[Any]) -> tuple[Summary, ...]:
    rows = list(await session.execute(query))
    receipts = await receipts_of(session, rows)
    return tuple(_summary(row, receipt) for row, receipt in zip(rows, receipts, strict=True))


def _summary(row: Row[Any], receipt: Receipt) -> Summary:
    asked = None if row.asked is None else ScreeningRequest.model_validate_json(row.asked).subject
    return Summary(
        receipt=receipt,
        outcome=Outcome(row.outcome),
        subject=None if asked is None else _called(asked),
        kind=None if asked is None else asked.kind,
    )


def _called(asked: SubjectInput) -> str:
    names = (asked.name, *asked.other_names, *(f"{i.type.upper()} {i.value}" for i in asked.identifiers))
    return next(filter(None, names), "")


def _query(wanted: Column[str]) -> Select[Any]:
    rows, entries, payloads = table("screening"), table("audit_entry"), table("audit_payload")
    return (
        select(*rows.c, entries.c.hash, entries.c.body, wanted)
        .join(entries, entries.c.sequence == rows.c.audit_sequence)
        .outerjoin(payloads, payloads.c.sequence == rows.c.audit_sequence)
    )
