import type { RetryPolicy } from '../core/retry.ts';
import type { Artifact } from './artifact.ts';
import { checkWrite, getBlob, putBlob } from './blobs.ts';
import { getManifest, putManifest } from './manifests.ts';
import type { Descriptor, RegistryRetry, Repository, StoredManifest } from './model.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { attach, listReferrers } from './referrers.ts';
import { registryRetries } from './retries.ts';
import { openSession } from './session.ts';
import { listTags } from './tags.ts';

/**
 * A client for OCI registries (distribution-spec 1.1). Logs in with Docker's configuration and credential helpers.
 * Retries transient failures, and checks answers against their digests.
 *
 * Every call can throw an ArcError: `registry-unauthorized` (exit status 4), `registry-unreachable` or
 * `registry-failed` (1).
 */
export type RegistryClient = {
  /** @param reference a tag or a digest. Undefined if the registry has no such manifest. */
  manifest: (repo: Repository, reference: string) => Promise<StoredManifest | undefined>;
  /** @throws ArcError `registry-failed` if it is not there, or is larger than the limit */
  blob: (repo: Repository, digest: string, options: { limitBytes: number }) => Promise<Buffer>;
  /** @param manifest.reference a tag, or the digest of the bytes */
  putManifest: (
    repo: Repository,
    manifest: { reference: string; mediaType: string; bytes: Buffer },
  ) => Promise<{ digest: string }>;
  /** Uploads bytes where the registry does not have them yet. */
  putBlob: (repo: Repository, bytes: Buffer) => Promise<{ digest: string; size: number }>;
  /** All tags, in the registry's order; none if there is no such repository. */
  tags: (repo: Repository) => Promise<readonly string[]>;
  /** Documents attached to a manifest, from the referrers API or the fallback tag. */
  referrers: (
    repo: Repository,
    digest: string,
    options?: { artifactType?: string },
  ) => Promise<readonly Descriptor[]>;
  /** Attaches an artifact to a manifest. The same artifact has the same digest, and is attached once. */
  attach: (repo: Repository, artifact: Artifact) => Promise<{ digest: string }>;
  /** Finds out whether this login may push, by an upload that is begun and cancelled. */
  checkWrite: (repo: Repository) => Promise<void>;
  /** Loads what it takes to ask a registry, so that the first question need not wait for it. */
  prepare: () => void;
  close: () => Promise<void>;
};

export function openRegistryClient(options: {
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  onRetry?: (retry: RegistryRetry) => void;
  policy?: RetryPolicy;
}): RegistryClient {
  const { environment, signal, onRetry = () => {}, policy = registryRetries } = options;
  const session = openSession({ environment, signal, onRetry, policy });
  const perSubject = oneAtATime();
  return {
    manifest: (repo, reference) => getManifest({ session, repo, reference }),
    blob: (repo, digest, { limitBytes }) => getBlob({ session, repo, digest, limitBytes }),
    putManifest: async (repo, manifest) => {
      const { digest } = await putManifest({ session, repo, ...manifest });
      return { digest };
    },
    putBlob: (repo, bytes) => putBlob({ session, repo, bytes }),
    tags: (repo) => listTags({ session, repo }),
    referrers: (repo, digest, { artifactType } = {}) =>
      listReferrers({ session, repo, digest, artifactType }),
    attach: (repo, artifact) =>
      perSubject(`${repo.registry}/${repo.repository}@${artifact.subject.digest}`, () =>
        attach({ session, repo, artifact }),
      ),
    checkWrite: (repo) => checkWrite({ session, repo }),
    prepare: session.prepare,
    close: session.close,
  };
}
