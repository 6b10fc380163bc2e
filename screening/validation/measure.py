"""Measure: screen changed names and made-up ones as any subject is screened, and keep what became of each. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from screening.matching.index import ListIndex
from screening.matching.matcher import match
from screening.matching.policy import Policy
from screening.matching.result import ScoredCandidate
from screening.matching.subject import Subject
from screening.validation.coincidences import ListedNames
from screening.validation.innocents import Innocent
from screening.validation.samples import Query

NOT_SHOWN = 0
"""The rank and the score of an entity that is not in an answer at all."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A listed name as it was screened. `score` is that of the entity it came from, `rank` its place by score: 1 when
    no other entity scores higher, 0 when it is neither a match nor a near-miss. `best` names who scores highest.
    """

    query: Query
    score: int
    rank: int
    best: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """A made-up name as it was screened: the best score that any listed entity has, and whose it is.

    `coincidence`: the name happens to be a listed name, so that no matcher could clear it by name.
    """

    innocent: Innocent
    score: int
    entity_id: str
    listed_name: str
    coincidence: bool


def try_names(index: ListIndex, queries: Iterable[Query], policy: Policy) -> Iterator[Tried]:
    """Screen each query by name and kind alone, and yield what became of it."""
    for query in queries:
        found = _shown(index, Subject(query.name, query.kind), policy)
        score = next((c.score for c in found if c.entity_id == query.entity_id), NOT_SHOWN)
        rank = 1 + sum(c.score > score for c in found) if score else NOT_SHOWN
        yield Tried(query, score, rank, found[0].entity_id if found else "")


def try_innocents(index: ListIndex, made: Iterable[Innocent], listed: ListedNames, policy: Policy) -> Iterator[Cleared]:
    """Screen each made-up name by name and kind alone, and yield what came nearest to it."""
    for innocent in made:
        found = _shown(index, Subject(innocent.name, innocent.kind), policy)
        best = max(found, key=lambda c: c.score, default=None)
        coincidence = listed.coincides(innocent)
        if best is None:
            yield Cleared(innocent, NOT_SHOWN, "", "", coincidence)
        else:
            yield Cleared(innocent, best.score, best.entity_id, best.listed_name, coincidence)


def _shown(index: ListIndex, subject: Subject, policy: Policy) -> tuple[ScoredCandidate, ...]:
    result = match(index, subject, policy)
    return (*result.matches, *result.near_misses)
