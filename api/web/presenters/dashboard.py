"""The dashboard: may today's answers be trusted, what is late or odd, what was alarming lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from api.web.presenters import figures
from api.web.presenters.backlog import Backlog
from api.web.presenters.chart import Chart, chart, percent, rate, short_day
from api.web.presenters.history import HistoryRow, history_row
from api.web.presenters.lists import ListsPage, lists_page
from api.web.presenters.screening import OUTCOMES
from api.web.text import _
from lists.status import UNUSED, ListStatus
from screening.audit.verify import Head
from screening.matching.result import Outcome
from screening.recorded import Summary
from screening.tally import DayTally

WIDE, NARROW = (30, 930), (14, 390)
"""Days and width of the two drawings, for wide and for narrow pages."""

SHOWN: Final = (Outcome.CLEAR, Outcome.INCOMPLETE, Outcome.REVIEW, Outcome.MATCH)
"""Outcomes in the order of the table."""

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
    outcomes: tuple[str, ...]
    backlog: Backlog
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
    casework: Backlog,
    now: datetime,
) -> Dashboard:
    """Return the dashboard at `now`: lists, screenings by day, latest alarms, the end of the audit log, casework."""
    days = [now.date() - timedelta(days=back) for back in reversed(range(WIDE[0]))]
    series = [counted.get(day, DayTally(day)) for day in days]
    weekday, month = WEEKDAYS[now.weekday()], FULL_MONTHS[now.month - 1]
    return Dashboard(
        heading=_("%(weekday)s, %(day)d %(month)s") % {"weekday": weekday, "day": now.day, "month": month},
        as_of=f"{now:%H:%M:%S}",
        lists=lists_page(statuses, (), now),
        figures=_figures(statuses, series[-1], casework),
        wide=chart(series, WIDE[1]),
        narrow=chart(series[-NARROW[0] :], NARROW[1]),
        outcomes=tuple(OUTCOMES[outcome] for outcome in SHOWN),
        backlog=casework,
        days=tuple(_row(day) for day in reversed(series) if day.screenings),
        alarms=tuple(history_row(alarm, now) for alarm in alarms),
        chain=figures.count(head.sequence),
        chain_hash=head.hash,
    )


def _figures(statuses: Sequence[ListStatus], today: DayTally, casework: Backlog) -> tuple[Figure, ...]:
    enabled = [status for status in statuses if status.state not in UNUSED]
    fresh = sum(status.state == "fresh" for status in enabled)
    refused = sum(status.last_outcome in {"refused", "failed"} for status in enabled)
    checks = _("every last check succeeded") if refused == 0 else _("%d last checks failed") % refused
    alarms = _("%(number)d alarms, %(rate)s") % {"number": today.alarms, "rate": percent(rate(today))}
    incomplete = today.outcomes.get(Outcome.INCOMPLETE, 0)
    oldest = _("the oldest %s") % casework.oldest if casework.oldest else _("nothing waits")
    lists = _("%(fresh)d of %(all)d") % {"fresh": fresh, "all": len(enabled)}
    return (
        Figure(_("Open cases"), figures.count(casework.open), oldest),
        Figure(_("Past target"), figures.count(casework.overdue), _("of those open"), casework.overdue > 0),
        Figure(_("Waiting for approval"), figures.count(casework.waiting), _("or escalated")),
        Figure(_("Screenings today"), figures.count(today.screenings), alarms),
        Figure(_("Incomplete today"), figures.count(incomplete), _("a list or a fact was missing")),
        Figure(_("Lists fresh"), lists, checks, fresh < len(enabled)),
    )


def _row(day: DayTally) -> DayRow:
    return DayRow(short_day(day.day), tuple(figures.count(day.outcomes.get(outcome, 0)) for outcome in SHOWN))
