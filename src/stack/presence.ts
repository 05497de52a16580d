import type { Entry, WorkspaceIndex } from './workspace-index.ts';

/** Whether what a container depends on only `when_present` is there, by its role. */
export type Presence = (options: { entry: Entry; role: string }) => boolean;

/** The roles that some containers depend on only `when_present`. */
export function mayBePresent(options: {
  index: WorkspaceIndex;
  roles: Iterable<string>;
}): ReadonlySet<string> {
  const { index, roles } = options;
  return new Set(
    [...roles].flatMap((role) =>
      (index.entries.get(role)?.manifest.depends_on ?? [])
        .filter(({ when_present }) => when_present)
        .map((dependency) => dependency.role),
    ),
  );
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
