"""`caspian replay`: run a recorded screening again and compare it with the record, byte for byte."""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from api.cli.output import Exit, out, points, print_json, when
from api.cli.setup import opened, operator, read_settings
from screening.replaying import Changed, Today
from screening.services.replay import Replay


def replay(
    screening_id: Annotated[str, typer.Argument(metavar="SCREENING_ID", help="As its receipt names it.")],
    today: Annotated[
        bool, typer.Option("--today", help="Also say how today's lists and configuration answer.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Run a recorded screening again on what it used. Exit code: 0 identical, 1 it differs or cannot be run again."""
    result = asyncio.run(_replay(screening_id, today=today))
    if as_json:
        print_json(result.model_dump(mode="json"))
    else:
        _print(result)
    raise typer.Exit(Exit.OK if result.identical else Exit.ERROR)


async def _replay(screening_id: str, *, today: bool) -> Replay:
    async with opened(read_settings()) as services:
        return await services.replays.replay(screening_id, operator(), today=today, request_id=secrets.token_hex(8))


def _print(result: Replay) -> None:
    head, style, says = _verdict(result)
    out.print(Text.assemble((head, style), "  ", says))
    out.print(Text(f"Recorded {when(result.recorded_at)} UTC as {result.outcome_recorded.value}.", style="dim"))
    for problem in result.problems:
        out.print(Text(f"  ! {problem}", style="yellow"))
    _print_changed("Changed since it was recorded", result.changed)
    if result.today is not None:
        _print_today(result.today)
    out.print(Text(f"This replay is audit entry {result.audit_sequence:,}.", style="dim"))


def _verdict(result: Replay) -> tuple[str, str, str]:
    if result.identical:
        return "IDENTICAL", "bold green", "The same answer, byte for byte."
    if result.outcome is None:
        return "NOT REPLAYED", "bold red", "What the answer rests on is not held any more, or cannot be read."
    differs = ", ".join(result.differs) or "nothing in the answer, but in what it rests on"
    return "DIFFERENT", "bold red", f"What differs: {differs}."


def _print_changed(title: str, changed: Sequence[Changed]) -> None:
    if changed:
        out.print(Text(title, style="bold"))
    for one in changed:
        out.print(Text(f"  {one.what}: {one.recorded}, now {one.now}"))


def _print_today(today: Today) -> None:
    out.print(Text("Today", style="bold"))
    word = f"was {today.outcome_recorded.value}" if today.outcome_changed else "unchanged"
    out.print(Text(f"  outcome {today.outcome_now.value} ({word})"))
    for one in today.entities:
        out.print(Text(f"  {one.change} {one.entity_id} {one.name}: {_score(one.recorded)}, now {_score(one.now)}"))
    _print_changed("Lists", today.lists)


def _score(score: int | None) -> str:
    return "not met" if score is None else points(score)
