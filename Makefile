# Everything a newcomer needs: `make run` and `make test`. Both make their own environments; nothing needs AWS.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# The deployed runtime's Python where it is found, else the newest from 3.11 on; pyenv's versions are found too.
PYTHON ?= $(shell for v in 3.13 3.14 3.12 3.11 3; do \
	for p in python$$v $$(ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/$$v*/bin/python 2>/dev/null | sort -rV); do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; exit; }; done; done)
PY := .venv/bin/python
PORT ?= 8080
# Bytecode is kept: an environment that may not keep it compiles everything again at each start.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPATH := layers/lumbung:functions:.

.PHONY: help setup run serve test lint types faults torture mutants engine-tests bench interface lock clean

include infra/build/build.mk

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: .venv/ready .venv-engine/ready ## make the environments (done by every other target)

run: setup ## the local stack, with the programme's first two waves replayed on it (ONCE=1: end afterwards)
	PORT=$(PORT) $(PY) -m infra.replay

serve: setup ## the local stack, empty, on http://127.0.0.1:8080 (PORT=, DATA=dir, START=moment)
	$(PY) -m infra.local --port $(PORT) $(if $(DATA),--data $(DATA)) $(if $(START),--start $(START))

test: setup lint types ## everything a change must pass
	$(PY) -m pytest -n 2 --dist loadfile

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PY) -m infra.interface --check
	$(PY) -m infra.whatsapp --check
	.venv/bin/cfn-lint

types: setup
	.venv/bin/mypy

faults: setup ## the long fault histories: a crash at every call, not at each twentieth
	FAULT_STRIDE=1 HISTORIES=1000 $(PY) -m pytest -n 2 tests -k "crash or fault or interrupted or at_once"

torture: setup ## lives of waves, their money, hand-out and couriers, and of catalogue sources, at random (SEED=1 HISTORIES=10000)
	SEED=$(or $(SEED),1) HISTORIES=$(or $(HISTORIES),10000) $(PY) -m pytest -n 2 tests/faults/test_ordering_histories.py \
		tests/faults/test_payments_histories.py tests/faults/test_desk_histories.py tests/faults/test_courier_histories.py \
		tests/faults/test_catalog_histories.py

mutants: setup ## weaken each condition of the stores in turn: a test must notice (goes on where it was cut off)
	[ -f tests/mutants/map.json ] || $(PY) -m tests.mutants map
	$(PY) -m tests.mutants run
	$(PY) -m tests.mutants hunt

engine-tests: setup ## the store and handler tests on a real engine (ENGINE=ministack, or http://… of DynamoDB Local)
	ENGINE=$(or $(ENGINE),ministack) $(PY) -m pytest tests/integration --ignore tests/integration/test_local_stack.py \
		--ignore tests/integration/test_deploy_local.py

bench: setup ## speed, units and growth, compared as ratios within one run
	BENCH=1 CATALOG_ROWS=1000000 $(PY) -m pytest tests/bench -s --benchmark-columns=min,median,rounds

interface: setup ## write the template's routes, the OpenAPI document and WhatsApp's templates from the code
	$(PY) -m infra.interface
	$(PY) -m infra.whatsapp

lock: setup ## pin the newest packages that infra/locks/*.in allow, with their hashes
	cd infra/locks && for wanted in layer:../../layers/lumbung/requirements.txt planner:planner.txt importer:importer.txt matcher:matcher.txt dev:dev.txt \
		engine:engine.txt build:build.txt tools:tools.txt; do ../../.venv/bin/uv pip compile -q --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --upgrade \
		$${wanted%%:*}.in -o $${wanted##*:}; done

clean: ## forget the environments and what was built
	rm -rf .venv .venv-engine .venv-build .aws-sam

.venv/ready: infra/locks/dev.txt layers/lumbung/requirements.txt infra/locks/planner.txt infra/locks/importer.txt \
		infra/locks/matcher.txt
	@[ -n "$(PYTHON)" ] || { echo "Lumbung needs Python 3.11 or newer, and found none."; exit 1; }
	@echo "making .venv with $(PYTHON)"
	@$(PYTHON) -m venv --clear .venv
	@.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r infra/locks/tools.txt
	@.venv/bin/uv pip install -q --compile-bytecode --require-hashes --python $(PY) -r infra/locks/dev.txt
	@touch $@

.venv-engine/ready: infra/locks/engine.txt .venv/ready
	@echo "making .venv-engine: the local AWS engine"
	@$(PYTHON) -m venv --clear .venv-engine
	@.venv/bin/uv pip install -q --compile-bytecode --require-hashes --python .venv-engine/bin/python -r infra/locks/engine.txt
	@touch $@
