"""Engine: how long one screening takes in one thread, and what the index costs to build, open and hold.

2,000 mixed queries in a seeded order: listed names in every script, listed names with a typing error, the development
cases, innocent names. The caches of words are dropped before every query: a new counterparty is always cold.
Times are of the processor (`process_time`) as well as of the wall, since a busy machine lengthens only the second.
"""

import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from benchmarks.lists import cases, listed_entities
from lists.entity import Kind
from screening.matching.index import ListIndex
from screening.matching.matcher import match
from screening.matching.policy import Policy
from screening.matching.subject import Subject

QUERIES = 2_000
SEED = 20_261_124
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mixed_queries(count: int = QUERIES) -> list[Subject]:
    """Return `count` subjects: listed names, listed names with an error, names of other lists, innocent names."""
    chance = random.Random(SEED)
    entities = listed_entities()
    found: list[Subject] = []
    for _ in range(count // 4):
        for damaged in (False, True):
            entity = chance.choice(entities)
            name = chance.choice(entity.names).value
            found.append(Subject(with_error(name, chance) if damaged else name, _kind(entity.kind, chance)))
    others = [Subject(case.name, case.kind) for case in cases("crosslist")]
    innocent = [Subject(case.name, case.kind) for case in cases("innocent")]
    found += chance.sample(others, count // 4) + chance.sample(innocent, count // 4)
    chance.shuffle(found)
    return found


def _kind(kind: Kind, chance: random.Random) -> Kind | None:
    return kind if chance.random() < 0.8 else None


def with_error(name: str, chance: random.Random) -> str:
    """Return the name with one letter put in, or put in place of another."""
    at = chance.randrange(len(name))
    return name[:at] + chance.choice(_LETTERS) + name[at + chance.randrange(2) :]


def percentile(times: Sequence[float], percent: int) -> float:
    """Return a percentile, in milliseconds."""
    return 1000 * quantiles(times, n=100, method="inclusive")[percent - 1]


def time_queries(index: ListIndex, subjects: Sequence[Subject], *, cold: bool) -> tuple[list[float], list[float]]:
    """Return wall and processor seconds of each screening."""
    policy = Policy()
    wall, processor = [], []
    for subject in subjects:
        if cold:
            index.forget()
        w, p = time.perf_counter(), time.process_time()
        match(index, subject, policy)
        processor.append(time.process_time() - p)
        wall.append(time.perf_counter() - w)
    return wall, processor


def main(_arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    entities = listed_entities()
    names = sum(len(entity.names) for entity in entities)
    began = time.perf_counter(), time.process_time()
    index = ListIndex.build(entities)
    built = time.perf_counter() - began[0], time.process_time() - began[1]
    print(f"build: {built[0]:.1f} s ({built[1]:.1f} s of processor) for {len(entities)} entities, {names} names")
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "index"
        index.save(path)
        opened_at = time.perf_counter()
        opened = ListIndex.open(path)
        print(f"open: {time.perf_counter() - opened_at:.3f} s, file {path.stat().st_size / 1e6:.0f} MB")
        subjects = mixed_queries()
        time_queries(opened, subjects[:50], cold=True)
        for label, cold in (("cold", True), ("warm", False)):
            for kind, times in zip(("wall", "processor"), time_queries(opened, subjects, cold=cold), strict=True):
                p50, p99 = percentile(times, 50), percentile(times, 99)
                print(f"{label} {kind}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, max {1000 * max(times):.1f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process (lists, build and search together): {peak:.0f} MB")


if __name__ == "__main__":
    main()
