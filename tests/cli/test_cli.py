"""The command line as scripts use it: what it prints, and the exit codes they rely on. Runs on the bundled sample."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from unreachable_lists import UNREACHABLE

from api import cli
from api.cli import up
from api.cli.output import Exit
from core.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def sample_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as a first start leaves it with no publisher in reach and no list files."""
    directory = tmp_path_factory.mktemp("first-start")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in UNREACHABLE.items():
            patch.setenv(name, value)
        up.asyncio.run(up._prepare(Settings(data_dir=directory)))
    return directory


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `caspian` with arguments; return its exit code, standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["caspian", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


@pytest.fixture
def sample(sample_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASPIAN_DATA_DIR", str(sample_dir))


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASPIAN_DATA_DIR", str(tmp_path / "new"))


@pytest.mark.usefixtures("sample")
class TestScreen:
    def test_a_listed_name_is_a_match_and_is_recorded(self, run: Run) -> None:
        code, out, _ = run("screen", "بانک ملی ایران", "--kind", "organization", "--country", "IR", "--json")
        screening = json.loads(out)
        assert code == Exit.REVIEW_OR_MATCH
        assert screening["answer"]["outcome"] == "match"
        assert "Bank Melli" in screening["answer"]["matches"][0]["primary_name"].title()
        assert screening["receipt"]["audit_sequence"] > 0

    def test_an_identifier_decides(self, run: Run) -> None:
        code, out, _ = run("screen", "Some Other Name", "--kind", "vessel", "--id", "imo:9481910", "--json")
        assert code == Exit.REVIEW_OR_MATCH
        assert json.loads(out)["answer"]["matches"][0]["primary_name"] == "PORT OLYA-3"

    def test_the_sample_never_clears(self, run: Run) -> None:
        code, out, _ = run("screen", "Caspian Dried Fruit Trading LLC")
        assert code == Exit.INCOMPLETE
        assert out.startswith("INCOMPLETE")
        assert "sample" in out

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (["screen", "X", "--id", "imo"], "--id imo"),
            (["screen", "X", "--birth-date", "soon"], "birth_date"),
            (["screen", "X", "--country", "Atlantis"], "countries"),
            (["screen", "x" * 501], "name"),
        ],
    )
    def test_what_cannot_be_read_is_named(self, run: Run, arguments: Sequence[str], named: str) -> None:
        code, out, err = run(*arguments)
        assert (code, out) == (Exit.USAGE, "")
        assert named in err

    def test_an_unknown_kind_is_a_usage_error(self, run: Run) -> None:
        assert run("screen", "X", "--kind", "ship")[0] == Exit.USAGE


