"""Jobs: the schedule of refreshes, checkpoints and clearances, as durable workflows (DBOS) inside the server process.

Every few minutes one workflow looks which lists are due and checks each in a step of its own. Of several servers on one
database one runs it (a workflow's id is its scheduled time). A process killed in the middle resumes at its next start;
the old snapshot stays in force meanwhile.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig

from api.batch_jobs import on_services
from core import clock
from core.database import Database, async_url
from core.settings import Settings
from lists.admit import Terms
from lists.content import software_version
from lists.refresh import refresh
from lists.source import discover
from lists.status import statuses
from screening.audit.delivery import deliver_news
from screening.audit.notary import notary_of
from screening.cases.lapsing import lapse_expired
from screening.identity import new_id
from screening.keys import SYSTEM
from screening.services.lists import audited
from screening.services.review import case_policy
from screening.webhooks.sending import deliver_events

CRON = "*/5 * * * *"
"""How often due lists are looked for, and clearances whose date has passed; a list is checked at the first look after
its own interval has passed.
"""

EVERY_MINUTE = "* * * * *"
"""How often list changes that are due are looked for, and events for webhooks: small queries while there are none."""

CHECKPOINT_CRON = "*/{} * * * *"

KEEP = timedelta(days=30)
"""How long finished workflows are kept. What they did is in the list checks and the audit log, for good."""

FORGET_AT_ONCE = 1_000

_running: list[Settings] = []
"""The settings of the schedule that runs in this process. DBOS calls workflows by their name, so that settings cannot
be passed to them; and a process has one DBOS."""


@DBOS.workflow()
async def refresh_due(_scheduled_at: datetime, _context: Any) -> None:
    """Check every list that is due. A list that fails harms no other: how each ended is in its checks."""
    for key in await due_lists():
        await check_list(key)
    await forget_old()


@DBOS.workflow()
async def sign_checkpoint(_scheduled_at: datetime, _context: Any) -> None:
    """Sign where the audit log stands and keep that outside the database."""
    await attest()
    await deliver()


@DBOS.step()
async def attest() -> int:
    """Return the last entry of the checkpoint; 0 when nothing was written since the one before.

    Raises AuditError when the log is not what the checkpoint before says: the workflow fails and says why.
    """
    (settings,) = _running
    async with _database(settings) as database:
        signed = await notary_of(settings).attest_news(database)
    return 0 if signed is None else signed.sequence


@DBOS.step()
async def deliver() -> int:
    """Send the newest checkpoint to the address of the settings; return its last entry, 0 when there was none to send.

    Raises Unavailable when the address does not take it: the next run sends it again.
    """
    (settings,) = _running
    sent = await deliver_news(settings)
    return 0 if sent is None else sent.sequence


@DBOS.step()
async def due_lists() -> list[str]:
    """Return the keys of the enabled lists whose next check has come."""
    (settings,) = _running
    async with _database(settings) as database, database.read() as session:
        moment = clock.now()
        found = await statuses(session, discover().values(), settings, moment)
        return [one.key for one in found if one.next_check_at is not None and one.next_check_at <= moment]


@DBOS.step()
async def check_list(key: str) -> str:
    """Check one list now, logged as the system's doing; return how it ended, with the reason if it did not go well."""
    (settings,) = _running
    async with _database(settings) as database:
        terms = Terms(observe=audited(SYSTEM, policy=case_policy(settings)))
        result = await refresh(database, discover()[key], settings, terms)
    return f"{result.outcome.value} {result.reason}".strip()


@DBOS.workflow()
async def lapse_clearances(_scheduled_at: datetime, _context: Any) -> None:
    """End the clearances whose date has passed; their cases open again."""
    await lapse()


@DBOS.step()
async def lapse() -> int:
    """Return how many clearances ended."""
    (settings,) = _running
    async with _database(settings) as database:
        return await lapse_expired(database, case_policy(settings))


