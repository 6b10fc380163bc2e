"""`caspian audit`: verify the log where it lives or in an export alone, and export it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import Exit, err, out, print_json
from api.cli.setup import open_database, operator, read_settings
from core.errors import InvalidInput
from screening.audit.check import verify_database
from screening.audit.entry import Action, Draft
from screening.audit.export import export_lines, verify_export
from screening.audit.log import actor, append
from screening.audit.verify import Head, Verdict

app = typer.Typer(no_args_is_help=True, help="Verify and export the audit log.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command()
def verify(
    export: Annotated[
        Path | None,
        typer.Argument(metavar="[EXPORT]", exists=True, dir_okay=False, help="An export; needs no database."),
    ] = None,
    head: Annotated[
        str | None,
        typer.Option(metavar="SEQUENCE:HASH", help="A checkpoint kept elsewhere that the log must end with."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every entry against its hash, its neighbours and its payload; the first bad one is named."""
    expected = _head(head) if head else None
    if export is None:
        verdict = asyncio.run(_verify(expected))
    else:
        with export.open(encoding="utf-8", newline="\n") as lines:
            verdict = verify_export(lines, expected=expected)
    _print(verdict, as_json=as_json)
    raise typer.Exit(Exit.OK if verdict.whole else Exit.ERROR)


@app.command(name="export")
def export_(
    output: Annotated[Path, typer.Option("-o", "--output", dir_okay=False, help="The file to write, JSON Lines.")],
    after: Annotated[int, typer.Option(min=0, help="Only entries behind this sequence.")] = 0,
    payloads: Annotated[bool, typer.Option(help="With whom and what it was about, or the chain alone.")] = True,
) -> None:
    """Write the log to a file that anyone can verify. The export is itself recorded."""
    count = asyncio.run(_export(output, after, payloads=payloads))
    err.print(f"{count:,} entries in {output}. Check them with: caspian audit verify {output}")


def _head(text: str) -> Head:
    sequence, _, digest = text.partition(":")
    if not sequence.isdigit() or len(digest) != 64:
        raise InvalidInput("--head is SEQUENCE:HASH, as `audit verify` and the last line of an export show it")
    return Head(int(sequence), digest)


async def _verify(expected: Head | None) -> Verdict:
    async with open_database(read_settings()) as database:
        return await verify_database(database, expected=expected)


async def _export(output: Path, after: int, *, payloads: bool) -> int:
    async with open_database(read_settings()) as database:
        async with database.write() as session:
            details = {"after": after, "payloads": payloads, "to": "file"}
            await append(session, [Draft(Action.EXPORTED, actor(operator()), details=details)])
        count = -2  # the first line names the format, the last is the checkpoint
        part = output.with_name(output.name + ".part")
        with part.open("w", encoding="utf-8", newline="\n") as file:
            async for line in export_lines(database, after=after, payloads=payloads):
                file.write(line)
                count += 1
        part.replace(output)
        return count


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
                "problem": problem
                and {"sequence": problem.sequence, "fault": problem.fault.value, "message": problem.message},
            }
        )
    elif verdict.problem is None:
        out.print(f"Whole: {verdict.checked:,} entries, each bound to the one before. Head {head}")
    else:
        out.print(f"Not whole. First bad entry: {verdict.problem.sequence}. {verdict.problem.message}")
