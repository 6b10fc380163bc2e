"""Column types that read the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Serial = BigInteger().with_variant(Integer, "sqlite")
"""A primary key the database counts up: 64 bits on both, but SQLite counts only a column declared INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware, in UTC. SQLite keeps no offset, so it is written as UTC and read back as UTC.

    Raises ValueError for a moment without an offset: nobody could say which one it is.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, as the driver stores it."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a moment needs its offset from UTC: {value!r}"
            raise ValueError(msg)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
