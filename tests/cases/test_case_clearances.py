"""Clearances: granted by two people, bound to subject and entity version, and how each ends; told in receipts."""

from datetime import date, timedelta

import pytest
import time_machine
from made_alarms import DINA, HOJATI, JAN, LENA, TOMAS, make_alarm, make_hit

from core.clock import now
from core.database import Database
from core.errors import Conflict, NotAllowed
from screening.audit.check import verify_database
from screening.cases.case import Decision, Hit, State
from screening.cases.inputs import ApprovalInput, DecisionInput, EndInput, ReopenInput
from screening.cases.opening import Opened, open_or_join
from screening.cases.views import CaseView
from screening.matching.result import Identity, Outcome
from screening.matching.subject import Subject
from screening.services.review import ReviewService


def in_days(days: int) -> date:
    return now().date() + timedelta(days=days)


async def alarm(database: Database, name: str = "Mohsen", *hits: Hit, **changes: object) -> Opened:
    async with database.write() as session:
        (opened,) = await open_or_join(session, [make_alarm(name, *hits, **changes)])
    return opened


async def cleared_case(review: ReviewService, case_id: str, days: int = 30) -> CaseView:
    """A case that two people have closed with a clearance."""
    case = await review.get(case_id, LENA)
    said = {"decision": "false_positive", "reason": "FP-02", "clear_until": in_days(days)}
    await review.decide(case_id, DecisionInput.model_validate({"version": case.version, **said}), LENA)
    return await review.approve(case_id, ApprovalInput(version=case.version + 1, approve=True), TOMAS)


async def test_a_clearance_covers_the_same_subject_and_version(review: ReviewService, database: Database) -> None:
    opened = await alarm(database)
    assert opened.case_id is not None
    case = await cleared_case(review, opened.case_id)
    (clearance,) = case.clearances
    assert (clearance.in_force, clearance.decided_by.name, clearance.approved_by.name) == (
        True,
        "Lena Okafor",
        "Tomas Brandt",
    )
    again = await alarm(database)
    assert (again.case_id, again.outcome) == (None, Outcome.CLEAR)
    assert [(one.entity_id, one.clearance_id) for one in again.cleared] == [(HOJATI.entity_id, clearance.id)]
    assert [step.action for step in case.steps[:2]] == ["clearance_granted", "approved"]
    assert (await verify_database(database)).whole


@pytest.mark.parametrize(
    ("name", "hit"),
    [
        ("Mohsen", make_hit(version="b" * 64)),
        ("Mohsen", make_hit(identity=Identity.CORROBORATED)),
        ("Mohsen", make_hit(entity_id="ofac:2")),
        ("Mohsen H.", HOJATI),
    ],
)
async def test_what_is_not_the_same_needs_a_person(
    review: ReviewService, database: Database, name: str, hit: Hit
) -> None:
    opened = await alarm(database)
    assert opened.case_id is not None
    await cleared_case(review, opened.case_id)
    again = await alarm(database, name, hit)
    assert again.case_id is not None
    assert again.cleared == ()


async def test_a_clearance_needs_a_second_person_even_where_nothing_blocks(
    review: ReviewService, database: Database
) -> None:
    opened = await alarm(database, "Mohsen", make_hit(blocking=False))
    assert opened.case_id is not None
    said = {"version": 1, "decision": "false_positive", "reason": "FP-02", "clear_until": in_days(5)}
    case = await review.decide(opened.case_id, DecisionInput.model_validate(said), LENA)
    assert case.state is State.AWAITING_APPROVAL
    assert case.clearances == ()


async def test_a_passed_date_ends_it_and_opens_the_case_again(review: ReviewService, database: Database) -> None:
    opened = await alarm(database)
    assert opened.case_id is not None
    await cleared_case(review, opened.case_id, days=2)
    assert await review.lapse_expired() == 0
    with time_machine.travel(now() + timedelta(days=4)):
        assert (await alarm(database, "Mohsen")).case_id is not None, "it does not wait for the schedule"
        assert await review.lapse_expired() == 1
        assert await review.lapse_expired() == 0
        case = await review.get(opened.case_id, LENA)
    assert case.state is State.CLOSED, "the alarm that came first has opened another case of this subject"
    assert case.steps[0].action == "clearance_lapsed"
    assert case.steps[0].details["why"] == "expired"


