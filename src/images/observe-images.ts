import type Docker from 'dockerode';
import {
  familiarReference,
  familiarRepository,
  parseReference,
  type Reference,
} from '../registry/reference.ts';

/** An image that the Engine has. */
export type ObservedImage = {
  id: string;
  labels: Readonly<Record<string, string>>;
  /**
   * The digest by repository, as the Engine names it: `redis` → `sha256:…`. That of a registry, but for containerd's
   * image store, where `traceImages` tells.
   */
  digests: Readonly<Record<string, string>>;
  names: readonly string[];
  bytes: number;
  /** ISO 8601. */
  created: string;
};

/** Finds an observed image by reference. */
export type ObservedImages = (reference: string) => ObservedImage | undefined;

/** Looks several references up in one call to the Engine. */
export async function observeImages(docker: Docker, references: Iterable<string>): Promise<ObservedImages> {
  const repositories = new Set([...references].map((text) => familiarRepository(parseReference(text))));
  if (repositories.size === 0) return () => undefined;
  // By repository alone: with a tag in the filter, Engines before 25 leave the digests out.
  const images = await docker.listImages({ filters: { reference: [...repositories] } });
  const byName = new Map<string, ObservedImage>();
  for (const image of images) {
    const digests = Object.fromEntries((image.RepoDigests ?? []).map(splitDigest));
    const observed = {
      id: image.Id,
      labels: image.Labels ?? {},
      digests,
      names: image.RepoTags ?? [],
      bytes: image.Size,
      created: new Date(image.Created * 1000).toISOString(),
    };
    for (const tag of image.RepoTags ?? []) byName.set(tag, observed);
    for (const digest of image.RepoDigests ?? []) byName.set(digest, observed);
  }
  return (text) => {
    const { tag, digest, ...rest } = parseReference(text);
    // The Engine lists an image by tag or by digest, never by both; of both, the digest is what counts.
    const listed: Reference = digest ? { ...rest, digest } : { ...rest, ...(tag ? { tag } : {}) };
    return byName.get(familiarReference(listed));
  };
}

function splitDigest(text: string): [string, string] {
  const at = text.indexOf('@');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The digest that an image has in the repository of `reference`. */
export function digestOf(image: ObservedImage, reference: string): string | undefined {
  return image.digests[familiarRepository(parseReference(reference))];
}
