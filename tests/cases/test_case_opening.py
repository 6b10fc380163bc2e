"""Alarms open cases and join the open case of the same subject, in bulk, on both databases."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from made_alarms import DINA, SECTORAL, make_alarm, make_hit
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.database import Database
from lists.entity import Identifier, Kind, PartialDate
from screening.audit.check import verify_database
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, seal
from screening.cases.alarm import Alarm, case_subject
from screening.cases.case import CasePolicy, Priority, RecordKind, priority_of
from screening.cases.opening import Opened, open_or_join
from screening.matching.result import Identity, Outcome
from screening.matching.subject import Subject
from screening.recorder import Recorder
from screening.records import table


async def opened(database: Database, *alarms: Alarm) -> list[Opened]:
    async with database.write() as session:
        return await open_or_join(session, alarms)


async def rows(database: Database, name: str) -> list[Any]:
    async with database.read() as session:
        return list(await session.execute(select(table(name))))


async def test_an_alarm_opens_a_case_that_names_what_was_met(database: Database) -> None:
    alarm = make_alarm()
    (one,) = await opened(database, alarm)
    assert one.is_new
    assert one.outcome is Outcome.REVIEW
    (case,) = await rows(database, "review_case")
    assert (case.id, case.subject, case.state, case.version) == (one.case_id, "محسن حجتی‌پور", "open", 1)
    (match,) = await rows(database, "case_match")
    assert (match.entity_id, match.version, match.score, match.decision) == ("ofac:10856", "a" * 64, 713, None)
    (link,) = await rows(database, "case_record")
    assert (link.record_id, link.asked_by_name, link.lists) == (alarm.record_id, "Dina Karimova", "ofac_sdn")
    (step,) = await rows(database, "case_step")
    assert (step.action, step.actor_name, step.audit_sequence) == ("case_opened", "Caspian", 1)
    assert (await verify_database(database)).whole


async def test_the_same_subject_joins_its_open_case(database: Database) -> None:
    (first,) = await opened(database, make_alarm())
    (again,) = await opened(database, make_alarm("  محسن   حجتی‌پور "))
    assert (again.case_id, again.is_new) == (first.case_id, False)
    (case,) = await rows(database, "review_case")
    assert case.version == 1, "nothing new to look at: whoever has the page open may go on"
    assert len(await rows(database, "case_record")) == 2


async def test_a_new_match_in_an_open_case_makes_it_another_version(database: Database) -> None:
    await opened(database, make_alarm())
    sure = make_hit(entity_id="ofac:2", outcome=Outcome.MATCH, score=980)
    await opened(database, make_alarm("محسن حجتی‌پور", sure))
    (case,) = await rows(database, "review_case")
    assert (case.version, case.priority) == (2, Priority.HIGH.rank)
    assert {match.entity_id for match in await rows(database, "case_match")} == {"ofac:10856", "ofac:2"}


async def test_another_version_of_the_entity_is_not_decided(database: Database) -> None:
    await opened(database, make_alarm())
    async with database.write() as session:
        await session.execute(text("UPDATE case_match SET decision = 'true_match', reason = 'TM-02', decided_by = 'x'"))
    await opened(database, make_alarm("محسن حجتی‌پور", make_hit(version="b" * 64)))
    (match,) = await rows(database, "case_match")
    assert (match.version, match.decision) == ("b" * 64, None)


async def test_a_thousand_rows_open_their_cases_at_once(database: Database) -> None:
    alarms = [make_alarm(f"Subject {number % 400}", record_kind=RecordKind.BATCH_ROW) for number in range(1_000)]
    found = await opened(database, *alarms)
    assert sum(one.is_new for one in found) == 400
    assert len({one.case_id for one in found}) == 400
    assert len(await rows(database, "case_record")) == 1_000


async def test_two_servers_open_one_case_for_one_subject(database: Database) -> None:
    async with Recorder(database) as one, Recorder(database) as other:

        async def screened(recorder: Recorder) -> str | None:
            alarm = make_alarm()
            sealed = seal("x", "{}", "{}")
            draft = Draft(Action.SCREENED, actor(DINA), alarm.record_id, outcome="review", payload=sealed)
            return (await recorder.record(draft, [alarm])).opened[0].case_id

        found = await asyncio.gather(*(screened(recorder) for recorder in (one, other) for _ in range(20)))
    (case,) = await rows(database, "review_case")
    assert set(found) == {case.id}
    assert len(await rows(database, "case_record")) == 40
    assert (await verify_database(database)).whole


async def test_a_record_is_linked_to_its_case_once(database: Database) -> None:
    alarm = make_alarm(record_kind=RecordKind.DEAL, path="parties.0")
    await opened(database, alarm, replace(alarm, path="parties.3"))
    await opened(database, alarm)
    (link,) = await rows(database, "case_record")
    assert link.path == "parties.0"


@pytest.mark.parametrize("statement", ["UPDATE case_step SET reason = 'x'", "DELETE FROM case_step"])
async def test_the_history_refuses_change(database: Database, statement: str) -> None:
    await opened(database, make_alarm())
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as session:
            await session.execute(text(statement))


async def test_two_open_cases_of_one_subject_are_refused_by_the_database(database: Database) -> None:
    await opened(database, make_alarm())
    columns = "fingerprint, subject, priority, state, opened_at, due_at, version"
    with pytest.raises(DBAPIError):
        async with database.write() as session:
            await session.execute(
                text(f"INSERT INTO review_case (id, {columns}) SELECT 'other', {columns} FROM review_case")
            )


IVAN = Subject("Иван Петров", Kind.PERSON, birth_date=PartialDate(date(1987, 2, 14), date(1987, 2, 14)))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (replace(IVAN, name="  ИВАН  петров"), True),
        (replace(IVAN, countries=("RU",)), True),
        (replace(IVAN, name="Иван Петровский"), False),
        (replace(IVAN, kind=None), False),
        (replace(IVAN, birth_date=None), False),
        (replace(IVAN, other_names=("Ivan Petrov",)), False),
        (replace(IVAN, identifiers=(Identifier("inn", "7707083893"),)), False),
    ],
)
def test_what_makes_two_subjects_the_same(other: Subject, same: bool) -> None:
    assert (case_subject(other).fingerprint == case_subject(IVAN).fingerprint) is same


def test_a_case_shows_what_tells_its_subject_apart() -> None:
    ship = case_subject(Subject("", Kind.VESSEL, identifiers=(Identifier("imo", "9481910"),), countries=("RU",)))
    assert (ship.name, ship.kind, ship.about) == ("IMO 9481910", "vessel", "IMO 9481910 · RU")
    assert case_subject(IVAN).about == "b. 1987-02-14"


@pytest.mark.parametrize(
    ("changes", "priority"),
    [
        ({"outcome": Outcome.MATCH}, Priority.HIGH),
        ({"identity": Identity.CORROBORATED}, Priority.HIGH),
        ({"identity": Identity.CONTRADICTED}, Priority.NORMAL),
        ({"outcome": Outcome.MATCH, "blocking": False}, Priority.NORMAL),
        ({"identity": Identity.CONTRADICTED, "blocking": False}, Priority.LOW),
        ({"outcome": Outcome.MATCH, "low_priority": True}, Priority.LOW),
    ],
)
def test_priority_follows_list_score_and_identity(changes: dict[str, Any], priority: Priority) -> None:
    assert priority_of(make_hit(**changes)) is priority


def test_a_case_is_due_by_its_priority() -> None:
    policy = CasePolicy()
    assert [policy.hours[one] for one in Priority] == [4, 8, 24]
    assert priority_of(SECTORAL) is Priority.LOW
