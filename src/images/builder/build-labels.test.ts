import { describe, expect, it } from 'vitest';
import { baseLabels, sourceLabels } from './build-labels.ts';

const source = {
  commit: '0123456789abcdef0123456789abcdef01234567',
  epochSeconds: 1_700_000_000,
  changed: [],
};

describe('labels of a build', () => {
  it('are time, commit and version; a build that is no release has its commit for a version', () => {
    expect(sourceLabels({ source })).toEqual({
      'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
      'org.opencontainers.image.revision': source.commit,
      'org.opencontainers.image.version': 'sha-0123456789ab',
    });
  });

  it('have the version of a release', () => {
    expect(sourceLabels({ source, version: 'v0.1.0' })).toMatchObject({
      'org.opencontainers.image.version': 'v0.1.0',
    });
  });

  it('say of changed files that no commit has them', () => {
    expect(sourceLabels({ source: { ...source, changed: ['arc.yaml'] } })).toMatchObject({
      'org.opencontainers.image.revision': `${source.commit}-dirty`,
      'org.opencontainers.image.version': 'sha-0123456789ab-dirty',
    });
  });

  it('say nothing outside of a repository', () => {
    expect(sourceLabels({ source: undefined })).toEqual({});
  });

  it('name the base in full', () => {
    expect(baseLabels({ reference: 'redis:7.4', digest: 'sha256:1' })).toEqual({
      'org.opencontainers.image.base.name': 'docker.io/library/redis:7.4',
      'org.opencontainers.image.base.digest': 'sha256:1',
    });
  });
});
