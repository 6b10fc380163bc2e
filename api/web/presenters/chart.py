"""A chart of screenings a day by outcome, as numbers for SVG; the same numbers stand beside it as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.web.presenters import figures
from api.web.presenters.screening import OUTCOMES
from api.web.text import _
from screening.matching.result import Outcome
from screening.tally import DayTally

STACK: Final = (
    (Outcome.CLEAR, "var(--line-2)"),
    (Outcome.INCOMPLETE, "var(--open)"),
    (Outcome.REVIEW, "var(--review)"),
    (Outcome.MATCH, "var(--stop)"),
)
"""Outcomes from the foot of a bar to its top, with the design's colour for each."""

LEFT, RIGHT, TOP, BOTTOM = 40.0, 10.0, 14.0, 210.0
HEIGHT: Final = 236
GAP: Final = 0.36
"""Share of a day's width left free between bars, as in the mockup."""

STEPS: Final = 4
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Segment:
    """One outcome's part of a bar."""

    x: str
    y: str
    width: str
    height: str
    fill: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A text at a place of an axis."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing: its size, its bars, its axes, and what it says in one sentence."""

    width: int
    height: int
    segments: tuple[Segment, ...]
    lines: tuple[Tick, ...]
    days: tuple[Tick, ...]
    left: str
    right: str
    title: str


@dataclass(frozen=True, slots=True)
class Legend:
    """One outcome's word and colour."""

    word: str
    fill: str


def legend() -> tuple[Legend, ...]:
    """Return what the colours mean, in the order of the stack."""
    return tuple(Legend(OUTCOMES[outcome], fill) for outcome, fill in STACK)


def chart(days: Sequence[DayTally], width: int) -> Chart:
    """Return the chart of these days, oldest first, at a width in SVG units."""
    highest = ceiling(max((day.screenings for day in days), default=0))
    step = (width - LEFT - RIGHT) / max(len(days), 1)
    segments = [part for at, day in enumerate(days) for part in _bar(day, LEFT + at * step, step, highest)]
    lines = [Tick(_n(_y(highest * n // STEPS, highest)), figures.count(highest * n // STEPS)) for n in range(STEPS + 1)]
    shown = [
        Tick(_n(LEFT + (at + 0.5) * step), short_day(day.day))
        for at, day in enumerate(days)
        if (len(days) - 1 - at) % WEEK == 0
    ]
    return Chart(width, HEIGHT, tuple(segments), tuple(lines), tuple(shown), _n(LEFT), _n(width - RIGHT), _title(days))


def ceiling(highest: int) -> int:
    """Return where the axis ends: the least round number that four even steps reach (4, 8, 20, 40, 80, 200 …)."""
    top, factor = STEPS, 1
    while top < highest:
        top = next((n * factor for n in (4, 8, 20) if n * factor >= highest), 40 * factor)
        factor *= 10
    return top


def short_day(day: date) -> str:
    """Return `24 Nov`."""
    return f"{day.day} {figures.MONTHS[day.month - 1]}"


def _bar(day: DayTally, x: float, step: float, highest: int) -> list[Segment]:
    parts, below = [], 0
    for outcome, fill in STACK:
        number = day.outcomes.get(outcome, 0)
        if number:
            top, foot = _y(below + number, highest), _y(below, highest)
            parts.append(Segment(_n(x + step * GAP / 2), _n(top), _n(step * (1 - GAP)), _n(foot - top), fill))
        below += number
    return parts


def _y(value: int, highest: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / highest


def _n(value: float) -> str:
    return f"{value:.1f}"


def _title(days: Sequence[DayTally]) -> str:
    all_of = sum(day.screenings for day in days)
    text = _("%(screenings)s screenings in %(days)d days, of which %(alarms)s raised review or match.")
    alarms = sum(day.alarms for day in days)
    return text % {"screenings": figures.count(all_of), "days": len(days), "alarms": figures.count(alarms)}
