"""Migrations: bring a database to the schema of this version, once, whoever else tries at the same moment.

The whole run is one transaction on both databases, so a killed one leaves nothing half-done. A second process waits:
on SQLite for the write lock, on PostgreSQL for an advisory lock.
"""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, ProgrammingError

from core.database import BUSY_TIMEOUT_MS, Database, async_url

SCRIPTS = Path(__file__).resolve().parents[1] / "alembic"

MIGRATION_LOCK = 0x0CA5_B007
"""Number of the PostgreSQL advisory lock; any fixed number would do."""

LOCK_TIMEOUT = "10s"
"""A migration gives up rather than hold back everybody who queues behind it for a table."""

STATEMENT_TIMEOUT = "10min"


def sync_url(address: str) -> URL:
    """Return the address for a plain, synchronous engine. Raises ValueError as `core.database.async_url` does."""
    url = async_url(address)
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url


def upgrade(address: str) -> None:
    """Bring the database at `address` to the newest revision; nothing happens when it is there already.

    Raises what the driver raises when the database does not answer, or when a lock is not had in time.
    """
    url = sync_url(address)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with engine.begin() as connection:
            _take_lock(connection)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def expected() -> str:
    """Return the newest revision this version of Caspian knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError(f"there are no migrations in {SCRIPTS}")
    return head


async def current(database: Database) -> str | None:
    """Return the revision the database is at; None when it was never migrated."""
    try:
        async with database.read() as session:
            return (await session.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()
    except (OperationalError, ProgrammingError):
        await database.ping()  # no such table is one thing, no database another
        return None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _take_lock(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return  # SQLite's transaction is exclusive for writers from its BEGIN IMMEDIATE on
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
