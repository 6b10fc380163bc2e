"""Batches and webhooks keep the idempotency key under which they were made.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the keys, each good once for whoever made it."""
    for table, actor in (("batch", "actor_id"), ("webhook", "created_by")):
        op.add_column(table, sa.Column("idempotency_key", sa.String(length=200), nullable=True))
        op.create_index(f"uq_{table}_idempotency", table, [actor, "idempotency_key"], unique=True)


def downgrade() -> None:
    """Records are kept at least ten years (31 CFR 501.601): the schema only goes forward."""
    raise NotImplementedError("restore a backup instead of going back")
