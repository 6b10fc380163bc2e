"""Exhaustive: the reference for retrieval, brute force over all listed names, fast enough for thousands of queries.

No key and no posting list of the index is used to find anything. Every word of a query, and every two neighbours run
together, is held against every listed word and every two neighbours of listed names. A listed name is left out of full
scoring only when it cannot reach the score wanted: the pairs of words that are alike at all give an upper bound.

* Words are compared in C++ first. `likeness` is asked for every listed word whose letters, sound, skeleton or native
  letters lie within the largest number of errors that it allows, or that shares a concept, a beginning or a learnt
  spelling, or is an initial or a number. `overlooked` asks it of all words without exception, to prove the rest.
* The score is worth by weight over weight and left-over costs. With M the most that words can weigh that anything
  answers to, and C the least that the other words cost, no alignment passes M / (M + C).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from lists.entity import Kind
from screening.matching.index import ListIndex
from screening.matching.likeness import budget, join, likeness
from screening.matching.rank import Best, Hit, kind_of, kinds_searched, score_whole
from screening.matching.retrieve import bare
from screening.matching.weights import Side, least_costs, side
from screening.names.acronyms import initials_of
from screening.names.token import ReadName, Token

SKELETON_EDITS = 2
"""The errors that `likeness` allows in a weak skeleton."""

MARGIN = 1e-5
"""What single precision may lose of a bound."""

Numbers = npt.NDArray[np.int64]


class _Places(NamedTuple):
    """Where each word (or pair of neighbours) stands: rows and positions of number i at `offsets[i]:offsets[i + 1]`."""

    offsets: Numbers
    cells: Numbers


class _Texts:
    """One of the forms of all words, each different text once."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.numbers = _numbered(texts)
        self._texts = list(self.numbers)
        self._sorted = sorted(self._texts)

    def within(self, sought: Sequence[str], most: Sequence[int]) -> list[list[int]]:
        """Return, for each text sought, the numbers of the words that are at most so many errors away from it."""
        if not self._texts:
            return [[] for _ in sought]
        far = process.cdist(sought, self._texts, scorer=OSA.distance, score_cutoff=max(most), dtype=np.uint8)
        return [
            [number for at in np.flatnonzero(row <= errors).tolist() for number in self.numbers[self._texts[at]]]
            if text
            else []
            for text, errors, row in zip(sought, most, far, strict=True)
        ]

    def beginning(self, text: str) -> Iterator[int]:
        """Yield the numbers of words that begin with this text."""
        for at in range(bisect_left(self._sorted, text), len(self._sorted)):
            if not self._sorted[at].startswith(text):
                return
            yield from self.numbers[self._sorted[at]]

    def begun(self, text: str) -> Iterator[int]:
        """Yield the numbers of words that this text begins with."""
        for end in range(1, len(text) + 1):
            yield from self.numbers.get(text[:end], ())


class Words:
    """Words to compare with: listed words, or neighbours of listed names run together."""

    def __init__(self, tokens: Sequence[Token], learnt: Iterable[tuple[str, str]]) -> None:
        self.tokens = tokens
        self._sounds = _Texts(token.sound for token in tokens)
        self._plains = _Texts(token.plain for token in tokens)
        self._weak = _Texts(token.weak_skeleton for token in tokens)
        self._natives = _Texts(token.native for token in tokens)
        self._skeletons = _numbered(token.skeleton for token in tokens)
        self._concepts = _numbered(token.concept for token in tokens)
        self._learnt: defaultdict[str, set[str]] = defaultdict(set)
        for a, b in learnt:
            self._learnt[a].add(b)
            self._learnt[b].add(a)

    def near(self, tokens: Sequence[Token]) -> list[set[int]]:
        """Return, for each word, the numbers of all words that `likeness` may find like it, and of others."""
        most = [budget(len(token.sound)) for token in tokens]
        two, one = [SKELETON_EDITS] * len(tokens), [1] * len(tokens)
        columns = (
            self._sounds.within([t.sound for t in tokens], most),
            self._plains.within([t.plain for t in tokens], most),
            self._weak.within([t.weak_skeleton for t in tokens], two),
            self._natives.within([t.native for t in tokens], one),
        )
        return [
            {number for found in errors for number in found}.union(self._otherwise(token))
            for token, *errors in zip(tokens, *columns, strict=True)
        ]

    def _otherwise(self, token: Token) -> Iterator[int]:
        """Words that are alike for another reason than few errors."""
        yield from self._skeletons.get(token.skeleton, ())
        yield from self._concepts.get(token.concept, ())
        for sound in self._learnt.get(token.sound, ()):
            yield from self._sounds.numbers.get(sound, ())
        for texts, text in ((self._sounds, token.sound), (self._plains, token.plain)):
            if text:
                yield from texts.beginning(text)
                yield from texts.begun(text)


