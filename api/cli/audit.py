"""`caspian audit`: verify the log where it lives or in an export alone, export it, print the key it is signed with."""

import asyncio
import re
from pathlib import Path
from typing import Annotated

import typer

from api.cli import retention
from api.cli.audit_export import export
from api.cli.output import Exit, out, print_json
from api.cli.setup import open_database, read_settings
from core.errors import InvalidInput
from screening.audit.anchors import Anchors
from screening.audit.check import verify_database
from screening.audit.checkpoint import Checkpoint, key_id
from screening.audit.export import verify_export
from screening.audit.kept import read_file, read_places
from screening.audit.notary import notary_of, places_of
from screening.audit.verify import Head, Verdict

app = typer.Typer(no_args_is_help=True, help="Verify and export the audit log.")

PUBLIC_KEY = re.compile("[0-9a-fA-F]{64}")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command()
def verify(
    export: Annotated[
        Path | None,
        typer.Argument(metavar="[EXPORT]", exists=True, dir_okay=False, help="An export; needs no database."),
    ] = None,
    head: Annotated[
        str | None,
        typer.Option(metavar="SEQUENCE:HASH", help="A head kept elsewhere that the log must end with."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(metavar="PUBLIC", help="The public key that checkpoints must be signed by (`caspian audit key`)."),
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Checkpoints kept elsewhere; the log must hold all of them."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every entry against its hash, its neighbours and its payload; the first bad one is named.

    The database is held against the checkpoints that this machine keeps as well.
    """
    expected = _head(head) if head else None
    public_key = _public(key) if key else None
    kept = [] if checkpoint is None else read_file(checkpoint)
    if export is None:
        verdict = asyncio.run(_verify(expected, kept, public_key))
    else:
        with export.open(encoding="utf-8", newline="\n") as lines:
            verdict = verify_export(lines, expected=expected, public_key=public_key, kept=kept)
    _print(verdict, as_json=as_json)
    raise typer.Exit(Exit.OK if verdict.whole else Exit.ERROR)


@app.command(name="key")
def key_(as_json: AsJson = False) -> None:
    """Print the public key that this server signs checkpoints with. Keep it where its administrator cannot write."""
    public = notary_of(read_settings()).public_key
    if as_json:
        print_json({"public_key": public, "key": key_id(public)})
    else:
        out.print(public)


app.command(name="export")(export)
app.command(name="erase")(retention.erase)
app.add_typer(retention.hold, name="hold")


def _head(text: str) -> Head:
    sequence, _, digest = text.partition(":")
    if not sequence.isdigit() or len(digest) != 64:
        raise InvalidInput("--head is SEQUENCE:HASH, as `audit verify` and the last line of an export show it")
    return Head(int(sequence), digest)


def _public(text: str) -> str:
    if not PUBLIC_KEY.fullmatch(text):
        raise InvalidInput("--key is a public key of 64 hex digits, as `caspian audit key` prints it")
    return text.lower()


async def _verify(expected: Head | None, kept: list[Checkpoint], public_key: str | None) -> Verdict:
    settings = read_settings()
    own = await asyncio.to_thread(read_places, places_of(settings))
    async with open_database(settings) as database:
        anchors = Anchors([*own, *kept], public_key=public_key)
        return await verify_database(database, expected=expected, witness=anchors)


def _print(verdict: Verdict, *, as_json: bool) -> None:
    head = f"{verdict.head.sequence}:{verdict.head.hash}"
    if as_json:
        problem = verdict.problem
        print_json(
            {
                "whole": verdict.whole,
                "checked": verdict.checked,
                "erased": verdict.erased,
                "head": head,
                "proved": verdict.proved,
                "problem": problem
                and {"sequence": problem.sequence, "fault": problem.fault.value, "message": problem.message},
            }
        )
    elif verdict.problem is None:
        out.print(f"Whole: {verdict.checked:,} entries, none altered, moved or missing. Head {head}")
        out.print(_proved(verdict))
    else:
        out.print(f"Not whole. First bad entry: {verdict.problem.sequence}. {verdict.problem.message}")


def _proved(verdict: Verdict) -> str:
    """How far the verdict reaches against someone who can write the whole log anew."""
    if verdict.proved == 0:
        return (
            "No key and no checkpoint from elsewhere: what was written here proves itself only. Someone who wrote the "
            "whole chain anew, with a key of their own, would look the same. Give --key or --checkpoint."
        )
    rest = verdict.head.sequence - verdict.proved
    behind = f"; the {rest:,} behind it are bound by the chain alone" if rest else ""
    return f"Proved by a signed checkpoint up to entry {verdict.proved:,}{behind}."
