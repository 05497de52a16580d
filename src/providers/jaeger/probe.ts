import { setTimeout as sleep } from 'node:timers/promises';
import { type Fields, textField } from '../../core/data.ts';
import { ask, type Reply } from '../../core/probes/ask.ts';
import type { ProbeKind, Question } from '../../core/probes/probe.ts';
import { origin, type PortName, type SocketAddress } from '../../core/socket-address.ts';
import { writeSpans } from '../../core/spans/otlp-write.ts';
import { sendSpans } from '../../core/spans/send-spans.ts';
import { newSpanId, newTraceId, type Span } from '../../core/spans/span.ts';
import { jaegerTraces, servicesOf } from './query.ts';

/** How often a span is looked for that was sent; it is there after the batch of whoever passes it on. */
const lookMilliseconds = 50;

/** By the values of `aspect` in probe.schema.json. */
export const jaegerProbe: ProbeKind = {
  kind: 'jaeger',
  ask: ({ fields, address, way, ...limits }) => {
    const aspect = textField(fields, 'aspect');
    if (aspect === 'ready') {
      return ask({
        question: `services of ${origin(address)}`,
        ...limits,
        run: async (signal) => {
          await servicesOf({ address, signal });
          return { ok: true, came: 'reads its storage' };
        },
      });
    }
    const door = doorOf(fields);
    return ask({
      question: `span sent to ${door.role} and found at ${origin(address)}`,
      ...limits,
      run: (signal) => findSent({ address, door, way, signal }),
    });
  },
};

async function findSent(options: {
  address: SocketAddress;
  door: PortName;
  way: Question['way'];
  signal: AbortSignal;
}): Promise<Reply> {
  const { address, door, way, signal } = options;
  if (way === undefined) throw new Error('a span is sent to a container of a stack');
  const span = healthSpan(Date.now());
  await using entrance = await way(door);
  const sent = await sendSpans({ address: entrance, body: writeSpans([span]), signal });
  if (sent.status !== 200 || sent.rejected > 0)
    return { ok: false, came: `${door.role} did not take the span: ${sent.status} ${sent.text}`.trim() };
  const began = performance.now();
  for (;;) {
    const found = await jaegerTraces.spansOf({ address, signal, traceId: span.traceId });
    if (found.some(({ spanId }) => spanId === span.spanId))
      return { ok: true, came: `found after ${Math.round(performance.now() - began)} ms` };
    await sleep(lookMilliseconds, undefined, { signal });
  }
}

/** It has a service of its own, so that no list of a real service's traces has it. */
function healthSpan(now: number): Span {
  const start = BigInt(now) * 1_000_000n;
  const ids = { traceId: newTraceId(), spanId: newSpanId() };
  return {
    ...ids,
    service: 'arc-health',
    name: 'check',
    kind: 'internal',
    start,
    end: start,
    attributes: {},
  };
}

function doorOf({ door }: Fields): PortName {
  if (door === undefined) throw new Error('aspect `trace` of a jaeger probe needs `door`');
  const fields = door as Fields;
  return { role: textField(fields, 'role'), port: textField(fields, 'port') };
}
