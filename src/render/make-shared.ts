import type { ArtefactRenderer } from './artefact.ts';
import { composeFileName, startIntervalFileName } from './compose-file-names.ts';
import { withHeader } from './header.ts';

/** Path of the make file that the fragments of all services include. */
export const sharedMakefile = 'services/arc.mk';

/** The recipes of every service's make targets, once for all of them. */
export const sharedMakefiles: ArtefactRenderer = ({ stack }) => [
  { path: sharedMakefile, text: withHeader({ source: 'arc.yaml', text: rules(stack.network) }) },
];

/**
 * Static pattern rules, so that `$*` is the service or container that a target is named after: no text is expanded
 * twice, and each recipe reads as it runs.
 *
 * @param network the network that Compose expects to find
 */
const rules = (network: string): string => `#
# Targets of a service. Its fragment, <service>/<service>.mk, says what it consists of and includes this file.
# They use arc where it is there (ARC, ./bin/arc), and docker and docker compose where it is not.

ARC ?= ./bin/arc
DOCKER_COMPOSE ?= docker compose
ifndef arc_found
arc_found := $(or $(shell command -v "$(ARC)"),no)
endif

arc_units := $(arc_service) $(filter-out $(arc_service),$($(arc_service)_services) $($(arc_service)_companions))
$(foreach unit,$(filter-out $(arc_service),$(arc_units)),$(eval $(unit)_folder := $($(arc_service)_folder)))

# Other services of the platform are not orphans.
arc_compose = COMPOSE_IGNORE_ORPHANS=true $(DOCKER_COMPOSE) --file $($*_folder)/${composeFileName}
# Compose waits for health checks of the Engine, which from 25 on (API 1.44) makes the first ones as early as it is told.
arc_start_interval = --file $($*_folder)/${startIntervalFileName}
arc_sooner = $$(minor=$$(docker version --format '{{.Server.APIVersion}}' 2>/dev/null | cut -d . -f 2); \\
  [ "$\${minor:-0}" -ge 44 ] && $(arc_compose) $(arc_start_interval) config --quiet >/dev/null 2>&1 && \\
  echo $(arc_start_interval))
arc_services = $(or $($*_services),$*)
arc_images = $(sort $(foreach build,$($*_builds),$(firstword $(subst |, ,$(build)))))
# $(call arc_docker_build,folder,image Dockerfile variable): on another base where the variable names one.
arc_docker_build = docker build $(if $($(word 3,$(2))),--build-arg BASE_IMAGE=$($(word 3,$(2)))) --tag $(word 1,$(2)) --file $(1)/$(word 2,$(2)) $(1)
arc_version_given = test -n "$(VERSION)" || { echo 'error: which version? make $@ VERSION=v0.1.0' >&2; exit 2; }
# $(call arc_ask,what): asks before something is removed, unless FORCE=1.
arc_ask = if [ "$(FORCE)" != 1 ]; then \\
    printf 'This removes %s.\\nType $* to go on: ' '$(1)'; \\
    read answer && [ "$$answer" = $* ] || { echo 'nothing was removed; FORCE=1 does not ask' >&2; exit 2; }; \\
  fi
# Dependents first, each with the time to end by itself.
arc_remove = docker stop $($*_stop) >/dev/null 2>&1; docker rm --force $($*_stop) >/dev/null 2>&1; \\
  $(if $($*_volumes),docker volume rm --force $($*_volumes),true)
arc_lost = the containers $($*_stop)$(if $($*_volumes), and THE DATA in $($*_volumes))

.PHONY: $(foreach verb,up down health logs,$(arc_units:=-$(verb)))
.PHONY: $(foreach verb,build tag push publish clean nuke help,$(arc_service)-$(verb)) build-all publish-all

ifneq ($(arc_found),no)

$(arc_units:=-up): %-up:
	@$(ARC) up $* $(ARC_UP_FLAGS)

$(arc_units:=-down): %-down:
	@$(ARC) down $*

$(arc_units:=-health): %-health:
	@$(ARC) health $*

$(arc_units:=-logs): %-logs:
	@$(ARC) logs $* --follow

$(arc_service)-build: %-build:
	@$(ARC) build $* $(if $(PLATFORM),--platform $(PLATFORM))

$(arc_service)-tag: %-tag:
	@$(arc_version_given)
	@$(ARC) tag $* $(VERSION)

$(arc_service)-push: %-push:
	@$(ARC) push $* $(if $(VERSION),--version $(VERSION))

$(arc_service)-publish: %-publish:
	@test -z "$(VERSION)" || { echo 'error: a version is released: $(ARC) release $* $(VERSION)' >&2; exit 2; }
	@$(ARC) publish $* $(if $(PLATFORM),--platform $(PLATFORM))

$(arc_service)-clean: %-clean:
	@$(ARC) clean $* $(if $(filter 1,$(FORCE)),--yes)

else

$(arc_units:=-up): %-up:
	@docker network inspect ${network} >/dev/null 2>&1 || docker network create ${network}
	@$(arc_compose) $(arc_sooner) up --detach --wait $(arc_services)
	@$(foreach job,$($*_jobs),$(arc_compose) up --no-deps --exit-code-from $(job) $(job) &&) true

$(arc_units:=-down): %-down:
	@$(arc_compose) down $(arc_services) $($*_companions) $($*_jobs)

$(arc_units:=-health): %-health:
	@failed=0; for container in $($*_containers); do \\
	    state=$$(docker inspect --format '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' $$container 2>/dev/null) || state=missing; \\
	    echo "$$container: $$state"; [ "$$state" = healthy ] || [ "$$state" = running ] || failed=1; \\
	  done; exit $$failed

$(arc_units:=-logs): %-logs:
	@$(arc_compose) logs --follow $(arc_services) $($*_companions) $($*_jobs)

$(arc_service)-build: %-build:
	@$(foreach build,$($*_builds),$(call arc_docker_build,$($*_folder),$(subst |, ,$(build))) &&) true

$(arc_service)-tag: %-tag:
	@$(arc_version_given)
	@for image in $(arc_images); do docker tag $$image $\${image%:*}:$(VERSION) || exit; done

$(arc_service)-push: %-push:
	@for image in $(arc_images); do docker push $(if $(VERSION),$\${image%:*}:$(VERSION),$$image) || exit; done

$(arc_service)-publish: %-publish: %-build
	@$(if $(VERSION),$(MAKE) $*-tag &&) $(MAKE) $*-push

$(arc_service)-clean: %-clean:
	@$(call arc_ask,$(arc_lost))
	@$(arc_remove)

endif

build-all: $(arc_service)-build
publish-all: $(arc_service)-publish

$(arc_service)-nuke: %-nuke:
	@$(call arc_ask,$(arc_lost) and the images $(arc_images))
	@$(arc_remove)
	@docker rmi --force $(arc_images) || true

$(arc_service)-help: %-help:
	@printf '%s\\n' 'Targets of $*, and of its containers where there are several ($(arc_services)):' \\
	  '  $*-up       start it with all that it needs, and wait until it is healthy' \\
	  '  $*-down     stop and remove containers; data is kept' \\
	  '  $*-health   check that it is really healthy' \\
	  '  $*-logs     follow the logs, each line with its container' \\
	  'Targets of $*:' \\
	  '  $*-build    build its images; PLATFORM=linux/amd64,linux/arm64 with arc' \\
	  '  $*-tag      name them by version: VERSION=v0.1.0' \\
	  '  $*-push     push them, as VERSION where it is given' \\
	  '  $*-publish  push them as sha-<commit>; without arc build, tag and push' \\
	  '  $*-clean    remove containers and data; asks, unless FORCE=1' \\
	  '  $*-nuke     clean, and remove the images too' \\
	  'More flags for arc up: ARC_UP_FLAGS=--partial. With ARC= the targets use docker and docker compose.' ''
	@sed -n '3,/^$$/s/^# \\{0,1\\}//p' $($*_folder)/${composeFileName}
`;
