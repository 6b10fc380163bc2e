"""Tables as spreadsheets save them are read; files that must not hurt do not."""

import csv
import io
from pathlib import Path

import pytest

from core.errors import InvalidInput
from screening.batch.reading import MOST_LINE, open_table
from screening.batch.writing import safe, write_rows

RUSSIAN = ["Наименование", "Страна", "ООО Зерноторговая компания"]
PERSIAN = ["نام", "كشور", "بانك ملي ايران"]


def saved(path: Path, data: bytes) -> Path:
    file = path / "in.csv"
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "words"),
    [(name, RUSSIAN) for name in ("utf-8", "utf-8-sig", "utf-16", "cp1251")]
    + [(name, PERSIAN) for name in ("utf-8", "utf-8-sig", "utf-16", "cp1256")],
)
def test_every_encoding_and_delimiter_is_read(tmp_path: Path, encoding: str, words: list[str], delimiter: str) -> None:
    text = delimiter.join(words[:2]) + "\r\n" + delimiter.join([words[2], "RU"]) + "\r\n"
    table = open_table(saved(tmp_path, text.encode(encoding)))
    assert table.columns == tuple(words[:2])
    assert [row.cells for row in table.rows()] == [(words[2], "RU")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n \r\n", "empty"),
        (b"PK\x03\x04rest", "Excel or zip"),
        (b"%PDF-1.7", "PDF"),
        (",".join(f"c{n}" for n in range(1000)).encode(), "1,000 columns"),
        (b"name" * 3_000_000, "header cannot be read"),
        (b"na\0me,b\nx,y\n", "does not name columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_reason(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        open_table(saved(tmp_path, data))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("name,country\nБанк Мелли,IR\n".encode() * 100 + b"\xff\xfe\xfa,IR\n", "UTF-8 and damaged"),
        (b"name,country\n" + b"Ivan,RU\n" * 200_000 + "Банк,IR\n".encode() * 9 + b"\xff,IR\n", "UTF-8 and damaged"),
        ("name\nMüller GmbH\nGößler\n".encode("cp1252"), "encoding that is not known"),
    ],
)
def test_names_that_would_be_read_wrongly_are_refused(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        open_table(saved(tmp_path, data))


def test_an_encoding_is_told_by_letters_far_down(tmp_path: Path) -> None:
    ascii_rows = "name,country\n" + "Ivan Petrov,RU\n" * 100_000
    table = open_table(saved(tmp_path, (ascii_rows + "بانک ملی ایران,IR\n").encode("cp1256", errors="replace")))
    assert table.dialect.encoding == "cp1256"
    koi8 = open_table(saved(tmp_path, "name\nБанк\nИран\nПётр\n".encode("koi8-r")))
    assert [row.cells[0] for row in koi8.rows()] == ["Банк", "Иран", "Пётр"]
    quoted = open_table(saved(tmp_path, "name\nO’Brien – Sons\n".encode("cp1252")))
    assert [row.cells for row in quoted.rows()] == [("O’Brien – Sons",)]


def test_a_bad_row_has_its_number_and_reason_and_the_next_is_read(tmp_path: Path) -> None:
    long = b"x" * (10 * MOST_LINE)
    data = b"name,country\na,IR\n\n" + long + b"\nb\0,IR\nc,d,e\n" + b"y" * 200_000 + b"\nlast,RU\n"
    rows = list(open_table(saved(tmp_path, data)).rows())
    assert [(row.number, bool(row.fault)) for row in rows] == [
        (2, False), (4, True), (5, True), (6, True), (7, True), (8, False),
    ]  # fmt: skip
    assert "longer than" in rows[1].fault or "field limit" in rows[1].fault
    assert "NUL" in rows[2].fault
    assert "3 cells" in rows[3].fault
    assert rows[-1].cells == ("last", "RU")


@pytest.mark.parametrize("cell", ["=1+1", "+7", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_no_cell_begins_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    file = io.StringIO(newline="")
    write_rows(file, [["a;b", 'say "x"', "=1", "ООО"]])
    assert next(csv.reader(io.StringIO(file.getvalue(), newline=""))) == ["a;b", 'say "x"', "'=1", "ООО"]