@pytest.mark.usefixtures("sample")
class TestLists:
    def test_status_names_every_list_and_the_sample(self, run: Run) -> None:
        code, out, _ = run("lists", "status", "--json")
        shown = {one["key"]: one for one in json.loads(out)}
        assert code == Exit.OK
        assert set(shown) == {"ofac_sdn", "ofac_cons", "eu_fsf", "un_sc", "us_csl"}
        assert shown.pop("us_csl")["state"] == "not_loaded"
        assert all(one["snapshot"]["sample"] for one in shown.values())

    def test_a_refused_file_is_named_with_its_reason_and_status_keeps_it(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "broken.xml").write_text('<CONSOLIDATED_LIST dateGenerated="2026-08-01T00:00:00Z"><INDIVIDUALS>')
        code, out, _ = run("lists", "import", "--from", str(tmp_path), "--json")
        (file,) = json.loads(out)["files"]
        assert (code, file["outcome"], file["list"]) == (Exit.ERROR, "refused", "un_sc")
        _, out, _ = run("lists", "status", "--json")
        status = next(one for one in json.loads(out) if one["key"] == "un_sc")
        assert status["last_reason"] == file["reason"]
        assert status["snapshot"]["sample"], "what was in force stays"

    def test_a_file_that_is_no_list_is_reported_and_skipped(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("nothing of interest")
        code, out, _ = run("lists", "import", "--from", str(tmp_path), "--json")
        assert (code, json.loads(out)["files"][0]["outcome"]) == (Exit.OK, "unknown")

    def test_an_unknown_list_cannot_be_refreshed(self, run: Run) -> None:
        code, _, err = run("lists", "refresh", "ofac")
        assert code == Exit.ERROR
        assert "ofac_sdn" in err


@pytest.mark.usefixtures("sample")
class TestEvaluate:
    def test_pairs_come_back_with_score_and_match(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "pairs.csv"
        path.write_text(
            "query_name,candidate_name,schema,mine\n"
            "محمود احمدی\u200cنژاد,Mahmoud Ahmadinejad,Person,a\n"
            "Ivan Petrov,Mahmoud Ahmadinejad,Person,b\n",
            encoding="utf-8",
        )
        code, out, _ = run("evaluate", "pairs", str(path))
        same, other = csv.DictReader(io.StringIO(out))
        assert code == Exit.OK
        assert (same["match"], other["match"]) == ("true", "false")
        assert 0 <= float(other["score"]) < float(same["score"]) <= 1
        assert same["mine"] == "a"

    def test_search_ranks_and_shows_a_query_without_result(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "queries.csv"
        path.write_text(
            "query_id,query_name,kind,birth_date,country\n1,Bank Melli Iran,organization,,IR\n2,Zzyzx Qwfpgj,,,\n"
        )
        code, out, _ = run("evaluate", "search", str(path))
        rows = list(csv.DictReader(io.StringIO(out)))
        assert code == Exit.OK
        assert (rows[0]["rank"], rows[0]["outcome"]) == ("1", "match")
        assert next(row["rank"] for row in rows if row["query_id"] == "2") in ("0", "1")
        assert all(row["outcome"] in ("match", "review", "below", "") for row in rows)

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("query_name,schema\na,Person\n", "candidate_name"),
            ("query_name,candidate_name,schema\na,b,Ship\n", "row 2, column schema"),
            ("query_name,candidate_name,schema\na,,Person\n", "row 2, column candidate_name"),
        ],
    )
    def test_a_bad_file_is_named_by_row_and_column(self, run: Run, tmp_path: Path, text: str, named: str) -> None:
        (tmp_path / "bad.csv").write_text(text)
        code, _, err = run("evaluate", "pairs", str(tmp_path / "bad.csv"))
        assert code == Exit.USAGE
        assert named in err


@pytest.mark.usefixtures("sample")
class TestAudit:
    def test_the_log_verifies_and_so_does_its_export(self, run: Run, tmp_path: Path) -> None:
        run("screen", "Bank Melli")
        code, out, _ = run("audit", "verify", "--json")
        assert (code, json.loads(out)["whole"]) == (Exit.OK, True)
        export = tmp_path / "audit.jsonl"
        assert run("audit", "export", "-o", str(export))[0] == Exit.OK
        assert run("audit", "verify", str(export))[0] == Exit.OK

    def test_a_changed_export_is_found(self, run: Run, tmp_path: Path) -> None:
        export = tmp_path / "audit.jsonl"
        run("audit", "export", "-o", str(export))
        export.write_text(export.read_text().replace('"action":"list_imported"', '"action":"list_refused"', 1))
        code, out, _ = run("audit", "verify", str(export), "--json")
        assert (code, json.loads(out)["whole"]) == (Exit.ERROR, False)


@pytest.mark.usefixtures("nothing")
class TestKeys:
    def test_a_key_is_shown_once_and_can_be_revoked(self, run: Run) -> None:
        code, out, _ = run("keys", "create", "--role", "trader", "--owner", "Dina", "--json")
        made = json.loads(out)
        assert (code, made["role"], made["owner"]) == (Exit.OK, "trader", "Dina")
        assert run("keys", "revoke", made["id"])[0] == Exit.OK
        _, out, _ = run("keys", "list", "--json")
        (listed,) = json.loads(out)
        assert listed["revoked_at"]
        assert made["key"] not in out

    def test_an_unknown_key_cannot_be_revoked(self, run: Run) -> None:
        code, _, err = run("keys", "revoke", "ck_none")
        assert code == Exit.ERROR
        assert "ck_none" in err

    def test_without_lists_nothing_is_screened(self, run: Run) -> None:
        code, _, err = run("screen", "Bank Melli")
        assert code == Exit.ERROR
        assert "no list is loaded" in err


def test_a_bad_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASPIAN_PORT", "99999")
    code, _, err = run("lists", "status")
    assert code == Exit.USAGE
    assert "CASPIAN_PORT" in err


@pytest.mark.usefixtures("sample")
class TestCases:
    def test_a_match_opens_a_case_that_the_queue_shows(self, run: Run) -> None:
        _, out, _ = run("screen", "Bank Melli Iran", "--kind", "organization")
        assert "An officer decides it." in out
        code, out, _ = run("cases", "--json", "--priority", "high")
        line = next(one for one in json.loads(out) if one["subject"] == "Bank Melli Iran")
        assert (code, line["state"], line["asked_by_you"]) == (Exit.OK, "open", True)
        code, out, _ = run("cases")
        assert line["id"] in out
        assert run("cases", "--state", "closed", "--json")[1].strip() == "[]"
