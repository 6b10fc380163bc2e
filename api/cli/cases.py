"""`caspian cases`: the queue on a terminal. People decide in the console or over the API, each under their own name."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer
from rich.text import Text

from api.cli.output import points, print_json, print_table, when
from api.cli.setup import opened, operator, read_settings
from core.clock import now
from screening.cases.case import Priority, State
from screening.cases.queue import CaseFilter
from screening.cases.views import CaseLine, CasePage


def cases(
    state: Annotated[State | None, typer.Option(help="Only those in this state; default: not closed.")] = None,
    priority: Annotated[Priority | None, typer.Option(help="Only cases of this priority.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those past their target.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many to show.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """List cases, the most urgent first. Looking at them is recorded."""
    wanted = CaseFilter(states=() if state is None else (state,), priority=priority, overdue=overdue)
    page = asyncio.run(_read(wanted, limit))
    if as_json:
        print_json([line.model_dump(mode="json") for line in page.items])
        return
    columns = ("Case", "Priority", "State", "Subject", "Best match", "#Score", "Due", "Assigned")
    print_table(columns, [_row(line, now()) for line in page.items])


async def _read(wanted: CaseFilter, limit: int) -> CasePage:
    async with opened(read_settings()) as services:
        return await services.reviews.queue(operator(), wanted, limit=limit)


def _row(line: CaseLine, moment: datetime) -> tuple[str | Text, ...]:
    best = ("", "") if line.best is None else (line.best.name, points(line.best.score))
    late = line.due_at < moment and line.state is not State.CLOSED
    return (
        line.id,
        line.priority.value,
        line.state.value.replace("_", " "),
        line.subject or "(erased)",
        *best,
        Text(when(line.due_at), style="bold red" if late else ""),
        line.assignee.name if line.assignee else "",
    )
