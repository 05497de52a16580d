import type Docker from 'dockerode';
import {
  familiarReference,
  familiarRepository,
  parseReference,
  type Reference,
} from '../../registry/reference.ts';

/** An image that the Engine has. */
export type ObservedImage = {
  id: string;
  labels: Readonly<Record<string, string>>;
  /**
   * Digests by repository, as the Engine names them: `redis` → `sha256:…`. They are a registry's digests, except in
   * containerd's image store; see `traceImages`.
   */
  digests: Readonly<Record<string, string>>;
  /** With their tags. */
  names: readonly string[];
  /** By digest, `redis@sha256:…`: there may be several in one repository. */
  pinned: readonly string[];
  bytes: number;
  /** ISO 8601. */
  created: string;
};

/** Finds an observed image by reference. */
export type ObservedImages = (reference: string) => ObservedImage | undefined;

/** One entry of the Engine's list of images. */
export function readImage(info: Docker.ImageInfo): ObservedImage {
  return {
    id: info.Id,
    labels: info.Labels ?? {},
    digests: Object.fromEntries((info.RepoDigests ?? []).map(splitDigest)),
    names: info.RepoTags ?? [],
    pinned: info.RepoDigests ?? [],
    bytes: info.Size,
    created: new Date(info.Created * 1000).toISOString(),
  };
}

/** The repositories of references, as the Engine lists them. */
export function repositoriesOf(references: Iterable<string>): readonly string[] {
  return [...new Set([...references].map((text) => familiarRepository(parseReference(text))))];
}

/** Makes listed images findable by every name that the Engine lists them with. */
export function indexImages(infos: readonly Docker.ImageInfo[]): ObservedImages {
  const byName = new Map<string, ObservedImage>();
  for (const info of infos) {
    const image = readImage(info);
    for (const name of [...image.names, ...image.pinned]) byName.set(name, image);
  }
  return (text) => {
    const { tag, digest, ...rest } = parseReference(text);
    // The Engine lists an image by tag or by digest, never by both; of both, the digest is what counts.
    const listed: Reference = digest ? { ...rest, digest } : { ...rest, ...(tag ? { tag } : {}) };
    return byName.get(familiarReference(listed));
  };
}

/** Image ids by reference, of those references that were observed. */
export function idsOf(options: {
  observed: ObservedImages;
  references: readonly string[];
}): Readonly<Record<string, string>> {
  const { observed, references } = options;
  return Object.fromEntries(
    references.flatMap((reference) => {
      const image = observed(reference);
      return image === undefined ? [] : [[reference, image.id]];
    }),
  );
}

function splitDigest(text: string): [string, string] {
  const at = text.indexOf('@');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The digest that an image has in the repository of `reference`. */
export function digestOf(image: ObservedImage, reference: string): string | undefined {
  return image.digests[familiarRepository(parseReference(reference))];
}
