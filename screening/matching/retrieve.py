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

from screening.matching import keys
from screening.matching import numbers as n
from screening.matching.index import Expansion, ListIndex
from screening.matching.likeness import join
from screening.matching.weights import Side, least_costs
from screening.names.token import Token

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


class Candidates(NamedTuple):
    """Listed names by falling bound; the expansions of the subject's words; the bound of each name, 0-1."""

    rows: list[int]
    bounds: list[float]
    expansions: list[Expansion]


class _Reach(NamedTuple):
    """Listed names that word `i` of the subject reaches: how alike, how much it weighs there, what it saves there."""

    i: int
    rows: Rows
    values: Floats
    weights: Floats
    costs: Floats


@dataclass(slots=True)
class _Board:
    """Scratch arrays of one thread, one cell per listed name; all zero between queries."""

    worth: Floats
    weight: Floats
    saved: Floats
    at: Rows


_local = threading.local()


def _board(size: int) -> _Board:
    board: _Board | None = getattr(_local, "board", None)
    if board is None or board.at.size != size:
        floats = [np.zeros(size, dtype=np.float32) for _ in range(3)]
        board = _local.board = _Board(floats[0], floats[1], floats[2], np.zeros(size, dtype=np.int32))
    return board


def candidates(index: ListIndex, side: Side, kinds: npt.NDArray[np.bool_]) -> Candidates:
    """Return the listed names of these kinds that share something with the subject's name, by falling bound.

    Words that are not followed get no expansion: scoring compares them with the few words that are left.
    """
    followed = _followed(side)
    wanted = set(followed)
    expansions: list[Expansion] = [
        index.expand(bare(token), side.person) if i in wanted else {} for i, token in enumerate(side.tokens)
    ]
    board = _board(index.row_slot.size)
    costs = least_costs(side.tokens, side.costs, person=side.person)
    touched: list[Rows] = []
    reaches = sorted(_reaches(index, side, expansions, followed), key=lambda reach: -side.weights[reach.i])
    done = spent = 0.0
    open_weight = sum(side.weights[i] for i in followed)
    for reach in _together(reaches):
        rest = open_weight - done
        crowded = rest < n.LEAST_BOUND * (rest + spent)
        touched.append(_add(board, reach, costs[reach.i], only_known=crowded))
        done += side.weights[reach.i]
        spent += costs[reach.i]
    rows = _distinct(board, touched)
    bounds = _bounds(index, board, rows, (_untold(side, followed), sum(costs[i] for i in followed)))
    board.worth[rows] = board.weight[rows] = board.saved[rows] = 0
    keep = np.flatnonzero((bounds >= n.LEAST_BOUND) & kinds[index.row_kind[rows]])
    if keep.size > n.MOST_CANDIDATES:
        keep = keep[np.argpartition(-bounds[keep], n.MOST_CANDIDATES)[: n.MOST_CANDIDATES]]
    order = keep[np.lexsort((rows[keep], -bounds[keep]))]
    return Candidates(rows[order].tolist(), bounds[order].tolist(), expansions)


def bare(token: Token) -> Token:
    """Return the word without its place in a name, so that the same word in two names is one entry of the cache."""
    t = token
    return Token("", 0, 0, t.role, t.plain, t.sound, t.skeleton, t.weak_skeleton, t.concept, t.native)


def _followed(side: Side) -> list[int]:
    """Words that are followed to listed names: those that tell something, or all where none does."""
    telling = [i for i, token in enumerate(side.tokens) if token.role not in n.NOT_FOLLOWED]
    return telling or list(range(len(side.tokens)))


def _reaches(index: ListIndex, side: Side, expansions: list[Expansion], followed: list[int]) -> Iterable[_Reach]:
    for i in followed:
        found = expansions[i]
        if found:
            yield _by_terms(index, side, i, list(found), [alike[0] for alike in found.values()])
        rows = index.rows_with(keys.split_word_keys(side.tokens[i]))
        if rows:
            size = len(rows)
            weight = np.full(size, side.weights[i], dtype=np.float32)
            value = np.full(size, n.JOINED, dtype=np.float32)
            yield _Reach(i, np.array(rows, dtype=np.int32), value, weight, weight)
    for i in keys.joints(side.tokens):
        both = join(side.tokens[i], side.tokens[i + 1])
        terms = index.terms_with(keys.joined_word_keys(both))
        if terms:
            for word in (i, i + 1):
                yield _by_terms(index, side, word, terms, [n.JOINED] * len(terms))


def _by_terms(index: ListIndex, side: Side, i: int, terms: list[int], values: list[float]) -> _Reach:
    offsets = index.post_offsets
    numbers = np.array(terms, dtype=np.int64)
    starts, ends = offsets[numbers], offsets[numbers + 1]
    lengths = ends - starts
    total = int(lengths.sum())
    # the positions start..end of every word's posting list, run together
    begin = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    where = begin + np.arange(total)
    weights = (index.post_weight[where] + side.weights[i]) / 2
    value = np.repeat(np.array(values, dtype=np.float32), lengths)
    return _Reach(i, index.post_row[where], value, weights, index.post_cost[where])


def _together(reaches: Iterable[_Reach]) -> Iterable[_Reach]:
    """Put the reaches of one word together, the least alike first, so that the best is written last and stays."""
    by_word: dict[int, list[_Reach]] = {}
    for reach in reaches:
        by_word.setdefault(reach.i, []).append(reach)
    for i, parts in by_word.items():
        columns: list[Any] = [np.concatenate(column) for column in zip(*(part[1:] for part in parts), strict=True)]
        order = np.argsort(columns[1], kind="stable")
        yield _Reach(i, *(column[order] for column in columns))


def _add(board: _Board, reach: _Reach, cost: float, *, only_known: bool) -> Rows:
    rows, values, weights, costs = reach[1:]
    if only_known:
        known = board.weight[rows] > 0
        rows, values, weights, costs = rows[known], values[known], weights[known], costs[known]
    place = np.arange(rows.size, dtype=np.int32)
    board.at[rows] = place
    last = board.at[rows] == place
    rows, weights = rows[last], weights[last]
    board.worth[rows] += values[last] * weights
    board.weight[rows] += weights
    board.saved[rows] += costs[last] + cost
    added: Rows = rows
    return added


def _distinct(board: _Board, touched: list[Rows]) -> Rows:
    if not touched:
        return np.zeros(0, dtype=np.int32)
    rows = np.concatenate(touched)
    place = np.arange(rows.size, dtype=np.int32)
    board.at[rows] = place
    kept: Rows = rows[board.at[rows] == place]
    return kept


def _untold(side: Side, followed: list[int]) -> float:
    return sum(side.weights) - sum(side.weights[i] for i in followed)


def _bounds(index: ListIndex, board: _Board, rows: Rows, subject: tuple[float, float]) -> Floats:
    """Bound of the raw score: words that were not followed count as answered, what is left over costs the least."""
    untold, cost = subject
    left = np.maximum(cost + index.row_least_cost[rows] - board.saved[rows], 0)
    bounds: Floats = (board.worth[rows] + untold) / (board.weight[rows] + untold + left + 1e-6)
    return bounds
