"""Retrieval: from a subject's name to the listed names worth comparing in full, the most promising first.

Each word reaches listed words by its keys; the names with those words are joined with numpy, and each gets a bound of
its score from what is covered. The work grows with the posting lists touched, not with the size of the lists.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lists.entity import Kind
from screening.matching import keys
from screening.matching import numbers as n
from screening.matching.build import KINDS
from screening.matching.index import Expansion, ListIndex
from screening.matching.likeness import is_initial, join
from screening.matching.weights import NAMING, Side, least_costs
from screening.names.token import Role, Token

_PERSON = KINDS.index(Kind.PERSON)
_HALF = np.float32(0.5)

Rows = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


class Candidates(NamedTuple):
    """Listed names by falling bound; the expansions of the subject's words; the bound of each name, 0-1."""

    rows: list[int]
    bounds: list[float]
    expansions: list[Expansion]


class _Reach(NamedTuple):
    """Listed names that word `i` of the subject reaches, and what the word adds to each in the columns of the board.

    What is saved is what the listed word would cost; what the subject's word would is added later.
    `likes` says how alike the words are, by which the best of several reaches of one name is told.
    """

    i: int
    rows: Rows
    likes: Floats
    adds: Floats


_WORTH, _WEIGHT, _SAVED, _LEAST_SAVED, _TOLD = range(5)
"""Columns of the board: what the answered words of a listed name are worth and weigh, what they save of the costs of
left-over words and the least they save, and how many of them tell a party: 1 for each that is answered well, and
`_RARE` more for a rare one."""

_RARE = 100
"""More than the words of a name, so that one cell holds both counts."""


@dataclass(slots=True)
class _Board:
    """Scratch arrays of one thread, one row per listed name; all zero between queries."""

    noted: Floats
    at: Rows


_local = threading.local()


def _board(size: int) -> _Board:
    board: _Board | None = getattr(_local, "board", None)
    if board is None or board.at.size != size:
        noted = np.zeros((size, 5), dtype=np.float32)
        board = _local.board = _Board(noted, np.zeros(size, dtype=np.int32))
    return board


def candidates(index: ListIndex, side: Side, kinds: npt.NDArray[np.bool_]) -> Candidates:
    """Return the listed names of these kinds that share something with the subject's name, by falling bound.

    Words that are not followed get no expansion: scoring compares them with the few words that are left. Initials are
    not followed either, but the listed words that they may stand for are no longer counted as left over.
    """
    followed = _followed(side)
    wanted = {*followed, *_numbers(side)}
    expansions: list[Expansion] = [
        index.expand(bare(token), side.person) if i in wanted else {} for i, token in enumerate(side.tokens)
    ]
    board = _board(index.row_slot.size)
    least = least_costs(side.tokens, side.costs, person=side.person)
    touched: list[Rows] = []
    reaches = sorted(
        _reaches(index, side, expansions, wanted), key=lambda reach: (reach.i not in followed, -side.weights[reach.i])
    )
    done = spent = 0.0
    open_weight = sum((side.weights[i] for i in followed), 0.0)
    for reach in _together(reaches):
        i = reach.i
        if i not in followed:
            _add(board, reach, (side.costs[i], least[i]), only_known=True)
            continue
        rest = open_weight - done
        crowded = rest < n.LEAST_BOUND * (rest + spent)
        touched.append(_add(board, reach, (side.costs[i], least[i]), only_known=crowded))
        done += side.weights[i]
        spent += least[i]
    rows = _distinct(board, touched)
    for i, token in enumerate(side.tokens):
        if i not in wanted and is_initial(token) and token.sound:
            _add(board, _begun(index, rows, i, token), (0.0, 0.0), only_known=True)
    noted = board.noted[rows]
    board.noted[rows] = 0
    bounds = _bounds(index, noted, rows, side, wanted)
    order = _promising(rows, bounds, kinds[index.row_kind[rows]])
    return Candidates(rows[order].tolist(), bounds[order].tolist(), expansions)


