"""The size gate: small modules and short functions, so that each is read whole."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("core", "lists", "screening", "api")
MODULES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
MOST_LINES, MOST_IN_FUNCTION = 300, 50


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_and_its_functions_are_short(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MOST_LINES, f"{path} does more than one thing: split it by meaning"
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MOST_IN_FUNCTION
    ]
    assert not long, f"{path}: {long}"


def test_alembic_is_not_shadowed() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists(), "alembic/__init__.py would shadow the library"


def test_every_package_is_installed() -> None:
    """A package that pyproject does not name is missing from the wheel, though the editable install hides it."""
    import tomllib

    named = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = {
        ".".join(init.parent.relative_to(ROOT).parts)
        for floor in FLOORS
        for init in (ROOT / floor).rglob("__init__.py")
    }
    assert found == named
