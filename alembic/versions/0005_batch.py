"""Batches: the work on them, and their recorded chunks, append-only as screenings are.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

NOT_ERASED = (
    "NOT EXISTS (SELECT 1 FROM audit_entry WHERE action = 'payload_erased' AND record_id = CAST(OLD.sequence AS TEXT))"
)
"""The rows of a chunk go only when an entry `payload_erased` that names its entry has been written before."""


def upgrade() -> None:
    """Create the tables with the triggers that refuse to change what is recorded."""
    _work()
    _record()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Records are kept at least ten years (31 CFR 501.601): the schema only goes forward."""
    raise NotImplementedError("restore a backup instead of going back")


def _work() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("actor_role", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("opens_cases", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_batch_actor", "batch", ["actor_id", "id"], unique=False)
    op.create_index("ix_batch_state", "batch", ["state"], unique=False)
    op.create_table(
        "batch_input",
        sa.Column("batch_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "number"),
    )


def _record() -> None:
    op.create_table(
        "batch_chunk",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("audit_sequence", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("last_row", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("actor_id", "idempotency_key", name="uq_batch_chunk_idempotency"),
        sa.UniqueConstraint("batch_id", "number", name="uq_batch_chunk_number"),
        sa.UniqueConstraint("audit_sequence"),
    )
    op.create_table(
        "batch_rows",
        sa.Column("sequence", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )


def _guard_postgresql() -> None:
    for table, delete in (("batch_chunk", "caspian_refuse"), ("batch_rows", "caspian_refuse_unless_erased")):
        for what, each, function in (
            ("TRUNCATE", "STATEMENT", "caspian_refuse"),
            ("UPDATE", "ROW", "caspian_refuse"),
            ("DELETE", "ROW", delete),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{what.lower()} BEFORE {what} ON {table} FOR EACH {each} "
                f"EXECUTE FUNCTION {function}()"
            )


def _guard_sqlite() -> None:
    # INSERT OR REPLACE removes the old row without firing a DELETE trigger
    same_chunk = (
        "EXISTS (SELECT 1 FROM batch_chunk WHERE id = NEW.id OR audit_sequence = NEW.audit_sequence "
        "OR (batch_id = NEW.batch_id AND number = NEW.number))"
    )
    for table, what, when in (
        ("batch_chunk", "UPDATE", ""),
        ("batch_chunk", "DELETE", ""),
        ("batch_chunk", "INSERT", same_chunk),
        ("batch_rows", "UPDATE", ""),
        ("batch_rows", "DELETE", NOT_ERASED),
        ("batch_rows", "INSERT", "EXISTS (SELECT 1 FROM batch_rows WHERE sequence = NEW.sequence)"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{what.lower()} BEFORE {what} ON {table} "
            f"{f'WHEN {when} ' if when else ''}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {what} refused'); END"
        )
