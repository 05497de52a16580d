import type { LoggingManifest } from '../manifest/model-needs.ts';
import type { Presence } from './presence.ts';
import type { Entry, WorkspaceIndex } from './workspace-index.ts';

type Render = (field: string, value: string) => string;

/** The container that takes the logs of all others, if the workspace has one. */
export type LogCollector = Extract<Entry, { kind: 'service' }>;

/** Finds it; validation has refused a second one. */
export function logCollector({ entries }: WorkspaceIndex): LogCollector | undefined {
  for (const entry of entries.values())
    if (entry.kind === 'service' && entry.manifest.collects_logs !== undefined) return entry;
  return undefined;
}

/** Roles of the containers and jobs whose logs it takes. */
export function collectedRoles(index: WorkspaceIndex): ReadonlySet<string> {
  const collector = logCollector(index);
  if (collector === undefined) return new Set();
  return new Set(
    [...index.entries.values()].flatMap(({ role, manifest }) =>
      role === collector.role || manifest.logging !== undefined ? [] : [role],
    ),
  );
}

/**
 * Where a container's output goes: as its manifest says, or else to the collector of the workspace while that is
 * present; otherwise nothing, which is the Engine's own default.
 *
 * @param options.text renders in the scope of the container
 * @param options.collectorText renders in the scope of the collector, whose port the Engine sends to
 */
export function resolveLogging(options: {
  entry: Entry;
  collector: LogCollector | undefined;
  isPresent: Presence;
  text: Render;
  collectorText: (collector: LogCollector) => Render;
}): { logging?: LoggingManifest } {
  const { entry, collector, isPresent, text, collectorText } = options;
  const { logging } = entry.manifest;
  if (logging !== undefined) return renderLogging({ logging, field: 'logging', text });
  // The collector's own lines would go round in circles.
  if (collector === undefined || collector.role === entry.role) return {};
  if (!isPresent({ entry, role: collector.role })) return {};
  const { collects_logs } = collector.manifest;
  if (collects_logs === undefined) return {};
  return renderLogging({ logging: collects_logs, field: 'collects_logs', text: collectorText(collector) });
}

/** Nothing if the driver is rendered to nothing, and without the options that are: a template can ask what is there. */
function renderLogging(options: { logging: LoggingManifest; field: string; text: Render }): {
  logging?: LoggingManifest;
} {
  const { logging, field, text } = options;
  const driver = text(`${field}.driver`, logging.driver).trim();
  if (driver === '') return {};
  const rendered = Object.entries(logging.options).map(
    ([name, value]) => [name, text(`${field}.options.${name}`, value)] as const,
  );
  return { logging: { driver, options: Object.fromEntries(rendered.filter(([, value]) => value !== '')) } };
}