class Exhaustive:
    """See the module. One per index; the words of earlier queries are remembered."""

    def __init__(self, index: ListIndex) -> None:
        self.index = index
        rows = index.row_slot.size
        sides = [index.side(row) for row in range(rows)]
        reads = [index.read(row) for row in range(rows)]
        self._sides = [listed for _, listed in sides]
        self._starts = np.cumsum([0, *(len(numbers) for numbers, _ in sides)])
        self._row_of = np.repeat(np.arange(rows), np.diff(self._starts))
        self._weights = np.array([w for listed in self._sides for w in listed.weights])
        self._costs = np.array(
            [c for listed in self._sides for c in least_costs(listed.tokens, listed.costs, person=listed.person)]
        )
        self._joined = [read.joined for read in reads]
        self._rows_joined = _numbered(self._joined)
        self._rows_initials: defaultdict[str, list[int]] = defaultdict(list)
        for row, read in enumerate(reads):
            for initials in initials_of(read):
                self._rows_initials[initials].append(row)
        terms = max(number for numbers, _ in sides for number in numbers) + 1
        self.words = Words([index.term(number) for number in range(terms)], index.lexicon.learnt)
        self._word_places = _places([numbers for numbers, _ in sides], self._starts, terms)
        pairs = [list(pairwise(numbers)) for numbers, _ in sides]
        known = {pair: number for number, pair in enumerate(dict.fromkeys(pair for row in pairs for pair in row))}
        joined = [join(self.words.tokens[a], self.words.tokens[b]) for a, b in known]
        self.neighbours = Words(joined, index.lexicon.learnt)
        self._pair_places = _places([[known[pair] for pair in row] for row in pairs], self._starts, len(known))
        self._alike: dict[tuple[Token, bool], Numbers] = {}

    def best(self, read: ReadName, kind: Kind | None, least: float) -> Best:
        """Return the best hit of each entity (weak names apart) of all that reach the raw score `least`."""
        subject = side(read, kind_of(kind, read), self.index.rarity, listed=False)
        searched = kinds_searched(kind, read)
        found: Best = {}
        if not subject.tokens:
            return found
        bounds = np.maximum(self._bounds(read, subject), self._whole(read))
        for row in np.flatnonzero((bounds >= least - MARGIN) & searched[self.index.row_kind]).tolist():
            listed = self._sides[row]
            score = score_whole(read, subject, self.index.read(row), listed, self.index.lexicon)
            place = int(self.index.row_slot[row]), bool(self.index.row_weak[row])
            if score.raw >= least and (place not in found or score.raw > found[place].name.raw):
                found[place] = Hit(row, read, score)
        return found

    def prepare(self, reads: Iterable[ReadName]) -> None:
        """Compare all words of these names at once, which is several times quicker than name by name."""
        singles = {bare(token) for read in reads for token in read.tokens}
        both = {bare(join(a, b)) for read in reads for a, b in pairwise(map(bare, read.tokens))}
        self._compare(singles | both, neighbours=False)
        self._compare(singles, neighbours=True)

    def overlooked(self, token: Token) -> int:
        """Return how many words `likeness` finds like this one that the comparison in C++ would have left out: by
        asking it of every word. Must be 0.
        """
        return sum(
            self._like(token, words.tokens[number])
            for words in (self.words, self.neighbours)
            for number in set(range(len(words.tokens))) - words.near([token])[0]
        )

    def _compare(self, tokens: Iterable[Token], *, neighbours: bool) -> None:
        """Note for each word the numbers of those like it, in persons' or in other names."""
        new = [token for token in tokens if (token, neighbours) not in self._alike]
        words = self.neighbours if neighbours else self.words
        for token, near in zip(new, words.near(new) if new else (), strict=True):
            found = [number for number in sorted(near) if self._like(token, words.tokens[number])]
            self._alike[token, neighbours] = np.array(found, dtype=np.int64)

    def _like(self, a: Token, b: Token) -> bool:
        lexicon = self.index.lexicon
        return any(likeness(a, b, lexicon, person=person) is not None for person in (True, False))

    def _bounds(self, read: ReadName, subject: Side) -> npt.NDArray[np.float64]:
        """An upper bound of every listed name's score, word by word."""
        rows = self._starts.size - 1
        tokens = [bare(token) for token in subject.tokens]
        self.prepare([read])
        answered = np.zeros((len(tokens), rows), dtype=np.bool_)
        answering = np.zeros(self._row_of.size, dtype=np.bool_)
        for i, token in enumerate(tokens):
            cells = self._cells(self._word_places, self._alike[token, False])
            pairs = self._cells(self._pair_places, self._alike[token, True])
            answering[cells] = answering[pairs] = answering[pairs + 1] = True
            answered[i, self._row_of[cells]] = answered[i, self._row_of[pairs]] = True
        for i in range(len(tokens) - 1):
            cells = self._cells(self._word_places, self._alike[bare(join(tokens[i], tokens[i + 1])), False])
            answering[cells] = True
            answered[i, self._row_of[cells]] = answered[i + 1, self._row_of[cells]] = True
        ours = np.array(subject.weights)
        least = np.array(least_costs(subject.tokens, subject.costs, person=subject.person))
        weight = (ours @ answered + self._sum(self._weights, answering)) / 2
        cost = least @ ~answered + self._sum(self._costs, ~answering)
        bounds: npt.NDArray[np.float64] = np.where(weight > 0, weight / np.maximum(weight + cost, 1e-12), 0.0)
        return bounds

    def _whole(self, read: ReadName) -> npt.NDArray[np.float64]:
        """1 for the names that may be this one run together, its acronym, or the name that it abbreviates; else 0."""
        bounds = np.zeros(len(self._joined))
        if not read.joined:
            return bounds
        far = process.cdist([read.joined], self._joined, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)[0]
        bounds[far <= 1] = 1.0
        bounds[self._rows_initials.get(read.joined, [])] = 1.0
        for initials in initials_of(read):
            bounds[self._rows_joined.get(initials, [])] = 1.0
        return bounds

    def _sum(self, values: npt.NDArray[np.float64], wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        sums = np.bincount(self._row_of, weights=values * wanted, minlength=self._starts.size - 1)
        return sums.astype(np.float64)

    def _cells(self, places: _Places, numbers: Numbers) -> Numbers:
        parts = [places.cells[places.offsets[i] : places.offsets[i + 1]] for i in numbers.tolist()]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _places(rows: Sequence[Sequence[int]], starts: Numbers, count: int) -> _Places:
    """Return, by number, the cells (places in all names run together) where it stands."""
    numbers = np.array([number for row in rows for number in row], dtype=np.int64)
    cells = np.array([starts[r] + i for r, row in enumerate(rows) for i in range(len(row))], dtype=np.int64)
    order = np.argsort(numbers, kind="stable")
    return _Places(np.concatenate(([0], np.cumsum(np.bincount(numbers, minlength=count)))), cells[order])


def _numbered(texts: Iterable[str]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        if text:
            found[text].append(number)
    return dict(found)
