"""Accuracy: the development cases through the real path, at the thresholds in force and around them.

Pairs are compared without an index, as `caspian evaluate pairs` does; the rest is searched in an index of the four
lists, by name and kind alone. A case counts as raised when an expected entity reaches the threshold; an innocent name
alarms when any entity does.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.lists import Case, PairCase, cases, full_index, pair_cases
from lists.entity import ListedEntity, Name, NameType
from screening.matching.index import ListIndex
from screening.matching.matcher import compare, search
from screening.matching.policy import Policy
from screening.matching.subject import Subject

THRESHOLDS = (600, 650, 700, 750, 800, 850, 900)
POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives and false negatives at one threshold."""

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float:
        """Of what was raised, the share that is right."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        """Of what is right, the share that was raised."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0


def pair_scores(pairs: Sequence[PairCase]) -> list[int]:
    """Return the score of each pair, by name alone."""
    return [compare(Subject(pair.a, pair.kind), _listed(pair), POLICY).score for pair in pairs]


def _listed(pair: PairCase) -> ListedEntity:
    kind = pair.kind
    if kind is None:
        msg = f"a pair needs a schema: {pair.a} / {pair.b}"
        raise ValueError(msg)
    return ListedEntity("pair:1", "pairs", kind, (Name(pair.b, NameType.PRIMARY),))


def counts(pairs: Sequence[PairCase], scores: Sequence[int], threshold: int) -> Counts:
    """Count what a threshold makes of labelled pairs."""
    judged = [(pair.same, score >= threshold) for pair, score in zip(pairs, scores, strict=True)]
    return Counts(
        tp=sum(same and raised for same, raised in judged),
        fp=sum(raised and not same for same, raised in judged),
        fn=sum(same and not raised for same, raised in judged),
    )


def search_scores(index: ListIndex, found: Sequence[Case]) -> list[int]:
    """Return for each case the score of the best expected entity, or of the best of all where none is expected."""
    scores = []
    for case in found:
        ranked = search(index, Subject(case.name, case.kind), POLICY, 20)
        right = [c.score for c in ranked if not case.expected or c.entity_id in case.expected]
        scores.append(max(right, default=0))
    return scores


def share(scores: Sequence[int], threshold: int) -> float:
    """Return the share of scores at or above a threshold."""
    return sum(score >= threshold for score in scores) / len(scores) if scores else 0.0


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--misses N` prints N cases that went wrong of each set."""
    parser = argparse.ArgumentParser(prog="accuracy", description=__doc__)
    parser.add_argument("--misses", type=int, default=0)
    asked = parser.parse_args(list(arguments))
    for name in ("pairs", "scripts"):
        pairs = pair_cases(name)
        scores = pair_scores(pairs)
        for threshold in THRESHOLDS:
            c = counts(pairs, scores, threshold)
            print(f"{name:12} at {threshold}: F1 {c.f1:.3f}  precision {c.precision:.3f}  recall {c.recall:.3f}")
        wrong = [(s, p) for s, p in zip(scores, pairs, strict=True) if (s >= POLICY.review_threshold) != p.same]
        for score, pair in wrong[: asked.misses]:
            print(f"    {score:4} {'same' if pair.same else 'other'}: {pair.a} | {pair.b}")
    index = full_index()
    for name in ("innocent", "crosslist", "manipulated"):
        found = cases(name)
        scores = search_scores(index, found)
        _print_shares(name, found, scores)
        innocent = name == "innocent"
        bad = [(s, c) for s, c in zip(scores, found, strict=True) if (s >= POLICY.review_threshold) == innocent]
        for score, case in bad[: asked.misses]:
            print(f"    {score:4} {case.name} | {case.kind} | {' '.join(sorted(case.expected))}")


def _print_shares(name: str, found: Sequence[Case], scores: Sequence[int]) -> None:
    word = "alarmed" if name == "innocent" else "raised"
    for threshold in THRESHOLDS:
        print(f"{name:12} at {threshold}: {word} {share(scores, threshold):.4f}")
    for tag in ("exact", "kind", "perturbation"):
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for case, score in zip(found, scores, strict=True):
            if tag in case.tags:
                groups[case.tags[tag]].append(score)
        if len(groups) > 1:
            parts = (f"{key} {share(s, POLICY.review_threshold):.3f} of {len(s)}" for key, s in sorted(groups.items()))
            print(f"    by {tag}: {', '.join(parts)}")


if __name__ == "__main__":
    main()
