"""Executors: the processes that take work, each with the moment at which it last said that it lives.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "executor",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("seen_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Records are kept at least ten years (31 CFR 501.601): the schema only goes forward."""
    raise NotImplementedError("restore a backup instead of going back")
