"""The schedule: due lists are checked inside the server process, and what it did is seen in the lists' checks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dbos import DBOS
from sqlalchemy import text

from api import jobs
from core import migrations
from core.database import Database
from core.settings import Settings, SourceSettings
from lists import checks
from lists.source import discover
from screening.audit.entry import Actor
from screening.audit.kept import read_places
from screening.audit.notary import notary_of
from screening.cases.alarm import Alarm, case_subject
from screening.cases.case import Hit, RecordKind
from screening.cases.opening import open_or_join
from screening.matching.result import Identity, Outcome
from screening.matching.subject import Subject

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


async def test_a_clearance_whose_date_has_passed_is_ended(scheduled: Settings) -> None:
    database = Database(scheduled.database)
    hit = Hit("ofac:1", "SOMEBODY", ("ofac_sdn",), "a" * 64, 900, 900, Identity.NAME_ONLY, Outcome.MATCH, blocking=True)
    asker = Actor("key:ck_1", "Dina", "trader")
    alarm = Alarm(RecordKind.SCREENING, "S1", asker, case_subject(Subject("Somebody")), (hit,), "1")
    async with database.write() as session:
        (opened,) = await open_or_join(session, [alarm])
        columns = "id, case_id, fingerprint, entity_id, version, identity, reason, decided_by, decided_by_name, "
        columns += "approved_by, approved_by_name, granted_at, until, audit_sequence"
        values = (
            f"'c', '{opened.case_id}', '{alarm.subject.fingerprint}', 'ofac:1', 'a', 'name_only', 'FP-01', 'x', 'x', "
        )
        values += "'y', 'y', '2026-01-01T00:00:00.000000Z', '2026-02-01T23:59:59.999999Z', 1"
        await session.execute(text(f"INSERT INTO clearance ({columns}) VALUES ({values})"))
    for _ in range(300):
        async with database.read() as session:
            why = (await session.execute(text("SELECT ended_why FROM clearance"))).scalar_one()
        if why is not None:
            break
        await asyncio.sleep(0.1)
    await database.dispose()
    assert why == "expired"


async def test_switched_off_it_does_nothing(tmp_path: Path) -> None:
    async with jobs.schedule(Settings(data_dir=tmp_path, schedule=False)):
        assert not (tmp_path / "schedule.sqlite").exists()
