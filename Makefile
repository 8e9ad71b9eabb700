# `make` lists the targets. The first one that needs it sets up .venv from the lock file; after that nothing needs the network.
# What pip cannot give: scans are read by tesseract (Debian: tesseract-ocr), letters printed with Pango.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# The docs site has packages of its own, pinned apart.
SITE   := build/site-tools
# Which tests: the quick ones. `make test MARKS="slow or not slow"` runs all.
MARKS  ?= not slow
UV     := uv==0.13.9
# Which Pythons `make pythons` looks for, by name or path.
PYTHONS ?= python3.11 python3.12 python3.13

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test lint pythons bench agree site hooks lock sbom clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{ printf "make %-8s %s\n", $$1, $$2 }'

setup: $(READY) ## make .venv and install the locked packages and priorauth itself

$(READY): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "priorauth needs Python 3.11 or newer: install it, or name it as in  make PYTHON=python3.12 setup" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python cannot make a virtual environment: install it with  apt install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## decide one real case from beginning to end
	@if test -x examples/demo.sh; then PATH="$(CURDIR)/$(BIN):$$PATH" ./examples/demo.sh; else $(BIN)/priorauth --help; fi

serve: setup ## serve a demo plan of made-up requests, open to this machine alone
	@mkdir -p build
	$(BIN)/priorauth serve --open --demo 30 --db sqlite:///build/demo.db

test: lint ## lint, types, floors, and the tests
	$(BIN)/python -m pytest -m "$(MARKS)"

lint: setup ## style, types and floors alone
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

pythons: ## the same as test on every Python of PYTHONS that is here, each in an environment of its own
	@for python in $(PYTHONS); do \
	  if $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	    $(MAKE) --no-print-directory PYTHON=$$python VENV=build/$$(basename $$python) test || exit 1; \
	  else echo "NOT TESTED on $$python: it is not here" >&2; fi; \
	done

bench: setup ## measure; every figure in the docs comes from here
	@if test -x bench/run.sh; then PATH="$(CURDIR)/$(BIN):$$PATH" ./bench/run.sh; else echo "bench/run.sh is not there yet" >&2; exit 1; fi

agree: setup ## hold the engines against each other, slow tests included
	@if test -d tests/agree; then $(BIN)/python -m pytest tests/agree; else echo "tests/agree is not there yet" >&2; exit 1; fi

site: $(SITE)/.ready ## build the docs as a site in build/site, and check its links
	$(SITE)/bin/python tools/site.py

$(SITE)/.ready: requirements/site.lock
	@test -x $(SITE)/bin/pip || $(PYTHON) -m venv $(SITE)
	$(SITE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/site.lock
	@touch $@

hooks: setup ## run the linters before each commit (pre-commit, from .pre-commit-config.yaml)
	@command -v pre-commit >/dev/null || { echo "pre-commit is not here: install it with  pipx install pre-commit" >&2; exit 1; }
	pre-commit install

lock: ## resolve the newest packages anew and pin them by hash (needs the network)
	@test -x build/lock/bin/pip || $(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check $(UV)
	cd requirements && ../build/lock/bin/uv pip compile --quiet --universal --generate-hashes --upgrade \
	  --custom-compile-command "make lock" --extra dev ../pyproject.toml -o dev.lock
	cd requirements && ../build/lock/bin/uv pip compile --quiet --universal --generate-hashes --upgrade \
	  --custom-compile-command "make lock" --extra all -c dev.lock ../pyproject.toml -o all.lock
	cd requirements && ../build/lock/bin/uv pip compile --quiet --universal --generate-hashes --upgrade \
	  --custom-compile-command "make lock" -c dev.lock ../pyproject.toml -o runtime.lock
	cd requirements && ../build/lock/bin/uv pip compile --quiet --universal --generate-hashes --upgrade --python-version 3.11 \
	  --custom-compile-command "make lock" site.in -o site.lock
	$(PYTHON) tools/sbom.py

sbom: ## write sbom.json (CycloneDX) anew from the lock files
	$(PYTHON) tools/sbom.py

clean: ## remove what was made here, .venv too
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
