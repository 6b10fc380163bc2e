"""The dashboard: who sees it, what it counts, what it draws, and that seeing others' alarms is recorded."""

from datetime import UTC, date, datetime, timedelta

import pytest
from console_app import Console

from api.web.presenters.chart import BOTTOM, TOP, ceiling, chart
from api.web.presenters.dashboard import dashboard, first_day
from core.clock import now
from screening.access import Role
from screening.audit import query
from screening.audit.query import AuditFilter
from screening.audit.verify import START
from screening.matching.result import Outcome
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
        (last,) = await query.page(reading, AuditFilter(), limit=1)
        counted = await tally(reading, first_day(now()))
    assert last.content["action"] == "record_read"
    assert last.content["details"] == {"screenings": [str(answer.url.path).rpartition("/")[2]]}
    assert [day.screenings for day in counted.values()] == [2]


async def test_days_before_the_first_one_are_not_counted(console: Console) -> None:
    await console.sign_in()
    await console.screen(name="Bank Melli Iran")
    async with console.database.read() as reading:
        assert await tally(reading, now() + timedelta(minutes=1)) == {}


def test_a_day_is_one_bar_of_its_outcomes() -> None:
    drawn = chart([DayTally(date(2026, 11, 23)), TODAY], 400)
    assert len(drawn.segments) == 4
    assert sum(float(part.height) for part in drawn.segments) == pytest.approx((BOTTOM - TOP) * 100 / 200, abs=0.2)
    assert [line.text for line in drawn.lines] == ["0", "50", "100", "150", "200"]
    assert [day.text for day in drawn.days] == ["24 Nov"]
    assert drawn.title == "100 screenings in 2 days, of which 30 raised review or match."


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 4), (4, 4), (5, 8), (9, 20), (21, 40), (41, 80), (100, 200), (1330, 2000)]
)
def test_the_axis_ends_at_a_round_number(highest: int, top: int) -> None:
    assert ceiling(highest) == top


def test_figures_and_days_of_the_dashboard() -> None:
    view = dashboard((), {TODAY.day: TODAY}, (), START, AT)
    assert view.heading == "Tuesday, 24 November"
    assert [item.value for item in view.figures] == ["100", "10", "20", "10", "0 of 0"]
    assert view.figures[0].note == "30 raised an alarm"
    assert [(row.day, row.numbers) for row in view.days] == [("24 Nov", ("60", "10", "20", "10"))]
