"""`caspian batch`: every row of a file screened and recorded, and a file of results beside what came in.

Started again after a kill, the command goes on where it was: the note beside the result (`OUT.csv.batch`) keeps the
id of the batch, whose rows are in the database since it was begun.
"""

import asyncio
import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
from rich.text import Text

from api.cli.output import Exit, err, print_json
from api.cli.setup import opened, operator, read_settings
from api.deps import Services
from core.errors import Conflict, InvalidInput, NotFound
from core.settings import Settings
from screening.batch.columns import Columns, map_columns
from screening.batch.intake import FileTaken
from screening.batch.reading import Table
from screening.batch.status import BatchStatus, State
from screening.batch.workbook import Sheet, check_fits, open_file
from screening.batch.writing import ADDED, result_cells, write_rows
from screening.identity import new_id
from screening.matching.result import Outcome

Given = tuple[Path, Table, Columns, bool]
"""The file, the table in it, what its columns say, and whether cases are opened."""


def batch(
    path: Annotated[Path, typer.Argument(metavar="IN", exists=True, dir_okay=False, help="A CSV or .xlsx file.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", dir_okay=False, help="A .csv or .xlsx.")],
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that score; default one for each core.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="FIELD=COLUMN|FILE", help="name=Client, may be repeated; or a JSON file that says all."
        ),
    ] = None,
    cases: Annotated[bool, typer.Option(help="Open a case for every row with a match, or join the open one.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Screen every row of a file and record it. Exit code: 0 all clear, 3 any review or match, 4 any incomplete."""
    settings = read_settings()
    if workers is not None:
        settings = settings.model_copy(update={"batch_workers": workers})
    with tempfile.TemporaryDirectory() as directory:
        table = open_file(path, Path(directory))
        columns = map_columns(table.columns, *_chosen(column or ()))
        status = asyncio.run(_run(settings, (path, table, columns, cases), output))
    counts = {outcome.value: status.counts[outcome] for outcome in Outcome} | {"unreadable": status.unreadable}
    if as_json:
        print_json({"batch": status.id, "rows": status.rows_done, **counts, "output": str(output)})
    else:
        err.print(", ".join(f"{count:,} {name}" for name, count in counts.items()) + f". Results: {output}")
    raise typer.Exit(_exit(status))


def _chosen(given: Sequence[str]) -> tuple[dict[str, str], dict[str, str] | None]:
    """The columns that are named one by one, and those of a saved mapping, which is in a file."""
    chosen = dict(text.partition("=")[::2] for text in given if "=" in text)
    files = [Path(text) for text in given if "=" not in text]
    if not all(chosen.values()) or len(files) > 1 or not all(path.is_file() for path in files):
        raise InvalidInput("--map is FIELD=COLUMN, such as name=Client, or a JSON file of such pairs")
    return chosen, _saved(files[0]) if files else None


def _saved(path: Path) -> dict[str, str]:
    try:
        return TypeAdapter(dict[str, str]).validate_json(path.read_bytes(), strict=True)
    except ValidationError as error:
        raise InvalidInput(f'{path} is no mapping; write {{"name": "Client", "countries": "Country"}}') from error


async def _run(settings: Settings, given: Given, output: Path) -> BatchStatus:
    note = output.with_name(output.name + ".batch")
    async with opened(settings) as services:
        status = await _begun(services, note, given)
        shown = (BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        with Progress(*shown, console=err, transient=True) as progress:
            task = progress.add_task("", total=status.rows, completed=status.rows_done)
            batch_id = status.id
            async for status in services.batches.watch(batch_id):
                progress.update(task, completed=status.rows_done)
        if status.state is not State.DONE:
            raise Conflict(f"batch {status.id} was {status.state.value} meanwhile; run the command again to go on")
        await _write(services, status, output)
    note.unlink()
    return status


async def _begun(services: Services, note: Path, given: Given) -> BatchStatus:
    """The batch that was begun here, or a new one. Raises Conflict if the file or its columns have changed."""
    path, table, columns, cases = given
    digest = await asyncio.to_thread(_digest, path)
    who = operator()
    asked = {"sha256": digest, "columns": dict(columns.places)}
    batch_id = await asyncio.to_thread(_noted, note, asked)
    try:
        status = await services.batches.get(batch_id, who)
    except NotFound:
        status = None
    if status is None or status.state is State.READING:
        file = FileTaken(path.name, digest, opens_cases=cases, batch_id=batch_id)
        return await services.batches.begin(table, columns, who, file)
    if status.state in (State.CANCELLED, State.FAILED):
        status = await services.batches.resume(status.id, who)
    return status


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _noted(note: Path, asked: Mapping[str, object]) -> str:
    """The id of the batch that was begun here, or of a new one, noted before anything is done under it.

    Raises Conflict if the file or its columns are not those it was begun with.
    """
    if note.exists():
        begun = json.loads(note.read_text(encoding="utf-8"))
        if {name: begun.get(name) for name in asked} != asked:
            raise Conflict(f"{note} belongs to a batch of another content or other columns: remove it to begin anew")
        return str(begun["batch"])
    batch_id = new_id()
    note.write_text(json.dumps({"batch": batch_id, **asked}), encoding="utf-8")
    return batch_id


async def _write(services: Services, status: BatchStatus, output: Path) -> None:
    """Write the results aside, then under their name."""
    part = output.with_name(output.name + ".part")
    width = len(status.columns)
    pieces = services.batches.results(status.id, operator())
    if output.suffix.lower() == ".xlsx":
        check_fits(status.rows)
        sheet = Sheet()
        sheet.append([(*status.columns, *ADDED)])
        async for rows in pieces:
            sheet.append([result_cells(row, width, status.id) for row in rows])
        sheet.save(part)
    else:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            write_rows(file, [(*status.columns, *ADDED)])
            async for rows in pieces:
                write_rows(file, [result_cells(row, width, status.id) for row in rows])
    part.replace(output)


class _Rate(ProgressColumn):
    """Rows a second."""

    def render(self, task: Task) -> Text:
        """Return the rate, once there is one."""
        return Text(f"{task.speed:.0f} rows/s" if task.speed else "")


def _exit(status: BatchStatus) -> Exit:
    if status.counts[Outcome.MATCH] or status.counts[Outcome.REVIEW]:
        return Exit.REVIEW_OR_MATCH
    return Exit.INCOMPLETE if status.counts[Outcome.INCOMPLETE] else Exit.OK
