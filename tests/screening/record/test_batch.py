"""Batches: every row recorded once under a root that its chunk's entry names, whoever screens, is killed or meddles."""

import asyncio
import csv
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from record_lists import NIOC, OLYA, SOLEIMANI, SOURCES, make_settings, put_in_force
from sqlalchemy import select, text

from core.database import Database
from core.errors import Conflict, InvalidInput, NotFound
from screening.access import Principal, Role
from screening.answering import Answering
from screening.audit.check import verify_database
from screening.audit.log import erase_payload
from screening.audit.merkle import proves_inclusion
from screening.audit.verify import Fault
from screening.batch import intake
from screening.batch.columns import map_columns
from screening.batch.intake import FileTaken
from screening.batch.reading import open_table
from screening.batch.status import BatchStatus, State
from screening.live_index import LiveIndex
from screening.matching.policy import Policy
from screening.matching.result import Outcome
from screening.past_index import PastIndexes
from screening.records import table
from screening.services.batch import BatchService

ANNA = Principal("key:ck_anna", "Anna", Role.TRADER)
BORIS = Principal("key:ck_boris", "Boris", Role.TRADER)
OLGA = Principal("key:ck_olga", "Olga", Role.OFFICER)
NAMES = ("Qasem Soleimani", "Zhanna Trading", "", "PORT OLYA-3", "National Iranian Oil Company", "Qasem Soleimani")
FILE = FileTaken("customers.csv", "a" * 64)


@pytest.fixture
async def live(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LiveIndex]:
    """A live index over three listed entities; chunks hold two rows."""
    monkeypatch.setattr(intake, "ROWS", 2)
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA))
    await put_in_force(database, "eu_list", (NIOC,))
    url = database.url.render_as_string(hide_password=False)
    async with LiveIndex(database, make_settings(tmp_path, url), SOURCES) as made:
        yield made


@pytest.fixture
async def service(database: Database, live: LiveIndex, tmp_path: Path) -> AsyncIterator[BatchService]:
    """A service with one process that scores."""
    made = make_service(database, live, tmp_path)
    yield made
    await made.close()


def make_service(database: Database, live: LiveIndex, tmp_path: Path) -> BatchService:
    settings = make_settings(tmp_path, database.url.render_as_string(hide_password=False), batch_workers=1)
    return BatchService(database, live, Answering(Policy()), PastIndexes(database, live, settings), settings)


async def begin(
    service: BatchService, tmp_path: Path, names: Sequence[str] = NAMES, *, file: FileTaken = FILE
) -> BatchStatus:
    path = tmp_path / "in.csv"
    with path.open("w", newline="", encoding="utf-8") as written:
        csv.writer(written).writerows([("name", "note"), *((name, f"={number}") for number, name in enumerate(names))])
    given = open_table(path)
    return await service.begin(given, map_columns(given.columns), ANNA, file)


async def results(service: BatchService, batch_id: str, principal: Principal = ANNA) -> list[dict[str, Any]]:
    return [row async for rows in service.results(batch_id, principal) for row in rows]


async def actions(database: Database) -> list[str]:
    entries = table("audit_entry").c
    async with database.read() as session:
        return list((await session.execute(select(entries.action).order_by(entries.sequence))).scalars())


async def chunk_entries(database: Database) -> list[int]:
    chunks = table("batch_chunk").c
    async with database.read() as session:
        return list((await session.execute(select(chunks.audit_sequence).order_by(chunks.number))).scalars())


