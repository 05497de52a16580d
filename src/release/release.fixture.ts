import { createHash } from 'node:crypto';
import type { Platform } from '../manifest/model-release.ts';
import type { RegistryImage } from '../registry/image.ts';
import type { ReleaseImage, ReleaseRequest, ReleaseSnapshot } from './model.ts';

/** The commit of most tests. */
export const commit = '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b';
export const otherCommit = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432';

const bothPlatforms: readonly Platform[] = ['linux/amd64', 'linux/arm64'];

export function releaseImage(role: string): ReleaseImage {
  return {
    role,
    name: `arc-${role}`,
    repository: { registry: 'ghcr.io', repository: `o/arc-${role}` },
    dockerfile: `services/${role}/Dockerfile`,
    base: { reference: `docker.io/base/${role}:1`, digest: digestOf(`base ${role}`) },
  };
}

export function aRequest(
  options: Partial<Omit<ReleaseRequest, 'images'>> & { roles?: readonly string[] } = {},
): ReleaseRequest {
  const { roles = ['realtime', 'realtime-ingress'], ...rest } = options;
  return {
    service: 'realtime',
    version: 'v0.1.0',
    images: roles.map(releaseImage),
    platforms: bothPlatforms,
    repository: 'https://github.com/o/r',
    sign: 'none',
    rehearsal: false,
    requireScan: false,
    ...rest,
  };
}

/** @param options.seed images of the same seed are the same */
export function anImage(
  options: { seed?: string; revision?: string; version?: string; platforms?: readonly string[] } = {},
): RegistryImage {
  const { seed = 'a', revision = commit, version = 'v0.1.0', platforms = bothPlatforms } = options;
  return {
    digest: digestOf(seed),
    mediaType: 'application/vnd.oci.image.index.v1+json',
    size: 700,
    platforms: platforms.map((platform) => ({
      platform,
      digest: digestOf(`${seed} ${platform}`),
      labels: {
        'org.opencontainers.image.revision': revision,
        'org.opencontainers.image.version': version,
      },
    })),
  };
}

/** Nothing is released yet, and nothing is in the way. */
export function aSnapshot(options: Partial<ReleaseSnapshot> = {}): ReleaseSnapshot {
  return {
    source: { commit, epochSeconds: 1_700_000_000, changed: [] },
    pushed: true,
    shallow: false,
    hasIdentity: true,
    localTags: [],
    remoteTags: [],
    images: {},
    hosted: undefined,
    tools: {
      builder: { there: true, name: 'buildx' },
      sbom: { there: true, name: 'syft' },
      scanner: { there: true, name: 'trivy' },
      signer: { there: false, reason: 'arc.yaml asks for no signatures' },
    },
    refusals: [],
    ...options,
  };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
