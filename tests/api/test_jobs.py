"""The schedule: due lists are checked inside the server process, and what it did is seen in the lists' checks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dbos import DBOS

from api import jobs
from core import migrations
from core.database import Database
from core.settings import Settings, SourceSettings
from lists import checks
from lists.source import discover
from screening.audit.kept import read_places
from screening.audit.notary import notary_of

KEYS = tuple(discover())


@pytest.fixture
async def scheduled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Settings]:
    monkeypatch.setattr(jobs, "CRON", "* * * * * *")
    monkeypatch.setattr(jobs, "CHECKPOINT_CRON", "* * * * * *")
    missing = SourceSettings(url=str(tmp_path / "no-such-file.xml"))
    settings = Settings(data_dir=tmp_path, lists=dict.fromkeys(KEYS, missing))
    await asyncio.to_thread(migrations.upgrade, settings.database)
    async with jobs.schedule(settings):
        yield settings


async def test_due_lists_are_checked_and_the_reason_is_kept(scheduled: Settings) -> None:
    database = Database(scheduled.database)
    for _ in range(300):
        async with database.read() as session:
            last = await checks.last(session)
        if set(last) == set(KEYS):
            break
        await asyncio.sleep(0.1)
    await database.dispose()
    assert set(last) == set(KEYS)
    assert all(check.outcome == "failed" and "no-such-file" in check.reason for check in last.values())
    assert await DBOS.list_workflows_async(name="refresh_due")


async def test_a_list_that_was_just_checked_is_not_due(scheduled: Settings) -> None:
    await asyncio.sleep(0)
    for key in KEYS:
        await jobs.check_list(key)
    assert await jobs.due_lists() == []


async def test_checkpoints_are_signed_outside_the_database(scheduled: Settings) -> None:
    await asyncio.sleep(0)
    await jobs.check_list(KEYS[0])  # refused, which leaves an entry
    notary = notary_of(scheduled)
    for _ in range(300):
        kept = read_places(notary.places)
        if kept:
            break
        await asyncio.sleep(0.1)
    assert kept
    assert all(one.is_signed_by(notary.public_key) for one in kept)
    assert await DBOS.list_workflows_async(name="sign_checkpoint")


async def test_switched_off_it_does_nothing(tmp_path: Path) -> None:
    async with jobs.schedule(Settings(data_dir=tmp_path, schedule=False)):
        assert not (tmp_path / "schedule.sqlite").exists()
