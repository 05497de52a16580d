import { parseReference, repositoryName } from '../../registry/reference.ts';
import type { ImagesLock } from './model.ts';
import type { WantedBase } from './wanted.ts';

/** One way in which a lock does not fit the manifests. */
export type LockDifference =
  /** `locked`: other versions of the same image that are locked: the manifest has moved on. */
  | { kind: 'missing'; reference: string; roles: readonly string[]; locked: readonly string[] }
  | { kind: 'unused'; reference: string };

/**
 * Compares a lock with the names in manifests. Asks no registry: `--update` finds out whether a name stands for another
 * image now.
 *
 * @param options.wanted bases that have to be locked
 * @param options.used bases that may be locked: all of the workspace, also where only some are wanted
 */
export function compareLock(options: {
  lock: ImagesLock;
  wanted: readonly WantedBase[];
  used: readonly WantedBase[];
}): readonly LockDifference[] {
  const { lock, wanted } = options;
  const used = new Set(options.used.map(({ reference }) => reference));
  const unused = [...lock.bases.keys()].filter((reference) => !used.has(reference)).toSorted();
  const missing = wanted
    .filter(({ reference }) => !lock.bases.has(reference))
    .map(({ reference, roles }) => ({
      kind: 'missing' as const,
      reference,
      roles,
      locked: unused.filter((other) => sameImage(other, reference)),
    }));
  return [...missing, ...unused.map((reference) => ({ kind: 'unused' as const, reference }))];
}

function sameImage(a: string, b: string): boolean {
  return repositoryName(parseReference(a)) === repositoryName(parseReference(b));
}

/** The difference in a line. */
export function describeDifference(difference: LockDifference): string {
  switch (difference.kind) {
    case 'missing': {
      const { reference, roles, locked } = difference;
      const instead = locked.length === 0 ? '' : `; the lock has ${locked.join(', ')}`;
      return `${reference} of ${roles.join(', ')} is not locked${instead}`;
    }
    case 'unused':
      return `${difference.reference} is locked, but no image is built from it`;
    default:
      return difference satisfies never;
  }
}
