"""Batch jobs: a batch that waits is screened by whoever takes part, and what a dead process left is taken over."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from dbos import DBOS

from api import batch_jobs
from api.cli.setup import opened
from api.cli.up import _prepare
from api.deps import Services
from api.jobs import schedule
from core.clock import now
from core.database import Database
from core.settings import Settings, SourceSettings
from lists.source import discover
from screening.access import Principal, Role
from screening.batch import intake, leases
from screening.batch.columns import map_columns
from screening.batch.intake import FileTaken
from screening.batch.reading import open_table
from screening.batch.status import BatchStatus, State

ANNA = Principal("key:ck_anna", "Anna", Role.TRADER)


@pytest.fixture
async def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Services]:
    """All services of a process that takes part, over the bundled sample; chunks hold two rows."""
    monkeypatch.setattr(intake, "ROWS", 2)
    monkeypatch.setattr(batch_jobs, "POLL_SECONDS", 0.05)
    nowhere = SourceSettings(url=str(tmp_path / "no-such-file.xml"))
    settings = Settings(data_dir=tmp_path, lists=dict.fromkeys(discover(), nowhere), batch_workers=1)
    await _prepare(settings)
    async with opened(settings) as made, schedule(settings), batch_jobs.screening_batches(made):
        yield made


async def begin(services: Services, tmp_path: Path) -> BatchStatus:
    path = tmp_path / "in.csv"
    path.write_text("name\nBank Melli Iran\nZhanna Trading\nBank Sepah\n")
    given = open_table(path)
    return await services.batches.begin(given, map_columns(given.columns), ANNA, FileTaken("in.csv", "a" * 64))


async def ended(services: Services, batch_id: str) -> BatchStatus:
    for _ in range(600):
        status = await services.batches.get(batch_id, ANNA)
        if status.state not in (State.WAITING, State.RUNNING):
            return status
        await asyncio.sleep(0.1)
    return status


async def test_a_batch_that_waits_is_screened(services: Services, tmp_path: Path) -> None:
    first = await ended(services, (await begin(services, tmp_path)).id)
    assert (first.state, first.rows_done, first.chunks_done) == (State.DONE, 3, 2)
    begun = await begin(services, tmp_path)
    await services.batches.cancel(begun.id, ANNA)
    await services.batches.resume(begun.id, ANNA)
    assert (await ended(services, begun.id)).rows_done == 3


async def test_work_of_a_process_whose_lease_ran_out_is_taken_over(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Left:
        def __init__(self, workflow_id: str, executor_id: str) -> None:
            self.workflow_id, self.executor_id = workflow_id, executor_id

    async def pending(**_: object) -> list[Left]:
        return [Left("mine", DBOS.executor_id), Left("of the living", "other-1"), Left("of the dead", "gone-1")]

    resumed: list[str] = []

    async def resume(ids: list[str]) -> None:
        resumed.extend(ids)

    async with services.database.write() as session:
        await leases.renew(session, "other-1")
    monkeypatch.setattr(DBOS, "list_workflows_async", pending)
    monkeypatch.setattr(DBOS, "resume_workflows_async", resume)
    await batch_jobs._renew(services)
    assert set(resumed) == {"of the dead"}


async def test_a_lease_holds_until_it_runs_out_or_is_given_up(database: Database) -> None:
    moment = now()
    async with database.write() as session:
        with time_machine.travel(moment, tick=False):
            await leases.renew(session, "a")
            await leases.renew(session, "b")
            await leases.give_up(session, "b")
            assert await leases.alive(session) == {"a"}
        with time_machine.travel(moment + leases.LEASE + timedelta(seconds=1), tick=False):
            assert await leases.alive(session) == frozenset()
            await leases.renew(session, "a")
            assert await leases.alive(session) == {"a"}
