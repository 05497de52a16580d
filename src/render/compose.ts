import { posix } from 'node:path';
import { dump } from 'js-yaml';
import { arcLabels } from '../engine/labels.ts';
import type { ResolvedContainer, ResolvedPort } from '../stack/model.ts';
import type { Artefact, ArtefactRenderer, Blueprint, ServiceBlueprint } from './artefact.ts';
import { withHeader } from './header.ts';
import { composeText } from './open-setting.ts';
import { relativeFolder } from './service-links.ts';

/** File name of a service's compose file, in its folder. */
export const composeFileName = 'docker-compose.yml';

/** One compose file a service. What it needs of other services comes in through their files. */
export const composeFiles: ArtefactRenderer = (blueprint) =>
  blueprint.services.map((service): Artefact => {
    const { manifest } = service;
    const needed = blueprint.links.get(manifest.role) ?? [];
    const sections = [
      { name: blueprint.stack.project },
      ...(needed.length === 0
        ? []
        : [{ include: needed.map((role) => includePath({ from: manifest.folder, role, blueprint })) }]),
      { services: composeServices({ service, blueprint }) },
      { networks: { [blueprint.stack.network]: { external: true } } },
      ...composeVolumes(service),
    ];
    const text = [preamble({ service, blueprint }), ...sections.map(yaml)].join('\n');
    return {
      path: `${manifest.folder}/${composeFileName}`,
      text: withHeader({ source: manifest.file, text }),
    };
  });

function includePath(options: { from: string; role: string; blueprint: Blueprint }): string {
  const folder = options.blueprint.containers.get(options.role)?.image.folder ?? '';
  return `${relativeFolder(options.from, folder)}/${composeFileName}`;
}

function preamble(options: { service: ServiceBlueprint; blueprint: Blueprint }): string {
  const { service, blueprint } = options;
  return `#
# With arc:     arc up ${service.manifest.role}
# Without arc:  docker network create ${blueprint.stack.network}
${upCommands(service)
  .map((command) => `#               ${command}\n`)
  .join('')}#
