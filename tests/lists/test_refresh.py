"""Refreshing: from a publisher over real sockets to a snapshot in force, with a row for every check."""

import asyncio
import gzip
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from demo_list import FORMAT, SOURCE, content, parse, recognises
from pytest_httpserver import HTTPServer
from sqlalchemy.ext.asyncio import AsyncSession
from test_local import zipped
from werkzeug import Request, Response

from core.database import Database
from core.errors import Conflict
from core.settings import Settings, SourceSettings
from lists import checks, reading, snapshots
from lists.admit import RefreshResult, Terms
from lists.checks import CheckOutcome
from lists.refresh import refresh, refresh_all
from lists.source import Format, ParsedList

NAMES = ["Ivan", "Ali", "Zahra"]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def at(url: str | Path, **options: object) -> Settings:
    return Settings(lists={"demo": SourceSettings(url=str(url))}, fetch_timeout=2.0, **options)  # type: ignore[arg-type]


async def in_force(database: Database, key: str = "demo") -> list[str]:
    async with database.read() as session:
        info = (await snapshots.in_force(session))[key]
        assert await snapshots.verify(session, info) == ()
        return sorted([e.primary_name async for e in snapshots.entities(session, info)])


async def last_check(database: Database) -> tuple[str, str]:
    async with database.read() as session:
        row = (await checks.last(session))["demo"]
        return row.outcome, row.reason


class Publisher:
    """A publisher that knows ETags; `content` may be changed, `asked` counts what it was asked for."""

    def __init__(self, server: HTTPServer, body: bytes) -> None:
        self.body, self.version, self.asked = body, 1, [0, 0]
        server.expect_request("/list").respond_with_handler(self.answer)

    def publish(self, body: bytes) -> None:
        self.body, self.version = body, self.version + 1

    def answer(self, request: Request) -> Response:
        known = request.headers.get("If-None-Match") == f'"{self.version}"'
        self.asked[known] += 1
        return Response(status=304) if known else Response(self.body, headers={"ETag": f'"{self.version}"'})


async def test_a_list_is_fetched_activated_and_then_found_unchanged(database: Database, httpserver: HTTPServer) -> None:
    publisher = Publisher(httpserver, content(NAMES))
    settings = at(httpserver.url_for("/list"))
    first = await refresh(database, SOURCE, settings, Terms(clock=lambda: NOON))
    assert (first.outcome, first.ok) == (CheckOutcome.ACTIVATED, True)
    assert await in_force(database) == sorted(NAMES)
    second = await refresh(database, SOURCE, settings)
    assert second.outcome is CheckOutcome.UNCHANGED
    third = await refresh(database, SOURCE, settings)
    assert third.outcome is CheckOutcome.UNCHANGED
    assert third.snapshot == first.snapshot
    assert publisher.asked == [1, 2]
    publisher.publish(content([*NAMES, "Reza"], "2026-11-02"))
    changed = await refresh(database, SOURCE, settings)
    assert (changed.outcome, changed.added) == (CheckOutcome.ACTIVATED, 1)
    assert await in_force(database) == sorted([*NAMES, "Reza"])


async def test_the_same_bytes_under_another_etag_are_unchanged(database: Database, httpserver: HTTPServer) -> None:
    publisher = Publisher(httpserver, content(NAMES))
    settings = at(httpserver.url_for("/list"))
    await refresh(database, SOURCE, settings)
    publisher.publish(content(NAMES))
    assert (await refresh(database, SOURCE, settings)).outcome is CheckOutcome.UNCHANGED
    assert (await refresh(database, SOURCE, settings)).outcome is CheckOutcome.UNCHANGED
    assert publisher.asked == [2, 1]


async def test_not_modified_is_not_asked_when_another_edition_is_in_force(
    database: Database, httpserver: HTTPServer, tmp_path: Path
) -> None:
    publisher = Publisher(httpserver, content(NAMES))
    settings = at(httpserver.url_for("/list"))
    await refresh(database, SOURCE, settings)
    (tmp_path / "list.csv").write_bytes(content(["Imported", "Since"]))
    await refresh(database, SOURCE, at(tmp_path / "list.csv"))
    assert await in_force(database) == ["Imported", "Since"]
    assert (await refresh(database, SOURCE, settings)).outcome is CheckOutcome.ACTIVATED
    assert publisher.asked == [2, 0]
    assert await in_force(database) == sorted(NAMES)


