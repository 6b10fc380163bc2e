"""Workbook: an Excel file (.xlsx) as a table, and results as one. Nothing of it runs, and none fills the memory.

A workbook is a zip: what it says it holds is looked at before anything is unpacked, and no more than that is read.
"""

import csv
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.errors import InvalidInput
from screening.batch.reading import MOST_COLUMNS, Table, open_table
from screening.batch.writing import safe

MOST_UNPACKED = 2 * 1024**3
"""Bytes of all parts unpacked: a sheet of a million rows has about 500 MB."""

MOST_TEXTS = 256 * 1024**2
"""Bytes of the texts that all sheets share, which are held in memory."""

MOST_OTHERS = 64 * 1024**2
"""Bytes of any other part that is read in whole, such as the styles: those of a large book have some megabytes."""

MOST_ROW = 16 * 1024**2
"""Bytes of one row, which is held in memory: `MOST_COLUMNS` cells of the 32,767 characters that Excel allows."""

MOST_PARTS = 10_000
MOST_ROWS = 1_048_576
"""Rows of a sheet, as Excel has them."""

_TEXTS = "xl/sharedStrings.xml"
_SHEETS, _MEDIA = "xl/worksheets/", "xl/media/"
_BLOCK = 1024**2
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_MARKUP = b"<!"
"""What begins a comment or CDATA, in which a row could only seem to begin. No spreadsheet writes either in a sheet."""
_WHOLE = re.compile(r"-?[0-9]+\.0")
_LONGEST_TAG = 64
"""Bytes of a block that are looked at again with the next: where a tag is cut in two."""

TOO_MUCH = "this Excel file unpacks to more than is read here; save it as CSV (UTF-8) and send that"
DAMAGED = "this Excel file is damaged; save it again, or save it as CSV (UTF-8)"


def is_workbook(path: Path) -> bool:
    """Tell whether the file begins as a zip does: a CSV never does."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def open_file(path: Path, directory: Path) -> Table:
    """Return the table in a file: a CSV as it is, the first sheet of a workbook as a CSV put into `directory`.

    Raises InvalidInput as `open_table` does, and for a workbook that cannot be read or would unpack to too much.
    """
    if not is_workbook(path):
        return open_table(path)
    _check(path)
    sheet = directory / "sheet.csv"
    try:
        with sheet.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(_rows(path))
    except (OSError, ValueError, KeyError, SyntaxError, zipfile.BadZipFile, AttributeError, TypeError) as error:
        raise InvalidInput("this Excel file cannot be read; save it again, or save it as CSV (UTF-8)") from error
    return open_table(sheet)


class Sheet:
    """The only sheet of a workbook that is written: every cell a text and no formula. Rows go to disk as they come."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Caspian")

    def append(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows below those that are there. There may be `MOST_ROWS` in all: `check_fits` before."""
        for row in rows:
            self._sheet.append([ILLEGAL_CHARACTERS_RE.sub("", safe(cell)) for cell in row])

    def save(self, target: Path | BinaryIO) -> None:
        """Write the workbook to a path or an open file; the sheet takes no more rows."""
        self._book.save(target)


def check_fits(rows: int) -> None:
    """Raise InvalidInput when a sheet cannot hold so many rows below its header."""
    if rows >= MOST_ROWS:
        raise InvalidInput(f"a sheet of Excel holds {MOST_ROWS:,} rows; the results have more: take them as CSV")


def _check(path: Path) -> None:
    """Raise InvalidInput for a zip that is no workbook or says that it unpacks to more than is read here."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InvalidInput(DAMAGED) from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise InvalidInput("this is a zip file, not a table; unpack it and send the CSV or .xlsx in it")
    texts = sum(part.file_size for part in parts if part.filename == _TEXTS)
    if len(parts) > MOST_PARTS or texts > MOST_TEXTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise InvalidInput(TOO_MUCH)
    if any(part.file_size > MOST_OTHERS for part in parts if not part.filename.startswith((_SHEETS, _MEDIA, _TEXTS))):
        raise InvalidInput(TOO_MUCH)
    try:
        with zipfile.ZipFile(path) as archive:
            for part in parts:
                if part.filename.startswith(_SHEETS) and part.file_size > MOST_ROW:
                    _check_rows(archive, part)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise InvalidInput(DAMAGED) from error


def _check_rows(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Raise InvalidInput for a sheet with a row that would fill the memory: a cell may say that it is a gigabyte."""
    rest, since = b"", 0
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            seen = rest + block
            begun = max((found.start() for found in _ROW.finditer(seen)), default=None)
            since = since + len(block) if begun is None else len(seen) - begun
            if since > MOST_ROW or _MARKUP in seen:
                raise InvalidInput(TOO_MUCH)
            rest = seen[-_LONGEST_TAG:]


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as file:  # by its path, a workbook would be known by its name only
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0] if book.worksheets else None
        if sheet is None:
            return
        sheet.reset_dimensions()  # what the file says of its size may be wrong, or 16,384 columns of nothing
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)):
            if number == MOST_ROWS:
                raise InvalidInput(f"a sheet of Excel holds {MOST_ROWS:,} rows, and this one has more; save it as CSV")
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells


def _text(value: Any) -> str:
    """A cell as it would be typed: a date as in ISO 8601, a number that is whole (an INN) without decimals."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value)
    return text[:-2] if isinstance(value, float) and _WHOLE.fullmatch(text) else text
