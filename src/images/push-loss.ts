import type { Problem } from '../core/errors.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readImage } from '../registry/image.ts';
import type { StoredManifest } from '../registry/model.ts';
import { parseManifest } from '../registry/parse-manifest.ts';
import { formatReference, parseReference } from '../registry/reference.ts';

/** An image of an Engine, as it describes it. */
export type EngineImage = {
  /** Digest of the image's config, or of its manifest or index where the Engine keeps images in containerd. */
  id: string;
  /** `linux/amd64` */
  platform: string;
};

/**
 * Reports what a push from an Engine would take from the users of a tag. A tag of a version or a commit stands for one
 * image for good. Other tags may move, but not to an image for fewer platforms unless that is wanted.
 *
 * No registry offers a conditional push, so a push by somebody else after this check goes unnoticed.
 *
 * @param options.name what the user calls the image: `cache`
 * @throws ArcError as the client does, also where this login may not push
 */
export async function lossByPush(options: {
  client: RegistryClient;
  name: string;
  reference: string;
  image: EngineImage;
  force: boolean;
}): Promise<Problem | undefined> {
  const { client, name, reference, image, force } = options;
  const { registry, repository, tag = 'latest' } = parseReference(reference);
  const repo = { registry, repository };
  const forGood = standsForGood(tag);
  // Somebody who forces it also pushes to registries that only the Engine reaches.
  if (force && !forGood) return undefined;
  await client.checkWrite(repo);
  const stored = await client.manifest(repo, tag);
  if (stored === undefined || isSame(stored, image)) return undefined;
  const digests = [`in the registry: ${stored.digest}`, `on the Engine:   ${image.id}`];
  if (forGood) {
    return {
      code: 'image-tag-taken',
      message: `${formatReference({ ...repo, tag })} already exists and is a different image; arc never replaces the tag of a version or a commit.`,
      detail: digests,
      suggestion: `arc release makes the next version, arc publish ${name} pushes images of a commit; to try this one: arc tag ${name} <another name>`,
    };
  }
  const there = (await readImage({ client, repo, reference: stored.digest }))?.platforms ?? [];
  const lost = there.map(({ platform }) => platform).filter((platform) => platform !== image.platform);
  if (lost.length === 0) return undefined;
  return {
    code: 'push-loses-platforms',
    message: `${formatReference({ ...repo, tag })} also has ${lost.join(', ')}; this push would leave only ${image.platform}.`,
    detail: digests,
    suggestion: `arc release or arc publish ${name} push for all platforms; arc push ${name} --force replaces it anyway`,
  };
}

/** Whether a tag is of a version (`v0.1.0`, `cache-v0.1.0-rc.1`, `1.2.3`) or of a commit (`sha-1a2b3c4d5e6f`). */
export function standsForGood(tag: string): boolean {
  return /^(.+-)?v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(tag) || /^sha-[0-9a-f]{12}$/.test(tag);
}

function isSame(stored: StoredManifest, { id }: EngineImage): boolean {
  if (stored.digest === id) return true;
  const parsed = readKind(stored);
  return parsed?.kind === 'image' && parsed.config.digest === id;
}

/** An unreadable image counts as a different one; the usual rules decide about pushing over it. */
function readKind(stored: StoredManifest): ReturnType<typeof parseManifest> | undefined {
  try {
    return parseManifest(stored);
  } catch {
    return undefined;
  }
}
