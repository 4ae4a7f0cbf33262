# Every target prepares what it needs by itself: Python packages, server programs, a browser.
# `only=` narrows tests, benchmarks and faults: make test only=tests/services/leads, make chaos only=F1,F5 seed=7
# Dead letters: make dead · make dead do=list unit=leads most=200 · make dead do=show id=... · make dead do=replay id=...
#   make dead do=replay all=1 queue=leads.intake · make dead do=drop id=... reason="why" · do=drop queue=... reason="why"
# What connectors keep for the broker: make spool · make spool do=drain · make spool do=adopt file=/path/forms.0.spool
#   folder=... when the spools lie elsewhere than make run keeps them. What waits in the broker: make queues

PYTHON ?= python3
only ?=
do ?=
# Whatever a value holds, the shell hands it on as it is.
quoted = '$(subst ','\'',$(value $(1)))'
option = $(if $(value $(1)),--$(1) $(call quoted,$(1)))
given = $(if $(value $(1)),$(call quoted,$(1)))
dead_options = $(call given,id) $(if $(all),--all) $(foreach name,unit queue topic most reason,$(call option,$(name)))

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
	@$(PYTHON) -m deploy.local spool $(call option,folder) $(or $(do),show) $(call given,file)

queues:
	@$(PYTHON) -m deploy.local queues

format:
	@$(PYTHON) -m deploy.local format

vendor:
	@$(PYTHON) -m deploy.local vendor

docs:
	@$(PYTHON) -m deploy.local docs
