import { posix } from 'node:path';
import { invalid, type SourceLocation } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { ConfigManifest, ContainerManifest, JobManifest, ServiceManifest } from '../manifest/model.ts';
import type {
  ResolvedCheck,
  ResolvedConfigFile,
  ResolvedContainer,
  ResolvedDependency,
  ResolvedHealth,
  ResolvedImage,
} from './model.ts';
import { type ProbedContainer, resolveProbe } from './probes.ts';
import { resolveProvision } from './provision.ts';
import type { Scope } from './scope.ts';
import type { Renderer } from './template.ts';
import { activePorts, type StackValues, scopeOf } from './values.ts';
import type { Entry } from './workspace-index.ts';

/** Where files are mounted from that must not be committed, below the workspace: `<this>/<service's folder>/<file>`. */
export const privateConfigFolder = '.arc/config';

/** What a container is resolved with. */
export type Making = {
  values: StackValues;
  /**
   * The values of committed files: development secrets, no choices of this run, nothing left out.
   * Absent where those are the same.
   */
  committed?: StackValues;
  renderer: Renderer;
  templates: ReadonlyMap<string, string>;
  /** Address of the repository that the images come from, where the workspace names one. */
  source?: string;
};

/** Resolves one container or job; what is wrong with its templates is noted in the renderer. */
export function resolveContainer(options: {
  entry: Entry;
  dependsOn: readonly ResolvedDependency[];
  making: Making;
}): ResolvedContainer {
  const { entry, dependsOn, making } = options;
  const { service, manifest } = entry;
  const open = scopeOf({ values: making.values, entry, use: 'open' });
  const text = (field: string, value: string) =>
    making.renderer.render({
      text: value,
      origin: { kind: 'field', field: `${field} of ${manifest.name}`, location: manifest.location },
      scope: open,
    });
  const shared = {
    role: entry.role,
    name: manifest.name,
    service: service.role,
    description: manifest.description,
    ...(manifest.entrypoint === undefined ? {} : { entrypoint: manifest.entrypoint }),
    ...(manifest.command === undefined
      ? {}
      : { command: manifest.command.map((part) => text('command', part)) }),
    environment: Object.fromEntries(
      Object.entries(manifest.environment).map(([name, value]) => [name, text(`environment.${name}`, value)]),
    ),
    config: manifest.config.map((config) => resolveConfig({ config, entry, making })),
    tmpfs: manifest.tmpfs,
    user: manifest.user,
    readOnly: manifest.read_only,
    resources: manifest.resources,
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
    image: imageOf({ manifest, service, making }),
    volumes: manifest.volumes.map((volume) => ({
      volume: volumeName({ container: manifest.name, volume: volume.name }),
      target: volume.target,
      ...(volume.format === undefined ? {} : { format: volume.format }),
    })),
    ports: activePorts({ ports: manifest.ports, settings: making.values.settings }).map(
      ({ name, container, host, protocol, bind, purpose }) => ({
        name,
        container,
        host,
        protocol,
        bind,
        purpose,
      }),
    ),
    capAdd: manifest.cap_add,
    restart: manifest.restart,
    stop: { signal: manifest.stop.signal, graceSeconds: manifest.stop.grace_seconds },
    health: resolveHealth({ entry, making, text }),
    provision: main
      ? service.provision.map((provision) =>
          resolveProvision({
            provision,
            ...fieldTexts({
              field: `provision ${provision.kind} ${provision.name}`,
              location: provision.location,
              entry,
              making,
            }),
          }),
        )
      : [],
    checks: main ? service.checks.map((check) => resolveCheck({ check, entry, making })) : [],
  } as const;
}

/** A job runs once in its service's image. */
function jobPart(options: { manifest: JobManifest; service: ServiceManifest; making: Making }) {
  const { manifest, service, making } = options;
  return {
    kind: 'job',
    codename: service.codename,
    tech: service.tech,
    image: imageOf({ manifest: service, service, making }),
    volumes: [],
    ports: [],
    capAdd: [],
    restart: 'no',
    // The Engine's defaults: a job has nothing to hand over.
    stop: { signal: 'SIGTERM', graceSeconds: 10 },
    health: { kind: 'exit', timeoutSeconds: manifest.timeout_seconds },
    provision: [],
    checks: [],
  } as const;
}

