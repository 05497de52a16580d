import { expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

/** Whether a promise is settled by now. */
async function settled(promise: Promise<void>): Promise<boolean> {
  return await Promise.race([
    promise.then(() => true),
    new Promise<false>((resolve) => setImmediate(resolve, false)),
  ]);
}

it('lets the next one come when the one before leaves', async () => {
  const take = inOrder();
  const [first, second] = [take(), take()];
  expect(await settled(first.reached)).toBe(true);
  expect(await settled(second.reached)).toBe(false);
  first.leave();
  expect(await settled(second.reached)).toBe(true);
});

it('lets nobody overtake where somebody leaves before it is their turn', async () => {
  const take = inOrder();
  const [first, second, third] = [take(), take(), take()];
  second.leave();
  expect(await settled(third.reached)).toBe(false);
  first.leave();
  expect(await settled(third.reached)).toBe(true);
});
