"""`caspian subjects`: who is kept under monitoring, and holding list changes against them now."""

import asyncio
import json
from typing import Annotated, Any

import typer

from api.cli.output import err, print_json, print_table
from api.cli.setup import opened, operator, read_settings
from screening.monitoring.subject import shown

app = typer.Typer(no_args_is_help=True, help="Subjects under monitoring, screened again when lists change.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]

SHOWN = 100
"""Subjects and runs that are listed."""


@app.command()
def keep(batch: Annotated[str, typer.Argument(metavar="BATCH", help="A batch that was screened whole.")]) -> None:
    """Keep the rows of a batch (`caspian batch … --json` tells its id) under monitoring."""
    kept = asyncio.run(_keep(batch))
    err.print(f"{kept.kept:,} subjects are kept; {kept.unreadable:,} rows could not be read.")


@app.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """List the subjects that were kept last."""
    rows = asyncio.run(_list())
    if as_json:
        print_json([_shown(row) for row in rows])
        return
    names = [(row, shown(json.loads(row.cells))) for row in rows]
    print_table(
        ("Id", "Name", "Reference", "Owner", "Kept"),
        [(row.id, subject.name, row.reference or "", row.owner_name, row.kept_at[:10]) for row, subject in names],
    )


@app.command()
def end(subject: Annotated[str, typer.Argument(metavar="ID", help="As `subjects list` shows it.")]) -> None:
    """Screen a subject no more."""
    asyncio.run(_end(subject))


@app.command()
def rescreen(as_json: AsJson = False) -> None:
    """Hold the list changes that are due against all subjects now, or build their index ahead if there is none; a
    running server does both by itself.
    """
    runs = asyncio.run(_rescreen())
    if as_json:
        print_json([dict(run._mapping) for run in runs])
        return
    print_table(
        ("List", "Changed entries", "Subjects", "Screened again", "Alarms", "Audit entry"),
        [
            (
                run.source,
                *(f"{n:,}" for n in (run.entities, run.subjects, run.candidates, run.alarms, run.audit_sequence)),
            )
            for run in runs
        ],
    )


async def _keep(batch: str) -> Any:
    async with opened(read_settings()) as services:
        return await services.monitor.keep_batch(batch, operator())


async def _list() -> list[Any]:
    async with opened(read_settings()) as services:
        return await services.monitor.page(operator(), None, SHOWN)


async def _end(subject: str) -> None:
    async with opened(read_settings()) as services:
        await services.monitor.end(subject, operator())


async def _rescreen() -> list[Any]:
    async with opened(read_settings()) as services:
        ids = await services.rescreens.run_due()
        if not ids:
            await services.rescreens.build_ahead()
        return [run for run in await services.monitor.runs(None, None, SHOWN) if run.id in ids]


def _shown(row: Any) -> dict[str, Any]:
    subject = shown(json.loads(row.cells)).model_dump(mode="json", exclude_defaults=True)
    return {"id": row.id, "owner": row.owner_name, "kept_at": row.kept_at, "subject": subject}
