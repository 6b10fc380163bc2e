"""`caspian up`, what `make run` calls: from nothing to a serving system, with a first key and a request to try.

Lists come from the publishers; those out of reach from a directory of files (`CASPIAN_LISTS_DIR`, else
`../shared/lists/current` when it is there); what is then still missing from the bundled sample, under a loud banner.
"""

import asyncio
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from rich.panel import Panel
from rich.text import Text

from api.cli.output import err, out, print_table
from api.cli.serve import run
from api.cli.setup import open_database, read_settings
from core import logging
from core.clock import now
from core.database import Database
from core.settings import Settings
from lists.admit import Terms
from lists.importing import import_directory
from lists.refresh import refresh_all
from lists.source import Source, discover
from lists.status import ListState, ListStatus, statuses
from screening import keys
from screening.access import Role
from screening.live_index import LiveIndex
from screening.services.lists import audited

BESIDE = Path("../shared/lists/current")
"""Where a developer's checkout has real list files."""

FIRST_OWNER = "first start"

PEOPLE = "People sign in with a name: .venv/bin/caspian users create olga --name 'Olga Petrova' --role officer"

EXAMPLE = """curl -s http://{host}:{port}/v1/screenings \\
  -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\
  -d '{{"subject": {{"name": "بانک ملی ایران", "kind": "organization", "countries": ["IR"]}}}}'"""


def up() -> None:
    """Migrate, import the lists, print a first key and serve. Safe to call again: what is there is kept."""
    settings = read_settings()
    if settings.lists_dir is None and BESIDE.is_dir():
        settings = settings.model_copy(update={"lists_dir": BESIDE})
    key = asyncio.run(_prepare(settings))
    _print_start(settings, key)
    logging.configure(settings.log_level, as_json=settings.log_json)  # until here it told its progress by itself
    run(settings)


async def _prepare(settings: Settings) -> str | None:
    async with open_database(settings) as database:
        await _bring_lists(database, settings)
        found = await _statuses(database, settings)
        _print_lists(found)
        err.print("Building the index …")
        await LiveIndex(database, settings).reload()
        return await _first_key(database)


async def _bring_lists(database: Database, settings: Settings) -> None:
    """Fetch what is not fresh; fall back to files; let the sample stand in for what is still missing."""
    sources = discover()
    terms = Terms(max_bytes=settings.fetch_max_bytes, observe=audited(keys.SYSTEM), tell=_tell)
    wanted = [sources[one.key] for one in await _statuses(database, settings) if _to_fetch(one)]
    if wanted:
        err.print(f"Fetching {', '.join(source.title for source in wanted)} …")
        for result in await refresh_all(database, wanted, settings, terms, quick=True):
            if not result.ok:
                err.print(Text(f"  {result.source}: {result.reason}", style="yellow"))
    missing = [sources[one.key] for one in await _statuses(database, settings) if one.state is ListState.MISSING]
    if missing:
        await _bring_sample(database, missing)


async def _bring_sample(database: Database, missing: Iterable[Source]) -> None:
    terms = Terms(sample=True, observe=audited(keys.SYSTEM))
    with resources.as_file(resources.files("lists.sample")) as directory:
        await import_directory(database, directory, list(missing), terms)


def _to_fetch(one: ListStatus) -> bool:
    sample = one.snapshot is not None and one.snapshot.sample
    return one.state in (ListState.MISSING, ListState.NOT_LOADED, ListState.STALE) or (
        one.state is ListState.FRESH and sample
    )


async def _statuses(database: Database, settings: Settings) -> list[ListStatus]:
    async with database.read() as session:
        return await statuses(session, discover().values(), settings, now())


async def _first_key(database: Database) -> str | None:
    """Return a new administrator's key if there is none yet that works."""
    async with database.write() as session:
        if any(row.revoked_at is None for row in await keys.list_keys(session)):
            return None
        plain, _ = await keys.create_key(session, role=Role.ADMIN, owner=FIRST_OWNER)
        return plain


def _tell(what: str, doing: str) -> None:
    err.print(f"  {doing} {what}")


def _print_lists(found: list[ListStatus]) -> None:
    print_table(
        ("List", "State", "Published", "#Entities", "From"),
        [
            (
                one.title,
                one.state.value,
                str(one.snapshot.published_on or "no date") if one.snapshot else "",
                f"{one.snapshot.entities:,}" if one.snapshot else "",
                ("bundled sample" if one.snapshot.sample else one.snapshot.origin) if one.snapshot else "",
            )
            for one in found
        ],
    )
    if any(one.snapshot is not None and one.snapshot.sample for one in found):
        text = (
            "SAMPLE DATA. The publishers could not be reached and no directory of list files was given.\n"
            "A small excerpt of old lists is loaded so that you can look around. No answer will be clear.\n"
            "Set CASPIAN_LISTS_DIR to a directory of list files, or start again with a network."
        )
        err.print(Panel(Text(text, style="bold red"), border_style="red"))


def _print_start(settings: Settings, key: str | None) -> None:
    base = f"http://{settings.host}:{settings.port}"
    out.print(f"\nConsole {base}/   API documentation {base}/docs")
    if key is None:
        out.print("Keys exist already; another: .venv/bin/caspian keys create --role trader")
        out.print(f"{PEOPLE}\n")
        return
    out.print("Your first key, an administrator's, shown only now:\n")
    out.print(Text(f"  {key}\n", style="bold"))
    out.print(f"{PEOPLE}\n")
    out.print("Try:\n")
    out.print(Text(EXAMPLE.format(host=settings.host, port=settings.port, key=key) + "\n"))
