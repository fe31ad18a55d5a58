# The commands of Satu Klik. Each installs what it needs; second runs take seconds.
#   make demo    everything with synthetic people on http://127.0.0.1:8000 (PORT= changes it)
#   make test · check · fuzz · bench · screenshots · lock · messages · assets · fmt

SHELL := /bin/bash
PORT ?= 8000
RESIDENTS ?= 20000
TIME ?= 60
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PO := $(wildcard satuklik/*/locale/*/LC_MESSAGES/django.po satuklik/*/*/locale/*/LC_MESSAGES/django.po)
MO := $(PO:.po=.mo)

export PORT

.DEFAULT_GOAL := help
.PHONY: help install install-test demo serve test check bench screenshots lock messages assets fmt clean fuzz

help:
	@sed -n 's/^#   //p' Makefile

# -- installing ------------------------------------------------------------------------------------

install: $(VENV)/.installed messages

$(VENV)/.installed: requirements/tools.txt requirements/base.txt pyproject.toml requirements/install.sh
	@PYTHON="$(PYTHON)" requirements/install.sh base

install-test: $(VENV)/.installed-test messages

$(VENV)/.installed-test: $(VENV)/.installed requirements/test.txt
	@PYTHON="$(PYTHON)" requirements/install.sh test

messages: $(MO)

%.mo: %.po | $(VENV)/.installed
	@$(BIN)/pybabel -q compile -i $< -o $@ -l $(notdir $(patsubst %/,%,$(dir $(patsubst %/,%,$(dir $<)))))

# -- running ---------------------------------------------------------------------------------------

demo: install
	@exec $(BIN)/satuklik demo --residents $(RESIDENTS)

serve: install
	@exec $(BIN)/satuklik serve

bench: install-test
	@$(BIN)/satuklik bench

screenshots: install-test
	@requirements/install.sh programs
	@$(BIN)/satuklik screenshots

# -- checking --------------------------------------------------------------------------------------

test: install-test
	@requirements/install.sh programs
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(TESTS)

check: install-test
	@$(BIN)/satuklik check

# The check of uploads, against files made to break it: make fuzz TIME=600
fuzz: install-test
	@requirements/install.sh fuzz
	@$(BIN)/python -m tests.fuzz.upload $(TIME) var/fuzz

fmt: install-test
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# -- keeping up ------------------------------------------------------------------------------------

COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# `make lock UPGRADE=--upgrade` takes the newest releases.
lock: $(VENV)/.installed
	@$(COMPILE) $(UPGRADE) requirements/tools.in -o requirements/tools.txt
	@$(COMPILE) $(UPGRADE) requirements/base.in -o requirements/base.txt
	@$(COMPILE) $(UPGRADE) requirements/test.in -c requirements/base.txt -o requirements/test.txt
	@$(COMPILE) $(UPGRADE) requirements/fuzz.in -c requirements/test.txt -o requirements/fuzz.txt
	@if [ -f assets/package.json ]; then cd assets && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund; fi

assets:
	@command -v npm >/dev/null || { echo "Building the static files needs Node and npm. The built files are in the repository: only a change of assets/ needs this."; exit 1; }
	@cd assets && npm ci --no-audit --no-fund && npm run build

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
