"""Casework on the dashboard: what waits, how old it is, what is next, and how long cases take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.web.presenters import figures
from api.web.presenters.chart import AgeLine, age_lines, percent
from api.web.presenters.coverage import list_name
from api.web.presenters.queue import PRIORITIES, CaseRow, case_row
from api.web.text import _, ngettext
from screening.cases.case import State
from screening.cases.statistics import Age, Statistics
from screening.cases.views import CaseLine

WAITING: Final = frozenset({State.AWAITING_APPROVAL, State.ESCALATED})
"""States that wait for an approver."""


@dataclass(frozen=True, slots=True)
class PaceRow:
    """How long closed cases of one priority took."""

    priority: str
    median: str
    within: str


@dataclass(frozen=True, slots=True)
class RateRow:
    """What raised alarms: a list, or a version of the matcher, and how often."""

    name: str
    alarms: str
    rate: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """Casework, ready for the dashboard. `rows` are the next cases of whoever looks."""

    open: int
    overdue: int
    waiting: int
    oldest: str
    ages: tuple[AgeLine, ...]
    title: str
    rows: tuple[CaseRow, ...]
    pace: tuple[PaceRow, ...]
    by_list: tuple[RateRow, ...]
    by_matcher: tuple[RateRow, ...]


def backlog(counted: Statistics, rows: Sequence[CaseLine], now: datetime) -> Backlog:
    """Return casework as the dashboard shows it at `now`."""
    ages = [(_age(line.hours, before), line.cases) for line, before in _with_before(counted)]
    number = sum(line.cases for line in counted.backlog)
    oldest = min((line.oldest for line in counted.backlog), default=None)
    said = ", ".join(f"{cases} {word}" for word, cases in ages)
    return Backlog(
        open=number,
        overdue=sum(line.overdue for line in counted.backlog),
        waiting=sum(line.cases for line in counted.backlog if line.state in WAITING),
        oldest="" if oldest is None else figures.span(now - oldest),
        ages=age_lines(ages),
        title=_("Open cases by age: %s.") % said,
        rows=tuple(case_row(line, now) for line in rows),
        pace=tuple(
            PaceRow(PRIORITIES[one.priority], _("%.1f h") % one.median_hours, _of(one.within_target, one.closed))
            for one in counted.pace
        ),
        by_list=tuple(
            RateRow(list_name(one.list, one.list), figures.count(one.alarms), _rate(one.alarms, counted.screenings))
            for one in counted.by_list
        ),
        by_matcher=tuple(
            RateRow(one.matcher, _of(one.alarms, one.screenings), _rate(one.alarms, one.screenings))
            for one in counted.by_matcher
        ),
    )


def _with_before(counted: Statistics) -> list[tuple[Age, int]]:
    bounds = [0, *(line.hours or 0 for line in counted.ages)]
    return list(zip(counted.ages, bounds, strict=False))


def _age(hours: int | None, before: int) -> str:
    if hours is None:
        return _("over %s") % _hours(before)
    return _("under %s") % _hours(hours) if before == 0 else _("to %s") % _hours(hours)


def _hours(hours: int) -> str:
    days, rest = divmod(hours, 24)
    return _("%d h") % hours if rest or not days else ngettext("%d day", "%d days", days) % days


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": figures.count(part), "whole": figures.count(whole)}


def _rate(part: int, whole: int) -> str:
    return percent(100 * part / whole) if whole else "–"
