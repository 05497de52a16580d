import type { Contracts } from '../contracts/model.ts';
import type { Secret } from '../core/secret.ts';
import { ownFlavour } from '../manifest/flavours.ts';
import type { ContainerManifest, PortManifest, PortRange } from '../manifest/model.ts';
import { activePorts } from './active-ports.ts';
import type { Certificate } from './certificates.ts';
import { type Guarded, guard } from './guarded.ts';
import type { ResolvedSetting } from './model.ts';
import { type NatsValues, natsValues } from './nats-users.ts';
import { missingRoles, type Presence } from './presence.ts';
import { type RouteValues, routeValues } from './routes.ts';
import type { Names, Scope } from './scope.ts';
import { type CollectedValues, collectedValues } from './scrapes.ts';
import type { Entry, WorkspaceIndex } from './workspace-index.ts';

// What templates can name (docs/manifest.md, "Values"):
//   project                                  the workspace's project
//   ports.<name>, host_ports.<name>          own ports: a number, or {first, last} for a range
//   containers.<role>.host, .flavour         any container of the workspace that was not left out
//   containers.<role>.ports.<name>, .host_ports.<name>
//   contracts                                what contracts/*.yaml say, as src/contracts/model.ts describes it,
//                                            and in `nats` the users that follow from it (nats-users.ts)
//   routes                                   what the gateway passes on, to containers that were not left out
//   scrapes, alerts, panels                  in containers that collect metrics: those of what is there
//   settings.<name>                          as chosen for this run
//   certificates.<name>.chain, .key          in config files only, if there is one
//   secrets.<name>                           in config files and probes only

type PortValues = Readonly<Record<string, number | PortRange>>;
type ContainerValues = { host: string; flavour: string; ports: PortValues; host_ports: PortValues };

/** Values that all containers of one stack share; computed once. */
export type StackValues = {
  project: string;
  index: WorkspaceIndex;
  settings: Readonly<Record<string, ResolvedSetting>>;
  settingTexts: Readonly<Record<string, string>>;
  /** As above, but as written where a person can still change them: environment, command, health command. */
  openSettingTexts: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  /** As in files: each value that may hold any character has to go through a filter. */
  guardedSettings: Readonly<Record<string, string | Guarded>>;
  guardedSecrets: Readonly<Record<string, Guarded>>;
  certificates: Readonly<Record<string, { chain: Guarded; key: Guarded }>>;
  containers: Readonly<Record<string, ContainerValues>>;
  routes: readonly RouteValues[];
  contracts: Contracts & { nats: NatsValues };
  /** Roles that are not part of the stack because they, or something that they require, were left out. */
  isAbsent: (role: string) => boolean;
  isPresent: Presence;
  names: Omit<Names, 'ports' | 'secrets' | 'certificates'> & {
    secrets: ReadonlySet<string>;
    certificates: ReadonlySet<string>;
  };
};

/** Gathers the values that every container's templates can name. */
export function stackValues(options: {
  project: string;
  contracts: Contracts;
  index: WorkspaceIndex;
  settings: Readonly<Record<string, ResolvedSetting>>;
  secrets: ReadonlyMap<string, Secret>;
  certificates: ReadonlyMap<string, Certificate>;
  isAbsent: (role: string) => boolean;
  isPresent: Presence;
  /** Names of the flavours that were decided, by role. */
  flavours: ReadonlyMap<string, string>;
  settingText?: (name: string, setting: ResolvedSetting) => string | undefined;
}): StackValues {
  const { project, contracts, index, settings, isAbsent, isPresent } = options;
  const containers: Record<string, ContainerValues> = {};
  const roles = new Map<string, ReadonlySet<string>>();
  for (const entry of index.entries.values()) {
    const ports = declaredPorts(entry);
    roles.set(entry.role, new Set(ports.map((port) => port.name)));
    if (!isAbsent(entry.role)) {
      containers[entry.role] = {
        host: entry.manifest.name,
        flavour: options.flavours.get(entry.role) ?? ownFlavour,
        ...portValues(activePorts({ ports, settings })),
      };
    }
  }
  const texts = Object.entries(settings).map(([name, setting]) => [name, setting.value] as const);
  const openTexts = Object.entries(settings).map(
    ([name, setting]) => [name, options.settingText?.(name, setting) ?? setting.value] as const,
  );
  const secrets = Array.from(options.secrets, ([name, secret]) => [name, secret.reveal()] as const);
  const guardedSecrets = Object.fromEntries(
    secrets.map(([name, value]) => [name, guard({ path: `secrets.${name}`, value })]),
  );
  let nats: NatsValues | undefined;
  return {
    project,
    index,
    settings,
    guardedSettings: Object.fromEntries(
      Object.entries(settings).map(([name, setting]) => [
        name,
        setting.values === undefined && setting.kind === undefined
          ? guard({ path: `settings.${name}`, value: setting.value })
          : setting.value,
      ]),
    ),
    guardedSecrets,
    certificates: Object.fromEntries(
      Array.from(options.certificates, ([name, { chain, key }]) => [
        name,
        {
          chain: guard({ path: `certificates.${name}.chain`, value: chain }),
          key: guard({ path: `certificates.${name}.key`, value: key.reveal() }),
        },
      ]),
    ),
    settingTexts: Object.fromEntries(texts),
    openSettingTexts: Object.fromEntries(openTexts),
    secrets: Object.fromEntries(secrets),
    containers,
    contracts: {
      ...contracts,
      // Only the templates of the server of NATS ask for it.
      get nats() {
        nats ??= natsValues({ contracts, index, isAbsent, secrets: guardedSecrets });
        return nats;
      },
    },
    routes: routeValues({ index, settings, isAbsent, project, secrets: guardedSecrets }),
    isAbsent,
    isPresent,
    names: {
      containers: roles,
      settings: new Set(Object.keys(settings)),
      secrets: new Set(options.secrets.keys()),
      certificates: new Set(
        Array.from(index.entries.values()).flatMap(({ service }) => Object.keys(service.certificates)),
      ),
    },
  };
}

