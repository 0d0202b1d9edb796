# Every target that needs the environment makes it, in .venv.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
STORY ?= examples/the-fox-and-the-grapes.md
CODE := storyreel services tests tools benchmarks

.DEFAULT_GOAL := help
.PHONY: help demo up down test test-real chaos fetch-servers lint fmt proto lock bench clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@tools/system-libraries
	@$(PYTHON) -c 'import sys; sys.exit("Storyreel needs Python 3.11 or newer: set PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing dependencies into .venv (once, about a minute)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY) ## Render an example story: out/<story>.mp4 (STORY=path for another)
	@mkdir -p out
	@$(BIN)/storyreel render $(STORY) -o out/$(notdir $(basename $(STORY))).mp4

up: $(READY) ## Start the whole stack on this machine, until Ctrl-C (SERVERS=real BROKERS=3 for Apache Kafka and MinIO)
	@$(BIN)/storyreel up $(if $(SERVERS),--servers $(SERVERS)) $(if $(BROKERS),--brokers $(BROKERS))

down: $(READY) ## Stop a running stack
	@$(BIN)/storyreel down

test: $(READY) ## Run every test, on the embedded servers, which the tests start
	@$(BIN)/pytest

test-real: $(READY) ## Run the integration suite and a short chaos run on Apache Kafka and MinIO
	@$(BIN)/python -m tools.test_real

chaos: $(READY) ## Kill everything at random under load and look for what is lost or paid twice (SEED= JOBS= SERVERS=)
	@$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(JOBS),--jobs $(JOBS)) \
		$(if $(IMAGES),--images $(IMAGES)) $(if $(SERVERS),--servers $(SERVERS)) $(if $(BROKERS),--brokers $(BROKERS)) \
		$(if $(ENGINES),--engines $(ENGINES)) $(if $(REPORT),--report $(REPORT))

fetch-servers: $(READY) ## Fetch Apache Kafka and MinIO into .servers (needs Java, Maven and Go)
	@$(BIN)/storyreel fetch-servers

lint: $(READY) ## Check style, types and contracts
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy
	@cd proto && ../$(BIN)/buf lint && ../$(BIN)/buf format --diff --exit-code && ../$(BIN)/buf breaking --against baseline.binpb
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tools/generate_contracts.py --check
	@echo "lint: all good"

fmt: $(READY) ## Format the code and the contracts
	@$(BIN)/ruff check --fix-only -q $(CODE)
	@$(BIN)/ruff format $(CODE)
	@cd proto && ../$(BIN)/buf format -w

proto: $(READY) ## Generate storyreel/contracts from proto/
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tools/generate_contracts.py

lock: $(READY) ## Pin the newest allowed dependencies in requirements.lock
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile -q --upgrade --prerelease if-necessary-or-explicit --no-emit-index-url --no-header --no-annotate --generate-hashes --extra local --extra dev pyproject.toml -o requirements.lock

bench: $(READY) ## Run one benchmark (NAME=claims), or list them
	@$(BIN)/python -m benchmarks $(NAME)

clean: ## Remove what was built: the environment, films, state and caches
	@rm -rf .venv out .storyreel build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
