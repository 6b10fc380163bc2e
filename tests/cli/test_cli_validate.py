"""`caspian validate`: the report it writes, what of it is recorded, and its exit codes. Runs on the bundled sample."""

import asyncio
import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app, up
from core.settings import Settings

SMALL = ("--queries", "2", "--innocents", "20", "--json")


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory as a first start leaves it with no publisher in reach."""
    for key in ("OFAC_SDN", "OFAC_CONS", "EU_FSF", "UN_SC"):
        monkeypatch.setenv(f"CASPIAN_LISTS__{key}__URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("CASPIAN_DATA_DIR", str(tmp_path))
    asyncio.run(up._prepare(Settings(data_dir=tmp_path)))
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    """Run `caspian`; return its exit code and standard output."""
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout


def test_a_report_is_written_and_recorded_by_its_hashes(sample: Path) -> None:
    code, printed = run("validate", *SMALL, "--least-recall", "0", "--most-alarms", "1")
    figures = json.loads(printed)
    assert (code, figures["holds"]) == (0, True)
    directory = Path(figures["directory"])
    assert directory.parent == sample / "validation"
    assert set(figures["files"]) == {path.name for path in directory.iterdir()}
    for name, digest in figures["files"].items():
        assert hashlib.sha256((directory / name).read_bytes()).hexdigest() == digest
    report = (directory / "report.html").read_text(encoding="utf-8")
    for said in ("The stated minimums hold.", "sample only", *figures["lists"].values(), figures["matcher"]["index"]):
        assert said in report
    assert "http" not in report.replace("http://www.w3.org/2000/svg", "")
    assert run("audit", "export", "-o", str(sample / "log.jsonl"))[0] == 0
    lines = [json.loads(line) for line in (sample / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    (entry,) = [line["entry"] for line in lines if line.get("entry", {}).get("action") == "validated"]
    assert entry["details"]["files"] == figures["files"]
    assert entry["sequence"] == figures["audit_sequence"]
    assert entry["lists"]


def test_the_same_seed_draws_the_same_names(sample: Path) -> None:
    first, second = (
        json.loads(run("validate", *SMALL, "--output", str(sample / name), "--seed", "5")[1]) for name in ("a", "b")
    )
    assert first["files"]["cases.csv"] == second["files"]["cases.csv"]
    assert first["audit_hash"] != second["audit_hash"]


@pytest.mark.usefixtures("sample")
def test_minimums_that_do_not_hold_are_named_and_fail() -> None:
    code, printed = run("validate", *SMALL[:-1], "--least-recall", "1", "--most-alarms", "0", "--innocents", "400")
    assert code == 1
    assert "DO NOT HOLD" in printed


def test_without_lists_there_is_nothing_to_validate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASPIAN_DATA_DIR", str(tmp_path / "new"))
    assert run("validate", *SMALL)[0] != 0
    assert not (tmp_path / "new" / "validation").exists()
