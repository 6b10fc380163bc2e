"""`caspian worker`: a process that screens batches, beside the servers of one PostgreSQL. It serves nothing."""

import asyncio
import signal

from api.batch_jobs import screening_batches
from api.cli.output import err
from api.cli.setup import opened, read_settings
from api.jobs import schedule
from core.settings import Settings


def worker() -> None:
    """Screen batches that servers take in, until told to stop. Start as many as you like on one PostgreSQL."""
    settings = read_settings(serving=True).model_copy(update={"schedule": True})
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with opened(settings) as services, schedule(settings), screening_batches(services):
        err.print(f"Screening batches with {services.batches.workers} processes. Ctrl-C ends it.")
        await told.wait()
