"""Recording: what the audit log costs. Screenings a second with and without being recorded, in one process, by turns.

Unrecorded is the same service without its last step: read, matched, worded, answered. Both go through the same match
workers, 16 at a time, on the lists of `../shared`; the database is the embedded one, on disk, synchronised at commits.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from benchmarks.http import BODIES, CLIENTS, mixed, prepare
from core.database import Database
from core.settings import Settings
from screening.access import Principal, Role
from screening.live_index import LiveIndex
from screening.recorder import Recorder
from screening.request import ScreeningRequest
from screening.services.screen import ScreeningService

ROUNDS = 5
EACH = 1_000
WHO = Principal("key:ck_bench", "Benchmark", Role.TRADER)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--each N` for more screenings a turn."""
    parser = argparse.ArgumentParser(prog="recording")
    parser.add_argument("--each", type=int, default=EACH)
    each: int = parser.parse_args(arguments).each
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(_run(Path(directory), each))


async def _run(directory: Path, each: int) -> None:
    settings = Settings(data_dir=directory, database_url="")
    _, names = await prepare(directory)
    requests = [ScreeningRequest.model_validate_json(body) for body in mixed(names, BODIES)]
    database = Database(settings.database)
    async with Recorder(database) as recorder, LiveIndex(database, settings) as live:
        screenings = ScreeningService(database, live, recorder, settings)

        async def recorded(request: ScreeningRequest) -> None:
            await screenings.screen(request, WHO)

        async def unrecorded(request: ScreeningRequest) -> None:
            await screenings.evaluate(request)

        await _turn(unrecorded, requests[-each:])  # until the workers have started
        rates: dict[str, list[float]] = {"unrecorded": [], "recorded": []}
        for round_ in range(ROUNDS):
            part = [requests[(round_ * each + at) % len(requests)] for at in range(each)]
            rates["unrecorded"].append(await _turn(unrecorded, part))
            rates["recorded"].append(await _turn(recorded, part))
        await screenings.close()
    await database.dispose()
    without, with_ = (statistics.median(rates[name]) for name in ("unrecorded", "recorded"))
    print(f"unrecorded {without:.0f} a second, recorded {with_:.0f} (medians of {ROUNDS} turns of {each:,})")
    print(f"the record costs {max(0.0, 1 - with_ / without):.0%} of throughput")


async def _turn(screen: Callable[[ScreeningRequest], Awaitable[None]], requests: Sequence[ScreeningRequest]) -> float:
    """Screen all of them, 16 under way at a time; return how many a second."""
    waiting = iter(requests)

    async def client() -> None:
        for request in waiting:
            await screen(request)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return len(requests) / (time.perf_counter() - began)
