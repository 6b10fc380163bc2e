"""The console on the real app: a migrated database, a few hand-made listed entities in force, a signed-in browser."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from console_app import LISTED, Console, Server, make_keys, prepare, put_in_force, serving

from api.app import create_app
from core import logging
from core.database import Database
from core.settings import Settings
from lists.entity import ListedEntity


@pytest.fixture
def console_settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an app with a database of its own, without schedule."""
    return Settings(database_url=database_url, data_dir=tmp_path, schedule=False)


@pytest.fixture
def in_force() -> tuple[ListedEntity, ...]:
    """What is listed; a test module or class may say otherwise."""
    return LISTED


@pytest.fixture
async def console(console_settings: Settings, in_force: tuple[ListedEntity, ...]) -> AsyncIterator[Console]:
    """The console with its lists in force, not signed in."""
    logging.configure("CRITICAL")
    database = Database(console_settings.database)
    keys = await make_keys(database)
    await put_in_force(database, in_force)
    app = create_app(console_settings)
    origin = {"Origin": "http://caspian.test", "Accept": "text/html"}
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://caspian.test", headers=origin)
    async with app.router.lifespan_context(app), client:
        yield Console(app, database, client, keys)
    await database.dispose()


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The console behind uvicorn, in a thread of its own."""
    home = tmp_path_factory.mktemp("console")
    shutil.copyfile(sqlite_template, home / "caspian.sqlite")
    settings = Settings(data_dir=home, schedule=False, log_level="CRITICAL")
    keys = asyncio.run(prepare(settings))
    with serving(create_app(settings)) as address:
        yield Server(address, keys, settings)
