"""Standing: what is known of the subjects of alarms before they are recorded: open cases and clearances in force.

A clearance holds for a hit only where nothing has changed since it was given: the subject (by its fingerprint), the
listed entity's version, its date, and what speaks for the identity. Where something now corroborates it that did not
when a person decided, a person looks again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import iso, now
from screening.audit.log import queue_up
from screening.cases.alarm import Alarm
from screening.cases.case import Hit
from screening.matching.result import Identity, Outcome
from screening.records import table

CLEARED = "cleared"
AFTER = "outcome_after_clearances"
"""What a record's audit entry says of clearances, among its details."""

WORST = (Outcome.MATCH, Outcome.REVIEW)
"""Outcomes of a hit, the worse first."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """A match that a clearance covers: which one, granted in which audit entry, until when."""

    entity_id: str
    clearance_id: str
    decided_in: int
    until: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Sifted:
    """An alarm's hits, apart: those cleared and those that need a person; and what it comes to after clearances."""

    cleared: tuple[Cleared, ...]
    rest: tuple[Hit, ...]
    outcome: Outcome


@dataclass(frozen=True)
class Standing:
    """Open cases by fingerprint, and clearances by fingerprint and entity, as rows of their tables."""

    cases: Mapping[str, Row[Any]]
    clearances: Mapping[tuple[str, str], Row[Any]]
    moment: str

    def sift(self, alarm: Alarm) -> Sifted:
        """Return the alarm's hits, sifted."""
        cleared, rest = [], []
        for hit in alarm.hits:
            row = self.clearances.get((alarm.subject.fingerprint, hit.entity_id))
            if row is not None and holds(row, hit, self.moment):
                cleared.append(Cleared(hit.entity_id, row.id, row.audit_sequence, row.until, alarm.path))
            else:
                rest.append(hit)
        outcomes = {hit.outcome for hit in rest}
        after = next((outcome for outcome in WORST if outcome in outcomes), alarm.otherwise)
        return Sifted(tuple(cleared), tuple(rest), after)


def clearance_details(cleared: Sequence[Cleared], after: Outcome | None) -> dict[str, Any]:
    """Return what a record's audit entry says of clearances; nothing where none applies."""
    if not cleared:
        return {}
    told = [[one.entity_id, one.clearance_id, one.decided_in, one.until, one.path] for one in cleared]
    return {CLEARED: told} | ({} if after is None else {AFTER: after.value})


def holds(row: Row[Any], hit: Hit, moment: str) -> bool:
    """Say whether a clearance (a row of its table) covers this hit at this moment."""
    corroborated = hit.identity is Identity.CORROBORATED and row.identity != Identity.CORROBORATED.value
    return bool(row.until > moment and row.version == hit.version and hit.version and not corroborated)


async def look_up(session: AsyncSession, alarms: Sequence[Alarm]) -> Standing:
    """Return what stands of the alarms' subjects. Until the caller's transaction ends, nobody else changes it."""
    await queue_up(session)
    fingerprints = sorted({alarm.subject.fingerprint for alarm in alarms})
    cases, clearances = table("review_case"), table("clearance")
    if not fingerprints:
        return Standing({}, {}, iso(now()))
    open_cases = await session.execute(
        select(cases).where(cases.c.fingerprint.in_(fingerprints), cases.c.state != "closed")
    )
    granted = await session.execute(
        select(clearances).where(clearances.c.fingerprint.in_(fingerprints), clearances.c.ended_at.is_(None))
    )
    return Standing(
        {row.fingerprint: row for row in open_cases},
        {(row.fingerprint, row.entity_id): row for row in granted},
        iso(now()),
    )
