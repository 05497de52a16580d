import { describe, expect, it } from 'vitest';
import { bakeFile } from './bake-file.ts';
import type { BuildTarget } from './model.ts';

const target = (role: string, more: Partial<BuildTarget> = {}): BuildTarget => ({
  role,
  name: `arc-${role}`,
  repository: { registry: 'ghcr.io', repository: `owner/arc-${role}` },
  folder: `services/${role}`,
  dockerfile: 'Dockerfile',
  base: {
    reference: 'docker.io/library/redis:7.4',
    pinned: 'mirror.example/hub/library/redis@sha256:1',
    digest: 'sha256:1',
  },
  labels: { version: 'v0.1.0' },
  ...more,
});
const bake = (options: Partial<Parameters<typeof bakeFile>[0]>) =>
  JSON.parse(
    bakeFile({
      targets: [target('cache')],
      platforms: ['linux/amd64', 'linux/arm64'],
      epochSeconds: 1_700_000_000,
      output: 'push',
      programs: new Map(),
      ...options,
    }),
  );

describe('a bake file', () => {
  it('builds all images at once, pushed by digest, without a tag', () => {
    expect(bake({ targets: [target('cache'), target('storage')] })).toMatchObject({
      group: { default: { targets: ['cache', 'storage'] } },
      target: {
        cache: {
          context: 'services/cache',
          dockerfile: 'Dockerfile',
          platforms: ['linux/amd64', 'linux/arm64'],
          labels: { version: 'v0.1.0' },
          output: [
            'type=image,name=ghcr.io/owner/arc-cache,oci-mediatypes=true,rewrite-timestamp=true,push-by-digest=true,push=true',
          ],
        },
        storage: { context: 'services/storage' },
      },
    });
  });

  it('takes all times from the commit, and gives an index to one platform as well', () => {
    expect(bake({}).target.cache['no-cache']).toBe(true);
    expect(bake({ platforms: ['linux/amd64'] }).target.cache.args).toEqual({
      SOURCE_DATE_EPOCH: '1700000000',
      BUILDKIT_MULTI_PLATFORM: '1',
    });
  });

  it('puts the pinned base in place of the one that the Dockerfile names', () => {
    expect(bake({}).target.cache.contexts).toEqual({
      'redis:7.4': 'docker-image://mirror.example/hub/library/redis@sha256:1',
    });
    const base = {
      reference: 'quay.io/minio/minio',
      pinned: 'quay.io/minio/minio@sha256:2',
      digest: 'sha256:2',
    };
    expect(bake({ targets: [target('storage', { base })] }).target.storage.contexts).toEqual({
      'quay.io/minio/minio': 'docker-image://quay.io/minio/minio@sha256:2',
    });
  });

  it('lays a program of the workspace onto a base that a registry has, for each platform', () => {
    const program = { named: 'localhost/arc-worker:0.1.0', recipe: [] };
    const programs = new Map([['worker', '.arc/build-1']]);
    const made = bake({ targets: [target('worker', { program })], programs });
    expect(made.group.default.targets).toEqual(['worker']);
    expect(made.target.worker.contexts).toEqual({ 'localhost/arc-worker:0.1.0': 'target:worker--base' });
    expect(made.target['worker--base']).toMatchObject({
      context: '.arc/build-1',
      contexts: { base: 'docker-image://mirror.example/hub/library/redis@sha256:1' },
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    expect(made.target['worker--base']['dockerfile-inline']).toContain(
      'ADD program-$$' + '{TARGETARCH}.tar /',
    );
  });

  it('keeps what is not to be pushed', () => {
    expect(bake({ output: 'keep' }).target.cache.output[0]).toContain('push=false');
    expect(bake({ output: 'keep' }).target.cache.output[0]).not.toContain('push=true');
  });

  it('has texts as they are, also such as bake would fill in', () => {
    const labels = { description: '$' + '{HOME} and %' + '{ if x }' };
    expect(bake({ targets: [target('cache', { labels })] }).target.cache.labels).toEqual({
      description: '$$' + '{HOME} and %%' + '{ if x }',
    });
  });
});
