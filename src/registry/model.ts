import type { Reference } from './reference.ts';

/** Where images are kept: `ghcr.io` and `arc-framework/arc-cache`, as parseReference gives them. */
export type Repository = Pick<Reference, 'registry' | 'repository'>;

/** `linux/arm/v7` in parts, as in an index. */
export type Platform = { os: string; architecture: string; variant?: string };

/** How an OCI manifest or index refers to its contents. `size` is in bytes. */
export type Descriptor = {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
  annotations?: Readonly<Record<string, string>>;
  platform?: Platform;
};

/** A manifest or an index as a registry keeps it: `bytes` hash to `digest`. */
export type StoredManifest = { digest: string; mediaType: string; bytes: Buffer };

/** A repeated request, for people who watch. */
export type RegistryRetry = {
  registry: string;
  /** `get the manifest of arc-framework/arc-cache:v0.1.0` */
  what: string;
  /** `503 Service Unavailable`, `the connection was cut` */
  reason: string;
  /** The attempt that failed, from 1. */
  attempt: number;
  delayMilliseconds: number;
};

/** The media types that arc reads and writes. OCI image-spec 1.1, and Docker's Image Manifest Version 2, Schema 2. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  /** `{}`: the config of an artifact that needs none. */
  empty: 'application/vnd.oci.empty.v1+json',
} as const;
