"""Page: a validation as one HTML document that needs nothing else, in plain words, for an examiner. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template

from screening.answer import CoveredList, Gap, Matcher
from screening.validation import plots
from screening.validation.figures import CLASS_TEXTS, Minimums, Share
from screening.validation.measure import Cleared, Tried
from screening.validation.samples import CLEAN
from screening.validation.validation import Validation

MOST_MISSED = 12
"""Misses of one class that the page shows; the CSV has all."""

MOST_ALARMS = 60
"""False alarms that the page shows, the highest scores first; the CSV has all."""

MOST_NEW_MISSED = 40

ALARM_SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Where the axis of false alarms may end."""


@dataclass(frozen=True, slots=True)
class Tested:
    """What was validated, when, by whom and how long it took: what the page says beside the figures."""

    at: datetime
    by: str
    software: str
    seconds: float
    lists: tuple[CoveredList, ...]
    not_covered: tuple[Gap, ...]
    matcher: Matcher


@dataclass(frozen=True, slots=True)
class Pictures:
    """The drawings of a validation, as SVG."""

    classes: str
    recall: str
    alarms: str
    tiers: str


def page(validation: Validation, tested: Tested, minimums: Minimums) -> str:
    """Return the report as HTML."""
    return _template().render(
        v=validation,
        tested=tested,
        minimums=minimums,
        faults=validation.faults(minimums),
        pictures=pictures(validation, minimums),
        classes=[(one, _shown(one.missed)) for one in validation.classes],
        alarms=_alarms(validation.cleared, validation.policy.review_threshold, coincidence=False),
        coincidences=_alarms(validation.cleared, validation.policy.review_threshold, coincidence=True),
        new_missed=validation.missed_new[:MOST_NEW_MISSED],
        points=[point for point in validation.curve if point.threshold % 50 == 0],
    )


def pictures(validation: Validation, minimums: Minimums) -> Pictures:
    """Return the pictures of the report; the documentation shows the same."""
    at, points = validation.policy.review_threshold, validation.curve
    recall = tuple((float(p.threshold), p.recall) for p in points)
    precision = tuple((float(p.threshold), p.precision) for p in points)
    alarms = tuple((float(p.threshold), p.alarms) for p in points)
    highest = max((p.alarms for p in points if p.threshold >= at - 50), default=0.0)
    return Pictures(
        classes=plots.bars("Recall by what was done to the name", validation.classes, minimums.recall),
        recall=plots.lines(
            "Recall and precision by threshold",
            (plots.Line("recall", plots.BLUE, recall), plots.Line("precision", plots.GREEN, precision, dashed=True)),
            shares=(0.5, 1.0),
            at=at,
        ),
        alarms=plots.lines(
            "False alarms by threshold",
            (plots.Line("made-up names that alarm", plots.RED, alarms),),
            shares=(0.0, next(scale for scale in ALARM_SCALES if scale >= highest)),
            at=at,
        ),
        tiers=plots.histograms(
            "Scores of the right entity, and of the nearest to a made-up name", tiers(validation), at
        ),
    )


def tiers(validation: Validation) -> tuple[plots.Tier, ...]:
    """Return the scores of names as listed, of changed names and of made-up names, coincidences left out."""
    clean = [one.score for one in validation.tried if one.query.group == CLEAN]
    changed = [one.score for one in validation.tried if one.query.group != CLEAN]
    made = [one.score for one in validation.cleared if not one.coincidence]
    return (
        plots.Tier("names as listed", plots.BLUE, clean),
        plots.Tier("changed names", plots.GREEN, changed),
        plots.Tier("made-up names", plots.RED, made),
    )


def _shown(missed: Sequence[Tried]) -> Sequence[Tried]:
    return sorted(missed, key=lambda one: (-one.score, one.query.name))[:MOST_MISSED]


def _alarms(cleared: Sequence[Cleared], threshold: int, *, coincidence: bool) -> Sequence[Cleared]:
    found = [one for one in cleared if one.score >= threshold and one.coincidence == coincidence]
    return sorted(found, key=lambda one: (-one.score, one.innocent.name))[:MOST_ALARMS]


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"percent": _percent, "interval": _interval, "points": _points, "said": _said}
    text = resources.files("screening.validation.data").joinpath("report.html").read_text(encoding="utf-8")
    return environment.from_string(text)


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.1 or share == 0 else f"{share:.2%}"


def _interval(share: Share) -> str:
    low, high = share.interval
    return f"{_percent(low)}–{_percent(high)}"


def _points(tenths: int) -> str:
    return f"{tenths / 10:.1f}"


def _said(key: str) -> str:
    return CLASS_TEXTS.get(key, key)
