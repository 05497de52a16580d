import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { digestOf, indexImages, repositoriesOf } from './observed-images.ts';

const one = `sha256:${'1'.repeat(64)}`;
const two = `sha256:${'2'.repeat(64)}`;

const listed = (names: readonly string[], digests: readonly string[] = []) =>
  ({
    Id: 'sha256:a',
    RepoTags: names,
    RepoDigests: digests,
    Labels: null,
    Size: 1,
    Created: 0,
  }) as unknown as Docker.ImageInfo;

test.each([
  ['ghcr.io/arc-framework/arc-cache:latest', 'ghcr.io/arc-framework/arc-cache:latest'],
  ['ghcr.io/arc-framework/arc-cache', 'ghcr.io/arc-framework/arc-cache:latest'],
  ['docker.io/livekit/ingress:v1.5.0', 'livekit/ingress:v1.5.0'],
  ['docker.io/library/redis:7', 'redis:7'],
  ['redis', 'redis:latest'],
])('the image %s is found as %s', (reference, name) => {
  const observed = indexImages([listed([name])]);
  expect(observed(reference)?.id).toBe('sha256:a');
  expect(observed('absent:1')).toBeUndefined();
});

test('an image is found by each of its digests, whatever its tag', () => {
  const observed = indexImages([listed([], [`quay.io/x/y@${one}`, `quay.io/x/y@${two}`])]);
  for (const digest of [one, two]) expect(observed(`quay.io/x/y:9@${digest}`)?.id).toBe('sha256:a');
  expect(observed('quay.io/x/y:9')).toBeUndefined();
});

test('the digest of an image is that of the repository that is asked for', () => {
  const image = indexImages([listed(['redis:7', 'quay.io/x/y:1'], [`redis@${one}`, `quay.io/x/y@${two}`])])(
    'redis:7',
  );
  expect(image && digestOf(image, 'docker.io/library/redis:7')).toBe(one);
  expect(image && digestOf(image, 'quay.io/x/y:1')).toBe(two);
  expect(image && digestOf(image, 'quay.io/other:1')).toBeUndefined();
});

test('the Engine is asked once for each repository', () => {
  expect(repositoriesOf(['docker.io/library/redis:7', 'redis:8', `redis@${one}`, 'quay.io/x/y:1'])).toEqual([
    'redis',
    'quay.io/x/y',
  ]);
});
