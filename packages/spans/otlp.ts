import { type Attributes, type AttributeValue, type Span, spanKinds } from './span.ts';

/**
 * Spans as the body of `POST /v1/traces`: OTLP in JSON, where ids are hexadecimal and 64-bit numbers are texts
 * (opentelemetry-proto, "JSON Protobuf Encoding").
 *
 * @param options.service the value of `service.name`
 */
export function otlpBody(options: { service: string; spans: readonly Span[] }): string {
  const { service, spans } = options;
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': service }) },
        scopeSpans: [{ scope: { name: 'arc' }, spans: spans.map(spanOf) }],
      },
    ],
  });
}

/** How many spans the receiver did not take although it answered well. Source: OTLP, "Partial Success". */
export function rejectedIn(answer: string): number {
  try {
    const { partialSuccess } = JSON.parse(answer) as { partialSuccess?: { rejectedSpans?: string | number } };
    return Number(partialSuccess?.rejectedSpans ?? 0);
  } catch {
    // An answer that is not JSON says nothing about single spans; its status does.
    return 0;
  }
}

function spanOf(span: Span): unknown {
  const { traceId, spanId, parentId, name, kind, start, end, error, attributes } = span;
  return {
    ...{ traceId, spanId, name },
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    kind: spanKinds.indexOf(kind),
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    attributes: attributesOf(attributes),
    // 2 is STATUS_CODE_ERROR.
    ...(error === undefined ? {} : { status: { code: 2, message: error } }),
  };
}

function attributesOf(values: Attributes): readonly unknown[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: written(value) }));
}

function written(value: AttributeValue): unknown {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
