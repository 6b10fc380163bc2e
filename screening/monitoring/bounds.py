"""Bounds: how much the forms of kept subjects' names can score against a listed name. Pure.

The bound is that of a screening (`screening.matching.retrieve`), with the loops the other way round: for one listed
name over all subjects, where a screening goes from one subject over all listed names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from screening.matching import numbers as n
from screening.matching.build import ROLES, is_bounded
from screening.matching.likeness import is_initial, likeness
from screening.matching.part import Part
from screening.matching.retrieve import places
from screening.matching.storage import Array
from screening.matching.weights import NAMING, Side, least_costs
from screening.monitoring.rises import Rises
from screening.monitoring.terms import Terms, texts

Places = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

SURE = 0.9
"""Share of the score needed from which a form is compared in full at once: a bound is a little too low where the words
that answer are not those that the names would be aligned by.
"""

Answers = dict[int, tuple[Places, Floats]]
"""The places of subjects' words that answer something listed, and how well, by its number."""

_RARE = 100
"""More than the words of a name, so that one cell holds how many words are answered well, and how many rare ones."""

_WELL = min(n.SPARE_LIKENESS, n.RARE_LIKENESS)


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed name as the bound needs it: its row, its words' numbers, the name weighed, the least that each word
    costs when it is left over, which of its words count, and whether one of them is an initial.
    """

    row: int
    numbers: list[int]
    side: Side
    least: list[float]
    counted: list[int]
    initial: bool

    @classmethod
    def at(cls, part: Part, row: int) -> "Listed":
        """Return the listed name at a row of the part."""
        numbers, side = part.index.side(row)
        counted = [j for j, token in enumerate(side.tokens) if is_bounded(token.role)]
        least = least_costs(side.tokens, side.costs, person=side.person)
        return cls(row, numbers, side, least, counted, any(is_initial(token) for token in side.tokens))


class Held:
    """A segment with what depends on the lists filled in: how much its words weigh, and which are like listed ones."""

    def __init__(self, segment: Mapping[str, Array], part: Part) -> None:
        self._segment = segment
        forms = segment["form_subject"].size
        term = segment["word_term"]
        rarity = part.index.rarities(texts(segment, "group"))
        self._weight = segment["word_base"] + segment["word_slope"] * rarity[term]
        self._cost = self._weight * segment["word_cost"]
        self._least = self._weight * segment["word_least"]
        self._rare = segment["word_tells"] & (rarity[term] >= n.RARE)
        self._naming = np.isin(segment["term_role"], [ROLES.index(role) for role in NAMING])[term]
        self._costs = np.bincount(segment["word_form"], self._cost, forms).astype(np.float32)
        self._leasts = np.bincount(segment["word_form"], self._least, forms).astype(np.float32)
        terms = Terms(segment)
        known: set[tuple[int, int]] = set()
        self._alike = self._words_alike(part, terms, known)
        self._joined = self._words_joined(part)
        self._split = self._words_split(part)
        self._rises = Rises(segment, part, terms, known)
        self._value = np.zeros(term.size, dtype=np.float32)
        self._by = np.zeros(term.size, dtype=np.int64)

    def reached(self, listed: Listed, kind: int, needed: Floats) -> Places:
        """Return the forms that may come to the score that each needs (0-1) against a listed name of this kind.

        `needed` has a cell for every form. A faint form is reached only where words that no key led to may be alike.
        """
        words = self._best_words(listed)
        forms, bounds = self._bounds(words, listed)
        searched = ((self._segment["form_kinds"][forms] >> kind) & 1).astype(np.bool_)
        sure = bounds >= needed[forms] * SURE
        faint = forms[searched & ~sure & (bounds >= n.FAINT_BOUND)]
        answered = self._value, self._by
        rising = [f for f in faint.tolist() if self._rises.may_rise(f, listed.numbers, listed.side, answered)]
        self._value[words] = 0
        return np.concatenate((forms[searched & sure], np.array(rising, dtype=np.int64)))

    def _bounds(self, words: Places, listed: Listed) -> tuple[Places, Floats]:
        """Return the forms that these words are of, and the bound of each one's score, 0-1."""
        form = self._segment["word_form"][words]
        first = np.flatnonzero(np.diff(form, prepend=-1))
        by, value = self._by[words], self._value[words]
        weights, costs, leasts, rare, naming = self._columns(listed)
        pair_weight = (self._weight[words] + weights[by]) / 2
        well = (value >= _WELL) & (self._naming[words] | naming[by])
        worth = _sums(value * pair_weight, first)
        weight = _sums(pair_weight, first)
        two = by == len(listed.numbers)  # a word that two listed words answer tells as much as two
        told = _sums(well * (1 + two + _RARE * (self._rare[words] | rare[by])), first)
        forms = form[first].astype(np.int64)
        spared = _sums(self._cost[words] + costs[by], first), _sums(self._least[words] + leasts[by], first)
        full = np.maximum(self._costs[forms] + costs[listed.counted].sum() - spared[0], 0)
        least = np.maximum(self._leasts[forms] + leasts[listed.counted].sum() - spared[1], 0)
        left = least if listed.initial else _left_over(listed.side.person, full, least, told)
        # an initial may stand for any listed word: then none counts as left over, and half of each as answered
        initial = self._segment["form_initial"][forms]
        left = np.where(initial, np.minimum(least, self._leasts[forms]), left)
        answered = self._segment["form_untold"][forms] + initial * (weights[:-1].sum() / 2)
        bounds: Floats = ((worth + answered) / (weight + answered + left + 1e-6)).astype(np.float32)
        return forms, bounds

    def _columns(self, listed: Listed) -> tuple[Floats, Floats, Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return what each listed word weighs, costs, costs at least, whether it is rare, whether it names; and at last
        the same of two neighbours that one word answers: no less than of any two.
        """
        weights, costs, least = (
            np.array([*column, sum(sorted(column)[-2:])], dtype=np.float32)
            for column in (listed.side.weights, listed.side.costs, listed.least)
        )
        naming = [*(token.role in NAMING for token in listed.side.tokens), True]
        return weights, costs, least, np.array([*listed.side.rare, True]), np.array(naming)

    def _best_words(self, listed: Listed) -> Places:
        """Return the subjects' words, in order, that a word of the listed name is like; note by which, and how much."""
        answers = [(j, ways.get(number, _NONE)) for j, number in enumerate(listed.numbers) for ways in self._ways]
        found = []
        for j, (words, values) in (*answers, (len(listed.numbers), self._split.get(listed.row, _NONE))):
            better = values > self._value[words]
            words, values = words[better], values[better]
            self._value[words] = values
            self._by[words] = j
            found.append(words)
        return np.unique(np.concatenate(found))

    @property
    def _ways(self) -> tuple[Answers, Answers]:
        return self._alike, self._joined

    def _words_joined(self, part: Part) -> Answers:
        """Return, by the number of a listed word, the places of subjects' words that are it with a neighbour."""
        segment = self._segment
        theirs, joints = shared(part.keys["term_key"], (segment["joint_key"], segment["joint_key_joint"]))
        words = segment["joint_word"][joints].astype(np.int64)
        return _by_number(np.concatenate((theirs, theirs)), np.concatenate((words, words + 1)))

    def _words_split(self, part: Part) -> Answers:
        """Return, by the row of a listed name, the places of subjects' words that are two of its words run together."""
        rows, terms = shared(part.keys["name_key"], (self._segment["split_key"], self._segment["split_key_term"]))
        where, sizes = spans(self._segment["term_offsets"], terms)
        return _by_number(np.repeat(rows, sizes), self._segment["term_word"][where].astype(np.int64))

    def _words_alike(self, part: Part, terms: Terms, known: set[tuple[int, int]]) -> Answers:
        """Return, by the number of a listed word, the places of subjects' words that are like it, and how much.

        The pairs of a subject's word and a listed one that are alike are noted in `known`.
        """
        theirs, ours = shared(part.keys["term_key"], (self._segment["term_key"], self._segment["term_key_term"]))
        alike: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        for number, term in zip(theirs.tolist(), ours.tolist(), strict=True):
            token, person = terms.token(term)
            found = likeness(token, part.index.term(number), part.index.lexicon, person=person)
            if found is not None:
                alike[number].append((term, found.value))
                known.add((term, number))
        return {number: self._placed(found) for number, found in alike.items()}

    def _placed(self, found: Iterable[tuple[int, float]]) -> tuple[Places, Floats]:
        terms, values = (np.array(column) for column in zip(*found, strict=True))
        where, sizes = spans(self._segment["term_offsets"], terms)
        return self._segment["term_word"][where].astype(np.int64), np.repeat(values.astype(np.float32), sizes)


_NONE = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)


