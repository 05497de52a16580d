import { describe, expect, it } from 'vitest';
import { type ProvenanceFacts, provenanceFaults, readProvenance, writeProvenance } from './statement.ts';

const hex = (letter: string) => letter.repeat(64);
const facts: ProvenanceFacts = {
  name: 'ghcr.io/arc-framework/arc-cache',
  digest: `sha256:${hex('a')}`,
  platforms: [
    { platform: 'linux/arm64', digest: `sha256:${hex('c')}` },
    { platform: 'linux/amd64', digest: `sha256:${hex('b')}` },
  ],
  service: 'cache',
  container: 'arc-cache',
  version: 'v0.1.0',
  dockerfile: 'services/cache/Dockerfile',
  source: {
    repository: 'https://github.com/arc-framework/arc',
    commit: '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d',
    epochSeconds: 1_767_323_045,
  },
  base: { reference: 'docker.io/library/redis:7.4-alpine', digest: `sha256:${hex('d')}` },
};
const builder = { id: 'https://builder.example/workflow' };

describe('provenance', () => {
  it('is an in-toto statement with SLSA provenance v1', () => {
    expect(JSON.parse(writeProvenance(facts, builder).toString())).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { name: 'ghcr.io/arc-framework/arc-cache', digest: { sha256: hex('a') } },
        {
          name: 'ghcr.io/arc-framework/arc-cache',
          digest: { sha256: hex('b') },
          annotations: { platform: 'linux/amd64' },
        },
        {
          name: 'ghcr.io/arc-framework/arc-cache',
          digest: { sha256: hex('c') },
          annotations: { platform: 'linux/arm64' },
        },
      ],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        buildDefinition: {
          buildType: 'https://github.com/arc-framework/arc/blob/main/docs/verifying.md#build-type-wrapper-v1',
          externalParameters: {
            service: 'cache',
            container: 'arc-cache',
            version: 'v0.1.0',
            platforms: ['linux/amd64', 'linux/arm64'],
          },
          internalParameters: { dockerfile: 'services/cache/Dockerfile', SOURCE_DATE_EPOCH: 1_767_323_045 },
          resolvedDependencies: [
            {
              name: 'source',
              uri: 'git+https://github.com/arc-framework/arc@1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d',
              digest: { gitCommit: '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d' },
            },
            {
              name: 'base image',
              uri: `pkg:oci/redis@sha256%3A${hex('d')}?repository_url=docker.io%2Flibrary%2Fredis&tag=7.4-alpine`,
              digest: { sha256: hex('d') },
            },
          ],
        },
        runDetails: { builder: { id: 'https://builder.example/workflow' } },
      },
    });
  });

  it('is the same text whenever it is written, and in whichever order the platforms come', () => {
    const again = { ...facts, platforms: facts.platforms.toReversed() };
    expect(writeProvenance(again, builder)).toEqual(writeProvenance(facts, builder));
  });

  it('names the run where there is one', () => {
    const run = { ...builder, invocation: 'https://builder.example/runs/7' };
    const { predicate } = JSON.parse(writeProvenance(facts, run).toString());
    expect(predicate.runDetails.metadata).toEqual({ invocationId: 'https://builder.example/runs/7' });
  });

  it('has no digest of a base that was not pinned', () => {
    const text = writeProvenance({ ...facts, base: { reference: 'redis' } }, builder).toString();
    expect(JSON.parse(text).predicate.buildDefinition.resolvedDependencies[1]).toEqual({
      name: 'base image',
      uri: 'pkg:oci/redis?repository_url=docker.io%2Flibrary%2Fredis&tag=latest',
    });
  });

  it('is read back as it was written', () => {
    expect(readProvenance(writeProvenance(facts, builder))).toEqual({
      subjects: [`sha256:${hex('a')}`, `sha256:${hex('b')}`, `sha256:${hex('c')}`],
      version: 'v0.1.0',
      commit: '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d',
      baseDigest: `sha256:${hex('d')}`,
      builder: 'https://builder.example/workflow',
    });
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    [
      'another statement',
      JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', predicateType: 'other' }),
    ],
  ])('is not read from %s', (_, text) => {
    expect(readProvenance(Buffer.from(text))).toBeUndefined();
  });

  it('claims nothing where its parts are not of the expected shape', () => {
    const text = JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://slsa.dev/provenance/v1',
      subject: 'everything',
      predicate: { buildDefinition: { resolvedDependencies: { source: 1 }, externalParameters: [] } },
    });
    expect(readProvenance(Buffer.from(text))).toEqual({ subjects: [] });
  });
});

describe('what provenance should claim', () => {
  const expected = {
    digest: facts.digest,
    platforms: facts.platforms,
    version: facts.version,
    commit: facts.source.commit,
    baseDigest: `sha256:${hex('d')}`,
  };
  const faultsOf = (written: ProvenanceFacts) =>
    provenanceFaults(readProvenance(writeProvenance(written, builder)) ?? { subjects: [] }, expected);

  it('is what it does claim', () => {
    expect(faultsOf(facts)).toEqual([]);
  });

  it.each<[string, Partial<ProvenanceFacts>, string]>([
    ['another image', { digest: `sha256:${hex('e')}` }, `it is not about the image (sha256:${hex('a')})`],
    [
      'fewer platforms',
      { platforms: facts.platforms.slice(1) },
      `it is not about linux/arm64 (sha256:${hex('c')})`,
    ],
    [
      'another commit',
      { source: { ...facts.source, commit: 'f00d' } },
      'it names commit f00d, not 1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d',
    ],
    ['another version', { version: 'v0.2.0' }, 'it names version v0.2.0, not v0.1.0'],
    [
      'another base',
      { base: { ...facts.base, digest: `sha256:${hex('f')}` } },
      `it names base sha256:${hex('f')}, not sha256:${hex('d')}`,
    ],
    [
      'a base without a digest',
      { base: { reference: 'redis' } },
      `it names base none, not sha256:${hex('d')}`,
    ],
  ])('is not %s', (_, change, fault) => {
    expect(faultsOf({ ...facts, ...change })).toEqual([fault]);
  });
});
