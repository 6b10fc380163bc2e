"""Recall of retrieval: what the index loses of what comparing with every listed name would raise to review.

Thousands of names: listed ones, those changed in each way that `caspian validate` knows, names of other authorities'
lists, made-up ones; a fifth without a kind. The reference (`benchmarks.exhaustive`) uses no key of the index; that it
overlooks nothing is tried in the same run, word by word and against plain brute force, and printed.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.exhaustive import Exhaustive
from benchmarks.lists import cases, full_index, listed_entities
from lists.entity import Kind
from screening.matching import numbers as n
from screening.matching.features.names import unscale
from screening.matching.index import ListIndex
from screening.matching.policy import Policy
from screening.matching.rank import Best, Wanted, brute_force, hits
from screening.matching.repair import repaired
from screening.matching.retrieve import bare
from screening.matching.subject import Subject
from screening.names.reading import read_name
from screening.names.token import ReadName
from screening.validation.innocents import innocents
from screening.validation.samples import draw

SEED = 7
WITHOUT_KIND = 0.2
"""Share of the names that are searched in all kinds."""

OTHERS = 200
"""Names of other authorities' lists, and made-up ones, in a run."""

PLAIN, WORDS = 20, 40
"""Names scored against every listed name one by one, and words compared with every listed word, to prove the rest."""


@dataclass(frozen=True, slots=True)
class Lost:
    """An entity that comparing with every name raises to review and the index does not return."""

    group: str
    name: str
    entity_id: str
    listed_name: str
    raw: float


@dataclass(frozen=True, slots=True)
class Recall:
    """How many entities the reference raises, by group of names, and those that the index lost."""

    found: Counter[str]
    lost: tuple[Lost, ...]

    @property
    def share(self) -> float:
        """The share that the index found."""
        return 1 - len(self.lost) / self.found.total() if self.found else 1.0


TOGETHER = 50
"""Names whose words the reference compares at once."""

Asked = tuple[str, Subject]
"""The group of a name, and the subject to screen."""


def subjects(each: int, others: int = OTHERS) -> list[Asked]:
    """Return the names of a run: `each` of every class, and `others` of the other sorts, in a seeded order."""
    chance = random.Random(SEED)
    found = [(query.group, query.name, query.kind) for query in draw(listed_entities(), each, SEED)]
    found += [("made-up", made.name, made.kind) for made in innocents(others, SEED)]
    elsewhere = [case for case in cases("crosslist") if case.kind is not None]
    found += [("other list", case.name, case.kind) for case in chance.sample(elsewhere, others) if case.kind]
    chance.shuffle(found)
    return [(group, Subject(name, _kind(kind, chance))) for group, name, kind in found]


def _kind(kind: Kind, chance: random.Random) -> Kind | None:
    return None if chance.random() < WITHOUT_KIND else kind


def measure(index: ListIndex, reference: Exhaustive, asked: Sequence[Asked], policy: Policy) -> Recall:
    """Compare what the index finds for these names with what the reference finds."""
    least = unscale(policy.review_threshold)
    ids, known = index.entity_ids, reference.index.entity_ids
    counted: Counter[str] = Counter()
    lost: list[Lost] = []
    for number, (group, subject) in enumerate(asked):
        if number % TOGETHER == 0:
            reference.prepare([r for _, s in asked[number : number + TOGETHER] for r, _ in forms(index, s)])
        wanted = Wanted(least, policy.near_misses)
        exact: dict[str, Lost] = {}
        quick: set[str] = set()
        for read, factor in forms(index, subject):
            for slot, (row, raw) in _raised(reference.best(read, subject.kind, least / factor), least / factor).items():
                miss = Lost(group, subject.name, known[slot], reference.index.read(row).written, raw * factor)
                if miss.entity_id not in exact or miss.raw > exact[miss.entity_id].raw:
                    exact[miss.entity_id] = miss
            found = _raised(hits(index, read, subject.kind, wanted)[0], least / factor)
            quick |= {ids[slot] for slot in found}
        counted[group] += len(exact)
        lost += [miss for entity_id, miss in exact.items() if entity_id not in quick]
    return Recall(counted, tuple(lost))


def forms(index: ListIndex, subject: Subject) -> Iterator[tuple[ReadName, float]]:
    """Yield each form that the matcher reads a subject's name in, with the factor that a repaired one is lowered by."""
    for read in read_name(subject.name, subject.kind):
        yield read, 1.0
    other = repaired(subject.name, index.knows, person=subject.kind is Kind.PERSON)
    for read in read_name(other, subject.kind) if other else ():
        yield read, n.REPAIRED


def _raised(best: Best, least: float) -> dict[int, tuple[int, float]]:
    """Slot to the row and raw score of its best name, of those that reach `least`."""
    found: dict[int, tuple[int, float]] = {}
    for (slot, _), hit in best.items():
        if hit.name.raw >= least and (slot not in found or hit.name.raw > found[slot][1]):
            found[slot] = hit.row, hit.name.raw
    return found


def differing(index: ListIndex, reference: Exhaustive, asked: Sequence[Asked], policy: Policy) -> int:
    """Return for how many forms of these names the reference does not say what plain brute force says. Must be 0."""
    least = unscale(policy.review_threshold)
    wrong = 0
    for _, subject in asked:
        for read in read_name(subject.name, subject.kind):
            plain = _raised(brute_force(index, read, subject.kind), least)
            quick = _raised(reference.best(read, subject.kind, least), least)
            wrong += {slot: raw for slot, (_, raw) in plain.items()} != {slot: raw for slot, (_, raw) in quick.items()}
    return wrong


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--each N`: names of each class; `--plain N`, `--words N`: how much is proved."""
    parser = argparse.ArgumentParser(prog="recall", description=__doc__)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--plain", type=int, default=PLAIN)
    parser.add_argument("--words", type=int, default=WORDS)
    given = parser.parse_args(list(arguments))
    index, policy = full_index(), Policy()
    reference = Exhaustive(index)
    asked = subjects(given.each)
    recall = measure(index, reference, asked, policy)
    print(f"recall: {recall.share:.4%} of {recall.found.total()} entities at or above review, {len(asked)} names")
    gone = Counter(miss.group for miss in recall.lost)
    for group, count in sorted(recall.found.items()):
        print(f"    {group:16} {gone[group]} of {count} lost")
    for miss in recall.lost:
        print(f"    lost: {miss.group}: {miss.name!r} | {miss.listed_name!r} {miss.entity_id} {miss.raw:.3f}")
    words = [bare(t) for _, s in asked for read in read_name(s.name, s.kind)[:1] for t in read.tokens]
    tried = random.Random(SEED).sample(words, min(given.words, len(words)))
    print(f"reference: {sum(map(reference.overlooked, tried))} like words overlooked, {len(tried)} words tried in full")
    wrong = differing(index, reference, asked[: given.plain], policy)
    print(f"reference: {wrong} forms differ from plain brute force, {len(asked[: given.plain])} names tried")


if __name__ == "__main__":
    main(sys.argv[1:])
