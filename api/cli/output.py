"""Output: what a command prints. Results go to standard output, everything else to standard error."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.errors import CaspianError, InvalidInput
from screening.matching.result import Outcome


class Exit(IntEnum):
    """The exit codes that scripts rely on."""

    OK = 0
    ERROR = 1
    USAGE = 2
    REVIEW_OR_MATCH = 3
    INCOMPLETE = 4


EXIT_OF = {
    Outcome.CLEAR: Exit.OK,
    Outcome.REVIEW: Exit.REVIEW_OR_MATCH,
    Outcome.MATCH: Exit.REVIEW_OR_MATCH,
    Outcome.INCOMPLETE: Exit.INCOMPLETE,
}

STYLE_OF = {
    Outcome.CLEAR: "bold green",
    Outcome.REVIEW: "bold yellow",
    Outcome.MATCH: "bold red",
    Outcome.INCOMPLETE: "bold magenta",
}

WIDE = 200
"""Columns of a table that goes to a file or a pipe, where no terminal says how wide it is."""

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True, width=None if sys.stderr.isatty() else WIDE)


def print_json(value: object) -> None:
    """Print a value as one indented JSON document, in UTF-8 as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str | Text]], *, title: str | None = None) -> None:
    """Print rows under named columns. A column whose name begins with `#` is right-aligned."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.lstrip("#"), justify="right" if column.startswith("#") else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def print_error(error: CaspianError) -> Exit:
    """Print an error with its fields and return the exit code it means."""
    err.print(Text.assemble(("error: ", "bold red"), str(error)))
    if isinstance(error, InvalidInput):
        for field in error.errors:
            err.print(Text(f"  {field.field}: {field.message}"))
        return Exit.USAGE
    return Exit.ERROR


def points(tenths: int) -> str:
    """Return a score as it is spoken: 985 -> `98.5`."""
    return f"{tenths / 10:.1f}"


def when(moment: datetime | None) -> str:
    """Return a moment to the second in UTC, or `never`."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "never"
