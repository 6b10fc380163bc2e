"""Ranking: the listed names that come nearest to one name of a subject, scored in full, the best of each entity.

Names are scored in the order of their bounds, until nothing that is left can matter for the answer.
"""

import math
from dataclasses import dataclass
from heapq import nlargest
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lists.entity import Kind
from screening.matching import keys
from screening.matching import numbers as n
from screening.matching.align import Compare
from screening.matching.build import KINDS
from screening.matching.features.names import NameScore, score_names
from screening.matching.features.whole import whole_name
from screening.matching.index import Expansion, ListIndex
from screening.matching.likeness import Lexicon, Likeness, likeness
from screening.matching.retrieve import candidates
from screening.matching.weights import Side, is_person_name, side
from screening.names.acronyms import initials_of
from screening.names.token import ReadName, Token


class Hit(NamedTuple):
    """One listed name (`row`) beside one form of the subject's name."""

    row: int
    read: ReadName
    name: NameScore


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the answer needs: every name from `threshold` (raw) up, and the `best` entities in any case."""

    threshold: float
    best: int


def kinds_searched(kind: Kind | None, read: ReadName) -> npt.NDArray[np.bool_]:
    """Return, by kind, whether listed names of it are compared with this name.

    A kind that is given is searched alone, but a sole proprietor is a person too.
    """
    if kind is None:
        return np.ones(len(KINDS), dtype=np.bool_)
    wanted = {kind}
    if kind is Kind.ORGANIZATION and is_person_name(read):
        wanted.add(Kind.PERSON)
    return np.array([k in wanted for k in KINDS], dtype=np.bool_)


def kind_of(kind: Kind | None, read: ReadName) -> Kind:
    """Return what the name is weighed as: a person's name where it reads as one, else as its kind says."""
    if kind in (None, Kind.ORGANIZATION):
        return Kind.PERSON if is_person_name(read) else Kind.ORGANIZATION
    return kind


Best = dict[tuple[int, bool], Hit]
"""The best hit of each entity's slot, apart for its weak and its other names."""


def hits(index: ListIndex, read: ReadName, kind: Kind | None, wanted: Wanted) -> tuple[Best, int]:
    """Return the best hits of each entity, and how many listed names were compared in full."""
    subject = side(read, kind_of(kind, read), index.rarity, listed=False)
    best: Best = {}
    if not subject.tokens:
        return best, 0
    searched = kinds_searched(kind, read)
    scorer = _Scorer(index, read, subject)
    special = [row for row in index.rows_with(scorer.name_keys()) if searched[index.row_kind[row]]]
    for row in special:
        _keep(best, index.place(row), Hit(row, read, scorer.whole(row)))
    found = candidates(index, subject, searched)
    scorer.expansions = found.expansions
    compared = 0
    for row, bound in zip(found.rows, found.bounds, strict=True):
        if bound < wanted.threshold and (
            compared >= n.MOST_COMPARED or (compared % 4 == 0 and bound < _least_needed(best, wanted))
        ):
            break
        place = index.place(row)
        rival = best.get(place)
        if rival is not None and rival.name.raw >= bound:
            continue
        compared += 1
        _keep(best, place, Hit(row, read, scorer.score(row)))
    return best, compared + len(special)


def brute_force(index: ListIndex, read: ReadName, kind: Kind | None) -> Best:
    """Return the best hits of each entity by comparing every listed name in full: the reference for `hits`."""
    subject = side(read, kind_of(kind, read), index.rarity, listed=False)
    searched = kinds_searched(kind, read)
    scorer = _Scorer(index, read, subject)
    best: Best = {}
    for row in np.flatnonzero(searched[index.row_kind]).tolist():
        _keep(best, index.place(row), Hit(row, read, scorer.whole(row)))
    return best


def _keep(best: Best, place: tuple[int, bool], hit: Hit) -> None:
    rival = best.get(place)
    if rival is None or hit.name.raw > rival.name.raw:
        best[place] = hit


def _least_needed(best: Best, wanted: Wanted) -> float:
    """The raw score below which a name can no longer be among the best wanted."""
    if wanted.best < 1:
        return math.inf
    if len(best) < wanted.best:
        return 0.0
    return nlargest(wanted.best, (hit.name.raw for hit in best.values()))[-1]


class _Scorer:
    """Scores rows of one index against one subject name."""

    def __init__(self, index: ListIndex, read: ReadName, subject: Side) -> None:
        self.index = index
        self.read = read
        self.subject = subject
        self.initials = initials_of(read)
        self.expansions: list[Expansion] = []
        self._compare = {person: _comparing(index.lexicon, person) for person in (True, False)}

    def name_keys(self) -> set[int]:
        """Keys of names that are this one run together, its acronym, or the name that it abbreviates."""
        joined = self.read.joined
        return keys.whole_keys(joined) | keys.acronym_keys(joined, self.initials)

    def score(self, row: int) -> NameScore:
        """Score one listed name word by word, from the expansions."""
        numbers, listed = self.index.side(row)
        return score_names(self.subject, listed, self.expansions, numbers, self._compare[listed.person])

    def whole(self, row: int) -> NameScore:
        """Score one listed name word by word and as a whole, whichever says more."""
        listed = self.index.side(row)[1]
        return _score_whole(self.read, self.subject, self.index.read(row), listed, self._compare[listed.person])


def score_whole(
    subject_read: ReadName, subject: Side, listed_read: ReadName, listed: Side, lexicon: Lexicon
) -> NameScore:
    """Return how alike two names are, word by word or run together or as acronym and name, whichever says more."""
    return _score_whole(subject_read, subject, listed_read, listed, _comparing(lexicon, listed.person))


def _score_whole(
    subject_read: ReadName, subject: Side, listed_read: ReadName, listed: Side, compare: Compare
) -> NameScore:
    known = [
        {j: alike for j, theirs in enumerate(listed.tokens) if (alike := compare(ours, theirs)) is not None}
        for ours in subject.tokens
    ]
    found = score_names(subject, listed, known, range(len(listed.tokens)), compare)
    other = whole_name(subject_read, listed_read, person=listed.person)
    return other if other is not None and other.raw > found.raw else found


def _comparing(lexicon: Lexicon, person: bool) -> Compare:
    """Compare words, and remember each answer: the names that come near to one have most of their words in common.

    Words are told apart by where they lie in memory, and kept so that none takes the place of another.
    """
    known: dict[tuple[int, int], tuple[Likeness | None, Token, Token]] = {}

    def compare(a: Token, b: Token) -> Likeness | None:
        words = id(a), id(b)
        found = known.get(words)
        if found is None:
            found = known[words] = likeness(a, b, lexicon, person=person), a, b
        return found[0]

    return compare
