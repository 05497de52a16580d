import { commitTargets } from '../../app/commit-targets.ts';
import { bake } from '../../images/builder/bake.ts';
import { openBuilder } from '../../images/builder/open-builder.ts';
import type { Platform } from '../../manifest/model-release.ts';
import type { Built, Commission } from './commission.ts';

/** Builds images with buildx, which keeps them in its cache. */
export async function buildWithBuilder(
  commission: Commission & { platforms: readonly Platform[] },
): Promise<readonly Built[]> {
  const { cli, images, source, platforms } = commission;
  const { root } = commission.workspace;
  const { environment, emit, signal } = cli;
  const builder = await openBuilder({ root, environment, signal });
  const targets = await commitTargets({ ...commission, context: cli });
  const built = await bake({
    ...{ root, environment, emit, signal, builder, targets, platforms },
    // Without a commit there is no time that means anything.
    epochSeconds: source?.epochSeconds ?? 0,
    output: 'keep',
  });
  return built.flatMap(({ role, digest }) => {
    const image = images.find((wanted) => wanted.role === role)?.image.reference;
    const base = targets.find((target) => target.role === role)?.base;
    if (image === undefined || base === undefined) return [];
    const { reference, digest: baseDigest } = base;
    return [
      {
        role,
        image,
        platforms,
        digest,
        base: { reference, source: 'registry' as const, digest: baseDigest },
      },
    ];
  });
}
