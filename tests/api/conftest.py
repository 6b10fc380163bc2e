"""The real app on a real, migrated database of each kind, with a few hand-made listed entities in force."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest
from made_lists import Door, fill, put_in_force

from api.app import create_app
from core import logging
from core.database import Database
from core.settings import Settings
from lists.source import discover
from screening.access import Role
from screening.keys import create_key


@asynccontextmanager
async def _open(settings: Settings, *, lists: bool) -> AsyncIterator[Door]:
    logging.configure("CRITICAL")  # what a test provokes on purpose is not for the terminal
    database = Database(settings.database)
    keys: dict[Role, str] = {}
    async with database.write() as session:
        for role in Role:
            keys[role], _ = await create_key(session, role=role, owner=f"The {role}")
    if lists:
        for source in (key for key, known in discover().items() if not known.optional):
            await put_in_force(database, fill(source), source, date(2026, 11, 23))
    await database.dispose()
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield Door(app, client, keys)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for a database of its own, without schedule."""
    return Settings(database_url=database_url, data_dir=tmp_path, schedule=False)


@pytest.fixture
async def empty_door(settings: Settings) -> AsyncIterator[Door]:
    """An app without any list."""
    async with _open(settings, lists=False) as door:
        yield door


@pytest.fixture
async def door(settings: Settings) -> AsyncIterator[Door]:
    """An app with four fresh lists of hand-made entities."""
    async with _open(settings, lists=True) as door:
        yield door
