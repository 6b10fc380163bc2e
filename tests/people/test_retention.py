"""Erasure and legal holds: what may go when, what is refused, and that the log stays verifiable either way."""

import asyncio
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.errors import Conflict, InvalidInput, NotFound
from screening.access import Principal, Role
from screening.audit.check import verify_database
from screening.audit.entry import Action, Draft
from screening.audit.erasure import Erased, Grounds, erase, kept_since
from screening.audit.export import export_lines, verify_export
from screening.audit.holds import lift_hold, list_holds, place_hold, target_of
from screening.audit.log import actor, append, seal
from screening.audit.query import AuditFilter, page
from screening.recorder import Recorder

DINA = Principal("key:ck_dina", "Dina", Role.TRADER)
ANNA = Principal("user:anna", "Anna", Role.APPROVER)
ORDER = Grounds("erasure demanded", "Court of Astrakhan 12/2026")
AGED = Grounds("past its retention")
LATER = timedelta(days=3_653 + 10)
"""Ten years and some days."""


async def fill(database: Database) -> None:
    """Two screenings of one subject, one of another."""
    async with Recorder(database) as recorder:
        for number, name in enumerate(("Ivan Petrov", "IVAN  petrov", "Bank Melli"), 1):
            draft = Draft(Action.SCREENED, actor(DINA), f"S{number}", outcome="clear", payload=seal(name, "{}", "{}"))
            await recorder.record(draft)


async def erased(
    database: Database, *, record: str | None = None, subject: str | None = None, grounds: Grounds = ORDER
) -> Erased:
    async with database.write() as session:
        return await erase(session, target_of(record, subject), grounds, by=ANNA, retention_years=10)


async def held(database: Database, *, record: str | None = None, subject: str | None = None) -> str:
    async with database.write() as session:
        return (await place_hold(session, target_of(record, subject), "dispute 7", by=ANNA)).id


async def lift(database: Database, hold_id: str) -> None:
    async with database.write() as session:
        await lift_hold(session, hold_id, "settled", by=ANNA)


async def payloads(database: Database) -> list[int]:
    async with database.read() as session:
        return list((await session.execute(text("SELECT sequence FROM audit_payload ORDER BY sequence"))).scalars())


async def test_all_about_a_subject_goes_by_order_and_the_log_verifies(database: Database) -> None:
    await fill(database)
    done = await erased(database, subject=" ivan petrov")
    assert done == Erased((1, 2), (4, 5))
    assert await payloads(database) == [3]
    verdict = await verify_database(database)
    assert (verdict.whole, verdict.erased) == (True, 2)
    assert verify_export([line async for line in export_lines(database)]).erased == 2
    async with database.read() as session:
        first, _ = await page(session, AuditFilter(action="payload_erased"))
        assert first.content["details"] == {"sequence": 2, "reason": ORDER.reason, "order": ORDER.order}
        assert first.content["actor"]["id"] == ANNA.id
        assert not await page(session, AuditFilter(subject="petrov"))
    with pytest.raises(NotFound):
        await erased(database, subject="Ivan Petrov")


async def test_one_record_goes_and_the_others_stay(database: Database) -> None:
    await fill(database)
    assert (await erased(database, record="S2")).entries == (2,)
    assert await payloads(database) == [1, 3]
    with pytest.raises(NotFound):
        await erased(database, record="S9")


async def test_within_the_retention_period_only_an_order_erases(database: Database) -> None:
    await fill(database)
    with pytest.raises(Conflict, match="10 years"):
        await erased(database, record="S1", grounds=AGED)
    assert await payloads(database) == [1, 2, 3]
    assert (await verify_database(database)).checked == 3  # what was refused left no entry behind
    with time_machine.travel(now() + LATER, tick=True):
        assert (await erased(database, record="S1", grounds=AGED)).entries == (1,)
    assert (await verify_database(database)).whole


