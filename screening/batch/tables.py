"""Tables of the work on batches: what a batch is, how far it is, and the rows that wait. Its record is elsewhere, in
`screening.records`: these rows may change and go, those never do.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class BatchRow(SQLModel, table=True):
    """A batch. `pinned` is JSON: the snapshots, the coverage and the policy that all of its rows are answered under."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("ix_batch_actor", "actor_id", "id"),
        Index("ix_batch_state", "state"),
        Index("uq_batch_idempotency", "actor_id", "idempotency_key", unique=True),
    )

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    created_at: str = Field(sa_column=Column(String(27), nullable=False))
    ended_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    actor_id: str = Field(sa_column=Column(String(120), nullable=False))
    actor_name: str = Field(sa_column=Column(String(200), nullable=False))
    actor_role: str = Field(sa_column=Column(String(20), nullable=False))
    file_name: str = Field(sa_column=Column(String(255), nullable=False))
    file_sha256: str = Field(sa_column=Column(String(64), nullable=False))
    columns: str = Field(sa_column=Column(Text, nullable=False))
    places: str = Field(sa_column=Column(Text, nullable=False))
    pinned: str = Field(sa_column=Column(Text, nullable=False))
    rows: int = Field(sa_column=Column(BigInteger, nullable=False))
    chunks: int = Field(sa_column=Column(Integer, nullable=False))
    state: str = Field(sa_column=Column(String(20), nullable=False))
    fault: str = Field(default="", sa_column=Column(Text, nullable=False))
    opens_cases: bool = Field(sa_column=Column(Boolean, nullable=False))
    idempotency_key: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))


class BatchMapping(SQLModel, table=True):
    """Which columns say what, kept under a name by whoever sends such files. `columns` is JSON: field to header."""

    __tablename__ = "batch_mapping"
    __table_args__ = (UniqueConstraint("actor_id", "name", name="uq_batch_mapping_name"),)

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    actor_id: str = Field(sa_column=Column(String(120), nullable=False))
    name: str = Field(sa_column=Column(String(100), nullable=False))
    columns: str = Field(sa_column=Column(Text, nullable=False))
    created_at: str = Field(sa_column=Column(String(27), nullable=False))


class Executor(SQLModel, table=True):
    """A process that takes batch work, and when it last said that it lives: what its lease rests on."""

    __tablename__ = "executor"

    id: str = Field(sa_column=Column(String(120), primary_key=True))
    seen_at: str = Field(sa_column=Column(String(27), nullable=False))


class BatchInput(SQLModel, table=True):
    """Rows that wait to be screened: a chunk of them, a JSON line each, compressed. It goes when its chunk is recorded,
    which then holds them.
    """

    __tablename__ = "batch_input"

    batch_id: str = Field(sa_column=Column(String(26), primary_key=True))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    packed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