@DBOS.workflow()
def rescreen_due(_scheduled_at: datetime, _context: Any) -> None:
    """Hold the list changes that are due against the subjects under monitoring."""
    rescreen()


@DBOS.step()
def rescreen() -> list[str]:
    """Return the ids of the runs. A run that was killed is taken over at a later look. With nothing due, the index of
    the subjects is built ahead.
    """
    found = list(on_services(lambda services: services.rescreens.run_due()))
    if not found:
        on_services(lambda services: services.rescreens.build_ahead())
    return found


@DBOS.workflow()
async def call_webhooks(_scheduled_at: datetime, _context: Any) -> None:
    """Tell the webhooks what happened, and try again what they did not take."""
    await send_events()


@DBOS.step()
async def send_events() -> int:
    """Return how many events were taken by their receivers."""
    (settings,) = _running
    async with _database(settings) as database:
        return await deliver_events(database, allow_private=settings.webhook_allow_private)


@DBOS.step()
async def forget_old() -> int:
    """Drop finished workflows older than `KEEP`, so that the schedule's own database stays small."""
    old = await DBOS.list_workflows_async(
        status=["SUCCESS", "ERROR"],
        completed_before=(clock.now() - KEEP).isoformat(),
        limit=FORGET_AT_ONCE,
        load_input=False,
        load_output=False,
    )
    ids = [one.workflow_id for one in old]
    if ids:
        await DBOS.delete_workflows_async(ids)
    return len(ids)


@asynccontextmanager
async def schedule(settings: Settings) -> AsyncIterator[None]:
    """Run the schedule while the block runs; do nothing when the settings switch it off."""
    if not settings.schedule:
        yield
        return
    _running[:] = [settings]
    DBOS(config=_config(settings))
    try:
        DBOS.launch()
        await DBOS.apply_schedules_async(
            [
                {"schedule_name": "refresh-due", "workflow_fn": refresh_due, "schedule": CRON, "context": None},
                {
                    "schedule_name": "lapse-clearances",
                    "workflow_fn": lapse_clearances,
                    "schedule": CRON,
                    "context": None,
                },
                {
                    "schedule_name": "rescreen-due",
                    "workflow_fn": rescreen_due,
                    "schedule": EVERY_MINUTE,
                    "context": None,
                },
                {
                    "schedule_name": "call-webhooks",
                    "workflow_fn": call_webhooks,
                    "schedule": EVERY_MINUTE,
                    "context": None,
                },
                {
                    "schedule_name": "sign-checkpoint",
                    "workflow_fn": sign_checkpoint,
                    "schedule": CHECKPOINT_CRON.format(settings.checkpoint_minutes),
                    "context": None,
                },
            ]
        )
        yield
    finally:
        DBOS.destroy()
        # the library put its own threads in place of the loop's, and they ended with it: closing still needs some
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(thread_name_prefix="closing"))
        _running.clear()


def _config(settings: Settings) -> DBOSConfig:
    return {
        "name": "caspian",
        "system_database_url": _system_database(settings),
        "dbos_system_schema": "dbos",
        "application_version": software_version(),
        "executor_id": _executor_id(settings),
        "console_log_level": "WARNING",
    }


def _executor_id(settings: Settings) -> str:
    """Who takes work here. On the embedded database there is one process at a time, which goes on with its own work
    when it starts again; on PostgreSQL each process has an id of its own, and the others take over what it leaves.
    """
    if async_url(settings.database).get_backend_name() == "sqlite":
        return "embedded"
    return f"{socket.gethostname()[:60]}-{os.getpid()}-{new_id()}"


def _system_database(settings: Settings) -> str:
    """Beside the embedded database a file of its own; in PostgreSQL a schema of the same database."""
    url = async_url(settings.database)
    if url.get_backend_name() == "sqlite":
        path = Path(settings.data_dir).resolve() / "schedule.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{path}"
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    """A connection of the job's own: it may run on another event loop than the server's."""
    database = Database(settings.database, pool_size=2)
    try:
        yield database
    finally:
        await database.dispose()
