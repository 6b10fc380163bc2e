"""Tampering: what the audit log must find out, done to a database by whoever may do anything there."""

from sqlalchemy import text

from core.database import Database


async def tamper(database: Database, statement: str) -> None:
    """Do what only somebody with the database's own password can: past the triggers."""
    async with database.write() as session:
        if database.is_sqlite:
            triggers = await session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for name in triggers.scalars().all():
                await session.execute(text(f"DROP TRIGGER {name}"))
        else:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(statement))
