"""The recorder: everyone returns after the commit of its own rows; a bad one fails alone; a key records once."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.database import Database
from core.errors import Conflict, Unavailable
from screening.access import Principal, Role
from screening.audit.check import verify_database
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, seal
from screening.identity import ALPHABET, new_id
from screening.recorder import Recorder

DINA = Principal("key:ck_dina", "Dina Karimova", Role.TRADER)
OLGA = Principal("key:ck_olga", "Olga", Role.OFFICER)


def make_draft(*, key: str | None = None, asked: str = "{}", by: Principal = DINA) -> Draft:
    return Draft(
        Action.SCREENED,
        actor(by),
        new_id(),
        idempotency_key=key,
        outcome="clear",
        payload=seal("Ivan", asked, '{"outcome":"clear"}'),
    )


async def count(database: Database, table: str) -> int:
    async with database.read() as session:
        return (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()


async def test_everyone_gets_an_entry_of_its_own(database: Database) -> None:
    async with Recorder(database) as recorder:
        written = await asyncio.gather(*(recorder.record(make_draft()) for _ in range(150)))
    assert sorted(recorded.sequence for recorded in written) == list(range(1, 151))
    assert len({recorded.hash for recorded in written}) == 150
    assert await count(database, "screening") == 150
    assert (await verify_database(database)).checked == 150


async def test_what_returned_is_committed(database: Database, database_url: str) -> None:
    async with Recorder(database) as recorder:
        recorded = await recorder.record(make_draft())
        other = Database(database_url)
        async with other.read() as session:
            query = text("SELECT hash FROM audit_entry WHERE sequence = :n")
            assert (await session.execute(query, {"n": recorded.sequence})).scalar_one() == recorded.hash
        await other.dispose()


async def test_waiting_callers_share_a_transaction(database: Database) -> None:
    async with Recorder(database) as recorder:
        written = await asyncio.gather(*(recorder.record(make_draft()) for _ in range(60)))
    assert len({recorded.recorded_at for recorded in written}) < 10


async def test_a_bad_recording_fails_alone(database: Database) -> None:
    good, twice = [make_draft() for _ in range(6)], make_draft()
    async with Recorder(database) as recorder:
        results = await asyncio.gather(
            *(recorder.record(draft) for draft in [*good[:3], twice, twice, *good[3:]]), return_exceptions=True
        )
    failed = [result for result in results if isinstance(result, BaseException)]
    assert len(failed) == 1
    assert isinstance(failed[0], DBAPIError)
    assert await count(database, "screening") == 7
    assert (await verify_database(database)).whole


async def test_what_json_cannot_hold_fails_alone(database: Database) -> None:
    bad = replace(make_draft(), details={"share": 0.5})
    async with Recorder(database) as recorder:
        results = await asyncio.gather(
            *(recorder.record(draft) for draft in (make_draft(), bad, make_draft())), return_exceptions=True
        )
    assert [isinstance(result, ValueError) for result in results] == [False, True, False]
    assert (await verify_database(database)).checked == 2


async def test_a_key_records_once_however_often_it_comes(database: Database) -> None:
    async with Recorder(database) as recorder:
        together = await asyncio.gather(*(recorder.record(make_draft(key="k1", asked="a")) for _ in range(5)))
        later = await recorder.record(make_draft(key="k1", asked="a"))
        with pytest.raises(Conflict, match="used before"):
            await recorder.record(make_draft(key="k1", asked="b"))
        other = await recorder.record(make_draft(key="k1", asked="b", by=OLGA))
    assert {recorded.record_id for recorded in (*together, later)} == {together[0].record_id}
    assert [recorded.again for recorded in (*together, later)] == [False, True, True, True, True, True]
    assert not other.again
    assert await count(database, "screening") == 2


async def test_two_processes_with_one_key_record_once(database: Database, database_url: str) -> None:
    others = [Database(database_url) for _ in range(3)]
    recorders = [Recorder(opened) for opened in others]
    for recorder in recorders:
        await recorder.start()
    written = await asyncio.gather(*(r.record(make_draft(key="k", asked="a")) for r in recorders for _ in range(4)))
    for recorder, opened in zip(recorders, others, strict=True):
        await recorder.stop()
        await opened.dispose()
    assert len({recorded.record_id for recorded in written}) == 1
    assert await count(database, "screening") == 1


async def test_a_cancelled_caller_harms_nobody(database: Database) -> None:
    async with Recorder(database) as recorder:
        tasks = [asyncio.create_task(recorder.record(make_draft())) for _ in range(10)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert (await recorder.record(make_draft())).sequence == 11
    assert sum(not isinstance(result, BaseException) for result in results) == 9


async def test_nothing_is_recorded_by_a_recorder_that_does_not_run(database: Database) -> None:
    recorder = Recorder(database)
    with pytest.raises(Unavailable):
        await recorder.record(make_draft())
    await recorder.start()
    waiting = asyncio.create_task(recorder.record(make_draft()))
    await asyncio.sleep(0)
    await recorder.stop()
    assert (await waiting).sequence == 1
    with pytest.raises(Unavailable):
        await recorder.record(make_draft())


def test_ids_sort_by_time_and_never_repeat() -> None:
    ids = [new_id() for _ in range(2_000)]
    assert len(set(ids)) == 2_000
    assert all(len(one) == 26 and set(one) <= set(ALPHABET) for one in ids)
    assert [one[:10] for one in ids] == sorted(one[:10] for one in ids)
