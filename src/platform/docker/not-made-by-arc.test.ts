import { expect, test } from 'vitest';
import { fakeEngine } from '../../../tests/fixtures/fake-engine.ts';
import { testContainer, testStack } from '../../../tests/fixtures/stacks.ts';
import { adoptedVolumes, notMadeByArc } from './not-made-by-arc.ts';
import { observe } from './observe.ts';

const stack = testStack({
  containers: [
    testContainer({ role: 'cache', volumes: [{ volume: 'arc-cache-data', target: '/data' }] }),
    testContainer({ role: 'storage', volumes: [{ volume: 'arc-storage-data', target: '/data' }] }),
  ],
});

async function snapshot() {
  const engine = fakeEngine();
  await engine.createVolume({ name: 'arc-cache-data', labels: {} });
  await engine.createVolume({ name: 'arc-storage-data', labels: { 'arc.project': 'arc' } });
  await engine.createNetwork({ name: stack.network, labels: {} });
  engine.put({ name: 'arc-storage', labels: {} });
  return observe({ engine, project: 'arc', stack });
}

test('what arc did not make is named, whether it is used or in the way', async () => {
  const found = notMadeByArc({ stack, snapshot: await snapshot() });
  expect(found.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'container arc-storage',
    'volume arc-cache-data',
    `network ${stack.network}`,
  ]);
});

test('of a selection only what belongs to it is named', async () => {
  const roles = new Set(['cache']);
  expect(notMadeByArc({ stack, snapshot: await snapshot(), roles })).toEqual([
    { kind: 'volume', name: 'arc-cache-data' },
  ]);
});

test('a volume is adopted by the container that is made for it', async () => {
  expect(adoptedVolumes({ stack, snapshot: await snapshot() })).toEqual([
    { volume: 'arc-cache-data', container: 'arc-cache' },
  ]);
});
