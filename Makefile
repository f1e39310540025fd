# Two commands do everything: `make run` and `make test`. PORT=8600 make run chooses another port.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

# Where an image forbids it, every process that is started compiles all our modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench lock audit faults

run: .venv/ready ## crawl the bundled fictional web, link, and serve the archive
	$(BIN)/onrecord demo --port $(PORT)

test: .venv/ready ## the tests that need nothing but Python
	$(BIN)/pytest -q -m "not real and not postgres and not browser and not ftm and not objects and not baselines" -n 2 --dist worksteal

check: .venv/ready ## lint and types
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: .venv/ready ## speed and memory, side by side
	$(BIN)/python -m tests.bench

lock: .venv/ready ## pin what runs, with hashes, from pyproject.toml and constraints.txt
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --extra postgres --extra scale --constraint constraints.txt pyproject.toml \
		--output-file requirements.lock

audit: .venv/ready ## known faults of what is pinned, where an advisory service can be reached
	$(PYTHON) -m venv .venv/audit && .venv/audit/bin/pip install --quiet pip-audit
	$(BIN)/python -m tests.auditing .venv/audit/bin/pip-audit requirements.lock

faults: .venv/ready ## everything that can fail, at every operation; stopped, it goes on where it was
	$(BIN)/python -m tests.faults

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@
