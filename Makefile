# What a developer types. Everything goes through ./bin/arc, which installs its own dependencies the first time.
.DEFAULT_GOAL := help
SHELL := /bin/sh
ARC ?= ./bin/arc
# The Node that the lock file brings, for the tools that are started without arc's launcher.
TOOLS := PATH="$(CURDIR)/node_modules/.bin:$$PATH"

# Make targets of each service, written by `arc generate`.
include $(wildcard services/*/*.mk)

.PHONY: dev dev-health dev-status dev-down test lint bench soak help

dev: ## boot the think profile; installs what is missing on this machine
	@$(ARC) up think --yes

dev-health: ## check that what runs is really healthy
	@$(ARC) health

dev-status: ## show what runs where
	@$(ARC) status

dev-down: ## stop everything; data is kept
	@$(ARC) down

test: ## lint, build, and run every test; installs what is missing on this machine
	@$(ARC) --version >/dev/null
	@$(TOOLS) node scripts/prepare.ts test --yes
	@$(TOOLS) npm run --silent lint
	@$(ARC) generate --check
	@$(TOOLS) node scripts/test.ts

lint: ## check style and types
	@$(TOOLS) npm run --silent lint

# BENCH='--output bench.json start mux' measures some parts, and writes to another file.
bench: ## measure arc against Docker Compose and others; writes docs/bench.json and README.md's bench block
	@$(ARC) --version >/dev/null
	@$(TOOLS) node scripts/prepare.ts bench --yes
	@$(TOOLS) node tests/bench/run.ts $(BENCH); status=$$?; \
	$(TOOLS) node scripts/docs.ts && exit $$status

# SOAK='--minutes 3' ends sooner.
soak: ## talk to the agent for an hour, and fail if memory grows
	@$(ARC) --version >/dev/null
	@$(TOOLS) node scripts/prepare.ts test --yes
	@$(TOOLS) node tests/soak/run.ts $(SOAK)

help: ## show this help
	@printf 'Targets:\n'
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16
	@printf '\nEach service has targets of its own:%s\n' '$(foreach file,$(wildcard services/*/*.mk), make $(basename $(notdir $(file)))-help;)'
