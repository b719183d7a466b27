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

.PHONY: help setup run serve test lint types checks storefront screenshots lighthouse faults torture mutants engine-tests restore-drill fuzz doors bench interface rights licences lock clean

# The web client's tools come with the Python environment: a Node.js of its own.
NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"
WEB := functions/storefront/web
BUILT := functions/storefront/built

include infra/build/build.mk

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: .venv/ready .venv-engine/ready $(BUILT)/index.html ## make the environments (done by every other target)

run: setup ## the local stack, with the programme's first two waves replayed on it (ONCE=1: end afterwards)
	PORT=$(PORT) $(PY) -m infra.replay

serve: setup ## the local stack, empty, on http://127.0.0.1:8080 (PORT=, DATA=dir, START=moment)
	$(PY) -m infra.local --port $(PORT) $(if $(DATA),--data $(DATA)) $(if $(START),--start $(START))

test: setup lint types checks ## everything a change must pass
	$(PY) -m pytest -n 2 --dist loadfile -rs

storefront: $(BUILT)/index.html ## build the web client into functions/storefront/built

screenshots: setup ## pictures of the storefront's pages into screenshots/ (ONLY=member; needs a Chromium)
	PORT=$(PORT) $(PY) -m infra.tour screenshots screenshots $(ONLY)

lighthouse: setup infra/tour/node_modules/ready ## Lighthouse on the storefront's main pages (ONLY=member; needs a Chromium)
	PORT=$(PORT) $(PY) -m infra.tour lighthouse $(ONLY)

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PY) -m infra.interface --check
	$(PY) -m infra.monitoring --check
	$(PY) -m infra.whatsapp --check
	$(PY) -m infra.supply.licences --check
	.venv/bin/cfn-lint

types: setup
	.venv/bin/mypy
	$(NODE) npm run --silent check
	$(NODE) npm test --silent

checks: setup .venv-checks/ready ## both templates as an auditor would read them, on the day (ON=2026-11-24)
	$(PY) -m infra.guard $(or $(ON),$(shell date +%F))

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

restore-drill: setup ## restores to every moment of a story, and what comes after them
	FAULT_STRIDE=1 $(PY) -m pytest tests/faults/test_restore.py

doors: setup ## who may do what, bad tokens, what bodies and answers may hold, forged webhooks: every case of it
	FAULT_STRIDE=1 $(PY) -m pytest -n 2 --dist loadfile tests/doors

fuzz: setup ## Schemathesis at every operation through the gateway (CASES=1000 of each, SEED=1)
	CASES=$(or $(CASES),1000) SEED=$(or $(SEED),1) $(PY) -m pytest -n 2 tests/doors/test_fuzz.py -rP | grep -v "^---"

bench: setup ## speed, units and growth, compared as ratios within one run
	BENCH=1 CATALOG_ROWS=1000000 $(PY) -m pytest tests/bench -s --benchmark-columns=min,median,rounds

cost: setup ## rupiah per order, per wave and per idle month, from measured units and assumed prices
	$(PY) -m infra.cost

interface: setup ## write the template's routes and alarms, the OpenAPI document and WhatsApp's templates from the code
	$(PY) -m infra.interface
	$(PY) -m infra.monitoring
	$(PY) -m infra.whatsapp

rights: setup ## hold the roles against what the last whole run of the tests saw functions use
	$(PY) -m infra.rights

licences: setup ## list under which licences others' packages are that we deploy
	$(PY) -m infra.supply.licences

lock: setup ## pin the newest packages that infra/locks/*.in allow, with their hashes
	cd infra/locks && for wanted in layer:../../layers/lumbung/requirements.txt planner:planner.txt importer:importer.txt matcher:matcher.txt dev:dev.txt \
		engine:engine.txt checks:checks.txt build:build.txt tools:tools.txt; do ../../.venv/bin/uv pip compile -q --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --upgrade \
		$${wanted%%:*}.in -o $${wanted##*:}; done

clean: ## forget the environments and what was built
	rm -rf .venv .venv-engine .venv-checks .venv-build .aws-sam node_modules $(BUILT) $(WEB)/generated

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

.venv-checks/ready: infra/locks/checks.txt .venv/ready
	@echo "making .venv-checks: checkov"
	@$(PYTHON) -m venv --clear .venv-checks
	@.venv/bin/uv pip install -q --compile-bytecode --require-hashes --python .venv-checks/bin/python -r infra/locks/checks.txt
	@touch $@

node_modules/ready: package.json package-lock.json .venv/ready
	@echo "installing the web client's packages"
	@$(NODE) npm ci --silent --ignore-scripts
	@touch $@

infra/tour/node_modules/ready: infra/tour/package.json infra/tour/package-lock.json .venv/ready
	@cd infra/tour && $(NODE) npm ci --silent --ignore-scripts
	@touch $@

$(BUILT)/index.html: node_modules/ready functions/ordering/openapi.json $(shell find functions/storefront/web -type f -not -path '*/generated/*')
	@echo "building the web client"
	@$(NODE) npm run --silent types > /dev/null
	@$(NODE) npm run --silent build -- --logLevel warn
	@touch $@
