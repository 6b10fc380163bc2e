"""A deal that rules alone stop or doubt opens a case of its own, and people decide it like every other."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from deal_world import assessed, clean
from sqlalchemy import text

from core.database import Database
from core.errors import InvalidInput, NotAllowed
from core.settings import Settings
from screening.access import Principal, Role
from screening.audit.check import verify_database
from screening.audit.entry import Action, Draft
from screening.audit.erasure import Grounds, erase
from screening.audit.holds import RECORD, SUBJECT
from screening.audit.log import actor, seal
from screening.cases.alarm import Alarm, alarms_of_deal
from screening.cases.case import DEAL, Decision, Priority, State
from screening.cases.inputs import ApprovalInput, DecisionInput
from screening.cases.queue import CaseFilter
from screening.deals.assessment import Assessment
from screening.deals.rules import Verdict
from screening.matching.result import Outcome
from screening.matching.subject import Subject
from screening.recorder import Recorded, Recorder
from screening.services.review import ReviewService

DINA = Principal("key:ck_dina", "Dina Karimova", Role.TRADER)
LENA = Principal("key:ck_lena", "Lena Okafor", Role.OFFICER)
TOMAS = Principal("key:ck_tomas", "Tomas Brandt", Role.APPROVER)
PROCESSORS = [{"hs": "8542.31", "description": "Processors", "origin": "CN"}]
LISTED = [{"name": "Bank Melli Iran", "roles": ["intermediary_bank"], "bic": "MELIIRTH", "countries": ["IR"]}]


@pytest.fixture
async def review(database: Database, tmp_path: Path) -> AsyncIterator[ReviewService]:
    """The review service, with the settings as they come."""
    async with Recorder(database) as recorder:
        yield ReviewService(database, recorder, Settings(data_dir=tmp_path))


class Unlisted:
    """An index that holds no version of anything."""

    def versions(self, entity_id: str) -> tuple[str, ...]:
        return ("v" * 64,) if entity_id else ()


def found(**changes: Any) -> Assessment:
    return assessed(clean(**changes))


def stopped() -> Assessment:
    """Processors to Tehran from the Union: rules stop it, and nobody in it is listed."""
    return found(goods=PROCESSORS, nexus={"eu_establishment": True, "us_person": True})


def alarms(assessment: Assessment, draft: Draft) -> tuple[Alarm, ...]:
    subjects = {party.path: Subject(party.name) for party in assessment.parties}
    return alarms_of_deal(draft, subjects, assessment, Unlisted())


def make_draft(assessment: Assessment, record_id: str = "01DEAL", reference: str | None = "AST-7") -> Draft:
    return Draft(
        Action.DEAL_ASSESSED,
        actor(DINA),
        record_id,
        reference=reference,
        outcome=assessment.verdict.value,
        payload=seal(assessment.parties[0].name, json.dumps(assessment.deal), assessment.model_dump_json()),
    )


async def recorded(recorder: Recorder, assessment: Assessment, record_id: str = "01DEAL") -> Recorded:
    draft = make_draft(assessment, record_id)
    return await recorder.record(draft, alarms(assessment, draft))


def test_rules_alone_are_an_alarm_of_the_deal_itself() -> None:
    assessment = stopped()
    assert assessment.verdict is Verdict.STOP
    assert not any(party.matches for party in assessment.parties)
    (alarm,) = alarms(assessment, make_draft(assessment))
    assert (alarm.path, alarm.subject.kind, alarm.subject.name) == ("", DEAL, "Deal AST-7")
    assert assessment.parties[0].name in alarm.subject.about
    assert {hit.entity_id for hit in alarm.hits} == {f"rule:{reason.rules[0].id}" for reason in assessment.reasons}
    assert {(hit.outcome, hit.blocking, hit.version) for hit in alarm.hits} == {
        (Outcome.MATCH, True, assessment.rules.hash)
    }


@pytest.mark.parametrize("changes", [{}, {"goods": [{"hs": "1001.99", "description": "Milling wheat"}]}])
def test_a_clear_or_incomplete_deal_is_none(changes: dict[str, Any]) -> None:
    assessment = found(**changes)
    assert assessment.verdict in (Verdict.CLEAR, Verdict.INCOMPLETE)
    assert alarms(assessment, make_draft(assessment)) == ()


def test_what_a_match_explains_is_decided_with_the_match() -> None:
    assessment = found(parties=[*clean()["parties"], *LISTED])
    assert assessment.verdict is Verdict.STOP
    matched = {party.path for party in assessment.parties if party.matches}
    assert all(not matched.isdisjoint(reason.causes) for reason in assessment.reasons)
    assert [alarm.path for alarm in alarms(assessment, make_draft(assessment))] == sorted(matched)
    both = found(parties=[*clean()["parties"], *LISTED], goods=PROCESSORS, nexus={"us_person": True})
    assert [alarm.path for alarm in alarms(both, make_draft(both))] == [*sorted(matched), ""]


def test_the_deal_is_the_subject() -> None:
    one, other = stopped(), found(goods=PROCESSORS, nexus={"us_person": True})
    same, again = (alarms(stopped(), make_draft(one, name))[-1].subject for name in ("01A", "01B"))
    assert same.fingerprint == again.fingerprint
    assert alarms(other, make_draft(other))[-1].subject.fingerprint != same.fingerprint
    unnamed = alarms(one, make_draft(one, reference=None))[-1].subject
    assert unnamed.name.startswith(f"Deal of {one.parties[0].name}, ")


async def test_a_deal_case_is_decided_and_approved_by_others_than_who_asked(
    review: ReviewService, database: Database
) -> None:
    async with Recorder(database) as recorder:
        done = await recorded(recorder, stopped())
    (opened,) = done.opened
    case_id = opened.case_id or ""
    line = next(line for line in (await review.queue(LENA, CaseFilter())).items if line.id == case_id)
    assert (line.subject, line.kind, line.priority, line.state) == ("Deal AST-7", DEAL, Priority.HIGH, State.OPEN)
    said = {"version": 1, "decision": Decision.FALSE_POSITIVE}
    own = replace(LENA, id=DINA.id, name=DINA.name)
    with pytest.raises(NotAllowed, match="You asked"):
        await review.decide(case_id, DecisionInput(**said, reason="FP-20"), own)
    with pytest.raises(InvalidInput):
        await review.decide(case_id, DecisionInput(**said, reason="FP-02"), LENA)
    with pytest.raises(InvalidInput) as refused:
        await review.decide(case_id, DecisionInput(**said, reason="FP-20", clear_until=date(2099, 1, 1)), LENA)
    assert [error.field for error in refused.value.errors] == ["clear_until"]
    with pytest.raises(InvalidInput):
        await review.decide(case_id, DecisionInput(**said, reason="FP-21"), LENA)
    licensed = DecisionInput(**said, reason="FP-21", note="BIS licence D1234567")
    waiting = await review.decide(case_id, licensed, LENA)
    assert waiting.state is State.AWAITING_APPROVAL, "a stop takes two people"
    closed = await review.approve(case_id, ApprovalInput(version=2, approve=True), TOMAS)
    assert (closed.state, closed.result) == (State.CLOSED, Decision.FALSE_POSITIVE)
    assert [(record.kind.value, record.id, record.path) for record in closed.records] == [("deal", "01DEAL", "")]
    assert (await verify_database(database)).whole


async def test_the_same_deal_joins_its_open_case_and_what_was_decided_stays(
    review: ReviewService, database: Database
) -> None:
    async with Recorder(database) as recorder:
        first = await recorded(recorder, stopped())
        case_id = first.opened[0].case_id or ""
        ruling = DecisionInput(version=1, decision=Decision.FALSE_POSITIVE, reason="FP-20")
        await review.decide(case_id, ruling, LENA)
        again = await recorded(recorder, stopped(), "01DEAL2")
    assert [one.case_id for one in again.opened] == [case_id]
    assert again.opened[0].state is State.AWAITING_APPROVAL
    changed = stopped()
    other = changed.model_copy(update={"rules": changed.rules.model_copy(update={"hash": "f" * 64})})
    async with Recorder(database) as recorder:
        joined = await recorded(recorder, other, "01DEAL3")
    assert joined.opened[0].state is State.OPEN, "under other rules, it is decided anew"


@pytest.mark.parametrize("kind", [RECORD, SUBJECT])
async def test_an_erasure_of_the_deal_takes_its_parties_off_the_case(
    kind: str, review: ReviewService, database: Database
) -> None:
    assessment = stopped()
    async with Recorder(database) as recorder:
        done = await recorded(recorder, assessment)
    target = (kind, "01DEAL" if kind == RECORD else assessment.parties[0].name.casefold())
    async with database.write() as session:
        await erase(session, target, Grounds("asked for", "court order 7"), by=TOMAS, retention_years=10)
    async with database.read() as session:
        (row,) = (await session.execute(text("SELECT subject, about, folded FROM review_case"))).all()
    assert tuple(row) == (None, None, None)
    assert (await review.get(done.opened[0].case_id or "", LENA)).subject is None
