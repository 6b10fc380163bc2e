"""`caspian batch`: a file in, every row recorded, a file out; a killed batch goes on and records no row twice."""

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from unreachable_lists import UNREACHABLE

from api.cli import up
from api.cli.output import Exit
from core.settings import Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with the bundled sample."""
    for name, value in UNREACHABLE.items():
        monkeypatch.setenv(name, value)
    directory = tmp_path / "data"
    up.asyncio.run(up._prepare(Settings(data_dir=directory)))
    monkeypatch.setenv("CASPIAN_DATA_DIR", str(directory))
    return directory


def caspian(*arguments: str) -> subprocess.Popen[str]:
    code = "import sys; from api.cli import main; sys.argv[0] = 'caspian'; main()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))


def finished(*arguments: str) -> tuple[int, str, str]:
    process = caspian(*arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def recorded(home: Path) -> int:
    with closing(sqlite3.connect(home / "caspian.sqlite")) as database:
        return int(database.execute("SELECT count(*) FROM screening").fetchone()[0])


def test_every_row_comes_back_with_its_answer(home: Path, tmp_path: Path) -> None:
    given, output = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text("название;страна;note\nBank Melli Iran;IR;=1+1\nIvan Petrov;Atlantis;b\n;;c\n", encoding="cp1251")
    code, out, _ = finished("batch", str(given), "-o", str(output), "--json")
    with output.open(encoding="utf-8-sig", newline="") as file:
        match, unread, empty = csv.DictReader(file)
    assert code == Exit.REVIEW_OR_MATCH
    assert json.loads(out)["match"] == 1
    assert (match["caspian_outcome"], match["caspian_primary_name"].upper()) == ("match", "BANK MELLI IRAN")
    assert match["note"] == "'=1+1", "no cell begins a formula"
    assert match["caspian_screening_id"]
    assert unread["caspian_outcome"] == empty["caspian_outcome"] == "incomplete"
    assert "Row 3" in unread["caspian_reason"]
    assert "Atlantis" in unread["caspian_reason"]
    assert recorded(home) == 1
    assert not list(tmp_path.glob("out.csv.*"))


def test_a_killed_batch_goes_on_and_records_no_row_twice(home: Path, tmp_path: Path) -> None:
    given, output, rows = tmp_path / "in.csv", tmp_path / "out.csv", 1_500
    given.write_text("name\n" + "".join(f"Bank Melli {number}\n" for number in range(rows)))
    for share in (0.2, 0.5):
        process = caspian("batch", str(given), "-o", str(output), "--workers", "0")
        end = time.monotonic() + 60
        while recorded(home) < rows * share and process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert not output.exists()
    assert 0 < recorded(home) < rows
    code, _, err = finished("batch", str(given), "-o", str(output), "--workers", "0")
    with output.open(encoding="utf-8-sig", newline="") as file:
        results = list(csv.DictReader(file))
    assert code in (Exit.REVIEW_OR_MATCH, Exit.INCOMPLETE), err
    assert [row["name"] for row in results] == [f"Bank Melli {number}" for number in range(rows)]
    assert len({row["caspian_screening_id"] for row in results}) == rows == recorded(home)
    assert finished("audit", "verify")[0] == Exit.OK


def test_a_file_that_changed_since_is_not_gone_on_with(home: Path, tmp_path: Path) -> None:
    given, output = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text("name\nBank Melli\n")
    output.with_name("out.csv.batch").write_text(json.dumps({"batch": "1", "sha256": "other"}))
    code, _, err = finished("batch", str(given), "-o", str(output))
    assert code == Exit.ERROR
    assert "remove it to begin anew" in err
    assert recorded(home) == 0


def test_a_table_without_a_name_is_refused(home: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("colour,size\nred,2\n")
    code, _, err = finished("batch", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv"))
    assert code == Exit.USAGE
    assert "name" in err
    assert recorded(home) == 0
