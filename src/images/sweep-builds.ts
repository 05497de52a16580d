import { engineReason } from '../platform/docker/engine-stream.ts';
import type { ImagesContext } from './context.ts';
import { findLeftovers, leftByBuild, removeLeftovers } from './leftovers.ts';
import type { BuiltWrapper } from './wrapper.ts';

/**
 * Removes unnamed images that finished builds have left: their stages and replaced wrappers, unless a container uses
 * them. Those still in use go after the next build, or with `arc images prune` or `arc nuke`.
 */
export async function sweepBuilds(
  options: Pick<ImagesContext, 'engineImages' | 'emit'> & { built: readonly BuiltWrapper[] },
): Promise<void> {
  const { engineImages, emit, built } = options;
  if (built.length === 0) return;
  try {
    const wrappers = new Set(built.map(({ ready }) => ready.reference));
    const found = await findLeftovers({ engineImages, wrappers });
    const leftovers = leftByBuild({ leftovers: found, made: built.flatMap(({ made }) => made) });
    await removeLeftovers({ engineImages, leftovers });
  } catch (cause) {
    // The images are there, and that is what was wanted.
    emit({
      type: 'warning',
      problem: {
        code: 'build-leftovers',
        message: `The images are built, but arc could not remove what their builds have left: ${engineReason(cause)}.`,
        suggestion: '`arc images prune` tries again',
      },
    });
  }
}
