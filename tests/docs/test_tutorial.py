"""The tutorial works: what it says to write is written into a copy of the project, and what it says to run is run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "tutorial-add-a-list.md"
CONTRACT = Path("tests/lists/test_sources_contract.py")

BLOCK = re.compile(r"^`(?P<path>[\w/.]+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the floors below and of the contract test, with the files of the page in their places."""
    copy = tmp_path_factory.mktemp("project")
    for floor in ("core", "lists"):
        shutil.copytree(PROJECT / floor, copy / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "tests/fixtures/lists", copy / "tests/fixtures/lists")
    (copy / CONTRACT).parent.mkdir(parents=True)
    shutil.copyfile(PROJECT / CONTRACT, copy / CONTRACT)
    shutil.copyfile(PROJECT / "pyproject.toml", copy / "pyproject.toml")
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        path = copy / block["path"]
        assert not path.exists(), f"{path} is there already: the page must not change what is"
        path.write_text(block["text"], encoding="utf-8")
    return copy


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=project, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_page_is_one_module_one_fixture_and_one_test() -> None:
    written = [block["path"] for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    assert written == [
        "tests/fixtures/lists/xx_register.xml",
        "lists/sources/xx_register.py",
        "tests/lists/test_xx_register.py",
    ]


def test_the_new_source_is_discovered_and_reads_its_fixture(project: Path) -> None:
    look = (
        "from pathlib import Path\n"
        "import lists\n"
        "from lists.source import discover, format_of\n"
        "source = discover()['xx_register']\n"
        "path = Path('tests/fixtures/lists/xx_register.xml')\n"
        "knowing = [key for key, known in discover().items() if format_of(known, path)]\n"
        "print(Path(lists.__file__).parent.parent.resolve() == Path.cwd().resolve(), knowing,\n"
        "      len(format_of(source, path).parse(path).entities))\n"
    )
    done = run(project, "-c", look)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[0] == "True ['xx_register'] 3"


def test_its_own_test_and_the_contract_test_pass(project: Path) -> None:
    done = run(project, "-m", "pytest", "-n", "0", "-p", "no:randomly", "tests/lists", "-k", "xx_register", "-vv")
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.findall(r"^(tests/lists/\w+\.py)::(\w+)\S* PASSED", done.stdout, re.MULTILINE)
    contract = {name for path, name in passed if path == str(CONTRACT)}
    assert {
        "test_every_source_is_described",
        "test_every_source_has_a_fixture_of_its_own",
        "test_a_file_is_recognised_by_one_source_at_most",
        "test_fixtures_are_read_whole",
        "test_a_file_cut_anywhere_is_refused",
        "test_a_doctype_is_refused",
    } <= contract
    assert sum(path == "tests/lists/test_xx_register.py" for path, _ in passed) == 6


def test_its_code_is_in_the_house_style(project: Path) -> None:
    for command in (("check",), ("format", "--check")):
        written = ("lists/sources/xx_register.py", "tests/lists/test_xx_register.py")
        done = run(project, "-m", "ruff", *command, *written)
        assert done.returncode == 0, done.stdout + done.stderr
