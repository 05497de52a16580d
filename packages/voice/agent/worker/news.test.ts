import { expect, it } from 'vitest';
import type { Span } from '../../../spans/span.ts';
import { newsTo, readNews } from './news.ts';

const span: Span = {
  ...{ traceId: '1'.repeat(32), spanId: '2'.repeat(16), name: 'agent.turn', kind: 'internal' },
  ...{ start: 1_796_000_000_123_000_001n, end: 1_796_000_000_456_000_002n, attributes: {} },
};

/** A channel as JSON has it, whose messages arrive when `arrive` is called. */
function channel(connected = true) {
  const sent: unknown[] = [];
  const waiting: (() => void)[] = [];
  const send = ((message: unknown, _handle: unknown, _options: unknown, done: () => void) => {
    sent.push(JSON.parse(JSON.stringify(message)));
    waiting.push(done);
    return true;
  }) as NonNullable<NodeJS.Process['send']>;
  const arrive = (): void => {
    for (const done of waiting.splice(0)) done();
  };
  return { process: { connected, send }, sent, arrive };
}

it('tells a turn and a span whole', () => {
  const to = channel();
  const news = newsTo(to.process);
  news.turn({ e2e: 0.8, stt: undefined });
  news.span(span);
  expect(to.sent.map(readNews)).toEqual([
    { kind: 'turn', figures: { e2e: 0.8 } },
    { kind: 'span', span, lost: 0 },
  ]);
});

it('counts spans while the worker reads nothing', () => {
  const to = channel();
  const news = newsTo(to.process);
  for (let count = 0; count < 515; count += 1) news.span(span);
  expect(to.sent).toHaveLength(512);
  to.arrive();
  news.span(span);
  expect(readNews(to.sent.at(-1))).toMatchObject({ lost: 3 });
  news.span(span);
  expect(readNews(to.sent.at(-1))).toMatchObject({ lost: 0 });
});

it('tells nobody where the worker has gone', () => {
  const to = channel(false);
  newsTo(to.process).span(span);
  expect(to.sent).toEqual([]);
});

it.each([undefined, 7, { case: 'pongResponse', value: {} }])('leaves %o to the framework', (message) => {
  expect(readNews(message)).toBeUndefined();
});
