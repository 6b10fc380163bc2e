"""Status: fresh, stale, missing or switched off; freshness counts from the last successful check alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from demo_list import SOURCE, content

from core.database import Database
from core.settings import Settings, SourceSettings
from lists.admit import Terms
from lists.importing import import_directory
from lists.refresh import refresh
from lists.status import UNUSED, ListState, ListStatus, statuses

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOURS = timedelta(hours=1)


async def status(database: Database, at: datetime, **options: object) -> ListStatus:
    settings = Settings(lists={"demo": SourceSettings(**options)})  # type: ignore[arg-type]
    async with database.read() as session:
        (found,) = await statuses(session, [SOURCE], settings, at)
    return found


async def check(database: Database, place: Path, at: datetime) -> None:
    settings = Settings(lists={"demo": SourceSettings(url=str(place))})
    await refresh(database, SOURCE, settings, Terms(clock=lambda: at))


async def test_a_list_never_held_is_missing_and_due(database: Database) -> None:
    found = await status(database, NOON)
    assert (found.state, found.snapshot, found.last_checked_at) == (ListState.MISSING, None, None)
    assert found.next_check_at == NOON
    assert (found.key, found.title, found.publisher) == ("demo", "Demo list", "Demo office")
    assert (found.url, found.page) == ("https://demo.invalid/list.csv", "https://demo.invalid/")


async def test_an_optional_list_never_held_is_not_loaded_and_due(database: Database) -> None:
    async with database.read() as session:
        (found,) = await statuses(session, [replace(SOURCE, optional=True)], Settings(), NOON)
    assert (found.state, found.next_check_at) == (ListState.NOT_LOADED, NOON)
    assert found.state in UNUSED


async def test_it_is_fresh_until_its_maximum_age_then_stale(database: Database, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(content(["Ivan", "Ali"], published="2020-01-01"))
    await check(database, tmp_path, NOON)
    for hours, state in ((0, ListState.FRESH), (48, ListState.FRESH), (49, ListState.STALE)):
        assert (await status(database, NOON + hours * HOURS)).state is state
    found = await status(database, NOON + HOURS)
    assert found.snapshot is not None
    assert str(found.snapshot.published_on) == "2020-01-01"
    assert (found.last_outcome, found.next_check_at) == ("activated", NOON + 6 * HOURS)


async def test_an_unchanged_check_renews_and_a_failed_one_does_not(database: Database, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(content(["Ivan", "Ali"]))
    await check(database, tmp_path, NOON)
    await check(database, tmp_path, NOON + 40 * HOURS)
    assert (await status(database, NOON + 80 * HOURS)).state is ListState.FRESH
    (tmp_path / "list.csv").write_bytes(b"<html>gone</html>")
    await check(database, tmp_path, NOON + 81 * HOURS)
    found = await status(database, NOON + 82 * HOURS)
    assert (found.last_outcome, found.state) == ("refused", ListState.FRESH)
    assert "HTML page" in found.last_reason
    assert (found.last_checked_at, found.last_success_at) == (NOON + 81 * HOURS, NOON + 40 * HOURS)
    assert (await status(database, NOON + 89 * HOURS)).state is ListState.STALE
    await check(database, tmp_path / "nowhere", NOON + 90 * HOURS)
    found = await status(database, NOON + 91 * HOURS)
    assert (found.last_outcome, found.state) == ("failed", ListState.STALE)
    assert found.snapshot is not None


async def test_an_explicit_import_is_a_successful_check(database: Database, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(content(["Ivan", "Ali"]))
    for days in (0, 10):
        at = NOON + timedelta(days=days)
        await import_directory(database, tmp_path, [SOURCE], Terms(clock=lambda at=at: at))
        assert (await status(database, at + HOURS)).state is ListState.FRESH


async def test_the_sample_says_so(database: Database, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(content(["Ivan"]))
    await import_directory(database, tmp_path, [SOURCE], Terms(sample=True, clock=lambda: NOON))
    found = await status(database, NOON)
    assert found.snapshot is not None
    assert found.snapshot.sample


@pytest.mark.parametrize("held", [True, False])
async def test_a_list_that_is_switched_off_is_disabled(database: Database, tmp_path: Path, held: bool) -> None:
    if held:
        (tmp_path / "list.csv").write_bytes(content(["Ivan", "Ali"]))
        await check(database, tmp_path, NOON)
    found = await status(database, NOON, enabled=False)
    assert (found.state, found.next_check_at) == (ListState.DISABLED, None)
    assert (found.snapshot is not None) is held


async def test_settings_override_times_and_address_and_hide_the_password(database: Database) -> None:
    found = await status(database, NOON, url="https://bank:secret@mirror.bank/l?x=1", every=HOURS, max_age=2 * HOURS)
    assert found.url == "https://mirror.bank/l?x=1"
    assert (found.every, found.max_age) == (HOURS, 2 * HOURS)


async def test_lists_are_told_apart_in_the_order_given(database: Database, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(content(["Ivan", "Ali"]))
    await check(database, tmp_path, NOON)
    other = replace(SOURCE, key="other")
    async with database.read() as session:
        found = await statuses(session, [other, SOURCE], Settings(), NOON)
    assert [(s.key, s.state) for s in found] == [("other", "missing"), ("demo", "fresh")]
