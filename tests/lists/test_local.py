"""Local files: opened by content, capped, recognised, and imported from a directory without one harming another."""

import gzip
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from demo_list import FORMAT, SOURCE, content, parse, recognises

from core.database import Database
from core.errors import ListFetchError, ListFormatError
from lists import checks, files, snapshots
from lists.admit import Terms
from lists.files import OpenedFile
from lists.importing import FileOutcome, FileResult, import_directory
from lists.source import Format, ParsedList, Source

NAMES = ["Ivan", "Ali", "Zahra"]


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", ["list.gz", "list.csv", "no-suffix"])
def test_gzip_is_told_by_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(content(NAMES)))
    (opened,) = files.unpack(path, tmp_path / "into", 10_000)
    assert opened.path.read_bytes() == content(NAMES)
    assert opened.name == name


def test_a_zip_gives_its_files_and_writes_none_outside(tmp_path: Path) -> None:
    path = tmp_path / "lists.zip"
    path.write_bytes(zipped({"../../evil.csv": b"1", "folder/sdn.csv": b"2", "other/sdn.csv": b"3", ".hidden": b"4"}))
    opened = files.unpack(path, tmp_path / "into", 10_000)
    assert [o.name for o in opened] == ["lists.zip/evil.csv", "lists.zip/sdn.csv", "lists.zip/sdn.csv"]
    assert [o.path.read_bytes() for o in opened] == [b"1", b"2", b"3"]
    assert {o.path.parent for o in opened} == {tmp_path / "into"}
    assert len(list(tmp_path.rglob("*"))) == 5


@pytest.mark.parametrize("form", ["gz", "zip"])
def test_a_bomb_stops_at_the_cap(tmp_path: Path, form: str) -> None:
    zeros = b"\0" * 60_000_000
    path = tmp_path / "bomb"
    path.write_bytes(gzip.compress(zeros) if form == "gz" else zipped({"a.csv": b"small", "b.csv": zeros}))
    assert path.stat().st_size < 200_000
    with pytest.raises(ListFormatError, match="unpacks to more than"):
        files.unpack(path, tmp_path / "into", 5_000_000)
    assert sum(p.stat().st_size for p in (tmp_path / "into").iterdir()) <= 5_000_000


