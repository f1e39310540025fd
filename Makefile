# Two commands do everything: `make run` and `make test`. PORT=8600 make run chooses another port.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

# Where an image forbids it, every process that is started compiles all our modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench

run: .venv/ready ## crawl the bundled fictional web, link, and serve the archive
	$(BIN)/onrecord demo --port $(PORT)

test: .venv/ready ## the tests that need nothing but Python
	$(BIN)/pytest -q -m "not real and not postgres and not browser" -n 2 --dist worksteal

check: .venv/ready ## lint and types
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: .venv/ready ## speed and memory, side by side
	$(BIN)/python -m tests.bench

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@
