"""Tables of casework. Moments are RFC 3339 text, as in `screening.records`.

`case_step` is the history: append-only (triggers refuse UPDATE and DELETE), each row the companion of an audit entry.
What a person wrote stands in that entry's payload and nowhere else, so that an erasure reaches it. The `subject`,
`about` and `folded` of `review_case` are the subject as the queue shows and searches it; they too can be erased.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, String, Text, text
from sqlmodel import Field, SQLModel

from core.columns import Serial

NOT_CLOSED = text("state <> 'closed'")
STANDING = text("ended_at IS NULL")


class ReviewCase(SQLModel, table=True):
    """A case. `version` counts up with every step: whoever acts names the version that was seen. `priority` is a rank,
    1 first; `result` what it came to, once closed. A subject (`fingerprint`) has at most one case that is not closed.
    """

    __tablename__ = "review_case"
    __table_args__ = (
        Index(
            "uq_review_case_open",
            "fingerprint",
            unique=True,
            sqlite_where=NOT_CLOSED,
            postgresql_where=NOT_CLOSED,
        ),
        Index("ix_review_case_queue", "priority", "due_at", "id"),
        Index("ix_review_case_state", "state", "priority", "due_at", "id"),
    )

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    fingerprint: str = Field(sa_column=Column(String(64), nullable=False, index=True))
    subject: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    about: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    folded: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    kind: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
    priority: int = Field(sa_column=Column(SmallInteger, nullable=False))
    state: str = Field(sa_column=Column(String(20), nullable=False))
    result: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
    opened_at: str = Field(sa_column=Column(String(27), nullable=False))
    due_at: str = Field(sa_column=Column(String(27), nullable=False))
    closed_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    assignee_id: str | None = Field(default=None, sa_column=Column(String(120), nullable=True))
    assignee_name: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    version: int = Field(sa_column=Column(Integer, nullable=False))


class CaseMatch(SQLModel, table=True):
    """A listed entity that a case is about, as last met (`screening.cases.case.Hit`), and what was decided of it."""

    __tablename__ = "case_match"
    __table_args__ = (Index("ix_case_match_entity", "entity_id"),)

    case_id: str = Field(sa_column=Column(String(26), primary_key=True))
    entity_id: str = Field(sa_column=Column(String(200), primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False))
    lists: str = Field(sa_column=Column(Text, nullable=False))
    version: str = Field(sa_column=Column(Text, nullable=False))
    score: int = Field(sa_column=Column(SmallInteger, nullable=False))
    name_score: int = Field(sa_column=Column(SmallInteger, nullable=False))
    identity: str = Field(sa_column=Column(String(20), nullable=False))
    outcome: str = Field(sa_column=Column(String(20), nullable=False))
    blocking: bool = Field(sa_column=Column(Boolean, nullable=False))
    low_priority: bool = Field(sa_column=Column(Boolean, nullable=False))
    decision: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
    reason: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
    decided_by: str | None = Field(default=None, sa_column=Column(String(120), nullable=True))
    decided_by_name: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    decided_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    pending: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    clear_until: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))


class CaseRecord(SQLModel, table=True):
    """A record that met one of the case's listed entities, and who asked for it. `path` is the party's place in a deal.

    `lists` and `matcher` say on which lists, and by which version of the matcher: for the alarm rates.
    """

    __tablename__ = "case_record"
    __table_args__ = (
        Index("ix_case_record_case", "case_id", "at"),
        Index("ix_case_record_asked_by", "asked_by"),
        Index("ix_case_record_at", "at"),
    )

    record_kind: str = Field(sa_column=Column(String(20), primary_key=True))
    record_id: str = Field(sa_column=Column(String(120), primary_key=True))
    case_id: str = Field(sa_column=Column(String(26), primary_key=True))
    path: str = Field(sa_column=Column(String(200), nullable=False))
    at: str = Field(sa_column=Column(String(27), nullable=False))
    asked_by: str = Field(sa_column=Column(String(120), nullable=False))
    asked_by_name: str = Field(sa_column=Column(String(200), nullable=False))
    lists: str = Field(sa_column=Column(Text, nullable=False))
    matcher: str = Field(sa_column=Column(String(40), nullable=False))


class CaseStep(SQLModel, table=True):
    """One step of a case's history, beside its audit entry. `details` is JSON, and names nobody."""

    __tablename__ = "case_step"
    __table_args__ = (
        Index("ix_case_step_case", "case_id", "audit_sequence"),
        Index("ix_case_step_at", "at"),
    )

    audit_sequence: int = Field(sa_column=Column(Serial, primary_key=True, autoincrement=False))
    case_id: str = Field(sa_column=Column(String(26), nullable=False))
    at: str = Field(sa_column=Column(String(27), nullable=False))
    actor_id: str = Field(sa_column=Column(String(120), nullable=False))
    actor_name: str = Field(sa_column=Column(String(200), nullable=False))
    actor_role: str = Field(sa_column=Column(String(20), nullable=False))
    action: str = Field(sa_column=Column(String(40), nullable=False))
    decision: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
    reason: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
    details: str = Field(sa_column=Column(Text, nullable=False))


class CaseEvidence(SQLModel, table=True):
    """A file attached to a case, by the SHA-256 of its bytes; they lie under the data directory."""

    __tablename__ = "case_evidence"

    case_id: str = Field(sa_column=Column(String(26), primary_key=True))
    sha256: str = Field(sa_column=Column(String(64), primary_key=True))
    name: str = Field(sa_column=Column(String(200), nullable=False))
    media_type: str = Field(sa_column=Column(String(100), nullable=False))
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    says: str = Field(sa_column=Column(Text, nullable=False))
    at: str = Field(sa_column=Column(String(27), nullable=False))
    actor_id: str = Field(sa_column=Column(String(120), nullable=False))
    actor_name: str = Field(sa_column=Column(String(200), nullable=False))
    audit_sequence: int = Field(sa_column=Column(BigInteger, nullable=False))


class ClearanceRow(SQLModel, table=True):
    """A false positive that holds for later alarms of the same subject, with this version of the listed entity, until a
    date. `identity` is what spoke for it when it was decided. It ends once: lapsed, replaced, or ended by a person.
    """

    __tablename__ = "clearance"
    __table_args__ = (
        Index(
            "uq_clearance_standing",
            "fingerprint",
            "entity_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_clearance_entity", "entity_id"),
        Index("ix_clearance_case", "case_id"),
    )

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    case_id: str = Field(sa_column=Column(String(26), nullable=False))
    fingerprint: str = Field(sa_column=Column(String(64), nullable=False))
    entity_id: str = Field(sa_column=Column(String(200), nullable=False))
    version: str = Field(sa_column=Column(Text, nullable=False))
    identity: str = Field(sa_column=Column(String(20), nullable=False))
    reason: str = Field(sa_column=Column(String(20), nullable=False))
    decided_by: str = Field(sa_column=Column(String(120), nullable=False))
    decided_by_name: str = Field(sa_column=Column(String(200), nullable=False))
    approved_by: str = Field(sa_column=Column(String(120), nullable=False))
    approved_by_name: str = Field(sa_column=Column(String(200), nullable=False))
    granted_at: str = Field(sa_column=Column(String(27), nullable=False))
    until: str = Field(sa_column=Column(String(27), nullable=False))
    audit_sequence: int = Field(sa_column=Column(BigInteger, nullable=False))
    ended_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    ended_why: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
