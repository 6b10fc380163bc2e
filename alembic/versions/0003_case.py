"""Casework: cases with their matches, records, history and evidence, and clearances.

Revision 0003, after 0002. The history is append-only, as the audit log is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, and the triggers that keep the history."""
    _cases()
    _history()
    _clearances()
    _guard()


def downgrade() -> None:
    """Records are kept at least ten years (31 CFR 501.601): the schema only goes forward."""
    raise NotImplementedError("restore a backup instead of going back")


def _cases() -> None:
    op.create_table(
        "review_case",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=False),
        sa.Column("closed_at", sa.String(length=27), nullable=True),
        sa.Column("assignee_id", sa.String(length=120), nullable=True),
        sa.Column("assignee_name", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_review_case_fingerprint", "review_case", ["fingerprint"])
    op.create_index("ix_review_case_queue", "review_case", ["priority", "due_at", "id"])
    op.create_index("ix_review_case_state", "review_case", ["state", "priority", "due_at", "id"])
    op.create_index(
        "uq_review_case_open",
        "review_case",
        ["fingerprint"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "case_match",
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("entity_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lists", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("name_score", sa.SmallInteger(), nullable=False),
        sa.Column("identity", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("low_priority", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("decided_by_name", sa.String(length=200), nullable=True),
        sa.Column("decided_at", sa.String(length=27), nullable=True),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("clear_until", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "entity_id"),
    )
    op.create_index("ix_case_match_entity", "case_match", ["entity_id"])


def _history() -> None:
    op.create_table(
        "case_record",
        sa.Column("record_kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.String(length=120), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("lists", sa.Text(), nullable=False),
        sa.Column("matcher", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("record_kind", "record_id", "case_id"),
    )
    op.create_index("ix_case_record_asked_by", "case_record", ["asked_by"])
    op.create_index("ix_case_record_at", "case_record", ["at"])
    op.create_index("ix_case_record_case", "case_record", ["case_id", "at"])
    op.create_table(
        "case_step",
        sa.Column("audit_sequence", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("actor_role", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("audit_sequence"),
    )
    op.create_index("ix_case_step_at", "case_step", ["at"])
    op.create_index("ix_case_step_case", "case_step", ["case_id", "audit_sequence"])
    op.create_table(
        "case_evidence",
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("audit_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "sha256"),
    )


def _clearances() -> None:
    op.create_table(
        "clearance",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("entity_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("identity", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("approved_by_name", sa.String(length=200), nullable=False),
        sa.Column("granted_at", sa.String(length=27), nullable=False),
        sa.Column("until", sa.String(length=27), nullable=False),
        sa.Column("audit_sequence", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_clearance_case", "clearance", ["case_id"])
    op.create_index("ix_clearance_entity", "clearance", ["entity_id"])
    op.create_index(
        "uq_clearance_standing",
        "clearance",
        ["fingerprint", "entity_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for what, each in (("TRUNCATE", "STATEMENT"), ("UPDATE", "ROW"), ("DELETE", "ROW")):
            op.execute(
                f"CREATE TRIGGER case_step_refuses_{what.lower()} BEFORE {what} ON case_step FOR EACH {each} "
                "EXECUTE FUNCTION caspian_refuse()"
            )
        return
    same = "WHEN EXISTS (SELECT 1 FROM case_step WHERE audit_sequence = NEW.audit_sequence)"
    for what, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", same)):
        op.execute(
            f"CREATE TRIGGER case_step_refuses_{what.lower()} BEFORE {what} ON case_step {when} "
            f"BEGIN SELECT RAISE(ABORT, 'case_step is append-only: {what} refused'); END"
        )
