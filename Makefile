# Every target prepares what it needs by itself: Python packages, server programs, a browser.
# `only=` narrows tests and benchmarks: make test only=tests/services/leads

PYTHON ?= python3
only ?=

.PHONY: run test check bench format vendor docs

run:
	@$(PYTHON) -m deploy.local run

test:
	@$(PYTHON) -m deploy.local test $(only)

check:
	@$(PYTHON) -m deploy.local check

bench:
	@$(PYTHON) -m deploy.local bench $(only)

format:
	@$(PYTHON) -m deploy.local format

vendor:
	@$(PYTHON) -m deploy.local vendor

docs:
	@$(PYTHON) -m deploy.local docs
