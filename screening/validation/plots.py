"""Plots: the pictures of a validation as SVG, drawn by hand, for the report and for the documentation. Pure.

Each says in its title and description what it shows; the same numbers stand in a table beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from screening.validation.figures import ClassFigures

INK, DIM, GRID = "#16222b", "#4c5b66", "#dde3e7"
SOFT_BLUE, SOFT_RED = "#8fbccb", "#e0999f"
BLUE, GREEN, RED, AMBER = "#0a5873", "#1b6440", "#9c1f2a", "#7a4f00"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"

LEFT, RIGHT, TOP, BOTTOM = 58.0, 22.0, 58.0, 44.0
"""Margins of a chart's field, in SVG units."""

BINS = 20
"""Bars of a histogram of scores: one for each five points of 100."""

TICK = 50
"""Tenths of a point between two numbers on the axis of thresholds."""

ROW = 22.0
"""Height of one row of a bar chart."""

LABELS = 300.0
"""Width for the words beside the bars."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: its name, its colour, and its points as (threshold, share); `dashed` is drawn so."""

    name: str
    colour: str
    points: tuple[tuple[float, float], ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """The scores of one sort of names, for a histogram."""

    name: str
    colour: str
    scores: Sequence[int]


def lines(title: str, drawn: Sequence[Line], *, shares: tuple[float, float], at: int) -> str:
    """Return a chart of shares by threshold. `shares` bounds the upright axis, `at` marks the threshold in force."""
    width, height = 640.0, 340.0
    xs = [x for line in drawn for x, _ in line.points]
    field = _Field(width, height, (min(xs), max(xs)), shares)
    high = bool(drawn) and _at(drawn[0], at) > sum(shares) / 2
    parts = [field.grid(), field.mark(at, f"in force: {at / 10:g}", below=high)]
    for number, line in enumerate(drawn):
        shown = [(x, y) for x, y in line.points if shares[0] <= y <= shares[1]]
        path = " ".join(f"{field.x(x):.1f},{field.y(y):.1f}" for x, y in shown)
        dash = ' stroke-dasharray="6 4"' if line.dashed else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="2.2"{dash}/>')
        parts.append(_key(LEFT + 150.0 * number, TOP - 14, line, dash))
    said = "; ".join(f"{line.name} {_at(line, at):.1%} at {at / 10:g}" for line in drawn)
    return _svg(width, height, title, said, parts)


def bars(title: str, classes: Sequence[ClassFigures], least: float) -> str:
    """Return the recall of each class as a bar with its 95 % interval; `least` is drawn as a line."""
    width, height = 860.0, TOP + ROW * len(classes) + BOTTOM
    low = max(0.0, min(0.5, min((c.raised.interval[0] for c in classes), default=0.0) // 0.1 / 10))
    span = width - LABELS - 90.0

    def x(share: float) -> float:
        return LABELS + span * (max(share, low) - low) / (1 - low)

    foot = TOP + ROW * len(classes)
    parts = [
        f'<line x1="{x(tick / 10):.1f}" x2="{x(tick / 10):.1f}" y1="{TOP}" y2="{foot}" stroke="{GRID}"/>'
        + _text(x(tick / 10), foot + 18, f"{tick * 10} %", "middle")
        for tick in range(round(low * 10), 11)
    ]
    for number, one in enumerate(classes):
        y = TOP + ROW * number
        colour = SOFT_BLUE if one.raised.value >= least else SOFT_RED
        near, far = one.raised.interval
        parts += [
            _text(LABELS - 10, y + 15, one.text, "end"),
            f'<rect x="{x(low):.1f}" y="{y + 5:.1f}" width="{x(one.raised.value) - x(low):.1f}" height="12" '
            f'fill="{colour}"/>',
            f'<path d="M{x(near):.1f} {y + 11:.1f}H{x(far):.1f}M{x(near):.1f} {y + 7:.1f}v8M{x(far):.1f} '
            f'{y + 7:.1f}v8" stroke="{INK}" fill="none"/>',
            _text(x(1) + 12, y + 15, f"{one.raised.value:.1%}", "start", INK),
        ]
    parts.append(_upright(x(least), TOP, foot))
    weakest = min(classes, key=lambda one: one.raised.value, default=None)
    said = f"weakest: {weakest.text}, {weakest.raised.value:.1%}" if weakest else "nothing was tried"
    return _svg(width, height, title, said, parts)


def histograms(title: str, tiers: Sequence[Tier], at: int) -> str:
    """Return one histogram of scores for each sort of names, under each other on one scale of scores."""
    width, each = 640.0, 130.0
    height = TOP + each * len(tiers) + BOTTOM - 20
    step = (width - LEFT - RIGHT) / BINS
    parts = []
    for number, tier in enumerate(tiers):
        foot = TOP + each * (number + 1) - 24
        counts = [0] * BINS
        for score in tier.scores:
            counts[min(BINS - 1, score * BINS // 1000)] += 1
        highest = max(counts, default=0) or 1
        for place, count in enumerate(counts):
            tall = (each - 52) * count / highest
            parts.append(
                f'<rect x="{LEFT + place * step + 1:.1f}" y="{foot - tall:.1f}" width="{step - 2:.1f}" '
                f'height="{tall:.1f}" fill="{tier.colour}"/>'
            )
        share = sum(score >= at for score in tier.scores) / (len(tier.scores) or 1)
        says = f"{tier.name}: {len(tier.scores):,}, of which {share:.1%} at {at / 10:g} or above"
        parts.append(_text(LEFT, foot - each + 42, says, "start", INK))
        parts.append(f'<line x1="{LEFT}" x2="{width - RIGHT}" y1="{foot:.1f}" y2="{foot:.1f}" stroke="{DIM}"/>')
        mark = LEFT + step * BINS * at / 1000
        parts.append(_upright(mark, foot - each + 50, foot))
    base = TOP + each * len(tiers) - 8
    parts += [_text(LEFT + step * BINS * tick / 10, base, str(tick * 10), "middle") for tick in range(11)]
    said = "; ".join(f"{tier.name}: {len(tier.scores):,} names" for tier in tiers)
    return _svg(width, height, title, said, parts)


@dataclass(frozen=True, slots=True)
class _Field:
    """The field of a chart: from thresholds and shares to places."""

    width: float
    height: float
    xs: tuple[float, float]
    ys: tuple[float, float]

    def x(self, value: float) -> float:
        return LEFT + (self.width - LEFT - RIGHT) * (value - self.xs[0]) / (self.xs[1] - self.xs[0] or 1)

    def y(self, value: float) -> float:
        return self.height - BOTTOM - (self.height - TOP - BOTTOM) * (value - self.ys[0]) / (self.ys[1] - self.ys[0])

    def grid(self) -> str:
        low, high = self.ys
        across = [low + (high - low) * n / 5 for n in range(6)]
        down = range(math.ceil(self.xs[0] / TICK) * TICK, int(self.xs[1]) + 1, TICK)
        foot = self.height - BOTTOM
        return "".join(
            [
                *(
                    f'<line x1="{LEFT}" x2="{self.width - RIGHT}" y1="{self.y(y):.1f}" y2="{self.y(y):.1f}" '
                    f'stroke="{GRID}"/>{_text(LEFT - 8, self.y(y) + 4, f"{100 * y:.3g} %", "end")}'
                    for y in across
                ),
                *(_text(self.x(x), foot + 18, f"{x / 10:g}", "middle") for x in down),
                _text(self.width / 2, foot + 36, "threshold (points of 100)", "middle"),
            ]
        )

    def mark(self, at: float, words: str, *, below: bool) -> str:
        x, foot = self.x(at), self.height - BOTTOM
        return _upright(x, TOP, foot) + _text(x + 6, foot - 8 if below else TOP + 14, words, "start", AMBER)


def _upright(x: float, top: float, foot: float) -> str:
    """The line of a threshold."""
    dash = 'stroke-dasharray="5 4" stroke-width="1.6"'
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{foot:.1f}" stroke="{AMBER}" {dash}/>'


def _key(x: float, y: float, line: Line, dash: str) -> str:
    stroke = f'<line x1="{x}" x2="{x + 22}" y1="{y - 4}" y2="{y - 4}" stroke="{line.colour}" stroke-width="2.2"{dash}/>'
    return stroke + _text(x + 28, y, line.name, "start", INK)


def _at(line: Line, threshold: int) -> float:
    return min(line.points, key=lambda point: abs(point[0] - threshold))[1]


def _text(x: float, y: float, words: str, anchor: str, colour: str = DIM) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def _svg(width: float, height: float, title: str, said: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'font-family="{FONT}" font-size="12.5"><title>{escape(title)}</title><desc>{escape(said)}</desc>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="14" y="20" fill="{INK}" font-size="14" font-weight="600">{escape(title)}</text>'
        f"{''.join(parts)}</svg>\n"
    )