/**
 * The use of a text. `open` may contain no secrets, because it can be read from outside the container (environment,
 * arguments). In a `file`, values with arbitrary characters need the right filter; arc itself reads `asked` unfiltered.
 */
export type Use = 'open' | 'file' | 'asked';

/** Scopes that were made, for each set of values, container and use: a container has dozens of texts. */
const scopes = new WeakMap<StackValues, Map<Entry, Map<Use, Scope>>>();

/** The values that the templates of one container can use. Made once for each use. */
export function scopeOf(options: { values: StackValues; entry: Entry; use: Use }): Scope {
  const { values, entry, use } = options;
  const ofValues = scopes.get(values) ?? new Map<Entry, Map<Use, Scope>>();
  scopes.set(values, ofValues);
  const ofEntry = ofValues.get(entry) ?? new Map<Use, Scope>();
  ofValues.set(entry, ofEntry);
  const scope = ofEntry.get(use) ?? makeScope({ values, entry, use });
  ofEntry.set(use, scope);
  return scope;
}

function makeScope({ values, entry, use }: { values: StackValues; entry: Entry; use: Use }): Scope {
  const open = use === 'open';
  // Ports are where these values have them: committed files may have them elsewhere.
  const ports = declaredPorts(values.index.entries.get(entry.role) ?? entry);
  const missing = missingRoles({ entry, isPresent: values.isPresent });
  return {
    values: {
      ...collected({ values, entry }),
      project: values.project,
      routes: values.routes,
      contracts: values.contracts,
      containers: missing.size === 0 ? values.containers : without(values.containers, missing),
      settings: { open: values.openSettingTexts, file: values.guardedSettings, asked: values.settingTexts }[
        use
      ],
      secrets: { open: {}, file: values.guardedSecrets, asked: values.secrets }[use],
      certificates: use === 'file' ? values.certificates : {},
      ...portValues(activePorts({ ports, settings: values.settings })),
    },
    names: {
      ...values.names,
      ports: new Set(ports.map((port) => port.name)),
      secrets: open ? 'none' : values.names.secrets,
      certificates: use === 'file' ? values.names.certificates : 'none',
    },
    explain: (path) => explain({ path, values, missing, ports }),
  };
}

/** What there is to collect, where the container does. */
function collected({ values, entry }: { values: StackValues; entry: Entry }): Partial<CollectedValues> {
  if (entry.kind !== 'service' || !entry.manifest.scrapes) return {};
  return collectedValues({ ...values, secrets: values.guardedSecrets, entry });
}

function without<T>(
  record: Readonly<Record<string, T>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));
}

function declaredPorts(entry: Entry): ContainerManifest['ports'] {
  return entry.kind === 'service' ? entry.manifest.ports : [];
}

function portValues(ports: readonly PortManifest[]): { ports: PortValues; host_ports: PortValues } {
  return {
    ports: Object.fromEntries(ports.map((port) => [port.name, portValue(port.container)])),
    host_ports: Object.fromEntries(
      ports.filter(({ publish }) => publish).map((port) => [port.name, portValue(port.host)]),
    ),
  };
}

function portValue(range: PortRange): number | PortRange {
  return range.first === range.last ? range.first : range;
}

/** Why a name that exists has no value in this stack. */
function explain(options: {
  path: readonly string[];
  values: StackValues;
  missing: ReadonlySet<string>;
  ports: readonly PortManifest[];
}): string | undefined {
  const { values, missing } = options;
  const [root, ...rest] = options.path;
  if (root === 'certificates') return `no authority vouches for it under these settings`;
  if (root === 'scrapes' || root === 'alerts' || root === 'panels')
    return 'only a container with `scrapes: true` collects metrics';
  if (root === 'containers') {
    const [role = '', ...own] = rest;
    if (values.isAbsent(role)) return `${role} is left out`;
    if (missing.has(role)) return `${role} is not always part of the same stack`;
    const entry = values.index.entries.get(role);
    return entry === undefined ? undefined : explainPort({ path: own, ports: declaredPorts(entry) });
  }
  return explainPort({ path: options.path, ports: options.ports });
}

function explainPort(options: {
  path: readonly string[];
  ports: readonly PortManifest[];
}): string | undefined {
  const [kind, name] = options.path;
  if (kind !== 'ports' && kind !== 'host_ports') return undefined;
  const port = options.ports.find((candidate) => candidate.name === name);
  if (port === undefined) return undefined;
  if (kind === 'host_ports' && !port.publish) return `the port ${port.name} is not published`;
  if (port.closed) return `the port ${port.name} is only there where its front door leads to this workspace`;
  const conditions = Object.entries(port.when).map(([setting, value]) => `${setting} is ${value}`);
  return `the port ${port.name} is only there while ${conditions.join(' and ')}`;
}
