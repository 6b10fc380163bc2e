"""`caspian replay`: run a recorded screening or deal again and compare it with the record, byte for byte."""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from api.cli.output import Exit, out, points, print_json, when
from api.cli.setup import opened, operator, read_settings
from screening.deal_replaying import DealToday
from screening.replaying import Changed, Today
from screening.services.deal_replay import DealReplay
from screening.services.replay import Replay


def replay(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="Of a screening or a deal, as its receipt names it.")],
    today: Annotated[
        bool, typer.Option("--today", help="Also say how today's lists, configuration and rules answer.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Run a recorded screening or deal again on what it used. Exit code: 0 identical, 1 it differs or cannot be run
    again.
    """
    result = asyncio.run(_replay(record_id, today=today))
    if as_json:
        print_json(result.model_dump(mode="json"))
    else:
        _print(result)
    raise typer.Exit(Exit.OK if result.identical else Exit.ERROR)


async def _replay(record_id: str, *, today: bool) -> Replay | DealReplay:
    async with opened(read_settings()) as services:
        is_deal = await services.deal_replays.knows(record_id)
        replays = services.deal_replays if is_deal else services.replays
        return await replays.replay(record_id, operator(), today=today, request_id=secrets.token_hex(8))


def _print(result: Replay | DealReplay) -> None:
    recorded, outcome = (
        (result.outcome_recorded, result.outcome)
        if isinstance(result, Replay)
        else (result.verdict_recorded, result.verdict)
    )
    head, style, says = _verdict(result, ran=outcome is not None)
    out.print(Text.assemble((head, style), "  ", says))
    out.print(Text(f"Recorded {when(result.recorded_at)} UTC as {recorded.value}.", style="dim"))
    for problem in result.problems:
        out.print(Text(f"  ! {problem}", style="yellow"))
    _print_changed("Changed since it was recorded", result.changed)
    if isinstance(result.today, Today):
        _print_today(result.today)
    elif result.today is not None:
        _print_deal_today(result.today)
    out.print(Text(f"This replay is audit entry {result.audit_sequence:,}.", style="dim"))


def _verdict(result: Replay | DealReplay, *, ran: bool) -> tuple[str, str, str]:
    if result.identical:
        return "IDENTICAL", "bold green", "The same answer, byte for byte."
    if not ran:
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


def _print_deal_today(today: DealToday) -> None:
    out.print(Text("Today", style="bold"))
    word = f"was {today.verdict_recorded.value}" if today.verdict_changed else "unchanged"
    out.print(Text(f"  verdict {today.verdict_now.value} ({word})"))
    for one in today.entities:
        scores = f"{_score(one.recorded)}, now {_score(one.now)}"
        out.print(Text(f"  {one.change} {one.path} {one.entity_id} {one.name}: {scores}"))
    for sign, reasons in (("+", today.reasons_gained), ("-", today.reasons_lost)):
        for reason in reasons:
            out.print(Text(f"  {sign} {reason}"))
    _print_changed("Lists", today.lists)


def _score(score: int | None) -> str:
    return "not met" if score is None else points(score)
