import { ArcError, exitStatus, type Problem } from '../../core/errors.ts';
import type { EventSink } from '../../core/event.ts';
import type { Platform } from '../../manifest/model-release.ts';
import { lookUpBases } from '../lock/look-up.ts';
import { type ImagesLock, lockedBase } from '../lock/model.ts';
import { pinnedReference } from '../lock/pinned.ts';
import type { WantedBase } from '../lock/wanted.ts';
import type { BuildBase } from './model.ts';

/**
 * Pins the bases of images with the lock. For a base that is not locked, arc asks its registry and warns, because the
 * image then depends on what the registry has now.
 *
 * @returns by reference
 * @throws ArcError (exit status 2) `base-without-platform` for each that is not there for a platform; what lookUpBases
 *   throws
 */
export async function pinBases(options: {
  wanted: readonly WantedBase[];
  lock: ImagesLock;
  mirrors: Readonly<Record<string, string>>;
  platforms: readonly Platform[];
  environment: Readonly<Record<string, string | undefined>>;
  emit: EventSink;
  signal: AbortSignal;
}): Promise<ReadonlyMap<string, BuildBase>> {
  const { wanted, lock, mirrors, emit } = options;
  const open = wanted.filter(({ reference }) => !lockedBase({ lock, upstream: reference }));
  for (const { reference } of open) emit({ type: 'warning', problem: notLocked(reference) });
  const asked = await lookUpBases({ ...options, wanted: open });
  const pinned = new Map<string, BuildBase>();
  const problems: Problem[] = [];
  for (const base of wanted) {
    const { reference } = base;
    const found = lockedBase({ lock, upstream: reference }) ?? asked.get(reference);
    if (found === undefined) throw new Error(`no answer for ${reference}`);
    const { digest } = found;
    problems.push(...lackingPlatforms({ ...options, base, there: found.platforms }));
    pinned.set(reference, { reference, digest, pinned: pinnedReference({ reference, digest, mirrors }) });
  }
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  return pinned;
}

/** The problem of a base that is not in the lock. */
export function notLocked(reference: string): Problem {
  return {
    code: 'base-not-locked',
    message: `${reference} has no digest in images.lock.yaml, so the same commit may give another image tomorrow.`,
    suggestion: 'arc images lock, then commit images.lock.yaml',
  };
}

function lackingPlatforms(options: {
  base: WantedBase;
  there: Readonly<Record<string, string>>;
  platforms: readonly Platform[];
}): readonly Problem[] {
  const { base, there, platforms } = options;
  const lacking = platforms.filter((platform) => there[platform] === undefined);
  if (lacking.length === 0) return [];
  return [
    {
      code: 'base-without-platform',
      message: `The base of ${base.roles.join(', ')}, ${base.reference}, has no image for ${lacking.join(', ')}.`,
      suggestion: 'build for fewer platforms, or name another `upstream` in the manifest',
    },
  ];
}
