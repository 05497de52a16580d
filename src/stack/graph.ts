import type { Problem } from '../core/errors.ts';
import type { Selection } from './selection.ts';
import { dependencyTarget, type Entry, type WorkspaceIndex } from './workspace-index.ts';

/** Why a container cannot run: the dependency that it misses, and what was left out at the end of that chain. */
export type Absence = { needs: string; leftOut: string };

/**
 * Finds every container of the workspace that requires, directly or indirectly, a container that was left out. It does
 * not depend on the selection, so neither do rendered files.
 */
export function findAbsences(options: {
  index: WorkspaceIndex;
  leftOut: ReadonlySet<string>;
}): ReadonlyMap<string, Absence> {
  const { index, leftOut } = options;
  const absences = new Map<string, Absence>();
  if (leftOut.size === 0) return absences;
  const requiredBy = new Map<string, string[]>();
  for (const entry of index.entries.values()) {
    for (const dependency of entry.manifest.depends_on) {
      if (dependency.optional || dependency.when_present) continue;
      const dependents = requiredBy.get(dependency.role);
      if (dependents === undefined) requiredBy.set(dependency.role, [entry.role]);
      else dependents.push(entry.role);
    }
  }
  const queue = [...leftOut];
  for (const role of queue) {
    for (const dependent of requiredBy.get(role) ?? []) {
      if (leftOut.has(dependent) || absences.has(dependent)) continue;
      absences.set(dependent, { needs: role, leftOut: absences.get(role)?.leftOut ?? role });
      queue.push(dependent);
    }
  }
  return absences;
}

/** The containers that a selection comes to once dependencies are followed. */
export type Closure = {
  included: ReadonlyMap<string, Entry>;
  refused: readonly { role: string; name: string; problem: Problem }[];
  warnings: readonly Problem[];
};

/** Follows the dependencies of what was selected; whatever only a refused container needs stays out. */
export function close(options: {
  index: WorkspaceIndex;
  selection: Selection;
  absences: ReadonlyMap<string, Absence>;
}): Closure {
  const { index, selection, absences } = options;
  const included = new Map<string, Entry>();
  const refused: { role: string; name: string; problem: Problem }[] = [];
  const warnings: Problem[] = [];
  const seen = new Set(selection.roles);
  // A Set may grow while it is walked; each role is visited once.
  for (const role of seen) {
    const entry = index.entries.get(role);
    if (entry === undefined || selection.leftOut.has(role)) continue;
    const absence = absences.get(role);
    if (absence !== undefined) {
      refused.push({ role, name: entry.name, problem: refusal({ entry, absence }) });
      continue;
    }
    included.set(role, entry);
    for (const dependency of entry.manifest.depends_on) {
      dependencyTarget({ index, dependency });
      if (dependency.when_present) continue;
      seen.add(dependency.role);
      if (selection.leftOut.has(dependency.role) || absences.has(dependency.role)) {
        warnings.push({
          code: 'runs-without',
          message: `${role} runs without ${dependency.role}${dependency.without === undefined ? '.' : `: ${dependency.without}.`}`,
        });
      }
    }
  }
  return {
    included,
    refused: refused.toSorted((a, b) => compareText(a.role, b.role)),
    warnings: warnings.toSorted((a, b) => compareText(a.message, b.message)),
  };
}

function refusal(options: { entry: Entry; absence: Absence }): Problem {
  const { entry, absence } = options;
  const chain =
    absence.needs === absence.leftOut
      ? `${absence.leftOut}, which was left out`
      : `${absence.needs}, which cannot run because ${absence.leftOut} was left out`;
  return {
    code: 'dependency-left-out',
    message: `${entry.role} cannot run: it needs ${chain}.`,
    suggestion: `run it together with ${absence.leftOut}, or leave it out too: \`--without ${entry.role}\``,
  };
}

/** Text order that is the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
