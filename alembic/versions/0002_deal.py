"""Recorded deals: append-only, as screenings are.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table with the triggers that refuse to change it."""
    op.create_table(
        "deal",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("audit_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("actor_id", "idempotency_key", name="uq_deal_idempotency"),
        sa.UniqueConstraint("audit_sequence"),
    )
    op.create_index("ix_deal_actor", "deal", ["actor_id", "id"], unique=False)
    op.create_index("ix_deal_reference", "deal", ["reference"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for what, each in (("TRUNCATE", "STATEMENT"), ("UPDATE", "ROW"), ("DELETE", "ROW")):
            op.execute(
                f"CREATE TRIGGER deal_refuses_{what.lower()} BEFORE {what} ON deal FOR EACH {each} "
                "EXECUTE FUNCTION caspian_refuse()"
            )
        return
    same = "WHEN EXISTS (SELECT 1 FROM deal WHERE id = NEW.id OR audit_sequence = NEW.audit_sequence)"
    for what, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", same)):
        op.execute(
            f"CREATE TRIGGER deal_refuses_{what.lower()} BEFORE {what} ON deal {when} "
            f"BEGIN SELECT RAISE(ABORT, 'deal is append-only: {what} refused'); END"
        )


def downgrade() -> None:
    """Records are kept at least ten years (31 CFR 501.601): the schema only goes forward."""
    raise NotImplementedError("restore a backup instead of going back")
