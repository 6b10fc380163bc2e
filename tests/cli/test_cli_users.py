"""`caspian users` and `caspian keys rotate`, as an administrator runs them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASPIAN_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("CASPIAN_DATABASE_URL", "")


def run(*arguments: str) -> str:
    result = RUN.invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def people() -> dict[str, dict[str, object]]:
    return {person["sign_in_name"]: person for person in json.loads(run("users", "list", "--json"))}


def test_a_person_is_created_changed_and_kept_out() -> None:
    made = json.loads(run("users", "create", "Olga", "--name", "Olga Petrova", "--role", "officer", "--json"))
    assert made["temporary_password"]
    assert (made["sign_in_name"], made["name"], made["role"]) == ("olga", "Olga Petrova", "officer")
    assert "password_hash" not in made
    run("users", "set-role", "olga", "approver")
    run("users", "disable", "OLGA")
    assert people()["olga"]["role"] == "approver"
    assert people()["olga"]["disabled_at"]
    assert "disabled" in run("users", "list")
    run("users", "enable", "olga")
    run("users", "unlock", "olga")
    again = json.loads(run("users", "reset-password", "olga", "--json"))
    assert again["temporary_password"] != made["temporary_password"]
    assert people()["olga"]["disabled_at"] is None
    assert made["temporary_password"] not in run("users", "list", "--json")


def test_a_password_is_printed_alone_on_standard_output() -> None:
    password = run("users", "create", "ivan", "--role", "trader").strip()
    assert len(password.split("-")) == 4
    assert " " not in password


def test_an_unknown_person_is_an_error() -> None:
    result = RUN.invoke(app, ["users", "disable", "nobody"])
    assert "there is no person nobody" in str(result.exception)


def test_a_key_is_rotated() -> None:
    made = json.loads(run("keys", "create", "--role", "trader", "--json"))
    rotated = json.loads(run("keys", "rotate", made["id"], "--hours", "2", "--json"))
    assert rotated["key"] != made["key"]
    assert rotated["key"].startswith(made["id"])
    assert rotated["former_until"]
    assert run("keys", "rotate", made["id"]).strip().startswith(made["id"])
