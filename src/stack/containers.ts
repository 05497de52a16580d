import type { JobManifest, PortManifest, ServiceManifest } from '../manifest/model.ts';
import { activePorts } from './active-ports.ts';
import { resolveChecks } from './checks.ts';
import { resolveConfig } from './config.ts';
import { resolveFolder } from './folders.ts';
import { imageOf, mountedVolumes } from './image.ts';
import { type LogCollector, resolveLogging } from './logging.ts';
import type { ResolvedContainer, ResolvedDependency, ResolvedHealth } from './model.ts';
import { fieldTexts, inItsForm, probed, probeTexts } from './probe-texts.ts';
import { resolveProbe } from './probes.ts';
import { resolveProvision } from './provision.ts';
import { resolveEnvFrom, resolveSecretFiles } from './secret-uses.ts';
import type { Renderer } from './template.ts';
import { type StackValues, scopeOf } from './values.ts';
import type { Entry } from './workspace-index.ts';

/** Input for resolving a container. */
export type Making = {
  values: StackValues;
  /**
   * The values of a container's committed files: development secrets, no choices of this run, nothing left out.
   * Undefined where those are the same for it.
   */
  committed: (entry: Entry) => StackValues | undefined;
  /** Whether this is for committed files. */
  portable: boolean;
  renderer: Renderer;
  /** The container that takes the logs of all others, if the workspace has one. */
  collector: LogCollector | undefined;
  templates: ReadonlyMap<string, string | Uint8Array>;
  /** Whether containers get no files. */
  withoutFiles: boolean;
  /** Whether ports that are `public` are bound beyond this machine. */
  production: boolean;
  /** Address of the repository that the images come from, where the workspace names one. */
  source: string | undefined;
};

/** Resolves one container or job; what is wrong with its templates is noted in the renderer. */
export function resolveContainer(options: {
  entry: Entry;
  dependsOn: readonly ResolvedDependency[];
  making: Making;
}): ResolvedContainer {
  const { entry, dependsOn, making } = options;
  const { service, manifest } = entry;
  const text = openTexts({ entry, making });
  const shared = {
    role: entry.role,
    name: entry.name,
    service: service.role,
    description: manifest.description,
    ...(manifest.entrypoint === undefined ? {} : { entrypoint: manifest.entrypoint }),
    ...(manifest.command === undefined
      ? {}
      : { command: manifest.command.map((part) => text('command', part)) }),
    environment: Object.fromEntries(
      Object.entries(manifest.environment).map(([name, value]) => [name, text(`environment.${name}`, value)]),
    ),
    ...resolveEnvFrom({ entry, making }),
    ...(making.withoutFiles ? { config: [], folders: [] } : resolveFiles({ entry, making })),
    tmpfs: manifest.tmpfs,
    user: manifest.user,
    readOnly: manifest.read_only,
    ...(manifest.root_group === undefined ? {} : { rootGroup: manifest.root_group }),
    resources: manifest.resources,
    ...resolveLogging({
      entry,
      collector: making.collector,
      isPresent: making.values.isPresent,
      text,
      collectorText: (collector) => openTexts({ entry: collector, making }),
    }),
    dependsOn,
  };
  switch (entry.kind) {
    case 'service':
      return { ...shared, ...servicePart({ entry, making, text }) };
    case 'job':
      return { ...shared, ...jobPart({ manifest: entry.manifest, service, making }) };
    default:
      return entry satisfies never;
  }
}

function resolveFiles(options: {
  entry: Entry;
  making: Making;
}): Pick<ResolvedContainer, 'config' | 'folders'> {
  const { config, folders } = options.entry.manifest;
  return {
    config: [
      ...config.map((one) => resolveConfig({ ...options, config: one })),
      ...resolveSecretFiles(options),
    ],
    folders: folders.map((folder) => resolveFolder({ ...options, folder })),
  };
}

