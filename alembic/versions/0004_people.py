"""People who sign in, sessions of theirs, and keys that are rotated.

Revision 0004, after 0003. Console sessions open at the time end: whoever is signed in signs in again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the people, make the sessions anew, and give keys a former secret."""
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("sign_in_name", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_temporary", sa.Boolean(), nullable=False),
        sa.Column("password_set_at", sa.String(length=27), nullable=True),
        sa.Column("provider_subject", sa.String(length=600), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("disabled_at", sa.String(length=27), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.String(length=27), nullable=True),
        sa.Column("last_signed_in_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sign_in_name"),
        sa.UniqueConstraint("provider_subject"),
    )
    op.drop_table("console_session")
    op.create_table(
        "console_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=True),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("seen_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_console_session_key_id"), "console_session", ["key_id"], unique=False)
    op.create_index(op.f("ix_console_session_person_id"), "console_session", ["person_id"], unique=False)
    with op.batch_alter_table("api_key") as keys:
        keys.add_column(sa.Column("rotated_at", sa.String(length=27), nullable=True))
        keys.add_column(sa.Column("former_hash", sa.String(length=64), nullable=True))
        keys.add_column(sa.Column("former_until", sa.String(length=27), nullable=True))
        keys.create_unique_constraint("uq_api_key_former_hash", ["former_hash"])


def downgrade() -> None:
    """Records are kept at least ten years (31 CFR 501.601): the schema only goes forward."""
    raise NotImplementedError("restore a backup instead of going back")
