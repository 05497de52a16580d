import { posix } from 'node:path';
import { defined } from '../core/defined.ts';
import { arcLabels } from '../platform/docker/labels.ts';
import { tmpfsOptions } from '../platform/docker/tmpfs.ts';
import { composeCondition } from '../stack/compose-condition.ts';
import type { BootableStack, ResolvedContainer, ResolvedPort } from '../stack/model.ts';
import { mayGainPrivileges } from '../stack/privileges.ts';
import { composeText } from './open-setting.ts';

/** One container of a compose file, field by field what `arc up` asks the Engine for (engine/container-spec.ts). */
export function composeService(options: {
  container: ResolvedContainer;
  stack: BootableStack;
}): Record<string, unknown> {
  const { container, stack } = options;
  const { image, resources } = container;
  return {
    container_name: container.name,
    hostname: container.name,
    image: image.reference,
    // Compose starts it only where somebody asks for the profile, as arc does where the other is part of the stack.
    ...unlessEmpty('profiles', container.onlyWith ?? []),
    ...build(container),
    ...(container.entrypoint === undefined ? {} : { entrypoint: container.entrypoint.map(composeText) }),
    ...(container.command === undefined ? {} : { command: container.command.map(composeText) }),
    user: container.user,
    ...unlessEmpty('environment', mapValues(container.environment, composeText)),
    ...envFile(container),
    ...unlessEmpty('depends_on', dependsOn(container)),
    networks:
      container.aliases.length === 0 ? [stack.network] : { [stack.network]: { aliases: container.aliases } },
    ...unlessEmpty('ports', container.ports.map(portText)),
    ...unlessEmpty('volumes', mounts(container)),
    ...unlessEmpty(
      'tmpfs',
      container.tmpfs.map((target) => `${target}:${tmpfsOptions(container.user)}`),
    ),
    ...(container.readOnly ? { read_only: true } : {}),
    ...unlessEmpty('cap_add', container.capAdd),
    ...(mayGainPrivileges(container) ? {} : { security_opt: ['no-new-privileges=true'] }),
    ...healthcheck(container),
    restart: container.restart,
    stop_signal: container.stop.signal,
    stop_grace_period: `${container.stop.graceSeconds}s`,
    ...(resources.memory === undefined ? {} : { mem_limit: bytes(resources.memory) }),
    ...defined({ cpus: resources.cpus, pids_limit: resources.pids }),
    ...(resources.shm === undefined ? {} : { shm_size: bytes(resources.shm) }),
    ...(resources.ulimits === undefined ? {} : { ulimits: resources.ulimits }),
    ...logging(container),
    labels: labels({ container, stack }),
  };
}

/** The values are in a file, so that they are in no compose file. */
function envFile(container: ResolvedContainer): Record<string, unknown> {
  if (container.secretEnvironment === undefined) return {};
  return { env_file: [fromConfig({ container, path: container.secretEnvironment.file })] };
}

/** A rendered file by its place beside the compose file, or in the set that arc has rendered. */
function fromConfig(options: { container: ResolvedContainer; path: string }): string {
  const { folder } = options.container.image;
  return `\${ARC_CONFIG_DIR:-..}/${posix.basename(folder)}/${options.path.slice(folder.length + 1)}`;
}

function logging({ logging }: ResolvedContainer): Record<string, unknown> {
  if (logging === undefined) return {};
  const { driver, options } = logging;
  return {
    logging: { driver: composeText(driver), ...unlessEmpty('options', mapValues(options, composeText)) },
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

function dependsOn(container: ResolvedContainer): Record<string, { condition: string; restart?: true }> {
  return Object.fromEntries(
    container.dependsOn.map((dependency) => [
      dependency.role,
      {
        condition: composeCondition(dependency),
        ...(dependency.restart ? { restart: dependency.restart } : {}),
      },
    ]),
  );
}

/** Address that public ports are bound to, where it is set. */
export const publicVariable = 'ARC_PUBLIC_BIND';

function portText(port: ResolvedPort): string {
  const range = ({ first, last }: ResolvedPort['host']) => (first === last ? `${first}` : `${first}-${last}`);
  const own = port.bind.includes(':') ? `[${port.bind}]` : port.bind;
  const address = port.public ? `\${${publicVariable}:-${own}}` : own;
  return `${address}:${range(port.host)}:${range(port.container)}/${port.protocol}`;
}

/** Set to `true` on a machine with SELinux. */
const selinuxVariable = 'ARC_SELINUX';

/**
 * Data volumes, then config files and folders. The long form makes a missing file an error; the short one makes a folder
 * of it.
 */
function mounts(container: ResolvedContainer): readonly unknown[] {
  const { folder } = container.image;
  const bind = (source: string, target: string) => ({
    type: 'bind',
    source,
    target,
    read_only: true,
    // SELinux's label is the Engine's to set, and it takes it with the older kind of mount alone, which Compose uses
    // where it may make the path.
    bind: { create_host_path: `\${${selinuxVariable}:-false}`, selinux: 'z' },
  });
  const rendered = (path: string) => fromConfig({ container, path });
  return [
    ...container.volumes.map(({ volume, target }) => `${volume}:${target}`),
    ...container.config.map(({ file, target }) => bind(rendered(file), target)),
    ...container.folders.map((mounted) =>
      bind(
        mounted.files.some(({ template }) => template !== undefined)
          ? rendered(mounted.folder)
          : `./${mounted.folder.slice(folder.length + 1)}`,
        mounted.target,
      ),
    ),
  ];
}

function healthcheck({ health }: ResolvedContainer): Record<string, unknown> {
  if (health.kind === 'exit') return {};
  // Replaces a health check in the base, which differs from the manifest's.
  if (health.command === undefined) return { healthcheck: { disable: true } };
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

/**
 * Lets `arc status` and `arc down` recognise a container that Compose created. Because it has no hash, `arc up`
 * recreates it.
 */
function labels(options: { container: ResolvedContainer; stack: BootableStack }): Record<string, string> {
  const { container, stack } = options;
  return {
    [arcLabels.project]: stack.project,
    [arcLabels.role]: container.role,
    [arcLabels.service]: container.service,
    [arcLabels.codename]: container.codename,
    [arcLabels.kind]: container.kind,
    [arcLabels.dependsOn]: container.dependsOn.map(({ role }) => role).join(','),
    [arcLabels.grace]: String(container.stop.graceSeconds),
    ...(container.flavour === undefined
      ? {}
      : {
          [arcLabels.flavour]: container.flavour.name,
          [arcLabels.flavourBecause]: 'as in the generated compose file',
        }),
  };
}

function mapValues(
  record: Readonly<Record<string, string>>,
  map: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** A field, where there is something in it. */
export function unlessEmpty(
  name: string,
  value: readonly unknown[] | Record<string, unknown>,
): Record<string, unknown> {
  return (Array.isArray(value) ? value : Object.keys(value)).length === 0 ? {} : { [name]: value };
}
