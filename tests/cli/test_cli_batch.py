"""`caspian batch`: a file in, every row recorded, a file out; a killed batch goes on and is as an undisturbed one."""

import csv
import json
import os
import random
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
    """How many rows the recorded chunks of all batches hold."""
    with closing(sqlite3.connect(home / "caspian.sqlite")) as database:
        counts = [json.loads(text) for (text,) in database.execute("SELECT counts FROM batch_chunk")]
    return sum(sum(one.values()) - one["unreadable"] for one in counts)


def rows_of(output: Path) -> list[dict[str, str]]:
    with output.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_comes_back_with_its_answer(home: Path, tmp_path: Path) -> None:
    given, output = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text("название;страна;note\nBank Melli Iran;IR;=1+1\nIvan Petrov;Atlantis;b\n;;c\n", encoding="cp1251")
    code, out, _ = finished("batch", str(given), "-o", str(output), "--json")
    match, unread, empty = rows_of(output)
    assert code == Exit.REVIEW_OR_MATCH
    assert json.loads(out)["match"] == 1
    assert (match["caspian_outcome"], match["caspian_primary_name"].upper()) == ("match", "BANK MELLI IRAN")
    assert match["note"] == "'=1+1", "no cell begins a formula"
    assert match["caspian_screening_id"]
    assert unread["caspian_outcome"] == empty["caspian_outcome"] == "incomplete"
    assert "Row 3" in unread["caspian_reason"]
    assert "Atlantis" in unread["caspian_reason"]
    assert recorded(home) == 3
    assert not list(tmp_path.glob("out.csv.*"))


def test_a_killed_batch_goes_on_and_is_as_an_undisturbed_one(home: Path, tmp_path: Path) -> None:
    given, output, rows = tmp_path / "in.csv", tmp_path / "out.csv", 5_000
    names = ("Bank Melli Iran", "Zhanna Trading", "Ivan Petrov", "", "=Sberbank", "Банк Мелли")
    with given.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("name",), *((f"{names[at % 6]} {at % 7}" if at % 6 != 3 else "-",) for at in range(rows))]
        )
    assert finished("batch", str(given), "-o", str(tmp_path / "whole.csv"))[0] == Exit.REVIEW_OR_MATCH
    chance = random.Random(20_261_124)
    for _ in range(5):
        process = caspian("batch", str(given), "-o", str(output))
        time.sleep(chance.uniform(1, 4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    if not output.exists():
        code, _, err = finished("batch", str(given), "-o", str(output))
        assert code == Exit.REVIEW_OR_MATCH, err
    results, whole = rows_of(output), rows_of(tmp_path / "whole.csv")
    assert [row["caspian_screening_id"].split("/")[1] for row in results] == [str(at) for at in range(2, rows + 2)]
    for row in (*results, *whole):
        del row["caspian_screening_id"]
    assert results == whole
    assert finished("audit", "verify")[0] == Exit.OK


def test_a_file_that_changed_since_is_not_gone_on_with(home: Path, tmp_path: Path) -> None:
    given, output = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text("name\nBank Melli\n")
    output.with_name("out.csv.batch").write_text(json.dumps({"batch": "1", "sha256": "other", "columns": {"name": 0}}))
    code, _, err = finished("batch", str(given), "-o", str(output))
    assert code == Exit.ERROR
    assert "remove it to begin anew" in err
    assert recorded(home) == 0


def test_a_mapping_in_a_file_says_all_columns(home: Path, tmp_path: Path) -> None:
    given, mapping, output = tmp_path / "in.csv", tmp_path / "columns.json", tmp_path / "out.csv"
    given.write_text("Клиент,country\nBank Melli Iran,Atlantis\n")
    mapping.write_text('{"name": "Клиент"}')
    command = ("batch", str(given), "-o", str(output), "--map", str(mapping))
    assert finished(*command)[0] == Exit.REVIEW_OR_MATCH
    assert rows_of(output)[0]["caspian_outcome"] == "match"
    mapping.write_text('["name"]')
    code, _, err = finished(*command)
    assert (code, "is no mapping" in err) == (Exit.USAGE, True)
    assert finished(*command[:-1], str(tmp_path / "none.json"))[0] == Exit.USAGE


def test_a_table_without_a_name_is_refused(home: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("colour,size\nred,2\n")
    code, _, err = finished("batch", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv"))
    assert code == Exit.USAGE
    assert "name" in err
    assert recorded(home) == 0
