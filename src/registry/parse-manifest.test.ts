import { describe, expect, it } from 'vitest';
import { mediaTypes } from './model.ts';
import { isImage, parseManifest, platformName, readConfig, readDescriptors } from './parse-manifest.ts';

const descriptor = { mediaType: mediaTypes.manifest, digest: `sha256:${'a'.repeat(64)}`, size: 7 };
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const parse = (mediaType: string, value: unknown) => parseManifest({ mediaType, bytes: json(value) });

describe('a manifest', () => {
  it.each([mediaTypes.index, mediaTypes.dockerList])('of type %s lists others', (mediaType) => {
    expect(parse(mediaType, { manifests: [descriptor] })).toEqual({
      kind: 'index',
      manifests: [descriptor],
    });
  });

  it.each([mediaTypes.manifest, mediaTypes.dockerManifest])('of type %s is of one image', (mediaType) => {
    expect(parse(mediaType, { config: descriptor, layers: [] })).toEqual({
      kind: 'image',
      config: descriptor,
    });
  });

  it.each([
    ['is both', mediaTypes.index, { manifests: [], layers: [] }],
    ['is both, the other way', mediaTypes.manifest, { manifests: [], config: descriptor }],
    ['is of an old type', 'application/vnd.docker.distribution.manifest.v1+json', { config: descriptor }],
    ['lists nothing', mediaTypes.index, {}],
    ['has no config', mediaTypes.manifest, { layers: [] }],
    ['is a list', mediaTypes.index, []],
  ])('that %s is refused', (_case, mediaType, value) => {
    expect(() => parse(mediaType, value)).toThrow(/^the registry (gave|did not give)/);
  });

  it.each([
    ['no digest', { ...descriptor, digest: undefined }],
    ['a path for a digest', { ...descriptor, digest: '../../etc' }],
    ['half a byte', { ...descriptor, size: 1.5 }],
    ['nothing', null],
  ])('with a descriptor that has %s is refused', (_case, bad) => {
    expect(() => readDescriptors(json({ manifests: [bad] }))).toThrow('descriptor that cannot be read');
  });

  it('may have an empty list that is null', () => {
    expect(readDescriptors(json({ manifests: null }))).toEqual([]);
  });

  it('that is no JSON is refused', () => {
    expect(() => readDescriptors(Buffer.from('<html>'))).toThrow('did not give a JSON object');
  });
});

describe('an entry of an index', () => {
  it.each([
    [{ os: 'linux', architecture: 'amd64' }, 'linux/amd64'],
    [{ os: 'linux', architecture: 'arm64', variant: 'v8' }, 'linux/arm64'],
    [{ os: 'linux', architecture: 'arm', variant: 'v7' }, 'linux/arm/v7'],
  ])('for %j is for %s', (platform, name) => {
    expect(platformName(platform)).toBe(name);
    expect(isImage({ ...descriptor, platform })).toBe(true);
  });

  it.each([
    [{ platform: { os: 'unknown', architecture: 'unknown' } }],
    [{ annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }],
  ])('with %j is an attestation', (marks) => {
    expect(isImage({ ...descriptor, ...marks })).toBe(false);
  });
});

describe("an image's config", () => {
  it('has its platform, its labels and its time', () => {
    const value = {
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      created: '2026-11-21T12:00:00Z',
      config: { Labels: { a: 'b' } },
    };
    expect(readConfig(json(value))).toEqual({
      platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
      labels: { a: 'b' },
      created: '2026-11-21T12:00:00Z',
    });
  });

  it.each([undefined, null, { Labels: null }])('without labels (%j) has none', (config) => {
    expect(readConfig(json({ os: 'linux', architecture: 'amd64', config })).labels).toEqual({});
  });

  it('of an artifact is not one of an image', () => {
    expect(() => readConfig(Buffer.from('{}'))).toThrow('without a platform');
  });
});
