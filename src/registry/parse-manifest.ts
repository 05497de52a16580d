import { type Descriptor, mediaTypes, type Platform } from './model.ts';
import { UnusableAnswer } from './problems.ts';

/** The subject of a manifest: several images, one per platform, or one image. */
export type ParsedManifest =
  | { kind: 'index'; manifests: readonly Descriptor[] }
  | { kind: 'image'; config: Descriptor };

/** The parts of an image's config that arc reads. */
export type ImageConfig = { platform: Platform; labels: Readonly<Record<string, string>>; created?: string };

/** @throws UnusableAnswer */
export function parseManifest(manifest: { mediaType: string; bytes: Buffer }): ParsedManifest {
  const fields = readObject(manifest.bytes);
  // A manifest that is both could mean something else to another reader (CVE-2021-41190).
  if ('manifests' in fields && ('config' in fields || 'layers' in fields)) {
    throw new UnusableAnswer('the registry gave something that is both an index and a manifest');
  }
  switch (manifest.mediaType) {
    case mediaTypes.index:
    case mediaTypes.dockerList:
      return { kind: 'index', manifests: descriptorsIn(fields) };
    case mediaTypes.manifest:
    case mediaTypes.dockerManifest:
      return { kind: 'image', config: asDescriptor(fields.config) };
    default:
      throw new UnusableAnswer(`the registry gave a manifest of type "${manifest.mediaType}"`);
  }
}

/**
 * The descriptors of an index, with all their fields.
 *
 * @throws UnusableAnswer
 */
export function readDescriptors(index: Buffer): readonly Descriptor[] {
  return descriptorsIn(readObject(index));
}

/** @throws UnusableAnswer */
export function readConfig(bytes: Buffer): ImageConfig {
  const { os, architecture, variant, created, config } = readObject(bytes);
  if (typeof os !== 'string' || typeof architecture !== 'string') {
    throw new UnusableAnswer('the registry gave an image without a platform');
  }
  const labels = isObject(config) && isObject(config.Labels) ? config.Labels : {};
  return {
    platform: { os, architecture, ...(typeof variant === 'string' && variant !== '' ? { variant } : {}) },
    labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)])),
    ...(typeof created === 'string' ? { created } : {}),
  };
}

/** `linux/amd64`, `linux/arm/v7`. The variants that go without saying are left out, as containerd has it. */
export function platformName({ os, architecture, variant }: Platform): string {
  const usual = variant === undefined || (architecture === 'arm64' && variant === 'v8');
  return usual ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** Whether it is an image: BuildKit also lists attestations in an index, for a platform `unknown`. */
export function isImage({ platform, annotations }: Descriptor): boolean {
  return platform?.os !== 'unknown' && annotations?.['vnd.docker.reference.type'] === undefined;
}

function descriptorsIn({ manifests }: Readonly<Record<string, unknown>>): readonly Descriptor[] {
  // An empty list of a registry that is written in Go.
  if (manifests === null) return [];
  if (!Array.isArray(manifests)) throw new UnusableAnswer('the registry gave an index without a list');
  return manifests.map(asDescriptor);
}

function asDescriptor(value: unknown): Descriptor {
  const { mediaType, digest, size } = isObject(value) ? value : {};
  const sound =
    typeof mediaType === 'string' &&
    typeof digest === 'string' &&
    // A digest of any algorithm: others may be listed, and are not read.
    /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[\w=-]+$/.test(digest) &&
    Number.isSafeInteger(size);
  if (!sound) throw new UnusableAnswer('the registry gave a descriptor that cannot be read');
  return value as Descriptor;
}

function readObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    value = undefined;
  }
  if (!isObject(value)) throw new UnusableAnswer('the registry did not give a JSON object');
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
