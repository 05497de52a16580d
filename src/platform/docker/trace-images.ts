import { parseReference } from '../../registry/reference.ts';
import type { ObservedImage, ObservedImages } from './observed-images.ts';

/** An image, and which of its digests some registry has. */
export type TracedImage = ObservedImage & {
  /** The Engine does not tell a registry's digest from one that it has given the image itself. */
  unsure?: true;
};

/** The origin of an image, according to an Engine of API 1.53 and containerd's image store. */
export type ImageOrigin = {
  Identity?: { Pull?: readonly { Repository?: string }[] };
  Descriptor?: { annotations?: Readonly<Record<string, string>> };
};

/** First API version whose Engine says where it pulled an image from: Docker 29.2. */
const originApi = 53;

/** The key that containerd keeps the repositories of one registry under, followed by the registry's host. */
const sourceKey = 'containerd.io/distribution.source.';

/**
 * Observes images as `EngineImages.observe` does, and keeps only digests that a registry has. A graph driver knows no
 * others. containerd's image store gives every image a digest in every repository of its names, even to images that
 * were built or loaded here; there, arc asks the Engine for each image's origin, one call per image.
 */
export async function traceImages(options: {
  /** Asks the Engine for the origin of an image, by its id. */
  origin: (id: string) => Promise<ImageOrigin>;
  /** Version of the API that is spoken: `1.41`. */
  apiVersion: string;
  names: readonly string[];
  observed: ObservedImages;
}): Promise<(name: string) => TracedImage | undefined> {
  const { origin, names, observed } = options;
  const api = Number(options.apiVersion.split('.')[1]);
  const images = new Map(names.flatMap((name) => observed(name) ?? []).map((image) => [image.id, image]));
  const traced = new Map<string, TracedImage>();
  for (const image of images.values()) {
    if (!hasOwnDigest(image)) continue;
    traced.set(image.id, traceImage({ image, origin: await origin(image.id), api }));
  }
  return (name) => {
    const image = observed(name);
    return image && (traced.get(image.id) ?? image);
  };
}

/** With a graph driver an image's id is the digest of its config, which no repository has. */
function hasOwnDigest(image: ObservedImage): boolean {
  return Object.values(image.digests).includes(image.id);
}

/** @param options.api minor version of the API that the origin was asked in */
export function traceImage(options: { image: ObservedImage; origin: ImageOrigin; api: number }): TracedImage {
  const { image, origin, api } = options;
  const repositories = new Set([...pulledFrom(origin), ...archivedFrom(origin)]);
  // An older Engine knows only what the archive says; without it, the origin is unknown.
  if (api < originApi && repositories.size === 0) return { ...image, unsure: true };
  const digests = Object.entries(image.digests).filter(([name]) => repositories.has(withoutPort(name)));
  return { ...image, digests: Object.fromEntries(digests) };
}

function pulledFrom({ Identity }: ImageOrigin): readonly string[] {
  return (Identity?.Pull ?? []).flatMap(({ Repository }) => Repository ?? []);
}

/** `docker save` takes the origin along; what `docker load` makes of it are annotations alone. */
function archivedFrom({ Descriptor }: ImageOrigin): readonly string[] {
  return Object.entries(Descriptor?.annotations ?? {}).flatMap(([key, value]) =>
    key.startsWith(sourceKey) ? value.split(',').map((path) => `${key.slice(sourceKey.length)}/${path}`) : [],
  );
}

/** containerd keeps a registry's host without its port. */
function withoutPort(name: string): string {
  const { registry, repository } = parseReference(name);
  return `${registry.replace(/:\d+$/, '')}/${repository}`;
}
