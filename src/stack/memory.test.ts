import { expect, test } from 'vitest';
import { testContainer, testJob } from '../../tests/fixtures/stacks.ts';
import { memoryNeeds } from './memory.ts';

const mebibyte = 1024 ** 2;
const bounded = (role: string, memory: number) => ({
  ...testContainer({ role }),
  resources: { memory: memory * mebibyte },
});

test('a stack may take what its containers may take together; jobs end and do not count', () => {
  const job = { ...testJob({ role: 'buckets' }), resources: { memory: 512 * mebibyte } };
  expect(memoryNeeds([bounded('cache', 256), bounded('egress', 2048), job])).toEqual({
    most: 2304 * mebibyte,
    largest: { name: 'arc-egress', bytes: 2048 * mebibyte },
    unbounded: [],
  });
});

test('a container without a bound is named', () => {
  const { memory: _, ...resources } = bounded('web', 1).resources as { memory?: number };
  const web = { ...testContainer({ role: 'web' }), resources };
  expect(memoryNeeds([web, bounded('cache', 256)])).toMatchObject({
    most: 256 * mebibyte,
    unbounded: ['arc-web'],
  });
  expect(memoryNeeds([web])).toEqual({ most: 0, unbounded: ['arc-web'] });
});
