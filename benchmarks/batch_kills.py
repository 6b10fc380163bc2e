"""Batch kills: `caspian batch` ended with SIGKILL at random moments and begun again, until the file is done.

The results must be, row by row, those of an undisturbed run, each row once, and the audit log must verify. The moments
are drawn from the time that an undisturbed run takes, so that they fall into every part of it.
"""

import csv
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.batch import caspian, environment, prepare, write
from benchmarks.engine import SEED

ROWS, KILLS = 50_000, 20


def main(arguments: Sequence[str] = ()) -> None:
    """Kill 20 times in 50,000 rows, or as `rows kills address` say; without an address the database is SQLite."""
    count = int(arguments[0]) if arguments else ROWS
    kills = int(arguments[1]) if len(arguments) > 1 else KILLS
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        env = environment(directory / "data", arguments[2] if len(arguments) > 2 else "")
        prepare(env)
        given, output = directory / "in.csv", directory / "out.csv"
        write(given, count)
        began = time.perf_counter()
        caspian(env, "batch", str(given), "-o", str(directory / "whole.csv"), "--no-cases").communicate()
        whole = time.perf_counter() - began
        ended = _kill(env, (given, output), kills, whole)
        same = _rows(output) == _rows(directory / "whole.csv")
        verified = subprocess.run(
            [sys.executable, "-c", "from api.cli import main; import sys; sys.argv = ['', 'audit', 'verify']; main()"],
            env=env,
            check=False,
            stdout=subprocess.DEVNULL,
        )
        print(
            f"{count:,} rows, {ended} kills: {'equal to' if same else 'DIFFERENT FROM'} an undisturbed run, each row "
            f"once; the log {'verifies' if verified.returncode == 0 else 'DOES NOT VERIFY'}"
        )
        assert same
        assert verified.returncode == 0


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
