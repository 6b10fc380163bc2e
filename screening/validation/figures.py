"""Figures: what a validation comes to: recall by class, false alarms by group, both by threshold, the minimums. Pure.

Shares are of what was tried. The interval beside each is Wilson's at 95 % (E. B. Wilson, 1927): 200 tries of a class
say what it is within a few per cent, no more.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from screening.validation.classes import CLASSES
from screening.validation.measure import Cleared, Tried
from screening.validation.samples import CLEAN

THRESHOLDS = tuple(range(500, 951, 25))
"""Thresholds that the curves are drawn over, in tenths of a point."""

DEVIATIONS = 1.96
"""Standard deviations of a 95 % interval."""

CLASS_TEXTS: Mapping[str, str] = {CLEAN: "as the list has it, nothing changed"} | {c.key: c.text for c in CLASSES}
"""Class to what was done to its names, in plain words and in the order of a report."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, with its 95 % interval."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share, 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies with 95 % certainty; 0 and 1 where nothing was tried."""
        if not self.whole:
            return 0.0, 1.0
        square = DEVIATIONS**2
        middle = (self.value + square / (2 * self.whole)) / (1 + square / self.whole)
        spread = math.sqrt(self.value * (1 - self.value) / self.whole + square / (4 * self.whole**2))
        reach = DEVIATIONS * spread / (1 + square / self.whole)
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class of changed names: how many were raised to review, and for how many the right entity came first."""

    key: str
    text: str
    raised: Share
    first: Share
    missed: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group of made-up names. `alarms` leaves out `coincidences`, made-up names that are listed names."""

    group: str
    tried: int
    alarms: Share
    matches: Share
    coincidences: int


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold makes of the same names: changed names raised, made-up ones alarmed (coincidences apart).

    `precision`: of what is raised, the share that is right, if as many made-up as changed names are screened.
    """

    threshold: int
    recall: float
    alarms: float
    precision: float


@dataclass(frozen=True, slots=True)
class Minimums:
    """What must hold, as shares: recall over all changed names, and false alarms on made-up names."""

    recall: float = 0.95
    alarms: float = 0.01


def by_class(tried: Iterable[Tried], threshold: int) -> tuple[ClassFigures, ...]:
    """Return the figures of each class that has names, in the order of `CLASS_TEXTS`, others after them."""
    groups = _grouped(tried, lambda one: one.query.group)
    order = [*(key for key in CLASS_TEXTS if key in groups), *(key for key in groups if key not in CLASS_TEXTS)]
    return tuple(_class(key, groups[key], threshold) for key in order)


def by_group(cleared: Iterable[Cleared], policy_thresholds: tuple[int, int]) -> tuple[GroupFigures, ...]:
    """Return the figures of each group of made-up names, by name. Takes the thresholds of review and of match."""
    groups = _grouped(cleared, lambda one: one.innocent.group)
    return tuple(group_of(key, groups[key], policy_thresholds) for key in sorted(groups))


def group_of(key: str, cleared: Sequence[Cleared], thresholds: tuple[int, int]) -> GroupFigures:
    """Return the figures of these made-up names under the name `key`."""
    apart = [one for one in cleared if not one.coincidence]
    review, match = thresholds
    return GroupFigures(
        group=key,
        tried=len(cleared),
        alarms=share(apart, review),
        matches=share(apart, match),
        coincidences=len(cleared) - len(apart),
    )


def changed_only(tried: Iterable[Tried]) -> tuple[Tried, ...]:
    """Return what was really changed: recall over all is of these."""
    return tuple(one for one in tried if one.query.group != CLEAN)


def share(scored: Sequence[Tried | Cleared], threshold: int) -> Share:
    """Return the share of scores at or above a threshold."""
    return Share(sum(one.score >= threshold for one in scored), len(scored))


def curve(tried: Sequence[Tried], cleared: Sequence[Cleared]) -> tuple[Point, ...]:
    """Return recall, false alarms and precision at each of `THRESHOLDS`."""
    changed, apart = changed_only(tried), [one for one in cleared if not one.coincidence]
    return tuple(_point(threshold, changed, apart) for threshold in THRESHOLDS)


def _point(threshold: int, changed: Sequence[Tried], apart: Sequence[Cleared]) -> Point:
    recall, alarms = share(changed, threshold).value, share(apart, threshold).value
    return Point(threshold, recall, alarms, recall / (recall + alarms) if recall else 0.0)


def _class(key: str, tried: Sequence[Tried], threshold: int) -> ClassFigures:
    return ClassFigures(
        key=key,
        text=CLASS_TEXTS.get(key, key.replace("_", " ")),
        raised=share(tried, threshold),
        first=Share(sum(one.rank == 1 for one in tried), len(tried)),
        missed=tuple(one for one in tried if one.score < threshold),
    )


def _grouped(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    groups: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)
