import { type AttributeValue, type Span, spanKinds } from './span.ts';

/**
 * Spans as the body of `POST /v1/traces`: OTLP in JSON, where ids are hexadecimal and 64-bit numbers are texts
 * (opentelemetry-proto, "JSON Protobuf Encoding").
 */
export function writeSpans(spans: readonly Span[]): string {
  const services = Map.groupBy(spans, ({ service }) => service);
  return JSON.stringify({
    resourceSpans: Array.from(services, ([service, own]) => ({
      resource: { attributes: attributes({ 'service.name': service }) },
      scopeSpans: [{ scope: { name: 'arc' }, spans: own.map(writeSpan) }],
    })),
  });
}

function writeSpan(span: Span): unknown {
  const { traceId, spanId, parentId, name, kind, start, end, error } = span;
  return {
    ...{ traceId, spanId, name },
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    kind: spanKinds.indexOf(kind),
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    attributes: attributes(span.attributes),
    // 2 is STATUS_CODE_ERROR.
    ...(error === undefined ? {} : { status: { code: 2, message: error } }),
  };
}

function attributes(values: Readonly<Record<string, AttributeValue>>): readonly unknown[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: written(value) }));
}

function written(value: AttributeValue): unknown {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
