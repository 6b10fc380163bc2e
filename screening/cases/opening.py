"""Opening: alarms become cases, in the transaction that records them. One set of statements, however many alarms.

An alarm joins the open case of the same subject, or opens one. Matches that a clearance covers open nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

import screening.cases.tables  # noqa: F401 - its tables must be known before they are asked for
from core.clock import iso
from screening.audit.entry import Action, Entry
from screening.audit.log import append, fold
from screening.cases.alarm import Alarm
from screening.cases.case import CasePolicy, Hit, Match, Priority, State, priority_of, state_of
from screening.cases.rows import KEYS, match_of, match_row
from screening.cases.standing import Cleared, Sifted, Standing, look_up
from screening.cases.steps import Step, drafts_of, store_steps
from screening.identity import new_id
from screening.matching.result import Outcome
from screening.records import table


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of one alarm: the case it opened (`is_new`) or joined and where that stands, None where every match
    is cleared; the matches that clearances cover; and what the alarm comes to after them. `path` is the alarm's.
    """

    case_id: str | None
    state: State | None
    is_new: bool
    cleared: tuple[Cleared, ...]
    outcome: Outcome
    path: str = ""


@dataclass(slots=True)
class _Draft:
    """A case as it is being written: what it was, and what the alarms bring."""

    id: str
    row: Any
    alarms: list[Alarm] = field(default_factory=list)
    held: dict[str, Match] = field(default_factory=dict)
    hits: dict[str, Hit] = field(default_factory=dict)

    def matches(self) -> dict[str, Match]:
        """The matches afterwards. What was decided of another version of the entity no longer holds."""
        after = dict(self.held)
        for key, hit in self.hits.items():
            before = after.get(key)
            same = before is not None and before.hit.version == hit.version
            after[key] = replace(before, hit=hit) if before is not None and same else Match(hit)
        return after

    @property
    def state(self) -> State:
        """Where the case stands afterwards."""
        return state_of(self.matches().values(), assigned=self.row is not None and self.row.assignee_id is not None)

    def is_changed(self) -> bool:
        """Whether a person who saw the case before has not seen what it is now about."""
        return self.row is None or self.matches() != self.held


@dataclass(frozen=True, slots=True)
class Plan:
    """What alarms will become: `opened` in their order, and the `steps` whose audit entries `write` needs."""

    opened: tuple[Opened, ...]
    steps: tuple[Step, ...]
    drafts: tuple[_Draft, ...]
    policy: CasePolicy
    moment: datetime

    async def write(self, session: AsyncSession, entries: Sequence[Entry]) -> None:
        """Write the cases with their matches, records and first steps; `entries` are those of `steps`, in order."""
        if self.drafts:
            connection = await session.connection()
            await _write(connection, self.drafts, self.policy, self.moment)
            await _link(connection, self.drafts, iso(self.moment))
            await store_steps(connection, self.steps, entries)


async def plan(
    session: AsyncSession, alarms: Sequence[Alarm], policy: CasePolicy, standing: Standing | None = None
) -> Plan:
    """Return what the alarms will become, in a transaction of `Database.write()`. `standing` is `look_up`'s."""
    standing = standing or await look_up(session, alarms)
    moment = datetime.fromisoformat(standing.moment)
    sifted = [standing.sift(alarm) for alarm in alarms]
    drafts: dict[str, _Draft] = {}
    for alarm, apart in zip(alarms, sifted, strict=True):
        if apart.rest:
            key = alarm.subject.fingerprint
            row = standing.cases.get(key)
            draft = drafts.setdefault(key, _Draft(new_id() if row is None else row.id, row))
            draft.alarms.append(alarm)
            draft.hits.update({hit.entity_id: hit for hit in apart.rest})
    await _read_held(session, drafts.values())
    opened = tuple(_opened(alarm, apart, drafts) for alarm, apart in zip(alarms, sifted, strict=True))
    steps = tuple(_opening(draft, policy, moment) for draft in drafts.values() if draft.row is None)
    return Plan(opened, steps, tuple(drafts.values()), policy, moment)


async def open_or_join(
    session: AsyncSession, alarms: Sequence[Alarm], policy: CasePolicy | None = None, standing: Standing | None = None
) -> list[Opened]:
    """Open a case for each alarm, or join the open case of its subject; return what became of each, in order.

    The caller's transaction must come from `Database.write()` and hold what the alarms name (screenings, deals, rows of
    a batch, monitored subjects). A record is linked to a case once. `standing` is `look_up`'s, where the caller has it.
    """
    planned = await plan(session, alarms, policy or CasePolicy(), standing)
    await planned.write(session, await append(session, drafts_of(planned.steps)))
    return list(planned.opened)


def _opened(alarm: Alarm, apart: Sifted, drafts: Mapping[str, _Draft]) -> Opened:
    if not apart.rest:
        return Opened(None, None, False, apart.cleared, apart.outcome, alarm.path)
    draft = drafts[alarm.subject.fingerprint]
    is_new = draft.row is None and draft.alarms[0] is alarm
    return Opened(draft.id, draft.state, is_new, apart.cleared, apart.outcome, alarm.path)