async def test_every_row_is_recorded_under_the_root_of_its_chunk(
    database: Database, service: BatchService, tmp_path: Path
) -> None:
    begun = await begin(service, tmp_path)
    assert (begun.state, begun.rows, begun.chunks, begun.rows_done) == (State.WAITING, 6, 3, 0)
    seen = [status.rows_done async for status in service.watch(begun.id)]
    status = await service.get(begun.id, ANNA)
    assert seen == sorted(seen)
    assert (status.state, status.rows_done, status.chunks_done, status.unreadable) == (State.DONE, 6, 3, 1)
    assert status.counts == {Outcome.CLEAR: 1, Outcome.REVIEW: 0, Outcome.MATCH: 4, Outcome.INCOMPLETE: 1}
    rows = await results(service, begun.id)
    assert [row["row"] for row in rows] == [2, 3, 4, 5, 6, 7]
    assert [row["cells"][0] for row in rows] == list(NAMES)
    assert [row["entity_id"] for row in rows] == ["ofac:36", "", "", "ofac:50585", "eu:EU.1.1", "ofac:36"]
    done = [action for action in await actions(database) if action != "case_opened"]
    assert done == ["batch_begun", *["batch_screened"] * 3, "batch_ended", "record_read"]
    for row in rows:
        proved = await service.prove(begun.id, row["row"], ANNA)
        proof = proved.proof
        assert proves_inclusion(proof.leaf, proof.index, proof.size, proof.path, bytes.fromhex(proved.root))
    assert (await verify_database(database)).whole


async def test_rows_with_a_match_open_one_case_for_each_subject(
    database: Database, service: BatchService, tmp_path: Path
) -> None:
    begun = await begin(service, tmp_path)
    await service.run(begun.id)
    cases, links = table("review_case").c, table("case_record").c
    async with database.read() as session:
        subjects = list((await session.execute(select(cases.subject))).scalars())
        records = list((await session.execute(select(links.record_id).order_by(links.record_id))).scalars())
    assert sorted(subjects) == ["National Iranian Oil Company", "PORT OLYA-3", "Qasem Soleimani"]
    assert records == [f"{begun.id}/{row}" for row in (2, 5, 6, 7)]


async def test_a_batch_that_is_to_open_no_cases_opens_none(
    database: Database, service: BatchService, tmp_path: Path
) -> None:
    begun = await begin(service, tmp_path, file=replace(FILE, opens_cases=False))
    assert (await service.run(begun.id)).counts[Outcome.MATCH] == 4
    assert "case_opened" not in await actions(database)


