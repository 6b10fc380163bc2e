"""`caspian serve`: the API, its documentation and the console, with the schedule beside them."""

from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.cli.setup import read_settings
from core import migrations
from core.settings import Settings

SHUTDOWN_SECONDS = 30
"""How long open requests may take to end when the server is told to stop."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default CASPIAN_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default CASPIAN_PORT.")] = None,
) -> None:
    """Serve API, documentation and console. Start as many as you like on one PostgreSQL."""
    settings = read_settings(serving=True)
    migrations.upgrade(settings.database)
    run(settings.model_copy(update={"host": host or settings.host, "port": port or settings.port}))


def run(settings: Settings) -> None:
    """Serve until told to stop."""
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        access_log=False,  # the app logs each request itself, without query strings
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