def _sums(column: Array, first: Places) -> Floats:
    """Return the sum over each form's words, which lie together; `first` says where each form's begin."""
    found: Floats = np.add.reduceat(column.astype(np.float32), first) if first.size else _NONE[1]
    return found


def _by_number(numbers: Places, words: Places) -> Answers:
    """Return words that answer as one for two, by the number beside them."""
    pairs = np.unique(np.stack((numbers, words), axis=1), axis=0)
    starts = np.flatnonzero(np.diff(pairs[:, 0], prepend=-1))
    parts = np.split(pairs, starts[1:])
    return {int(p[0, 0]): (p[:, 1], np.full(len(p), n.JOINED, dtype=np.float32)) for p in parts if p.size}


def _left_over(person: bool, full: Floats, least: Floats, told: Floats) -> Floats:
    """The least that the words left over cost, by how many words are answered well and if one is rare: the rules of
    `features.names`, as `retrieve` has them.
    """
    well = told % _RARE
    if person:
        none, part = well < 2, least / np.float32(n.SPARE_BESIDE_RARE)
        some = told < _RARE
    else:
        none, part = well < 1, np.maximum(least, np.float32(n.SPARE_KIND_BRAND) * full)
        some = (told < _RARE) & (well < n.TOLD_BY_BRANDS)
    found: Floats = np.where(none, full, np.where(some, part, least))
    return found


def shared(theirs: tuple[Array, Array], ours: tuple[Array, Array]) -> tuple[Places, Places]:
    """Return the pairs of numbers that stand beside one key in two tables of keys in order, each pair once."""
    low, high = (np.searchsorted(ours[0], theirs[0], side=end) for end in ("left", "right"))
    where, sizes = places(low, high)
    first = np.repeat(theirs[1].astype(np.int64), sizes)
    width = int(ours[1].max(initial=0)) + 1
    pairs = np.unique(first * width + ours[1][where])
    return pairs // width, pairs % width


def spans(offsets: Array, numbers: Array) -> tuple[Places, Places]:
    """Return the places of these spans, run together, and how long each span is."""
    return places(offsets[numbers], offsets[numbers + 1])
