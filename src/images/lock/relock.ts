import { parseReference } from '../../registry/reference.ts';
import type { ImagesLock, LockedBase } from './model.ts';
import type { WantedBase } from './wanted.ts';

/** What a registry has under the name of a base. */
export type FoundBase = { digest: string; platforms: Readonly<Record<string, string>> };

/** What happened to the entries of a lock, by reference. */
export type LockChanges = {
  added: readonly string[];
  /** The registry has something else under the name than was locked. */
  updated: readonly { reference: string; from: string; to: string }[];
  removed: readonly string[];
  kept: readonly string[];
};

/** The bases to look up in a registry: those that are not locked or, with `update`, all requested ones. */
export function basesToAsk(options: {
  lock: ImagesLock;
  wanted: readonly WantedBase[];
  update: boolean;
}): readonly WantedBase[] {
  const { lock, wanted, update } = options;
  return wanted.filter(({ reference }) => update || !lock.bases.has(reference));
}

/**
 * The lock with the new answers and without unused entries. An entry with unchanged digests keeps its date, so the file
 * changes only if an image does.
 *
 * @param options.used bases of the whole workspace
 * @param options.today in UTC: `2026-11-21`
 */
export function relock(options: {
  lock: ImagesLock;
  used: readonly WantedBase[];
  found: ReadonlyMap<string, FoundBase>;
  today: string;
}): { lock: ImagesLock; changes: LockChanges } {
  const { lock, used, found, today } = options;
  const bases = new Map<string, LockedBase>();
  const added: string[] = [];
  const updated: LockChanges['updated'][number][] = [];
  const kept: string[] = [];
  for (const { reference } of used) {
    const before = lock.bases.get(reference);
    const answer = found.get(reference);
    if (answer !== undefined && (before === undefined || !isSame(before, answer))) {
      bases.set(reference, {
        reference,
        registry: parseReference(reference).registry,
        ...answer,
        locked: today,
      });
      if (before === undefined) added.push(reference);
      else updated.push({ reference, from: before.digest, to: answer.digest });
    } else if (before !== undefined) {
      bases.set(reference, before);
      kept.push(reference);
    }
  }
  const removed = [...lock.bases.keys()].filter((reference) => !bases.has(reference)).toSorted();
  return { lock: { bases }, changes: { added, updated, removed, kept } };
}

function isSame(before: FoundBase, after: FoundBase): boolean {
  const platforms = new Set([...Object.keys(before.platforms), ...Object.keys(after.platforms)]);
  return (
    before.digest === after.digest &&
    [...platforms].every((platform) => before.platforms[platform] === after.platforms[platform])
  );
}
