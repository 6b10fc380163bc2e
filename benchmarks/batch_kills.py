"""Batch kills: `caspian batch` ended with SIGKILL at random moments and begun again, until the file is done.

The results must be, row by row, those of an undisturbed run, each row once, and the audit log must verify. The moments
are drawn from the time that an undisturbed run takes, so that they fall into every part of it.
"""

import csv
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.batch import caspian, environment, prepare, write
from benchmarks.engine import SEED

ROWS, KILLS = 50_000, 20


def main(arguments: Sequence[str] = ()) -> None:
    """Kill 20 times in 50,000 rows, or as `rows kills address` say, on SQLite and on the empty PostgreSQL database at
    the address, if one is given.
    """
    count = int(arguments[0]) if arguments else ROWS
    kills = int(arguments[1]) if len(arguments) > 1 else KILLS
    for address in ("", *arguments[2:3]):
        with tempfile.TemporaryDirectory() as name:
            print(f"{'PostgreSQL' if address else 'SQLite'}: {_measure(Path(name), count, kills, address)}")


def _measure(directory: Path, count: int, kills: int, address: str) -> str:
    """Return what became of a batch of this many rows. Raises AssertionError if it is not what it must be."""
    env = environment(directory / "data", address)
    prepare(env)
    given, output, whole = directory / "in.csv", directory / "out.csv", directory / "whole.csv"
    write(given, count)
    began = time.perf_counter()
    caspian(env, "batch", str(given), "-o", str(whole), "--no-cases").communicate()
    ended = _kill(env, (given, output), kills, time.perf_counter() - began)
    verifying = caspian(env, "audit", "verify")
    verifying.communicate()
    rows, undisturbed = _rows(output), _rows(whole)
    assert len(rows) == count, f"{len(rows)} rows of {count}"
    assert rows == undisturbed, "the rows differ from those of an undisturbed run"
    assert verifying.returncode == 0, "the log does not verify"
    return f"{count:,} rows, {ended} kills: each row once, equal to an undisturbed run; the log verifies"


def _kill(env: dict[str, str], files: tuple[Path, Path], kills: int, whole: float) -> int:
    """Run, kill, run again; the last run is left alone. Return how many runs were killed before they ended."""
    given, output = files
    chance, ended = random.Random(SEED), 0
    for _ in range(kills):
        process = caspian(env, "batch", str(given), "-o", str(output), "--no-cases")
        time.sleep(chance.uniform(0, 2 * whole / kills + 4))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            ended += 1
        process.communicate()
        if output.exists():
            return ended
    caspian(env, "batch", str(given), "-o", str(output), "--no-cases").communicate()
    return ended


def _rows(path: Path) -> list[list[str]]:
    """The rows of a result, each with the number in its screening's id in place of the id, which is the batch's own."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [[*row[:-1], row[-1].partition("/")[2]] for row in rows]


if __name__ == "__main__":
    main(sys.argv[1:])
