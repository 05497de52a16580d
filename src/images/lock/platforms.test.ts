import { expect, test } from 'vitest';
import { platformsOfIndex } from './platforms.ts';

const entry = (digest: string, platform: object) => ({ mediaType: 'm', digest, size: 1, platform });
const indexOf = (...manifests: unknown[]) => JSON.stringify({ schemaVersion: 2, manifests });

test('the platforms that arc builds for are taken from an index, attestations and others are not', () => {
  const index = indexOf(
    entry('sha256:1', { os: 'linux', architecture: 'amd64' }),
    entry('sha256:2', { os: 'unknown', architecture: 'unknown' }),
    entry('sha256:3', { os: 'linux', architecture: 'arm', variant: 'v7' }),
    entry('sha256:4', { os: 'linux', architecture: 'arm64', variant: 'v8' }),
    entry('sha256:5', { os: 'windows', architecture: 'amd64', 'os.version': '10.0.17763.6532' }),
  );
  expect(platformsOfIndex(index)).toEqual({ 'linux/amd64': 'sha256:1', 'linux/arm64': 'sha256:4' });
});

test('an image for newer processors only is not taken for one that runs on all', () => {
  const index = indexOf(
    entry('sha256:1', { os: 'linux', architecture: 'amd64', variant: 'v3' }),
    entry('sha256:2', { os: 'linux', architecture: 'arm64' }),
    entry('sha256:3', { os: 'linux', architecture: 'arm64', variant: 'v8' }),
  );
  expect(platformsOfIndex(index)).toEqual({ 'linux/arm64': 'sha256:2' });
});

test.each([
  '',
  '[]',
  'null',
  '{}',
  '{"manifests":{}}',
  '{"manifests":[null,{"digest":1},{"platform":null}]}',
])('of %j there is nothing to be taken', (text) => {
  expect(platformsOfIndex(text)).toEqual({});
});
