"""The live index: built aside, opened when its file is there, swapped when the lists change, honest when it cannot."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from record_lists import DAY, NIOC, OLYA, SOLEIMANI, SOURCES, make_settings, put_in_force

from core.clock import now
from core.database import Database
from core.errors import Unavailable
from screening import index_build, live_index
from screening.index_build import build_in_subprocess
from screening.live_index import LiveIndex
from screening.matching.index import ListIndex


@pytest.fixture
async def live(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[LiveIndex]:
    """A live index over three listed entities on two lists, not yet started."""
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA))
    await put_in_force(database, "eu_list", (NIOC,))
    made = LiveIndex(database, make_settings(tmp_path, database_url), SOURCES)
    yield made
    await made.stop()


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "var" / "index").glob("*"))


async def test_it_answers_from_the_lists_in_force(live: LiveIndex, tmp_path: Path) -> None:
    assert not live.loaded
    with pytest.raises(Unavailable, match="no list is loaded"):
        live.current()
    await live.start()
    in_force = live.current()
    assert set(in_force.index.entity_ids) == {"ofac:36", "ofac:50585", "eu:EU.1.1"}
    assert in_force.entities == 3
    assert files(tmp_path) == [f"{in_force.hash}.caspidx"]


async def test_nothing_changes_while_the_lists_do_not(live: LiveIndex) -> None:
    await live.start()
    before = live.current()
    assert await live.reload() is False
    assert live.current() is before


async def test_a_new_edition_is_swapped_in_whole(live: LiveIndex, database: Database) -> None:
    await live.start()
    before = live.current()
    await put_in_force(database, "eu_list", (NIOC, replace(NIOC, id="eu:EU.2.2")))
    assert await live.reload() is True
    assert live.current().hash != before.hash
    assert "eu:EU.2.2" in live.current().index.entity_ids
    assert "eu:EU.2.2" not in before.index.entity_ids  # whoever holds the old one is not disturbed
    assert before.index.listings("ofac:36")


async def test_an_existing_file_is_opened_not_built(
    live: LiveIndex, database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await live.start()

    async def refuse(*_: object) -> None:
        raise AssertionError("built although the file is there")

    monkeypatch.setattr(index_build, "build", refuse)
    again = LiveIndex(database, make_settings(tmp_path, database_url), SOURCES)
    await again.start()
    assert again.current().hash == live.current().hash
    await again.stop()


@pytest.mark.parametrize("content", [b"", b"noise", b"CASPIDX1" + b"\x00" * 20])
async def test_a_damaged_file_is_built_again(live: LiveIndex, tmp_path: Path, content: bytes) -> None:
    await live.start()
    (name,) = files(tmp_path)
    path = tmp_path / "var" / "index" / name
    await live.stop()
    live._current = None
    path.unlink()
    path.write_bytes(content)
    await live.reload()
    assert len(live.current().index.entity_ids) == 3


async def test_a_failed_build_leaves_the_old_index(
    live: LiveIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await live.start()
    before = live.current()

    async def fail(*_: object) -> None:
        raise Unavailable("no room")

    monkeypatch.setattr(index_build, "build", fail)
    await put_in_force(database, "eu_list", (NIOC, replace(NIOC, id="eu:EU.2.2")))
    with pytest.raises(Unavailable, match="no room"):
        await live.reload()
    assert live.current() is before


async def test_a_change_made_elsewhere_is_followed(
    live: LiveIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_index, "POLL_SECONDS", 0.02)
    await live.start()
    await put_in_force(database, "eu_list", (NIOC, replace(NIOC, id="eu:EU.2.2")))
    for _ in range(200):
        if "eu:EU.2.2" in live.current().index.entity_ids:
            return
        await live_index.asyncio.sleep(0.02)
    pytest.fail("the change was not followed")


async def test_files_nobody_uses_are_removed(live: LiveIndex, database: Database, tmp_path: Path) -> None:
    await live.start()
    (old,) = files(tmp_path)
    path = tmp_path / "var" / "index" / old
    await put_in_force(database, "eu_list", (NIOC, replace(NIOC, id="eu:EU.2.2")))
    await live.reload()
    assert len(files(tmp_path)) == 2  # another process may be using it
    os.utime(path, (0, 0))
    await put_in_force(database, "eu_list", (NIOC, replace(NIOC, id="eu:EU.3.3")))
    await live.reload()
    assert old not in files(tmp_path)
    assert len(files(tmp_path)) == 2


async def test_a_list_switched_off_is_neither_searched_nor_called_missing(
    live: LiveIndex, database: Database, database_url: str, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, database_url, lists={"eu_list": {"enabled": False}})
    without = LiveIndex(database, settings, SOURCES)
    await without.reload()
    assert set(without.current().index.entity_ids) == {"ofac:36", "ofac:50585"}
    gap = next(gap for gap in without.coverage().not_covered if gap.key == "eu_list")
    assert not gap.blocks_clear
    assert without.coverage().missing == ()


async def test_freshness_is_told_at_the_moment_of_asking(live: LiveIndex) -> None:
    await live.start()
    assert [searched.state for searched in live.coverage().covered] == ["fresh", "fresh"]
    later = live.coverage(now() + timedelta(hours=49))
    assert [searched.state for searched in later.covered] == ["stale", "stale"]
    assert "A fresh list List us_list. It was last checked with success on" in later.missing[0]
    assert live.coverage().covered[0].published_on == DAY


async def test_a_list_never_loaded_blocks_a_clear(database: Database, database_url: str, tmp_path: Path) -> None:
    await put_in_force(database, "us_list", (SOLEIMANI,))
    live = LiveIndex(database, make_settings(tmp_path, database_url), SOURCES)
    await live.reload()
    gap = next(gap for gap in live.coverage().not_covered if gap.key == "eu_list")
    assert gap.blocks_clear
    assert "None of its files has been loaded" in live.coverage().missing[0]


async def test_without_lists_it_starts_and_says_so(database: Database, database_url: str, tmp_path: Path) -> None:
    async with LiveIndex(database, make_settings(tmp_path, database_url), SOURCES) as live:
        assert not live.loaded
        assert len(live.coverage().missing) == 2


async def test_a_large_build_runs_in_a_process_of_its_own(live: LiveIndex, database_url: str, tmp_path: Path) -> None:
    await live.start()
    snapshots = [info.id for _, info in sorted(live.current().snapshots.items())]
    path = tmp_path / "aside.caspidx"
    await build_in_subprocess(database_url, snapshots, path)
    assert ListIndex.open(path).hash == live.current().index.hash
    with pytest.raises(Unavailable, match="could not be built"):
        await build_in_subprocess(database_url, ["nothing"], path)
