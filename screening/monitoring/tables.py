"""Tables of monitoring. Moments are RFC 3339 text, as in `screening.records`.

A subject never changes: kept anew with other data, it is another one. `number` counts up without gaps, and its
thousands say in which segment of the reverse index it lies.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Text
from sqlmodel import Field, SQLModel

from core.columns import Serial


class MonitoredSubject(SQLModel, table=True):
    """A subject that is kept. `cells` is JSON: its values in the order of `screening.monitoring.subject.FIELDS`."""

    __tablename__ = "monitored_subject"
    __table_args__ = (
        Index("ix_monitored_subject_owner", "owner_id", "number"),
        Index("ix_monitored_subject_reference", "reference"),
    )

    number: int = Field(sa_column=Column(Serial, primary_key=True, autoincrement=False))
    id: str = Field(sa_column=Column(String(26), nullable=False, unique=True))
    owner_id: str = Field(sa_column=Column(String(120), nullable=False))
    owner_name: str = Field(sa_column=Column(String(200), nullable=False))
    owner_role: str = Field(sa_column=Column(String(20), nullable=False))
    reference: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    cells: str = Field(sa_column=Column(Text, nullable=False))
    kept_at: str = Field(sa_column=Column(String(27), nullable=False))
    ended_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))


class Rescreen(SQLModel, table=True):
    """One list change held against all kept subjects. `before` None: monitoring began with this edition.

    Whoever works at it renews `renewed_at`; when nobody has for a while, another takes it over.
    `batches` are the ids (parted by blanks) of the batches in which the subjects that it can touch were screened.
    """

    __tablename__ = "rescreen"
    __table_args__ = (Index("ix_rescreen_source", "source", "id"),)

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    source: str = Field(sa_column=Column(String(40), nullable=False))
    before: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    after: str = Field(sa_column=Column(String(64), nullable=False))
    state: str = Field(sa_column=Column(String(20), nullable=False))
    started_at: str = Field(sa_column=Column(String(27), nullable=False))
    renewed_at: str = Field(sa_column=Column(String(27), nullable=False))
    finished_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    entities: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    subjects: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    candidates: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    alarms: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    batches: str = Field(default="", sa_column=Column(Text, nullable=False))
    audit_sequence: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
