"""Monitoring: kept subjects are screened again when a list change can touch them, and the record proves what was."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from record_lists import NIOC, OLYA, SOLEIMANI, SOURCES, make_settings, put_in_force
from sqlalchemy import select, update

from core.database import Database
from core.errors import Conflict, InvalidInput, NotFound
from lists.entity import Kind, Name, NameType
from screening.access import Principal, Role
from screening.audit.check import verify_database
from screening.audit.entry import Action
from screening.audit.query import AuditFilter, page
from screening.batch.columns import map_columns
from screening.batch.intake import FileTaken
from screening.batch.reading import open_table
from screening.live_index import LiveIndex
from screening.matching.matcher import match
from screening.matching.policy import Policy
from screening.matching.subject import Subject
from screening.monitoring import store
from screening.monitoring.subject import KeptSubject, cells_of, shown
from screening.recorder import Recorder
from screening.records import table
from screening.services.batch import BatchService
from screening.services.monitor import MonitorService
from screening.services.rescreen import RescreenService
from screening.services.screen import ScreeningService

ANNA = Principal("key:ck_anna", "Anna", Role.TRADER)
BORIS = Principal("key:ck_boris", "Boris", Role.TRADER)

NEW = replace(
    NIOC,
    id="eu:EU.2.2",
    names=(Name("Caspian Sturgeon Trading House", NameType.PRIMARY, script="Latn"), Name("Торговый дом Осётр")),
)
PERSON = replace(
    SOLEIMANI,
    id="eu:EU.3.3",
    source="eu_list",
    names=(Name("Farhad MOSTOFI", NameType.PRIMARY, script="Latn"),),
    birth_dates=(),
)


@dataclass(frozen=True)
class World:
    database: Database
    live: LiveIndex
    batches: BatchService
    monitor: MonitorService
    rescreens: RescreenService


@pytest.fixture
async def world(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """Both services over two lists; segments hold two subjects."""
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA))
    await put_in_force(database, "eu_list", (NIOC,))
    settings = make_settings(tmp_path, database_url, batch_workers=1)
    async with Recorder(database) as recorder, LiveIndex(database, settings, SOURCES) as live:
        screenings = ScreeningService(database, live, recorder, settings)
        batches = BatchService(database, live, screenings.answering, screenings.past, settings)
        yield World(
            database,
            live,
            batches,
            MonitorService(database, live, screenings, batches),
            RescreenService(database, live, batches, settings, sizes=(2,)),
        )
        await batches.close()
        await screenings.close()


async def keep(world: World, *names: str, owner: Principal = ANNA) -> list[str]:
    return [(await world.monitor.keep(KeptSubject(name=name, reference=name[:4]), owner))[0].id for name in names]


async def change(world: World) -> list[str]:
    await put_in_force(world.database, "eu_list", (NIOC, NEW, PERSON))
    return await world.rescreens.run_due()


async def screened_again(world: World) -> set[str]:
    async with world.database.read() as session:
        lines = await page(session, AuditFilter(action=Action.BATCH_SCREENED.value))
    return {entity for line in lines for entity, _ in line.content["results"]}


async def test_only_what_a_change_can_touch_is_screened_again_and_opens_a_case(world: World) -> None:
    await keep(world, "Sturgeon Trading House Caspian", "Zhanna Bakery", "Мостофи Фархад", "Ural Timber")
    assert await world.rescreens.run_due() == [], "monitoring began with the lists in force"
    (run_id,) = await change(world)
    (run,) = await world.monitor.runs(None, None, 10)
    assert (run.id, run.source, run.state) == (run_id, "eu_list", "done")
    assert (run.entities, run.subjects, run.candidates, run.alarms) == (2, 4, 2, 2)
    assert await screened_again(world) == {"eu:EU.2.2", "eu:EU.3.3"}
    async with world.database.read() as session:
        cases = list(await session.execute(select(table("review_case").c.subject)))
    assert {case.subject for case in cases} == {"Sturgeon Trading House Caspian", "Мостофи Фархад"}
    assert await world.rescreens.run_due() == []
    assert (await verify_database(world.database)).whole


async def test_the_entry_proves_what_was_held_against_how_many(world: World) -> None:
    await keep(world, "Sturgeon Trading House Caspian", "Zhanna Bakery", "Ural Timber")
    await change(world)
    async with world.database.read() as session:
        (line,) = await page(session, AuditFilter(action=Action.RESCREENED.value))
    details = line.content["details"]
    assert (details["list"], details["subjects"], details["entities"], details["candidates"]) == ("eu_list", 3, 2, 1)
    assert len(details["segments"]) == 2
    assert len(details["entities_root"]) == 64


async def test_the_index_is_built_ahead_in_full_runs_and_serves_the_next_change(world: World, tmp_path: Path) -> None:
    await keep(world, "Sturgeon Trading House Caspian", "Zhanna Bakery", "Ural Timber")
    assert await world.rescreens.build_ahead() == 1, "two subjects fill a run; the third waits for a change"
    assert await world.rescreens.build_ahead() == 0
    (built,) = (tmp_path / "var").rglob("subjects/*")
    written = built.stat().st_mtime_ns
    await change(world)
    assert built.stat().st_mtime_ns == written
    assert len(list(built.parent.iterdir())) == 2
    assert await screened_again(world) == {"eu:EU.2.2"}


async def test_a_file_of_the_index_that_is_broken_is_built_anew(world: World, tmp_path: Path) -> None:
    await keep(world, "Sturgeon Trading House Caspian", "Zhanna Bakery")
    await world.rescreens.build_ahead()
    (built,) = (tmp_path / "var").rglob("subjects/*")
    built.write_bytes(built.read_bytes()[:200])
    await change(world)
    assert await screened_again(world) == {"eu:EU.2.2"}


async def test_it_finds_what_screening_everybody_finds(world: World) -> None:
    names = (
        "Sturgeon Trading House Caspian",
        "Farhad Mostofi",
        "F. Mostofi",
        "Farhaad Mustawfi",
        "Osetr",
        "Ural Timber",
    )
    await keep(world, *names)
    await change(world)
    index = world.live.current().index
    new = {"eu:EU.2.2", "eu:EU.3.3"}
    whole = {
        entity
        for name in names
        for entity in (one.entity_id for one in match(index, Subject(name), Policy()).matches)
        if entity in new
    }
    assert whole
    assert await screened_again(world) == whole


async def test_an_ended_subject_is_screened_no_more(world: World) -> None:
    (subject_id,) = await keep(world, "Sturgeon Trading House Caspian")
    await keep(world, "Zhanna Bakery")
    with pytest.raises(NotFound):
        await world.monitor.end(subject_id, BORIS)
    await world.monitor.end(subject_id, ANNA)
    await change(world)
    assert await screened_again(world) == set()
    assert await world.monitor.counts() == 1


async def test_a_run_that_was_killed_is_taken_over_and_nothing_is_recorded_twice(world: World) -> None:
    await keep(world, "Sturgeon Trading House Caspian")
    (run_id,) = await change(world)
    async with world.database.write() as session:
        runs = table("rescreen")
        await session.execute(
            update(runs)
            .where(runs.c.id == run_id)
            .values(state=store.RUNNING, renewed_at="2026-01-01T00:00:00.000000Z")
        )
    assert await world.rescreens.run_due() == [run_id]
    async with world.database.read() as session:
        assert len(await page(session, AuditFilter(action=Action.BATCH_SCREENED.value))) == 1


async def test_a_run_that_somebody_works_at_is_left_alone(world: World) -> None:
    await keep(world, "Sturgeon Trading House Caspian")
    (run_id,) = await change(world)
    async with world.database.write() as session:
        await store.note_run(session, run_id, state=store.RUNNING)
    assert await world.rescreens.run_due() == []


async def test_a_run_that_is_taken_over_finds_its_batches_whoever_ended_or_came(world: World) -> None:
    (first,) = await keep(world, "Sturgeon Trading House Caspian", owner=BORIS)
    await keep(world, "Farhad Mostofi")
    (run_id,) = await change(world)
    (before,) = await world.monitor.runs(None, None, 10)
    await world.monitor.end(first, BORIS)
    async with world.database.write() as session:
        await store.note_run(session, run_id, state=store.RUNNING, renewed_at="2026-01-01T00:00:00Z")
    assert await world.rescreens.run_due() == [run_id]
    (after,) = await world.monitor.runs(None, None, 10)
    assert after.batches in before.batches.split()
    async with world.database.read() as session:
        assert len(await page(session, AuditFilter(action=Action.BATCH_SCREENED.value))) == 2


async def test_what_was_screened_before_a_list_changed_is_not_kept(world: World, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("name\nSturgeon Trading House Caspian\n", encoding="utf-8")
    given = open_table(path)
    batch = await world.batches.begin(given, map_columns(given.columns), ANNA, FileTaken("in.csv", "a" * 64))
    await world.batches.run(batch.id)
    await put_in_force(world.database, "eu_list", (NIOC, NEW))
    with pytest.raises(Conflict, match="a list changed"):
        await world.monitor.keep_batch(batch.id, ANNA)
    with pytest.raises(Conflict, match="a list changed"):  # the index follows a list a moment later
        await world.monitor.keep(KeptSubject(name="Sturgeon Trading House Caspian"), ANNA)
    assert await world.monitor.counts() == 0
    await world.live.reload()
    await world.monitor.keep(KeptSubject(name="Sturgeon Trading House Caspian"), ANNA)
    assert await world.monitor.counts() == 1


async def test_the_rows_of_a_batch_are_kept(world: World, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("name,dob\nUral Timber,\nFarhad Mostofi,someday\nZhanna Bakery,\n", encoding="utf-8")
    given = open_table(path)
    batch = await world.batches.begin(given, map_columns(given.columns), ANNA, FileTaken("in.csv", "a" * 64))
    await world.batches.run(batch.id)
    kept = await world.monitor.keep_batch(batch.id, ANNA)
    assert (kept.kept, kept.unreadable) == (2, 1)


async def test_the_same_key_keeps_one_subject(world: World) -> None:
    kept = KeptSubject(name="Ural Timber")
    first, _ = await world.monitor.keep(kept, ANNA, idempotency_key="k1")
    second, _ = await world.monitor.keep(kept, ANNA, idempotency_key="k1")
    assert first.id == second.id
    assert await world.monitor.counts() == 1


async def test_a_trader_sees_their_own(world: World) -> None:
    await keep(world, "Ural Timber")
    (other,) = await keep(world, "Zhanna Bakery", owner=BORIS)
    rows = await world.monitor.page(ANNA, None, 10)
    assert [row.owner_id for row in rows] == [ANNA.id]
    with pytest.raises(NotFound):
        await world.monitor.get(other, ANNA)


KEPT = KeptSubject.model_validate(
    {
        "name": "Pars Darya",
        "kind": Kind.ORGANIZATION,
        "other_names": ["Pars Sea", "پارس دریا"],
        "countries": ["IR", "AE"],
        "identifiers": [{"type": "imo", "value": "9481910"}, {"type": "passport", "value": "A123456", "country": "IR"}],
        "reference": "V-7",
    }
)


def test_a_subject_is_kept_whole() -> None:
    assert shown(cells_of(KEPT)) == KEPT


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"other_names": ("a|b",)}, "other_names.0"),
        ({"birth_date": "someday"}, "subject.birth_date"),
        ({"name": "", "other_names": (), "identifiers": ()}, "subject.name"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cells_of(KEPT.model_copy(update=changes))
    assert field in {error.field for error in refused.value.errors}
