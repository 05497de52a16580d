/** What the values of attributes are. */
export type AttributeValue = string | number | boolean;

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** By the numbers that OTLP gives them, from 0. */
export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

export type SpanKind = (typeof spanKinds)[number];

/** A piece of work that is over. */
export type Span = {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** The span that this one is a part of; absent in the first of a trace. */
  parentId?: string;
  name: string;
  kind: SpanKind;
  /** Nanoseconds since 1970. They do not fit into a number. */
  start: bigint;
  end: bigint;
  /** The words of an error; absent if the work did not fail. */
  error?: string;
  attributes: Attributes;
};
