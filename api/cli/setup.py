"""Setup: what every command needs before it does its own work: settings, a migrated database, the services."""

import asyncio
import getpass
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import ValidationError

from api.deps import Services, open_services
from api.metrics import Metrics
from core import logging, migrations
from core.database import Database
from core.errors import FieldError, InvalidInput
from core.settings import Settings
from lists.content import software_version
from screening.access import Principal, Role
from screening.live_index import LiveIndex
from screening.matching.index import ListIndex


def read_settings(*, serving: bool = False) -> Settings:
    """Return the settings of the environment and set up logging. Raises InvalidInput naming the bad variable.

    A command that is not `serving` prints its own result, so that of the log only warnings are shown.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        fields = [
            FieldError("CASPIAN_" + "__".join(str(part).upper() for part in problem["loc"]), problem["msg"])
            for problem in error.errors()
        ]
        raise InvalidInput("the settings cannot be read", fields) from error
    level = settings.log_level if serving or "log_level" in settings.model_fields_set else "WARNING"
    logging.configure(level, as_json=settings.log_json)
    return settings


def operator() -> Principal:
    """Return who runs this command: the machine's user. Whoever can run it can already read the database."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        user = str(os.getuid())
    return Principal(f"cli:{user}", user, Role.ADMIN)


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the database, migrated to what this version expects, and close it at the end."""
    await asyncio.to_thread(migrations.upgrade, settings.database)
    database = Database(settings.database)
    try:
        yield database
    finally:
        await database.dispose()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Services]:
    """Open all services on a migrated database."""
    await asyncio.to_thread(migrations.upgrade, settings.database)
    async with open_services(settings, Metrics(software_version())) as services:
        yield services


async def index_in_force(settings: Settings) -> ListIndex:
    """Return the index of the lists in force, built if there is none on disk. Raises Unavailable without any list."""
    async with open_database(settings) as database:
        live = LiveIndex(database, settings)
        await live.reload()
        return live.current().index
