import type { Problem } from '../core/errors.ts';
import { ownFlavour } from '../manifest/flavours.ts';
import type { Refused, ResolvedFlavour } from './model.ts';
import { dependencyTarget, type Entry, type WorkspaceIndex } from './workspace-index.ts';

/** Why a container cannot run: the dependency that it misses, and what was left out at the end of that chain. */
export type Absence = { needs: string; leftOut: string };

/** What cannot be part of any stack of this run. */
type Out = {
  /** By a person. */
  leftOut: ReadonlySet<string>;
  /** By its flavour. */
  absent: ReadonlyMap<string, ResolvedFlavour>;
};

/**
 * Finds every container of the workspace that requires, directly or indirectly, a container that was left out. It does
 * not depend on the selection, so neither do rendered files.
 */
export function findAbsences(options: { index: WorkspaceIndex } & Out): ReadonlyMap<string, Absence> {
  const { index, leftOut, absent } = options;
  const absences = new Map<string, Absence>();
  const out = new Set([...leftOut, ...absent.keys()]);
  if (out.size === 0) return absences;
  const requiredBy = dependentsByRole({ index, absent });
  const queue = [...out];
  for (const role of queue) {
    for (const dependent of requiredBy.get(role) ?? []) {
      if (out.has(dependent) || absences.has(dependent)) continue;
      absences.set(dependent, { needs: role, leftOut: absences.get(role)?.leftOut ?? role });
      queue.push(dependent);
    }
  }
  return absences;
}

function dependentsByRole(options: Pick<Out, 'absent'> & { index: WorkspaceIndex }) {
  const requiredBy = new Map<string, string[]>();
  const add = (role: string, dependent: string): void => {
    const dependents = requiredBy.get(role);
    if (dependents === undefined) requiredBy.set(role, [dependent]);
    else dependents.push(dependent);
  };
  for (const entry of options.index.entries.values()) {
    for (const dependency of entry.manifest.depends_on) {
      if (!dependency.optional && !dependency.when_present) add(dependency.role, entry.role);
    }
    // A job runs the image of its service, and there is none.
    if (entry.kind === 'job' && options.absent.has(entry.service.role)) add(entry.service.role, entry.role);
  }
  return requiredBy;
}

/**
 * The sidecars that a service has `only_with` others. They come with their service also where only a dependency brings
 * it in: whatever collects metrics would otherwise miss those of the cache.
 */
function companionsOf({ role, service }: Entry): readonly string[] {
  if (role !== service.role) return [];
  return service.sidecars.filter(({ only_with }) => only_with.length > 0).map(({ role }) => role);
}

/** The containers that a selection comes to once dependencies are followed. */
export type Closure = {
  included: ReadonlyMap<string, Entry>;
  refused: readonly Refused[];
  warnings: readonly Problem[];
};

/**
 * Follows the dependencies of what was selected; whatever only a refused container needs stays out.
 *
 * @param options.roles what was selected
 * @param options.named those of them that are there also without what they are `only_with`
 */
export function close(
  options: {
    index: WorkspaceIndex;
    roles: ReadonlySet<string>;
    named: ReadonlySet<string>;
    absences: ReadonlyMap<string, Absence>;
    /** Roles that have a container already: what is there only with them comes along. */
    present: ReadonlySet<string>;
  } & Out,
): Closure {
  const { index, roles, named, leftOut, absent, absences, present } = options;
  const included = new Map<string, Entry>();
  const refused: Refused[] = [];
  const warnings: Problem[] = [];
  const isOut = (role: string): boolean => leftOut.has(role) || absent.has(role) || absences.has(role);
  const isUseless = (entry: Entry): boolean =>
    entry.kind === 'service' &&
    !named.has(entry.role) &&
    entry.manifest.only_with.some((role) => !included.has(role) && (!present.has(role) || isOut(role)));
  const waiting = new Map<string, Entry>();
  const seen = new Set<string>();
  let queue = [...roles];
  const visit = (role: string): void => {
    const entry = index.entries.get(role);
    if (seen.has(role) || entry === undefined || leftOut.has(role)) return;
    if (isUseless(entry)) {
      waiting.set(role, entry);
      return;
    }
    waiting.delete(role);
    seen.add(role);
    const flavour = absent.get(role);
    const absence = absences.get(role);
    if (flavour !== undefined) {
      refused.push({ role, name: entry.name, problem: withoutContainer({ role, flavour }), flavour });
      return;
    }
    if (absence !== undefined) {
      refused.push({ role, name: entry.name, problem: refusal({ entry, absence, absent }) });
      return;
    }
    included.set(role, entry);
    queue.push(...companionsOf(entry));
    for (const dependency of entry.manifest.depends_on) {
      dependencyTarget({ index, dependency });
      if (dependency.when_present) continue;
      queue.push(dependency.role);
      if (isOut(dependency.role)) {
        warnings.push({
          code: 'runs-without',
          message: `${role} runs without ${dependency.role}${dependency.without === undefined ? '.' : `: ${dependency.without}.`}`,
        });
      }
    }
  };
  while (queue.length > 0) {
    // It grows while it is walked; each role is visited once.
    for (const role of queue) visit(role);
    queue = [...waiting.values()].filter((entry) => !isUseless(entry)).map(({ role }) => role);
  }
  return {
    included,
    refused: refused.toSorted((a, b) => compareText(a.role, b.role)),
    warnings: warnings.toSorted((a, b) => compareText(a.message, b.message)),
  };
}

function withoutContainer(options: { role: string; flavour: ResolvedFlavour }): Problem {
  const { role, flavour } = options;
  return {
    code: 'container-absent',
    message: `${role} is left out, in its flavour ${flavour.name} (${flavour.because}): ${flavour.without}.`,
    suggestion: `choose another flavour: \`--flavour ${role}=${ownFlavour}\``,
  };
}

function refusal(options: {
  entry: Entry;
  absence: Absence;
  absent: ReadonlyMap<string, ResolvedFlavour>;
}): Problem {
  const { entry, absence, absent } = options;
  const { needs, leftOut } = absence;
  const flavour = absent.get(leftOut);
  const why = flavour === undefined ? 'was left out' : `is left out in its flavour ${flavour.name}`;
  const chain =
    needs === leftOut ? `${leftOut}, which ${why}` : `${needs}, which cannot run because ${leftOut} ${why}`;
  return {
    code: 'dependency-left-out',
    message: `${entry.role} cannot run: it needs ${chain}.`,
    suggestion:
      flavour === undefined
        ? `run it together with ${leftOut}, or leave it out too: \`--without ${entry.role}\``
        : `choose another flavour of ${leftOut}, or leave ${entry.role} out too: \`--without ${entry.role}\``,
  };
}

/** Text order that is the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
