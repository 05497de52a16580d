import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mapLimited } from './limit.ts';

it('keeps the order, and the limit', async () => {
  let running = 0;
  let most = 0;
  const results = await mapLimited({
    items: [30, 10, 20, 5, 1],
    limit: 2,
    map: async (milliseconds) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(milliseconds);
      running -= 1;
      return milliseconds * 2;
    },
  });
  expect(results).toEqual([60, 20, 40, 10, 2]);
  expect(most).toBe(2);
});

it('has nothing to do for nothing', async () => {
  expect(await mapLimited({ items: [], limit: 4, map: async () => 1 })).toEqual([]);
});
