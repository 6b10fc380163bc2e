"""`caspian batch`: every row of a file screened and recorded, and a file of results beside what came in.

Started again after a kill, the command goes on where it was: the note beside the result (`OUT.csv.batch`) keeps the
batch's id, under which each row was recorded.
"""

import asyncio
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
from rich.text import Text

from api.cli.output import Exit, err, print_json
from api.cli.setup import opened, operator, read_settings
from core.errors import Conflict, InvalidInput
from core.settings import Settings
from screening.batch.columns import Columns, map_columns
from screening.batch.reading import Table, open_table
from screening.batch.scoring import of_answer, result_line
from screening.batch.writing import write_rows
from screening.identity import new_id
from screening.matching.result import Outcome
from screening.services.batch import BatchService, RowResult

RESULT = ("outcome", "score", "name_score", "entity_id", "primary_name", "list", "programme", "reason")
ADDED = (*(f"caspian_{column}" for column in RESULT), "caspian_screening_id")
"""What the result adds to the columns that came in."""


def batch(
    path: Annotated[Path, typer.Argument(metavar="IN.csv", exists=True, dir_okay=False, help="A table with a header.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT.csv", dir_okay=False, help="The results.")],
    workers: Annotated[int | None, typer.Option(min=0, max=64, help="Processes that match; default by cores.")] = None,
    column: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="name=Client; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Screen every row of a file and record it. Exit code: 0 all clear, 3 any review or match, 4 any incomplete."""
    table = open_table(path)
    columns = map_columns(table.columns, _chosen(column or ()))
    settings = read_settings()
    if workers is not None:
        settings = settings.model_copy(update={"match_workers": workers})
    counts = asyncio.run(_run(settings, table, columns, output))
    summary = {outcome.value: counts[outcome.value] for outcome in Outcome} | {"unreadable": counts["unreadable"]}
    if as_json:
        print_json({"rows": counts.total() - counts["unreadable"], **summary, "output": str(output)})
    else:
        err.print(", ".join(f"{count:,} {name}" for name, count in summary.items()) + f". Results: {output}")
    raise typer.Exit(_exit(counts))


def _chosen(pairs: tuple[str, ...] | list[str]) -> dict[str, str] | None:
    chosen = dict(pair.partition("=")[::2] for pair in pairs)
    if not all(chosen.values()):
        raise InvalidInput("--map is FIELD=COLUMN, such as name=Client")
    return chosen or None


async def _run(settings: Settings, table: Table, columns: Columns, output: Path) -> Counter[str]:
    note = output.with_name(output.name + ".batch")
    part = output.with_name(output.name + ".part")
    batch_id = await asyncio.to_thread(_batch_id, note, table.path)
    total = await asyncio.to_thread(lambda: sum(1 for _ in table.rows()))
    async with opened(settings) as services:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            write_rows(file, [(*table.columns, *ADDED)])
            counts = await _write(BatchService(services.screenings), table, columns, (batch_id, total, file))
    part.replace(output)
    note.unlink()
    return counts


async def _write(service: BatchService, table: Table, columns: Columns, work: tuple[str, int, TextIO]) -> Counter[str]:
    batch_id, total, file = work
    counts: Counter[str] = Counter()
    shown = (BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*shown, console=err, transient=True) as progress:
        task = progress.add_task("", total=total)
        async for result in service.run(table, columns, batch_id, operator()):
            outcome = result.screening.answer.outcome if result.screening else Outcome.INCOMPLETE
            counts[outcome.value] += 1
            counts["unreadable"] += result.screening is None
            write_rows(file, [(*_padded(result, len(table.columns)), *_added(result))])
            progress.advance(task)
    return counts


class _Rate(ProgressColumn):
    """Rows a second."""

    def render(self, task: Task) -> Text:
        """Return the rate, once there is one."""
        return Text(f"{task.speed:.0f} rows/s" if task.speed else "")


def _padded(result: RowResult, width: int) -> tuple[str, ...]:
    cells = result.row.cells[:width]
    return (*cells, *("" for _ in range(width - len(cells))))


def _added(result: RowResult) -> tuple[str, ...]:
    if result.screening is None:
        line, screening_id = result_line(Outcome.INCOMPLETE, f"Row {result.row.number}: {result.fault}"), ""
    else:
        line, screening_id = of_answer(result.screening.answer), result.screening.receipt.id
    scores = {name: f"{int(line[name]) / 10:.1f}" for name in ("score", "name_score") if line[name]}
    return (*(str(scores.get(name, line[name] or "")) for name in RESULT), screening_id)


def _batch_id(note: Path, path: Path) -> str:
    """Return the id of the batch that was begun here, or of a new one. Raises Conflict if the file has changed."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if note.exists():
        begun = json.loads(note.read_text(encoding="utf-8"))
        if begun["sha256"] != digest:
            raise Conflict(f"{note} belongs to a batch of another content of {path}: remove it to begin anew")
        return str(begun["batch"])
    batch_id = new_id()
    note.write_text(json.dumps({"batch": batch_id, "sha256": digest}), encoding="utf-8")
    return batch_id


def _exit(counts: Counter[str]) -> Exit:
    if counts[Outcome.MATCH.value] or counts[Outcome.REVIEW.value]:
        return Exit.REVIEW_OR_MATCH
    return Exit.INCOMPLETE if counts[Outcome.INCOMPLETE.value] else Exit.OK
