import { type AttributeValue, type Span, spanKinds } from './span.ts';

// The structure of OTLP in JSON, as far as it is read here: whatever is absent has its zero value, as in Protobuf.

type Value = Readonly<Record<string, unknown>>;

/**
 * The spans in OTLP/JSON, in order of their begin.
 *
 * @param data parsed JSON with `resourceSpans`
 * @throws Error that names the first thing that is not OTLP
 */
export function readSpans(data: unknown): readonly Span[] {
  return list(record(data, 'the answer'), 'resourceSpans')
    .flatMap((each) => {
      const resource = record(each, 'resourceSpans[]');
      const own = readAttributes(record(resource.resource ?? {}, 'resource'));
      const service = String(own['service.name'] ?? 'unknown');
      return list(resource, 'scopeSpans').flatMap((scope) =>
        list(record(scope, 'scopeSpans[]'), 'spans').map((span) =>
          readSpan({ service, span: record(span, 'spans[]') }),
        ),
      );
    })
    .toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

function readSpan({ service, span }: { service: string; span: Value }): Span {
  const parentId = id(span, 'parentSpanId', 16);
  const status = record(span.status ?? {}, 'status');
  const traceId = id(span, 'traceId', 32);
  const spanId = id(span, 'spanId', 16);
  if (traceId === undefined || spanId === undefined) throw new Error('a span has no id');
  const start = nanoseconds(span, 'startTimeUnixNano');
  const end = nanoseconds(span, 'endTimeUnixNano');
  return {
    ...{ traceId, spanId, service, name: String(span.name ?? '') },
    ...(parentId === undefined ? {} : { parentId }),
    kind: kindOf(span.kind),
    start,
    // A clock that was set back gives a span that ends before it begins.
    end: end < start ? start : end,
    ...(isError(status.code) ? { error: String(status.message ?? '') } : {}),
    attributes: readAttributes(span),
  };
}

/** Jaeger writes enumerations as numbers, Protobuf's own JSON as names. */
function kindOf(kind: unknown): Span['kind'] {
  if (typeof kind === 'number') return spanKinds[kind] ?? 'unspecified';
  const name = String(kind ?? '')
    .replace(/^SPAN_KIND_/, '')
    .toLowerCase();
  return spanKinds.find((known) => known === name) ?? 'unspecified';
}

function isError(code: unknown): boolean {
  return code === 2 || code === 'STATUS_CODE_ERROR';
}

function readAttributes(holder: Value): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(
    list(holder, 'attributes').map((each) => {
      const { key, value } = record(each, 'attributes[]');
      return [String(key), readValue(record(value ?? {}, 'the value of an attribute'))];
    }),
  );
}

function readValue(value: Value): AttributeValue {
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  const [first] = Object.values(value);
  return first === undefined ? '' : JSON.stringify(first);
}

/** Jaeger writes ids as hexadecimal digits; of a span without a parent none, or only zeros. */
function id(span: Value, name: string, digits: number): string | undefined {
  const value = span[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || !new RegExp(`^[0-9a-f]{${digits}}$`, 'i').test(value))
    throw new Error(`${name} is not ${digits} hexadecimal digits: ${JSON.stringify(value)}`);
  return /^0+$/.test(value) ? undefined : value.toLowerCase();
}

function nanoseconds(span: Value, name: string): bigint {
  const value = span[name] ?? '0';
  if ((typeof value !== 'string' && typeof value !== 'number') || !/^\d+$/.test(String(value)))
    throw new Error(`${name} is not a time: ${JSON.stringify(value)}`);
  return BigInt(value);
}

function record(value: unknown, what: string): Value {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Value;
  throw new Error(`${what} is not an object`);
}

function list(holder: Value, name: string): readonly unknown[] {
  const value = holder[name] ?? [];
  if (Array.isArray(value)) return value;
  throw new Error(`${name} is not a list`);
}