@pytest.mark.parametrize("cut", [3, 10, 30, -1])
@pytest.mark.parametrize("packed", [gzip.compress(content(NAMES * 50)), zipped({"a.csv": content(NAMES * 50)})])
def test_a_damaged_archive_is_refused(tmp_path: Path, packed: bytes, cut: int) -> None:
    path = tmp_path / "list.gz"
    path.write_bytes(packed[:cut])
    if cut == 3 and packed.startswith(b"PK"):
        (opened,) = files.unpack(path, tmp_path / "into", 10_000)
        assert opened.path == path
        return
    with pytest.raises(ListFormatError, match="cannot be unpacked"):
        files.unpack(path, tmp_path / "into", 10_000)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n", "is blank"),
        (b"<!DOCTYPE html><html><body>Service unavailable</body></html>", "is an HTML page"),
        (b"\xef\xbb\xbf\n<html lang=en>", "is an HTML page"),
        (b'{"error": "no"}', "looks like JSON"),
        (b"<?xml version='1.0'?><other/>", "is XML of a form that no parser knows"),
        (b"a;b;c", "has a content that no parser knows"),
    ],
)
def test_what_is_no_list_is_named(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    opened = OpenedFile(path, "file", path)
    assert files.recognise(opened, [SOURCE]) is None
    assert reason in str(files.why_unknown(opened, SOURCE))
    assert "Demo list (demo csv)" in str(files.why_unknown(opened, SOURCE))


async def imported(database: Database, at: Path, *sources: Source, terms: Terms | None = None) -> dict[str, FileResult]:
    results = await import_directory(database, at, sources or (SOURCE,), terms)
    assert len({r.file for r in results}) == len(results)
    return {result.file: result for result in results}


async def in_force(database: Database, source: Source = SOURCE) -> list[str]:
    async with database.read() as session:
        info = (await snapshots.in_force(session))[source.key]
        assert await snapshots.verify(session, info) == ()
        return sorted([e.primary_name async for e in snapshots.entities(session, info)])


async def test_a_directory_is_read_by_content_and_every_file_is_reported(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(content(NAMES))
    (tmp_path / "b.txt").write_bytes(b"notes")
    (tmp_path / "c.csv").write_bytes(content(["only", "two"], "2026-11-02")[:-5])
    (tmp_path / "d.gz").write_bytes(b"\x1f\x8b not really")
    (tmp_path / ".hidden").write_bytes(content(["x", "y"]))
    (tmp_path / "folder").mkdir()
    found = await imported(database, tmp_path)
    assert {name: result.outcome for name, result in found.items()} == {
        "a.xml": FileOutcome.ACTIVATED,
        "b.txt": FileOutcome.UNKNOWN,
        "c.csv": FileOutcome.REFUSED,
        "d.gz": FileOutcome.UNKNOWN,
    }
    assert "cut short" in found["c.csv"].reason
    assert "cannot be unpacked" in found["d.gz"].reason
    assert found["a.xml"].result is not None
    assert found["a.xml"].result.snapshot is not None
    assert found["a.xml"].result.snapshot.origin == str(tmp_path / "a.xml")
    assert await in_force(database) == sorted(NAMES)
    async with database.read() as session:
        assert (await checks.last(session))["demo"].outcome == "activated"


async def test_the_later_edition_wins_and_the_earlier_is_kept_as_history(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a_newest.csv").write_bytes(content([*NAMES, "Reza"], "2026-11-20"))
    (tmp_path / "b_oldest.csv").write_bytes(content(NAMES, "2026-10-01"))
    (tmp_path / "c_same_day.csv").write_bytes(content(NAMES, "2026-11-20"))
    found = await imported(database, tmp_path)
    assert found["b_oldest.csv"].outcome is FileOutcome.SUPERSEDED
    assert "kept as history" in found["b_oldest.csv"].reason
    assert sorted(found[n].outcome for n in ("a_newest.csv", "c_same_day.csv")) == ["activated", "superseded"]
    async with database.read() as session:
        newest, oldest = await snapshots.activations(session, "demo")
        assert (newest.previous_snapshot_id, oldest.previous_snapshot_id) == (oldest.snapshot_id, None)
        now = (await snapshots.in_force(session))["demo"]
    assert str(now.published_on) == "2026-11-20"


async def test_an_earlier_edition_in_another_format_is_left_aside(database: Database, tmp_path: Path) -> None:
    other = Format("demo old", lambda head, _: head.startswith(b"#old"), parse)
    source = replace(SOURCE, formats=(FORMAT, other))
    (tmp_path / "new.csv").write_bytes(content(NAMES, "2026-11-20"))
    (tmp_path / "old.csv").write_bytes(content(["Old", "Older"], "2026-10-01").replace(b"#demo", b"#old"))
    found = await imported(database, tmp_path, source)
    assert found["old.csv"].outcome is FileOutcome.SUPERSEDED
    assert found["old.csv"].result is None
    async with database.read() as session:
        assert len(await snapshots.activations(session, "demo")) == 1


async def test_previous_then_current_then_again(database: Database, tmp_path: Path) -> None:
    for name, names, day in (("previous", NAMES, "2026-10-01"), ("current", [*NAMES, "Reza"], "2026-11-20")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "list.csv").write_bytes(content(names, day))
    for name, outcome in (("previous", "activated"), ("current", "activated"), ("current", "unchanged")):
        assert (await imported(database, tmp_path / name))["list.csv"].outcome == outcome
    refused = (await imported(database, tmp_path / "previous"))["list.csv"]
    assert refused.outcome is FileOutcome.REFUSED
    assert "--allow-older" in refused.reason
    assert await in_force(database) == sorted([*NAMES, "Reza"])
    back = (await imported(database, tmp_path / "previous", terms=Terms(allow_older=True)))["list.csv"]
    assert back.outcome is FileOutcome.ACTIVATED
    assert await in_force(database) == sorted(NAMES)


def parse_with_companion(path: Path) -> ParsedList:
    extra = path.with_name("extra.csv").read_text().splitlines()
    parsed = parse(path)
    named = tuple(replace(e, remarks=extra[n]) for n, e in enumerate(parsed.entities))
    return ParsedList(named, parsed.published_on, "demo pair")


@pytest.mark.parametrize("packed", [False, True])
async def test_companions_are_read_with_their_main_file(database: Database, tmp_path: Path, packed: bool) -> None:
    pair = Format("demo pair", recognises, parse_with_companion, companions=("extra.csv",))
    source = replace(SOURCE, formats=(pair,))
    members = {"main.csv": content(NAMES), "extra.csv": b"one\ntwo\nthree", "notes.txt": b"notes"}
    if packed:
        (tmp_path / "pair.zip").write_bytes(zipped(members))
    else:
        for name, data in members.items():
            (tmp_path / name).write_bytes(data)
    found = await imported(database, tmp_path, source)
    prefix = "pair.zip/" if packed else ""
    assert {name.removeprefix(prefix): result.outcome for name, result in found.items()} == {
        "main.csv": FileOutcome.ACTIVATED,
        "extra.csv": FileOutcome.COMPANION,
        "notes.txt": FileOutcome.UNKNOWN,
    }
    async with database.read() as session:
        (entity,) = await snapshots.entity(session, "demo:1")
    assert entity.remarks == "two"


async def test_one_file_may_be_imported_and_a_missing_one_is_said(database: Database, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(content(NAMES))
    assert (await imported(database, tmp_path / "list.csv"))["list.csv"].outcome is FileOutcome.ACTIVATED
    with pytest.raises(ListFetchError, match="no file or directory"):
        await import_directory(database, tmp_path / "nowhere", [SOURCE])


async def test_the_sample_is_marked_and_replaced(database: Database, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(content(NAMES[:1], "2026-12-01"))
    await imported(database, tmp_path, terms=Terms(sample=True, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC)))
    async with database.read() as session:
        assert (await snapshots.in_force(session))["demo"].sample
    (tmp_path / "list.csv").write_bytes(content(NAMES, "2026-11-01"))
    assert (await imported(database, tmp_path))["list.csv"].outcome is FileOutcome.ACTIVATED
    async with database.read() as session:
        assert not (await snapshots.in_force(session))["demo"].sample
