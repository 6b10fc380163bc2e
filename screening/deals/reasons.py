"""Reasons: the smallest honest account of a verdict. Pure.

A reason is a smallest set of causes that gives the verdict: hits that rest on the same causes are one reason, and a
hit that needs more than another one does is not a reason of its own. Whether a reason suffices alone, whether it takes
all of its parts, and what the verdict would be without all of them is found out by assessing the deal without the
causes in question, never asserted.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from screening.deals.evaluate import evaluate, verdict_of
from screening.deals.facts import Facts
from screening.deals.hit import Hit
from screening.deals.rules import RuleBook, Verdict

FIRST = ("X-013", "X-014")
"""Rules whose sentence says best who it is; the others of the same reason follow it."""

Without = Callable[[frozenset[str]], tuple[Hit, ...]]


@dataclass(frozen=True, slots=True)
class Grounds:
    """One reason: its causes, its hits (the one that says it best first), what was found out about it."""

    causes: tuple[str, ...]
    hits: tuple[Hit, ...]
    alone: bool
    parts: tuple[tuple[str, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """All reasons of a verdict, and the verdict without them."""

    reasons: tuple[Grounds, ...]
    otherwise: Verdict


def account(facts: Facts, book: RuleBook, hits: Sequence[Hit], verdict: Verdict) -> Account:
    """Return the reasons for `verdict`, which `hits` come to. A clear deal has none."""
    if verdict is Verdict.CLEAR:
        return Account((), verdict)

    @cache
    def without(causes: frozenset[str]) -> tuple[Hit, ...]:
        return evaluate(facts.without(causes), book)

    sets, otherwise = _cause_sets(hits, verdict, without)
    everything = frozenset().union(*sets)
    reasons = []
    for causes in sets:
        others = everything - causes
        alone = verdict_of(without(others)) is verdict
        parts = tuple((cause, verdict_of(without(others | {cause}))) for cause in sorted(causes))
        needs_all = len(causes) > 1 and all(left.rank < verdict.rank for _, left in parts)
        reasons.append(
            Grounds(tuple(sorted(causes)), _of(causes, hits, verdict, sets), alone, parts if needs_all else ())
        )
    return Account(tuple(reasons), otherwise)


def _cause_sets(hits: Sequence[Hit], verdict: Verdict, without: Without) -> tuple[list[frozenset[str]], Verdict]:
    """The smallest sets of causes, and the verdict without them all. What only shows once others are gone is added."""
    sets: list[frozenset[str]] = []
    left: Iterable[Hit] = hits
    while True:
        fresh = _smallest(frozenset(hit.causes) for hit in left if hit.verdict is verdict)
        sets = list(_smallest([*sets, *fresh]))
        left = without(frozenset().union(*sets))
        otherwise = verdict_of(left)
        if otherwise.rank < verdict.rank or not fresh:
            return sets, otherwise


def _smallest(sets: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Those sets that hold no other one, in the order in which they come."""
    distinct = tuple(dict.fromkeys(sets))
    return tuple(one for one in distinct if not any(other < one for other in distinct))


def _of(
    causes: frozenset[str], hits: Sequence[Hit], verdict: Verdict, sets: Sequence[frozenset[str]]
) -> tuple[Hit, ...]:
    """The hits that this reason explains: those of its causes, and those that need more but hold it first."""
    found = [
        hit
        for hit in hits
        if hit.verdict is verdict and next(one for one in sets if one <= frozenset(hit.causes)) == causes
    ]
    return tuple(sorted(found, key=lambda hit: (hit.rule not in FIRST, len(hit.causes))))
