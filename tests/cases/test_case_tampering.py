"""The history of a case, tampered with behind its triggers: `verify_database` holds each step against its entry."""

from datetime import date, timedelta

import pytest
from made_alarms import LENA, TOMAS, make_alarm
from tampering import tamper

from core.clock import now
from core.database import Database
from screening.audit.check import verify_database
from screening.audit.verify import Fault
from screening.cases.case import Decision
from screening.cases.inputs import ApprovalInput, AssignInput, DecisionInput, EvidenceInput
from screening.cases.opening import open_or_join
from screening.services.review import ReviewService


async def a_history(review: ReviewService, database: Database) -> str:
    """Opened (1), taken (2), a file attached (3), a false positive (4), approved (5), its clearance granted (6).

    Returns the case's id.
    """
    async with database.write() as session:
        (opened,) = await open_or_join(session, [make_alarm()])
    case_id = opened.case_id or ""
    await review.assign(case_id, AssignInput(version=1, to="me"), LENA)
    await review.attach(case_id, EvidenceInput(version=2, name="a.pdf"), b"seen", LENA)
    until: date = now().date() + timedelta(days=9)
    ruling = DecisionInput(version=3, decision=Decision.FALSE_POSITIVE, reason="FP-02", clear_until=until)
    await review.decide(case_id, ruling, LENA)
    await review.approve(case_id, ApprovalInput(version=4, approve=True), TOMAS)
    return case_id


COLUMNS = "audit_sequence, case_id, at, actor_id, actor_name, actor_role, action, decision, reason, details"
COPY = "case_id, at, actor_id, actor_name, actor_role, action, decision, reason, details FROM case_step"

TAMPERED = [
    ("UPDATE case_step SET decision = 'true_match' WHERE audit_sequence = 4", 4, Fault.STEP, "decision"),
    ("UPDATE case_step SET reason = 'FP-01' WHERE audit_sequence = 4", 4, Fault.STEP, "reason"),
    ("UPDATE case_step SET actor_id = 'key:x' WHERE audit_sequence = 5", 5, Fault.STEP, "actor_id"),
    ("UPDATE case_step SET actor_name = 'Jan Roos' WHERE audit_sequence = 5", 5, Fault.STEP, "actor_name"),
    ("UPDATE case_step SET actor_role = 'admin' WHERE audit_sequence = 5", 5, Fault.STEP, "actor_role"),
    ("UPDATE case_step SET action = 'returned' WHERE audit_sequence = 5", 5, Fault.STEP, "action"),
    ("UPDATE case_step SET case_id = 'another' WHERE audit_sequence = 2", 2, Fault.STEP, "case_id"),
    ("UPDATE case_step SET at = '2020-01-01T00:00:00.000000Z' WHERE audit_sequence = 2", 2, Fault.STEP, "at"),
    (
        "UPDATE case_step SET details = replace(details, 'ofac:', 'eu:') WHERE audit_sequence = 6",
        6,
        Fault.STEP,
        "details",
    ),
    ("UPDATE case_step SET details = '{' WHERE audit_sequence = 3", 3, Fault.STEP, "details"),
    ("DELETE FROM case_step WHERE audit_sequence = 3", 3, Fault.STEP, "its step is gone"),
    (f"INSERT INTO case_step ({COLUMNS}) SELECT 99, {COPY} WHERE audit_sequence = 4", 99, Fault.ORPHAN, "case_step"),
]


@pytest.mark.parametrize(("statement", "sequence", "fault", "said"), TAMPERED, ids=[case[0][:60] for case in TAMPERED])
async def test_a_step_that_was_tampered_with_is_named(
    review: ReviewService, database: Database, statement: str, sequence: int, fault: Fault, said: str
) -> None:
    await a_history(review, database)
    whole = await verify_database(database)
    assert (whole.problem, whole.checked) == (None, 6)
    await tamper(database, statement)
    verdict = await verify_database(database)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (sequence, fault)
    assert said in verdict.problem.message


async def test_a_step_invented_for_an_entry_that_is_none_is_named(review: ReviewService, database: Database) -> None:
    await review.get(await a_history(review, database), LENA)
    await tamper(database, f"INSERT INTO case_step ({COLUMNS}) SELECT 7, {COPY} WHERE audit_sequence = 4")
    verdict = await verify_database(database)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (7, Fault.STEP)
