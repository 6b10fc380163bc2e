"""Tally: how many screenings ended how, day by day, counted from the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import iso
from screening.audit.entry import Action
from screening.matching.result import Outcome
from screening.records import table

FIRST: ColumnElement[int] = literal_column("1")
DAY_LETTERS: ColumnElement[int] = literal_column("10")
"""Where an RFC 3339 moment has its day; the log keeps moments in UTC. Written into the statement: PostgreSQL takes two
equal expressions with parameters for different ones, and refuses to group by the other.
"""


@dataclass(frozen=True, slots=True)
class DayTally:
    """One day (UTC) and its screenings by outcome."""

    day: date
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)

    @property
    def screenings(self) -> int:
        """All screenings of the day."""
        return sum(self.outcomes.values())

    @property
    def alarms(self) -> int:
        """Those that raised review or match."""
        return self.outcomes.get(Outcome.REVIEW, 0) + self.outcomes.get(Outcome.MATCH, 0)


async def tally(session: AsyncSession, since: datetime) -> dict[date, DayTally]:
    """Return the days from `since` on that had screenings, each with how they ended."""
    entries = table("audit_entry").c
    day = func.substr(entries.occurred_at, FIRST, DAY_LETTERS)
    query = (
        select(day, entries.outcome, func.count())
        .where(entries.occurred_at >= iso(since), entries.action == Action.SCREENED.value)
        .group_by(day, entries.outcome)
    )
    found: dict[date, dict[Outcome, int]] = {}
    for written, outcome, number in await session.execute(query):
        found.setdefault(date.fromisoformat(written), {})[Outcome(outcome)] = number
    return {on: DayTally(on, outcomes) for on, outcomes in found.items()}
