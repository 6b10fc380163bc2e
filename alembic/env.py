"""Alembic's entry: which tables there are, and how a migration runs. The connection comes from `core.migrations`."""

from typing import Any

from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import lists.tables
import screening.batch.tables
import screening.cases.tables
import screening.monitoring.tables
import screening.records
import screening.webhooks.tables
from core.columns import UtcDateTime
from core.migrations import sync_url
from core.settings import Settings

TABLES = (
    lists.tables,
    screening.batch.tables,
    screening.cases.tables,
    screening.records,
    screening.monitoring.tables,
    screening.webhooks.tables,
)
"""Imported so that their tables are known."""


def render_item(kind: str, item: Any, _autogen: object) -> str | bool:
    """Write our own column types as plain ones: a migration must not change when our code does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Any) -> None:
    """Run the migrations on one connection, in the transaction its owner opened."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        render_item=render_item,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:  # the developer's `alembic` command
    with create_engine(sync_url(Settings().database)).begin() as own:
        run(own)
