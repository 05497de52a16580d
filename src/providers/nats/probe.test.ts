import { expect, test } from 'vitest';
import { nkeySeed } from '../../core/nkey.ts';
import { Secret } from '../../core/secret.ts';
import { startGreeter } from './greeter.fixture.ts';
import { natsProbe } from './probe.ts';

async function askedOf(greets?: string) {
  await using server = await startGreeter(greets === undefined ? {} : { greets });
  const { ok, reply } = await natsProbe.ask({
    fields: { seed: new Secret(nkeySeed(new Uint8Array(32))) },
    address: server.address,
    timeoutMilliseconds: 5_000,
    signal: new AbortController().signal,
  });
  return { ok, reply };
}

test('a server that keeps streams and takes the login is ready', async () => {
  expect(await askedOf()).toEqual({ ok: true, reply: 'PONG of NATS 2.12.1' });
});

test.each([
  ['keeps no streams', 'INFO {"version":"2.12.1"}', 'it keeps no streams (JetStream is off)'],
  ['refuses', "-ERR 'maximum connections exceeded'", 'maximum connections exceeded'],
])('a server that %s is not', async (_, greets, reply) => {
  expect(await askedOf(greets)).toEqual({ ok: false, reply });
});

test.each(['INFO about this machine', 'INFO null', 'INFO {"version":'])(
  'what greets with `%s` is no NATS, and arc goes on',
  async (greets) => {
    expect(await askedOf(greets)).toEqual({
      ok: false,
      reply: expect.stringMatching(/^no greeting of NATS: /),
    });
  },
);
