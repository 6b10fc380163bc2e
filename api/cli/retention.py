"""`caspian audit erase` and `caspian audit hold`: erase personal data by rule, and forbid it."""

import asyncio
from typing import Annotated

import typer

from api.cli.output import err, out, print_json, print_table
from api.cli.setup import open_database, operator, read_settings
from screening.audit import holds
from screening.audit.erasure import Erased, Grounds
from screening.audit.erasure import erase as erase_now
from screening.records import LegalHold
from screening.services.review import evidence_store

hold = typer.Typer(no_args_is_help=True, help="Legal holds: what may not be erased.")

Record = Annotated[str | None, typer.Option(help="Id of a screening, deal, batch or case.")]
Subject = Annotated[str | None, typer.Option(help="A subject's whole name: all that is recorded about it.")]
Reason = Annotated[str, typer.Option(help="Why; the log keeps it for good, so name nobody in it.")]


def erase(
    reason: Reason,
    record: Record = None,
    subject: Subject = None,
    order: Annotated[str | None, typer.Option(help="Reference of a court's or authority's order.")] = None,
) -> None:
    """Erase the personal part of a record or of all about a subject, for good. Each erasure is an audit entry.

    Within the retention period only with --order; never on a legal hold. The log verifies as before.
    """
    erased = asyncio.run(_erase(holds.target_of(record, subject), Grounds(reason, order)))
    err.print(f"Erased the personal part of {len(erased.entries):,} entries.")


@hold.command()
def place(reason: Reason, record: Record = None, subject: Subject = None) -> None:
    """Forbid that a record, or anything about a subject, is erased. Prints the hold's id."""
    out.print(asyncio.run(_place(holds.target_of(record, subject), reason)).id)


@hold.command()
def lift(hold_id: Annotated[str, typer.Argument(metavar="HOLD")], reason: Reason) -> None:
    """Let what was held be erased again, by the rules."""
    asyncio.run(_lift(hold_id, reason))
    err.print(f"The hold {hold_id} is lifted.")


@hold.command(name="list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False) -> None:
    """List the holds, standing and lifted."""
    rows = asyncio.run(_list())
    if as_json:
        print_json([row.model_dump() for row in rows])
        return
    print_table(
        ("Hold", "On", "Target", "Placed", "By", "Lifted", "Reason"),
        [(r.id, r.kind, r.target, r.placed_at[:19], r.placed_by, (r.lifted_at or "")[:19], r.reason) for r in rows],
    )


async def _erase(target: tuple[str, str], grounds: Grounds) -> Erased:
    settings = read_settings()
    async with open_database(settings) as database, database.write() as session:
        erased = await erase_now(session, target, grounds, by=operator(), retention_years=settings.retention_years)
    await asyncio.to_thread(evidence_store(settings).remove, erased.files)
    return erased


async def _place(target: tuple[str, str], reason: str) -> LegalHold:
    async with open_database(read_settings()) as database, database.write() as session:
        return await holds.place_hold(session, target, reason, by=operator())


async def _lift(hold_id: str, reason: str) -> None:
    async with open_database(read_settings()) as database, database.write() as session:
        await holds.lift_hold(session, hold_id, reason, by=operator())


async def _list() -> list[LegalHold]:
    async with open_database(read_settings()) as database, database.read() as session:
        return await holds.list_holds(session, limit=10_000)
