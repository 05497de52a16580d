import { expect, it } from 'vitest';
import { testContainer, testStack } from '../../../tests/fixtures/stacks.ts';
import { formerVolume } from './former-volume.ts';
import type { Snapshot } from './snapshot.ts';

const volume = { name: 'demo-cache-data', role: 'cache' };
const stack = testStack({
  project: 'demo',
  containers: [
    testContainer({
      role: 'cache',
      name: 'demo-cache',
      volumes: [{ volume: volume.name, target: '/data' }],
    }),
  ],
});
const old = { name: 'arc-cache-data', project: 'demo', role: 'cache' };

function find(...volumes: Snapshot['volumes']): string | undefined {
  return formerVolume({
    stack,
    volume,
    snapshot: { project: 'demo', containers: [], networks: [], volumes, images: {} },
  });
}

it('is the one of the same role that ends with what the container calls it', () => {
  expect(find(old)).toBe('arc-cache-data');
  expect(find({ ...old, name: 'arc-cache-more-data' }, old)).toBe('arc-cache-data');
});

it('is none where the data has been copied to the one that is wanted', () => {
  expect(find(old, { ...old, name: volume.name })).toBeUndefined();
});

it.each([
  { ...old, project: 'other' },
  { ...old, role: 'storage' },
  { ...old, name: 'arc-cache-scratch' },
])('is not another one: %j', (other) => {
  expect(find(other)).toBeUndefined();
});
