import type { EngineImages } from '../platform/docker/engine-images.ts';
import { type InstalledRelease, releaseFromLabels } from './installed-release.ts';
import { type BaseSource, imageLabels } from './model.ts';

/** The image that a container runs, or would run. */
export type ListedImage = {
  role: string;
  reference: string;
  /** Absent if the Engine does not have the image. */
  image?: {
    id: string;
    bytes: number;
    /** ISO 8601. */
    created: string;
    /** Absent on an image that arc did not build. */
    base?: { reference: string; source: BaseSource; digest?: string; recipe?: string };
    /** Absent on the wrapper that was built on this machine. */
    release?: InstalledRelease;
  };
};

/** Finds the source of each image's base, or its release, with one call to the Engine. */
export async function listImages(options: {
  engineImages: EngineImages;
  images: readonly { role: string; reference: string }[];
}): Promise<readonly ListedImage[]> {
  const observed = await options.engineImages.observe(options.images.map(({ reference }) => reference));
  return options.images.map(({ role, reference }) => {
    const image = observed(reference);
    if (!image) return { role, reference };
    const { id, bytes, created, labels } = image;
    const release = releaseFromLabels({ reference, labels });
    if (release) return { role, reference, image: { id, bytes, created, release } };
    const base = baseFromLabels(labels);
    return { role, reference, image: { id, bytes, created, ...(base ? { base } : {}) } };
  });
}

/** The base according to the wrapper's labels; undefined for an image that arc did not build. */
export function baseFromLabels(labels: Readonly<Record<string, string>>) {
  const source = labels[imageLabels.baseSource];
  const reference = labels[imageLabels.baseName];
  if (source === undefined || reference === undefined) return undefined;
  const digest = labels[imageLabels.baseDigest];
  const recipe = labels[imageLabels.recipe];
  const known: BaseSource = source === 'registry' || source === 'local' ? source : 'present';
  return { reference, source: known, ...(digest ? { digest } : {}), ...(recipe ? { recipe } : {}) };
}
