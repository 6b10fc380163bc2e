"""The dashboard: who sees it, what it counts, what it draws, and that seeing others' alarms is recorded."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from console_app import Console

from api.web.presenters.backlog import backlog
from api.web.presenters.chart import BOTTOM, TOP, age_lines, ceiling, chart
from api.web.presenters.dashboard import dashboard, first_day
from core.clock import now
from screening.access import Role
from screening.audit import query
from screening.audit.query import AuditFilter
from screening.audit.verify import START
from screening.cases.case import Priority, State
from screening.cases.statistics import Age, Backlog, ByList, ByMatcher, Pace, Statistics
from screening.matching.result import Outcome
from screening.matching.version import VERSION as MATCHER
from screening.tally import DayTally, tally

AT = datetime(2026, 11, 24, 9, 16, 20, tzinfo=UTC)
TODAY = DayTally(AT.date(), {Outcome.CLEAR: 60, Outcome.INCOMPLETE: 10, Outcome.REVIEW: 20, Outcome.MATCH: 10})


@pytest.mark.parametrize("role", [Role.TRADER, Role.AUDITOR])
async def test_traders_and_auditors_have_no_dashboard(console: Console, role: Role) -> None:
    await console.sign_in(role)
    assert 'href="/dashboard"' not in (await console.client.get("/lists")).text
    assert (await console.client.get("/dashboard")).status_code == 403


async def test_an_officer_sees_what_others_screened_and_that_is_recorded(console: Console) -> None:
    await console.sign_in()
    answer = await console.screen(name="بانک ملی ایران")
    await console.screen(name="Nobody of this name at all")
    await console.sign_in(Role.OFFICER)
    html = (await console.client.get("/dashboard")).text
    assert "Four lists, all fresh." in html
    assert "بانک ملی ایران" in html
    assert "Nobody of this name" not in html, "only alarms are shown"
    assert "2 screenings in 30 days, of which 1 raised review or match." in html
    async with console.database.read() as reading:
        queue, last = await query.page(reading, AuditFilter(), limit=2)
        counted = await tally(reading, first_day(now()))
    assert [one.content["action"] for one in (last, queue)] == ["record_read", "record_read"]
    assert queue.content["record_id"] == "cases"
    assert last.content["details"] == {"screenings": [str(answer.url.path).rpartition("/")[2]]}
    assert [day.screenings for day in counted.values()] == [2]


async def test_days_before_the_first_one_are_not_counted(console: Console) -> None:
    await console.sign_in()
    await console.screen(name="Bank Melli Iran")
    async with console.database.read() as reading:
        assert await tally(reading, now() + timedelta(minutes=1)) == {}


def test_a_day_is_one_bar_and_a_point_of_the_line() -> None:
    drawn = chart([DayTally(date(2026, 11, 23)), TODAY], 400)
    (bar,) = drawn.bars
    assert float(bar.height) == pytest.approx((BOTTOM - TOP) * 100 / 200, abs=0.2)
    assert [line.text for line in drawn.lines] == ["0", "50", "100", "150", "200"]
    assert [line.other for line in drawn.lines] == ["0 %", "10 %", "20 %", "30 %", "40 %"]
    assert drawn.trend.startswith("M"), "a day without screenings has no rate"
    assert drawn.dot is not None
    assert float(drawn.dot[1]) == pytest.approx(BOTTOM - (BOTTOM - TOP) * 30 / 40, abs=0.2)
    assert drawn.last == "30.0 % today"
    assert [day.text for day in drawn.days] == ["24 Nov"]
    assert drawn.title == "100 screenings in 2 days, of which 30 raised review or match."


def test_a_rate_ends_at_a_hundred_per_cent() -> None:
    drawn = chart([DayTally(AT.date(), {Outcome.MATCH: 3})], 400)
    assert drawn.lines[-1].other == "100 %"
    assert chart([DayTally(AT.date())], 400).trend == ""


def test_the_backlog_by_age() -> None:
    lines = age_lines([("under 4 h", 8), ("to 1 day", 4), ("over 1 day", 0)])
    assert [line.cases for line in lines] == ["8", "4", "0"]
    assert float(lines[0].bar.width) == 2 * float(lines[1].bar.width)
    assert float(lines[2].bar.width) == 0


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 4), (4, 4), (5, 8), (9, 20), (21, 40), (41, 80), (100, 200), (1330, 2000)]
)
def test_the_axis_ends_at_a_round_number(highest: int, top: int) -> None:
    assert ceiling(highest) == top


def test_figures_and_days_of_the_dashboard() -> None:
    waiting = (
        Backlog(state=State.OPEN, priority=Priority.HIGH, cases=3, overdue=1, oldest=AT - timedelta(hours=30)),
        Backlog(state=State.ESCALATED, priority=Priority.NORMAL, cases=1, overdue=0, oldest=AT - timedelta(hours=1)),
    )
    counted = Statistics(
        as_of=AT,
        since=AT.date(),
        backlog=waiting,
        ages=(Age(hours=4, cases=1), Age(hours=24, cases=0), Age(hours=None, cases=3)),
        days=(),
        pace=(Pace(priority=Priority.HIGH, closed=4, median_hours=2.25, within_target=3),),
        screenings=200,
        by_matcher=(ByMatcher(matcher="1.2.0", screenings=200, alarms=5),),
        by_list=(ByList(list="ofac_sdn", alarms=4),),
    )
    casework = backlog(counted, (), AT)
    view = dashboard((), {TODAY.day: TODAY}, (), START, casework, AT)
    assert view.heading == "Tuesday, 24 November"
    assert [item.value for item in view.figures] == ["4", "1", "1", "100", "10", "0 of 0"]
    assert [item.late for item in view.figures] == [False, True, False, False, False, False]
    assert view.figures[0].note == "the oldest 1 d 6 h"
    assert view.figures[3].note == "30 alarms, 30.0 %"
    assert [(row.day, row.numbers) for row in view.days] == [("24 Nov", ("60", "10", "20", "10"))]
    assert casework.title == "Open cases by age: 1 under 4 h, 0 to 1 day, 3 over 1 day."
    assert [(row.median, row.within) for row in casework.pace] == [("2.2 h", "3 of 4")]
    assert [(row.name, row.rate) for row in casework.by_list] == [("OFAC SDN", "2.0 %")]
    assert [row.rate for row in casework.by_matcher] == ["2.5 %"]


@pytest.mark.parametrize(("role", "word"), [(Role.OFFICER, "ملی"), (Role.APPROVER, "Nothing waits for you.")])
async def test_what_is_next_depends_on_who_looks(console: Console, role: Role, word: str) -> None:
    await console.sign_in()
    await console.screen(name="بانک ملی ایران")
    await console.sign_in(role)
    html = (await console.client.get("/dashboard")).text
    assert word in html[html.index("Next for you") :]
    assert "1 under 4 h" in html
    assert re.search(rf'<th class="flush" scope="row">{MATCHER}</th><td class="num">1 of 1</td>', html)
    await console.sign_in(Role.ADMIN)
    assert "Next for you" not in (await console.client.get("/dashboard")).text