def _promising(rows: Rows, bounds: Floats, searched: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Return the places of the names to be scored, by falling bound: all but the faint ones, and a few of those."""
    keep = np.flatnonzero((bounds >= n.FAINT_BOUND) & searched)
    clear = int(np.count_nonzero(bounds[keep] >= n.LEAST_BOUND))
    most = min(n.MOST_CANDIDATES, clear + n.MOST_FAINT)
    if keep.size > most:
        keep = keep[np.argpartition(-bounds[keep], most)[:most]]
    order: npt.NDArray[np.intp] = keep[np.lexsort((rows[keep], -bounds[keep]))]
    return order


def bare(token: Token) -> Token:
    """Return the word without its place in a name, so that the same word in two names is one entry of the cache."""
    t = token
    return Token("", 0, 0, t.role, t.plain, t.sound, t.skeleton, t.weak_skeleton, t.concept, t.native)


def _followed(side: Side) -> list[int]:
    """Words that are followed to listed names: those that tell something, or all where none does."""
    telling = [i for i, token in enumerate(side.tokens) if token.role not in n.NOT_FOLLOWED]
    return telling or list(range(len(side.tokens)))


def _numbers(side: Side) -> list[int]:
    """Numbers lead to too many names to be followed, but tell names apart that other words lead to."""
    return [i for i, token in enumerate(side.tokens) if token.role is Role.NUMBER]


def _reaches(index: ListIndex, side: Side, expansions: list[Expansion], wanted: set[int]) -> Iterable[_Reach]:
    for i in sorted(wanted):
        found = expansions[i]
        if found:
            yield _by_terms(index, side, i, list(found), [alike[0] for alike in found.values()])
        rows = index.rows_with(keys.split_word_keys(side.tokens[i]))
        if rows:
            # two listed words answer at once; which, and whether they are rare, is seen in scoring
            weight, value = np.float32(side.weights[i]), np.float32(n.JOINED)
            adds = np.array((value * weight, weight, weight, weight, _RARE + 2), dtype=np.float32)
            likes = np.full(len(rows), value, dtype=np.float32)
            yield _Reach(i, np.array(rows, dtype=np.int32), likes, np.tile(adds, (len(rows), 1)))
    for i in keys.joints(side.tokens):
        both = join(side.tokens[i], side.tokens[i + 1])
        terms = index.terms_with(keys.joined_word_keys(both))
        if terms:
            for word in (i, i + 1):
                yield _by_terms(index, side, word, terms, [n.JOINED] * len(terms))


def _begun(index: ListIndex, rows: Rows, i: int, initial: Token) -> _Reach:
    """What an initial of the subject may stand for in these names, if persons': the word that saves most is taken.

    Half of the initial's own weight is in the bound already, as it is of every word that is not followed.
    """
    persons = rows[index.row_kind[rows] == _PERSON]
    where, lengths = places(index.row_start[persons], index.row_start[persons + 1])
    begins = index.begins(index.row_term[where], initial)
    where = where[begins]
    costs = index.row_least[where]
    order = np.argsort(costs, kind="stable")
    where, costs = where[order], costs[order]
    weights = index.row_weight[where] * _HALF
    adds = np.stack((weights, weights, costs, costs, np.zeros_like(weights)), axis=1)
    return _Reach(i, np.repeat(persons, lengths)[begins][order], np.ones_like(weights), adds)


def places(starts: npt.NDArray[Any], ends: npt.NDArray[Any]) -> tuple[Places, npt.NDArray[Any]]:
    """Return the places start..end of every span, run together, and how many each span has."""
    lengths = ends - starts
    begin = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return begin + np.arange(int(lengths.sum())), lengths


def _by_terms(index: ListIndex, side: Side, i: int, terms: list[int], values: list[float]) -> _Reach:
    """Return the names with these words, the least alike first."""
    offsets = index.post_offsets
    likes = np.array(values, dtype=np.float32)
    order = likes.argsort(kind="stable")
    likes, numbers = likes[order], np.array(terms, dtype=np.int64)[order]
    where, lengths = places(offsets[numbers], offsets[numbers + 1])
    well = likes >= min(n.SPARE_LIKENESS, n.RARE_LIKENESS)
    if side.tokens[i].role not in NAMING:
        well &= index.term_naming[numbers]
    posts = index.posts[where]
    weights = (posts[:, 0] + np.float32(side.weights[i])) * _HALF
    likes = np.repeat(likes, lengths)
    adds = np.empty((where.size, 5), dtype=np.float32)
    np.multiply(likes, weights, out=adds[:, _WORTH])
    adds[:, _WEIGHT] = weights
    adds[:, _SAVED : _LEAST_SAVED + 1] = posts[:, 1:3]
    rare = 1 + _RARE if side.rare[i] else 1 + _RARE * posts[:, 3]
    np.multiply(np.repeat(well, lengths), rare, out=adds[:, _TOLD])
    return _Reach(i, index.post_row[where], likes, adds)


def _together(reaches: Iterable[_Reach]) -> Iterable[_Reach]:
    """Put the reaches of one word together, the least alike first, so that the best is written last and stays."""
    by_word: dict[int, list[_Reach]] = {}
    for reach in reaches:
        by_word.setdefault(reach.i, []).append(reach)
    for i, parts in by_word.items():
        if len(parts) == 1:  # in order already: see `_by_terms`, and words that are two have one likeness
            yield parts[0]
            continue
        order = np.argsort(np.concatenate([part.likes for part in parts]), kind="stable")
        rows, likes = (np.concatenate([part[at] for part in parts])[order] for at in (1, 2))
        yield _Reach(i, rows, likes, np.concatenate([part.adds for part in parts])[order])


def _add(board: _Board, reach: _Reach, cost: tuple[float, float], *, only_known: bool) -> Rows:
    """Note what a word adds to the names it reaches; `cost` is what it costs when left over, and the least of it."""
    rows, adds = reach.rows, reach.adds
    if only_known:
        known = board.noted[rows, _WEIGHT] > 0
        rows, adds = rows[known], adds[known]
    place = np.arange(rows.size, dtype=np.int32)
    board.at[rows] = place
    last = board.at[rows] == place
    added: Rows = rows[last]
    adds = adds[last]
    adds[:, _SAVED] += cost[0]
    adds[:, _LEAST_SAVED] += cost[1]
    board.noted[added] += adds
    return added


def _distinct(board: _Board, touched: list[Rows]) -> Rows:
    if not touched:
        return np.zeros(0, dtype=np.int32)
    rows = np.concatenate(touched)
    place = np.arange(rows.size, dtype=np.int32)
    board.at[rows] = place
    kept: Rows = rows[board.at[rows] == place]
    return kept


def _bounds(index: ListIndex, noted: Floats, rows: Rows, side: Side, wanted: set[int]) -> Floats:
    """Bound of the raw score: words that were not followed count as answered, what is left over costs the least."""
    untold = sum((weight for i, weight in enumerate(side.weights) if i not in wanted), 0.0)
    left = _left_over(index, noted, rows, side, wanted)
    bounds: Floats = (noted[:, _WORTH] + untold) / (noted[:, _WEIGHT] + untold + left + 1e-6)
    return bounds


def _left_over(index: ListIndex, noted: Floats, rows: Rows, side: Side, wanted: set[int]) -> Floats:
    """The least that the words left over in both names cost, by how many words are answered well and if one is rare.

    The rules are those of `features.names`: left-over words cost less beside two answered names of a person, less
    still where one is rare; beside a word of its own that a company is told by; little beside a rare one or two.
    Which words stand for an initial is not known before the names are compared: beside one, all cost the least.
    """
    lowest = least_costs(side.tokens, side.costs, person=side.person)
    costs = sum((side.costs[i] for i in wanted), 0.0), sum((lowest[i] for i in wanted), 0.0)
    full = np.maximum(costs[0] + index.row_costs[rows] - noted[:, _SAVED], 0)
    least = np.maximum(costs[1] + index.row_least_costs[rows] - noted[:, _LEAST_SAVED], 0)
    told = noted[:, _TOLD]
    well = told % _RARE
    person = index.row_kind[rows] == _PERSON
    part = np.where(person, least / n.SPARE_BESIDE_RARE, np.maximum(least, n.SPARE_KIND_BRAND * full))
    none = well < np.where(person, 2, 1)
    some = (told < _RARE) & (person | (well < n.TOLD_BY_BRANDS))
    initial = index.row_initial[rows] | any(is_initial(token) for token in side.tokens)
    left: Floats = np.where(initial, least, np.where(none, full, np.where(some, part, least)))
    return left
