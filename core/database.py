"""Database: the engine, the session, and the only commit.

Reads use `Database.read()`, writes `Database.write()`: the block commits when it ends and rolls back when it raises.
SQLite runs in WAL mode with full synchronisation; a write block begins IMMEDIATE, so that two writers queue
instead of failing half-way. PostgreSQL needs nothing but its address.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite writer waits for another before it gives up. An import holds the lock for a few seconds."""

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def async_url(address: str) -> URL:
    """Return the SQLAlchemy address for `sqlite:///…` or `postgresql://…`. Raises ValueError for any other kind."""
    url = make_url(address)
    backend = url.get_backend_name()
    if backend not in DRIVERS:
        msg = f"CASPIAN_DATABASE_URL begins with {backend!r}; it must begin with sqlite:/// or postgresql://"
        raise ValueError(msg)
    return url.set(drivername=DRIVERS[backend])


class Database:
    """One database: an engine and the two kinds of session on it."""

    def __init__(self, address: str, *, pool_size: int = 10) -> None:
        self.url = async_url(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        # hidden, because a failing statement's message would quote names and key hashes, and end in a log
        self.engine = create_async_engine(self.url, pool_size=pool_size, max_overflow=pool_size, hide_parameters=True)
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for queries; nothing it does is kept. What it loaded stays readable afterwards."""
        async with self._sessions() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose block is one transaction: committed when the block ends, rolled back when it raises."""
        async with self._sessions() as session:
            await session.connection(execution_options={"caspian_write": True})
            yield session
            await session.commit()

    async def ping(self) -> None:
        """Raise what the driver raises if the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` event below begins the transaction, not the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    mode = "IMMEDIATE" if connection.get_execution_options().get("caspian_write") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")
