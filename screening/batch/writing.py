"""Writing: a batch's result as a table, in cells that a spreadsheet shows as text and never runs as a formula. Pure."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from screening.wording import points

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet may run (OWASP, "CSV Injection"), full-width forms included."""

RESULT = ("outcome", "score", "name_score", "entity_id", "primary_name", "list", "programme", "reason")
ADDED = (*(f"caspian_{column}" for column in RESULT), "caspian_screening_id")
"""What the result adds to the columns that came in."""


def safe(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it: with an apostrophe before what would begin a formula."""
    return f"'{cell}" if cell.lstrip(" \0").startswith(FORMULA) else cell


def write_rows(file: TextIO, rows: Iterable[Sequence[str]]) -> None:
    """Write rows as CSV with every cell safe. The file must be open with `newline=""`."""
    csv.writer(file, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)


def result_cells(row: Mapping[str, Any], width: int, batch_id: str) -> tuple[str, ...]:
    """Return a recorded result row as cells: those of the table's `width` columns, then what `ADDED` names. Scores as
    they are spoken; the screening's id is the batch's with the row's number.
    """
    cells = (*row["cells"][:width], *("" for _ in range(width - len(row["cells"]))))
    added = (_spoken(row[name]) if name in ("score", "name_score") else str(row[name]) for name in RESULT)
    return (*cells, *added, screening_id(batch_id, row["row"]))


def screening_id(batch_id: str, row: int) -> str:
    """Return the id of a row's screening: the batch's, and the row's number in the file."""
    return f"{batch_id}/{row}"


def _spoken(tenths: int) -> str:
    """A score as it is spoken; nothing where there is none."""
    return points(tenths) if tenths else ""
