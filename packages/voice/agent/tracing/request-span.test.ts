import { expect, it } from 'vitest';
import { traceHeaders, writeTraceparent } from '../../../spans/context.ts';
import type { Span } from '../../../spans/span.ts';
import { spansInto } from '../../../spans/spans.ts';
import { requestSpan } from './request-span.ts';

const part = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };

async function traced(given: { signal?: AbortSignal; ask: () => Promise<string> }) {
  const sent: Span[] = [];
  const spans = spansInto((span) => void sent.push(span));
  const { signal, ask } = given;
  const answer = await requestSpan({ spans, name: 'agent.stt', part, signal }, ask).catch(String);
  return { answer, span: sent[0], count: sent.length };
}

it('sends the context of its span with what is asked', async () => {
  const { answer, span } = await traced({ ask: async () => traceHeaders().traceparent ?? '' });
  expect(span).toMatchObject({
    name: 'agent.stt',
    kind: 'client',
    traceId: part.traceId,
    parentId: part.spanId,
  });
  expect(answer).toBe(writeTraceparent({ traceId: part.traceId, spanId: span?.spanId ?? '' }));
});

it('tells what failed', async () => {
  const { answer, span, count } = await traced({ ask: () => Promise.reject(new Error('speech is away')) });
  expect(answer).toBe('Error: speech is away');
  expect([span?.error, count]).toEqual(['speech is away', 1]);
});

it('takes a request that nobody wants any more for cancelled, and not for failed', async () => {
  const { span } = await traced({
    signal: AbortSignal.abort(),
    ask: () => Promise.reject(new Error('aborted')),
  });
  expect(span).not.toHaveProperty('error');
  expect(span?.attributes).toEqual({ 'arc.cancelled': true });
});
