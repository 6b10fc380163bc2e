"""Tables of webhooks. Moments are RFC 3339 text, as in `screening.records`.

Neither table holds personal data: a delivery names a record and its audit entry, and nobody.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlmodel import Field, SQLModel


class Webhook(SQLModel, table=True):
    """An address that is told of `events` (parted by blanks). `seen` is the last audit entry it was told of, or that
    of its own creation.

    The secret is kept as it is, not as a hash: every delivery is signed with it.
    """

    __tablename__ = "webhook"
    __table_args__ = (Index("uq_webhook_idempotency", "created_by", "idempotency_key", unique=True),)

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    url: str = Field(sa_column=Column(String(500), nullable=False))
    events: str = Field(sa_column=Column(String(200), nullable=False))
    secret: str = Field(sa_column=Column(String(60), nullable=False))
    seen: int = Field(sa_column=Column(BigInteger, nullable=False))
    created_at: str = Field(sa_column=Column(String(27), nullable=False))
    created_by: str = Field(sa_column=Column(String(120), nullable=False))
    removed_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    idempotency_key: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))


class WebhookDelivery(SQLModel, table=True):
    """One event for one webhook. While it is `waiting` it is tried at `next_at`, and given up after `until`."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "sequence"),
        Index("ix_webhook_delivery_due", "webhook_id", "state", "next_at"),
        Index("ix_webhook_delivery_state", "state", "id"),
    )

    id: str = Field(sa_column=Column(String(26), primary_key=True))
    webhook_id: str = Field(sa_column=Column(String(26), ForeignKey("webhook.id"), nullable=False))
    event: str = Field(sa_column=Column(String(40), nullable=False))
    occurred_at: str = Field(sa_column=Column(String(27), nullable=False))
    record_id: str = Field(sa_column=Column(String(120), nullable=False))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False))
    entry_hash: str = Field(sa_column=Column(String(64), nullable=False))
    state: str = Field(sa_column=Column(String(20), nullable=False))
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    next_at: str = Field(sa_column=Column(String(27), nullable=False))
    until: str = Field(sa_column=Column(String(27), nullable=False))
    delivered_at: str | None = Field(default=None, sa_column=Column(String(27), nullable=True))
    said: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
