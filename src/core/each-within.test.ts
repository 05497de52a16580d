import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eachWithin } from './each-within.ts';

const late = (): Error => new Error('nothing came');
const { signal } = new AbortController();

async function* oneThenNothing() {
  yield 'one';
  await new Promise(() => undefined);
}

test('passes on every item, and ends with the source', async () => {
  const source = (async function* () {
    yield 1;
    yield 2;
  })();
  const seen: number[] = [];
  for await (const item of eachWithin({ source, milliseconds: 60_000, late, signal })) seen.push(item);
  expect(seen).toEqual([1, 2]);
});

test('fails where the next item does not come in time', async () => {
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const item of eachWithin({ source: oneThenNothing(), milliseconds: 20, late, signal }))
      seen.push(item);
  };
  await expect(read()).rejects.toThrow('nothing came');
  expect(seen).toEqual(['one']);
});

test('gives whoever takes an item all the time that they need', async () => {
  const source = (async function* () {
    yield 1;
    yield 2;
  })();
  let count = 0;
  for await (const _ of eachWithin({ source, milliseconds: 20, late, signal })) {
    await sleep(60);
    count += 1;
  }
  expect(count).toBe(2);
});

test('ends where nobody waits any more', async () => {
  const controller = new AbortController();
  const source = oneThenNothing();
  const read = async (): Promise<void> => {
    for await (const _ of eachWithin({ source, milliseconds: 60_000, late, signal: controller.signal }))
      controller.abort(new Error('interrupted'));
  };
  await expect(read()).rejects.toThrow('interrupted');
});
