"""Validation: one run over the lists in force, from drawing the names to the verdict against stated minimums. Pure."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from lists.entity import ListedEntity
from screening.matching.index import ListIndex
from screening.matching.policy import Policy
from screening.validation import figures
from screening.validation.coincidences import ListedNames
from screening.validation.figures import ClassFigures, GroupFigures, Minimums, Point, Share
from screening.validation.innocents import innocents
from screening.validation.measure import Cleared, Tried, try_innocents, try_names
from screening.validation.samples import draw, themselves

NEW = "newly listed"
"""The group of names of entities that the last change of a list added."""

MOST_NEW = 2_000
"""Newly listed entities that are tried, the first by id: a whole new list has more and need not be tried whole."""

TELL_EVERY = 100
"""Names between two tellings of how far a run is."""

Tell = Callable[[str, int, int], None]
"""Called with what is being screened, how many are done, and how many there are."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn: `queries` names of each class, `innocents` made-up names, all by `seed`."""

    queries: int = 200
    innocents: int = 10_000
    seed: int = 1


@dataclass(frozen=True)
class Validation:
    """What a run measured, case by case, under the thresholds of `policy`. `added`: how many entities the last
    changes of the lists brought, of which `new_entities` were tried.
    """

    plan: Plan
    policy: Policy
    tried: tuple[Tried, ...]
    cleared: tuple[Cleared, ...]
    new: tuple[Tried, ...]
    new_entities: int
    added: int

    @cached_property
    def classes(self) -> tuple[ClassFigures, ...]:
        """Recall by class."""
        return figures.by_class(self.tried, self.policy.review_threshold)

    @cached_property
    def groups(self) -> tuple[GroupFigures, ...]:
        """False alarms by group of made-up names."""
        return figures.by_group(self.cleared, self._thresholds)

    @cached_property
    def innocents(self) -> GroupFigures:
        """False alarms on all made-up names together."""
        return figures.group_of("all made-up names", self.cleared, self._thresholds)

    @cached_property
    def recall(self) -> Share:
        """Of all changed names, the share that was raised to review."""
        return figures.share(figures.changed_only(self.tried), self.policy.review_threshold)

    @cached_property
    def curve(self) -> tuple[Point, ...]:
        """Recall, false alarms and precision by threshold."""
        return figures.curve(self.tried, self.cleared)

    @property
    def missed_new(self) -> tuple[Tried, ...]:
        """Names of newly listed entities that did not find their own entity."""
        return tuple(one for one in self.new if one.score < self.policy.review_threshold)

    def faults(self, minimums: Minimums) -> tuple[str, ...]:
        """Return which minimums do not hold, in words; empty when all do."""
        found = []
        if self.recall.value < minimums.recall:
            found.append(f"Recall is {self.recall.value:.2%}, below the minimum of {minimums.recall:.2%}.")
        if self.innocents.alarms.value > minimums.alarms:
            said = f"{self.innocents.alarms.value:.2%} of the made-up names raise an alarm"
            found.append(f"{said}, more than the {minimums.alarms:.2%} allowed.")
        if self.missed_new:
            names = len({one.query.entity_id for one in self.missed_new})
            found.append(f"{names} newly listed entities have a name that does not find them.")
        return tuple(found)

    @property
    def _thresholds(self) -> tuple[int, int]:
        return self.policy.review_threshold, self.policy.match_threshold


def validate(
    index: ListIndex, entities: Sequence[ListedEntity], added: Collection[str], run: tuple[Plan, Policy], tell: Tell
) -> Validation:
    """Draw the names that `run` plans from `entities`, in a stable order, screen them in `index`, and return what came.

    `added`: ids of the entities that the last change of a list brought.
    """
    plan, policy = run
    every_new = sorted((entity for entity in entities if entity.id in added), key=lambda entity: entity.id)
    new = every_new[:MOST_NEW]
    queries = draw(entities, plan.queries, plan.seed)
    made = innocents(plan.innocents, plan.seed)
    own = list(themselves(new, NEW))
    listed = ListedNames(entities)
    return Validation(
        plan=plan,
        policy=policy,
        tried=_told("changed names", len(queries), try_names(index, queries, policy), tell),
        cleared=_told("made-up names", len(made), try_innocents(index, made, listed, policy), tell),
        new=_told("newly listed names", len(own), try_names(index, own, policy), tell),
        new_entities=len(new),
        added=len(every_new),
    )


def _told(what: str, total: int, items: Iterable[Item], tell: Tell) -> tuple[Item, ...]:
    found: list[Item] = []
    tell(what, 0, total)
    for item in items:
        found.append(item)
        if len(found) % TELL_EVERY == 0 or len(found) == total:
            tell(what, len(found), total)
    return tuple(found)
