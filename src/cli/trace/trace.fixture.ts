import type { FoundTrace } from '../../app/traces/find-traces.ts';
import type { Span } from '../../core/spans/span.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
/** 2026-11-30 13:06:10.5 UTC, in milliseconds. */
const began = 1_796_043_970_500;

/** A span by the milliseconds of its begin and end. Whatever a test does not name is plain. */
export function span(
  options: Partial<Omit<Span, 'start' | 'end'>> & { name: string; from: number; to: number },
): Span {
  const { from, to, ...rest } = options;
  return {
    ...{ traceId, spanId: options.name, service: 'arc', kind: 'internal', attributes: {} },
    ...rest,
    start: nanoseconds(from),
    end: nanoseconds(to),
  };
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(began) * 1_000_000n + BigInt(Math.round(milliseconds * 1_000_000));
}

export function trace(first: Span, ...others: readonly Span[]): FoundTrace {
  return { traceId, spans: [first, ...others] };
}

/** A boot in which a server started a program that failed. */
export const boot = trace(
  span({ name: 'arc up', from: 0, to: 9870, attributes: { 'arc.selection': 'think' } }),
  span({ name: 'create container cache', parentId: 'arc up', from: 10, to: 40.2 }),
  span({ name: 'start container cache', parentId: 'arc up', from: 41, to: 1500 }),
  span({ name: 'await container realtime', parentId: 'arc up', from: 1500, to: 9800 }),
  span({
    name: 'Sent.Room',
    service: 'livekit',
    parentId: 'await container realtime',
    from: 2000,
    to: 2000.4,
  }),
  span({
    ...{ name: 'await container egress', parentId: 'arc up', from: 5000, to: 9870 },
    error: 'It ended with "exit 1" <now>.',
    attributes: { 'arc.cause': 'started & awaited' },
  }),
);
