import { expect, it } from 'vitest';
import { Hopeless, until } from '../support/until.ts';

it('what is awaited may fail before it comes', async () => {
  let asked = 0;
  const ask = () => {
    asked += 1;
    if (asked < 3) throw new Error('not yet');
    return asked;
  };
  expect(await until({ what: 'the third', ask })).toBe(3);
});

it('what does not come is told with the last error', async () => {
  const ask = () => {
    throw new Error('not yet');
  };
  await expect(until({ what: 'it', ask, limitMilliseconds: 1 })).rejects.toThrow(
    'it: did not come within 1 ms; last: Error: not yet',
  );
});

it('what cannot come any more is awaited no longer', async () => {
  let asked = 0;
  const ask = () => {
    asked += 1;
    throw new Hopeless('EGRESS_FAILED: no such room');
  };
  await expect(until({ what: 'the recording', ask })).rejects.toThrow(
    'the recording: EGRESS_FAILED: no such room',
  );
  expect(asked).toBe(1);
});