/** Volumes belong to a container, so that two containers may call theirs `data`. */
export function volumeName(options: { container: string; volume: string }): string {
  return `${options.container}-${options.volume}`;
}

function imageOf(options: {
  manifest: ContainerManifest;
  service: ServiceManifest;
  making: Making;
}): ResolvedImage {
  const { manifest, service, making } = options;
  // realtime-ingress of the service realtime has Dockerfile.ingress.
  const suffix = manifest.role.startsWith(`${service.role}-`)
    ? manifest.role.slice(service.role.length + 1)
    : manifest.role;
  return {
    reference: manifest.image,
    upstream: manifest.upstream,
    ...(manifest.recipe === undefined ? {} : { recipe: manifest.recipe }),
    user: manifest.user,
    owned: manifest.volumes.map((volume) => volume.target),
    dockerfile: manifest.role === service.role ? 'Dockerfile' : `Dockerfile.${suffix}`,
    folder: service.folder,
    labels: {
      'org.opencontainers.image.title': manifest.name,
      'org.opencontainers.image.description': manifest.description,
      // Nothing is said of what the workspace does not know: an empty label would be an answer, and a wrong one.
      ...(manifest.licenses === undefined ? {} : { 'org.opencontainers.image.licenses': manifest.licenses }),
      ...(making.source === undefined ? {} : { 'org.opencontainers.image.source': making.source }),
      'arc.service.name': manifest.name,
      'arc.service.role': manifest.role,
      'arc.service.codename': manifest.codename,
      'arc.service.tech': manifest.tech,
    },
  };
}

/**
 * Renders a config file. It is mounted from where it is committed as long as it has exactly the committed text;
 * with a real secret or a choice of this run in it, it is mounted from a folder that git ignores.
 */
function resolveConfig(options: {
  config: ConfigManifest;
  entry: Entry;
  making: Making;
}): ResolvedConfigFile {
  const { config, entry, making } = options;
  const { service } = entry;
  const template = `${service.folder}/${config.template}`;
  const text = making.templates.get(template);
  // An empty text in its place would be a config file that says nothing, and the program would take its defaults.
  if (text === undefined) {
    throw invalid({
      code: 'missing-template',
      message: `The template ${template} does not exist.`,
      location: entry.manifest.location,
    });
  }
  const render = (values: StackValues) =>
    making.renderer.render({
      text,
      origin: { kind: 'file', file: template },
      scope: scopeOf({ values, entry, use: 'file' }),
    });
  const content = render(making.values);
  const asCommitted = making.committed === undefined || render(making.committed) === content;
  return {
    file: `${asCommitted ? service.folder : `${privateConfigFolder}/${posix.basename(service.folder)}`}/${config.file}`,
    template,
    target: config.target,
    content: new Secret(content),
    ...(config.schema === undefined ? {} : { schema: config.schema }),
  };
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

function resolveCheck(options: {
  check: ServiceManifest['checks'][number];
  entry: Extract<Entry, { kind: 'service' }>;
  making: Making;
}): ResolvedCheck {
  const { check, entry, making } = options;
  const { service } = entry;
  const manifest = service.sidecars.find((sidecar) => sidecar.role === check.container) ?? service;
  return {
    name: check.name,
    description: check.description,
    probe: resolveProbe({
      probe: check.probe,
      container: probed({ manifest, making }),
      ...probeTexts({ field: `check ${check.name}`, entry, making }),
    }),
    needs: check.needs,
  };
}

function probed(options: { manifest: ContainerManifest; making: Making }): ProbedContainer {
  const { role, name, ports, location } = options.manifest;
  return { role, name, location, ports: activePorts({ ports, settings: options.making.values.settings }) };
}

function probeTexts(options: { field: string; entry: Entry; making: Making }) {
  return fieldTexts({ ...options, location: options.entry.manifest.location });
}

/** Renders texts of the manifest: shown to people (`open`), or such that may hold secrets (`closed`). */
function fieldTexts(options: { field: string; location: SourceLocation; entry: Entry; making: Making }) {
  const { entry, making, location } = options;
  const render = (scope: Scope) => (field: string, text: string) =>
    making.renderer.render({
      text,
      origin: { kind: 'field', field: `${options.field}.${field} of ${entry.manifest.name}`, location },
      scope,
    });
  return {
    closed: render(scopeOf({ values: making.values, entry, use: 'asked' })),
    open: render(scopeOf({ values: making.values, entry, use: 'open' })),
  };
}
