"""App: puts the doors together. Everything is built here from the settings and nothing is global."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api import openapi, permissions, problems
from api.batch_jobs import screening_batches
from api.deps import Services, open_services
from api.jobs import schedule
from api.metrics import Metrics
from api.middleware import BodyCap, Door
from api.routes import (
    audit,
    batches,
    cases,
    deals,
    entities,
    health,
    keys,
    lists,
    mappings,
    retention,
    rules,
    screenings,
    subjects,
    users,
    webhooks,
)
from api.web import console
from core import logging
from core.settings import Settings
from lists.content import software_version

VERSION = software_version()

MOST_BYTES = 1024 * 1024
"""Of one request's body. The largest screening that its model allows has about 60,000 characters."""

ROUTERS = (
    screenings.router,
    deals.router,
    mappings.router,  # before the batches, one of whose addresses ends in an id
    batches.router,
    retention.router,
    rules.router,
    cases.router,
    entities.router,
    lists.router,
    audit.router,
    keys.router,
    subjects.router,
    users.router,
    webhooks.router,
    health.router,
)

Opener = Callable[[Settings, Metrics], AbstractAsyncContextManager[Services]]


def create_app(settings: Settings, *, opener: Opener = open_services) -> FastAPI:
    """Return the whole application. Its services (`app.state.services`) are open while its lifespan runs.

    `opener` opens them. Raises RuntimeError if a route of the API is not in the role table.
    """
    metrics = Metrics(VERSION)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opener(settings, metrics) as services, schedule(settings), screening_batches(services):
            app.state.services = services
            yield

    app = FastAPI(
        title="Caspian",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(BodyCap, most=MOST_BYTES, files=file_sizes(settings))
    app.add_middleware(Door, metrics=metrics)  # added last, so outermost
    problems.install(app)
    openapi.install(app)
    for router in ROUTERS:
        app.include_router(router)
    console.install(app)
    permissions.check_complete(served(app))
    return app


def file_sizes(settings: Settings) -> dict[str, int]:
    """Return, by a pattern for the path, how many bytes a body may have where a file is sent, its form included."""
    return {
        r"(/v1)?/cases/[^/]+/evidence": settings.evidence_max_bytes + MOST_BYTES,
        r"(/v1)?/batches": settings.batch_max_bytes + MOST_BYTES,
    }


def served(app: FastAPI) -> list[tuple[str, str]]:
    """Return every (method, route template) that the app answers; HEAD goes with its GET."""
    return [
        (method, str(route.path))
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
        if method != "HEAD"
    ]


def from_environment() -> FastAPI:
    """Return the app with the settings of the environment, for servers that take a factory (`uvicorn --factory`)."""
    settings = Settings()
    logging.configure(settings.log_level, as_json=settings.log_json)
    return create_app(settings)
