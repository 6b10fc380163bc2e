# Two commands matter: `make run` and `make test`. Everything else is a part of them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help install dev run test lint format types contracts bench bench-peer lock clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

$(VENV)/.runtime: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Caspian needs Python 3.11 or newer; call make with PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	touch $@

# The matcher as machine code, from the same source: where it cannot be made, the source answers, more slowly.
MATCHER := $(wildcard screening/compile*.py screening/names/*.py screening/matching/*.py screening/matching/features/*.py)
$(VENV)/.compiled: $(VENV)/.runtime $(MATCHER)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements-dev.lock mypy setuptools || true
	$(BIN)/python -m screening.compile
	touch $@

install: $(VENV)/.compiled ## Build .venv with `caspian` in it, nothing else

dev: $(VENV)/.dev ## The same, with the tools that tests need

run: $(VENV)/.compiled ## Migrate, import the lists, serve on http://127.0.0.1:8000
	$(BIN)/caspian up

test: $(VENV)/.dev $(VENV)/.compiled lint types contracts ## Lint, types, import contracts and all tests
	$(BIN)/pytest

lint: $(VENV)/.dev ## ruff and deptry
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/deptry .

types: $(VENV)/.dev ## mypy --strict
	$(BIN)/mypy

contracts: $(VENV)/.dev ## The four floors (import-linter)
	$(BIN)/lint-imports

format: $(VENV)/.dev ## Put every file into the house style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(VENV)/.dev $(VENV)/.compiled ## Measure on the real lists and write docs/benchmarks.md
	$(BIN)/python -m benchmarks

.venv-peer/.ready: benchmarks/peer-requirements.txt
	test -x .venv-peer/bin/python || $(PYTHON) -m venv .venv-peer
	.venv-peer/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peer-requirements.txt
	touch $@

bench-peer: $(VENV)/.dev $(VENV)/.compiled .venv-peer/.ready ## The same names through nomenklatura's logic-v2, in .venv-peer
	$(BIN)/python -m benchmarks peer

lock: ## Renew requirements*.lock from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove what was built here (never the data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
