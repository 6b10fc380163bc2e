"""Queue: cases as they wait, page by page: the most urgent first, or, of closed ones, the last closed first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.errors import FieldError, InvalidInput
from screening.access import Principal
from screening.audit.log import fold
from screening.cases import shown
from screening.cases.case import Decision, Match, Priority, State
from screening.cases.rows import match_of
from screening.cases.tables import CaseMatch, CaseRecord, ReviewCase
from screening.cases.views import CasePage
from screening.cases.work import ME, facts_of

NOBODY = "nobody"
NOT_CLOSED = tuple(state for state in State if state is not State.CLOSED)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases; a field left empty does not filter. `states` empty: all that are not closed.

    `list` is a list's key; `assignee` an id, `me` or `nobody`; `subject` a part of the name or number, in any case;
    `overdue` only those past their target; `yours` False leaves out those that you asked for yourself.
    """

    states: tuple[State, ...] = ()
    priority: Priority | None = None
    list: str | None = None
    assignee: str | None = None
    subject: str | None = None
    entity: str | None = None
    result: Decision | None = None
    overdue: bool = False
    yours: bool = True

    def asked(self) -> dict[str, Any]:
        """Return the filters that filter."""
        plain = CaseFilter()
        return {n: v for n in self.__slots__ if (v := getattr(self, n)) != getattr(plain, n)}

    @property
    def is_closed(self) -> bool:
        """Whether only closed cases are asked for."""
        return self.states == (State.CLOSED,)


async def queue(
    session: AsyncSession, who: Principal, wanted: CaseFilter, *, after: str | None = None, limit: int = 50
) -> CasePage:
    """Return a page of cases, from behind the cursor `after`. Raises InvalidInput for a cursor that is none."""
    query = _ordered(_filtered(select(ReviewCase), wanted, who), wanted, after).limit(limit)
    cases = list(await session.scalars(query))
    matches = await _matches(session, cases)
    askers = await _askers(session, cases)
    lines = [
        shown.line(case, facts_of(case, matches.get(case.id, ()), askers.get(case.id, frozenset())), who)
        for case in cases
    ]
    return CasePage(items=tuple(lines), next=_cursor(cases[-1], wanted) if len(cases) == limit else None)


def _filtered(query: Select[Any], wanted: CaseFilter, who: Principal) -> Select[Any]:
    states = wanted.states or NOT_CLOSED
    query = query.where(col(ReviewCase.state).in_([state.value for state in states]))
    if wanted.priority is not None:
        query = query.where(col(ReviewCase.priority) == wanted.priority.rank)
    if wanted.result is not None:
        query = query.where(col(ReviewCase.result) == wanted.result.value)
    if wanted.overdue:
        query = query.where(col(ReviewCase.due_at) < iso(now()))
    if wanted.subject is not None:
        query = query.where(col(ReviewCase.folded).contains(fold(wanted.subject), autoescape=True))
    query = _by_match(query, wanted)
    query = _by_assignee(query, wanted.assignee, who)
    if not wanted.yours:
        own = select(col(CaseRecord.case_id)).where(col(CaseRecord.asked_by) == who.id)
        query = query.where(col(ReviewCase.id).not_in(own))
    return query


def _by_match(query: Select[Any], wanted: CaseFilter) -> Select[Any]:
    having = select(col(CaseMatch.case_id))
    if wanted.list is not None:
        keys = " " + col(CaseMatch.lists) + " "
        query = query.where(col(ReviewCase.id).in_(having.where(keys.contains(f" {wanted.list} ", autoescape=True))))
    if wanted.entity is not None:
        query = query.where(col(ReviewCase.id).in_(having.where(col(CaseMatch.entity_id) == wanted.entity)))
    return query


def _by_assignee(query: Select[Any], assignee: str | None, who: Principal) -> Select[Any]:
    if assignee is None:
        return query
    if assignee == NOBODY:
        return query.where(col(ReviewCase.assignee_id).is_(None))
    return query.where(col(ReviewCase.assignee_id) == (who.id if assignee == ME else assignee))


def _ordered(query: Select[Any], wanted: CaseFilter, after: str | None) -> Select[Any]:
    if wanted.is_closed:
        columns = (col(ReviewCase.closed_at), col(ReviewCase.id))
        query = query.order_by(*(column.desc() for column in columns))
        return query if after is None else query.where(tuple_(*columns) < tuple_(*_parts(after, 2)))
    urgency = (col(ReviewCase.priority), col(ReviewCase.due_at), col(ReviewCase.id))
    query = query.order_by(*urgency)
    if after is None:
        return query
    rank, due_at, case_id = _parts(after, 3)
    if not rank.isdigit():
        raise _no_cursor()
    return query.where(tuple_(*urgency) > tuple_(int(rank), due_at, case_id))


def _cursor(last: ReviewCase, wanted: CaseFilter) -> str:
    if wanted.is_closed:
        return f"{last.closed_at}~{last.id}"
    return f"{last.priority}~{last.due_at}~{last.id}"


def _parts(cursor: str, count: int) -> list[str]:
    parts = cursor.split("~")
    if len(parts) != count or not cursor.isprintable():
        raise _no_cursor()
    return parts


def _no_cursor() -> InvalidInput:
    return InvalidInput("there is no such page", [FieldError("cursor", "pass `next` of the page before, as it was")])


async def _matches(session: AsyncSession, cases: Sequence[ReviewCase]) -> dict[str, list[Match]]:
    found: dict[str, list[Match]] = {}
    for row in await session.scalars(select(CaseMatch).where(col(CaseMatch.case_id).in_([c.id for c in cases]))):
        found.setdefault(row.case_id, []).append(match_of(row))
    return found


async def _askers(session: AsyncSession, cases: Sequence[ReviewCase]) -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    columns = (col(CaseRecord.case_id), col(CaseRecord.asked_by), col(CaseRecord.asked_by_name))
    query = select(*columns).where(columns[0].in_([case.id for case in cases])).distinct()
    for case_id, asker, name in await session.execute(query):
        found.setdefault(case_id, set()).add((asker, name))
    return {case_id: frozenset(askers) for case_id, askers in found.items()}
