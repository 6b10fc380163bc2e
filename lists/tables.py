"""Tables of the lists floor: snapshots, the entities in them, what changed, and every check of a publisher.

A snapshot is immutable and named by its content. Which one is in force is a separate fact, an *activation*, so that
older content can come into force again and `as_of` can be answered for any past moment. An entity is stored once
per version; snapshots share it through intervals of snapshot numbers, so that a new snapshot costs its changes only.
Nothing here is ever updated, but for the end of a membership interval.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import Serial, UtcDateTime


class ListSnapshot(SQLModel, table=True):
    """One immutable edition of one list. `id` is the SHA-256 of its content (`lists.content.snapshot_id`).

    `number` counts the editions of one source from 1. `sample`: from the excerpt bundled with Caspian, not a list.
    """

    __tablename__ = "list_snapshot"
    __table_args__ = (UniqueConstraint("source", "number", name="uq_list_snapshot_source_number"),)

    id: str = Field(primary_key=True, max_length=64)
    source: str = Field(max_length=40)
    number: int
    published_on: date | None = None
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    file_sha256: str = Field(max_length=64)
    file_name: str = Field(sa_type=Text)
    origin: str = Field(sa_type=Text)
    format: str = Field(max_length=80)
    parser_version: str = Field(max_length=80)
    entity_count: int
    name_count: int
    sample: bool = False


class ListActivation(SQLModel, table=True):
    """The moment a snapshot came into force. The latest of a source is the one in force.

    `previous_snapshot_id` is what was in force before; the three counts say what changed against it.
    """

    __tablename__ = "list_activation"
    __table_args__ = (Index("ix_list_activation_source_sequence", "source", "sequence"),)

    sequence: int | None = Field(default=None, primary_key=True, sa_type=Serial)
    source: str = Field(max_length=40)
    snapshot_id: str = Field(foreign_key="list_snapshot.id", max_length=64)
    previous_snapshot_id: str | None = Field(default=None, foreign_key="list_snapshot.id", max_length=64)
    activated_at: datetime = Field(sa_type=UtcDateTime)
    added: int = 0
    changed: int = 0
    removed: int = 0


class EntityVersion(SQLModel, table=True):
    """One version of one listed entity. `hash` is the SHA-256 of `payload`, which is `lists.entity.to_json`."""

    __tablename__ = "entity_version"

    hash: str = Field(primary_key=True, max_length=64)
    entity_id: str = Field(index=True, max_length=200)
    source: str = Field(max_length=40)
    kind: str = Field(max_length=20)
    name: str = Field(sa_type=Text)
    payload: bytes = Field(sa_type=LargeBinary)


class ListMembership(SQLModel, table=True):
    """The snapshots of a source that hold an entity version: from number `from_number` to before `to_number`."""

    __tablename__ = "list_membership"
    __table_args__ = (
        ForeignKeyConstraint(["entity_hash"], ["entity_version.hash"], name="fk_list_membership_entity_hash"),
        Index("ix_list_membership_entity_hash", "entity_hash"),
    )

    source: str = Field(primary_key=True, max_length=40)
    entity_hash: str = Field(primary_key=True, max_length=64)
    from_number: int = Field(primary_key=True)
    to_number: int | None = None


class ListChange(SQLModel, table=True):
    """One entity added, changed or removed by one activation. `fields` is JSON: [{field, before, after}, …]."""

    __tablename__ = "list_change"
    __table_args__ = (
        Index("ix_list_change_source_id", "source", "id"),
        Index("ix_list_change_entity_id", "entity_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Serial)
    activation: int = Field(foreign_key="list_activation.sequence", index=True, sa_type=Serial)
    source: str = Field(max_length=40)
    entity_id: str = Field(max_length=200)
    kind: str = Field(max_length=20)
    name: str = Field(sa_type=Text)
    change: str = Field(max_length=10)
    fields: str = Field(sa_type=Text)


class ListCheck(SQLModel, table=True):
    """One look at a publisher or mirror, and how it ended: activated, unchanged, refused or failed.

    `snapshot_id` is the snapshot in force afterwards; `etag` and `last_modified` serve the next conditional request.
    """

    __tablename__ = "list_check"
    __table_args__ = (Index("ix_list_check_source_id", "source", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Serial)
    source: str = Field(max_length=40)
    checked_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str = Field(max_length=20)
    reason: str = Field(default="", sa_type=Text)
    url: str = Field(default="", sa_type=Text)
    etag: str | None = Field(default=None, sa_type=Text)
    last_modified: str | None = Field(default=None, sa_type=Text)
    file_sha256: str | None = Field(default=None, max_length=64)
    snapshot_id: str | None = Field(default=None, foreign_key="list_snapshot.id", max_length=64)
