"""Migrations: they build what the models say, may run twice at once, and build a record that cannot be changed."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from core import migrations
from core.database import Database
from screening.access import Principal, Role
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append, erase_payload, seal

OFFICER = Principal("key:ck_officer", "Olga", Role.OFFICER)


@pytest.fixture
def _all_models() -> None:
    importlib.import_module("lists.tables")
    importlib.import_module("screening.batch.tables")
    importlib.import_module("screening.cases.tables")
    importlib.import_module("screening.monitoring.tables")
    importlib.import_module("screening.records")
    importlib.import_module("screening.webhooks.tables")


@pytest.mark.usefixtures("_all_models")
async def test_migrated_schema_equals_the_models(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_database_is_at_the_expected_revision(database: Database) -> None:
    assert await migrations.current(database) == migrations.expected()


async def test_a_database_never_migrated_has_no_revision(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert await migrations.current(empty) is None
    await empty.dispose()


def test_two_processes_may_migrate_at_once(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'new.sqlite'}"
    code = f"from core.migrations import upgrade; upgrade({address!r})"
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    errors = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], errors


async def _record(database: Database) -> None:
    async with database.write() as session:
        draft = Draft(
            Action.SCREENED,
            actor(OFFICER),
            "01TEST",
            outcome="clear",
            near_misses=(("ofac:36", 500),),
            payload=seal("Ivan", "{}", "{}"),
        )
        (entry,) = await append(session, [draft])
        for record in ("screening", "deal"):
            await session.execute(
                text(
                    f"INSERT INTO {record} (id, recorded_at, actor_id, actor_name, outcome, audit_sequence) "
                    "VALUES ('01TEST', :at, 'key:ck_officer', 'Olga', 'clear', 1)"
                ),
                {"at": entry.occurred_at},
            )
        columns = "audit_sequence, case_id, at, actor_id, actor_name, actor_role, action, details"
        await session.execute(
            text(
                f"INSERT INTO case_step ({columns}) VALUES (1, '01CASE', :at, 'key:o', 'Olga', 'officer', 'x', '{{}}')"
            ),
            {"at": entry.occurred_at},
        )


FORBIDDEN = [
    "UPDATE audit_entry SET outcome = 'match'",
    "DELETE FROM audit_entry",
    "UPDATE audit_payload SET subject = 'x'",
    "DELETE FROM audit_payload",
    "UPDATE audit_mention SET entity_id = 'ofac:1'",
    "DELETE FROM audit_mention",
    "UPDATE screening SET outcome = 'match'",
    "DELETE FROM screening",
    "UPDATE deal SET outcome = 'clear'",
    "DELETE FROM deal",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET hash = 'x'",
    "UPDATE audit_head SET sequence = 0",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_record_refuses_change(database: Database, statement: str) -> None:
    await _record(database)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as session:
            await session.execute(text(statement))


@pytest.mark.parametrize(
    "table", ["audit_entry", "audit_payload", "audit_mention", "audit_head", "screening", "deal", "case_step"]
)
async def test_postgresql_refuses_truncate(database: Database, table: str) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as session:
            await session.execute(text(f"TRUNCATE {table}"))


@pytest.mark.parametrize(
    "columns",
    ["audit_entry", "audit_payload", "screening", "deal", "case_step"],
    ids=lambda table: f"replace into {table}",
)
async def test_sqlite_refuses_to_replace(database: Database, columns: str) -> None:
    if not database.is_sqlite:
        pytest.skip("only SQLite has INSERT OR REPLACE")
    await _record(database)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as session:
            await session.execute(text(f"INSERT OR REPLACE INTO {columns} SELECT * FROM {columns}"))


async def test_a_payload_goes_only_with_its_erasure_recorded(database: Database) -> None:
    await _record(database)
    async with database.write() as session:
        await erase_payload(session, 1, OFFICER, "court order 12/2026")
    async with database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM audit_payload"))).scalar_one() == 0
