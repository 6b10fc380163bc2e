"""Recall of retrieval: what the index loses of what comparing with every listed name would find.

Brute force scores each query against all names of all entities with the same scorer. A loss is an entity that brute
force puts at or above the review threshold and the index does not return.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.engine import mixed_queries
from benchmarks.lists import full_index
from screening.matching.features.names import unscale
from screening.matching.index import ListIndex
from screening.matching.policy import Policy
from screening.matching.rank import Best, Wanted, brute_force, hits
from screening.matching.subject import Subject
from screening.names.reading import read_name

SEED = 7


@dataclass(frozen=True, slots=True)
class Recall:
    """How many entities brute force found, and those that the index lost: (subject's name, entity id, raw score)."""

    found: int
    lost: tuple[tuple[str, str, float], ...]

    @property
    def share(self) -> float:
        """The share that the index found."""
        return 1 - len(self.lost) / self.found if self.found else 1.0


def measure(index: ListIndex, subjects: Sequence[Subject], policy: Policy) -> Recall:
    """Compare the index with brute force over these subjects."""
    least = unscale(policy.review_threshold)
    ids = index.entity_ids
    found, lost = 0, []
    for subject in subjects:
        for read in read_name(subject.name, subject.kind):
            wanted = Wanted(least, policy.near_misses)
            exact = _slots(brute_force(index, read, subject.kind), least)
            quick = _slots(hits(index, read, subject.kind, wanted)[0], least)
            found += len(exact)
            lost += [(subject.name, ids[slot], raw) for slot, raw in exact.items() if slot not in quick]
    return Recall(found, tuple(lost))


def _slots(best: Best, least: float) -> dict[int, float]:
    found: dict[int, float] = {}
    for (slot, _), hit in best.items():
        if hit.name.raw >= least:
            found[slot] = max(hit.name.raw, found.get(slot, 0.0))
    return found


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--queries N`: how many; brute force takes about a second each."""
    parser = argparse.ArgumentParser(prog="recall", description=__doc__)
    parser.add_argument("--queries", type=int, default=200)
    asked = parser.parse_args(list(arguments))
    subjects = random.Random(SEED).sample(mixed_queries(), asked.queries)
    recall = measure(full_index(), subjects, Policy())
    print(f"recall: {recall.share:.4f} of {recall.found} entities at or above review, {len(subjects)} queries")
    for name, entity_id, raw in recall.lost:
        print(f"    lost {entity_id} for {name!r}: {raw:.3f}")


if __name__ == "__main__":
    main()
