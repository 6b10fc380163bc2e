"""Compiled: only modules of this very source are used; they answer as the source does; what is missing is said."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from screening import compile as compiling
from screening import compiled

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = """
import hashlib
from importlib import resources
from benchmarks.lists import read_lists
from screening.matching import likeness
from screening.matching.index import ListIndex
from screening.matching.matcher import match
from screening.matching.policy import Policy
from screening.matching.subject import Subject
from screening.validation.samples import draw

with resources.as_file(resources.files("lists.sample")) as folder:
    entities = read_lists(folder)
index = ListIndex.build(entities)
queries = draw(entities, 6, 7)
told = hashlib.sha256()
for query in queries:
    told.update(repr(match(index, Subject(query.name, query.kind), Policy())).encode())
print(likeness.__file__.rsplit(".", 1)[-1], len(queries), index.hash, told.hexdigest())
"""


def answers(matcher: str) -> list[str]:
    environment = {**os.environ, "CASPIAN_MATCHER": matcher}
    command = [sys.executable, "-c", ANSWERS]
    return subprocess.run(
        command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.split()


@pytest.mark.skipif(not compiled.home().is_dir(), reason="not compiled: make install does it where there is a compiler")
def test_compiled_it_answers_as_the_source_does() -> None:
    source, made = answers("source"), answers("")
    assert (source[0], made[0]) == ("py", "so")
    assert int(source[1]) > 100
    assert made[1:] == source[1:]


def test_other_source_finds_nothing_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = compiled.home.__wrapped__()
    for package in compiled.PACKAGES:
        folder = Path(*package.split("."))
        (tmp_path / folder).mkdir(parents=True)
        for path in (ROOT / folder).glob("*.py"):
            (tmp_path / folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(compiled, "ROOT", tmp_path)
    assert compiled.home.__wrapped__() == before
    numbers = tmp_path / "screening" / "matching" / "numbers.py"
    numbers.write_text(numbers.read_text() + "\n")
    assert compiled.home.__wrapped__() != before


def test_without_a_compiler_it_says_so_and_leaves_all_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "home", lambda: tmp_path / "none")
    monkeypatch.setattr(compiling, "shelf", lambda: tmp_path / "shelf")
    monkeypatch.setenv("CC", "no-such-compiler")
    compiling.main()
    assert "No C compiler (no-such-compiler) here." in capsys.readouterr().err
    assert not (tmp_path / "shelf").exists()


def test_what_was_compiled_is_not_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "home", lambda: tmp_path)
    compiling.main()
    assert capsys.readouterr().err == ""
