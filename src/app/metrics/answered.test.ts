import { expect, test } from 'vitest';
import type { SocketAddress } from '../../core/socket-address.ts';
import { type Reply, startReplies } from '../../core/spans/replies.fixture.ts';
import { query } from '../../providers/prometheus/client.ts';
import { answered } from './answered.ts';

/** Asks for `up` at an address. */
function ask(address: SocketAddress, options: { cancelled?: AbortSignal; milliseconds?: number } = {}) {
  return answered({
    server: { role: 'metrics', name: 'arc-metrics' },
    cancelled: new AbortController().signal,
    ...options,
    question: (signal) => query({ address, signal }, 'up'),
  });
}

async function askedOf(reply: Reply) {
  await using server = await startReplies(() => reply);
  return await ask(server.address, { milliseconds: 500 });
}

test('an answer is passed on', async () => {
  const result = [{ metric: { job: 'a' }, value: [1, '2'] }];
  const text = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
  expect(await askedOf({ status: 200, text })).toEqual([
    { labels: { job: 'a' }, points: [{ at: 1, value: 2 }] },
  ]);
});

test.each<[string, Reply, { code: string; message: string }]>([
  [
    'a refusal',
    { status: 400, text: '{"status":"error","error":"parse error"}' },
    { code: 'query-refused', message: 'arc-metrics refuses the query: parse error.' },
  ],
  [
    'an answer of something else',
    { status: 404, text: 'not here' },
    {
      code: 'query-refused',
      message: 'arc-metrics refuses the query: 404 Not Found, which is no answer of Prometheus.',
    },
  ],
  [
    'no answer in time',
    undefined,
    { code: 'metrics-unanswered', message: 'arc-metrics did not answer the query within 0.5 s.' },
  ],
])('%s is an error with its reason', async (_, reply, problem) => {
  await expect(askedOf(reply)).rejects.toMatchObject({ problems: [problem] });
});

/** Where nothing listens any more. */
async function gone(): Promise<SocketAddress> {
  await using server = await startReplies(() => undefined);
  return server.address;
}

test('so is a server that is gone', async () => {
  const message = 'arc-metrics did not answer the query: connection refused.';
  await expect(ask(await gone())).rejects.toMatchObject({
    problems: [{ code: 'metrics-unanswered', message }],
  });
});

test('a question that nobody waits for is no fault of the server', async () => {
  const cancelled = AbortSignal.abort();
  await expect(ask(await gone(), { cancelled })).rejects.toMatchObject({ name: 'AbortError' });
});