async def test_nothing_on_a_legal_hold_goes_whoever_asks(database: Database) -> None:
    await fill(database)
    by_record, by_subject = await held(database, record="S1"), await held(database, subject="BANK melli")
    with time_machine.travel(now() + LATER, tick=True):
        for target in ({"record": "S1"}, {"subject": "Ivan Petrov"}, {"record": "S3"}, {"subject": "Bank Melli"}):
            for grounds in (AGED, ORDER):
                with pytest.raises(Conflict, match="legal hold"):
                    await erased(database, **target, grounds=grounds)
        await erased(database, record="S2", grounds=AGED)  # the same subject, but another record than the one held
        await lift(database, by_record)
        await lift(database, by_subject)
        await erased(database, subject="Ivan Petrov", grounds=AGED)
        assert (await erased(database, record="S3", grounds=AGED)).entries == (3,)
    assert (await verify_database(database)).whole


async def test_holds_are_on_the_record_and_name_nobody_in_the_chain(database: Database) -> None:
    hold_id = await held(database, subject="Ivan Petrov")
    await lift(database, hold_id)
    async with database.read() as session:
        lines = await page(session, AuditFilter(record=hold_id))
        (row,) = await list_holds(session)
    assert [line.content["action"] for line in lines] == ["hold_lifted", "hold_placed"]
    assert all("petrov" not in str(line.content) for line in lines)
    assert {line.subject for line in lines} == {"ivan petrov"}
    assert (row.placed_by, row.lifted_by, row.target) == (ANNA.id, ANNA.id, "ivan petrov")
    with pytest.raises(Conflict, match="was lifted"):
        await lift(database, hold_id)
    with pytest.raises(NotFound):
        await lift(database, "nothing")


async def test_erasing_a_subject_reaches_its_lifted_holds_and_its_case(database: Database) -> None:
    await fill(database)
    await lift(database, await held(database, subject="Ivan Petrov"))
    async with database.write() as session:
        for number, name in enumerate(("Ivan Petrov", "Ivan Petrovich"), 1):
            await session.execute(
                text(
                    "INSERT INTO review_case (id, fingerprint, subject, about, folded, priority, state, opened_at, "
                    "due_at, version) VALUES (:id, :id, :name, 'born 1961', :folded, 1, 'open', 'x', 'x', 1)"
                ),
                {"id": f"C{number}", "name": name, "folded": f"{name.casefold()} born 1961"},
            )
    await erased(database, subject="Ivan Petrov")
    async with database.read() as session:
        assert await list_holds(session) == []
        rows = (await session.execute(text("SELECT id, subject, about, folded FROM review_case ORDER BY id"))).all()
    assert tuple(rows[0]) == ("C1", None, None, None)
    assert rows[1].subject == "Ivan Petrovich"
    assert (await verify_database(database)).whole


@pytest.mark.parametrize("target", [(None, None), ("S1", "Ivan"), (None, "  "), ("", "")])
def test_it_must_be_clear_what_is_meant(target: tuple[str | None, str | None]) -> None:
    with pytest.raises(InvalidInput):
        target_of(*target)


def test_a_leap_day_has_a_day_ten_years_earlier() -> None:
    with time_machine.travel("2028-02-29T12:00:00+00:00", tick=False):
        assert kept_since(10) == "2018-02-28T12:00:00.000000Z"


async def test_a_hold_and_an_erasure_at_once_leave_one_of_two_states(database: Database) -> None:
    """Whichever comes first wins: a hold that was placed protects, and an erasure that was done is whole."""
    await fill(database)
    results = await asyncio.gather(
        erased(database, subject="Ivan Petrov"), held(database, subject="Ivan Petrov"), return_exceptions=True
    )
    refused = isinstance(results[0], Conflict)
    left = [one for one in await payloads(database) if one in {1, 2}]
    assert left == ([1, 2] if refused else [])
    assert isinstance(results[1], str)
    assert (await verify_database(database)).whole


async def test_entries_without_a_personal_part_are_not_touched(database: Database) -> None:
    async with database.write() as session:
        await append(session, [Draft(Action.RECORD_READ, actor(ANNA), "S1")])
    with pytest.raises(NotFound):
        await erased(database, record="S1")
