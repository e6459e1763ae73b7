# Two commands do everything: `make serve` and `make test`. `make` alone prints what there is.

PYTHON ?= python3
VENV := .venv
DOCS_VENV := .venv-docs
BIN := $(VENV)/bin
NODE_CLIENT := tests/clients/node
AXE := tests/browser/axe
LANGUAGES := tests/languages/node
NODE_MODULES := $(NODE_CLIENT)/node_modules $(AXE)/node_modules
LONG_NODE_MODULES := $(LANGUAGES)/node_modules
ARGS ?=
# Many tests wait for a browser, a server or a clock: with one process more than cores, no core waits with them.
PYTEST := $(BIN)/pytest -p xdist -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist loadfile --no-loadscope-reorder

# Without bytecode, each pytest process rewrites and compiles a thousand modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help serve quick test compiled browser test-long test-versions check drift defects lint style format bundles bench bench-growth bench-dashboard screenshots docs lock clean

help: ## Print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(VENV)/.runtime ## Install what is needed and serve the mock (ARGS="--port 9000")
	@$(BIN)/mockserver serve $(ARGS)

quick: $(VENV)/.test ## The tests of a minute: no browser, no Node, no long matrix
	$(PYTEST) -m "not slow" $(ARGS)

test: ## Install what the tests need, lint, check the mock, run the suite without its long cases
	@$(MAKE) --no-print-directory --jobs 4 $(VENV)/.test $(NODE_MODULES) browser
	@$(MAKE) --no-print-directory --jobs 2 style check compiled
	$(PYTEST) $(ARGS)

# pytest compiles each test module that it collects: once here, not in each of its processes. These report the errors.
compiled: $(VENV)/.test
	@$(BIN)/pytest --collect-only -qq >/dev/null || true

browser:
	@tools/browser.sh

test-long: ## The same with every case, 20 Schemathesis seeds, two hundred kills and more generated examples
	@$(MAKE) --no-print-directory $(LONG_NODE_MODULES)
	MOCKSERVER_TEST_SEEDS=20 MOCKSERVER_TEST_KILLS=200 HYPOTHESIS_PROFILE=long $(MAKE) --no-print-directory test

test-versions: $(VENV)/.test ## The core tests with the lowest and highest versions of the dependencies, on each Python at hand
	@tools/test_versions.sh

check: $(VENV)/.test ## Check the mock against its own contract, in both profiles
	$(BIN)/mockserver check

drift: $(VENV)/.check ## Compare staging with the mock (ARGS="--dry-run", TARGET=URL for another server)
	$(BIN)/mockserver drift $(or $(TARGET),staging) $(ARGS)

defects: $(VENV)/.test ## Seed each defect into the mock and print which checks find it
	@$(BIN)/python -m mockserver_contracts.mutation.kill_matrix $(ARGS)

lint: style ## Format check, lint, types, layers
	$(BIN)/pytest -q tests/house

style: $(VENV)/.test ## Format check, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.test ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bundles: $(VENV)/.test ## Make every generated file anew: effective contracts, corpora of the default seed, tables of claims
	$(BIN)/python -m mockserver.contract.loading.bundle
	$(BIN)/python -m mockserver_contracts.corpus.bundle
	$(BIN)/python tools/claims_tables.py

bench: $(VENV)/.test ## Measure processor time, throughput, p99 and start against a bare ASGI app (ARGS=--quick)
	@tools/wrk.sh
	@$(BIN)/python -m benchmarks $(ARGS)

bench-growth: $(VENV)/.test ## Measure lists, usage and a jump of the clock with a million rows over a thousand
	$(BIN)/python -m benchmarks.growth $(ARGS)

bench-dashboard: $(VENV)/.test browser ## Measure the dashboard of a full mock in Chromium, beside that of an empty one
	$(BIN)/python -m benchmarks.dashboard $(ARGS)

screenshots: $(VENV)/.test browser ## Take the README's pictures anew
	$(BIN)/python tools/screenshots.py

docs: $(DOCS_VENV)/.docs ## Build the site of docs/ into site/; a broken link fails
	$(DOCS_VENV)/bin/zensical build --clean --strict

lock: $(VENV)/.test ## Lock the dependencies anew, with hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build --extra postgres pyproject.toml -o requirements/runtime.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build --extra check --extra postgres --constraint requirements/runtime.lock pyproject.toml -o requirements/check.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra test --constraint requirements/check.lock pyproject.toml -o requirements/test.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--group docs -o requirements/docs.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--group install -o requirements/pip.lock

clean: ## Remove what make made
	rm -rf $(VENV) $(DOCS_VENV) site .cache $(NODE_MODULES) $(LONG_NODE_MODULES) dist build

$(VENV)/.pip: requirements/pip.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Modules are compiled when they are first imported; most of those that tools bring never are.
define install
	@echo "installing $(1) into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $<
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q mockserver contracts
endef

$(VENV)/.runtime: requirements/runtime.lock $(VENV)/.pip pyproject.toml
	$(call install,the mock)
	@touch $@

$(VENV)/.check: requirements/check.lock $(VENV)/.pip pyproject.toml
	$(call install,the mock and the harness)
	@touch $@ $(VENV)/.runtime

$(VENV)/.test: requirements/test.lock $(VENV)/.pip pyproject.toml
	$(call install,the mock and what the tests need)
	@touch $@ $(VENV)/.check $(VENV)/.runtime

$(DOCS_VENV)/.docs: requirements/docs.lock
	@test -x $(DOCS_VENV)/bin/python || $(PYTHON) -m venv $(DOCS_VENV)
	@echo "installing into $(DOCS_VENV) ..."
	@$(DOCS_VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.lock
	@touch $@

$(NODE_MODULES) $(LONG_NODE_MODULES): %/node_modules: %/package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --prefix $*
	@touch $@
