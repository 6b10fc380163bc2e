"""Build an index aside, from snapshots in the database to a file. Run as a program, it is the subprocess that keeps a
large build away from the server's event loop and memory: `python -m screening.index_build`, its task as JSON on
standard input (not as an argument: a database address may hold a password, and arguments are seen by everyone).
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.database import Database
from core.errors import Unavailable
from core.logging import logger
from lists.entity import from_json
from lists.snapshots import SnapshotInfo, payloads, snapshot
from screening.matching.index import ListIndex

INLINE_BELOW = 2_000
"""Entities from which a subprocess is worth its second of start-up."""

NICENESS = 5
"""A build yields to answering."""

_log = logger(__name__)


async def open_or_build(
    database: Database, address: str, snapshots: Mapping[str, SnapshotInfo], path: Path
) -> ListIndex:
    """Return the index over these snapshots: the file at `path`, built first (sources in the order of their keys) if
    there is none or another version wrote it; a large one in a process of its own.

    `address` is the database's. Raises Unavailable when it cannot be built.
    """
    try:
        return await asyncio.to_thread(ListIndex.open, path)
    except FileNotFoundError:
        pass
    except ValueError as error:
        _log.warning("index file not usable, building it again", reason=str(error))
    started = time.monotonic()
    snapshot_ids = [snapshots[key].id for key in sorted(snapshots)]
    if sum(info.entities for info in snapshots.values()) < INLINE_BELOW:
        await build(database, snapshot_ids, path)
    else:
        await build_in_subprocess(address, snapshot_ids, path)
    _log.info("index built", index=path.stem[:12], seconds=round(time.monotonic() - started, 2))
    return await asyncio.to_thread(ListIndex.open, path)


async def build(database: Database, snapshot_ids: Sequence[str], path: Path) -> None:
    """Build the index over these snapshots, in their order, and save it at `path`, which appears whole or not at all.

    Raises Unavailable when a snapshot is not held.
    """
    stored: list[bytes] = []
    async with database.read() as session:
        for snapshot_id in snapshot_ids:
            info = await snapshot(session, snapshot_id)
            if info is None:
                raise Unavailable(f"the snapshot {snapshot_id} is not in this database")
            async for batch in payloads(session, info):
                stored.extend(batch)
    await asyncio.to_thread(_build_and_save, stored, path)


async def build_in_subprocess(address: str, snapshot_ids: Sequence[str], path: Path) -> None:
    """Do what `build` does in a process of its own. Raises Unavailable with its last words when that fails."""
    task = json.dumps({"database": address, "snapshots": list(snapshot_ids), "path": str(path)})
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "screening.index_build",
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, errors = await process.communicate(task.encode())
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        last = errors.decode(errors="replace").strip().splitlines()[-1:]
        raise Unavailable(f"the index could not be built: {''.join(last) or process.returncode}")


def _build_and_save(stored: Sequence[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ListIndex.build(from_json(payload) for payload in stored).save(path)


async def _run(task: dict[str, str], snapshot_ids: Sequence[str]) -> None:
    database = Database(task["database"])
    try:
        await build(database, snapshot_ids, Path(task["path"]))
    finally:
        await database.dispose()


def main() -> None:
    """Read one task from standard input and do it."""
    os.nice(NICENESS)
    task = json.load(sys.stdin)
    asyncio.run(_run(task, task["snapshots"]))


if __name__ == "__main__":
    main()
