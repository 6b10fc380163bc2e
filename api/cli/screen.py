"""`caspian screen`: one name against every list in force, recorded like any other screening."""

import asyncio
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.text import Text

from api.cli.output import EXIT_OF, STYLE_OF, out, points, when
from api.cli.setup import opened, operator, read_settings
from core.clock import now
from core.errors import FieldError, InvalidInput
from lists.entity import Kind
from lists.identifiers import read_identifier
from screening.answer import Answer, Found, Receipt, Screening
from screening.request import IdentifierInput, ScreeningRequest, SubjectInput

DAY_LENGTH = len("2026-11-20")


def screen(  # noqa: PLR0913 - one parameter for each option of the command
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name in any script, or an identifier.")],
    kind: Annotated[Kind | None, typer.Option(help="What it is; default all kinds.")] = None,
    birth_date: Annotated[str | None, typer.Option(metavar="D", help="1961, 1961-04 or 1961-04-03.")] = None,
    country: Annotated[list[str] | None, typer.Option(metavar="IR", help="Code or name; may be repeated.")] = None,
    identifier: Annotated[
        list[str] | None, typer.Option("--id", metavar="TYPE:VALUE", help="imo:9187629; may be repeated.")
    ] = None,
    reference: Annotated[str | None, typer.Option(help="Your own deal or file number; recorded.")] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="D", help="Search the lists of a past day (its end, UTC) or moment.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Screen one counterparty and record the answer. Exit code: 0 clear, 3 review or match, 4 incomplete."""
    fields = {
        "name": name,
        "kind": kind,
        "birth_date": birth_date,
        "countries": country or (),
        "identifiers": [_identifier(text) for text in identifier or ()],
    }
    try:
        request = ScreeningRequest(
            subject=SubjectInput.model_validate(fields), reference=reference, as_of=_moment(as_of)
        )
    except ValidationError as error:
        problems = [FieldError(".".join(str(part) for part in p["loc"]), p["msg"]) for p in error.errors()]
        raise InvalidInput("this cannot be screened", problems) from error
    screening = asyncio.run(_screen(request))
    if as_json:
        typer.echo(screening.model_dump_json(indent=2))
    else:
        _print(screening)
    raise typer.Exit(EXIT_OF[screening.answer.outcome])


def _identifier(text: str) -> IdentifierInput:
    try:
        read = read_identifier(text)
    except ValueError as error:
        raise InvalidInput(f"--id {text}: {error}") from error
    return IdentifierInput(type=read.type, value=read.text or read.value, country=read.country)


def _moment(text: str | None) -> datetime | None:
    """A day is taken at its end in UTC, today at this moment; a moment without a zone is UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"--as-of {text}: give a day (2026-11-20) or a moment (2026-11-20T09:30:00Z)") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if len(text) > DAY_LENGTH:
        return moment
    end = moment + timedelta(days=1, microseconds=-1)
    return now() if moment <= now() < end else end


async def _screen(request: ScreeningRequest) -> Screening:
    async with opened(read_settings()) as services:
        return await services.screenings.screen(request, operator(), request_id=secrets.token_hex(8))


def _print(screening: Screening) -> None:
    answer, receipt = screening.answer, screening.receipt
    if answer.as_of is not None:
        out.print(Text(f"As of {when(answer.as_of)} UTC, against the lists in force then.", style="bold"))
    out.print(Text.assemble((answer.outcome.value.upper(), STYLE_OF[answer.outcome]), "  ", answer.say))
    for text in (*answer.missing, *answer.warnings):
        out.print(Text(f"  ! {text}", style="yellow"))
    _print_found("Matches", answer.matches)
    _print_found("Closest below the threshold", answer.near_misses)
    out.print()
    out.print(Text(_searched(answer), style="dim"))
    recorded = f"{receipt.recorded_at:%Y-%m-%d %H:%M:%S} UTC as {receipt.id}, audit entry {receipt.audit_sequence:,}"
    for text in casework(receipt):
        out.print(Text(text, style="dim"))
    out.print(Text(f"Recorded {recorded}", style="dim"))


def casework(receipt: Receipt) -> Iterator[str]:
    """Yield what people made of a record, in lines."""
    for case in receipt.cases:
        yield f"Case {case.id}: {case.state.value.replace('_', ' ')}. An officer decides it."
    if receipt.cleared:
        last = min(one.until for one in receipt.cleared)
        after = receipt.outcome_after_clearances
        told = "" if after is None else f" Without those it is {after.value}."
        yield f"{len(receipt.cleared)} of the matches cleared before, until {last:%Y-%m-%d}.{told}"


def _print_found(title: str, found: tuple[Found, ...]) -> None:
    if found:
        out.print()
        out.print(Text(title, style="bold"))
    for one in found:
        identity = one.identity.value.replace("_", " ")
        head = f"{points(one.score):>6}  {one.primary_name}  "
        out.print(
            Text.assemble((head, STYLE_OF[one.outcome]), f"{one.entity_id}  name {points(one.name_score)}, {identity}")
        )
        out.print(Text(f"        {one.sentence}", style="dim"))


def _searched(answer: Answer) -> str:
    lists = ", ".join(f"{c.key} of {c.published_on or 'no date'} ({c.state})" for c in answer.covered)
    gaps = ", ".join(gap.title for gap in answer.not_covered)
    return f"Searched: {lists or 'nothing'}. Not searched: {gaps or 'nothing known'}."
