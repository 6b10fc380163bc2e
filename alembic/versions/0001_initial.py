"""The first schema: lists, the audit log and screenings (append-only), keys and console sessions.

Revision 0001. The triggers refuse what no part of Caspian does: changing or removing what is recorded.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = ("audit_entry", "audit_mention", "screening")
"""Tables whose rows are never changed and never removed."""

ERASABLE = "audit_payload"
"""Never changed; a row goes only when an entry `payload_erased` that names it has been written before."""

HEAD = "audit_head"
"""Moves forward only."""


def upgrade() -> None:
    """Create everything."""
    _list_editions()
    _list_events()
    _audit()
    _records()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Records are kept at least ten years (31 CFR 501.601): the schema only goes forward."""
    raise NotImplementedError("restore a backup instead of going back")


def _list_editions() -> None:
    op.create_table(
        "list_snapshot",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=80), nullable=False),
        sa.Column("parser_version", sa.String(length=80), nullable=False),
        sa.Column("entity_count", sa.Integer(), nullable=False),
        sa.Column("name_count", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "number", name="uq_list_snapshot_source_number"),
    )
    op.create_table(
        "list_activation",
        sa.Column("sequence", SEQUENCE, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("snapshot_id", sa.String(length=64), nullable=False),
        sa.Column("previous_snapshot_id", sa.String(length=64), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["previous_snapshot_id"],
            ["list_snapshot.id"],
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["list_snapshot.id"],
        ),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("ix_list_activation_source_sequence", "list_activation", ["source", "sequence"], unique=False)
    op.create_table(
        "entity_version",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("entity_id", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index(op.f("ix_entity_version_entity_id"), "entity_version", ["entity_id"], unique=False)
    op.create_table(
        "list_membership",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("entity_hash", sa.String(length=64), nullable=False),
        sa.Column("from_number", sa.Integer(), nullable=False),
        sa.Column("to_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["entity_hash"], ["entity_version.hash"], name="fk_list_membership_entity_hash"),
        sa.PrimaryKeyConstraint("source", "entity_hash", "from_number"),
    )
    op.create_index("ix_list_membership_entity_hash", "list_membership", ["entity_hash"], unique=False)


def _list_events() -> None:
    op.create_table(
        "list_change",
        sa.Column("id", SEQUENCE, nullable=False),
        sa.Column("activation", SEQUENCE, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("change", sa.String(length=10), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activation"],
            ["list_activation.sequence"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_list_change_activation"), "list_change", ["activation"], unique=False)
    op.create_index("ix_list_change_entity_id", "list_change", ["entity_id"], unique=False)
    op.create_index("ix_list_change_source_id", "list_change", ["source", "id"], unique=False)
    op.create_table(
        "list_check",
        sa.Column("id", SEQUENCE, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("snapshot_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["list_snapshot.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_list_check_source_id", "list_check", ["source", "id"], unique=False)


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("sequence", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("occurred_at", sa.String(length=27), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("record_id", sa.String(length=120), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("ix_audit_entry_action", "audit_entry", ["action", "sequence"], unique=False)
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor_id", "sequence"], unique=False)
    op.create_index("ix_audit_entry_occurred_at", "audit_entry", ["occurred_at"], unique=False)
    op.create_index("ix_audit_entry_outcome", "audit_entry", ["outcome", "sequence"], unique=False)
    op.create_index("ix_audit_entry_record", "audit_entry", ["record_id", "sequence"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "audit_mention",
        sa.Column("sequence", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("entity_id", sa.String(length=120), nullable=False),
        sa.Column("mention", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("sequence", "entity_id", "mention"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audit_mention_entity", "audit_mention", ["entity_id", "sequence"], unique=False)
    op.create_table(
        "audit_payload",
        sa.Column("sequence", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=600), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("answered", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("ix_audit_payload_subject", "audit_payload", ["subject", "sequence"], unique=False)


def _records() -> None:
    op.create_table(
        "screening",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("audit_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("actor_id", "idempotency_key", name="uq_screening_idempotency"),
        sa.UniqueConstraint("audit_sequence"),
    )
    op.create_index("ix_screening_actor", "screening", ["actor_id", "id"], unique=False)
    op.create_index("ix_screening_reference", "screening", ["reference"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=True),
        sa.Column("revoked_at", sa.String(length=27), nullable=True),
        sa.Column("last_used_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    op.create_table(
        "console_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_console_session_key_id"), "console_session", ["key_id"], unique=False)


def _guard_sqlite() -> None:
    for table in APPEND_ONLY:
        _refuse_sqlite(table, "UPDATE")
        _refuse_sqlite(table, "DELETE")
    # INSERT OR REPLACE removes the old row without firing a DELETE trigger
    for table, same in (
        ("audit_entry", "SELECT 1 FROM audit_entry WHERE sequence = NEW.sequence"),
        ("audit_payload", "SELECT 1 FROM audit_payload WHERE sequence = NEW.sequence"),
        ("screening", "SELECT 1 FROM screening WHERE id = NEW.id OR audit_sequence = NEW.audit_sequence"),
    ):
        _refuse_sqlite(table, "INSERT", f"EXISTS ({same})")
    _refuse_sqlite(ERASABLE, "UPDATE")
    _refuse_sqlite(
        ERASABLE,
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM audit_entry WHERE action = 'payload_erased' "
        "AND record_id = CAST(OLD.sequence AS TEXT))",
    )
    _refuse_sqlite(HEAD, "DELETE")
    _refuse_sqlite(HEAD, "UPDATE", "NEW.id <> OLD.id OR NEW.sequence <= OLD.sequence")
    _refuse_sqlite(HEAD, "INSERT", "EXISTS (SELECT 1 FROM audit_head)")


def _refuse_sqlite(table: str, what: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuses_{what.lower()} BEFORE {what} ON {table} "
        f"{f'WHEN {when} ' if when else ''}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {what} refused'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION caspian_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END $$"
    )
    op.execute(
        "CREATE FUNCTION caspian_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM audit_entry WHERE action = 'payload_erased' "
        "AND record_id = CAST(OLD.sequence AS TEXT)) THEN "
        "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END IF; RETURN OLD; END $$"
    )
    for table in (*APPEND_ONLY, ERASABLE, HEAD):
        _refuse_postgresql(table, "TRUNCATE", each="STATEMENT")
    for table in APPEND_ONLY:
        _refuse_postgresql(table, "UPDATE")
        _refuse_postgresql(table, "DELETE")
    _refuse_postgresql(ERASABLE, "UPDATE")
    _refuse_postgresql(ERASABLE, "DELETE", function="caspian_refuse_unless_erased")
    _refuse_postgresql(HEAD, "DELETE")
    _refuse_postgresql(HEAD, "UPDATE", when="NEW.id <> OLD.id OR NEW.sequence <= OLD.sequence")


def _refuse_postgresql(
    table: str, what: str, *, each: str = "ROW", when: str = "", function: str = "caspian_refuse"
) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuses_{what.lower()} BEFORE {what} ON {table} FOR EACH {each} "
        f"{f'WHEN ({when}) ' if when else ''}EXECUTE FUNCTION {function}()"
    )
