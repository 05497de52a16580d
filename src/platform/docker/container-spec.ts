import { join } from 'node:path';
import type { ContainerCreateOptions, MountSettings } from 'dockerode';
import { defined } from '../../core/defined.ts';
import { composeCondition } from '../../stack/compose-condition.ts';
import type { ResolvedContainer, ResolvedHealth, ResolvedPort } from '../../stack/model.ts';
import type { Owner } from '../../stack/owner.ts';
import { mayGainPrivileges } from '../../stack/privileges.ts';
import type { ContainerHash } from './hash.ts';
import { arcLabels, composeLabels, writeParts } from './labels.ts';
import { tmpfsOptions } from './tmpfs.ts';

/** The body of the Engine's `POST /containers/create`, without the name. */
export type ContainerSpec = Omit<ContainerCreateOptions, 'name'>;

/**
 * The request to create a container. Apart from labels, it equals field by field what Docker Compose v5 makes of the
 * generated compose file, so it does not matter which of the two created a container (docker/compose
 * `pkg/compose/create.go`; tests compare the two through the Engine).
 *
 * @param options.selinux config files are labelled for containers, as Compose does it with ARC_SELINUX=true
 * @param options.root absolute path of the workspace, for configuration is mounted from there
 */
export function containerSpec(options: {
  container: ResolvedContainer;
  hash: ContainerHash;
  /** Roles of its service that are part of the same boot. */
  booted: readonly string[];
  project: string;
  network: string;
  root: string;
  owner: Owner;
  selinux?: boolean | undefined;
}): ContainerSpec {
  const { container, network, root, selinux } = options;
  const binds = [...dataVolumes(container), ...(selinux ? labelledConfig(container, root) : [])];
  const { resources } = container;
  return {
    Image: container.image.reference,
    Hostname: container.name,
    User: container.user,
    AttachStdout: true,
    AttachStderr: true,
    ...(container.entrypoint ? { Entrypoint: [...container.entrypoint] } : {}),
    ...(container.command ? { Cmd: [...container.command] } : {}),
    Env: [
      ...Object.entries(container.environment).map(([name, value]) => `${name}=${value}`),
      ...Object.entries(container.secretEnvironment?.variables ?? {}).map(
        ([name, secret]) => `${name}=${secret.reveal()}`,
      ),
    ],
    ExposedPorts: Object.fromEntries(eachPort(container.ports).map(({ key }) => [key, {}])),
    Labels: containerLabels(options),
    StopSignal: container.stop.signal,
    StopTimeout: container.stop.graceSeconds,
    ...healthcheck(container.health),
    HostConfig: {
      ...(binds.length > 0 ? { Binds: binds } : {}),
      ...(mountedFiles(container).length > 0 && !selinux ? { Mounts: configMounts(container, root) } : {}),
      ...(container.tmpfs.length > 0
        ? {
            Tmpfs: Object.fromEntries(
              container.tmpfs.map((target) => [target, tmpfsOptions(container.user)]),
            ),
          }
        : {}),
      ...(container.capAdd.length > 0 ? { CapAdd: container.capAdd.map(fullCapability) } : {}),
      // With `=`, because newer Engines warn of the `:` at every container.
      ...(mayGainPrivileges(container) ? {} : { SecurityOpt: ['no-new-privileges=true'] }),
      NetworkMode: network,
      PortBindings: portBindings(container.ports),
      ReadonlyRootfs: container.readOnly,
      RestartPolicy: { Name: container.restart, MaximumRetryCount: 0 },
      OomKillDisable: false,
      ...(resources.memory === undefined ? {} : { Memory: resources.memory }),
      ...(resources.cpus === undefined ? {} : { NanoCpus: Math.round(resources.cpus * 1e9) }),
      ...defined({ PidsLimit: resources.pids, ShmSize: resources.shm }),
      ...(resources.ulimits === undefined ? {} : { Ulimits: ulimits(resources.ulimits) }),
      ...(container.logging === undefined
        ? {}
        : { LogConfig: { Type: container.logging.driver, Config: { ...container.logging.options } } }),
    },
    NetworkingConfig: {
      EndpointsConfig: { [network]: { Aliases: [container.name, container.role, ...container.aliases] } },
    },
  };
}

/** Labels of a network or volume that arc makes. */
export function ownLabels(options: { project: string; owner: Owner; role?: string }): Record<string, string> {
  return {
    [arcLabels.project]: options.project,
    [composeLabels.project]: options.project,
    ...ownerLabels(options.owner),
    ...(options.role === undefined ? {} : { [arcLabels.role]: options.role }),
  };
}

/** Labels are no part of the hash: a workspace that moves, or gets an id, changes no container. */
function ownerLabels({ id, folder, host }: Owner): Record<string, string> {
  return {
    ...(id === undefined ? {} : { [arcLabels.workspace]: id }),
    [arcLabels.workspaceFolder]: folder,
    ...(host === undefined ? {} : { [arcLabels.workspaceHost]: host }),
  };
}