async def test_a_batch_run_by_two_is_shared_and_a_finished_one_is_not_screened_again(
    database: Database, live: LiveIndex, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        pair = [make_service(database, live, tmp_path) for _ in range(2)]
        for one in pair:
            stack.push_async_callback(one.close)
        begun = await begin(pair[0], tmp_path, NAMES * 3)
        ended = await asyncio.gather(*(one.run(begun.id) for one in pair))
        assert (await pair[0].run(begun.id)).chunks_done == 9
        assert {status.state for status in ended} == {State.DONE}
        assert [row["row"] for row in await results(pair[1], begun.id)] == list(range(2, 20))
    assert (await actions(database)).count("batch_screened") == 9
    assert (await actions(database)).count("batch_ended") == 1


async def test_a_batch_keeps_to_the_lists_that_it_was_begun_under(
    database: Database, live: LiveIndex, service: BatchService, tmp_path: Path
) -> None:
    begun = await begin(service, tmp_path)
    assert await service.screen_chunk(begun.id, 0)
    await put_in_force(database, "us_list", (OLYA,))
    await live.reload()
    await service.run(begun.id)
    assert (await results(service, begun.id))[-1]["entity_id"] == "ofac:36"
    later = await service.run((await begin(service, tmp_path)).id)
    assert later.counts[Outcome.MATCH] == 2


async def test_a_process_that_is_killed_is_replaced(service: BatchService, tmp_path: Path) -> None:
    begun = await begin(service, tmp_path)
    assert await service.screen_chunk(begun.id, 0)
    (seat,) = service._pool._free
    assert seat.process is not None
    os.kill(seat.process.process.pid, signal.SIGKILL)
    assert (await service.run(begun.id)).rows_done == 6


async def test_cancelled_stays_what_is_recorded_and_resumed_it_goes_on(service: BatchService, tmp_path: Path) -> None:
    begun = await begin(service, tmp_path)
    assert await service.screen_chunk(begun.id, 1)
    cancelled = await service.cancel(begun.id, OLGA)
    assert (cancelled.state, cancelled.rows_done) == (State.CANCELLED, 2)
    assert not await service.screen_chunk(begun.id, 0)
    assert (await service.run(begun.id)).rows_done == 2
    with pytest.raises(Conflict, match="nothing to cancel"):
        await service.cancel(begun.id, ANNA)
    assert (await service.resume(begun.id, ANNA)).state is State.WAITING
    assert (await service.run(begun.id)).state is State.DONE
    with pytest.raises(Conflict, match="nothing to resume"):
        await service.resume(begun.id, ANNA)


async def test_a_trader_sees_its_own_batches_only(service: BatchService, tmp_path: Path) -> None:
    begun = await begin(service, tmp_path)
    for who in (ANNA, OLGA):
        assert [one.id for one in await service.recent(who)] == [begun.id]
    assert await service.recent(BORIS) == ()
    for step in (service.get(begun.id, BORIS), service.cancel(begun.id, BORIS), service.prove(begun.id, 2, BORIS)):
        with pytest.raises(NotFound):
            await step
    with pytest.raises(NotFound):
        await results(service, begun.id, BORIS)


async def test_under_another_matcher_it_fails_and_says_so(
    database: Database, service: BatchService, tmp_path: Path
) -> None:
    begun = await begin(service, tmp_path)
    async with database.write() as session:
        pinned = 'UPDATE batch SET pinned = replace(pinned, \'"index": "\', \'"index": "0\')'
        await session.execute(text(pinned))
    with pytest.raises(Conflict, match="another version of the matcher"):
        await service.run(begun.id)
    status = await service.get(begun.id, ANNA)
    assert (status.state, status.rows_done) == (State.FAILED, 0)
    assert "another version" in status.fault


async def test_a_table_without_rows_leaves_nothing(database: Database, service: BatchService, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no rows"):
        await begin(service, tmp_path, ())
    assert await service.recent(OLGA) == ()
    assert await actions(database) == []


async def test_what_was_taken_in_half_is_taken_in_anew_under_its_id(
    database: Database, service: BatchService, tmp_path: Path
) -> None:
    begun = await begin(service, tmp_path)
    async with database.write() as session:
        await session.execute(text("UPDATE batch SET state = 'reading'"))
        await session.execute(text("DELETE FROM batch_input WHERE number = 0"))
    given = open_table(tmp_path / "in.csv")
    file = FileTaken("customers.csv", "a" * 64, batch_id=begun.id)
    again = await service.begin(given, map_columns(given.columns), ANNA, file)
    assert (again.id, again.rows) == (begun.id, 6)
    assert (await service.run(begun.id)).rows_done == 6


async def test_altered_rows_are_found_and_erased_ones_told(
    database: Database, service: BatchService, tmp_path: Path
) -> None:
    begun = await begin(service, tmp_path)
    for number in range(begun.chunks):
        assert await service.screen_chunk(begun.id, number)
    first, second, _ = await chunk_entries(database)
    async with database.write() as session:
        await erase_payload(session, first, OLGA, "court order")
    verdict = await verify_database(database)
    assert (verdict.whole, verdict.erased) == (True, 1)
    with pytest.raises(NotFound, match="erased"):
        await service.prove(begun.id, 2, ANNA)
    await _without_triggers(
        database, "UPDATE batch_rows SET salt = 'x' || substr(salt, 2) WHERE sequence = " + str(second)
    )
    problem = (await verify_database(database)).problem
    assert problem is not None
    assert (problem.sequence, problem.fault) == (second, Fault.PAYLOAD)
    with pytest.raises(InvalidInput, match="Merkle root"):
        await service.prove(begun.id, 4, ANNA)


async def test_counts_that_say_other_than_the_entry_are_found(
    database: Database, service: BatchService, tmp_path: Path
) -> None:
    begun = await begin(service, tmp_path)
    assert await service.screen_chunk(begun.id, 0)
    await _without_triggers(database, "UPDATE batch_chunk SET counts = '{}' WHERE number = 0")
    problem = (await verify_database(database)).problem
    assert problem is not None
    assert (problem.sequence, problem.fault) == (2, Fault.RECORD)


async def _without_triggers(database: Database, statement: str) -> None:
    """Change what only somebody with the whole database in hand can change."""
    name = statement.split()[1]
    async with database.write() as session:
        if database.is_sqlite:
            await session.execute(text(f"DROP TRIGGER IF EXISTS {name}_refuses_update"))
        else:
            await session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER ALL"))
        await session.execute(text(statement))
