"""Killed at any moment during an import, the database holds the old edition or the new, never a mixture.

A child process imports the two editions in turn, and is killed with SIGKILL at a random moment of its work.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from demo_list import SOURCE, content

from core.database import Database
from lists import snapshots
from lists.importing import import_directory

KILLS = 20

IMPORT = """
import asyncio, os, signal, sys, time
from pathlib import Path
from core.database import Database
from lists.admit import Terms
from lists.importing import import_directory
from demo_list import SOURCE

async def run(url, place):
    database = Database(url)
    await import_directory(database, Path(place), [SOURCE], Terms(allow_older=True))
    await database.dispose()

for line in sys.stdin:  # one process that has everything loaded forks a fresh one for each import
    url, place, delay = line.split()
    child = os.fork()
    if child == 0:
        asyncio.run(run(url, place))
        os._exit(0)
    if delay != "never":
        time.sleep(float(delay))
        os.kill(child, signal.SIGKILL)  # not yet waited for, so the id is still the child's
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture
def places(tmp_path: Path) -> list[Path]:
    """Two editions: of 800 entities half are the same, a third changed, the rest came or went."""
    names = [f"Person {n}" for n in range(800)]
    editions = (names, [*names[:400], *(f"{name} renamed" for name in names[400:700])])
    for number, (edition, day) in enumerate(zip(editions, ("2026-11-01", "2026-11-02"), strict=True)):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "list.csv").write_bytes(content(edition, day))
    return [tmp_path / "0", tmp_path / "1"]


class Importer:
    """The process that forks an import, kills it, and reports its end."""

    def __init__(self) -> None:
        path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
        self.process = subprocess.Popen(
            [sys.executable, "-c", IMPORT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": path},
        )

    def run(self, url: str, place: Path, kill_after: float | None = None) -> int:
        """Import, kill after so many seconds, and return how the process ended: 0, or -9."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{url} {place} {'never' if kill_after is None else kill_after}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate()


async def test_a_killed_import_leaves_the_old_or_the_new_edition(
    database: Database, database_url: str, places: list[Path]
) -> None:
    editions: dict[str, tuple[int, Path]] = {}  # snapshot id → entities, and where the other edition lies
    for place, other in zip(places, reversed(places), strict=True):
        (result,) = await import_directory(database, place, [SOURCE])
        assert result.result is not None
        assert result.result.snapshot is not None
        editions[result.result.snapshot.id] = (result.result.snapshot.entities, other)
    assert len(editions) == 2

    importer = Importer()
    try:
        started = time.monotonic()
        assert importer.run(database_url, places[0]) == 0
        span = time.monotonic() - started
        killed = 0
        for _ in range(3 * KILLS):
            other = await intact_edition(database, editions)
            ended = importer.run(database_url, other, random.uniform(0, span))
            killed += ended == -signal.SIGKILL
            span *= 1.1 if ended else 0.8  # so that the moments lie all over an import, on a busy machine too
            if killed == KILLS:
                break
        assert killed == KILLS
        other = await intact_edition(database, editions)
        assert importer.run(database_url, other) == 0
        assert await intact_edition(database, editions) != other
    finally:
        importer.close()


async def intact_edition(database: Database, editions: dict[str, tuple[int, Path]]) -> Path:
    """Check that one whole edition is in force; return where the other one lies."""
    async with database.read() as session:
        info = (await snapshots.in_force(session))["demo"]
        assert await snapshots.verify(session, info) == ()
    entities, other = editions[info.id]
    assert info.entities == entities
    return other
