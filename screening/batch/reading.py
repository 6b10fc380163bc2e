"""Reading: the rows of a table as they stream by. A row that cannot be read has a fault, and the next one follows."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from core.errors import InvalidInput
from screening.batch.dialect import Dialect, sniff

MOST_LINE = 1024 * 1024
"""Characters of one line; what is behind them is passed over unread, so that no line fills the memory."""

MOST_COLUMNS = 500
"""Of one table: ten times the widest counterparty export, and little enough to show."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the table (the first below the header is 2, as a spreadsheet counts), its cells as they
    stand, and why it cannot be screened, if it cannot.
    """

    number: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table on disk. `columns` are the cells of its header."""

    path: Path
    dialect: Dialect
    columns: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header in their order; blank ones are passed over but counted."""
        records = _records(self.path, self.dialect)
        next(records)
        for number, (cells, fault) in enumerate(records, start=2):
            if fault or any(cell.strip() for cell in cells):
                yield Row(number, cells, fault or self._fault(cells))

    def _fault(self, cells: tuple[str, ...]) -> str:
        if len(cells) > len(self.columns):
            return f"it has {len(cells)} cells, the header has {len(self.columns)}; quote cells that hold a delimiter"
        return "it holds a NUL byte" if any("\0" in cell for cell in cells) else ""


def open_table(path: Path) -> Table:
    """Return the table with its header read.

    Raises InvalidInput when the file is empty, no table of text, or its header cannot be read.
    """
    dialect = sniff(path)
    cells, fault = next(_records(path, dialect), ((), "there is none"))
    if fault:
        raise InvalidInput(f"the header cannot be read: {fault}")
    if len(cells) > MOST_COLUMNS:
        raise InvalidInput(f"the table has {len(cells):,} columns; at most {MOST_COLUMNS} are read")
    columns = tuple(cell.strip() for cell in cells)
    if not any(columns) or any("\0" in name for name in columns):
        raise InvalidInput("the first line does not name columns; put their names there")
    return Table(path, dialect, columns)


def _records(path: Path, dialect: Dialect) -> Iterator[tuple[tuple[str, ...], str]]:
    """The cells of each record, and a fault where it cannot be read."""
    with path.open(encoding=dialect.encoding, errors="replace", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=dialect.delimiter)
        while True:
            lines.was_cut = False
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield (), f"it is not readable as CSV: {error}"
                continue
            if lines.was_cut:
                yield (), f"its line is longer than {MOST_LINE:,} characters"
            else:
                yield tuple(cells), ""


class _Lines:
    """The lines of a file, none longer than `MOST_LINE`."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.was_cut = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(MOST_LINE)
        if not line:
            raise StopIteration
        if len(line) == MOST_LINE and not line.endswith(("\n", "\r")):
            self.was_cut = True
            while (rest := self._file.readline(MOST_LINE)) and not rest.endswith(("\n", "\r")):
                pass
        return line
