import type { BootableStack, ResolvedVolume } from '../../stack/model.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The volume that holds a container's data so far, if its wanted name has changed: through `names` in arc.yaml, or the
 * container's name in its manifest.
 *
 * @returns undefined if the volume that is wanted is there, or no other has the data
 */
export function formerVolume(options: {
  stack: BootableStack;
  snapshot: Snapshot;
  volume: ResolvedVolume;
}): string | undefined {
  const { stack, snapshot, volume } = options;
  const container = stack.containers.find(({ role }) => role === volume.role);
  if (container === undefined || snapshot.volumes.some(({ name }) => name === volume.name)) return undefined;
  // The name is the container's, and what the container calls it.
  const own = volume.name.slice(container.name.length);
  const wanted = new Set(stack.volumes.map(({ name }) => name));
  const [former] = snapshot.volumes
    .filter(({ project, role }) => project === snapshot.project && role === volume.role)
    .filter(({ name }) => name.endsWith(own) && !wanted.has(name))
    // `x-data` before `x-more-data`.
    .toSorted((a, b) => a.name.length - b.name.length);
  return former?.name;
}
