"""`caspian deal` and `caspian rules`: what they print and record, and their exit codes. Runs on the bundled sample."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from unreachable_lists import UNREACHABLE

from api.cli import app, up
from core.errors import InvalidInput
from core.settings import Settings

WRITTEN = Path(__file__).parents[1] / "deals"


@pytest.fixture(autouse=True)
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory as a first start leaves it with no publisher in reach."""
    for name, value in UNREACHABLE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CASPIAN_DATA_DIR", str(tmp_path))
    asyncio.run(up._prepare(Settings(data_dir=tmp_path)))
    return tmp_path


def run(*arguments: object) -> tuple[int, str, str]:
    """Run `caspian`; return its exit code, standard output and what it says is wrong."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, InvalidInput):
        fields = "; ".join(f"{fault.field}: {fault.message}" for fault in result.exception.errors)
        return result.exit_code, result.stdout, f"{result.exception} {fields}"
    return result.exit_code, result.stdout, result.stderr


def written(name: str, **more: Any) -> dict[str, Any]:
    """Return the deal of one of the written cases."""
    (path,) = WRITTEN.glob(f"{name}_*.json")
    deal: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["deal"]
    return deal | more


def entries() -> int:
    """Return how many entries the audit log has, all of them sound."""
    code, printed, _ = run("audit", "verify", "--json")
    assert code == 0
    return int(json.loads(printed)["checked"])


def test_a_deal_is_assessed_printed_and_recorded(sample: Path) -> None:
    path = sample / "deal.json"
    path.write_text(json.dumps(written("04", reference="AST-4")), encoding="utf-8")
    before = entries()
    code, printed, _ = run("deal", path)
    assert code == 3
    assert printed.startswith("AST-4  STOP")
    assert "Bank Melli Iran" in printed
    assert "Recorded" in printed
    assert entries() == before + 2, "the deal, and the case that its listed bank opens"


def test_a_line_is_a_deal_and_the_worst_decides(sample: Path) -> None:
    path = sample / "deals.jsonl"
    deals = [written("01", reference="one"), written("04", reference="two")]
    path.write_text("\n\n".join(json.dumps(deal) for deal in deals) + "\n", encoding="utf-8")
    code, printed, _ = run("deal", path, "--json")
    found = [json.loads(line) for line in printed.splitlines()]
    assert code == 3
    assert [one["receipt"]["reference"] for one in found] == ["one", "two"]
    assert [one["assessment"]["verdict"] for one in found] == ["incomplete", "stop"], "the sample is never clear"


def test_lines_that_cannot_be_read_are_named_and_the_others_assessed(sample: Path) -> None:
    path = sample / "deals.jsonl"
    nowhere = written("01") | {"route": [{"kind": "load", "country": "Atlantis"}]}
    good = [json.dumps(written("01", reference="one")), json.dumps(written("04", reference="two"))]
    bad = [json.dumps(written("01") | {"colour": "red"}), "{", json.dumps(nowhere), "[]"]
    lines = [good[0], bad[0], "", bad[1], bad[2], good[1], bad[3]]
    path.write_bytes("\n".join(lines).encode() + b'\n{"reference": "\xff"}\n')
    before = entries()
    code, printed, error = run("deal", path)
    assert code == 2, "the file was not assessed whole"
    assert "one  INCOMPLETE" in printed
    assert "two  STOP" in printed
    assert [line.partition(":")[0] for line in error.splitlines() if line.startswith("line ")] == [
        "line 2",
        "line 4",
        "line 5",
        "line 7",
        "line 8",
    ]
    assert "colour" in error
    assert "route.0.country" in error
    assert entries() == before + 3, "two deals, and a case"
    code, printed, _ = run("deal", path, "--json")
    found = [json.loads(line) for line in printed.splitlines()]
    assert code == 2
    assert [one.get("line") for one in found] == [None, 2, 4, 5, None, 7, 8]
    assert found[3]["fields"][0]["field"] == "route.0.country"


def test_a_file_that_is_not_there_or_no_deal_is_said_so(sample: Path) -> None:
    code, _, error = run("deal", sample / "none.jsonl")
    assert code == 1
    assert "none.jsonl cannot be read" in error
    (sample / "deal.json").write_text("{}", encoding="utf-8")
    code, _, error = run("deal", sample / "deal.json")
    assert code == 1
    assert "parties" in error


def test_a_country_that_is_none_is_named_with_its_field(sample: Path) -> None:
    path = sample / "deal.json"
    path.write_text(json.dumps(written("01") | {"route": [{"kind": "load", "country": "Atlantis"}]}), encoding="utf-8")
    code, _, error = run("deal", path)
    assert code == 1
    assert "route.0.country" in error


def test_the_rules_say_what_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    code, printed, _ = run("rules", "--json")
    rules = {rule["id"]: rule for rule in json.loads(printed)["items"]}
    assert code == 0
    off = next(rule for rule in rules.values() if not rule["applied"])
    name = off["id"].replace("-", "_")
    monkeypatch.setenv(f"CASPIAN_DEAL_RULES__{name}", "true")
    again = {rule["id"]: rule for rule in json.loads(run("rules", "--json")[1])["items"]}
    assert again[off["id"]]["applied"]
    assert off["id"] in run("rules")[1]
