import { randomBytes } from 'node:crypto';

/** A piece of work with its begin, end and cause, as tracing systems keep it. */
export type Span = {
  /** 32 hexadecimal digits, the same in all spans of a trace. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** The span that this one is a part of; absent in the first of a trace. */
  parentId?: string;
  /** What did the work: `arc`, `livekit`. */
  service: string;
  name: string;
  kind: SpanKind;
  /** Nanoseconds since 1970. They do not fit into a number. */
  start: bigint;
  end: bigint;
  /** The words of an error; empty if it has none. Absent if the work did not fail. */
  error?: string;
  attributes: Readonly<Record<string, AttributeValue>>;
};

/** What the values of attributes are here; lists and the like come as their JSON. */
export type AttributeValue = string | number | boolean;

export type SpanKind = (typeof spanKinds)[number];

/** By the numbers that OTLP gives them, from 0. */
export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** An id that no other trace has. */
export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

/** An id that no other span of its trace has. */
export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

/** A trace's id: 32 hexadecimal digits, in small letters, and not only zeros. */
export const traceIdPattern = /^(?!0{32})[0-9a-f]{32}$/;
