# The words people type. Python 3.11 and make are all that the machine needs.
#
#   make demo     everything, with demo people and images, at http://localhost:8000
#   make serve    the same, empty, for real use
#   make test     every test      make check   style, types, import contracts
#   make chaos    long fault runs make bench   speed, measured
#
# PORT= chooses the port, ANJI_VAR= the data folder, DATABASE_URL= and REDIS_URL= servers
# of your own.

PYTHON ?= $(shell for name in python3.11 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)
PORT ?= 8000
ANJI_VAR ?= $(CURDIR)/var
export PORT ANJI_VAR
# Compiled once, every one of our many processes starts seconds sooner.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
INSTALLED := .venv/.installed
NODE_INSTALLED := node_modules/.installed
BUNDLE := static/build/.built
STATIC := $(or $(STATIC_ROOT),$(ANJI_VAR)/static)/staticfiles.json
TEXTS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
NPM := PATH="$(CURDIR)/.venv/bin:$$PATH" npm

.PHONY: help demo serve test check bench chaos install texts static built
.DELETE_ON_ERROR:

help:
	@sed -n 's/^#   //p' Makefile

# `exec`: a signal to make then reaches the supervisor itself.
demo: built
	@exec $(PY) manage.py up --demo

serve: built
	@exec $(PY) manage.py up

# Two processes of tests, each with its own servers. One also starts platforms, one after
# another; every other file goes to whichever is free (tests/conftest.py).
test: install $(BUNDLE) texts
	@exec $(PY) -m pytest -m "not chaos" -n 2 --dist loadscope --no-loadscope-reorder

chaos: install $(BUNDLE) texts
	@exec $(PY) -m pytest -m chaos

bench: install $(BUNDLE) texts
	@exec $(PY) -m tests.benchmarks $(BENCH)

check: install
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	.venv/bin/lint-imports
	$(PY) -m mypy hospital consult diagnosis scheduling manage.py
	BEHIND_TLS=1 $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py translations --check

# --- What they stand on -----------------------------------------------------------
built: install texts static
install: $(INSTALLED)
texts: $(TEXTS)
static: $(STATIC)

$(INSTALLED): requirements.lock
	@test -n "$(PYTHON)" || { echo "error: Python 3.11 was not found. Install it, or name it: make demo PYTHON=/path/to/python3.11" >&2; exit 2; }
	@echo "Installing what requirements.lock names into .venv" >&2
	@$(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	@UV_HTTP_TIMEOUT=300 $(PY) -m uv pip sync --quiet --require-hashes --python $(PY) requirements.lock
	@touch $@

$(NODE_INSTALLED): package-lock.json .npmrc $(INSTALLED)
	@echo "Installing what package-lock.json names into node_modules" >&2
	@$(NPM) ci --silent --no-fund --no-audit
	@touch $@

$(BUNDLE): package.json $(NODE_INSTALLED) $(wildcard frontend/*)
	@echo "Building the front end" >&2
	@$(NPM) run --silent build
	@touch $@

%.mo: %.po $(INSTALLED)
	@$(PY) manage.py translations --compile

$(STATIC): $(BUNDLE) $(shell find static -path static/build -prune -o -type f -print)
	@echo "Collecting the static files" >&2
	@$(PY) manage.py collectstatic --no-input --verbosity 0
	@touch $@
