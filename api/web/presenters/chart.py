"""Charts as numbers for SVG: screenings a day with the alarm rate, and the backlog by age. Tables say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.web.presenters import figures
from api.web.text import _
from screening.tally import DayTally

LEFT, RIGHT, TOP, BOTTOM = 40.0, 44.0, 14.0, 210.0
HEIGHT: Final = 236
GAP: Final = 0.36
"""Share of a day's width left free between bars, as in the mockup."""

STEPS: Final = 4
WEEK: Final = 7
WHOLE: Final = 100
"""A rate ends there; `ceiling` would go on to 200."""

ROW, ROW_BAR, ROW_LEFT, ROW_RIGHT = 29, 19, 82, 270
"""The backlog's chart: height of a line and of its bar, where bars begin and where the longest ends."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day's screenings, or one age's cases."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A text at a place of an axis; `other` is the text of the same height on the right."""

    at: str
    text: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Screenings a day as bars, the alarm rate as a line that ends at `dot`, and what both say in one sentence."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    trend: str
    dot: tuple[str, str] | None
    last: str
    lines: tuple[Tick, ...]
    days: tuple[Tick, ...]
    left: str
    right: str
    title: str


@dataclass(frozen=True, slots=True)
class AgeLine:
    """One line of the backlog: its words, its bar, how many cases, and where the texts stand."""

    word: str
    bar: Bar
    cases: str
    text_y: str
    text_x: str


def chart(days: Sequence[DayTally], width: int) -> Chart:
    """Return the chart of these days, oldest first, at a width in SVG units."""
    highest = ceiling(max((day.screenings for day in days), default=0))
    top_rate = min(ceiling(max((rate(day) for day in days), default=0)), WHOLE)
    step = (width - LEFT - RIGHT) / max(len(days), 1)
    points = [
        (_n(LEFT + (at + 0.5) * step), _n(_y(rate(day), top_rate))) for at, day in enumerate(days) if day.screenings
    ]
    shown = [
        Tick(_n(LEFT + (at + 0.5) * step), short_day(day.day))
        for at, day in enumerate(days)
        if (len(days) - 1 - at) % WEEK == 0
    ]
    return Chart(
        width=width,
        height=HEIGHT,
        bars=tuple(_bar(day, LEFT + at * step, step, highest) for at, day in enumerate(days) if day.screenings),
        trend=" ".join(f"{'L' if at else 'M'}{x} {y}" for at, (x, y) in enumerate(points)),
        dot=points[-1] if points else None,
        last=_("%s today") % percent(rate(days[-1])) if points and days[-1].screenings else "",
        lines=tuple(_grid(number, highest, top_rate) for number in range(STEPS + 1)),
        days=tuple(shown),
        left=_n(LEFT),
        right=_n(width - RIGHT),
        title=_title(days),
    )


def age_lines(counted: Sequence[tuple[str, int]]) -> tuple[AgeLine, ...]:
    """Return the backlog by age: for each line its words and how many cases."""
    most = max((cases for _word, cases in counted), default=0) or 1
    lines = []
    for at, (word, cases) in enumerate(counted):
        width = (ROW_RIGHT - ROW_LEFT) * cases / most
        bar = Bar(_n(ROW_LEFT), _n(at * ROW + 6), _n(width), _n(ROW_BAR))
        lines.append(AgeLine(word, bar, figures.count(cases), _n(at * ROW + 20), _n(ROW_LEFT + width + 7)))
    return tuple(lines)


def rate(day: DayTally) -> float:
    """Return which share of a day's screenings raised review or match, in per cent."""
    return WHOLE * day.alarms / day.screenings if day.screenings else 0.0


def percent(value: float) -> str:
    """Return a share: `2.3 %`."""
    return f"{value:.1f} %"


def ceiling(highest: float) -> int:
    """Return where the axis ends: the least round number that four even steps reach (4, 8, 20, 40, 80, 200 …)."""
    top, factor = STEPS, 1
    while top < highest:
        top = next((n * factor for n in (4, 8, 20) if n * factor >= highest), 40 * factor)
        factor *= 10
    return top


def short_day(day: date) -> str:
    """Return `24 Nov`."""
    return f"{day.day} {figures.MONTHS[day.month - 1]}"


def _grid(number: int, highest: int, top_rate: int) -> Tick:
    count = highest * number // STEPS
    return Tick(_n(_y(count, highest)), figures.count(count), f"{top_rate * number / STEPS:g} %")


def _bar(day: DayTally, x: float, step: float, highest: int) -> Bar:
    top = _y(day.screenings, highest)
    return Bar(_n(x + step * GAP / 2), _n(top), _n(step * (1 - GAP)), _n(BOTTOM - top))


def _y(value: float, highest: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / highest


def _n(value: float) -> str:
    return f"{value:.1f}"


def _title(days: Sequence[DayTally]) -> str:
    all_of = sum(day.screenings for day in days)
    text = _("%(screenings)s screenings in %(days)d days, of which %(alarms)s raised review or match.")
    alarms = sum(day.alarms for day in days)
    return text % {"screenings": figures.count(all_of), "days": len(days), "alarms": figures.count(alarms)}
