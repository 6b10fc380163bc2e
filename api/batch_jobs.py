"""Batch jobs: chunks of batches as durable workflows (DBOS), in servers and in any number of workers.

What is to be done stands in the database (`batch_input`), and a chunk is recorded once whoever screens it; so a
workflow carries no more than which chunk it is. A watch in every process puts the chunks of open batches into the queue
that all processes share, and takes over what a process left whose lease ran out: the library itself recovers only the
work of its own executor, at its start.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from dbos import DBOS, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from api.deps import Services
from core.errors import CaspianError, Unavailable
from core.logging import logger
from screening.batch import leases, store
from screening.identity import new_id
from screening.services.batch import BatchService

QUEUE = "batch-chunks"
WORKFLOW = "screen_chunk"
POLL_SECONDS = 1.0
AHEAD = 512
"""Chunks of one batch in the queue at a time: the watch refills it, and a cancelled batch leaves little behind."""

_log = logger(__name__)


@dataclass(slots=True)
class _Here:
    """This process: its services, the loop that they live on, and what workflows wait for there."""

    services: Services
    loop: asyncio.AbstractEventLoop
    waiting: set[Future[Any]] = field(default_factory=set)


_running: list[_Here] = []
"""One while batches are screened here. DBOS calls workflows by their name, so services cannot be passed to them."""


@DBOS.workflow(name=WORKFLOW)
def screen_chunk(batch_id: str, number: int) -> bool:
    """Screen one chunk and record it; end the batch if it was the last. What failed is in the batch's own fault."""
    return bool(on_services(lambda services: _screen(services.batches, batch_id, number)))


async def _screen(batches: BatchService, batch_id: str, number: int) -> bool:
    try:
        done = await batches.screen_chunk(batch_id, number)
    except CaspianError as error:
        _log.warning("a batch failed", batch=batch_id, chunk=number, reason=str(error))
        return False
    await batches.finish(batch_id)
    return done


def on_services(make: Callable[[Services], Coroutine[Any, Any, Any]]) -> Any:
    """Do it with this process's services, where they live, while the workflow's thread waits for what it returns.

    Raises Unavailable when they are closed.
    """
    if not _running:
        raise Unavailable("this process does no such work (any more)")
    here = _running[0]
    future = asyncio.run_coroutine_threadsafe(make(here.services), here.loop)
    here.waiting.add(future)
    try:
        return future.result()
    finally:
        here.waiting.discard(future)


@asynccontextmanager
async def screening_batches(services: Services) -> AsyncIterator[None]:
    """Take part in screening batches while the block runs, if the schedule runs here: the jobs need its library."""
    if not services.settings.schedule:
        yield
        return
    here = _Here(services, asyncio.get_running_loop())
    _running[:] = [here]
    await DBOS.register_queue_async(QUEUE, worker_concurrency=services.batches.workers + 1, polling_interval_sec=0.5)
    watch = asyncio.create_task(_watch(services), name="batch-watch")
    try:
        yield
    finally:
        watch.cancel()
        _running.clear()
        for future in tuple(here.waiting):
            future.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        with suppress(SQLAlchemyError):
            async with services.database.write() as session:
                await leases.give_up(session, DBOS.executor_id)


async def _watch(services: Services) -> None:
    loop = asyncio.get_running_loop()
    due = 0.0
    while True:
        try:
            if loop.time() >= due:
                await _renew(services)
                due = loop.time() + leases.RENEW_SECONDS
            await _put_in_queue(services)
        except Exception as error:  # noqa: BLE001 - whatever the database says, it is tried again
            _log.warning("batches could not be looked for", reason=f"{type(error).__name__}: {error}")
        await asyncio.sleep(POLL_SECONDS)


async def _renew(services: Services) -> None:
    """Renew this process's lease, and let the workflows go on that processes left whose lease ran out."""
    async with services.database.write() as session:
        await leases.renew(session, DBOS.executor_id)
        alive = await leases.alive(session)
    pending = await DBOS.list_workflows_async(status="PENDING", load_input=False, load_output=False)
    left = [one.workflow_id for one in pending if one.executor_id not in alive]
    if left:
        _log.info("work of a process that is gone is taken over", workflows=len(left))
        await DBOS.resume_workflows_async(left)


async def _put_in_queue(services: Services) -> None:
    """Put what waits of open batches into the queue, unless it is there; end batches of which nothing waits."""
    async with services.database.read() as session:
        batches = await store.open_batches(session)
    if not batches:
        return
    queued = await DBOS.list_workflows_async(
        name=WORKFLOW, status=["ENQUEUED", "PENDING"], load_input=False, load_output=False
    )
    there = {one.workflow_id.rpartition(".")[0] for one in queued}
    for batch_id in batches:
        left = await services.batches.waiting(batch_id)
        if not left:
            await services.batches.finish(batch_id)
        for number in left[:AHEAD]:
            name = f"{batch_id}.{number}"
            if name not in there:
                await asyncio.to_thread(_enqueue, name, batch_id, number)


def _enqueue(name: str, batch_id: str, number: int) -> None:
    with SetWorkflowID(f"{name}.{new_id()}"):
        DBOS.enqueue_workflow(QUEUE, screen_chunk, batch_id, number)
