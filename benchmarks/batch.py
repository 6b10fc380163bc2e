"""Batch: a CSV file screened by `caspian batch` from end to end, every row recorded, with one process and with two.

Rows are one tenth listed names, one tenth listed names with a typing error, the rest innocent names put together anew
from those of the development cases; all lists in force. The rate is that of the whole command: start, reading,
scoring, recording, writing the results. Memory is that of all processes together, pages that they share counted once.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.engine import SEED, with_error
from benchmarks.lists import LISTS, SHARED, cases, listed_entities
from lists.source import discover

ROWS = 20_000
COUNTRIES = ("IR", "RU", "AE", "TR", "")


def rows(count: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield rows of a customer file: name, kind, country, reference."""
    chance = random.Random(SEED)
    entities = listed_entities()
    words: dict[str, list[list[str]]] = {}
    for case in cases("innocent"):
        words.setdefault(case.kind.value if case.kind else "", []).append(case.name.split())
    kinds = sorted(words)
    for number in range(count):
        share = chance.random()
        if share < 0.2:
            entity = chance.choice(entities)
            name, kind = chance.choice(entity.names).value, entity.kind.value
            name = with_error(name, chance) if share < 0.1 else name
        else:
            kind = chance.choice(kinds)
            first, second = chance.choice(words[kind]), chance.choice(words[kind])
            name = " ".join([*first[: max(1, len(first) // 2)], *second[len(second) // 2 :]])
        yield name, kind, chance.choice(COUNTRIES), str(number)


def write(path: Path, count: int) -> None:
    """Write a customer file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("name", "kind", "country", "ref"))
        writer.writerows(rows(count))


def environment(directory: Path, address: str = "") -> dict[str, str]:
    """Return the environment of a Caspian in this directory that searches the lists of today."""
    others = {f"CASPIAN_LISTS__{key.upper()}__ENABLED": "false" for key in discover() if key not in LISTS}
    return {**os.environ, **others, "CASPIAN_DATA_DIR": str(directory), "CASPIAN_DATABASE_URL": address}


def caspian(env: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start the command line."""
    code = "import sys; from api.cli import main; sys.argv[0] = 'caspian'; main()"
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=env, stdout=subprocess.PIPE, text=True)


def prepare(env: dict[str, str]) -> None:
    """Bring the lists into force and build their index."""
    caspian(env, "lists", "import", "--from", str(SHARED / "lists" / "current")).communicate()
    caspian(env, "screen", "Ivan Petrov", "--json").communicate()


def main(arguments: Sequence[str] = ()) -> None:
    """Measure with 20,000 rows, or as many as the first argument says; the second is a database address."""
    count = int(arguments[0]) if arguments else ROWS
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        env = environment(directory / "data", arguments[1] if len(arguments) > 1 else "")
        prepare(env)
        write(directory / "in.csv", count)
        for workers in (1, 2):
            print(f"{workers} process{'es' if workers > 1 else ''}: {_measure(env, directory, workers, count)}")


def _measure(env: dict[str, str], directory: Path, workers: int, count: int) -> str:
    given, output = str(directory / "in.csv"), str(directory / f"out{workers}.csv")
    before, began = os.times(), time.perf_counter()
    process = caspian(env, "batch", given, "-o", output, "--workers", str(workers), "--no-cases", "--json")
    memory = Memory(process.pid)
    out, _ = process.communicate()
    seconds, after = time.perf_counter() - began, os.times()
    assert json.loads(out)["rows"] == count
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return (
        f"{count / seconds:,.0f} rows/s ({seconds:.1f} s for {count:,} rows, {1000 * spent / count:.2f} ms of "
        f"processor a row), at most {memory.stop() / 2**20:,.0f} MB"
    )


class Memory:
    """Watches what a process and its children hold: their proportional set size."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        """Return the most that was seen, in bytes."""
        self._ended.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            self._most = max(self._most, sum(map(_held, _family(self._pid))))


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _family(int(child)))]


def _held(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main(sys.argv[1:])
