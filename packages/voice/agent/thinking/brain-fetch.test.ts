import { expect, it } from 'vitest';
import type { Span } from '../../../spans/span.ts';
import { spansInto } from '../../../spans/spans.ts';
import { brainFetch } from './brain-fetch.ts';

const part = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };

/** A brain that answers with a status. */
function brain(status: number) {
  const sent: Span[] = [];
  const asked: (string | null)[] = [];
  const ask = brainFetch({
    spans: spansInto((span) => void sent.push(span)),
    part: () => part,
    fetch: async (_, init) => {
      const headers = new Headers(init?.headers);
      asked.push(headers.get('traceparent'));
      expect(headers.get('authorization')).toBe('Bearer none');
      return new Response('', { status });
    },
  });
  const headers = { authorization: 'Bearer none' };
  return { ask: (method: string) => ask('http://arc-brain:8000/v1', { method, headers }), sent, asked };
}

it('a question goes out with the context of its span, and keeps its own headers', async () => {
  const { ask, sent, asked } = brain(200);
  expect((await ask('post')).status).toBe(200);
  expect(sent).toMatchObject([{ name: 'agent.brain', parentId: part.spanId }]);
  expect(asked).toEqual([`00-${part.traceId}-${sent[0]?.spanId}-01`]);
  expect(sent[0]).not.toHaveProperty('error');
});

it('a question that is refused is a failure', async () => {
  const { ask, sent } = brain(503);
  await ask('POST');
  expect(sent[0]?.error).toBe('the brain answered 503');
});

it('what is no question is no span', async () => {
  const { ask, sent, asked } = brain(200);
  await ask('GET');
  expect([sent, asked]).toEqual([[], [null]]);
});
