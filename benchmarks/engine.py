"""Engine: how long one screening takes in one thread, and what the index costs to build, open and hold.

The queries are answered by a process of their own that opens the saved index and collects garbage as seldom as a server
does, so that its memory and its times are those of a server. `--times 10` does the same over ten times as many parties,
the further ones under names put together from the words of the real ones, and says how many times longer the median
query takes.

2,000 mixed queries in a seeded order: listed names in every script, listed names with a typing error, the development
cases, innocent names. The caches of words are dropped before every query: a new counterparty is always cold.
Times are of the processor (`process_time`) as well as of the wall, since a busy machine lengthens only the second.
"""

import argparse
import gc
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import quantiles

from pydantic import TypeAdapter

from benchmarks.lists import cases, listed_entities
from lists.entity import Kind, ListedEntity
from screening.compiled import modules_of
from screening.live_index import settle
from screening.matching.index import ListIndex
from screening.matching.matcher import match
from screening.matching.policy import Policy
from screening.matching.subject import Subject
from screening.worker_process import COLLECT_AFTER

QUERIES = 2_000
SEED = 20_261_124
_SUBJECTS = TypeAdapter(list[Subject])
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


def recombined(entities: Sequence[ListedEntity], times: int) -> Iterator[ListedEntity]:
    """Yield the entities and `times` - 1 as many more, each name begun as one listed name and ended as another."""
    yield from entities
    chance = random.Random(SEED)
    by_kind: dict[Kind, list[str]] = {}
    for entity in entities:
        by_kind.setdefault(entity.kind, []).extend(name.value for name in entity.names)
    for copy in range(1, times):
        for entity in entities:
            values = by_kind[entity.kind]
            names = [replace(name, value=_crossed(name.value, chance.choice(values))) for name in entity.names]
            yield ListedEntity(f"{entity.id}:{copy}", entity.source, entity.kind, tuple(names))


def _crossed(begins: str, ends: str) -> str:
    first, second = begins.split(), ends.split()
    return " ".join([*first[: (len(first) + 1) // 2], *second[len(second) // 2 :]])


def built(entities: Iterable[ListedEntity], path: Path) -> None:
    """Build an index and save it at `path`; print what that took."""
    began = time.perf_counter(), time.process_time()
    index = ListIndex.build(entities)
    took = time.perf_counter() - began[0], time.process_time() - began[1]
    parties = len(index.entity_ids)
    print(f"build: {took[0]:.1f} s ({took[1]:.1f} s of processor) for {parties} parties, {index.row_slot.size} names")
    index.save(path)


def answered(path: Path, subjects: Path) -> dict[str, float]:
    """Answer in a process of its own; print what it prints and return the figures among it."""
    asked = [sys.executable, "-m", "benchmarks.engine", "--answer", str(path), "--subjects", str(subjects)]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    *lines, figures = said.strip().split("\n")
    print("\n".join(lines))
    found: dict[str, float] = json.loads(figures)
    return found


def answer(path: Path, subjects: Sequence[Subject]) -> None:
    """Open the index at `path`, answer the subjects and print what it takes, the last line as JSON."""
    opened_at = time.perf_counter()
    opened = ListIndex.open(path)
    print(f"open: {time.perf_counter() - opened_at:.3f} s, file {path.stat().st_size / 1e6:.0f} MB")
    time_queries(opened, subjects[:50], cold=True)
    gc.set_threshold(*COLLECT_AFTER)
    settle()
    print(f"matcher: {'compiled' if modules_of('screening.matching') else 'source'}")
    figures: dict[str, float] = {}
    for label, cold in (("cold", True), ("warm", False)):
        for kind, times in zip(("wall", "processor"), time_queries(opened, subjects, cold=cold), strict=True):
            p50, p99 = percentile(times, 50), percentile(times, 99)
            figures[f"{label} {kind}"] = p50
            print(f"{label} {kind}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, max {1000 * max(times):.1f} ms")
    print(f"peak memory of the answering process: {_peak_memory():.0f} MB")
    print(json.dumps(figures))


def _peak_memory() -> float:
    """Return the most memory that this process has held, in MB; `getrusage` would tell that of the parent's too."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else float("nan")


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--times N` measures over N times the parties too, which takes N times as long to build."""
    parser = argparse.ArgumentParser(prog="engine", description=__doc__)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--subjects", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(list(arguments))
    if asked.answer:
        answer(asked.answer, _SUBJECTS.validate_json(asked.subjects.read_bytes()))
        return
    with tempfile.TemporaryDirectory() as directory:
        path, subjects = Path(directory) / "index", Path(directory) / "subjects.json"
        subjects.write_bytes(_SUBJECTS.dump_json(mixed_queries()))
        built(listed_entities(), path)
        once = answered(path, subjects)
        if asked.times > 1:
            built(recombined(listed_entities(), asked.times), path)
            more = answered(path, subjects)
            ratio = more["cold processor"] / once["cold processor"]
            print(f"{asked.times} times the parties: the cold median takes {ratio:.2f} times as long")


if __name__ == "__main__":
    main(sys.argv[1:])
