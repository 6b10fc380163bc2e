"""Deps: the services behind every door, opened once when the app starts and closed when it ends."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fastapi import Request

from api.metrics import Metrics
from core.database import Database
from core.settings import Settings
from lists.source import Source, discover
from screening.access import Principal

if TYPE_CHECKING:
    from screening.live_index import LiveIndex
    from screening.recorder import Recorder
    from screening.services.screen import ScreeningService


@dataclass(frozen=True, slots=True)
class Services:
    """What handlers, console and jobs work with. One per app."""

    settings: Settings
    database: Database
    sources: Mapping[str, Source]
    live: "LiveIndex"
    recorder: "Recorder"
    screenings: "ScreeningService"
    metrics: Metrics

    async def authenticate(self, key: str) -> Principal:
        """Return whose key it is. Raises Unauthenticated."""
        from screening.keys import authenticate

        return await authenticate(self.database, key)


@asynccontextmanager
async def open_services(settings: Settings, metrics: Metrics) -> AsyncIterator[Services]:
    """Open database, index, recorder and services; close them in the opposite order."""
    from screening.live_index import LiveIndex
    from screening.recorder import Recorder
    from screening.services.screen import ScreeningService

    database = Database(settings.database)
    live = LiveIndex(database, settings)
    recorder = Recorder(database)
    try:
        await live.start()
        screenings = ScreeningService(database, live, recorder, settings)
        yield Services(settings, database, discover(), live, recorder, screenings, metrics)
    finally:
        await live.stop()
        await database.dispose()


def get_services(request: Request) -> Services:
    """Return the app's services."""
    return cast("Services", request.app.state.services)
