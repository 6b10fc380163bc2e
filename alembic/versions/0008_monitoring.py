"""Subjects that are kept under monitoring, and the list changes held against them.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "monitored_subject",
        sa.Column("number", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=120), nullable=False),
        sa.Column("owner_name", sa.String(length=200), nullable=False),
        sa.Column("owner_role", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.String(length=27), nullable=False),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_monitored_subject_owner", "monitored_subject", ["owner_id", "number"], unique=False)
    op.create_index("ix_monitored_subject_reference", "monitored_subject", ["reference"], unique=False)
    op.create_table(
        "rescreen",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=True),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.String(length=27), nullable=False),
        sa.Column("renewed_at", sa.String(length=27), nullable=False),
        sa.Column("finished_at", sa.String(length=27), nullable=True),
        sa.Column("entities", sa.Integer(), nullable=False),
        sa.Column("subjects", sa.BigInteger(), nullable=False),
        sa.Column("candidates", sa.BigInteger(), nullable=False),
        sa.Column("alarms", sa.BigInteger(), nullable=False),
        sa.Column("batches", sa.Text(), nullable=False),
        sa.Column("audit_sequence", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_rescreen_source", "rescreen", ["source", "id"], unique=False)


def downgrade() -> None:
    """Records are kept at least ten years (31 CFR 501.601): the schema only goes forward."""
    raise NotImplementedError("restore a backup instead of going back")
