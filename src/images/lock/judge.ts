import type { Problem } from '../../core/errors.ts';
import type { Manifests } from '../../manifest/model.ts';
import { compareLock, describeDifference } from './compare.ts';
import { type ImagesLock, lockFile } from './model.ts';
import { wantedBases } from './wanted.ts';

/** Problems of a lock beside the manifests. A workspace that locks and releases nothing needs no lock. */
export function judgeLock(options: { lock: ImagesLock; manifests: Manifests }): readonly Problem[] {
  const { lock, manifests } = options;
  if (lock.bases.size === 0 && manifests.workspace.release === undefined) return [];
  const used = wantedBases({ manifests });
  const differences = compareLock({ lock, wanted: used, used });
  if (differences.length === 0) return [];
  return [
    {
      code: 'lock-outdated',
      message: `${lockFile} does not match the manifests; arc cannot release a base that is not in it.`,
      detail: differences.map(describeDifference),
      suggestion: 'arc images lock',
    },
  ];
}
