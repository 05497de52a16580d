import { digestOf } from './digest.ts';
import { type Descriptor, mediaTypes } from './model.ts';

/** A document to attach to an image: an SBOM, a provenance statement, a signature. */
export type Artifact = {
  /** The image, or one platform of it. */
  subject: Descriptor;
  artifactType: string;
  layers: readonly { mediaType: string; bytes: Buffer; annotations?: Readonly<Record<string, string>> }[];
  annotations?: Readonly<Record<string, string>>;
};

/** The config of an artifact that needs none (image-spec 1.1, "Guidance for an Empty Descriptor"). */
export const emptyConfig = Buffer.from('{}');

/**
 * The manifest of an artifact (image-spec 1.1, "Guidelines for Artifact Usage"). It depends only on its arguments, with
 * annotations in order of name, so the same artifact has the same digest.
 */
export function artifactManifest(artifact: Artifact): { bytes: Buffer; descriptor: Descriptor } {
  const { subject, artifactType, layers, annotations } = artifact;
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType,
    config: { mediaType: mediaTypes.empty, ...contentOf(emptyConfig) },
    layers: layers.map((layer) => ({
      mediaType: layer.mediaType,
      ...contentOf(layer.bytes),
      ...sorted(layer.annotations),
    })),
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...sorted(annotations),
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return {
    bytes,
    descriptor: { mediaType: mediaTypes.manifest, ...contentOf(bytes), artifactType, ...sorted(annotations) },
  };
}

function contentOf(bytes: Buffer): { digest: string; size: number } {
  return { digest: digestOf(bytes), size: bytes.length };
}

function sorted(annotations: Readonly<Record<string, string>> | undefined) {
  const entries = Object.entries(annotations ?? {});
  return entries.length === 0
    ? {}
    : { annotations: Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

/** The tag under which registries without a referrers API list what refers to a manifest (distribution-spec 1.1). */
export function fallbackTag(digest: string): string {
  return digest.replace(':', '-');
}

/** The index under that tag. Descriptors of other clients stay unchanged, including fields that arc does not know. */
export function fallbackIndex(manifests: readonly Descriptor[]): Buffer {
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }));
}
