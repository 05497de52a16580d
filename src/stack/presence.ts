import { logCollector } from './logging.ts';
import type { Entry, WorkspaceIndex } from './workspace-index.ts';

/** Whether what a container depends on only `when_present` is there, by its role. */
export type Presence = (options: { entry: Entry; role: string }) => boolean;

/**
 * The roles that some containers depend on only `when_present`, or whose metrics they collect, or that sidecars of theirs
 * are there only with; and what takes the logs of all, with what that one depends on in the same way: its templates say
 * where the logs go.
 */
export function mayBePresent(options: {
  index: WorkspaceIndex;
  roles: Iterable<string>;
}): ReadonlySet<string> {
  const { index, roles } = options;
  const collector = logCollector(index)?.role;
  const asked = new Set([...roles, ...(collector === undefined ? [] : [collector])]);
  const maybe = new Set(
    [...asked].flatMap((role) => {
      const entry = index.entries.get(role);
      const optional = (entry?.manifest.depends_on ?? []).filter(({ when_present }) => when_present);
      const companions = role === entry?.service.role ? entry.service.sidecars : [];
      return [
        ...optional.map((dependency) => dependency.role),
        ...collectedBy({ index, entry }),
        ...companions.flatMap(({ only_with }) => only_with),
      ];
    }),
  );
  return collector === undefined ? maybe : maybe.add(collector);
}

/** A container that collects metrics is told of everybody else: their alerts count even where they export nothing. */
function collectedBy(options: { index: WorkspaceIndex; entry: Entry | undefined }): readonly string[] {
  return collectsMetrics(options.entry) ? [...options.index.entries.keys()] : [];
}

/** Whether the templates of a container list what there is to scrape. */
export function collectsMetrics(entry: Entry | undefined): boolean {
  return entry?.kind === 'service' && entry.manifest.scrapes;
}

/** Roles that the templates of a container cannot name, because they are not present. */
export function missingRoles(options: { entry: Entry; isPresent: Presence }): ReadonlySet<string> {
  const { entry, isPresent } = options;
  return new Set(
    entry.manifest.depends_on
      .filter(({ when_present, role }) => when_present && !isPresent({ entry, role }))
      .map(({ role }) => role),
  );
}

/** Whether the templates of a container can name the same others, and list the same to scrape, with either presence. */
export function seesTheSame(options: { entry: Entry; one: Presence; other: Presence }): boolean {
  const { entry, one, other } = options;
  if (one === other) return true;
  return (
    !collectsMetrics(entry) &&
    entry.manifest.depends_on.every(
      ({ when_present, role }) => !when_present || one({ entry, role }) === other({ entry, role }),
    )
  );
}

/**
 * Presence in committed files: a service's own compose file includes everything that its containers require or can use.
 * So the file is the same on every machine, and true for people without arc.
 */
export function presentAlone(index: WorkspaceIndex): Presence {
  const known = new Map<string, ReadonlySet<string>>();
  return ({ entry, role }) => {
    const service = entry.service.role;
    const brought = known.get(service) ?? broughtBy(index, service);
    known.set(service, brought);
    return brought.has(role);
  };
}

function broughtBy(index: WorkspaceIndex, service: string): ReadonlySet<string> {
  // A Set may grow while it is walked; each role is visited once. A compose file includes others as a whole.
  const brought = new Set(index.services.get(service));
  for (const role of brought) {
    const entry = index.entries.get(role);
    for (const own of index.services.get(entry?.service.role ?? '') ?? []) brought.add(own);
    for (const needed of entry?.manifest.depends_on ?? []) {
      if (!needed.when_present) brought.add(needed.role);
    }
  }
  return brought;
}