function containerLabels(options: {
  container: ResolvedContainer;
  hash: ContainerHash;
  /** Roles of its service that are part of the same boot. */
  booted: readonly string[];
  project: string;
  root: string;
  owner: Owner;
}): Record<string, string> {
  const { container, hash, booted, project, root, owner } = options;
  const folder = join(root, container.image.folder);
  const waits = container.dependsOn.map(
    (dependency) => `${dependency.role}:${composeCondition(dependency)}:${dependency.restart ?? false}`,
  );
  return {
    [arcLabels.project]: project,
    [arcLabels.role]: container.role,
    ...ownerLabels(owner),
    [arcLabels.service]: container.service,
    [arcLabels.codename]: container.codename,
    [arcLabels.kind]: container.kind,
    [arcLabels.hash]: hash.whole,
    [arcLabels.parts]: writeParts(hash.parts),
    [arcLabels.dependsOn]: container.dependsOn.map(({ role }) => role).join(','),
    [arcLabels.booted]: booted.join(','),
    [arcLabels.grace]: String(container.stop.graceSeconds),
    ...(container.flavour === undefined
      ? {}
      : {
          [arcLabels.flavour]: container.flavour.name,
          [arcLabels.flavourBecause]: container.flavour.because,
        }),
    [composeLabels.project]: project,
    [composeLabels.service]: container.role,
    [composeLabels.configHash]: hash.whole,
    [composeLabels.number]: '1',
    [composeLabels.oneoff]: 'False',
    [composeLabels.workingFolder]: folder,
    [composeLabels.configFiles]: join(folder, 'docker-compose.yml'),
    [composeLabels.dependsOn]: waits.join(','),
  };
}

function dataVolumes(container: ResolvedContainer): string[] {
  return container.volumes.map(({ volume, target }) => `${volume}:${target}:rw`);
}

/** Config files, then folders: what is mounted from the workspace. */
function mountedFiles({ config, folders }: ResolvedContainer): readonly { path: string; target: string }[] {
  return [
    ...config.map(({ file, target }) => ({ path: file, target })),
    ...folders.map(({ folder, target }) => ({ path: folder, target })),
  ];
}

/**
 * Read-only, and labelled so that every container may read it (`z`). The Engine takes that with binds alone; a file that
 * is missing has been noticed before.
 */
function labelledConfig(container: ResolvedContainer, root: string): string[] {
  return mountedFiles(container).map(({ path, target }) => `${join(root, path)}:${target}:ro,z`);
}

/** Read-only. As mounts and not as binds: for a file that is missing, a bind would make a folder in its place. */
function configMounts(container: ResolvedContainer, root: string): MountSettings[] {
  return mountedFiles(container).map(({ path, target }) => ({
    Type: 'bind',
    Source: join(root, path),
    Target: target,
    ReadOnly: true,
  }));
}

function ulimits(limits: NonNullable<ResolvedContainer['resources']['ulimits']>) {
  return Object.entries(limits).map(([Name, { soft, hard }]) => ({ Name, Soft: soft, Hard: hard }));
}

/** `SYS_ADMIN` by the name that Docker Compose gives it. */
function fullCapability(name: string): string {
  return name === 'ALL' || name.startsWith('CAP_') ? name : `CAP_${name}`;
}

/**
 * The Engine counts in nanoseconds. A job has no health check: its exit status decides. Without a command, a health
 * check in the base is switched off, because it is not the manifest's.
 */
function healthcheck(health: ResolvedHealth): Pick<ContainerSpec, 'Healthcheck'> {
  if (health.kind === 'exit') return {};
  if (health.command === undefined) return { Healthcheck: { Test: ['NONE'] } };
  const nanoseconds = (seconds: number) => Math.round(seconds * 1e9);
  return {
    Healthcheck: {
      Test: [...health.command],
      Interval: nanoseconds(health.intervalSeconds),
      Timeout: nanoseconds(health.timeoutSeconds),
      StartPeriod: nanoseconds(health.startPeriodSeconds),
      Retries: health.retries,
    },
  };
}

type SinglePort = { key: string; binding: { HostIp: string; HostPort: string } };

/** A range is published port by port: the Engine knows no ranges. */
function eachPort(ports: readonly ResolvedPort[]): readonly SinglePort[] {
  return ports.flatMap(({ container, host, protocol, bind }) =>
    Array.from({ length: container.last - container.first + 1 }, (_, index) => ({
      key: `${container.first + index}/${protocol}`,
      binding: { HostIp: bind, HostPort: String(host.first + index) },
    })),
  );
}

function portBindings(ports: readonly ResolvedPort[]): Record<string, SinglePort['binding'][]> {
  const bindings: Record<string, SinglePort['binding'][]> = {};
  for (const { key, binding } of eachPort(ports)) {
    bindings[key] = [...(bindings[key] ?? []), binding];
  }
  return bindings;
}
