"""Views: cases and clearances as doors show them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from screening.cases.case import Decision, Priority, RecordKind, State
from screening.matching.result import Identity, Outcome


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class Person(_Frozen):
    """Somebody, by stable id and name."""

    id: str
    name: str


class DecidedView(_Frozen):
    """What was decided of a match, by whom. `pending`: it waits for a second person."""

    decision: Decision
    reason: str
    wording: str = Field(description="What the reason code says.")
    by: Person
    at: datetime
    pending: bool
    clear_until: datetime | None


class MatchView(_Frozen):
    """A listed entity that the subject met. `version` is what a clearance would be bound to.

    In a case about a deal it is a rule that speaks against the deal (`rule:US-P-004`): `name` is the reason, there is
    nothing to score, and nothing to clear ahead.
    """

    entity_id: str
    name: str
    lists: tuple[str, ...]
    version: str
    score: int
    name_score: int
    identity: Identity
    outcome: Outcome
    blocking: bool
    low_priority: bool
    decided: DecidedView | None


class CaseLine(_Frozen):
    """One case in the queue. `best` is its match that scores highest; `asked_by_you`: you asked for one of its records,
    so you neither take nor decide it.
    """

    id: str
    subject: str | None = Field(description="The name as it was asked; null when it was erased.")
    about: str | None = Field(description="What tells the subject apart, in short: birth date, numbers, countries.")
    kind: str | None = Field(description="What was asked as; `deal` where the subject is a deal.")
    priority: Priority
    state: State
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    assignee: Person | None
    version: int
    best: MatchView | None
    match_count: int
    result: Decision | None = Field(description="What it came to, once it is closed.")
    asked_by_you: bool


class RecordLink(_Frozen):
    """A record that met one of the case's entities, and who asked for it."""

    kind: RecordKind
    id: str
    path: str = Field(description="The party's place in a deal; else empty.")
    at: datetime
    asked_by: Person


class StepView(_Frozen):
    """One step of the history. `note` is null where nothing was written or where it was erased."""

    sequence: int = Field(description="Number of its audit entry.")
    at: datetime
    actor: Person
    role: str
    action: str
    decision: Decision | None
    reason: str | None
    wording: str | None
    note: str | None
    details: dict[str, Any]


class EvidenceView(_Frozen):
    """A file attached to a case."""

    sha256: str
    name: str
    media_type: str
    size: int
    says: str
    at: datetime
    by: Person
    audit_sequence: int


class ClearanceView(_Frozen):
    """A clearance. In force while `ended_at` is null and `until` has not passed."""

    id: str
    case_id: str
    subject: str | None
    entity_id: str
    entity_name: str
    version: str
    reason: str
    wording: str
    decided_by: Person
    approved_by: Person
    granted_at: datetime
    until: datetime
    in_force: bool
    ended_at: datetime | None
    ended_why: str | None
    audit_sequence: int


class CaseView(CaseLine):
    """A whole case. `may` names the steps that you may take now; `refused` says of the others why not."""

    matches: tuple[MatchView, ...]
    records: tuple[RecordLink, ...]
    steps: tuple[StepView, ...]
    evidence: tuple[EvidenceView, ...]
    clearances: tuple[ClearanceView, ...]
    may: tuple[str, ...]
    refused: dict[str, str]


class CasePage(_Frozen):
    """Cases, the most urgent first."""

    items: tuple[CaseLine, ...]
    next: str | None = Field(description="Pass as `cursor` for the next page; null on the last one.")


class ClearancePage(_Frozen):
    """Clearances, newest first."""

    items: tuple[ClearanceView, ...]
    next: str | None = Field(description="Pass as `cursor` for the next page; null on the last one.")


class ReasonView(_Frozen):
    """A reason code."""

    code: str
    decision: Decision
    about: str = Field(description="`entity` or `deal`: only for cases about the one; `any`.")
    wording: str
    needs_note: bool


class Reasons(_Frozen):
    """All reason codes."""

    items: tuple[ReasonView, ...]
