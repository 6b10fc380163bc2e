"""Snapshots: saved in one transaction, immutable, comparable, answerable for any past moment, on both databases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core.database import Database
from core.errors import ListContentError, ListExpectationError
from lists import saving, snapshots
from lists.checks import CheckOutcome
from lists.diff import ChangeKind
from lists.entity import Kind, ListedEntity, Name
from lists.files import FetchedFile
from lists.saving import Saved
from lists.source import Expect, ParsedList, Source

SOURCE = Source("demo", "demo", "Demo list", "Demo", "", (), Expect(2, 1_000, 0.5))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FILE = FetchedFile(Path("demo.csv"), "0" * 64, "demo.csv", "https://demo.example/list", NOON)


def entity(number: int, name: str = "", source: str = "demo") -> ListedEntity:
    return ListedEntity(f"demo:{number}", source, Kind.PERSON, (Name(name or f"Person {number}"),))


def edition(entities: Iterable[ListedEntity], day: int = 1) -> ParsedList:
    return ParsedList(tuple(entities), date(2026, 11, day), "demo csv")


async def save(database: Database, parsed: ParsedList, at: datetime = NOON, **options: bool) -> Saved:
    async with database.write() as session:
        return await saving.save(session, SOURCE, parsed, FILE, at, **options)


async def names_in_force(database: Database, as_of: datetime | None = None) -> list[str]:
    async with database.read() as session:
        info = (await snapshots.in_force(session, as_of))["demo"]
        assert await snapshots.verify(session, info) == ()
        return sorted([found.primary_name async for found in snapshots.entities(session, info)])


async def test_a_saved_edition_is_in_force_and_intact(database: Database) -> None:
    saved = await save(database, edition(map(entity, range(5))))
    assert saved.outcome is CheckOutcome.ACTIVATED
    assert (saved.snapshot.entities, saved.snapshot.names, saved.snapshot.number) == (5, 5, 1)
    async with database.read() as session:
        assert await snapshots.in_force(session) == {"demo": saved.snapshot}
        assert await snapshots.snapshot(session, saved.snapshot.id) == saved.snapshot
        assert await snapshots.snapshot(session, "0" * 64) is None
        assert await snapshots.entity(session, "demo:3") == (entity(3),)
        assert await snapshots.entity(session, "demo:9") == ()
        assert await snapshots.changes(session, "demo") == ()
    assert await names_in_force(database) == [f"Person {n}" for n in range(5)]


async def test_the_same_content_in_another_order_is_unchanged(database: Database) -> None:
    first = await save(database, edition(map(entity, range(5))))
    again = await save(database, edition(map(entity, reversed(range(5)))), NOON + timedelta(hours=6))
    assert again.outcome is CheckOutcome.UNCHANGED
    assert again.snapshot == first.snapshot
    async with database.read() as session:
        assert len(await snapshots.activations(session, "demo")) == 1


async def test_differences_are_kept_with_each_field_before_and_after(database: Database) -> None:
    await save(database, edition(map(entity, range(5))))
    saved = await save(database, edition([*map(entity, range(1, 4)), entity(4, "Renamed"), entity(9)], day=2))
    assert (saved.added, saved.changed, saved.removed) == (1, 1, 1)
    async with database.read() as session:
        found = {change.entity.entity_id: change.entity for change in await snapshots.changes(session, "demo")}
    assert {key: value.change for key, value in found.items()} == {
        "demo:9": ChangeKind.ADDED,
        "demo:4": ChangeKind.CHANGED,
        "demo:0": ChangeKind.REMOVED,
    }
    (field,) = found["demo:4"].fields
    assert field.field == "names"
    assert (field.before[0]["value"], field.after[0]["value"]) == ("Person 4", "Renamed")
    assert found["demo:0"].name == "Person 0"


async def test_changes_come_in_keyset_pages_newest_first_and_filtered(database: Database) -> None:
    await save(database, edition(map(entity, range(5))))
    await save(database, edition(map(entity, range(12)), day=2), NOON + timedelta(days=1))
    await save(database, edition(map(entity, range(11)), day=3), NOON + timedelta(days=2))
    async with database.read() as session:
        seen: list[int] = []
        after = None
        while page := await snapshots.changes(session, "demo", after=after, limit=3):
            seen += [change.id for change in page]
            after = page[-1].id
        assert len(seen) == 8
        assert seen == sorted(set(seen), reverse=True)
        added = await snapshots.changes(session, "demo", change=ChangeKind.ADDED)
        assert {change.entity.change for change in added} == {ChangeKind.ADDED}
        assert len(added) == 7
        recent = await snapshots.changes(session, "demo", since=NOON + timedelta(days=2))
        assert [change.entity.entity_id for change in recent] == ["demo:11"]
        assert await snapshots.changes(session, "other") == ()


async def test_as_of_answers_with_the_edition_of_that_moment(database: Database) -> None:
    await save(database, edition(map(entity, range(3))), NOON)
    await save(database, edition([entity(0, "New name"), entity(1), entity(7)], day=2), NOON + timedelta(days=1))
    assert await names_in_force(database) == ["New name", "Person 1", "Person 7"]
    hour_later = NOON + timedelta(hours=1)
    assert await names_in_force(database, hour_later) == ["Person 0", "Person 1", "Person 2"]
    async with database.read() as session:
        assert (await snapshots.entity(session, "demo:0"))[0].primary_name == "New name"
        assert (await snapshots.entity(session, "demo:0", hour_later))[0].primary_name == "Person 0"
        assert await snapshots.entity(session, "demo:2") == ()
        assert await snapshots.in_force(session, NOON - timedelta(seconds=1)) == {}


async def test_a_snapshot_costs_its_changes_only(database: Database) -> None:
    await save(database, edition(map(entity, range(100))))
    await save(database, edition([entity(0, "Other"), *map(entity, range(1, 100))], day=2))
    async with database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM entity_version")) == 101
        assert await session.scalar(text("SELECT count(*) FROM list_membership")) == 101


async def test_older_content_comes_back_under_its_own_id(database: Database) -> None:
    first = await save(database, edition(map(entity, range(5))))
    await save(database, edition(map(entity, range(1, 7)), day=2))
    back = await save(database, edition(map(entity, range(5))), allow_older=True)
    assert back.outcome is CheckOutcome.ACTIVATED
    assert back.snapshot.id == first.snapshot.id
    assert (back.added, back.removed) == (1, 2)
    await save(database, edition(map(entity, range(2, 8)), day=3))
    assert await names_in_force(database) == [f"Person {n}" for n in range(2, 8)]
    async with database.read() as session:
        for past in await snapshots.activations(session, "demo"):
            info = await snapshots.snapshot(session, past.snapshot_id)
            assert info is not None
            assert await snapshots.verify(session, info) == ()


@pytest.mark.parametrize(
    ("entities", "day", "reason"),
    [
        (range(1), 2, "holds 1 entities, expected 2 to 1,000"),
        (range(1_001), 2, "holds 1,001 entities, expected 2 to 1,000"),
        (range(4), 2, "60% fewer than the 10 in force; at most 50% may vanish"),
        (range(10), 1, "published on 2026-11-01, before the edition in force"),
    ],
)
async def test_an_unexpected_edition_is_refused_and_the_old_stays(
    database: Database, entities: range, day: int, reason: str
) -> None:
    kept = await save(database, edition((entity(n, "Old") for n in range(10)), day=2))
    with pytest.raises(ListExpectationError, match=reason):
        await save(database, edition(map(entity, entities), day=day))
    async with database.read() as session:
        assert await snapshots.in_force(session) == {"demo": kept.snapshot}
    assert await names_in_force(database) == ["Old"] * 10


async def test_an_id_that_occurs_twice_is_refused(database: Database) -> None:
    with pytest.raises(ListContentError, match=r"1 ids occur more than once.*demo:1"):
        await save(database, edition([entity(1), entity(1, "Other"), entity(2)]))
    async with database.read() as session:
        assert await snapshots.in_force(session) == {}


async def test_a_sample_needs_no_range_and_gives_way_but_never_replaces(database: Database) -> None:
    sample = replace(FILE, sample=True)
    async with database.write() as session:
        saved = await saving.save(session, SOURCE, edition([entity(1)], day=9), sample, NOON)
    assert saved.snapshot.sample
    real = await save(database, edition([entity(1), entity(2)], day=1))
    assert not real.snapshot.sample
    assert (real.added, real.changed, real.removed) == (0, 0, 0)
    async with database.write() as session:
        with pytest.raises(ListExpectationError, match="sample never replaces"):
            await saving.save(session, SOURCE, edition([entity(1)], day=9), sample, NOON)


async def test_verify_names_an_altered_entity_and_a_missing_one(database: Database) -> None:
    saved = await save(database, edition(map(entity, range(3))))
    async with database.write() as session:
        await session.execute(
            text("UPDATE entity_version SET payload = :new WHERE entity_id = 'demo:1'"), {"new": b'{"id":"demo:1"}'}
        )
    async with database.read() as session:
        faults = await snapshots.verify(session, saved.snapshot)
    assert any(fault.startswith("demo:1: stored bytes hash to") for fault in faults)
    assert any(fault.startswith("the content hashes to") for fault in faults)
    async with database.write() as session:
        await session.execute(text("DELETE FROM list_membership WHERE from_number = 1"))
    async with database.read() as session:
        faults = await snapshots.verify(session, saved.snapshot)
    assert "0 entities are stored, the snapshot has 3" in faults
