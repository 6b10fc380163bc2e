"""Deps: the services behind every door, opened once when the app starts and closed when it ends."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import cast

from fastapi import Request

from api.metrics import Metrics
from core.database import Database
from core.settings import Settings
from lists.source import Source, discover
from screening.keys import KeyRing
from screening.live_index import LiveIndex
from screening.people.passwords import Passwords
from screening.people.provider import Provider
from screening.people.sessions import Sessions, limits_of
from screening.people.sign_in import SignIn
from screening.recorder import Recorder
from screening.services.batch import BatchService
from screening.services.deal import DealService
from screening.services.deal_replay import DealReplayService
from screening.services.entities import EntityService
from screening.services.monitor import MonitorService
from screening.services.replay import ReplayService
from screening.services.rescreen import RescreenService
from screening.services.review import ReviewService, case_policy
from screening.services.screen import ScreeningService


@dataclass(frozen=True, slots=True)
class Services:
    """What handlers, console and jobs work with. One per app."""

    settings: Settings
    sources: Mapping[str, Source]
    database: Database
    live: LiveIndex
    recorder: Recorder
    keys: KeyRing
    sessions: Sessions
    passwords: Passwords
    sign_in: SignIn
    provider: Provider
    screenings: ScreeningService
    replays: ReplayService
    batches: BatchService
    monitor: MonitorService
    rescreens: RescreenService
    deals: DealService
    deal_replays: DealReplayService
    entities: EntityService
    reviews: ReviewService
    metrics: Metrics


@asynccontextmanager
async def open_services(settings: Settings, metrics: Metrics) -> AsyncIterator[Services]:
    """Open database, recorder, index and services; close them in the opposite order."""
    sources = discover()
    async with AsyncExitStack() as stack:
        database = Database(settings.database)
        stack.push_async_callback(database.dispose)
        recorder = await stack.enter_async_context(Recorder(database, case_policy(settings)))
        live = await stack.enter_async_context(LiveIndex(database, settings, sources))
        keys, passwords = KeyRing(database), Passwords()
        sessions = Sessions(database, limits_of(settings))
        screenings = ScreeningService(database, live, recorder, settings)
        stack.push_async_callback(screenings.close)
        batches = BatchService(database, live, screenings.answering, screenings.past, settings)
        stack.push_async_callback(batches.close)
        deals = DealService(database, live, recorder, settings)
        yield Services(
            settings=settings,
            sources=sources,
            database=database,
            live=live,
            recorder=recorder,
            keys=keys,
            sessions=sessions,
            passwords=passwords,
            sign_in=SignIn(database, keys, sessions, passwords),
            provider=Provider(settings),
            screenings=screenings,
            replays=ReplayService(database, recorder, screenings),
            batches=batches,
            rescreens=RescreenService(database, live, batches, settings),
            monitor=MonitorService(database, live, screenings, batches),
            deals=deals,
            deal_replays=DealReplayService(database, recorder, screenings, deals),
            entities=EntityService(database, live),
            reviews=ReviewService(database, recorder, settings),
            metrics=metrics,
        )


def get_services(request: Request) -> Services:
    """Return the app's services."""
    return cast("Services", request.app.state.services)
