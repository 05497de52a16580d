import { describe, expect, test } from 'vitest';
import { otlpProbe } from '../../core/probes/otlp.ts';
import { lasting } from '../../core/socket-address.ts';
import { startReplies } from '../../core/spans/replies.fixture.ts';
import { jaegerProbe } from './probe.ts';

const limits = { timeoutMilliseconds: 5_000, signal: new AbortController().signal };
const sentTo = { aspect: 'trace', door: { role: 'telemetry', port: 'otlp_http' } };

describe('readiness of Jaeger', () => {
  test('is that it reads its storage', async () => {
    await using server = await startReplies(() => ({ status: 200, text: '{"services":["arc"]}' }));
    const { address } = server;
    expect(await jaegerProbe.ask({ fields: { aspect: 'ready' }, address, ...limits })).toMatchObject({
      ok: true,
      question: `services of http://127.0.0.1:${address.port}`,
      reply: 'reads its storage',
    });
    expect(server.asked).toEqual(['GET /api/v3/services']);
  });

  test.each([
    ['an error in its own words', 500, '{"error":{"httpCode":500,"message":"disk"}}', '500: disk'],
    ['something else on the port', 200, '<html>', '200, and not JSON: <html>'],
    ['another kind of list', 200, '{"services":7}', 'the list of services is not a list'],
  ])('is not %s', async (_, status, text, reply) => {
    await using server = await startReplies(() => ({ status, text }));
    const { address } = server;
    expect(await jaegerProbe.ask({ fields: { aspect: 'ready' }, address, ...limits })).toMatchObject({
      ok: false,
      reply,
    });
  });
});

describe('a span that is sent', () => {
  test('is looked for until it is found', async () => {
    let sent: { traceId: string; spanId: string } | undefined;
    let looks = 0;
    await using server = await startReplies(({ method, url }, body) => {
      if (method === 'POST') {
        sent = JSON.parse(body).resourceSpans[0].scopeSpans[0].spans[0];
        return { status: 200, text: '{"partialSuccess":{}}' };
      }
      expect(url).toBe(`/api/v3/traces/${sent?.traceId}`);
      looks += 1;
      if (looks < 3) return { status: 404, text: '{"error":{"message":"No traces found"}}' };
      const resourceSpans = [{ scopeSpans: [{ spans: [sent] }] }];
      return { status: 200, text: JSON.stringify({ result: { resourceSpans } }) };
    });
    const { address } = server;
    const way = async () => lasting(address);
    expect(await jaegerProbe.ask({ fields: sentTo, address, way, ...limits })).toMatchObject({
      ok: true,
      question: `span sent to telemetry and found at http://127.0.0.1:${address.port}`,
      reply: expect.stringMatching(/^found after \d+ ms$/),
    });
    expect(looks).toBe(3);
  });

  test('is told as not taken, with the reason, where whoever it is sent to refuses it', async () => {
    await using server = await startReplies(() => ({
      status: 503,
      text: 'data refused due to high memory usage',
    }));
    const { address } = server;
    const way = async () => lasting(address);
    expect(await jaegerProbe.ask({ fields: sentTo, address, way, ...limits })).toMatchObject({
      ok: false,
      reply: 'telemetry did not take the span: 503 data refused due to high memory usage',
    });
  });

  test('is told as not taken where it is taken but for itself', async () => {
    await using server = await startReplies(() => ({
      status: 200,
      text: '{"partialSuccess":{"rejectedSpans":"1"}}',
    }));
    const { address } = server;
    const way = async () => lasting(address);
    expect(await jaegerProbe.ask({ fields: sentTo, address, way, ...limits })).toMatchObject({ ok: false });
  });

  test('is an answer within the time limit where it is never found', async () => {
    await using server = await startReplies(({ method }) =>
      method === 'POST' ? { status: 200, text: '{}' } : { status: 404, text: '{}' },
    );
    const { address } = server;
    const way = async () => lasting(address);
    const asked = { fields: sentTo, address, way, ...limits, timeoutMilliseconds: 200 };
    expect(await jaegerProbe.ask(asked)).toMatchObject({ ok: false, reply: 'no answer within 0.2 s' });
  });
});

describe('a receiver of spans', () => {
  test.each([
    [{ status: 200, text: '{"partialSuccess":{}}' }, true, 'takes spans'],
    [{ status: 404, text: '404 page not found' }, false, '404 404 page not found'],
  ])('that answers %j is good: %s', async (answer, ok, reply) => {
    await using server = await startReplies(() => answer);
    const { address } = server;
    expect(await otlpProbe.ask({ fields: {}, address, ...limits })).toMatchObject({ ok, reply });
    expect(server.asked).toEqual(['POST /v1/traces']);
  });
});
