import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { Span } from '../../../spans/span.ts';
import { newsDesk } from './news-desk.ts';

const span: Span = {
  ...{ traceId: '1'.repeat(32), spanId: '2'.repeat(16), name: 'agent.turn', kind: 'internal' },
  ...{ start: 1n, end: 2n, attributes: {} },
};

it('counts turns and lost spans of all conversations, and sends their spans', async () => {
  const bodies: unknown[] = [];
  const receiver = createServer(async (request, response) => {
    bodies.push(await json(request));
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const desk = newsDesk({ receiver: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` });
  desk.take({ kind: 'turn', figures: { e2e: 0.8 } });
  desk.take({ kind: 'span', span, lost: 2 });
  await desk.close();
  expect(JSON.stringify(bodies)).toContain('{"stringValue":"arc-agent"}');
  expect(JSON.stringify(bodies)).toContain('"name":"agent.turn"');
  const text = desk.metrics();
  expect(text).toContain('\nagent_conversation_turns_total 1\n');
  expect(text).toContain('\narc_spans_sent_total 1\n');
  expect(text).toContain('\narc_spans_lost_total{reason="full"} 2\n');
  receiver.close();
  receiver.closeAllConnections();
});

it('counts turns where nobody takes spans', async () => {
  const desk = newsDesk({ receiver: '' });
  desk.take({ kind: 'span', span, lost: 0 });
  desk.take({ kind: 'turn', figures: {} });
  expect(desk.metrics()).toContain('\nagent_conversation_turns_total 1\n');
  expect(desk.metrics()).toContain('\narc_spans_lost_total{reason="full"} 0\n');
  await desk.close();
});
