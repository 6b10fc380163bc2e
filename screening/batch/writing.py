"""Writing: cells that a spreadsheet shows as text and never runs as a formula. Pure."""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet may run (OWASP, "CSV Injection"), full-width forms included."""


def safe(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it: with an apostrophe before what would begin a formula."""
    return f"'{cell}" if cell.lstrip(" \0").startswith(FORMULA) else cell


def write_rows(file: TextIO, rows: Iterable[Sequence[str]]) -> None:
    """Write rows as CSV with every cell safe. The file must be open with `newline=""`."""
    csv.writer(file, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
