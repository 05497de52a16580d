import { expect, test } from 'vitest';
import { message } from '../../contracts/contracts.fixture.ts';
import { nkeySeed } from '../../core/nkey.ts';
import { Secret } from '../../core/secret.ts';
import { withNats } from './client.ts';
import { startGreeter } from './greeter.fixture.ts';
import { tailNats } from './read-messages.ts';

const seed = new Secret(nkeySeed(new Uint8Array(32)));

test('what is interrupted while it connects does not begin', async () => {
  const stop = new AbortController();
  await using greeter = await startGreeter({
    answer: (line) => {
      if (line.startsWith('CONNECT')) stop.abort();
      return undefined;
    },
  });
  const server = { role: 'messaging', seed, address: greeter.address };
  const run = async () => 'begun';
  await expect(withNats({ server, signal: stop.signal }, run)).rejects.toMatchObject({ name: 'AbortError' });
});

test('messages that the server does not let arc read are an error, not silence', async () => {
  await using greeter = await startGreeter({
    answer: (line) =>
      line.startsWith('SUB shop')
        ? `-ERR 'Permissions Violation for Subscription to "shop.cart.order.placed"'`
        : undefined,
  });
  const tailing = tailNats({
    ...{ role: 'messaging', fields: { seed }, address: greeter.address },
    reach: () => expect.unreachable(),
    ...{ messages: [message()], dead: false, onMessage: () => undefined },
    signal: new AbortController().signal,
  });
  await expect(tailing).rejects.toMatchObject({
    problems: [{ code: 'messaging-refused', detail: [expect.stringContaining('shop.cart.order.placed')] }],
  });
});
