"""The dashboard: may today's answers be trusted, what is late or odd, what was alarming lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from api.web.presenters import figures
from api.web.presenters.chart import Chart, Legend, chart, legend, short_day
from api.web.presenters.history import HistoryRow, history_row
from api.web.presenters.lists import ListsPage, lists_page
from api.web.text import _
from lists.status import UNUSED, ListStatus
from screening.audit.verify import Head
from screening.matching.result import Outcome
from screening.recorded import Summary
from screening.tally import DayTally

WIDE, NARROW = (30, 930), (14, 390)
"""Days and width of the two drawings, for wide and for narrow pages."""

WEEKDAYS: Final = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
FULL_MONTHS: Final = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number at a glance. `late` sets it in the colour of what needs somebody."""

    label: str
    value: str
    note: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day in the table beside the chart."""

    day: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The dashboard, ready for its template."""

    heading: str
    as_of: str
    lists: ListsPage
    figures: tuple[Figure, ...]
    wide: Chart
    narrow: Chart
    legend: tuple[Legend, ...]
    days: tuple[DayRow, ...]
    alarms: tuple[HistoryRow, ...]
    chain: str
    chain_hash: str


def first_day(now: datetime) -> datetime:
    """Return the first instant that the dashboard counts."""
    return (now - timedelta(days=WIDE[0] - 1)).replace(hour=0, minute=0, second=0, microsecond=0)


def dashboard(
    statuses: Sequence[ListStatus],
    counted: Mapping[date, DayTally],
    alarms: Sequence[Summary],
    head: Head,
    now: datetime,
) -> Dashboard:
    """Return the dashboard at `now`: lists, screenings by day, the latest alarms, the end of the audit log."""
    days = [now.date() - timedelta(days=back) for back in reversed(range(WIDE[0]))]
    series = [counted.get(day, DayTally(day)) for day in days]
    weekday, month = WEEKDAYS[now.weekday()], FULL_MONTHS[now.month - 1]
    return Dashboard(
        heading=_("%(weekday)s, %(day)d %(month)s") % {"weekday": weekday, "day": now.day, "month": month},
        as_of=f"{now:%H:%M:%S}",
        lists=lists_page(statuses, (), now),
        figures=_figures(statuses, series[-1]),
        wide=chart(series, WIDE[1]),
        narrow=chart(series[-NARROW[0] :], NARROW[1]),
        legend=legend(),
        days=tuple(_row(day) for day in reversed(series) if day.screenings),
        alarms=tuple(history_row(alarm, now) for alarm in alarms),
        chain=figures.count(head.sequence),
        chain_hash=head.hash,
    )


def _figures(statuses: Sequence[ListStatus], today: DayTally) -> tuple[Figure, ...]:
    enabled = [status for status in statuses if status.state not in UNUSED]
    fresh = sum(status.state == "fresh" for status in enabled)
    bad = len(enabled) - fresh
    refused = sum(status.last_outcome in {"refused", "failed"} for status in enabled)
    checks = _("every last check succeeded") if refused == 0 else _("%d last checks failed") % refused
    number = {outcome: today.outcomes.get(outcome, 0) for outcome in Outcome}
    return (
        Figure(_("Screenings today"), figures.count(today.screenings), _("%s raised an alarm") % today.alarms),
        Figure(_("Match today"), figures.count(number[Outcome.MATCH]), _("very likely listed")),
        Figure(_("Review today"), figures.count(number[Outcome.REVIEW]), _("an officer decides")),
        Figure(_("Incomplete today"), figures.count(number[Outcome.INCOMPLETE]), _("a list or a fact was missing")),
        Figure(_("Lists fresh"), _("%(fresh)d of %(all)d") % {"fresh": fresh, "all": len(enabled)}, checks, bad > 0),
    )


def _row(day: DayTally) -> DayRow:
    shown = (Outcome.CLEAR, Outcome.INCOMPLETE, Outcome.REVIEW, Outcome.MATCH)
    return DayRow(short_day(day.day), tuple(figures.count(day.outcomes.get(outcome, 0)) for outcome in shown))
