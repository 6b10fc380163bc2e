"""Tables of the record: the audit log with what stands beside it, screenings, deals, chunks of batches, keys, people,
sessions.

Moments are RFC 3339 text in UTC with microseconds (`core.clock.iso`): they sort as they stand, are the same on SQLite
and PostgreSQL, and are byte for byte what the audit entry says. Triggers (in the migrations) refuse UPDATE and DELETE.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from core.columns import Serial


class AuditEntry(SQLModel, table=True):
    """One entry: `body` is its canonical JSON; every other column is derived from it, for filters, and verified."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_occurred_at", "occurred_at"),
        Index("ix_audit_entry_actor", "actor_id", "sequence"),
        Index("ix_audit_entry_action", "action", "sequence"),
        Index("ix_audit_entry_outcome", "outcome", "sequence"),
        Index("ix_audit_entry_record", "record_id", "sequence"),
    )

    sequence: int = Field(sa_column=Column(Serial, primary_key=True, autoincrement=False))
    occurred_at: str = Field(sa_column=Column(String(27), nullable=False))
    actor_id: str = Field(sa_column=Column(String(120), nullable=False))
    action: str = Field(sa_column=Column(String(40), nullable=False))
    outcome: str | None = Field(default=None, sa_column=Column(String(20), nullable=True))
    record_id: str = Field(sa_column=Column(String(120), nullable=False))
    commitment: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    prev_hash: str = Field(sa_column=Column(String(64), nullable=False))
    hash: str = Field(sa_column=Column(String(64), nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))


class AuditPayload(SQLModel, table=True):
    """The personal part of an entry, bound to it by its commitment. `subject` is the folded name, for search."""

    __tablename__ = "audit_payload"
    __table_args__ = (Index("ix_audit_payload_subject", "subject", "sequence"),)

    sequence: int = Field(sa_column=Column(Serial, primary_key=True, autoincrement=False))
    salt: str = Field(sa_column=Column(String(64), nullable=False))
    subject: str = Field(sa_column=Column(String(600), nullable=False))
    asked: str = Field(sa_column=Column(Text, nullable=False))
    answered: str = Field(sa_column=Column(Text, nullable=False))


class AuditMention(SQLModel, table=True):
    """A listed entity that an entry names, as match or near-miss: "who met ofac:36, and when"."""

    __tablename__ = "audit_mention"
    __table_args__ = (Index("ix_audit_mention_entity", "entity_id", "sequence"), {"sqlite_with_rowid": False})

    sequence: int = Field(sa_column=Column(Serial, primary_key=True, autoincrement=False))
    entity_id: str = Field(sa_column=Column(String(120), primary_key=True))
    mention: str = Field(sa_column=Column(String(10), primary_key=True))


class AuditHead(SQLModel, table=True):
    """Where the chain ends: one row, written with every append. A cut at the end disagrees with it."""

    __tablename__ = "audit_head"

    id: int = Field(sa_column=Column(Serial, primary_key=True, autoincrement=False))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False))
    hash: str = Field(sa_column=Column(String(64), nullable=False))


class ScreeningRow(SQLModel, table=True):
    """A recorded screening. What was asked and answered is its entry's payload, word for word."""

    __tablename__ = "screening"
    __table_args__ = (
        UniqueConstraint("actor_id", "idempotency_key", name="uq_screening_idempotency"),
        Index("ix_screening_actor", "actor_id", "id"),
        Index("ix_screening_reference", "reference"),
    )

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    recorded_at: str = Field(sa_column=Column(String(27), nullable=False))
    actor_id: str = Field(sa_column=Column(String(120), nullable=False))
    actor_name: str = Field(sa_column=Column(String(200), nullable=False))
    reference: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    outcome: str = Field(sa_column=Column(String(20), nullable=False))
    idempotency_key: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    audit_sequence: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))


class DealRow(SQLModel, table=True):
    """A recorded deal; `outcome` is the verdict. What was asked and answered is its entry's payload, word for word."""

    __tablename__ = "deal"
    __table_args__ = (
        UniqueConstraint("actor_id", "idempotency_key", name="uq_deal_idempotency"),
        Index("ix_deal_actor", "actor_id", "id"),
        Index("ix_deal_reference", "reference"),
    )

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    recorded_at: str = Field(sa_column=Column(String(27), nullable=False))
    actor_id: str = Field(sa_column=Column(String(120), nullable=False))
    actor_name: str = Field(sa_column=Column(String(200), nullable=False))
    reference: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    outcome: str = Field(sa_column=Column(String(20), nullable=False))
    idempotency_key: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    audit_sequence: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))


