import type { ResolvedContainer } from '../stack/model.ts';
import type { Artefact, ArtefactRenderer, Blueprint, ServiceBlueprint } from './artefact.ts';
import { baseVariable } from './compose-service.ts';
import { withHeader } from './header.ts';
import { helpLines } from './make-help.ts';
import { onNextLine, print, type Target, target } from './make-syntax.ts';

/**
 * One make fragment a service, for the root Makefile to include. Its targets use arc where it is there
 * (`ARC`, ./bin/arc), and docker and docker compose where it is not.
 */
export const makeFragments: ArtefactRenderer = (blueprint) =>
  blueprint.services.map((service): Artefact => {
    const { manifest } = service;
    return {
      path: `${manifest.folder}/${manifest.role}.mk`,
      text: withHeader({ source: manifest.file, text: fragment({ service, blueprint }) }),
    };
  });

/** A container, or several, that targets are named after. */
type Runnable = { name: string; containers: readonly ResolvedContainer[] };

function fragment(options: { service: ServiceBlueprint; blueprint: Blueprint }): string {
  const { service, blueprint } = options;
  const { role } = service.manifest;
  const { network } = blueprint.stack;
  const runnables: Runnable[] = [
    { name: role, containers: service.containers },
    ...service.containers
      .filter((container) => container.kind === 'service' && container.role !== role)
      .map((sidecar) => ({ name: sidecar.role, containers: [sidecar] })),
  ];
  return [
    variables(service),
    '# With arc.',
    'ifneq ($(shell command -v "$(ARC)"),)\n',
    ...runnables.flatMap(({ name }) => arcRunTargets(name)).map(target),
    ...arcImageTargets(role).map(target),
    target({ name: `${role}-clean`, recipe: [`$(ARC) clean ${role} $(if $(filter 1,$(FORCE)),--yes)`] }),
    '# Without arc.',
    'else\n',
    ...runnables.flatMap((runnable) => dockerRunTargets({ ...runnable, service, network })).map(target),
    ...[buildTarget(service), ...dockerImageTargets(service)].map(target),
    target({ name: `${role}-clean`, recipe: removal({ service, images: false }) }),
    'endif\n',
    // Every service adds its own to these.
    `.PHONY: build-all publish-all\nbuild-all: ${role}-build\npublish-all: ${role}-publish\n`,
    target({ name: `${role}-nuke`, recipe: removal({ service, images: true }) }),
    target({ name: `${role}-help`, recipe: [print(helpLines(options))] }),
  ].join('\n');
}

