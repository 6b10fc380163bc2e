"""Clearances: granted with an approved false positive, and how each ends: by itself, or by a person.

A clearance that ends on its own (its date has passed, the listed entity has changed) reopens its case: somebody looks
again. One whose entity is no longer listed anywhere ends too, and leaves nothing to decide.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.errors import Conflict
from screening.access import Principal
from screening.audit.entry import Action, Actor, Entry
from screening.audit.log import actor
from screening.cases.case import CasePolicy, Ending, Match, Priority
from screening.cases.opening import due
from screening.cases.rules import Act
from screening.cases.steps import CASPIAN, Step
from screening.cases.tables import ClearanceRow, ReviewCase
from screening.cases.work import Work, open_work
from screening.identity import new_id
from screening.records import table

TOGETHER = 200
"""Clearances ended in one transaction, so that screenings get their turn."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A clearance that is to be stored once its step is written."""

    row: Mapping[str, Any]
    step: Step


@dataclass(frozen=True, slots=True)
class End:
    """How clearances end: why, by whom, with what note; `versions` are the entities' versions that hold now."""

    why: Ending
    by: Actor = CASPIAN
    note: str = ""
    request_id: str | None = None
    versions: Mapping[str, str] | None = None


def asked_for(work: Work, approved: Mapping[str, Match], approver: Actor) -> list[Grant]:
    """Return the clearances that approved decisions ask for."""
    return [_grant(work, match, approver) for match in approved.values() if match.decided and match.decided.clear_until]


async def store(session: AsyncSession, granted: Sequence[Grant], entries: Sequence[Entry]) -> None:
    """Store clearances whose steps were written last among `entries`."""
    if granted:
        own = entries[-len(granted) :]
        rows = [{**one.row, "audit_sequence": entry.sequence} for one, entry in zip(granted, own, strict=True)]
        await (await session.connection()).execute(table("clearance").insert(), rows)


async def replaced(work: Work, decided: Mapping[str, Match]) -> list[Step]:
    """End what clearances these matches had: they are decided anew. Returns the steps that say so."""
    query = _in_force().where(
        col(ClearanceRow.fingerprint) == work.case.fingerprint, col(ClearanceRow.entity_id).in_(list(decided))
    )
    rows = list(await work.session.scalars(query))
    await _end(work.session, rows, Ending.REPLACED, work.moment)
    return [_lapsed(row, work.case.id, End(Ending.REPLACED)) for row in rows]


async def end(session: AsyncSession, rows: Iterable[ClearanceRow], how: End, policy: CasePolicy) -> int:
    """End clearances in the caller's transaction and open their cases again; return how many were ended."""
    by_case: dict[str, list[ClearanceRow]] = {}
    for row in rows:
        by_case.setdefault(row.case_id, []).append(row)
    for case_id, own in by_case.items():
        work = await open_work(session, case_id, None)
        await _end(session, own, how.why, work.moment)
        lapsed = [_lapsed(row, case_id, how) for row in own]
        again = [] if how.why is Ending.DELISTED else await _open_again(work, [row.entity_id for row in own], how)
        if again:
            work.case.due_at = due(now(), Priority.of_rank(work.case.priority), policy)
        await work.finish([*lapsed, *again])
    return sum(len(own) for own in by_case.values())


async def reopen(work: Work, who: Principal, note: str, policy: CasePolicy, request_id: str | None = None) -> None:
    """Open a closed case again on a person's word: every match is undecided, and its clearances end.

    Raises NotAllowed, and Conflict when it is not closed, or another case of the subject is open.
    """
    work.check(Act.REOPEN, who)
    other = await other_open_case(work.session, work.case)
    if other is not None:
        raise Conflict(f"another case of this subject is open, {other}; what is new belongs there")
    by = actor(who)
    query = _in_force().where(col(ClearanceRow.case_id) == work.case.id)
    rows = list(await work.session.scalars(query))
    how = End(Ending.REOPENED, by)
    await _end(work.session, rows, how.why, work.moment)
    work.change({key: replace(match, decided=None) for key, match in work.matches.items()})
    work.case.assignee_id = work.case.assignee_name = None
    work.case.due_at = due(now(), Priority.of_rank(work.case.priority), policy)
    step = Step(work.case.id, Action.CASE_REOPENED, by, note=note, request_id=request_id)
    await work.finish([step, *(_lapsed(row, work.case.id, how) for row in rows)])


async def expired(session: AsyncSession) -> list[ClearanceRow]:
    """Return clearances in force whose date has passed, the oldest first."""
    query = _in_force().where(col(ClearanceRow.until) <= iso(now()))
    return list(await session.scalars(query.order_by(col(ClearanceRow.until)).limit(TOGETHER)))


async def other_open_case(session: AsyncSession, case: ReviewCase) -> str | None:
    """Return the id of another case of the same subject that is not closed."""
    query = select(col(ReviewCase.id)).where(
        col(ReviewCase.fingerprint) == case.fingerprint,
        col(ReviewCase.state) != "closed",
        col(ReviewCase.id) != case.id,
    )
    return (await session.scalars(query)).one_or_none()


async def _open_again(work: Work, entities: Sequence[str], how: End) -> list[Step]:
    """Undecide what a clearance no longer covers. A subject that has another open case keeps that one: the next alarm
    joins it.
    """
    if await other_open_case(work.session, work.case) is not None:
        return []
    was_closed = work.case.closed_at is not None
    matches, versions = work.matches, how.versions or {}
    again = {
        key: Match(replace(matches[key].hit, version=versions.get(key, matches[key].hit.version))) for key in entities
    }
    work.change(again)
    if not was_closed:
        return []
    work.case.assignee_id = work.case.assignee_name = None
    details = {"why": how.why.value, "entities": list(entities)}
    return [Step(work.case.id, Action.CASE_REOPENED, CASPIAN, details=details)]


async def _end(session: AsyncSession, rows: Sequence[ClearanceRow], why: Ending, moment: str) -> None:
    ids = [row.id for row in rows]
    if ids:
        statement = update(ClearanceRow).where(col(ClearanceRow.id).in_(ids))
        await session.execute(statement.values(ended_at=moment, ended_why=why.value))


def _grant(work: Work, match: Match, approver: Actor) -> Grant:
    said, hit = match.decided, match.hit
    assert said is not None
    assert said.clear_until is not None
    row = {
        "id": new_id(),
        "case_id": work.case.id,
        "fingerprint": work.case.fingerprint,
        "entity_id": hit.entity_id,
        "version": hit.version,
        "identity": hit.identity.value,
        "reason": said.reason,
        "decided_by": said.by,
        "decided_by_name": said.by_name,
        "approved_by": approver.id,
        "approved_by_name": approver.name,
        "granted_at": work.moment,
        "until": said.clear_until,
    }
    details = {"clearance": row["id"], "until": said.clear_until, "version": hit.version, "decided_by": said.by}
    step = Step(
        work.case.id,
        Action.CLEARANCE_GRANTED,
        approver,
        reason=said.reason,
        details=details,
        results=((hit.entity_id, hit.score),),
    )
    return Grant(row, step)


def _lapsed(row: ClearanceRow, case_id: str, how: End) -> Step:
    details = {"clearance": row.id, "why": how.why.value, "until": row.until, "entities": [row.entity_id]}
    return Step(case_id, Action.CLEARANCE_LAPSED, how.by, details=details, note=how.note, request_id=how.request_id)


def _in_force() -> Any:
    return select(ClearanceRow).where(col(ClearanceRow.ended_at).is_(None))
