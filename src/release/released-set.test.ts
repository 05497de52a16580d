import { describe, expect, it } from 'vitest';
import type { ArcError } from '../core/errors.ts';
import { checkLabels, type ReleasedImage, requirePlatform } from './released-set.ts';

function image(
  name: string,
  platforms: Readonly<Record<string, readonly [string?, string?]>>,
): ReleasedImage {
  return {
    repository: { registry: 'ghcr.io', repository: `o/${name}` },
    digest: `sha256:${name}`,
    platforms: Object.entries(platforms).map(([platform, [version, revision]]) => ({
      platform,
      digest: `sha256:${name}-${platform}`,
      labels: {
        ...(version === undefined ? {} : { 'org.opencontainers.image.version': version }),
        ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
      },
    })),
  };
}

const good = { 'linux/amd64': ['v0.1.0', 'c0ffee'], 'linux/arm64': ['v0.1.0', 'c0ffee'] } as const;

function problemOf(images: readonly ReleasedImage[]) {
  const checked = checkLabels({ service: 'realtime', version: 'v0.1.0', images });
  return 'problem' in checked ? checked.problem : checked.revision;
}

describe('the images of a release', () => {
  it('are of one commit and of its version, for every platform', () => {
    expect(problemOf([image('a', good), image('b', good)])).toBe('c0ffee');
  });

  it('that are of two commits are refused, each with its own', () => {
    const images = [image('a', good), image('b', { ...good, 'linux/arm64': ['v0.1.0', 'decaf'] })];
    expect(problemOf(images)).toMatchObject({
      code: 'release-inconsistent',
      detail: [
        'ghcr.io/o/a:v0.1.0 for linux/amd64: version v0.1.0, commit c0ffee',
        'ghcr.io/o/a:v0.1.0 for linux/arm64: version v0.1.0, commit c0ffee',
        'ghcr.io/o/b:v0.1.0 for linux/amd64: version v0.1.0, commit c0ffee',
        'ghcr.io/o/b:v0.1.0 for linux/arm64: version v0.1.0, commit decaf',
      ],
    });
  });

  it('that are of another version, or say nothing, are refused', () => {
    expect(problemOf([image('a', { 'linux/amd64': ['v0.2.0', 'c0ffee'] })])).toMatchObject({
      detail: ['ghcr.io/o/a:v0.1.0 for linux/amd64: version v0.2.0, commit c0ffee'],
    });
    expect(problemOf([image('a', { 'linux/amd64': [] })])).toMatchObject({
      detail: ['ghcr.io/o/a:v0.1.0 for linux/amd64: version not labelled, commit not labelled'],
    });
  });
});

describe('a release', () => {
  const release = {
    version: 'v0.1.0',
    revision: 'c0ffee',
    images: [image('a', good), image('b', { 'linux/amd64': ['v0.1.0', 'c0ffee'] })],
  };

  it('can run where every image has the platform, whatever its variant', () => {
    const variant = { ...release, images: [image('a', { 'linux/arm64/v8': ['v0.1.0', 'c0ffee'] })] };
    requirePlatform({ service: 'realtime', release, platform: 'linux/amd64' });
    requirePlatform({ service: 'realtime', release: variant, platform: 'linux/arm64' });
  });

  it('cannot run where one has not, and says which, and what that has', () => {
    const act = () => requirePlatform({ service: 'realtime', release, platform: 'linux/arm64' });
    expect(act).toThrow('v0.1.0 of realtime was not built for linux/arm64, which this Engine runs.');
    try {
      act();
    } catch (error) {
      expect((error as ArcError).problems[0].detail).toEqual(['ghcr.io/o/b: linux/amd64']);
    }
  });
});
