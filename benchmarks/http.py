"""HTTP: recorded screenings a second through a real server, as a client sees them.

One server process (uvicorn) on the lists given, the audit log on, an embedded database on disk; 16 connections, each
sending its next request when its last is answered. The client is a bare socket, so that it takes little of the two
cores that it shares with the server.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import select

from benchmarks.lists import SHARED
from core import migrations
from core.database import Database
from core.settings import Settings
from lists.importing import import_directory
from lists.tables import EntityVersion
from screening.access import Role
from screening.keys import create_key

CLIENTS = 16
SECONDS = 10.0
WARM_UP_SECONDS = 2.0
READY_WITHIN_SECONDS = 180.0
SEED = 20_261_124
NAMES = 4_000
"""Listed names to draw from, in the order of their hashes: of all kinds and lists."""

BODIES = 6_000
"""More requests than a run of ten seconds sends, so that hardly any is asked twice."""

INNOCENT = (
    "Ivan Petrov", "Mohammad Hosseini", "Caspian Dried Fruit Trading LLC", "Anna Sergeevna Kuznetsova", "رضا محمدی",
    "Olga Ivanova", "Зернотрейд ООО", "Green Apple Foods GmbH", "فاطمه کریمی", "Baltic Timber Export", "Zhang Wei",
)  # fmt: skip
"""Names that no list carries, in the scripts of this trade."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run measured. Times in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    worst: float
    statuses: dict[int, int]

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def mixed(names: Sequence[str], count: int) -> list[bytes]:
    """Return `count` request bodies: listed names, listed names with a typing error, innocent names, a third each."""
    chance = random.Random(SEED)
    bodies: list[bytes] = []
    for position in range(count):
        name = chance.choice(INNOCENT if position % 3 == 2 else names)
        if position % 3 == 1 and len(name) > 3:
            place = chance.randrange(1, len(name) - 1)
            name = name[:place] + name[place + 1 :]
        bodies.append(json.dumps({"subject": {"name": name[:500]}}, ensure_ascii=False).encode())
    return bodies


async def load(port: int, key: str, bodies: Sequence[bytes], seconds: float) -> Load:
    """Send `bodies` over and over from 16 connections for `seconds`, and return what was measured."""
    times: list[float] = []
    statuses: Counter[int] = Counter()
    end = time.perf_counter() + seconds
    clients = [
        _client(port, [_request(port, key, body) for body in bodies[turn::CLIENTS]], end, (times, statuses))
        for turn in range(CLIENTS)
    ]
    started = time.perf_counter()
    await asyncio.gather(*clients)
    took = time.perf_counter() - started
    times.sort()
    return Load(len(times), took, _ms(times, 0.5), _ms(times, 0.99), _ms(times, 1.0), dict(statuses))


async def _client(port: int, requests: Sequence[bytes], end: float, measured: tuple[list[float], Counter[int]]) -> None:
    times, statuses = measured
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = 0
    while (started := time.perf_counter()) < end:
        writer.write(requests[turn % len(requests)])
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        times.append(time.perf_counter() - started)
        statuses[int(head[9:12])] += 1
        turn += 1
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


def _request(port: int, key: str, body: bytes) -> bytes:
    head = (
        f"POST /v1/screenings HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.split(b"\r\n", 1)[0])


def _ms(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] * 1000


@contextlib.contextmanager
def server(data_dir: Path) -> Iterator[int]:
    """Run a real server on `data_dir` in a process of its own; yield its port once it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = os.environ | {"CASPIAN_DATA_DIR": str(data_dir), "CASPIAN_SCHEDULE": "false"}
    command = [
        sys.executable, "-m", "uvicorn", "--factory", "api.app:from_environment", "--port", str(port),
        "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_until_ready(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Raise RuntimeError if the server ends, or is not ready in time."""
    end = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            msg = f"the server ended with {process.returncode}"
            raise RuntimeError(msg)
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
            return
        time.sleep(0.2)
    msg = f"the server was not ready within {READY_WITHIN_SECONDS:.0f} s"
    raise RuntimeError(msg)


async def prepare(data_dir: Path) -> tuple[str, list[str]]:
    """Import the four lists into a database in `data_dir`; return a trader's key and a sample of listed names."""
    address = Settings(data_dir=data_dir, database_url="").database
    await asyncio.to_thread(migrations.upgrade, address)
    database = Database(address)
    try:
        await import_directory(database, SHARED / "lists" / "current")
        async with database.write() as session:
            key, _ = await create_key(session, role=Role.TRADER, owner="Benchmark")
        async with database.read() as session:
            query = select(EntityVersion.name).order_by(EntityVersion.hash).limit(NAMES)
            names = list((await session.execute(query)).scalars())
    finally:
        await database.dispose()
    return key, names


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--seconds N` for a longer run."""
    parser = argparse.ArgumentParser(prog="http")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    seconds: float = parser.parse_args(arguments).seconds
    with tempfile.TemporaryDirectory() as directory:
        key, names = asyncio.run(prepare(Path(directory)))
        bodies = mixed(names, BODIES)
        with server(Path(directory)) as port:
            asyncio.run(load(port, key, bodies[::-1], WARM_UP_SECONDS))
            measured = asyncio.run(load(port, key, bodies, seconds))
    print(f"{measured.requests} recorded screenings in {measured.seconds:.1f} s, {CLIENTS} clients, one server process")
    print(f"{measured.per_second:.0f} a second; p50 {measured.p50:.1f} ms, p99 {measured.p99:.1f} ms", end=", ")
    print(f"max {measured.worst:.1f} ms; statuses {measured.statuses}")
