import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { spanMetrics } from './metrics.ts';
import { openOutbox } from './outbox.ts';
import type { Span } from './span.ts';
import { openSpans } from './spans.ts';

type Got = { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] };
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

/** A receiver whose answers a test decides; undefined: it never answers. */
async function receiver(
  answer: () => { status: number; body?: string } | undefined = () => ({ status: 200 }),
) {
  const spans: Record<string, unknown>[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      requests += 1;
      const reply = answer();
      if (reply === undefined) return;
      if (reply.status === 200)
        spans.push(
          ...(JSON.parse(body) as Got).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans[0]?.spans ?? []),
        );
      response.writeHead(reply.status).end(reply.body ?? '{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push({
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, spans, requests: () => requests };
}

const span: Span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'work',
  kind: 'internal',
  start: 1n,
  end: 2n,
  attributes: {},
};

describe('spans', () => {
  it('are parts of what they are done in, and tell what failed', async () => {
    const to = await receiver();
    const spans = openSpans({ service: 'test', url: to.url });
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const failing = spans.within({ name: 'outer', kind: 'server', parent, attributes: { a: 1 } }, () =>
      spans.within({ name: 'inner' }, async (work) => {
        work.set({ b: true });
        throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      }),
    );
    await expect(failing).rejects.toThrow('no room');
    await spans.close();
    const [inner, outer] = to.spans;
    expect(outer).toMatchObject({
      ...{ name: 'outer', kind: 2, parentSpanId: 'b7ad6b7169203331' },
      traceId: '0af7651916cd43dd8448eb211c80319c',
      status: { code: 2, message: 'no room' },
    });
    expect(inner).toMatchObject({
      ...{ name: 'inner', kind: 1, parentSpanId: outer?.spanId },
      attributes: [
        { key: 'b', value: { boolValue: true } },
        { key: 'error.type', value: { stringValue: 'ENOSPC' } },
      ],
    });
    expect(BigInt(String(inner?.startTimeUnixNano))).toBeGreaterThanOrEqual(
      BigInt(String(outer?.startTimeUnixNano)),
    );
  });

  it('can have an id that others know already, and a begin and an end of before', async () => {
    const to = await receiver();
    const spans = openSpans({ service: 'test', url: to.url });
    const self = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    spans.begin({ name: 'first', self, since: 1_796_000_000_123 }).end(1_796_000_000_456);
    await spans.close();
    expect(to.spans).toMatchObject([
      {
        ...{ spanId: 'b7ad6b7169203331', name: 'first' },
        ...{ startTimeUnixNano: '1796000000123000000', endTimeUnixNano: '1796000000456000000' },
      },
    ]);
    expect(to.spans[0]).not.toHaveProperty('parentSpanId');
  });

  it('without a receiver pass on the context that came', async () => {
    const spans = openSpans({ service: 'test', url: '' });
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const inner = await spans.within({ name: 'outer', parent }, async () => spans.begin({ name: 'inner' }));
    expect(inner.traceparent).toBe(parent);
    expect(spans.begin({ name: 'first' }).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(spans.counts()).toMatchObject({ sent: 0, waiting: 0 });
  });
});

describe('the outbox', () => {
  it('sends in batches, beside the work', async () => {
    const to = await receiver();
    const outbox = openOutbox({ url: to.url, service: 'test', pace: { batch: 2, every: 1 } });
    for (let count = 0; count < 5; count += 1) outbox.put(span);
    await expect.poll(() => outbox.counts().sent).toBe(5);
    expect(to.requests()).toBe(3);
    expect(outbox.counts()).toEqual({ sent: 5, lost: { full: 0, refused: 0, unsent: 0 }, waiting: 0 });
  });

  it('keeps spans while the receiver is away, and sends them when it is back', async () => {
    let status = 503;
    const to = await receiver(() => ({ status }));
    const outbox = openOutbox({ url: to.url, service: 'test', pace: { every: 1, longestPause: 5 } });
    outbox.put(span);
    await expect.poll(() => to.requests()).toBeGreaterThan(1);
    expect(outbox.counts()).toMatchObject({ sent: 0, waiting: 1 });
    status = 200;
    await expect.poll(() => outbox.counts().sent).toBe(1);
  });

  it('counts what there is no room for, and never waits', async () => {
    const to = await receiver(() => undefined);
    const outbox = openOutbox({ url: to.url, service: 'test', pace: { most: 3, every: 1, farewell: 5 } });
    for (let count = 0; count < 10; count += 1) outbox.put(span);
    expect(outbox.counts()).toMatchObject({ waiting: 3, lost: { full: 7 } });
    await outbox.close();
    expect(outbox.counts()).toEqual({ sent: 0, lost: { full: 7, refused: 0, unsent: 3 }, waiting: 0 });
  });

  it.each([
    ['all of them', { status: 400 }, { sent: 0, refused: 2 }],
    [
      'one of them',
      { status: 200, body: '{"partialSuccess":{"rejectedSpans":"1"}}' },
      { sent: 1, refused: 1 },
    ],
  ])('counts what the receiver refuses: %s', async (_, answer, { sent, refused }) => {
    const to = await receiver(() => answer);
    const outbox = openOutbox({ url: to.url, service: 'test' });
    outbox.put(span);
    outbox.put(span);
    await outbox.close();
    expect(outbox.counts()).toMatchObject({ sent, lost: { refused }, waiting: 0 });
    expect(to.requests()).toBe(1);
  });
});

it('what became of spans is shown to Prometheus', () => {
  const text = spanMetrics({ sent: 3, lost: { full: 2, refused: 0, unsent: 0 }, waiting: 1 });
  expect(text).toContain('\narc_spans_sent_total 3\n');
  expect(text).toContain('\narc_spans_lost_total{reason="full"} 2\n');
  expect(text).toContain('\narc_spans_waiting 1\n');
});
