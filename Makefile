# Every command of a developer and of a town's administrator. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
# Tests and demo may run side by side: tests have their own folder, database and ports.
WORKERS ?= 2

.PHONY: help demo serve stop test test-all bench bench-peers lint lock setup setup-test

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## build the demo town (once) and serve it on http://127.0.0.1:8000 until Ctrl-C
	@scripts/setup.sh serve
	@$(BIN)/maehia demo --serve $(DEMO)

serve: ## serve the town of this folder until Ctrl-C
	@scripts/setup.sh serve
	@$(BIN)/maehia serve

stop: ## stop what serve or demo of this folder started
	@if [ -x $(BIN)/maehia ]; then $(BIN)/maehia stop; else echo "nothing was set up here"; fi

test: ## every test that is not slow (own database, ports, folders)
	@scripts/setup.sh test
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not slow" $(ARGS)

test-all: ## every test
	@scripts/setup.sh test
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

bench: ## measure speed and quality, with the bars
	@scripts/setup.sh test
	@$(BIN)/python -m bench $(ARGS)

bench-peers: ## measure against CLIMADA and landlab, in environments of their own (ARGS=--large)
	@scripts/setup.sh test
	@$(BIN)/python -m bench.peers $(ARGS)

lint: ## style, types, layers, migrations
	@scripts/setup.sh test
	@scripts/lint.sh

lock: ## lock the newest parts that requirements/*.in allow, with hashes
	@scripts/lock.sh

setup: ## system packages and .venv/ for serving
	@scripts/setup.sh serve

setup-test: ## system packages and .venv/ for tests
	@scripts/setup.sh test
