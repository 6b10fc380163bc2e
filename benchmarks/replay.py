"""Replay: 1,000 recorded screenings across three list changes and a configuration change, run again and compared.

The lists of an earlier day come into force, then today's one by one; a fifth of the screenings is made in each
state and a fifth under other thresholds. Every one is then replayed on the snapshots and configuration it used.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlmodel import select

from benchmarks.http import BODIES, NAMES, mixed
from benchmarks.lists import SHARED
from core import migrations
from core.database import Database
from core.settings import Settings
from lists.importing import import_directory
from lists.source import Source, discover
from lists.tables import EntityVersion
from screening.access import Principal, Role
from screening.live_index import LiveIndex
from screening.recorder import Recorder
from screening.request import ScreeningRequest
from screening.services.replay import Replay, ReplayService
from screening.services.screen import ScreeningService

COUNT = 1_000
CHANGES = ("ofac_sdn", "eu_fsf", "un_sc")
WHO = Principal("key:ck_bench", "Benchmark", Role.TRADER)
TOGETHER = 16


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--count N` for fewer screenings."""
    parser = argparse.ArgumentParser(prog="replay")
    parser.add_argument("--count", type=int, default=COUNT)
    count: int = parser.parse_args(arguments).count
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(_run(Path(directory), count))


async def _run(directory: Path, count: int) -> None:
    settings = Settings(data_dir=directory, database_url="", match_workers=0)
    await asyncio.to_thread(migrations.upgrade, settings.database)
    database, sources = Database(settings.database), discover()
    await import_directory(database, SHARED / "lists" / "previous", list(sources.values()))
    bodies = mixed(await _names(database), BODIES)
    fifth = [[bodies[(state * BODIES // 5 + at)] for at in range(count // 5)] for state in range(5)]
    asked = await _screen_through_changes(database, settings, sources, fifth[:4])
    other = settings.model_copy(update={"review_threshold": 650, "match_threshold": 930, "near_misses": 3})
    recorder, live = Recorder(database), LiveIndex(database, other, sources)
    async with recorder, live:
        screenings = ScreeningService(database, live, recorder, other)
        asked += await _screen(screenings, fifth[4])
        began = time.perf_counter()
        replays = await _replay(ReplayService(database, recorder, screenings), asked)
        took = time.perf_counter() - began
        await screenings.close()
    await database.dispose()
    _print(replays, took)


async def _screen_through_changes(
    database: Database, settings: Settings, sources: Mapping[str, Source], parts: Sequence[Sequence[bytes]]
) -> list[str]:
    """Screen one part on the earlier lists, and one after each of today's that comes into force."""
    asked: list[str] = []
    async with Recorder(database) as recorder, LiveIndex(database, settings, sources) as live:
        screenings = ScreeningService(database, live, recorder, settings)
        for key, part in zip((None, *CHANGES), parts, strict=True):
            if key is not None:
                before = live.current().hash
                await import_directory(database, SHARED / "lists" / "current", [sources[key]])
                await live.reload()
                assert live.current().hash != before, f"{key} did not change"
            asked += await _screen(screenings, part)
        await screenings.close()
    return asked


async def _names(database: Database) -> list[str]:
    async with database.read() as session:
        query = select(EntityVersion.name).order_by(EntityVersion.hash).limit(NAMES)
        return list((await session.execute(query)).scalars())


async def _screen(screenings: ScreeningService, bodies: Sequence[bytes]) -> list[str]:
    asked: list[str] = []
    for start in range(0, len(bodies), TOGETHER):
        requests = [ScreeningRequest.model_validate_json(body) for body in bodies[start : start + TOGETHER]]
        made = await asyncio.gather(*(screenings.screen(request, WHO) for request in requests))
        asked += [screening.receipt.id for screening in made]
    return asked


async def _replay(service: ReplayService, asked: Sequence[str]) -> list[Replay]:
    return [await service.replay(screening_id, WHO) for screening_id in asked]


def _print(replays: Sequence[Replay], took: float) -> None:
    identical = sum(replay.identical for replay in replays)
    named = sum(bool(replay.changed) for replay in replays)
    print(f"{identical} of {len(replays)} replays identical byte for byte, across {len(CHANGES)} list changes", end=" ")
    print("and a configuration change")
    print(f"{named} name a configuration that is another now; {took / len(replays) * 1000:.0f} ms a replay", end=" ")
    print("with the building of past indexes")
    for replay in [replay for replay in replays if not replay.identical][:5]:
        print(f"{replay.screening_id}: differs {replay.differs}, problems {replay.problems}")
