import { failed } from '../../core/errors.ts';
import type { FixedMavenStep } from './fixed-step.ts';
import { type Coordinates, formatCoordinates, parseCoordinates, pathOf } from './maven-coordinates.ts';
import { lockLine } from './maven-lock.ts';

/** A file that Maven has fetched. */
export type FetchedArtifact = { coordinates: Coordinates; file: string; sha256: string };

/**
 * Checks the downloaded files against the hashes in the recipe and in its lock file, which must match exactly: no other
 * file, and none missing. A registry's own statement about its files does not count.
 *
 * @throws ArcError `recipe-step-failed` with a line for each artefact that is not as it should be
 */
export function checkArtifacts(options: {
  step: Pick<FixedMavenStep, 'artifacts' | 'lock' | 'locked'>;
  fetched: readonly FetchedArtifact[];
}): void {
  const { step, fetched } = options;
  const wanted = new Map(
    Object.entries({ ...step.locked, ...step.artifacts }).map(([written, sha256]) => {
      const coordinates = parseCoordinates(written);
      return [pathOf(coordinates), { name: formatCoordinates(coordinates), sha256 }] as const;
    }),
  );
  const changed: string[] = [];
  const unknown: string[] = [];
  for (const { coordinates, sha256 } of fetched) {
    const path = pathOf(coordinates);
    const pinned = wanted.get(path);
    wanted.delete(path);
    if (pinned === undefined) unknown.push(lockLine(formatCoordinates(coordinates), sha256));
    else if (pinned.sha256 !== sha256) changed.push(`${pinned.name} has ${sha256}, not ${pinned.sha256}`);
  }
  if (changed.length > 0) {
    throw failed({
      code: 'recipe-step-failed',
      message: `${changed.length === 1 ? 'An artefact does' : `${changed.length} artefacts do`} not have the SHA-256 that the recipe pins.`,
      detail: changed,
      suggestion: 'find out why: the file of a published version never changes',
    });
  }
  const lock = step.lock ?? 'the recipe';
  if (unknown.length > 0) {
    throw failed({
      code: 'recipe-step-failed',
      message: `${lock} lacks ${unknown.length === 1 ? 'an artefact' : `${unknown.length} artefacts`} that the recipe needs.`,
      detail: unknown,
      suggestion: `check these lines and add them to ${lock}`,
    });
  }
  const unused = [...wanted.values()].map(({ name, sha256 }) => lockLine(name, sha256));
  if (unused.length > 0) {
    throw failed({
      code: 'recipe-step-failed',
      message: `${lock} names ${unused.length === 1 ? 'an artefact' : `${unused.length} artefacts`} that nothing depends on.`,
      detail: unused,
      suggestion: `remove these lines from ${lock}`,
    });
  }
}