/** Renders texts of a container that can be read from outside of it. */
function openTexts(options: { entry: Entry; making: Making }): (field: string, value: string) => string {
  const { entry, making } = options;
  const { name, location } = entry.manifest;
  const scope = scopeOf({ values: making.values, entry, use: 'open' });
  return (field, value) =>
    making.renderer.render({
      text: value,
      origin: { kind: 'field', field: `${field} of ${name}`, location },
      scope,
    });
}

function servicePart(options: {
  entry: Extract<Entry, { kind: 'service' }>;
  making: Making;
  text: (field: string, value: string) => string;
}) {
  const { entry, making, text } = options;
  const { manifest, service } = entry;
  const main = manifest.role === service.role;
  return {
    kind: 'service',
    codename: manifest.codename,
    tech: manifest.tech,
    image: imageOf({ manifest, service, source: making.source }),
    volumes: mountedVolumes({ container: entry.name, volumes: manifest.volumes }),
    // By its manifest's name it is in config files.
    aliases: entry.name === manifest.name ? manifest.aliases : [manifest.name, ...manifest.aliases],
    ...resolvePorts({ ports: manifest.ports, making }),
    capAdd: manifest.cap_add,
    restart: manifest.restart,
    ...(manifest.only_with.length === 0 ? {} : { onlyWith: manifest.only_with }),
    stop: { signal: manifest.stop.signal, graceSeconds: manifest.stop.grace_seconds },
    health: resolveHealth({ entry, making, text }),
    provision: main
      ? service.provision.map((provision) =>
          resolveProvision({
            provision,
            folder: service.folder,
            contents: making.templates,
            ...fieldTexts({
              field: `provision ${provision.kind} ${provision.name}`,
              location: provision.location,
              entry,
              making,
            }),
          }),
        )
      : [],
    checks: main ? resolveChecks({ entry, making }) : [],
  } as const;
}

function resolvePorts(options: {
  ports: readonly PortManifest[];
  making: Making;
}): Pick<ResolvedContainer, 'ports' | 'innerPorts'> {
  const { making } = options;
  const ports = activePorts({ ports: options.ports, settings: making.values.settings });
  const inside = ({ name, container, protocol, purpose }: PortManifest) => {
    return { name, container, protocol, purpose };
  };
  return {
    ports: ports
      .filter(({ publish }) => publish)
      .map((port) => ({
        ...inside(port),
        host: port.host,
        bind: port.public && making.production ? '0.0.0.0' : port.bind,
        ...(port.public ? { public: true } : {}),
      })),
    innerPorts: ports.filter(({ publish }) => !publish).map(inside),
  };
}

/** A job runs once in its service's image. */
function jobPart(options: { manifest: JobManifest; service: ServiceManifest; making: Making }) {
  const { manifest, service, making } = options;
  return {
    kind: 'job',
    codename: service.codename,
    tech: service.tech,
    image: imageOf({ manifest: inItsForm({ manifest: service, making }), service, source: making.source }),
    volumes: [],
    aliases: [],
    ports: [],
    innerPorts: [],
    capAdd: [],
    restart: 'no',
    // The Engine's defaults: a job has nothing to hand over.
    stop: { signal: 'SIGTERM', graceSeconds: 10 },
    health: { kind: 'exit', timeoutSeconds: manifest.timeout_seconds },
    provision: [],
    checks: [],
  } as const;
}

function resolveHealth(options: {
  entry: Extract<Entry, { kind: 'service' }>;
  making: Making;
  text: (field: string, value: string) => string;
}): ResolvedHealth {
  const { entry, making, text } = options;
  const { manifest } = entry;
  const { health } = manifest;
  return {
    kind: 'probe',
    probe: resolveProbe({
      probe: health.probe,
      container: probed({ manifest, making }),
      ...probeTexts({ field: 'health.probe', entry, making }),
    }),
    ...(health.command === undefined
      ? {}
      : { command: health.command.map((part) => text('health.command', part)) }),
    intervalSeconds: health.interval_seconds,
    timeoutSeconds: health.timeout_seconds,
    retries: health.retries,
    startPeriodSeconds: health.start_period_seconds,
  };
}
