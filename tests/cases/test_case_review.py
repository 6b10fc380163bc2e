"""People work on cases: who may do what, four eyes, versions, evidence; every step is in the history and the audit."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from made_alarms import AUDITOR, DINA, HOJATI, JAN, LENA, SECTORAL, TOMAS, VERA, make_alarm, make_hit
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.errors import AuditError, Conflict, InvalidInput, NotAllowed, NotFound, TooLarge
from core.settings import Settings
from screening.access import Principal, Role
from screening.audit.check import verify_database
from screening.audit.log import actor, erase_payload
from screening.audit.query import AuditFilter, page
from screening.cases.alarm import Alarm
from screening.cases.case import Decision, Hit, State
from screening.cases.inputs import (
    ApprovalInput,
    AssignInput,
    CommentInput,
    DecisionInput,
    EvidenceInput,
    ReopenInput,
)
from screening.cases.opening import open_or_join
from screening.cases.reasons import check_reason, reasons
from screening.keys import create_key
from screening.matching.result import Identity
from screening.recorder import Recorder
from screening.services.review import ReviewService

FALSE = {"decision": Decision.FALSE_POSITIVE, "reason": "FP-02"}
TRUE = {"decision": Decision.TRUE_MATCH, "reason": "TM-01"}
ESCALATE = {"decision": Decision.ESCALATE, "reason": "ES-02"}


async def a_case(database: Database, *hits: Hit, alarm: Alarm | None = None) -> str:
    async with database.write() as session:
        (opened,) = await open_or_join(session, [alarm or make_alarm("محسن حجتی‌پور", *hits)])
    assert opened.case_id is not None
    return opened.case_id


def ruling(version: int, said: dict[str, object], **more: object) -> DecisionInput:
    return DecisionInput.model_validate({"version": version, **said, **more})


async def actions(database: Database, case_id: str) -> list[str]:
    async with database.read() as session:
        lines = await page(session, AuditFilter(record=case_id))
    return [line.content["action"] for line in reversed(lines)]


async def test_an_officer_takes_decides_and_an_approver_approves(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database)
    taken = await review.assign(case_id, AssignInput(version=1, to="me"), LENA)
    assert (taken.state, taken.assignee and taken.assignee.name, taken.version) == (State.ASSIGNED, "Lena Okafor", 2)
    decided = await review.decide(case_id, ruling(2, FALSE, note="Passport: 14 Feb 1987."), LENA)
    assert decided.state is State.AWAITING_APPROVAL
    assert decided.matches[0].decided is not None
    assert decided.matches[0].decided.wording == "Birth date differs, shown by a document"
    closed = await review.approve(case_id, ApprovalInput(version=3, approve=True), TOMAS)
    assert (closed.state, closed.result, closed.version) == (State.CLOSED, Decision.FALSE_POSITIVE, 4)
    assert closed.closed_at is not None
    assert [step.action for step in reversed(closed.steps)] == ["case_opened", "case_assigned", "decided", "approved"]
    assert closed.steps[1].note == "Passport: 14 Feb 1987."
    assert await actions(database, case_id) == ["case_opened", "case_assigned", "decided", "approved"]
    assert (await verify_database(database)).whole


async def test_whoever_asked_neither_takes_nor_decides_nor_approves(review: ReviewService, database: Database) -> None:
    by_lena = make_alarm(by=actor(LENA))
    case_id = await a_case(database, alarm=by_lena)
    with pytest.raises(NotAllowed, match="You asked"):
        await review.assign(case_id, AssignInput(version=1, to="me"), LENA)
    with pytest.raises(NotAllowed, match="You asked"):
        await review.decide(case_id, ruling(1, FALSE), LENA)
    other_key = Principal("user:7", "LENA okafor", Role.OFFICER)
    with pytest.raises(NotAllowed, match="You asked"):
        await review.decide(case_id, ruling(1, FALSE), other_key)
    async with database.write() as session:
        await open_or_join(session, [make_alarm(by=actor(TOMAS))])
    await review.decide(case_id, ruling(1, FALSE), JAN)
    with pytest.raises(NotAllowed, match="You asked"):
        await review.approve(case_id, ApprovalInput(version=2, approve=True), TOMAS)
    assert (await review.approve(case_id, ApprovalInput(version=2, approve=True), VERA)).state is State.CLOSED


@pytest.mark.parametrize("who", [DINA, AUDITOR, Principal("key:a", "Ada", Role.ADMIN)])
async def test_others_do_nothing(review: ReviewService, database: Database, who: Principal) -> None:
    case_id = await a_case(database, alarm=make_alarm(by=actor(JAN)))
    for step in (
        review.assign(case_id, AssignInput(version=1, to="me"), who),
        review.comment(case_id, CommentInput(version=1, note="x"), who),
        review.decide(case_id, ruling(1, FALSE), who),
        review.approve(case_id, ApprovalInput(version=1, approve=True), who),
        review.reopen(case_id, ReopenInput(version=1, note="x"), who),
        review.attach(case_id, EvidenceInput(version=1, name="a.pdf"), b"x", who),
    ):
        with pytest.raises(NotAllowed):
            await step
    assert await actions(database, case_id) == ["case_opened"]
    seen = await review.get(case_id, who)
    assert seen.may == ()


async def test_a_stale_step_is_refused(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database)
    await review.comment(case_id, CommentInput(version=1, note="Asked for the passport."), JAN)
    with pytest.raises(Conflict, match="version 1, now 2"):
        await review.decide(case_id, ruling(1, FALSE), LENA)
    with pytest.raises(NotFound):
        await review.comment("01NOTHING", CommentInput(version=1, note="x"), JAN)


async def test_a_new_match_between_seeing_and_deciding_is_not_decided_unseen(
    review: ReviewService, database: Database
) -> None:
    case_id = await a_case(database)
    await a_case(database, make_hit(entity_id="ofac:2"))
    with pytest.raises(Conflict):
        await review.decide(case_id, ruling(1, FALSE), LENA)


async def test_what_is_not_blocking_needs_no_second_person(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database, SECTORAL)
    assert (await review.decide(case_id, ruling(1, FALSE), LENA)).state is State.CLOSED


async def test_a_true_match_needs_one_person_unless_the_policy_asks_for_two(database: Database, tmp_path: Path) -> None:
    async with Recorder(database) as recorder:
        for both, state in ((False, State.CLOSED), (True, State.AWAITING_APPROVAL)):
            settings = Settings(data_dir=tmp_path, four_eyes_true_matches=both)
            case_id = await a_case(database)
            case = await ReviewService(database, recorder, settings).decide(case_id, ruling(1, TRUE), LENA)
            assert case.state is state
    assert case.result is None


async def test_matches_are_decided_one_by_one(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database, HOJATI, SECTORAL)
    one = await review.decide(case_id, ruling(1, FALSE, entities=[HOJATI.entity_id]), LENA)
    assert one.state is State.OPEN
    with pytest.raises(InvalidInput, match="cannot be recorded") as refused:
        await review.decide(case_id, ruling(2, FALSE, entities=[HOJATI.entity_id]), LENA)
    assert refused.value.errors[0].field == "entities"
    both = await review.decide(case_id, ruling(2, TRUE, entities=[SECTORAL.entity_id]), LENA)
    assert both.state is State.AWAITING_APPROVAL
    closed = await review.approve(case_id, ApprovalInput(version=3, approve=True), TOMAS)
    assert closed.result is Decision.TRUE_MATCH


async def test_a_returned_decision_is_decided_again(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database)
    await review.decide(case_id, ruling(1, FALSE), LENA)
    with pytest.raises(InvalidInput):
        await review.approve(case_id, ApprovalInput(version=2, approve=False), TOMAS)
    back = await review.approve(case_id, ApprovalInput(version=2, approve=False, note="No passport."), TOMAS)
    assert back.state is State.OPEN
    assert back.matches[0].decided is None
    assert (back.steps[0].action, back.steps[0].note) == ("returned", "No passport.")
    assert (await review.decide(case_id, ruling(3, TRUE), JAN)).result is Decision.TRUE_MATCH


async def test_what_is_escalated_an_approver_decides_and_another_approves(
    review: ReviewService, database: Database
) -> None:
    case_id = await a_case(database)
    await review.assign(case_id, AssignInput(version=1, to="me"), LENA)
    up = await review.decide(case_id, ruling(2, ESCALATE), LENA)
    assert (up.state, up.assignee) == (State.ESCALATED, None)
    with pytest.raises(NotAllowed, match="escalated"):
        await review.decide(case_id, ruling(3, FALSE), JAN)
    with pytest.raises(Conflict):
        await review.decide(case_id, ruling(3, ESCALATE), TOMAS)
    decided = await review.decide(case_id, ruling(3, FALSE), TOMAS)
    assert decided.state is State.AWAITING_APPROVAL
    with pytest.raises(NotAllowed, match="yourself"):
        await review.approve(case_id, ApprovalInput(version=4, approve=True), TOMAS)
    assert (await review.approve(case_id, ApprovalInput(version=4, approve=True), VERA)).state is State.CLOSED


async def test_an_approver_does_not_decide_what_is_not_escalated(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database)
    with pytest.raises(NotAllowed, match="An officer decides"):
        await review.decide(case_id, ruling(1, FALSE), TOMAS)


async def test_somebody_elses_case_must_be_taken_first(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database)
    await review.assign(case_id, AssignInput(version=1, to="me"), LENA)
    with pytest.raises(Conflict, match="Lena Okafor's"):
        await review.decide(case_id, ruling(2, FALSE), JAN)
    with pytest.raises(Conflict, match="already"):
        await review.assign(case_id, AssignInput(version=2, to="me"), LENA)
    await review.assign(case_id, AssignInput(version=2, to="me"), JAN)
    free = await review.assign(case_id, AssignInput(version=3, to=None), JAN)
    assert (free.state, free.assignee) == (State.OPEN, None)


async def test_a_case_is_given_to_whoever_may_have_it(review: ReviewService, database: Database) -> None:
    async with database.write() as session:
        _, officer = await create_key(session, role=Role.OFFICER, owner="Jan Roos")
        _, trader = await create_key(session, role=Role.TRADER, owner="Ivan")
        _, asker = await create_key(session, role=Role.OFFICER, owner="Dina Karimova")
    case_id = await a_case(database)
    given = await review.assign(case_id, AssignInput(version=1, to=f"key:{officer.id}"), LENA)
    assert given.assignee is not None
    assert given.assignee.name == "Jan Roos"
    for key, error in ((trader.id, NotAllowed), (asker.id, NotAllowed), ("ck_nobody", InvalidInput)):
        with pytest.raises(error):
            await review.assign(case_id, AssignInput(version=2, to=f"key:{key}"), LENA)


async def test_reopened_with_a_reason_everything_is_decided_anew(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database, SECTORAL)
    with pytest.raises(Conflict, match="not closed"):
        await review.reopen(case_id, ReopenInput(version=1, note="Why not"), LENA)
    await review.decide(case_id, ruling(1, FALSE), LENA)
    again = await review.reopen(case_id, ReopenInput(version=2, note="A new document came."), JAN)
    assert (again.state, again.result, again.closed_at, again.matches[0].decided) == (State.OPEN, None, None, None)
    assert again.steps[0].action == "case_reopened"


async def test_a_closed_case_stays_closed_while_another_is_open(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database, SECTORAL)
    await review.decide(case_id, ruling(1, FALSE), LENA)
    other = await a_case(database, SECTORAL)
    assert other != case_id
    with pytest.raises(Conflict, match=other):
        await review.reopen(case_id, ReopenInput(version=2, note="x"), JAN)


async def test_evidence_is_kept_by_its_hash_and_checked_when_read(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database)
    said = EvidenceInput(version=1, name="passport-scan.pdf", media_type="application/pdf", note="Born 14 Feb 1987")
    case = await review.attach(case_id, said, b"%PDF-1.7 ...", LENA)
    (file,) = case.evidence
    assert (file.name, file.size, file.says) == ("passport-scan.pdf", 12, "Born 14 Feb 1987")
    assert case.steps[0].details["sha256"] == file.sha256
    assert (await review.evidence(case_id, file.sha256, AUDITOR))[1] == b"%PDF-1.7 ..."
    with pytest.raises(Conflict, match="already"):
        await review.attach(case_id, replace_version(said, 2), b"%PDF-1.7 ...", LENA)
    next(review.store.root.rglob(file.sha256)).write_bytes(b"%PDF-1.7 !!!")
    with pytest.raises(AuditError, match="not the one"):
        await review.evidence(case_id, file.sha256, AUDITOR)
    next(review.store.root.rglob(file.sha256)).unlink()
    for digest in (file.sha256, "0" * 64):
        with pytest.raises(NotFound):
            await review.evidence(case_id, digest, AUDITOR)
    assert "record_read" in await actions(database, case_id)


def replace_version(said: EvidenceInput, version: int) -> EvidenceInput:
    return said.model_copy(update={"version": version})


async def test_evidence_has_a_limit(database: Database, tmp_path: Path) -> None:
    case_id = await a_case(database)
    async with Recorder(database) as recorder:
        review = ReviewService(database, recorder, Settings(data_dir=tmp_path, evidence_max_bytes=10))
        with pytest.raises(TooLarge):
            await review.attach(case_id, EvidenceInput(version=1, name="a"), b"x" * 11, LENA)
        with pytest.raises(InvalidInput):
            await review.attach(case_id, EvidenceInput(version=1, name="a"), b"", LENA)
    assert not list((tmp_path / "evidence").rglob("*")) if (tmp_path / "evidence").exists() else True


async def test_an_erased_note_is_gone_and_the_chain_whole(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database)
    case = await review.comment(case_id, CommentInput(version=1, note="His brother says otherwise."), LENA)
    async with database.write() as session:
        await erase_payload(session, case.steps[0].sequence, TOMAS, "court order")
    assert (await review.get(case_id, LENA)).steps[0].note is None
    assert (await verify_database(database)).whole
    async with database.read() as session:
        query = text("SELECT count(*) FROM case_step WHERE details LIKE '%brother%'")
        found = (await session.execute(query)).scalar_one()
    assert found == 0


async def test_what_a_person_may_do_is_told(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database)
    officer = await review.get(case_id, LENA)
    assert officer.may == ("take", "assign", "comment", "attach", "decide")
    assert officer.refused["reopen"] == "The case is not closed."
    assert not officer.asked_by_you
    approver = await review.get(case_id, TOMAS)
    assert approver.may == ("assign", "comment", "attach")
    own = await review.get(case_id, Principal("key:x", DINA.name, Role.OFFICER))
    assert own.asked_by_you
    assert "decide" in own.refused


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({**FALSE, "reason": "TM-01"}, "reason"),
        ({**FALSE, "reason": "FP-00"}, "reason"),
        ({**FALSE, "reason": "FP-99"}, "note"),
        ({**TRUE, "clear_until": date(2027, 1, 1)}, "clear_until"),
        ({**FALSE, "clear_until": now().date()}, "clear_until"),
        ({**FALSE, "clear_until": now().date() + timedelta(days=366)}, "clear_until"),
        ({**FALSE, "entities": ["ofac:0"]}, "entities"),
    ],
)
async def test_a_ruling_that_cannot_be_recorded_names_the_field(
    review: ReviewService, database: Database, said: dict[str, object], field: str
) -> None:
    case_id = await a_case(database)
    with pytest.raises(InvalidInput) as refused:
        await review.decide(case_id, ruling(1, said), LENA)
    assert [error.field for error in refused.value.errors] == [field]
    assert await actions(database, case_id) == ["case_opened"]


@pytest.mark.parametrize("code", list(reasons()))
def test_every_reason_code_can_be_given(code: str) -> None:
    one = reasons()[code]
    assert check_reason(code, one.decision, "because", of_deal=one.about == "deal") == one
    assert one.wording


async def test_the_queue_shows_the_most_urgent_first_page_by_page(review: ReviewService, database: Database) -> None:
    sure = make_hit(score=980, identity=Identity.CORROBORATED)
    late = await a_case(database, alarm=make_alarm("Late"))
    low = await a_case(database, alarm=make_alarm("Low", SECTORAL))
    high = await a_case(database, alarm=make_alarm("High", sure))
    first = await review.queue(LENA, limit=2)
    rest = await review.queue(LENA, after=first.next, limit=2)
    assert [line.id for line in (*first.items, *rest.items)] == [high, late, low]
    assert rest.next is None
    assert first.items[0].best is not None
    assert first.items[0].best.score == 980
    with pytest.raises(InvalidInput):
        await review.queue(LENA, after="x")


async def test_the_reader_of_a_case_is_recorded(review: ReviewService, database: Database) -> None:
    case_id = await a_case(database, alarm=make_alarm())
    assert (await review.get(case_id, AUDITOR)).subject == "محسن حجتی‌پور"
    assert await actions(database, case_id) == ["case_opened", "record_read"]
