import type { Descriptor, RegistryRetry, Repository, StoredManifest } from './model.ts';

/**
 * A client for OCI registries (distribution-spec 1.1). Logs in with what Docker's configuration and credential helpers
 * hold. What is transient is tried again; what comes back is checked against its digest.
 *
 * Every call can throw an ArcError: `registry-unauthorized` (exit status 4), `registry-unreachable` or
 * `registry-failed` (1).
 */
export type RegistryClient = {
  /** @param reference a tag or a digest. Undefined where the registry has no such manifest. */
  manifest: (repo: Repository, reference: string) => Promise<StoredManifest | undefined>;
  /** @throws ArcError `registry-failed` where it is not there, or is larger than the limit */
  blob: (repo: Repository, digest: string, options: { limitBytes: number }) => Promise<Buffer>;
  /** @param manifest.reference a tag, or the digest of the bytes */
  putManifest: (
    repo: Repository,
    manifest: { reference: string; mediaType: string; bytes: Buffer },
  ) => Promise<{ digest: string }>;
  putBlob: (repo: Repository, bytes: Buffer) => Promise<{ digest: string; size: number }>;
  /** All tags, in the registry's order; none where there is no such repository. */
  tags: (repo: Repository) => Promise<readonly string[]>;
  /** What is attached to a manifest, by the referrers API or the fallback tag. */
  referrers: (
    repo: Repository,
    digest: string,
    options?: { artifactType?: string },
  ) => Promise<readonly Descriptor[]>;
  /** Attaches an artifact to a manifest. The same artifact has the same digest, and is attached once. */
  attach: (repo: Repository, artifact: Artifact) => Promise<{ digest: string }>;
  /** Finds out whether this login may push, by an upload that is begun and cancelled. */
  checkWrite: (repo: Repository) => Promise<void>;
  close: () => Promise<void>;
};

/** What can be attached to an image: an SBOM, a provenance statement, a signature. */
export type Artifact = {
  /** The image, or one platform of it. */
  subject: Descriptor;
  artifactType: string;
  layers: readonly { mediaType: string; bytes: Buffer; annotations?: Readonly<Record<string, string>> }[];
  annotations?: Readonly<Record<string, string>>;
};

export function openRegistryClient(_options: {
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  onRetry?: (retry: RegistryRetry) => void;
}): RegistryClient {
  throw new Error('The client of registries is not part of arc yet.');
}
