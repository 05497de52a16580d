import { failed } from '../../errors.ts';
import type { Platform } from '../../manifest/model.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { type RegistryImage, readImage } from '../../registry/image.ts';
import { promote } from '../../registry/promote.ts';
import { formatReference } from '../../registry/reference.ts';
import { bake } from './bake.ts';
import type { BuilderContext, BuildTarget } from './model.ts';
import { type Builder, openBuilder } from './open-builder.ts';

/** An image that was built, and that the registry has. */
export type PushedImage = { role: string; image: RegistryImage };

/**
 * Builds images for several platforms and pushes them by digest. What the registry has is read back, so that an image
 * is only spoken of when it is there as a whole.
 *
 * @param options.builder where it is being looked for already
 * @param options.tag by which images are named when they are there; no tag is set unless given
 * @throws ArcError of openBuilder, bake and the registry; (exit status 1) `image-not-found` where the registry does
 *   not have what was pushed
 */
export async function buildAndPush(
  options: BuilderContext & {
    client: RegistryClient;
    targets: readonly BuildTarget[];
    platforms: readonly Platform[];
    epochSeconds: number;
    builder?: Promise<Builder>;
    tag?: string;
  },
): Promise<readonly PushedImage[]> {
  const { client, targets, tag } = options;
  if (targets.length === 0) return [];
  const builder = await (options.builder ?? openBuilder(options));
  const built = await bake({ ...options, builder, output: 'push' });
  const digests = new Map(built.map(({ role, digest }) => [role, digest]));
  return await Promise.all(
    targets.map(async ({ role, repository }) => {
      const digest = digests.get(role) ?? '';
      const [image] = await Promise.all([
        readImage({ client, repo: repository, reference: digest }),
        // The builder pushes an index after all that it names, so the whole image is there.
        ...(tag === undefined ? [] : [promote({ client, repo: repository, digest, tag })]),
      ]);
      if (image !== undefined) return { role, image };
      throw failed({
        code: 'image-not-found',
        message: `${formatReference({ ...repository, digest })} is not in the registry, although it was pushed.`,
        suggestion: 'run the same command again',
      });
    }),
  );
}
