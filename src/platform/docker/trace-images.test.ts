import { expect, test } from 'vitest';
import type { ObservedImage } from './observed-images.ts';
import { type ImageOrigin, traceImage } from './trace-images.ts';

const id = `sha256:${'1'.repeat(64)}`;

/** The repositories whose digest is left, of an image that containerd's store has under these. */
function trace(repositories: readonly string[], origin: ImageOrigin, api = 56): readonly string[] | 'unsure' {
  const image: ObservedImage = {
    id,
    labels: {},
    digests: Object.fromEntries(repositories.map((name) => [name, id])),
    names: [],
    pinned: [],
    bytes: 1,
    created: '2026-01-01T00:00:00Z',
  };
  const traced = traceImage({ image, origin, api });
  return traced.unsure ? 'unsure' : Object.keys(traced.digests);
}

test('what was made or loaded on this machine has no digest of a registry', () => {
  expect(trace(['redis'], {})).toEqual([]);
});

test('what was pulled has the digest of the repository that it was pulled from, not of other names', () => {
  const origin = { Identity: { Pull: [{ Repository: 'docker.io/library/redis' }] } };
  expect(trace(['redis', 'arc-base/redis'], origin)).toEqual(['redis']);
});

test('the Engine names a registry without its port', () => {
  const origin = { Identity: { Pull: [{ Repository: '127.0.0.1/x/one' }] } };
  expect(trace(['127.0.0.1:5000/x/one', 'x/one'], origin)).toEqual(['127.0.0.1:5000/x/one']);
});

test('an archive of `docker save` takes the origin along', () => {
  const annotations = { 'containerd.io/distribution.source.docker.io': 'library/redis,foo/redis' };
  expect(trace(['redis', 'bar/redis'], { Descriptor: { annotations } })).toEqual(['redis']);
  expect(trace(['redis', 'bar/redis'], { Descriptor: { annotations } }, 44)).toEqual(['redis']);
});

test('an Engine before API 1.53 does not say what it pulled', () => {
  expect(trace(['redis'], {}, 52)).toBe('unsure');
});
