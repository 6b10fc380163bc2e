"""`caspian replay` and `caspian screen --as-of`: what they print, and their exit codes. Runs on the bundled sample."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner
from unreachable_lists import UNREACHABLE

from api.cli import app, up
from core.settings import Settings
from screening.matching import version


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data directory as a first start leaves it with no publisher in reach."""
    for name, value in UNREACHABLE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CASPIAN_DATA_DIR", str(tmp_path))
    asyncio.run(up._prepare(Settings(data_dir=tmp_path)))


def run(*arguments: str) -> tuple[int, str]:
    """Run `caspian`; return its exit code and standard output."""
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout


@pytest.mark.usefixtures("sample")
def test_a_screening_is_replayed_and_compared_with_today(monkeypatch: pytest.MonkeyPatch) -> None:
    _, printed = run("screen", "Bank Melli Iran", "--json")
    screening_id = json.loads(printed)["receipt"]["id"]
    code, printed = run("replay", screening_id, "--today")
    assert (code, printed.split()[0]) == (0, "IDENTICAL")
    assert "(unchanged)" in printed
    monkeypatch.setenv("CASPIAN_REVIEW_THRESHOLD", "650")
    code, printed = run("replay", screening_id, "--json")
    result = json.loads(printed)
    assert (code, result["identical"]) == (0, True)
    assert {"what": "review_threshold", "recorded": "700", "now": "650"} in result["changed"]
    monkeypatch.setattr("screening.answering.VERSION", version.VERSION + ".other")
    code, printed = run("replay", screening_id)
    assert (code, printed.split()[0]) == (1, "DIFFERENT")


@pytest.mark.usefixtures("sample")
def test_as_of_takes_a_day_or_a_moment() -> None:
    today = json.loads(run("screen", "Bank Melli Iran", "--json")[1])["receipt"]["recorded_at"][:10]
    code, printed = run("screen", "Bank Melli Iran", "--as-of", today)
    assert code in (3, 4)
    assert printed.startswith(f"As of {today} ")
    assert run("screen", "Bank Melli Iran", "--as-of", "2019-01-01T00:00:00Z")[0] != 0
    assert run("screen", "Bank Melli Iran", "--as-of", "yesterday")[0] != 0


@pytest.mark.usefixtures("sample")
def test_the_id_of_a_deal_replays_the_deal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deal.json"
    parties = [{"roles": ["seller"], "name": "Volga Agromash"}, {"roles": ["buyer"], "name": "Bank Melli Iran"}]
    path.write_text(json.dumps({"parties": parties}), encoding="utf-8")
    deal_id = json.loads(run("deal", str(path), "--json")[1])["receipt"]["id"]
    code, printed = run("replay", deal_id, "--today")
    assert (code, printed.split()[0]) == (0, "IDENTICAL")
    assert "verdict stop (unchanged)" in printed
    monkeypatch.setenv("CASPIAN_DEAL_RULES__X_011", "false")
    code, printed = run("replay", deal_id, "--json")
    result = json.loads(printed)
    assert (code, result["identical"], result["deal_id"]) == (0, True, deal_id)
    assert result["changed"] == [{"what": "rules switched", "recorded": "none", "now": "X-011=off"}]
    monkeypatch.setattr("screening.answering.VERSION", version.VERSION + ".other")
    code, printed = run("replay", deal_id)
    assert (code, printed.split()[0]) == (1, "DIFFERENT")
    assert "matcher" in printed
