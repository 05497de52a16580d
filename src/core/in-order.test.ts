import { expect, test } from 'vitest';
import { inOrder, type Offer } from './in-order.ts';

const of =
  (...items: readonly string[]) =>
  async (offer: Offer<string>): Promise<void> => {
    for (const item of items) await offer(item);
  };

async function merged(...sources: readonly ((offer: Offer<string>) => Promise<void>)[]): Promise<string> {
  const taken: string[] = [];
  await inOrder({ sources, rank: (item) => item, take: (item) => void taken.push(item) });
  return taken.join('');
}

test('merges sources into one order, whatever their lengths', async () => {
  expect(await merged(of('b', 'e', 'f'), of(), of('a', 'c'), of('d'))).toBe('abcdef');
  expect(await merged()).toBe('');
});

test('lets no source run ahead of who takes its items', async () => {
  let offered = 0;
  const counted = async (offer: Offer<string>): Promise<void> => {
    for (const item of 'acegi') {
      offered += 1;
      await offer(item);
    }
  };
  const ahead: number[] = [];
  let taken = 0;
  await inOrder({
    sources: [counted, of('b', 'd')],
    rank: (item) => item,
    take: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      taken += 1;
      ahead.push(offered - taken);
    },
  });
  expect(taken).toBe(7);
  expect(Math.max(...ahead)).toBeLessThanOrEqual(1);
});

test('ends every source where one fails, or who takes the items', async () => {
  const forever = async (offer: Offer<string>): Promise<void> => {
    for (;;) await offer('a');
  };
  const failing = async (offer: Offer<string>): Promise<void> => {
    await offer('a');
    throw new Error('the source broke');
  };
  await expect(merged(forever, failing)).rejects.toThrow('the source broke');
  const take = (): void => {
    throw new Error('nobody reads any more');
  };
  await expect(inOrder({ sources: [forever], rank: (item) => item, take })).rejects.toThrow(
    'nobody reads any more',
  );
});
