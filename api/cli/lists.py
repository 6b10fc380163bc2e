"""`caspian lists`: import files, refresh from the publishers, say how fresh each list is and why a file was refused."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from api.cli.output import Exit, err, print_json, print_table, when
from api.cli.setup import open_database, operator, read_settings
from core.clock import now
from core.errors import NotFound
from lists.admit import RefreshResult, Tell, Terms
from lists.importing import FileOutcome, FileResult, import_directory
from lists.refresh import refresh, refresh_all
from lists.source import discover
from lists.status import ListState, ListStatus, statuses
from screening.services.lists import audited
from screening.services.review import case_policy

app = typer.Typer(no_args_is_help=True, help="Import, refresh and inspect the lists.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]

STATE_STYLE = {
    ListState.FRESH: "green",
    ListState.STALE: "bold magenta",
    ListState.MISSING: "bold magenta",
    ListState.NOT_LOADED: "dim",
    ListState.DISABLED: "dim",
}


@app.command(name="import")
def import_(
    directory: Annotated[
        Path, typer.Option("--from", exists=True, help="A directory of list files, or one file; .gz and .zip are read.")
    ],
    allow_older: Annotated[
        bool, typer.Option(help="Let a file published before the snapshot in force replace it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import every list found; files are recognised by content. Exit code 1 if a file of a known list was refused."""
    with _progress(quiet=as_json) as tell:
        results = asyncio.run(_import(directory, tell, allow_older=allow_older))
    if as_json:
        print_json({"files": [_file_shown(result) for result in results], "lists": asyncio.run(_status_shown())})
    else:
        print_table(
            ("File", "List", "Outcome", "#Entities", "#Added", "#Changed", "#Removed", "Reason"), _rows(results)
        )
    raise typer.Exit(Exit.ERROR if any(r.outcome is FileOutcome.REFUSED for r in results) else Exit.OK)


@app.command(name="refresh")
def refresh_(
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", help="One list; default all that are enabled.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch from the publisher or mirror now. Exit code 1 if a list could not be fetched or was refused."""
    with _progress(quiet=as_json) as tell:
        results = asyncio.run(_refresh(key, tell))
    if as_json:
        print_json([_result_shown(result) for result in results])
    else:
        print_table(
            ("List", "Outcome", "#Entities", "#Added", "#Changed", "#Removed", "Reason"),
            [(r.source, r.outcome.value, *_counts(r), r.reason) for r in results],
        )
    raise typer.Exit(Exit.OK if all(result.ok for result in results) else Exit.ERROR)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say of each list what is in force, how fresh it is, and how the last check ended."""
    found = asyncio.run(_statuses())
    if as_json:
        print_json([_shown(one) for one in found])
    else:
        print_table(
            ("List", "State", "Published", "#Entities", "File (SHA-256)", "Last success", "Last check", "Next check"),
            [_status_row(one) for one in found],
        )
        for one in found:
            if one.last_reason:
                err.print(Text(f"{one.key}: {one.last_reason}", style="yellow"))


async def _import(directory: Path, tell: Tell, *, allow_older: bool) -> tuple[FileResult, ...]:
    settings = read_settings()
    observe = audited(operator(), policy=case_policy(settings))
    terms = Terms(allow_older=allow_older, max_bytes=settings.fetch_max_bytes, observe=observe, tell=tell)
    async with open_database(settings) as database:
        return await import_directory(database, directory, terms=terms)


async def _refresh(key: str | None, tell: Tell) -> list[RefreshResult]:
    settings, sources = read_settings(), discover()
    if key is not None and key not in sources:
        raise NotFound(f"there is no list {key!r}; there are {', '.join(sources)}")
    terms = Terms(observe=audited(operator(), policy=case_policy(settings)), tell=tell)
    async with open_database(settings) as database:
        if key is None:
            return await refresh_all(database, sources.values(), settings, terms)
        return [await refresh(database, sources[key], settings, terms)]


async def _statuses() -> list[ListStatus]:
    settings = read_settings()
    async with open_database(settings) as database, database.read() as session:
        return await statuses(session, discover().values(), settings, now())


async def _status_shown() -> list[dict[str, object]]:
    return [_shown(one) for one in await _statuses()]


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Tell]:
    """Show what is worked on: a line for each file or list, on standard error."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=quiet) as progress:
        tasks = {}

        def tell(what: str, doing: str) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task("", total=None)
            progress.update(tasks[what], description=f"{doing} {what}")

        yield tell


def _rows(results: Sequence[FileResult]) -> list[tuple[str, ...]]:
    return [
        (r.file, r.source or "", r.outcome.value, *(_counts(r.result) if r.result else ("", "", "", "")), r.reason)
        for r in results
    ]


def _counts(result: RefreshResult) -> tuple[str, str, str, str]:
    entities = f"{result.snapshot.entities:,}" if result.snapshot else ""
    return (entities, f"{result.added:,}", f"{result.changed:,}", f"{result.removed:,}")


def _status_row(one: ListStatus) -> tuple[str | Text, ...]:
    state = one.state.value + (" (sample)" if one.snapshot and one.snapshot.sample else "")
    return (
        one.key,
        Text(state, style=STATE_STYLE[one.state]),
        str(one.snapshot.published_on or "no date") if one.snapshot else "",
        f"{one.snapshot.entities:,}" if one.snapshot else "",
        one.snapshot.file_sha256[:12] if one.snapshot else "",
        when(one.last_success_at),
        f"{when(one.last_checked_at)} {one.last_outcome or ''}".strip(),
        when(one.next_check_at),
    )


def _shown(one: ListStatus) -> dict[str, object]:
    durations = {"every_seconds": int(one.every.total_seconds()), "max_age_seconds": int(one.max_age.total_seconds())}
    return {name: value for name, value in asdict(one).items() if name not in ("every", "max_age")} | durations


def _file_shown(result: FileResult) -> dict[str, object]:
    return {
        "file": result.file,
        "list": result.source,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "result": _result_shown(result.result) if result.result else None,
    }


def _result_shown(result: RefreshResult) -> dict[str, object]:
    return asdict(result)
