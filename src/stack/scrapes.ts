import type { AlertManifest, PanelManifest } from '../manifest/model-metrics.ts';
import { activePorts } from './active-ports.ts';
import { type Guarded, guard, revealGuarded } from './guarded.ts';
import { type SeriesNames, seriesNames, usedNames } from './metric-names.ts';
import type { ResolvedSetting } from './model.ts';
import type { Presence } from './presence.ts';
import { readerToken } from './reader-token.ts';
import type { Entry, WorkspaceIndex } from './workspace-index.ts';

/** A container whose metrics are read, as templates have it. */
export type ScrapeValues = {
  /** The container's name in its manifest, on every machine the same: `arc-realtime`. */
  job: string;
  role: string;
  service: string;
  codename: string;
  tech: string;
  /** Host name and port on the network. */
  address: string;
  path: string;
  token: Guarded | null;
  /** Its metrics; `later` of those that appear only once something has happened. */
  names: readonly { name: string; type: string; later: boolean }[];
};

type Owned<T> = Omit<T, 'location'> & { service: string };

/** What a container that collects metrics is told of the stack. */
export type CollectedValues = {
  scrapes: readonly ScrapeValues[];
  alerts: readonly Owned<AlertManifest>[];
  panels: readonly Owned<PanelManifest>[];
};

type Source = {
  index: WorkspaceIndex;
  settings: Readonly<Record<string, ResolvedSetting>>;
  isAbsent: (role: string) => boolean;
  secrets: Readonly<Record<string, Guarded>>;
};

/**
 * What is there to be collected beside a container: the metrics of each container that is part of the stack or runs, and
 * the alerts and panels whose metrics all have one that exports them.
 *
 * @param options.entry the container that collects
 */
export function collectedValues(options: Source & { entry: Entry; isPresent: Presence }): CollectedValues {
  const { index, entry, isAbsent, isPresent } = options;
  const isThere = (role: string): boolean => !isAbsent(role) && isPresent({ entry, role });
  const exporters = exportersOf(index);
  const declared = seriesNames({ exporters });
  const services = [...index.entries.values()].filter(
    ({ kind, role }) => kind === 'service' && isThere(role),
  );
  const present = new Set(services.map(({ role }) => role));
  const has = (exprs: readonly string[]): boolean => areExported({ exprs, declared, present });
  const mains = services.filter(({ role, service }) => role === service.role).map(({ service }) => service);
  return {
    scrapes: services.flatMap((one) => scrapeOf({ ...options, entry: one })),
    alerts: mains.flatMap(({ role, alerts }) =>
      alerts
        .filter(({ expr }) => has([expr]))
        .map(({ location: _, ...alert }) => ({ ...alert, service: role })),
    ),
    panels: mains.flatMap(({ role, panels }) =>
      panels
        .filter(({ queries }) => has(queries.map(({ expr }) => expr)))
        .map((panel) => ({ ...panel, service: role })),
    ),
  };
}

/** Every container of the workspace that declares metrics. */
export function exportersOf(index: WorkspaceIndex) {
  return [...index.entries.values()].flatMap((entry) =>
    entry.kind === 'service' && entry.manifest.metrics !== undefined
      ? [{ role: entry.role, metrics: entry.manifest.metrics }]
      : [],
  );
}

function areExported(options: {
  exprs: readonly string[];
  declared: SeriesNames;
  present: ReadonlySet<string>;
}): boolean {
  const { exprs, declared, present } = options;
  return exprs
    .flatMap((expr) => [...usedNames({ expr, declared })])
    .every((name) => [...(declared.get(name) ?? [])].some((role) => present.has(role)));
}

function scrapeOf(options: Source & { entry: Entry }): readonly ScrapeValues[] {
  const { entry, settings, secrets } = options;
  if (entry.kind === 'job' || entry.manifest.metrics === undefined) return [];
  const { metrics, ports, name, codename, tech } = entry.manifest;
  const port = activePorts({ ports, settings }).find((one) => one.name === metrics.port);
  if (port === undefined) return [];
  return [
    {
      job: name,
      role: entry.role,
      service: entry.service.role,
      codename,
      tech,
      address: `${name}:${port.container.first}`,
      path: metrics.path,
      token: metrics.token === undefined ? null : tokenOf({ job: name, secrets, token: metrics.token }),
      names: Object.entries(metrics.names).map(([metric, { type, later }]) => ({
        name: metric,
        type,
        later,
      })),
    },
  ];
}

function tokenOf(options: {
  job: string;
  secrets: Readonly<Record<string, Guarded>>;
  token: { issuer: string; subject: string; secret: string };
}): Guarded | null {
  const { job, secrets, token } = options;
  const [subject, secret] = [secrets[token.subject], secrets[token.secret]];
  if (subject === undefined || secret === undefined) return null;
  const value = readerToken({
    issuer: token.issuer,
    subject: revealGuarded(subject).value,
    secret: revealGuarded(secret).value,
  });
  return guard({ path: `scrapes.${job}.token`, value });
}