/** Prefix of a service's make variables: `REALTIME`. */
function prefixOf(service: ServiceBlueprint): string {
  return service.manifest.role.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function variables(service: ServiceBlueprint): string {
  const prefix = prefixOf(service);
  return `
ARC ?= ./bin/arc
DOCKER_COMPOSE ?= docker compose
${prefix}_FOLDER := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
# Other services of the platform are no orphans.
${prefix}_COMPOSE = COMPOSE_IGNORE_ORPHANS=true $(DOCKER_COMPOSE) --file $(${prefix}_FOLDER)/docker-compose.yml
${prefix}_IMAGES := ${imagesOf(service).join(' ')}
`;
}

/** up, down, health and logs: of a whole service, or of one container of it. */
function arcRunTargets(name: string): Target[] {
  return [
    { name: `${name}-up`, recipe: [`$(ARC) up ${name} $(ARC_UP_FLAGS)`] },
    { name: `${name}-down`, recipe: [`$(ARC) down ${name}`] },
    { name: `${name}-health`, recipe: [`$(ARC) health ${name}`] },
    { name: `${name}-logs`, recipe: [`$(ARC) logs ${name} --follow`] },
  ];
}

/** The same with docker and docker compose. */
function dockerRunTargets(options: Runnable & { service: ServiceBlueprint; network: string }): Target[] {
  const { name, containers, service, network } = options;
  const compose = `$(${prefixOf(service)}_COMPOSE)`;
  const services = containers.filter(({ kind }) => kind === 'service');
  const jobs = containers.filter(({ kind }) => kind === 'job');
  return [
    {
      name: `${name}-up`,
      recipe: [
        `docker network inspect ${network} >/dev/null 2>&1 || docker network create ${network}`,
        `${compose} up --detach --wait ${names(services, 'role')}`,
        // Compose waits for containers that stay; a job is run to its end.
        ...jobs.map(({ role }) => `${compose} up --no-deps --exit-code-from ${role} ${role}`),
      ],
    },
    { name: `${name}-down`, recipe: [`${compose} down ${names(containers, 'role')}`] },
    {
      name: `${name}-health`,
      recipe: [
        [
          `failed=0; for container in ${names(services, 'name')}; do`,
          "  state=$$(docker inspect --format '{{.State.Health.Status}}' $$container 2>/dev/null) || state=missing;",
          '  echo "$$container: $$state"; [ "$$state" = healthy ] || failed=1;',
          'done; exit $$failed',
        ].join(onNextLine),
      ],
    },
    { name: `${name}-logs`, recipe: [`${compose} logs --follow ${names(containers, 'role')}`] },
  ];
}

function buildTarget(service: ServiceBlueprint): Target {
  const folder = `$(${prefixOf(service)}_FOLDER)`;
  return {
    name: `${service.manifest.role}-build`,
    recipe: service.containers
      .filter(({ kind }) => kind === 'service')
      .map(
        ({ role, image }) =>
          `docker build ${baseArgument(role)} --tag ${image.reference} --file ${folder}/${image.dockerfile} ${folder}`,
      ),
  };
}

/** A base other than the upstream's, where one is given. */
function baseArgument(role: string): string {
  const variable = `$(${baseVariable(role)})`;
  return `$(if ${variable},--build-arg BASE_IMAGE=${variable})`;
}

/** build, tag, push and publish. What is published is named by its commit; versions are released. */
function arcImageTargets(role: string): Target[] {
  return [
    { name: `${role}-build`, recipe: [`$(ARC) build ${role} $(if $(PLATFORM),--platform $(PLATFORM))`] },
    { name: `${role}-tag`, recipe: [versionGiven(role), `$(ARC) tag ${role} $(VERSION)`] },
    { name: `${role}-push`, recipe: [`$(ARC) push ${role} $(if $(VERSION),--version $(VERSION))`] },
    {
      name: `${role}-publish`,
      recipe: [
        `test -z "$(VERSION)" || { echo 'error: a version is released: $(ARC) release ${role} $(VERSION)' >&2; exit 2; }`,
        `$(ARC) publish ${role} $(if $(PLATFORM),--platform $(PLATFORM))`,
      ],
    },
  ];
}

/** tag, push and publish with docker, for the platform of its Engine. */
function dockerImageTargets(service: ServiceBlueprint): Target[] {
  const { role } = service.manifest;
  const images = `$(${prefixOf(service)}_IMAGES)`;
  // The part of a reference before its tag.
  const versioned = '$${image%:*}:$(VERSION)';
  return [
    {
      name: `${role}-tag`,
      recipe: [
        versionGiven(role),
        `for image in ${images}; do docker tag $$image ${versioned} || exit; done`,
      ],
    },
    {
      name: `${role}-push`,
      recipe: [`for image in ${images}; do docker push $(if $(VERSION),${versioned},$$image) || exit; done`],
    },
    {
      name: `${role}-publish`,
      needs: [`${role}-build`],
      recipe: [`$(if $(VERSION),$(MAKE) ${role}-tag &&) $(MAKE) ${role}-push`],
    },
  ];
}

function versionGiven(role: string): string {
  return `test -n "$(VERSION)" || { echo 'error: which version? make ${role}-tag VERSION=v0.1.0' >&2; exit 2; }`;
}

/** Removes a service's containers and data; asks before, unless FORCE=1. */
function removal(options: { service: ServiceBlueprint; images: boolean }): string[] {
  const { service } = options;
  const { role } = service.manifest;
  const images = `$(${prefixOf(service)}_IMAGES)`;
  const containers = names(service.containers.toReversed(), 'name');
  const volumes = service.containers
    .flatMap((container) => container.volumes.map(({ volume }) => volume))
    .join(' ');
  const lost = [
    `the containers ${containers}`,
    ...(volumes === '' ? [] : [`THE DATA in ${volumes}`]),
    ...(options.images ? [`the images ${images}`] : []),
  ];
  return [
    [
      'if [ "$(FORCE)" != 1 ]; then',
      `  printf 'This removes %s.\\nType ${role} to go on: ' '${lost.join(', ')}';`,
      `  read answer && [ "$$answer" = ${role} ] || { echo 'nothing was removed; FORCE=1 does not ask' >&2; exit 2; };`,
      'fi',
    ].join(onNextLine),
    // Dependents first, each with the time to end by itself.
    `docker stop ${containers} >/dev/null 2>&1 || true`,
    `docker rm --force ${containers} >/dev/null 2>&1 || true`,
    ...(volumes === '' ? [] : [`docker volume rm --force ${volumes}`]),
    ...(options.images ? [`docker rmi --force ${images} || true`] : []),
  ];
}

function imagesOf(service: ServiceBlueprint): string[] {
  return [...new Set(service.containers.map(({ image }) => image.reference))];
}

function names(containers: readonly ResolvedContainer[], field: 'name' | 'role'): string {
  return containers.map((container) => container[field]).join(' ');
}
