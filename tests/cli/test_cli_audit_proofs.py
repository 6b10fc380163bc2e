"""`caspian audit` with keys and checkpoints: what it prints to the examiner, and its exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from api import cli
from api.cli.output import Exit

Run = Callable[..., tuple[int, str]]
OTHER = "ab" * 32


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run `caspian` on a data directory of its own; return its exit code and all it printed."""
    monkeypatch.setenv("CASPIAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CASPIAN_CHECKPOINTS_DIR", str(tmp_path / "elsewhere"))

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["caspian", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out + printed.err

    return run


def test_an_export_is_verified_with_key_and_checkpoint(run: Run, tmp_path: Path) -> None:
    export = tmp_path / "audit.jsonl"
    assert run("audit", "export", "-o", str(export))[0] == Exit.OK
    key = run("audit", "key")[1].strip()
    assert len(key) == 64
    (kept,) = (tmp_path / "elsewhere").glob("*.jsonl")
    assert json.loads(run("audit", "key", "--json")[1]) == {"public_key": key, "key": kept.stem}

    code, said = run("audit", "verify", str(export))
    assert (code, "proves itself only" in said) == (Exit.OK, True)
    code, said = run("audit", "verify", str(export), "--key", key.upper())
    assert (code, "Proved by a signed checkpoint up to entry 1." in said) == (Exit.OK, True)
    code, said = run("audit", "verify", str(export), "--checkpoint", str(kept), "--json")
    assert (code, json.loads(said)["proved"]) == (Exit.OK, 1)
    code, said = run("audit", "verify", str(export), "--key", OTHER)
    assert (code, "not signed by the key abab" in said) == (Exit.ERROR, True)
    code, said = run("audit", "verify", str(export), "--key", "short")
    assert (code, "64 hex digits" in said) == (Exit.USAGE, True)


def test_a_database_built_anew_is_found_by_what_is_kept(run: Run, tmp_path: Path) -> None:
    run("audit", "export", "-o", str(tmp_path / "one.jsonl"))
    run("audit", "export", "-o", str(tmp_path / "two.jsonl"))
    code, said = run("audit", "verify")
    assert (code, "up to entry 2." in said) == (Exit.OK, True)
    for file in (tmp_path / "data").glob("caspian.sqlite*"):
        file.unlink()
    code, said = run("audit", "verify")
    assert (code, "the log ends at 0" in said) == (Exit.ERROR, True)
    run("keys", "create", "--role", "trader", "--owner", "Dina")
    run("keys", "create", "--role", "trader", "--owner", "Dina")
    code, said = run("audit", "verify")
    assert (code, "the chain was built anew" in said) == (Exit.ERROR, True)
    code, said = run("audit", "export", "-o", str(tmp_path / "three.jsonl"))
    assert (code, "not the one that the checkpoint" in said) == (Exit.ERROR, True)
    assert not (tmp_path / "three.jsonl").exists()


def test_a_filtered_export_is_verified_and_a_line_taken_out_is_found(run: Run, tmp_path: Path) -> None:
    for role in ("trader", "officer", "auditor"):
        run("keys", "create", "--role", role)
    export = tmp_path / "keys.jsonl"
    code, said = run("audit", "export", "-o", str(export), "--action", "key_created", "--from", "2020-01-01")
    assert code == Exit.OK
    assert "3 entries" in said
    key = run("audit", "key")[1].strip()
    code, said = run("audit", "verify", str(export), "--key", key)
    assert code == Exit.OK
    assert "3 entries" in said
    lines = export.read_text().splitlines(keepends=True)
    export.write_text("".join([lines[0], *lines[2:]]))
    code, said = run("audit", "verify", str(export), "--key", key)
    assert code == Exit.ERROR
    assert "3 entries passed the filter, but 2 are here" in said
    assert run("audit", "export", "-o", str(export), "--from", "yesterday")[0] == Exit.USAGE
    assert run("audit", "export", "-o", str(export), "--after", "1", "--actor", "key:x")[0] == Exit.USAGE


def test_holds_are_placed_listed_and_lifted_and_nothing_is_erased_against_them(run: Run) -> None:
    code, said = run("audit", "hold", "place", "--subject", "Ivan Petrov", "--reason", "dispute 7")
    assert code == Exit.OK
    hold = said.strip()
    (listed,) = json.loads(run("audit", "hold", "list", "--json")[1])
    assert (listed["id"], listed["target"], listed["lifted_at"]) == (hold, "ivan petrov", None)
    erase = ("audit", "erase", "--subject", "ivan petrov", "--reason", "demanded", "--order", "Court 12/2026")
    code, said = run(*erase)
    assert code == Exit.ERROR
    assert "legal hold" in said
    assert run("audit", "hold", "lift", hold, "--reason", "settled")[0] == Exit.OK
    code, said = run(*erase)
    assert code == Exit.OK
    assert "2 entries" in said  # the hold's own entries name the subject
    assert run("audit", "verify")[0] == Exit.OK
    assert run("audit", "erase", "--reason", "nothing meant")[0] == Exit.USAGE
