import { failed } from '../../core/errors.ts';
import type { Platform } from '../../manifest/model-release.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { describeImage, type RegistryImage } from '../../registry/image.ts';
import { formatReference } from '../../registry/reference.ts';
import { type StartedBake, startBake } from './bake.ts';
import type { BuilderContext, BuildTarget } from './model.ts';
import { type Builder, openBuilder } from './open-builder.ts';

/** An image that was built, and that the registry has. */
export type PushedImage = { role: string; image: RegistryImage };

/**
 * Builds images for several platforms and pushes them by digest. Reads the result back from the registry, so that an
 * image counts only once all of it is there.
 *
 * @param options.builder where it is being looked for already
 * @param options.ahead a bake that waits for its work; used where it is of the builder that was chosen
 * @param options.tag by which images are named when they are there; no tag is set unless given
 * @throws ArcError of openBuilder, bake and the registry; (exit status 1) `image-not-found` if the registry does not
 *   have what was pushed
 */
export async function buildAndPush(
  options: BuilderContext & {
    client: RegistryClient;
    targets: readonly BuildTarget[];
    platforms: readonly Platform[];
    epochSeconds: number;
    builder?: Promise<Builder>;
    ahead?: StartedBake | undefined;
    tag?: string;
  },
): Promise<readonly PushedImage[]> {
  const { client, targets, tag } = options;
  if (targets.length === 0) return [];
  const builder = await (options.builder ?? openBuilder(options));
  const { ahead } = options;
  const isChosen = ahead?.builder.name === builder.name && ahead.builder.program === builder.program;
  const started = ahead !== undefined && isChosen ? ahead : startBake({ ...options, builder });
  const built = await started.finish({ ...options, output: 'push' });
  const digests = new Map(built.map(({ role, digest }) => [role, digest]));
  return await Promise.all(
    targets.map(async ({ role, repository }) => {
      const reference = digests.get(role) ?? '';
      const top = await client.manifest(repository, reference);
      if (top === undefined) {
        throw failed({
          code: 'image-not-found',
          message: `${formatReference({ ...repository, digest: reference })} is not in the registry, although it was pushed.`,
          suggestion: 'run the same command again',
        });
      }
      const { mediaType, bytes } = top;
      const [image] = await Promise.all([
        describeImage({ client, repo: repository, reference, top }),
        // The builder pushes an index after all that it names, so the whole image is there.
        ...(tag === undefined ? [] : [client.putManifest(repository, { reference: tag, mediaType, bytes })]),
      ]);
      return { role, image };
    }),
  );
}
