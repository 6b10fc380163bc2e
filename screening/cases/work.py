"""Work: a case opened for one step, and put back with the step written, in the caller's transaction.

Each step counts the case's version up. A step that names another version than the case has is refused: what was seen is
no longer what is there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.errors import Conflict, NotAllowed, NotFound
from screening.access import Principal, Role
from screening.audit.entry import Action, Entry
from screening.audit.log import actor, queue_up
from screening.cases.case import Match, State, result_of, state_of
from screening.cases.rows import KEYS, match_of, match_row
from screening.cases.rules import Act, Facts, refusal, same_person
from screening.cases.steps import Step, write_steps
from screening.cases.tables import CaseMatch, CaseRecord, ReviewCase

ME = "me"


@dataclass(slots=True)
class Work:
    """A case that is being worked on: its row, its matches by entity id, and who asked for its records."""

    session: AsyncSession
    case: ReviewCase
    rows: dict[str, CaseMatch]
    askers: frozenset[tuple[str, str]]
    moment: str

    @property
    def matches(self) -> dict[str, Match]:
        """The matches as they stand."""
        return {key: match_of(row) for key, row in self.rows.items()}

    @property
    def facts(self) -> Facts:
        """What the rules look at."""
        return facts_of(self.case, self.matches.values(), self.askers)

    def check(self, act: Act, who: Principal) -> None:
        """Raise NotAllowed or Conflict unless this person may take this step now."""
        error = refusal(act, who, self.facts)
        if error is not None:
            raise error

    def change(self, changed: Mapping[str, Match]) -> None:
        """Put matches back as they now are."""
        for key, match in changed.items():
            for name, value in match_row(self.case.id, match).items():
                if name not in KEYS:
                    setattr(self.rows[key], name, value)

    async def finish(self, steps: Sequence[Step]) -> list[Entry]:
        """Write the steps and what follows from the matches for the case; return the steps' audit entries."""
        was = self.case.state
        state = state_of(self.matches.values(), assigned=self.case.assignee_id is not None)
        self.case.state = state.value
        self.case.version += 1
        self.case.closed_at = (self.case.closed_at or self.moment) if state is State.CLOSED else None
        result = result_of(self.matches.values()) if state is State.CLOSED else None
        self.case.result = result and result.value
        moved: dict[str, str] = {"state": state.value} | ({} if was == state.value else {"was": was})
        told = [
            replace(step, subject=self.case.subject or "", details={**step.details, **moved}) if number == 0 else step
            for number, step in enumerate(steps)
        ]
        await self.session.flush()
        return await write_steps(self.session, told)


def facts_of(case: ReviewCase, matches: Iterable[Match], askers: frozenset[tuple[str, str]]) -> Facts:
    """Return what the rules look at of a case."""
    assignee = None if case.assignee_id is None else (case.assignee_id, case.assignee_name or "")
    return Facts(State(case.state), assignee, askers, tuple(matches))


async def open_work(session: AsyncSession, case_id: str, version: int | None) -> Work:
    """Open a case for one step. Until the transaction ends, nobody else changes it.

    Raises NotFound, and Conflict when the case is no longer of the version that was seen (None: whatever it is).
    """
    await queue_up(session)
    case = await session.get(ReviewCase, case_id, populate_existing=True)
    if case is None:
        raise NotFound(f"there is no case {case_id}")
    if version is not None and case.version != version:
        raise Conflict(
            f"case {case_id} has changed since you saw it (version {version}, now {case.version}); "
            "nothing was done; read it again"
        )
    matches = await session.scalars(
        select(CaseMatch).where(col(CaseMatch.case_id) == case_id).order_by(col(CaseMatch.score).desc())
    )
    return Work(session, case, {row.entity_id: row for row in matches}, await askers_of(session, case_id), iso(now()))


async def askers_of(session: AsyncSession, case_id: str) -> frozenset[tuple[str, str]]:
    """Return who asked for a case's records, as ids and names."""
    query = select(col(CaseRecord.asked_by), col(CaseRecord.asked_by_name)).where(col(CaseRecord.case_id) == case_id)
    return frozenset((row[0], row[1]) for row in await session.execute(query.distinct()))


async def assign(work: Work, who: Principal, to: Principal | None, request_id: str | None = None) -> None:
    """Give the case to somebody (yourself: take it), or to nobody (release it).

    Raises NotAllowed or Conflict, also where `to` is one whose own request it is, or works on no cases.
    """
    if to is None:
        work.check(Act.RELEASE if work.case.assignee_id == who.id else Act.ASSIGN, who)
    elif to.id == who.id:
        work.check(Act.TAKE, who)
    else:
        work.check(Act.ASSIGN, who)
        _check_assignee(work, to)
    work.case.assignee_id, work.case.assignee_name = (None, None) if to is None else (to.id, to.name)
    details: dict[str, Any] = {"to": None if to is None else to.id, "name": None if to is None else to.name}
    await work.finish([Step(work.case.id, Action.CASE_ASSIGNED, actor(who), details=details, request_id=request_id)])


async def comment(work: Work, who: Principal, note: str, request_id: str | None = None) -> None:
    """Add a comment. Raises NotAllowed."""
    work.check(Act.COMMENT, who)
    await work.finish([Step(work.case.id, Action.CASE_COMMENTED, actor(who), note=note, request_id=request_id)])


def _check_assignee(work: Work, to: Principal) -> None:
    due = Role.APPROVER if work.case.state == State.ESCALATED.value else Role.OFFICER
    if to.role is not due:
        raise NotAllowed(f"{to.name} is {to.role.value}; this case is for: {due.value}.")
    if any(same_person(to, asker_id, name) for asker_id, name in work.askers):
        raise NotAllowed(f"{to.name} asked for a record of this case, so somebody else has to have it.")
