"""Workbooks: what a sheet shows is what is screened, what is written runs nothing, and no zip hurts."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from core.errors import InvalidInput
from screening.batch import workbook
from screening.batch.workbook import Sheet, check_fits, open_file


def made(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    book.save(path)
    return path


def test_a_sheet_is_read_as_it_shows(tmp_path: Path) -> None:
    given = made(
        tmp_path / "in.xlsx",
        ("name", "inn", "born", "seen"),
        ("ООО «Ромашка»", 7707083893.0, date(1961, 4, 3), datetime.fromisoformat("2026-01-02 03:04")),
        (),
        ("علی", None, "1340-01-14", 1.5),
    )
    table = open_file(given, tmp_path)
    assert table.columns == ("name", "inn", "born", "seen")
    assert [(row.number, row.cells) for row in table.rows()] == [
        (2, ("ООО «Ромашка»", "7707083893", "1961-04-03", "2026-01-02 03:04:00")),
        (4, ("علی", "", "1340-01-14", "1.5")),
    ]


def test_a_csv_is_read_as_before(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name\nx\n")
    assert [row.cells for row in open_file(tmp_path / "in.csv", tmp_path).rows()] == [("x",)]


def test_what_is_written_is_text_and_no_formula(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.append([("name", "note"), ("=1+1", "a\x00b")])
    sheet.append([("7707083893", "-1")])
    sheet.save(tmp_path / "out.xlsx")
    cells = [[cell.value for cell in row] for row in load_workbook(tmp_path / "out.xlsx").worksheets[0].iter_rows()]
    assert cells == [["name", "note"], ["'=1+1", "ab"], ["7707083893", "'-1"]]


def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    check_fits(1_048_575)
    with pytest.raises(InvalidInput, match="as CSV"):
        check_fits(1_048_576)


def zipped(path: Path, **parts: bytes) -> Path:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    path.write_bytes(data.getvalue())
    return path


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"other": b"x"}, "a zip file, not a table"),
        ({"xl__workbook": b"x", "xl__worksheets__sheet1": b"0" * 2_000_000}, "unpacks to more"),
        ({"xl__workbook": b"x", "xl__sharedStrings": b"0" * 200_000}, "unpacks to more"),
        ({"xl__workbook": b"no workbook at all"}, "cannot be read"),
    ],
)
def test_a_zip_that_is_no_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: dict[str, bytes], told: str
) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 1_000_000)
    monkeypatch.setattr(workbook, "MOST_TEXTS", 100_000)
    with pytest.raises(InvalidInput, match=told):
        open_file(zipped(tmp_path / "in.xlsx", **parts), tmp_path)


def test_a_row_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_BLOCK", 1_000)
    given = made(tmp_path / "in.xlsx", ("name",), *(("Ivan Petrov",) for _ in range(200)))
    monkeypatch.setattr(workbook, "MOST_ROW", 4_000)
    assert len(list(open_file(given, tmp_path).rows())) == 200
    with pytest.raises(InvalidInput, match="unpacks to more"):
        open_file(made(tmp_path / "long.xlsx", ("name",), ("x" * 5_000,), ("y",)), tmp_path)
    hidden = b"<sheetData><row><c><![CDATA[" + b"<row>" * 2_000 + b"]]></c></row></sheetData>"
    with pytest.raises(InvalidInput, match="unpacks to more"):
        open_file(zipped(tmp_path / "cdata.xlsx", xl__workbook=b"x", xl__worksheets__sheet1=hidden), tmp_path)
    monkeypatch.setattr(workbook, "MOST_OTHERS", 1_000)
    with pytest.raises(InvalidInput, match="unpacks to more"):
        open_file(zipped(tmp_path / "styles.xlsx", xl__workbook=b"x", xl__styles=b"0" * 2_000), tmp_path)
    monkeypatch.setattr(workbook, "MOST_OTHERS", 10**6)
    monkeypatch.setattr(workbook, "MOST_ROWS", 200)
    with pytest.raises(InvalidInput, match="this one has more"):
        open_file(given, tmp_path)


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    given = made(tmp_path / "in.xlsx", ("name",), ("x",))
    given.write_bytes(given.read_bytes()[:-30])
    with pytest.raises(InvalidInput, match="damaged"):
        open_file(given, tmp_path)