async def test_a_new_parser_reads_an_unchanged_file_again(
    database: Database, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(httpserver, content(NAMES))
    settings = at(httpserver.url_for("/list"))
    await refresh(database, SOURCE, settings)
    monkeypatch.setattr("lists.refresh.parser_version", lambda: "another")
    await refresh(database, SOURCE, settings)
    assert publisher.asked == [2, 0]


@pytest.mark.parametrize("pack", [gzip.compress, lambda body: zipped({"list.csv": body})])
async def test_a_packed_list_is_opened(
    database: Database, httpserver: HTTPServer, pack: Callable[[bytes], bytes]
) -> None:
    httpserver.expect_request("/list").respond_with_data(pack(content(NAMES)), content_type="application/zip")
    result = await refresh(database, SOURCE, at(httpserver.url_for("/list")))
    assert result.outcome is CheckOutcome.ACTIVATED
    assert await in_force(database) == sorted(NAMES)


WHOLE = content([f"Person {n}" for n in range(200)], "2026-11-02")


@pytest.mark.parametrize(
    ("body", "status", "outcome", "reason"),
    [
        (b"", 200, "refused", "is empty"),
        (b"<!DOCTYPE html><html><h1>Maintenance</h1></html>", 200, "refused", "is an HTML page"),
        (b"<html>busy</html>", 404, "failed", "answered 404"),
        (WHOLE[:1500], 200, "refused", "is cut short"),
        (WHOLE.replace(b"77,Person", b"77;Person"), 200, "refused", "no rule for the line"),
        (WHOLE.replace(b"77,Person", b"77x,Person"), 200, "refused", "holds what its parser cannot read: ValueError"),
        (WHOLE.replace(b"77,Person", b"76,Person"), 200, "refused", "ids occur more than once"),
        (gzip.compress(WHOLE)[:-9], 200, "refused", "cannot be unpacked"),
        (gzip.compress(b"\0" * 30_000_000), 200, "refused", "unpacks to more than"),
        (zipped({}), 200, "refused", "holds no file"),
        (content(["one"], "2026-11-02"), 200, "refused", "holds 1 entities, expected 2 to"),
        (content(["one", "two"], "2026-11-02"), 200, "refused", "fewer than the 10 in force"),
        (content(["x"] * 10, "2026-10-01"), 200, "refused", "before the edition in force"),
    ],
)
async def test_what_is_not_sound_is_refused_with_its_reason_and_the_old_stays(
    database: Database, httpserver: HTTPServer, body: bytes, status: int, outcome: str, reason: str
) -> None:
    held = [f"Held {n}" for n in range(10)]
    httpserver.expect_ordered_request("/list").respond_with_data(content(held))
    httpserver.expect_ordered_request("/list").respond_with_data(body, status=status)
    settings = at(httpserver.url_for("/list"), fetch_max_bytes=10_000_000)
    first = await refresh(database, SOURCE, settings)
    result = await refresh(database, SOURCE, settings)
    assert (result.outcome, result.ok) == (outcome, False)
    assert reason in result.reason
    assert result.snapshot == first.snapshot
    assert await last_check(database) == (outcome, result.reason)
    assert await in_force(database) == held


@pytest.mark.parametrize("form", ["{}", "file://{}"])
async def test_a_file_or_a_directory_may_stand_for_the_publisher(database: Database, tmp_path: Path, form: str) -> None:
    place = tmp_path / "a mirror"
    place.mkdir()
    (place / "other.txt").write_bytes(b"notes")
    (place / "list.csv").write_bytes(content(NAMES))
    for location in (place / "list.csv", place):
        result = await refresh(database, SOURCE, at(form.format(location)))
        assert result.ok, result.reason
    assert result.outcome is CheckOutcome.UNCHANGED
    assert await in_force(database) == sorted(NAMES)
    (place / "list.csv").unlink()
    gone = await refresh(database, SOURCE, at(form.format(place)))
    assert gone.outcome is CheckOutcome.REFUSED
    assert "other.txt" in gone.reason
    (place / "another.txt").write_bytes(b"notes")
    assert "no file in" in (await refresh(database, SOURCE, at(form.format(place)))).reason


async def test_with_nothing_in_force_the_directory_of_lists_stands_in_once(
    database: Database, tmp_path: Path, unused_tcp_port: int
) -> None:
    (tmp_path / "list.csv").write_bytes(content(NAMES))
    settings = at(f"http://127.0.0.1:{unused_tcp_port}/list", lists_dir=tmp_path)
    first = await refresh(database, SOURCE, settings, quick=True)
    assert first.outcome is CheckOutcome.ACTIVATED
    assert "could not be read" in first.reason
    assert str(tmp_path) in first.reason
    second = await refresh(database, SOURCE, settings, quick=True)
    assert second.outcome is CheckOutcome.FAILED


async def test_one_failing_list_harms_no_other(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("good", "gone", "broken"):
        monkeypatch.setitem(SOURCES, name, replace(SOURCE, key=name, title=name, formats=(FORMATS[name],)))
    (tmp_path / "good.csv").write_bytes(content(NAMES))
    lists = {
        "good": SourceSettings(url=str(tmp_path)),
        "gone": SourceSettings(url=str(tmp_path / "nowhere")),
        "broken": SourceSettings(url=str(tmp_path)),
        "demo": SourceSettings(enabled=False),
    }
    sources = [SOURCES["gone"], SOURCES["broken"], SOURCES["good"], SOURCE]
    results = {r.source: r for r in await refresh_all(database, sources, Settings(lists=lists))}
    assert {key: result.outcome for key, result in results.items()} == {
        "gone": "failed",
        "broken": "failed",
        "good": "activated",
    }
    assert "the check itself failed: OSError" in results["broken"].reason
    assert await in_force(database, "good") == sorted(NAMES)


def parse_as_good(path: Path) -> ParsedList:
    return parse(path, "good")


def break_down(_head: bytes, _path: Path) -> bool:
    raise OSError("the disk is gone")


FORMATS = {
    "good": Format("good", recognises, parse_as_good),
    "gone": FORMAT,
    "broken": Format("broken", break_down, parse),
}
SOURCES: dict[str, object] = {}


async def test_a_list_that_is_switched_off_is_not_fetched(database: Database) -> None:
    with pytest.raises(Conflict, match="CASPIAN_LISTS__DEMO__ENABLED"):
        await refresh(database, SOURCE, Settings(lists={"demo": SourceSettings(enabled=False)}))


async def test_unreachable_publishers_cost_little_together(database: Database, unused_tcp_port: int) -> None:
    keys = [f"list{n}" for n in range(6)]
    sources = [replace(SOURCE, key=key, url=f"http://127.0.0.1:{unused_tcp_port}/{key}") for key in keys]
    async with asyncio.timeout(10):
        results = await refresh_all(database, sources, Settings(), quick=True)
    assert [r.outcome for r in results] == [CheckOutcome.FAILED] * 6


async def test_two_refreshes_at_once_activate_once(database: Database, httpserver: HTTPServer) -> None:
    Publisher(httpserver, content(NAMES))
    settings = at(httpserver.url_for("/list"))
    other = Database(database.url.render_as_string(hide_password=False))
    results = await asyncio.gather(*(refresh(d, SOURCE, settings) for d in (database, other, database, other)))
    await other.dispose()
    assert sorted(r.outcome for r in results) == ["activated", "unchanged", "unchanged", "unchanged"]
    async with database.read() as session:
        assert len(await snapshots.activations(session, "demo")) == 1


async def test_what_observes_a_check_stands_or_falls_with_it(database: Database, tmp_path: Path) -> None:
    seen: list[tuple[str, bool]] = []

    async def observe(session: AsyncSession, result: RefreshResult) -> None:
        seen.append((result.outcome, result.source in await snapshots.in_force(session)))

    async def fail(_session: AsyncSession, _result: RefreshResult) -> None:
        raise OSError("the audit log is full")

    (tmp_path / "list.csv").write_bytes(content(NAMES))
    with pytest.raises(OSError, match="audit log is full"):
        await refresh(database, SOURCE, at(tmp_path), Terms(observe=fail))
    async with database.read() as session:
        assert await snapshots.in_force(session) == {}
        assert await checks.last(session) == {}
    await refresh(database, SOURCE, at(tmp_path), Terms(observe=observe))
    await refresh(database, SOURCE, at(tmp_path), Terms(observe=observe))
    await refresh(database, SOURCE, at(tmp_path / "nowhere"), Terms(observe=observe))
    assert seen == [("activated", True), ("unchanged", True), ("failed", True)]


async def test_a_large_file_is_read_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SMALL", 0)
    path = tmp_path / "list.csv"
    path.write_bytes(content(NAMES))
    prepared = await reading.read(FORMAT, path)
    assert [record.name for record in prepared.records] == NAMES
    path.write_bytes(content(NAMES)[:-3])
    with pytest.raises(Exception, match="cut short"):
        await reading.read(FORMAT, path)
    with pytest.raises(Exception, match="ended with code -9"):
        await reading.read(Format("deadly", recognises, die), path)
    monkeypatch.setattr(reading, "LONGEST", 0.1)
    with pytest.raises(Exception, match="given up"):
        await reading.read(Format("slow", recognises, sleep), path)


def die(_path: Path) -> ParsedList:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def sleep(_path: Path) -> ParsedList:
    time.sleep(30)
    raise AssertionError


async def test_progress_is_told(database: Database, tmp_path: Path) -> None:
    said: list[tuple[str, str]] = []
    (tmp_path / "list.csv").write_bytes(content(NAMES))
    await refresh(database, SOURCE, at(tmp_path), Terms(tell=lambda what, doing: said.append((what, doing))))
    assert said == [("demo", "reading"), ("list.csv", "saving")]
