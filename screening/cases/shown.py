"""Shown: rows of casework as views."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from screening.access import Principal
from screening.cases.case import Decided, Match, Priority
from screening.cases.reasons import reasons
from screening.cases.rules import Facts
from screening.cases.tables import CaseEvidence, CaseRecord, ClearanceRow, ReviewCase
from screening.cases.views import (
    CaseLine,
    ClearanceView,
    DecidedView,
    EvidenceView,
    MatchView,
    Person,
    RecordLink,
    StepView,
)


def line(case: ReviewCase, facts: Facts, who: Principal) -> CaseLine:
    """Return a case as the queue shows it to this person. Its matches come with the best first."""
    matches = sorted(facts.matches, key=lambda one: -one.hit.score)
    return CaseLine(
        id=case.id,
        subject=case.subject,
        about=case.about,
        kind=case.kind,
        priority=Priority.of_rank(case.priority),
        state=facts.state,
        opened_at=datetime.fromisoformat(case.opened_at),
        due_at=datetime.fromisoformat(case.due_at),
        closed_at=moment(case.closed_at),
        assignee=None if facts.assignee is None else Person(id=facts.assignee[0], name=facts.assignee[1]),
        version=case.version,
        best=match(matches[0]) if matches else None,
        match_count=len(matches),
        result=case.result,
        asked_by_you=facts.asked_by(who),
    )


def match(one: Match) -> MatchView:
    """Return a match with what was decided of it."""
    return MatchView(**asdict(one.hit), decided=None if one.decided is None else _decided(one.decided))


def link(row: CaseRecord) -> RecordLink:
    """Return a record of a case."""
    return RecordLink(
        kind=row.record_kind,
        id=row.record_id,
        path=row.path,
        at=datetime.fromisoformat(row.at),
        asked_by=Person(id=row.asked_by, name=row.asked_by_name),
    )


def step(row: Any) -> StepView:
    """Return a row of `case_step`, joined with its entry's payload (`asked` is the note)."""
    return StepView(
        sequence=row.audit_sequence,
        at=datetime.fromisoformat(row.at),
        actor=Person(id=row.actor_id, name=row.actor_name),
        role=row.actor_role,
        action=row.action,
        decision=row.decision,
        reason=row.reason,
        wording=None if row.reason is None else wording(row.reason),
        note=row.asked or None,
        details=json.loads(row.details),
    )


def evidence(row: CaseEvidence) -> EvidenceView:
    """Return an attached file."""
    return EvidenceView(
        sha256=row.sha256,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        says=row.says,
        at=datetime.fromisoformat(row.at),
        by=Person(id=row.actor_id, name=row.actor_name),
        audit_sequence=row.audit_sequence,
    )


def clearance(row: ClearanceRow, subject: str | None, entity_name: str, now: str) -> ClearanceView:
    """Return a clearance, in force or not at the moment `now`."""
    return ClearanceView(
        id=row.id,
        case_id=row.case_id,
        subject=subject,
        entity_id=row.entity_id,
        entity_name=entity_name,
        version=row.version,
        reason=row.reason,
        wording=wording(row.reason),
        decided_by=Person(id=row.decided_by, name=row.decided_by_name),
        approved_by=Person(id=row.approved_by, name=row.approved_by_name),
        granted_at=datetime.fromisoformat(row.granted_at),
        until=datetime.fromisoformat(row.until),
        in_force=row.ended_at is None and row.until > now,
        ended_at=moment(row.ended_at),
        ended_why=row.ended_why,
        audit_sequence=row.audit_sequence,
    )


def wording(code: str) -> str:
    """Return what a reason code says; the code itself where a later table no longer has it."""
    known = reasons().get(code)
    return code if known is None else known.wording


def moment(text: str | None) -> datetime | None:
    """Return a kept moment."""
    return None if text is None else datetime.fromisoformat(text)


def _decided(said: Decided) -> DecidedView:
    return DecidedView(
        decision=said.decision,
        reason=said.reason,
        wording=wording(said.reason),
        by=Person(id=said.by, name=said.by_name),
        at=datetime.fromisoformat(said.at),
        pending=said.pending,
        clear_until=moment(said.clear_until),
    )
