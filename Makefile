# The platform on this machine (up, preview, outputs, down) and its checks. `make help` lists the targets.
# An example is a stack of its own: make up SETTINGS=examples/settings/<name>.yaml
STACK ?= $(if $(SETTINGS),,dev)
CHOSEN := $(if $(STACK),--stack $(STACK)) $(if $(SETTINGS),--settings $(SETTINGS))
SERVICE ?= web
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.ready
INTEGRATION := $(VENV)/.ready-integration
PACKAGING := $(VENV)/.ready-package
WORKFLOWS ?= .github/workflows
GITLAB ?= .gitlab-ci.yml
# What an `up` that fails in pytest's own process leaves open is collected at any time, and is no fault of a test.
LEFT_OPEN := -W ignore::pytest.PytestUnraisableExceptionWarning
# A class tells one story of one stack, in order. Three go on at once: two keep two cores busy for three quarters of the time.
STORIES := -n 3 --dist loadscope
# The real provider waits most of the time, longest for the stacks that come first.
WAITING := -n 6 --dist loadscope --no-loadscope-reorder
# For every Python and system that is promised, and without the address of an index.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

# Python keeps what it has compiled, whatever the environment says: to compile pulumi_aws at each start takes seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup up preview refresh outputs down push scan expiring test test-quick test-unit test-policies test-engine test-integration integration check check-workflows format lock package packs generate benchmark clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SETUP) ## install what everything else needs into .venv (the others do it themselves)

$(SETUP): requirements-dev.lock.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "✗ $(PYTHON) is missing or older than 3.11: install Python 3.11 or later, or name one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { echo "✗ $(PYTHON) cannot make a virtual environment: install its venv module (Debian: python3-venv)"; exit 1; }
	@echo "▸ Installing the Python packages into $(VENV), about a minute"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.lock.txt \
	  || { echo "✗ the packages cannot be installed: let this machine reach PyPI (or pip's index of yours), and run this again"; exit 1; }
	@touch $@

up preview refresh outputs down: $(SETUP)
	@$(BIN)/python -m local $@ $(CHOSEN)

up: ## bring the stack up on the local stand-in (STACK=prod for prod, SETTINGS=<file> for an example)
preview: ## show what up would do, and the policies' verdicts
refresh: ## read every resource of the stack again
outputs: ## show the stack's outputs
down: ## take the stack down; nothing is left

push scan: $(SETUP)
	@$(BIN)/python -m release $@ $(SERVICE) $(if $(TAG),$(if $(filter push,$@),--tag )$(TAG)) --stack $(STACK)

expiring: $(SETUP)
	@$(BIN)/python -m release $@ --stack $(STACK)

push: ## on AWS: build the image of SERVICE (examples/app), tag it by commit or TAG, push it
scan: ## on AWS: scan what SERVICE is meant to run, or its image TAG
expiring: ## on AWS: show which images the lifecycle rules would expire, and whether one of them runs

test: test-quick test-engine test-integration ## run every lane

test-quick: $(SETUP) ## the lanes unit and policies in one go: half a minute
	@echo "▸ Lanes unit and policies"
	@$(BIN)/python -m pytest tests/unit tests/policies -n auto

test-unit: $(SETUP) ## settings and components under mocks: seconds
	@echo "▸ Lane unit"
	@$(BIN)/python -m pytest tests/unit -n auto

test-policies: $(SETUP) ## rules on their own cases: seconds
	@echo "▸ Lane policies"
	@$(BIN)/python -m pytest tests/policies -n auto

test-engine: $(SETUP) ## the real Pulumi engine on the stand-in: minutes
	@echo "▸ Lane engine"
	@$(BIN)/python -m local cli
	@$(BIN)/python -m pytest tests/engine $(STORIES) $(LEFT_OPEN)

test-integration: $(SETUP) # part of `make test`, where the AWS provider plugin is on this machine
	@if missing=$$($(BIN)/python -m tests.integration.plugin 2>&1 >/dev/null); then $(MAKE) --no-print-directory integration; \
	  else echo "▸ Lane integration left out: $$missing"; fi

integration: $(INTEGRATION) ## the real AWS provider plugin on an emulated AWS API: minutes
	@echo "▸ Lane integration"
	@$(BIN)/python -m local cli
	@$(BIN)/python -m tests.integration.plugin --download
	@$(BIN)/python -m pytest tests/integration $(WAITING) $(LEFT_OPEN)

$(INTEGRATION): $(SETUP) requirements-integration.lock.txt
	@echo "▸ Installing the emulated AWS API into $(VENV)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-integration.lock.txt \
	  || { echo "✗ the packages cannot be installed: let this machine reach PyPI (or pip's index of yours), and run this again"; exit 1; }
	@touch $@

check: $(SETUP) ## formatting, lint and types, as CI runs them
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo --cache-dir .import_linter_cache
	@$(MAKE) --no-print-directory check-workflows
	@$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	@echo "▸ Types (the first time reads the services of pulumi_aws that are used: half a minute)"
	@$(BIN)/mypy

check-workflows: $(SETUP) # part of `make check`: the pipelines by GitHub's and GitLab's schemas, and for what is unsafe
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)/*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci $(GITLAB)
	@$(BIN)/zizmor --offline --quiet $(WORKFLOWS)/*.yml .github/dependabot.yml

format: $(SETUP) ## format the code and mend what lint can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## lock every package with its hashes after a change of requirements*.txt (UPGRADE=1 for newer ones)
	@test -x $(BIN)/uv || $(MAKE) --no-print-directory setup
	@$(LOCK) requirements-dev.txt --output-file requirements-dev.lock.txt
	@for name in integration package; do $(LOCK) requirements-$$name.txt --output-file requirements-$$name.lock.txt \
	  --constraint requirements-dev.lock.txt || exit 1; done

packs: $(SETUP) ## build the policy packs as folders that work anywhere, into dist/policy-packs
	@$(BIN)/python -m policies.vendor

package: $(PACKAGING) ## build what other projects install into dist/package, and check it (VERSION=<its version> to compare)
	@rm -rf dist/package .local/package
	@$(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist/package
	@$(BIN)/twine check --strict dist/package/*.*
	@$(BIN)/python -m venv .local/package
	@.local/package/bin/pip install --quiet --disable-pip-version-check dist/package/*.whl
	@.local/package/bin/python -I .ci/import_wheel.py $(VERSION)

$(PACKAGING): $(SETUP) requirements-package.lock.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-package.lock.txt
	@touch $@

generate: $(SETUP) ## write again what is generated from the program; tests keep it true
	@$(BIN)/python -m settings.schema > settings.schema.json
	@$(BIN)/python -m policies.managed_policies
	@$(BIN)/python -m policies.reviewed > settings/iam_reviewed.json
	@$(BIN)/python -m policies.docs
	@$(BIN)/python -m benchmarks.precision.page
	@$(BIN)/python -m outputs.docs > docs/outputs.md
	@$(BIN)/python -m examples.quotes
	@$(BIN)/python -m tests.unit.program.resources
	@$(BIN)/python -m tests.policies.aliases

benchmark: $(SETUP) ## measure a run and its parts, and the policies beside their peer, into docs/performance.md
	@$(BIN)/python -m benchmarks.run
	@$(BIN)/python -m benchmarks.services
	@$(BIN)/python -m benchmarks.policies
	@$(BIN)/python -m benchmarks.growth

clean: ## forget the local engine's state and work folders
	@rm -rf .local dist
