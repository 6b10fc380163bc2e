"""Statistics: how much waits and how long, how much is decided a day, and how often what raises alarms.

Alarms by matcher version are counted from the audit log: every screening, and those with review or match. Alarms by
list are the screenings that opened or joined a case over it: what a clearance covers is not among them.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import JSON, case, cast, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import iso, now
from screening.audit.entry import Action
from screening.cases.case import Decision, Priority, RecordKind, State
from screening.matching.result import Outcome
from screening.records import table
from screening.tally import DAY_LETTERS, FIRST

AGES = (4, 24, 72, 168)
"""Hours that part the ages of what waits: a normal target twice, a day, three days, a week."""

ALARMS = (Outcome.REVIEW.value, Outcome.MATCH.value)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Backlog(_Frozen):
    """Cases of one state and priority: how many, how many past their target, and when the oldest was opened."""

    state: State
    priority: Priority
    cases: int
    overdue: int
    oldest: datetime


class Age(_Frozen):
    """Open cases by age: those younger than `hours`, and not in a line before; null for all that are older."""

    hours: int | None
    cases: int


class Day(_Frozen):
    """One day (UTC): cases opened and closed, and the steps that people took."""

    day: date
    opened: int = 0
    closed: int = 0
    true_match: int = 0
    false_positive: int = 0
    escalated: int = 0
    returned: int = 0
    reopened: int = 0


class Pace(_Frozen):
    """How long cases of a priority took that were closed in the time looked at: hours from opening to closing."""

    priority: Priority
    closed: int
    median_hours: float
    within_target: int


class ByMatcher(_Frozen):
    """Screenings that one version of the matcher answered, and those that raised review or match."""

    matcher: str
    screenings: int
    alarms: int


class ByList(_Frozen):
    """Screenings that opened or joined a case over one list."""

    list: str
    alarms: int


class Statistics(_Frozen):
    """Casework in figures. `since`: what is counted over time is counted from this day on."""

    as_of: datetime
    since: date
    backlog: tuple[Backlog, ...]
    ages: tuple[Age, ...]
    days: tuple[Day, ...]
    pace: tuple[Pace, ...]
    screenings: int = Field(description="All screenings since then.")
    by_matcher: tuple[ByMatcher, ...]
    by_list: tuple[ByList, ...]


async def statistics(session: AsyncSession, days: int) -> Statistics:
    """Return the statistics, those over time for the last `days` days with today."""
    moment = now()
    since = moment.date() - timedelta(days=days - 1)
    start = iso(datetime.combine(since, datetime.min.time(), UTC))
    by_matcher = await _by_matcher(session, start)
    return Statistics(
        as_of=moment,
        since=since,
        backlog=await _backlog(session, iso(moment)),
        ages=await _ages(session, moment),
        days=await _days(session, since, moment.date()),
        pace=await _pace(session, start),
        screenings=sum(one.screenings for one in by_matcher),
        by_matcher=by_matcher,
        by_list=await _by_list(session, start),
    )


async def _backlog(session: AsyncSession, moment: str) -> tuple[Backlog, ...]:
    cases = table("review_case").c
    late = func.sum(case((cases.due_at < moment, 1), else_=0))
    query = (
        select(cases.state, cases.priority, func.count(), late, func.min(cases.opened_at))
        .where(cases.state != State.CLOSED.value)
        .group_by(cases.state, cases.priority)
        .order_by(cases.priority, cases.state)
    )
    return tuple(
        Backlog(state=state, priority=Priority.of_rank(rank), cases=count, overdue=overdue, oldest=oldest)
        for state, rank, count, overdue, oldest in await session.execute(query)
    )


async def _ages(session: AsyncSession, moment: datetime) -> tuple[Age, ...]:
    cases = table("review_case").c
    bounds = [iso(moment - timedelta(hours=hours)) for hours in AGES]
    which = case(*((cases.opened_at > bound, number) for number, bound in enumerate(bounds)), else_=len(AGES))
    found = await session.execute(select(which).where(cases.state != State.CLOSED.value))
    counts = Counter(found.scalars())
    return tuple(Age(hours=hours, cases=counts[number]) for number, hours in enumerate((*AGES, None)))


async def _days(session: AsyncSession, since: date, until: date) -> tuple[Day, ...]:
    counts: dict[date, Counter[str]] = {}
    for name, column in (("opened", "opened_at"), ("closed", "closed_at")):
        at = table("review_case").c[column]
        day = func.substr(at, FIRST, DAY_LETTERS)
        query = select(day, func.count()).where(at >= since.isoformat()).group_by(day)
        for text, count in await session.execute(query):
            counts.setdefault(date.fromisoformat(text), Counter())[name] += count
    steps = table("case_step").c
    day = func.substr(steps.at, FIRST, DAY_LETTERS)
    query = (
        select(day, steps.action, steps.decision, func.count())
        .where(steps.at >= since.isoformat(), steps.action != Action.CASE_OPENED.value)
        .group_by(day, steps.action, steps.decision)
    )
    for text, action, decision, count in await session.execute(query):
        counts.setdefault(date.fromisoformat(text), Counter())[_figure(action, decision)] += count
    shown = (since + timedelta(days=number) for number in range((until - since).days + 1))
    names = set(Day.model_fields) - {"day"}
    return tuple(Day(day=on, **{name: counts.get(on, Counter())[name] for name in names}) for on in shown)


def _figure(action: str, decision: str | None) -> str:
    if action == Action.DECIDED.value and decision in (Decision.TRUE_MATCH.value, Decision.FALSE_POSITIVE.value):
        return decision
    return {Action.CASE_REOPENED.value: "reopened"}.get(action, action)


async def _pace(session: AsyncSession, start: str) -> tuple[Pace, ...]:
    cases = table("review_case").c
    query = select(cases.priority, cases.opened_at, cases.closed_at, cases.due_at).where(
        cases.state == State.CLOSED.value, cases.closed_at >= start
    )
    taken: dict[int, list[tuple[float, bool]]] = {}
    for rank, opened_at, closed_at, due_at in await session.execute(query):
        hours = (datetime.fromisoformat(closed_at) - datetime.fromisoformat(opened_at)).total_seconds() / 3600
        taken.setdefault(rank, []).append((hours, closed_at <= due_at))
    return tuple(
        Pace(
            priority=Priority.of_rank(rank),
            closed=len(own),
            median_hours=round(median(hours for hours, _ in own), 2),
            within_target=sum(in_time for _, in_time in own),
        )
        for rank, own in sorted(taken.items())
    )


async def _by_matcher(session: AsyncSession, start: str) -> tuple[ByMatcher, ...]:
    entries = table("audit_entry").c
    is_sqlite = session.get_bind().dialect.name == "sqlite"  # its CAST to JSON makes a number of any text
    body: Any = type_coerce(entries.body, JSON) if is_sqlite else cast(entries.body, JSON)
    version = body["matcher"]["version"].as_string().label("version")
    told = (
        select(version, case((entries.outcome.in_(ALARMS), 1), else_=0).label("alarm"))
        .where(entries.occurred_at >= start, entries.action == Action.SCREENED.value)
        .subquery()
    )
    query = select(told.c.version, func.count(), func.sum(told.c.alarm)).group_by(told.c.version)
    return tuple(
        ByMatcher(matcher=version or "unknown", screenings=count, alarms=alarms)
        for version, count, alarms in await session.execute(query.order_by(told.c.version))
    )


async def _by_list(session: AsyncSession, start: str) -> tuple[ByList, ...]:
    links = table("case_record").c
    query = (
        select(links.lists, func.count(links.record_id.distinct()))
        .where(links.at >= start, links.record_kind == RecordKind.SCREENING.value)
        .group_by(links.lists)
    )
    counts: Counter[str] = Counter()
    for lists, count in await session.execute(query):
        counts.update(dict.fromkeys(lists.split(), count))
    return tuple(ByList(list=key, alarms=count) for key, count in sorted(counts.items()))
