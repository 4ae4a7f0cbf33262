# Every target prepares what it needs by itself: Python packages, server programs, a browser.
# `only=` narrows tests, benchmarks and faults: make test only=tests/services/leads, make chaos only=F1,F5 seed=7
# Dead letters: make dead · make dead do=list unit=leads · make dead do=show id=... · make dead do=replay id=...
#   make dead do=replay all=1 queue=leads.intake · make dead do=drop id=... reason="why"

PYTHON ?= python3
only ?=
do ?=
dead_options = $(id) $(if $(all),--all) $(if $(unit),--unit $(unit)) $(if $(queue),--queue $(queue)) \
	$(if $(topic),--topic $(topic)) $(if $(reason),--reason "$(reason)")

.PHONY: run test check bench chaos dead spool queues format vendor docs

run:
	@$(PYTHON) -m deploy.local run

test:
	@$(PYTHON) -m deploy.local test $(only)

check:
	@$(PYTHON) -m deploy.local check

bench:
	@$(PYTHON) -m deploy.local bench $(only)

chaos:
	@$(PYTHON) -m deploy.local chaos $(foreach name,only seed seeds long,$(if $($(name)),$(name)=$($(name))))

dead:
	@$(PYTHON) -m deploy.local dead $(or $(do),list) $(dead_options)

spool:
	@$(PYTHON) -m deploy.local spool $(or $(do),show)

queues:
	@$(PYTHON) -m deploy.local queues

format:
	@$(PYTHON) -m deploy.local format

vendor:
	@$(PYTHON) -m deploy.local vendor

docs:
	@$(PYTHON) -m deploy.local docs