# Configuration is mounted from beside this file. To mount files that hold real secrets instead, rendered by arc,
# set ARC_CONFIG_DIR to <workspace>/.arc/config.
`;
}

/**
 * How to bring the service up with Compose and wait for it. `--wait` takes a container that ended for a failure, unless
 * another container waits for its end (docker/compose#10596), so such a job is run by a command of its own.
 */
function upCommands(service: ServiceBlueprint): readonly string[] {
  const awaited = new Set(service.containers.flatMap(({ dependsOn }) => dependsOn.map(({ role }) => role)));
  const jobs = service.containers.filter(({ kind, role }) => kind === 'job' && !awaited.has(role));
  const rest = service.containers.filter((container) => !jobs.includes(container));
  const up = [
    'docker compose up --detach --wait',
    ...(jobs.length === 0 ? [] : rest.map(({ role }) => role)),
  ];
  return [up.join(' '), ...jobs.map(({ role }) => `docker compose up --no-deps ${role}`)];
}

function composeServices(options: {
  service: ServiceBlueprint;
  blueprint: Blueprint;
}): Record<string, unknown> {
  const { service, blueprint } = options;
  return Object.fromEntries(
    service.containers.map((container) => [
      container.role,
      composeService({ container, service, blueprint }),
    ]),
  );
}

/** One container, field by field what `arc up` asks the Engine for (engine/container-spec.ts). */
function composeService(options: {
  container: ResolvedContainer;
  service: ServiceBlueprint;
  blueprint: Blueprint;
}): Record<string, unknown> {
  const { container, service, blueprint } = options;
  const { image, resources } = container;
  return {
    container_name: container.name,
    hostname: container.name,
    image: image.reference,
    ...build(container),
    ...(container.entrypoint === undefined ? {} : { entrypoint: container.entrypoint.map(composeText) }),
    ...(container.command === undefined ? {} : { command: container.command.map(composeText) }),
    user: container.user,
    ...unlessEmpty('environment', mapValues(container.environment, composeText)),
    ...unlessEmpty('depends_on', dependsOn(container)),
    networks: [blueprint.stack.network],
    ...unlessEmpty('ports', container.ports.map(portText)),
    ...unlessEmpty('volumes', mounts({ container, service })),
    ...unlessEmpty('tmpfs', container.tmpfs),
    ...(container.readOnly ? { read_only: true } : {}),
    ...unlessEmpty('cap_add', container.capAdd),
    ...healthcheck(container),
    restart: container.restart,
    stop_signal: container.stop.signal,
    stop_grace_period: `${container.stop.graceSeconds}s`,
    ...(resources.memory === undefined ? {} : { mem_limit: bytes(resources.memory) }),
    ...(resources.cpus === undefined ? {} : { cpus: resources.cpus }),
    ...(resources.pids === undefined ? {} : { pids_limit: resources.pids }),
    ...(resources.shm === undefined ? {} : { shm_size: bytes(resources.shm) }),
    labels: labels({ container, blueprint }),
  };
}

/** A job has the image of its service's main container, which Compose builds for that one. */
function build(container: ResolvedContainer): Record<string, unknown> {
  if (container.kind === 'job') return {};
  const { dockerfile, upstream } = container.image;
  return {
    build: {
      context: '.',
      dockerfile,
      args: { BASE_IMAGE: `\${${baseVariable(container.role)}:-${upstream}}` },
    },
  };
}

/** Name of the variable that replaces a container's base image: `ARC_REALTIME_INGRESS_BASE`. */
export function baseVariable(role: string): string {
  return `ARC_${role.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_BASE`;
}

/** Bytes as Compose reads them, in the largest unit that gives a whole number: `512m`. */
function bytes(count: number): string {
  const units = ['b', 'k', 'm', 'g'];
  let unit = 0;
  let rest = count;
  while (unit < units.length - 1 && rest % 1024 === 0) {
    rest /= 1024;
    unit += 1;
  }
  return `${rest}${units[unit]}`;
}

function dependsOn(container: ResolvedContainer): Record<string, { condition: string }> {
  return Object.fromEntries(
    container.dependsOn.map(({ role, condition }) => [
      role,
      { condition: condition === 'completed' ? 'service_completed_successfully' : 'service_healthy' },
    ]),
  );
}

function portText(port: ResolvedPort): string {
  const range = ({ first, last }: ResolvedPort['host']) => (first === last ? `${first}` : `${first}-${last}`);
  const address = port.bind.includes(':') ? `[${port.bind}]` : port.bind;
  return `${address}:${range(port.host)}:${range(port.container)}/${port.protocol}`;
}

/** Data volumes, then config files. The long form makes a missing file an error; the short one makes a folder of it. */
function mounts(options: { container: ResolvedContainer; service: ServiceBlueprint }): readonly unknown[] {
  const { container, service } = options;
  const { folder } = service.manifest;
  return [
    ...container.volumes.map(({ volume, target }) => `${volume}:${target}`),
    ...container.config.map(({ file, target }) => ({
      type: 'bind',
      source: `\${ARC_CONFIG_DIR:-..}/${posix.basename(folder)}/${file.slice(folder.length + 1)}`,
      target,
      read_only: true,
      bind: { create_host_path: false },
    })),
  ];
}

function healthcheck({ health }: ResolvedContainer): Record<string, unknown> {
  if (health.kind === 'exit') return {};
  return {
    healthcheck: {
      test: health.command.map(composeText),
      interval: `${health.intervalSeconds}s`,
      timeout: `${health.timeoutSeconds}s`,
      retries: health.retries,
      start_period: `${health.startPeriodSeconds}s`,
    },
  };
}

/** So that `arc status` and `arc down` know a container that Compose made. Without a hash, `arc up` makes it anew. */
function labels(options: { container: ResolvedContainer; blueprint: Blueprint }): Record<string, string> {
  const { container, blueprint } = options;
  return {
    [arcLabels.project]: blueprint.stack.project,
    [arcLabels.role]: container.role,
    [arcLabels.service]: container.service,
    [arcLabels.codename]: container.codename,
    [arcLabels.kind]: container.kind,
    [arcLabels.dependsOn]: container.dependsOn.map(({ role }) => role).join(','),
    [arcLabels.grace]: String(container.stop.graceSeconds),
  };
}

/** Explicit names, which do not depend on the project that Compose thinks it is in. */
function composeVolumes(service: ServiceBlueprint): readonly Record<string, unknown>[] {
  const names = service.containers.flatMap((container) => container.volumes.map(({ volume }) => volume));
  return names.length === 0 ? [] : [{ volumes: Object.fromEntries(names.map((name) => [name, { name }])) }];
}

function yaml(section: Record<string, unknown>): string {
  return dump(section, { lineWidth: -1, noRefs: true });
}

function mapValues(
  record: Readonly<Record<string, string>>,
  map: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function unlessEmpty(
  name: string,
  value: readonly unknown[] | Record<string, unknown>,
): Record<string, unknown> {
  return (Array.isArray(value) ? value : Object.keys(value)).length === 0 ? {} : { [name]: value };
}
