import type { EngineImages } from '../platform/docker/engine-images.ts';
import { familiarReference, familiarRepository, parseReference } from '../registry/reference.ts';
import { releaseReference } from './installed-release.ts';

/**
 * Other images in the repositories of wrappers: versions that `arc tag` has named, and releases that rollbacks have
 * pulled, which only have a digest.
 *
 * @param options.wrappers as the manifests name them
 * @returns the id of each, by the name that a container of it is made with
 */
export async function findVersions(options: {
  engineImages: EngineImages;
  wrappers: readonly string[];
}): Promise<Readonly<Record<string, string>>> {
  const wrappers = new Map(
    options.wrappers.map((wrapper) => [familiarRepository(parseReference(wrapper)), wrapper]),
  );
  if (wrappers.size === 0) return {};
  const known = new Set(options.wrappers.map((wrapper) => familiarReference(parseReference(wrapper))));
  const images = await options.engineImages.list([...wrappers.keys()]);
  const found: Record<string, string> = {};
  for (const { id, names: listed, pinned } of images) {
    const names = listed.filter(isName);
    for (const name of names) {
      if (wrappers.has(familiarRepository(parseReference(name))) && !known.has(name)) found[name] = id;
    }
    if (names.length > 0) continue;
    for (const [repository = '', digest = ''] of pinned.map((text) => text.split('@'))) {
      const wrapper = wrappers.get(repository);
      if (wrapper !== undefined) found[releaseReference({ wrapper, digest })] = id;
    }
  }
  return found;
}

/**
 * Whether it is a name with a tag. An Engine before version 25 lists an untagged image as `<none>:<none>`, containerd's
 * store by its digest.
 */
function isName(name: string): boolean {
  return name !== '<none>:<none>' && !name.includes('@');
}
