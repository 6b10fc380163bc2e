"""Rises: whether a name that shares little with a listed one by its keys may be alike when compared in full. Pure.

When names are compared in full, the words that nothing answers to well yet are compared without keys, one with one and
as neighbours run together (`screening.matching.align`). Where no two of them are alike, a score stays below its bound.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from screening.matching import keys
from screening.matching import numbers as n
from screening.matching.align import may_join
from screening.matching.build import is_bounded
from screening.matching.likeness import likeness
from screening.matching.part import Part
from screening.matching.storage import Array
from screening.matching.weights import Side
from screening.monitoring.terms import Terms
from screening.names.token import Token


class Rises:
    """Compares the open words of a segment's forms with those of listed names; remembers each answer.

    `known` are the pairs of a subject's word and a listed one that are in the bound already.
    """

    def __init__(self, segment: Mapping[str, Array], part: Part, terms: Terms, known: set[tuple[int, int]]) -> None:
        self._start, self._term = segment["form_start"], segment["word_term"]
        self._counted = segment["word_counted"]
        self._part, self._terms = part, terms
        self._known = known
        self._answers: dict[tuple[int, int, bool], bool] = {}

    def may_rise(
        self,
        form: int,
        numbers: Sequence[int],
        listed: Side,
        answered: tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]],
    ) -> bool:
        """Whether some open word of the form may be alike to an open word of the listed name.

        `answered` says of every word how well it is answered, and by which word of the listed name.
        """
        value, by = answered
        words = slice(*self._start[form : form + 2].tolist())
        terms, values = self._term[words].tolist(), value[words].tolist()
        taken = {j for j, worth in zip(by[words].tolist(), values, strict=True) if worth >= n.WELL_ANSWERED}
        ours = [i for i, worth in enumerate(values) if worth < n.WELL_ANSWERED]
        theirs = [j for j in range(len(numbers)) if j not in taken]
        if not ours or not theirs:
            return False
        counted = self._counted[words].tolist()
        for j in theirs:
            number, counts = numbers[j], is_bounded(listed.tokens[j].role)
            for i in ours:
                fresh = (terms[i], number) not in self._known if counted[i] else counts
                if fresh and self._alike(terms[i], number, listed.person):
                    return True
        tokens = [self._terms.token(term)[0] for term in terms]
        return _joined(tokens, ours, listed.tokens, theirs) or _joined(listed.tokens, theirs, tokens, ours)

    def _alike(self, term: int, number: int, person: bool) -> bool:
        found = self._answers.get((term, number, person))
        if found is None:
            theirs, lexicon = self._part.index.term(number), self._part.index.lexicon
            found = likeness(self._terms.token(term)[0], theirs, lexicon, person=person) is not None
            self._answers[term, number, person] = found
        return found


def _joined(two: Sequence[Token], open_two: Sequence[int], one: Sequence[Token], open_one: Sequence[int]) -> bool:
    """Whether two neighbours of one name, one of them open, may be an open word of the other run apart."""
    return any(
        may_join(two[i], two[i + 1], one[j])
        for i in keys.joints(two)
        if i in open_two or i + 1 in open_two
        for j in open_one
    )
