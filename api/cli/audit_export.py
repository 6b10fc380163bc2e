"""`caspian audit export`: the log, or what of it passes a filter, as a file that anyone can verify."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import err
from api.cli.setup import open_database, operator, read_settings
from core.database import Database
from core.errors import FieldError, InvalidInput
from core.settings import Settings
from screening.audit.entry import Action
from screening.audit.export import export_lines
from screening.audit.extract import extract_lines
from screening.audit.log import append
from screening.audit.notary import notary_of
from screening.audit.query import AuditFilter, asked, reading_draft


def export(  # noqa: PLR0913 - one parameter for each option of the command
    output: Annotated[Path, typer.Option("-o", "--output", dir_okay=False, help="The file to write, JSON Lines.")],
    after: Annotated[int, typer.Option(min=0, help="Only entries behind this sequence.")] = 0,
    since: Annotated[
        str | None, typer.Option("--from", metavar="D", help="Only from this day or moment on (UTC).")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="D", help="Only before this day or moment (UTC).")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Only of this actor: key:ck_3f9a2b1c04, user:01J….")] = None,
    action: Annotated[Action | None, typer.Option(help="Only of this action.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only about subjects whose name has this part.")] = None,
    entity: Annotated[str | None, typer.Option(help="Only with this listed entity, as match or near-miss.")] = None,
    payloads: Annotated[bool, typer.Option(help="With whom and what it was about, or the entries alone.")] = True,
) -> None:
    """Write the log to a file that anyone can verify, whole or filtered. The export is itself recorded.

    A filtered one carries for each entry the proof that it is in the log, and a seal that none is left out.
    """
    wanted = AuditFilter(
        since=_moment("--from", since),
        until=_moment("--to", until),
        actor=actor,
        action=action,
        subject=subject,
        entity=entity,
    )
    if after and asked(wanted):
        raise InvalidInput("--after exports all behind an entry and goes with no filter")
    count = asyncio.run(_export(output, wanted, after, payloads=payloads))
    err.print(f"{count:,} entries in {output}. Check them with: caspian audit verify {output}")


async def _export(output: Path, wanted: AuditFilter, after: int, *, payloads: bool) -> int:
    settings = read_settings()
    async with open_database(settings) as database:
        async with database.write() as session:
            more = {"after": after, "payloads": payloads, "to": "file"}
            await append(session, [reading_draft(Action.EXPORTED, operator(), asked(wanted), more)])
        count = -2  # the first line names the format, the last is the checkpoint
        part = output.with_name(output.name + ".part")
        with part.open("w", encoding="utf-8", newline="\n") as file:
            async for line in _lines(settings, database, wanted, after, payloads=payloads):
                file.write(line)
                count += 1
        part.replace(output)
        return count


def _lines(
    settings: Settings, database: Database, wanted: AuditFilter, after: int, *, payloads: bool
) -> AsyncIterator[str]:
    notary = notary_of(settings)
    if asked(wanted):
        return extract_lines(database, notary, wanted, payloads=payloads)
    return export_lines(database, after=after, payloads=payloads, notary=notary)


def _moment(option: str, text: str | None) -> datetime | None:
    """A day begins at midnight UTC; a moment without a zone is UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        field = FieldError(option, "give a day or a moment: 2026-11-20 or 2026-11-20T09:00:00+03:30")
        raise InvalidInput(f"{text!r} is no day", [field]) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
