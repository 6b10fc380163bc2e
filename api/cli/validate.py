"""`caspian validate`: the matcher measured on the lists in force, as a report that an examiner can read."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from api.cli.output import Exit, err, out, print_json, print_table
from api.cli.setup import opened, operator, read_settings
from screening.recorder import Recorded
from screening.services.validate import ValidationService
from screening.validation.figures import Minimums, Share
from screening.validation.page import Tested, page
from screening.validation.table import cases_csv, figures_csv
from screening.validation.validation import Plan, Tell, Validation

REPORT, FIGURES, CASES = "report.html", "figures.csv", "cases.csv"


def validate(  # noqa: PLR0913 - one parameter for each option of the command
    queries: Annotated[int, typer.Option(min=1, max=5_000, help="Listed names changed in each way.")] = 200,
    innocents: Annotated[int, typer.Option(min=1, max=200_000, help="Made-up names that are on no list.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed on the same lists draws the same names.")] = 1,
    output: Annotated[
        Path | None, typer.Option(file_okay=False, help="Where the report goes; default validation in the data dir.")
    ] = None,
    least_recall: Annotated[float, typer.Option(min=0, max=1, help="Recall that must be reached.")] = 0.95,
    most_alarms: Annotated[float, typer.Option(min=0, max=1, help="Share of false alarms not to be passed.")] = 0.01,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure recall by kind of change to a name, and false alarms, on the lists in force. Writes a report (HTML, CSV)
    and records it. Exit code: 0 the stated minimums hold, 1 they do not.
    """
    minimums = Minimums(least_recall, most_alarms)
    report = asyncio.run(_run(Plan(queries, innocents, seed), minimums, output))
    if as_json:
        print_json(_shown(report, minimums))
    else:
        _print(report, minimums)
    raise typer.Exit(Exit.ERROR if report.validation.faults(minimums) else Exit.OK)


@dataclass(frozen=True, slots=True)
class _Report:
    validation: Validation
    tested: Tested
    directory: Path
    files: dict[str, str]
    recorded: Recorded


async def _run(plan: Plan, minimums: Minimums, output: Path | None) -> _Report:
    settings = read_settings()
    async with opened(settings) as services:
        service = ValidationService(services.database, services.live, services.recorder, services.screenings.answering)
        with _progress() as tell:
            validation, tested = await service.validate(plan, operator(), tell)
        directory = (output or settings.data_dir / "validation") / f"{tested.at:%Y-%m-%dT%H%M%SZ}"
        texts = {
            REPORT: page(validation, tested, minimums),
            FIGURES: figures_csv(validation),
            CASES: cases_csv(validation),
        }
        files = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
        written = await asyncio.to_thread(_write_aside, directory, texts)
        recorded = await service.record((validation, tested), minimums, files, operator())
        await asyncio.to_thread(written.rename, directory)
        return _Report(validation, tested, directory, files, recorded)


def _write_aside(directory: Path, texts: dict[str, str]) -> Path:
    """Write the files beside their place, which they take once they are recorded: no report without its entry."""
    aside = directory.with_name(directory.name + ".part")
    aside.mkdir(parents=True)
    for name, text in texts.items():
        (aside / name).write_bytes(text.encode())
    return aside


@contextmanager
def _progress() -> Iterator[Tell]:
    """Show how far the run is, on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        tasks = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done)

        yield tell


def _print(report: _Report, minimums: Minimums) -> None:
    validation = report.validation
    low = Text("below the minimum", style="yellow")
    rows = [
        (one.text, *_cells(one.raised), f"{one.first.value:.1%}", low if one.raised.value < minimums.recall else "")
        for one in validation.classes
    ]
    print_table(("changed names", "#raised", "#of", "#share", "#ranked first", ""), rows)
    out.print()
    high = Text("above the limit", style="yellow")
    groups = (*validation.groups, validation.innocents)
    alarms = [
        (g.group, *_cells(g.alarms), str(g.coincidences), high if g.alarms.value > minimums.alarms else "")
        for g in groups
    ]
    print_table(("made-up names", "#alarms", "#of", "#share", "#listed by coincidence", ""), alarms)
    out.print()
    missed = f"{len(validation.missed_new):,} of {len(validation.new):,} names missed"
    out.print(f"Newly listed: {validation.new_entities:,} entities, {missed}.")
    faults = validation.faults(minimums)
    for fault in faults:
        out.print(Text(f"  ! {fault}", style="yellow"))
    said = ("DO NOT HOLD", "bold red") if faults else ("HOLD", "bold green")
    out.print(Text.assemble("The stated minimums ", said, "."))
    out.print(Text(f"Report: {report.directory / REPORT}, audit entry {report.recorded.sequence:,}", style="dim"))


def _cells(share: Share) -> tuple[str, str, str]:
    return f"{share.part:,}", f"{share.whole:,}", f"{share.value:.2%}"


def _shown(report: _Report, minimums: Minimums) -> dict[str, object]:
    validation, tested = report.validation, report.tested
    return {
        "holds": not validation.faults(minimums),
        "faults": list(validation.faults(minimums)),
        "recall": _share(validation.recall),
        "alarms": _share(validation.innocents.alarms) | {"coincidences": validation.innocents.coincidences},
        "newly_listed": {"entities": validation.new_entities, "names_missed": len(validation.missed_new)},
        "classes": {one.key: _share(one.raised) | {"first": one.first.part} for one in validation.classes},
        "groups": {
            one.group: _share(one.alarms) | {"coincidences": one.coincidences, "matches": one.matches.part}
            for one in validation.groups
        },
        "matcher": tested.matcher.model_dump(),
        "lists": {one.key: one.file_sha256 for one in tested.lists},
        "seed": validation.plan.seed,
        "directory": str(report.directory),
        "files": report.files,
        "audit_sequence": report.recorded.sequence,
        "audit_hash": report.recorded.hash,
    }


def _share(share: Share) -> dict[str, object]:
    return {"part": share.part, "whole": share.whole, "share": round(share.value, 4)}
