import { expect, it } from 'vitest';
import { Busy, takeTurns } from './turns.ts';

it('lets one after the other, in the order in which they came, and refuses whoever comes when too many wait', async () => {
  const turns = takeTurns({ waiting: 1 });
  const order: string[] = [];
  const leaveFirst = await turns.take();
  const second = turns.take().then((leave) => {
    order.push('second');
    leave();
  });
  await expect(turns.take()).rejects.toBeInstanceOf(Busy);
  order.push('first');
  leaveFirst();
  await second;
  expect(order).toEqual(['first', 'second']);
  expect(turns.length).toBe(0);
});