async def _read_held(session: AsyncSession, drafts: Iterable[_Draft]) -> None:
    joined = {draft.id: draft for draft in drafts if draft.row is not None}
    if not joined:
        return
    matches = table("case_match")
    for row in await session.execute(select(matches).where(matches.c.case_id.in_(list(joined)))):
        joined[row.case_id].held[row.entity_id] = match_of(row)


async def _write(connection: AsyncConnection, drafts: Sequence[_Draft], policy: CasePolicy, moment: datetime) -> None:
    new = [draft for draft in drafts if draft.row is None]
    joined = [draft for draft in drafts if draft.row is not None]
    cases, matches = table("review_case"), table("case_match")
    if new:
        await connection.execute(cases.insert(), [_case_row(draft, policy, moment) for draft in new])
    changed = [draft for draft in joined if draft.is_changed()]
    if changed:
        statement = cases.update().where(cases.c.id == bindparam("this"))
        await connection.execute(statement, [_case_change(draft, policy, moment) for draft in changed])
    inserts = [
        match_row(draft.id, Match(hit)) for draft in drafts for key, hit in draft.hits.items() if key not in draft.held
    ]
    if inserts:
        await connection.execute(matches.insert(), inserts)
    updates = [row for draft in changed for row in _match_changes(draft)]
    if updates:
        this = (matches.c.case_id == bindparam("this_case"), matches.c.entity_id == bindparam("this_entity"))
        await connection.execute(matches.update().where(*this), updates)


async def _link(connection: AsyncConnection, drafts: Sequence[_Draft], at: str) -> None:
    """Link each record to its case, once: a deal may name one subject twice, a monitored subject comes again."""
    links = table("case_record")
    joined = [draft.id for draft in drafts if draft.row is not None]
    known: set[tuple[str, str, str]] = set()
    if joined:
        records = [alarm.record_id for draft in drafts for alarm in draft.alarms]
        query = select(links.c.record_kind, links.c.record_id, links.c.case_id)
        found = await connection.execute(query.where(links.c.record_id.in_(records), links.c.case_id.in_(joined)))
        known = {(row[0], row[1], row[2]) for row in found}
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for draft in drafts:
        for alarm in draft.alarms:
            key = (alarm.record_kind.value, alarm.record_id, draft.id)
            if key not in known:
                rows.setdefault(key, _link_row(draft.id, alarm, at))
    if rows:
        await connection.execute(links.insert(), list(rows.values()))


def _link_row(case_id: str, alarm: Alarm, at: str) -> dict[str, Any]:
    return {
        "record_kind": alarm.record_kind.value,
        "record_id": alarm.record_id,
        "case_id": case_id,
        "path": alarm.path,
        "at": at,
        "asked_by": alarm.asked_by.id,
        "asked_by_name": alarm.asked_by.name,
        "lists": " ".join(sorted({key for hit in alarm.hits for key in hit.lists})),
        "matcher": alarm.matcher,
    }


def _case_row(draft: _Draft, policy: CasePolicy, moment: datetime) -> dict[str, Any]:
    subject, priority = draft.alarms[0].subject, _priority(draft)
    return {
        "id": draft.id,
        "fingerprint": subject.fingerprint,
        "subject": subject.name,
        "about": subject.about,
        "folded": fold(f"{subject.name} {subject.about}"),
        "kind": subject.kind,
        "priority": priority.rank,
        "state": "open",
        "opened_at": iso(moment),
        "due_at": due(moment, priority, policy),
        "version": 1,
    }


def _case_change(draft: _Draft, policy: CasePolicy, moment: datetime) -> dict[str, Any]:
    """A joined case: a new match may make it more urgent, never less, and needs a decision of its own."""
    row = draft.row
    priority = min(Priority.of_rank(row.priority), _priority(draft), key=lambda one: one.rank)
    is_urgent = priority.rank < row.priority
    return {
        "this": draft.id,
        "priority": priority.rank,
        "due_at": min(row.due_at, due(moment, priority, policy)) if is_urgent else row.due_at,
        "state": draft.state.value,
        "version": row.version + 1,
    }


def _match_changes(draft: _Draft) -> list[dict[str, Any]]:
    after = draft.matches()
    changed = []
    for key, before in draft.held.items():
        if after[key] != before:
            row = match_row(draft.id, after[key])
            values = {name: value for name, value in row.items() if name not in KEYS}
            changed.append({"this_case": draft.id, "this_entity": key, **values})
    return changed


def _opening(draft: _Draft, policy: CasePolicy, moment: datetime) -> Step:
    alarm, priority = draft.alarms[0], _priority(draft)
    details = {
        "record": f"{alarm.record_kind.value}:{alarm.record_id}",
        "priority": priority.value,
        "due_at": due(moment, priority, policy),
        "matches": sorted(draft.hits),
    }
    return Step(draft.id, Action.CASE_OPENED, details=details)


def _priority(draft: _Draft) -> Priority:
    return min((priority_of(hit) for hit in draft.hits.values()), key=lambda one: one.rank)


def due(moment: datetime, priority: Priority, policy: CasePolicy) -> str:
    """Return when a case of this priority must be decided."""
    return iso(moment + timedelta(hours=policy.hours[priority]))