class BatchChunk(SQLModel, table=True):
    """A recorded chunk of a batch; `outcome` is its gravest row's. Its rows are in `batch_rows`, under the Merkle root
    that its audit entry names. `counts` is canonical JSON: rows by outcome, and those that could not be read.
    """

    __tablename__ = "batch_chunk"
    __table_args__ = (
        UniqueConstraint("actor_id", "idempotency_key", name="uq_batch_chunk_idempotency"),
        UniqueConstraint("batch_id", "number", name="uq_batch_chunk_number"),
    )

    id: str = Field(sa_column=Column(String(40), primary_key=True))
    recorded_at: str = Field(sa_column=Column(String(27), nullable=False))
    actor_id: str = Field(sa_column=Column(String(120), nullable=False))
    actor_name: str = Field(sa_column=Column(String(200), nullable=False))
    reference: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    outcome: str = Field(sa_column=Column(String(20), nullable=False))
    idempotency_key: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    audit_sequence: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    batch_id: str = Field(sa_column=Column(String(26), nullable=False))
    number: int = Field(sa_column=Column(Integer, nullable=False))
    first_row: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_row: int = Field(sa_column=Column(BigInteger, nullable=False))
    root: str = Field(sa_column=Column(String(64), nullable=False))
    counts: str = Field(sa_column=Column(Text, nullable=False))


class BatchRows(SQLModel, table=True):
    """The personal part of a chunk's entry: its rows as asked and answered, canonical JSON, a line each, compressed."""

    __tablename__ = "batch_rows"

    sequence: int = Field(sa_column=Column(Serial, primary_key=True, autoincrement=False))
    salt: str = Field(sa_column=Column(String(64), nullable=False))
    packed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LegalHold(SQLModel, table=True):
    """What may not be erased until the hold is lifted: `target` is a record's id or a subject's folded name."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index("ix_legal_hold_target", "target"),)

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    kind: str = Field(sa_column=Column(String(10), nullable=False))
    target: str = Field(sa_column=Column(String(600), nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    placed_at: str = Field(sa_column=Column(String(27), nullable=False))
    placed_by: str = Field(sa_column=Column(String(120), nullable=False))
    lifted_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    lifted_by: str | None = Field(default=None, sa_column=Column(String(120), nullable=True))


class ApiKey(SQLModel, table=True):
    """A key, by the hash of its secret. `id` is the part that is shown (`ck_3f9a2b1c04`) and never a secret.

    `former_hash` is the secret before the last rotation, good until `former_until`.
    """

    __tablename__ = "api_key"

    id: str = Field(sa_column=Column(String(40), primary_key=True))
    secret_hash: str = Field(sa_column=Column(String(64), nullable=False, unique=True))
    role: str = Field(sa_column=Column(String(20), nullable=False))
    owner: str = Field(sa_column=Column(String(200), nullable=False))
    created_at: str = Field(sa_column=Column(String(27), nullable=False))
    expires_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    revoked_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    last_used_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    rotated_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    former_hash: str | None = Field(default=None, sa_column=Column(String(64), nullable=True, unique=True))
    former_until: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))


class Person(SQLModel, table=True):
    """Someone who signs in to the console, with a password or through an identity provider (`provider_subject`).

    `sign_in_name` is folded, so that it is unique however it is written. `failures` are those in a row.
    """

    __tablename__ = "person"

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    sign_in_name: str = Field(sa_column=Column(String(80), nullable=False, unique=True))
    name: str = Field(sa_column=Column(String(200), nullable=False))
    role: str = Field(sa_column=Column(String(20), nullable=False))
    password_hash: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    password_temporary: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    password_set_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    provider_subject: str | None = Field(default=None, sa_column=Column(String(600), nullable=True, unique=True))
    created_at: str = Field(sa_column=Column(String(27), nullable=False))
    disabled_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    failures: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    held_until: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    last_signed_in_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))


class ConsoleSession(SQLModel, table=True):
    """A signed-in browser, by the hash of its cookie, of a key or of a person; it ends with that."""

    __tablename__ = "console_session"

    token_hash: str = Field(sa_column=Column(String(64), primary_key=True))
    key_id: str | None = Field(default=None, sa_column=Column(String(40), nullable=True, index=True))
    person_id: str | None = Field(default=None, sa_column=Column(String(26), nullable=True, index=True))
    created_at: str = Field(sa_column=Column(String(27), nullable=False))
    seen_at: str = Field(sa_column=Column(String(27), nullable=False))
    expires_at: str = Field(sa_column=Column(String(27), nullable=False))


def table(name: str) -> Table:
    """Return one of these tables for statements that write many rows at once. Raises KeyError for an unknown name."""
    return SQLModel.metadata.tables[name]