async def test_an_expired_clearance_reopens_its_case(review: ReviewService, database: Database) -> None:
    opened = await alarm(database)
    assert opened.case_id is not None
    await cleared_case(review, opened.case_id, days=2)
    with time_machine.travel(now() + timedelta(days=4)):
        assert await review.lapse_expired() == 1
        case = await review.get(opened.case_id, LENA)
    assert (case.state, case.result, case.assignee) == (State.OPEN, None, None)
    assert [step.action for step in case.steps[:2]] == ["case_reopened", "clearance_lapsed"]
    assert case.due_at > now()
    assert (await verify_database(database)).whole


async def test_a_person_ends_it_before_its_time(review: ReviewService, database: Database) -> None:
    opened = await alarm(database)
    assert opened.case_id is not None
    (clearance,) = (await cleared_case(review, opened.case_id)).clearances
    with pytest.raises(NotAllowed):
        await review.end_clearance(clearance.id, EndInput(note="x"), DINA)
    ended = await review.end_clearance(clearance.id, EndInput(note="The passport was forged."), JAN)
    assert (ended.in_force, ended.ended_why) == (False, "ended")
    with pytest.raises(Conflict, match="already"):
        await review.end_clearance(clearance.id, EndInput(note="x"), JAN)
    case = await review.get(opened.case_id, LENA)
    assert case.state is State.OPEN
    assert case.steps[1].note == "The passport was forged."
    assert (await alarm(database)).case_id == opened.case_id
    assert [one.id for one in (await review.clearances(LENA, in_force=False)).items] == [clearance.id]
    assert (await review.clearances(LENA, in_force=True)).items == ()


async def test_a_reopened_case_ends_its_clearances(review: ReviewService, database: Database) -> None:
    opened = await alarm(database)
    assert opened.case_id is not None
    closed = await cleared_case(review, opened.case_id)
    case = await review.reopen(opened.case_id, ReopenInput(version=closed.version, note="Checked again."), JAN)
    assert [one.ended_why for one in case.clearances] == ["reopened"]
    true = {"version": case.version, "decision": Decision.TRUE_MATCH, "reason": "TM-04"}
    assert (await review.decide(opened.case_id, DecisionInput.model_validate(true), JAN)).result is Decision.TRUE_MATCH


async def test_a_later_decision_replaces_the_clearance(review: ReviewService, database: Database) -> None:
    first = await alarm(database)
    assert first.case_id is not None
    await cleared_case(review, first.case_id)
    second = await alarm(database, "Mohsen", make_hit(identity=Identity.CORROBORATED))
    assert second.case_id is not None
    case = await cleared_case(review, second.case_id, days=60)
    assert [one.in_force for one in case.clearances] == [True]
    assert [one.ended_why for one in (await review.get(first.case_id, LENA)).clearances] == ["replaced"]


async def test_in_statistics_everything_is_counted(review: ReviewService, database: Database) -> None:
    opened = await alarm(database)
    assert opened.case_id is not None
    await cleared_case(review, opened.case_id)
    await alarm(database, "Somebody else", subject=Subject("Somebody else"))
    figures = await review.statistics(7)
    assert [(line.state, line.cases, line.overdue) for line in figures.backlog] == [(State.OPEN, 1, 0)]
    assert [age.cases for age in figures.ages] == [1, 0, 0, 0, 0]
    today = figures.days[-1]
    assert (len(figures.days), today.opened, today.closed, today.false_positive) == (7, 2, 1, 1)
    assert [(one.list, one.alarms) for one in figures.by_list] == [("ofac_sdn", 2)]
    assert [(one.closed, one.within_target) for one in figures.pace] == [(1, 1)]
    assert figures.by_matcher == ()
