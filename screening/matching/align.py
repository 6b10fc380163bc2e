"""Alignment: which words of the subject's name answer to which words of the listed name.

Owns the choice among possible pairs; what a pair is worth comes from `likeness`, what a word weighs from `weights`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from screening.matching import numbers as n
from screening.matching.likeness import Likeness, is_vowelless, join
from screening.matching.result import Relation
from screening.matching.weights import Side
from screening.names.token import Role, Token

Compare = Callable[[Token, Token], Likeness | None]
_NEVER_JOINED = frozenset({Role.NUMBER, Role.LEGAL_FORM, Role.INITIAL})


class Pair(NamedTuple):
    """Words `subject` (positions) answer to words `listed` with this likeness; `weight` is what they weigh."""

    subject: tuple[int, ...]
    listed: tuple[int, ...]
    value: float
    weight: float
    relation: Relation
    note: str = ""

    @property
    def worth(self) -> float:
        """What the pair adds to the score."""
        return self.value * self.weight


def possible_pairs(
    subject: Side,
    listed: Side,
    known: Sequence[Mapping[int, Likeness]],
    numbers: Sequence[int],
    compare: Compare,
) -> list[Pair]:
    """Return all pairs worth considering.

    `known[i]` gives, by the listed words' `numbers`, what is known already of subject word i (from the index, or by
    comparing all); words that nothing answers to well are then compared with `compare`, alone and with neighbours.
    """
    pairs: list[Pair] = []
    best_subject = [0.0] * len(subject.tokens)
    best_listed = [0.0] * len(listed.tokens)
    for i, answers in enumerate(known):
        if not answers:
            continue
        weight = subject.weights[i]
        for j, number in enumerate(numbers):
            found = answers.get(number)
            if found is not None:
                value = found[0]
                pairs.append(Pair((i,), (j,), value, (weight + listed.weights[j]) / 2, found[1], found[2]))
                best_subject[i] = max(best_subject[i], value)
                best_listed[j] = max(best_listed[j], value)
    open_words = _open(best_subject), _open(best_listed)
    if open_words[0] and open_words[1]:
        _compare_open(pairs, (subject, listed), open_words, (best_subject, best_listed), compare)
        _join_open(pairs, (subject, listed), (_open(best_subject), _open(best_listed)), compare)
    return pairs


def _open(best: list[float]) -> list[int]:
    return [word for word, value in enumerate(best) if value < n.WELL_ANSWERED]


def _compare_open(
    pairs: list[Pair],
    sides: tuple[Side, Side],
    open_words: tuple[list[int], list[int]],
    best: tuple[list[float], list[float]],
    compare: Compare,
) -> None:
    """Compare the words that nothing answers to well yet, one with one, and note what they come to."""
    subject, listed = sides
    seen = {(pair.subject, pair.listed) for pair in pairs}
    for i in open_words[0]:
        for j in open_words[1]:
            if ((i,), (j,)) in seen:
                continue
            found = compare(subject.tokens[i], listed.tokens[j])
            if found is not None:
                weight = (subject.weights[i] + listed.weights[j]) / 2
                pairs.append(Pair((i,), (j,), found.value, weight, found.relation, found.note))
                best[0][i] = max(best[0][i], found.value)
                best[1][j] = max(best[1][j], found.value)


def _join_open(
    pairs: list[Pair], sides: tuple[Side, Side], open_words: tuple[list[int], list[int]], compare: Compare
) -> None:
    """Compare the words that are still open with two neighbours of the other side run together."""
    ours, theirs = sides[0].tokens, sides[1].tokens
    for i in _joints(ours, open_words[0]):
        for j in open_words[1]:
            if may_join(ours[i], ours[i + 1], theirs[j]):
                _join_pair(pairs, sides, ((i, i + 1), (j,)), compare)
    for j in _joints(theirs, open_words[1]):
        for i in open_words[0]:
            if may_join(theirs[j], theirs[j + 1], ours[i]):
                _join_pair(pairs, sides, ((i,), (j, j + 1)), compare)


def may_join(first: Token, second: Token, alone: Token) -> bool:
    """A quick look before the costly one: one beginning, nearly as many letters (consonants across scripts)."""
    if first.native or alone.native:
        start, rest, whole = first.skeleton, second.skeleton, alone.skeleton
    else:
        start, rest, whole = first.sound, second.sound, alone.sound
    return start[:1] == whole[:1] and abs(len(start) + len(rest) - len(whole)) <= n.JOINED_EDITS


def _joints(tokens: Sequence[Token], open_words: list[int]) -> list[int]:
    """Positions of neighbours that may be one word: at least one of the two must be open, neither a number."""
    wanted = set(open_words)
    return [
        i
        for i in range(len(tokens) - 1)
        if (i in wanted or i + 1 in wanted)
        and tokens[i].role not in _NEVER_JOINED
        and tokens[i + 1].role not in _NEVER_JOINED
    ]


def _join_pair(
    pairs: list[Pair], sides: tuple[Side, Side], words: tuple[tuple[int, ...], tuple[int, ...]], compare: Compare
) -> None:
    ours = [sides[0].tokens[i] for i in words[0]]
    theirs = [sides[1].tokens[j] for j in words[1]]
    a = ours[0] if len(ours) == 1 else join(*ours)
    b = theirs[0] if len(theirs) == 1 else join(*theirs)
    found = compare(a, b)
    across = is_vowelless(a) != is_vowelless(b) and len(a.skeleton) < n.JOINED_ACROSS_LETTERS
    least = n.JOINED_ACROSS if across else n.JOINED_LIKENESS
    if found is not None and found.value >= least:
        weights = [sides[0].weights[i] for i in words[0]] + [sides[1].weights[j] for j in words[1]]
        weight = sum(weights, 0.0) / 2
        pairs.append(Pair(words[0], words[1], min(found.value, n.JOINED), weight, Relation.JOINED, found.note))


def choose(pairs: list[Pair]) -> list[Pair]:
    """Return the pairs of greatest total worth in which no word is used twice.

    Most names leave no choice. Where words compete, all ways are tried while they are few; else the best comes first.
    """
    pairs.sort(key=_order)
    chosen, rivals = _greedy(pairs)
    if not rivals or len(pairs) > n.MOST_PAIRS_TRIED:
        return chosen
    found = _best(pairs, 0, 0, 0, {})[1]
    return found if sum((p.worth for p in found), 0.0) > sum((p.worth for p in chosen), 0.0) + 1e-9 else chosen


def _order(pair: Pair) -> tuple[float, tuple[int, ...], tuple[int, ...]]:
    return (-pair.value * pair.weight, pair.subject, pair.listed)


def _greedy(pairs: list[Pair]) -> tuple[list[Pair], bool]:
    used_subject: set[int] = set()
    used_listed: set[int] = set()
    chosen: list[Pair] = []
    rivals = False
    for pair in pairs:
        if used_subject.isdisjoint(pair.subject) and used_listed.isdisjoint(pair.listed):
            chosen.append(pair)
            used_subject.update(pair.subject)
            used_listed.update(pair.listed)
        elif not (used_subject.issuperset(pair.subject) and used_listed.issuperset(pair.listed)):
            rivals = True
    return chosen, rivals


_Memo = dict[tuple[int, int, int], tuple[float, list[Pair]]]


def _best(pairs: list[Pair], at: int, subject: int, listed: int, memo: _Memo) -> tuple[float, list[Pair]]:
    """Best total from pair `at` on, given the words already used as bit masks."""
    if at == len(pairs):
        return 0.0, []
    key = (at, subject, listed)
    if key in memo:
        return memo[key]
    result = _best(pairs, at + 1, subject, listed, memo)
    pair = pairs[at]
    mask_subject = sum(1 << i for i in pair.subject)
    mask_listed = sum(1 << j for j in pair.listed)
    if not subject & mask_subject and not listed & mask_listed:
        rest = _best(pairs, at + 1, subject | mask_subject, listed | mask_listed, memo)
        if pair.worth + rest[0] > result[0]:
            result = (pair.worth + rest[0], [pair, *rest[1]])
    memo[key] = result
    return result
