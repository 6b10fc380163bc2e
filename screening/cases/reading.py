"""Reading: one case with all that belongs to it, and clearances."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.errors import NotFound
from screening.access import Principal
from screening.cases import shown
from screening.cases.rows import match_of
from screening.cases.rules import steps_of
from screening.cases.tables import CaseEvidence, CaseMatch, CaseRecord, ClearanceRow, ReviewCase
from screening.cases.views import CaseView, ClearancePage, ClearanceView, StepView
from screening.cases.work import askers_of, facts_of
from screening.records import table

MOST_RECORDS = 200
"""Records shown with a case, the last ones first: a subject of a daily file comes again every day."""


async def read_case(session: AsyncSession, case_id: str, who: Principal) -> CaseView:
    """Return a whole case, with the steps that this person may take. Raises NotFound."""
    case = await session.get(ReviewCase, case_id, populate_existing=True)
    if case is None:
        raise NotFound(f"there is no case {case_id}")
    rows = list(await session.scalars(select(CaseMatch).where(col(CaseMatch.case_id) == case_id)))
    matches = sorted((match_of(row) for row in rows), key=lambda one: (-one.hit.score, one.hit.entity_id))
    facts = facts_of(case, matches, await askers_of(session, case_id))
    may, refused = steps_of(who, facts)
    given = await session.scalars(
        select(ClearanceRow).where(col(ClearanceRow.case_id) == case_id).order_by(col(ClearanceRow.id).desc())
    )
    names = {row.entity_id: row.name for row in rows}
    return CaseView(
        **shown.line(case, facts, who).model_dump(),
        matches=tuple(shown.match(one) for one in matches),
        records=tuple(shown.link(row) for row in await _records(session, case_id)),
        steps=await _steps(session, case_id),
        evidence=tuple(shown.evidence(row) for row in await _evidence(session, case_id)),
        clearances=tuple(shown.clearance(row, case.subject, names.get(row.entity_id, ""), iso(now())) for row in given),
        may=may,
        refused=dict(refused),
    )


async def read_clearances(
    session: AsyncSession, *, in_force: bool | None = None, after: str | None = None, limit: int = 50
) -> ClearancePage:
    """Return clearances, newest first, from behind the id `after`; only those (not) in force, if `in_force` says so."""
    moment = iso(now())
    query = _with_names().order_by(col(ClearanceRow.id).desc()).limit(limit)
    standing = col(ClearanceRow.ended_at).is_(None) & (col(ClearanceRow.until) > moment)
    if in_force is not None:
        query = query.where(standing if in_force else ~standing)
    if after is not None:
        query = query.where(col(ClearanceRow.id) < after)
    rows = (await session.execute(query)).all()
    items = tuple(shown.clearance(row[0], row[1], row[2] or "", moment) for row in rows)
    return ClearancePage(items=items, next=items[-1].id if len(items) == limit else None)


async def read_clearance(session: AsyncSession, clearance_id: str) -> ClearanceView:
    """Return one clearance. Raises NotFound."""
    row = (await session.execute(_with_names().where(col(ClearanceRow.id) == clearance_id))).one_or_none()
    if row is None:
        raise NotFound(f"there is no clearance {clearance_id}")
    return shown.clearance(row[0], row[1], row[2] or "", iso(now()))


async def cases_of(session: AsyncSession, record_ids: list[str]) -> Mapping[str, list[Any]]:
    """Return, by record id, the cases that records opened or joined: rows of id, state, result and path."""
    links, cases = table("case_record"), table("review_case")
    query = (
        select(links.c.record_id, links.c.path, cases.c.id, cases.c.state, cases.c.result)
        .join(cases, cases.c.id == links.c.case_id)
        .where(links.c.record_id.in_(record_ids))
        .order_by(links.c.path, cases.c.id)
    )
    found: dict[str, list[Any]] = {}
    for row in await session.execute(query):
        found.setdefault(row.record_id, []).append(row)
    return found


def _with_names() -> Select[ClearanceRow, str | None, str]:
    return (
        select(ClearanceRow, col(ReviewCase.subject), col(CaseMatch.name))
        .join(ReviewCase, col(ReviewCase.id) == ClearanceRow.case_id)
        .outerjoin(
            CaseMatch,
            (col(CaseMatch.case_id) == ClearanceRow.case_id) & (col(CaseMatch.entity_id) == ClearanceRow.entity_id),
        )
    )


async def _records(session: AsyncSession, case_id: str) -> list[CaseRecord]:
    query = select(CaseRecord).where(col(CaseRecord.case_id) == case_id)
    return list(await session.scalars(query.order_by(col(CaseRecord.at).desc()).limit(MOST_RECORDS)))


async def _evidence(session: AsyncSession, case_id: str) -> list[CaseEvidence]:
    query = select(CaseEvidence).where(col(CaseEvidence.case_id) == case_id)
    return list(await session.scalars(query.order_by(col(CaseEvidence.audit_sequence))))


async def _steps(session: AsyncSession, case_id: str) -> tuple[StepView, ...]:
    steps, payloads = table("case_step"), table("audit_payload")
    query = (
        select(*steps.c, payloads.c.asked)
        .outerjoin(payloads, payloads.c.sequence == steps.c.audit_sequence)
        .where(steps.c.case_id == case_id)
        .order_by(steps.c.audit_sequence.desc())
    )
    return tuple(shown.step(row) for row in await session.execute(query))
