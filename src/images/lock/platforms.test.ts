import { expect, test } from 'vitest';
import { mediaTypes } from '../../registry/model.ts';
import { digestsByPlatform, imagesOfIndex } from './platforms.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const entry = (digit: string, platform: object, annotations = {}) => ({
  mediaType: mediaTypes.manifest,
  digest: digest(digit),
  size: 1,
  platform,
  annotations,
});
const locked = (...manifests: unknown[]) =>
  digestsByPlatform(
    imagesOfIndex({ mediaType: mediaTypes.index, bytes: Buffer.from(JSON.stringify({ manifests })) }) ?? [],
  );

test('the platforms that arc builds for are taken from an index, attestations and others are not', () => {
  expect(
    locked(
      entry('1', { os: 'linux', architecture: 'amd64' }),
      entry(
        '2',
        { os: 'unknown', architecture: 'unknown' },
        { 'vnd.docker.reference.type': 'attestation-manifest' },
      ),
      entry('3', { os: 'linux', architecture: 'arm', variant: 'v7' }),
      entry('4', { os: 'linux', architecture: 'arm64', variant: 'v8' }),
      entry('5', { os: 'windows', architecture: 'amd64', 'os.version': '10.0.17763.6532' }),
    ),
  ).toEqual({ 'linux/amd64': digest('1'), 'linux/arm64': digest('4') });
});

test('an image for newer processors only is not taken for one that runs on all', () => {
  expect(
    locked(
      entry('1', { os: 'linux', architecture: 'amd64', variant: 'v3' }),
      entry('2', { os: 'linux', architecture: 'arm64' }),
      entry('3', { os: 'linux', architecture: 'arm64', variant: 'v8' }),
    ),
  ).toEqual({ 'linux/arm64': digest('2') });
});

test('an image without an index names no platforms', () => {
  const manifest = { config: { mediaType: 'x', digest: digest('1'), size: 1 }, layers: [] };
  expect(
    imagesOfIndex({ mediaType: mediaTypes.manifest, bytes: Buffer.from(JSON.stringify(manifest)) }),
  ).toBeUndefined();
});
