"""Many machines: two workers and a server on one PostgreSQL. A worker is killed, then the database itself, in the
middle of a batch; the result is that of an undisturbed run.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from postgres_cluster import Cluster, binaries, free_port, running

from api.cli.setup import opened
from api.cli.up import _prepare
from core.settings import Settings, SourceSettings
from lists.source import discover
from screening.access import Principal, Role
from screening.batch import intake
from screening.batch.columns import map_columns
from screening.batch.intake import FileTaken
from screening.batch.reading import open_table
from screening.keys import create_key
from screening.services.batch import BatchService

ROWS, CHUNK = 2_400, 20
NAMES = ("Bank Melli Iran", "Zhanna Trading", "Ivan Petrov", "", "=Sberbank", "Банк Мелли")
WHO = Principal("cli:test", "Test", Role.ADMIN)
PATIENCE = 120

PROGRAM = """
import sys
from datetime import timedelta
from screening.batch import leases
leases.LEASE, leases.RENEW_SECONDS = timedelta(seconds=3), 0.5
from api.cli import main
sys.argv[0] = "caspian"
main()
"""
"""The command line with a lease that a test can wait for."""

pytestmark = pytest.mark.skipif(binaries() is None, reason="needs PostgreSQL's own programs (initdb, pg_ctl)")


@contextmanager
def machine(env: dict[str, str], data_dir: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its own data directory and its own children: all of them end with the block."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    if (index := data_dir.with_name("first") / "index").exists() and not data_dir.exists():
        shutil.copytree(index, data_dir / "index")  # built once: building it is not what this is about
    log = data_dir.with_suffix(".log").open("wb")
    with (
        log,
        subprocess.Popen(
            command, env=env | {"CASPIAN_DATA_DIR": str(data_dir)}, stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def until(what: Callable[[], object], told: str) -> None:
    """Wait until it is so."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, told
        time.sleep(0.1)


def one(cluster: Cluster, query: str, *values: object) -> Any:
    """The only value that a query gives."""
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        row = connection.execute(query.encode(), values).fetchone()
        assert row is not None
        return row[0]


def settings_for(cluster: Cluster, tmp_path: Path) -> Settings:
    nowhere = SourceSettings(url="http://127.0.0.1:9/")
    lists = dict.fromkeys(discover(), nowhere)
    return Settings(database_url=cluster.url, data_dir=tmp_path / "first", lists=lists, batch_workers=1)


async def results(batches: BatchService, batch_id: str) -> list[dict[str, Any]]:
    return [row async for rows in batches.results(batch_id, WHO) for row in rows]


async def begun_and_undisturbed(settings: Settings, path: Path) -> tuple[str, str, list[dict[str, Any]]]:
    """The id of a batch that waits, a key, and the results of the same file screened by one process alone."""
    await _prepare(settings)
    async with opened(settings) as services:
        given = open_table(path)
        columns = map_columns(given.columns)
        alone, shared = [
            await services.batches.begin(given, columns, WHO, FileTaken("in.csv", "a" * 64)) for _ in range(2)
        ]
        await services.batches.run(alone.id)
        async with services.database.write() as session:
            key, _ = await create_key(session, role=Role.TRADER, owner="Anna")
        return shared.id, key, await results(services.batches, alone.id)


async def ended(settings: Settings, batch_id: str) -> list[dict[str, Any]]:
    async with opened(settings) as services:
        return await results(services.batches, batch_id)


def kill_at_work(cluster: Cluster, worker: subprocess.Popen[bytes]) -> None:
    """End a worker with SIGKILL while chunks are its own."""
    pending = "SELECT count(*) FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id LIKE %s"

    def caught() -> bool:
        os.killpg(worker.pid, signal.SIGSTOP)
        if one(cluster, pending, f"%-{worker.pid}-%"):
            return True
        os.killpg(worker.pid, signal.SIGCONT)
        return False

    until(caught, "the worker never had a chunk")
    os.killpg(worker.pid, signal.SIGKILL)


def test_a_killed_worker_and_a_killed_database_change_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "ROWS", CHUNK)
    path = tmp_path / "in.csv"
    path.write_text("name,ref\n" + "".join(f"{NAMES[at % 6]} {at % 700},{at}\n" for at in range(ROWS)))
    with running() as cluster, ExitStack() as machines:
        settings = settings_for(cluster, tmp_path)
        batch_id, key, undisturbed = asyncio.run(begun_and_undisturbed(settings, path))
        env = os.environ | {"CASPIAN_DATABASE_URL": cluster.url, "CASPIAN_BATCH_WORKERS": "1"}
        env |= {f"CASPIAN_LISTS__{name.upper()}__URL": "http://127.0.0.1:9/" for name in discover()}
        port = str(free_port())
        machines.enter_context(
            machine(env | {"CASPIAN_SCHEDULE": "false"}, tmp_path / "server", "serve", "--port", port)
        )
        workers = [machines.enter_context(machine(env, tmp_path / f"worker{at}", "worker")) for at in range(2)]

        def chunks() -> int:
            return int(one(cluster, "SELECT count(*) FROM batch_chunk WHERE batch_id = %s", batch_id))

        until(lambda: all(b"Screening" in log.read_bytes() for log in tmp_path.glob("worker?.log")), "no worker starts")
        kill_at_work(cluster, workers[0])
        killed_at = chunks()
        until(lambda: chunks() > killed_at + 10, "the other worker does not go on")
        headers = {"Authorization": f"Bearer {key}"}

        def screened() -> int:
            """The status of a screening; 0 before the server listens."""
            body = {"subject": {"name": "Bank Melli"}}
            try:
                return httpx.post(f"http://127.0.0.1:{port}/v1/screenings", json=body, headers=headers).status_code
            except httpx.TransportError:
                return 0

        until(lambda: screened() == 200, "the server does not answer")
        cluster.stop()
        assert [screened(), screened()] == [503, 503]
        time.sleep(2)
        cluster.start()
        killed_at = chunks()
        assert killed_at < ROWS / CHUNK, "the batch was over before the database was killed"
        until(lambda: screened() == 200, "the server does not recover")
        until(
            lambda: one(cluster, "SELECT state FROM batch WHERE id = %s", batch_id) == "done", "the batch stands still"
        )
        assert workers[1].poll() is None
        assert asyncio.run(ended(settings, batch_id)) == undisturbed
        with machine(env, tmp_path / "first", "audit", "verify") as verifying:
            assert verifying.wait(PATIENCE) == 0
