import { describe, expect, test } from 'vitest';
import { readSpans } from './otlp-read.ts';
import { writeSpans } from './otlp-write.ts';
import { newSpanId, newTraceId, type Span, traceIdPattern } from './span.ts';

const span: Span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  service: 'arc',
  name: 'arc up',
  kind: 'internal',
  start: 1_796_000_000_123_456_789n,
  end: 1_796_000_001_123_456_789n,
  attributes: { 'arc.profile': 'think', 'arc.steps': 12, 'arc.ratio': 0.5, 'arc.kept': false },
};

describe('spans as OTLP in JSON', () => {
  test('come back as they were', () => {
    const child: Span = {
      ...span,
      spanId: '00f067aa0ba902b7',
      parentId: span.spanId,
      service: 'livekit',
      kind: 'client',
      start: span.start + 5n,
      error: 'it ended',
    };
    expect(readSpans(JSON.parse(writeSpans([child, span])))).toEqual([span, child]);
  });

  test('have texts for 64-bit numbers, hexadecimal ids, and one resource a service', () => {
    const { resourceSpans } = JSON.parse(writeSpans([span, { ...span, service: 'other' }]));
    expect(resourceSpans).toHaveLength(2);
    expect(resourceSpans[0]).toMatchObject({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'arc' } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: '0af7651916cd43dd8448eb211c80319c',
              startTimeUnixNano: '1796000000123456789',
              kind: 1,
              attributes: [
                { key: 'arc.profile', value: { stringValue: 'think' } },
                { key: 'arc.steps', value: { intValue: '12' } },
                { key: 'arc.ratio', value: { doubleValue: 0.5 } },
                { key: 'arc.kept', value: { boolValue: false } },
              ],
            },
          ],
        },
      ],
    });
  });

  test.each([
    ['a list', [], 'the answer is not an object'],
    ['spans without ids', wrap({ name: 'x' }), 'a span has no id'],
    [
      'ids of another length',
      wrap({ traceId: 'abc', spanId: 'b7ad6b7169203331' }),
      'traceId is not 32 hexadecimal digits: "abc"',
    ],
    [
      'times that are none',
      wrap({ ...ids(), startTimeUnixNano: 'soon' }),
      'startTimeUnixNano is not a time: "soon"',
    ],
    ['what is no list', { resourceSpans: {} }, 'resourceSpans is not a list'],
  ])('are refused as %s', (_, data, message) => {
    expect(() => readSpans(data)).toThrow(message);
  });

  test('may be written with names of enumerations, as Protobuf does', () => {
    const named = {
      ...ids(),
      kind: 'SPAN_KIND_SERVER',
      status: { code: 'STATUS_CODE_ERROR', message: 'no' },
    };
    expect(readSpans(wrap(named))).toMatchObject([{ kind: 'server', error: 'no' }]);
  });

  test('whose clock was set back take no time, and a parent of zeros is none', () => {
    const back = { ...ids(), parentSpanId: '0'.repeat(16), startTimeUnixNano: '20', endTimeUnixNano: '10' };
    const [read] = readSpans(wrap(back));
    expect(read).toMatchObject({ start: 20n, end: 20n });
    expect(read).not.toHaveProperty('parentId');
  });

  test('have a list among their attributes as its JSON', () => {
    const attributes = [{ key: 'a', value: { arrayValue: { values: [{ stringValue: 'x' }] } } }];
    expect(readSpans(wrap({ ...ids(), attributes }))[0]?.attributes).toEqual({
      a: '{"values":[{"stringValue":"x"}]}',
    });
  });
});

test('new ids are ids', () => {
  expect(newTraceId()).toMatch(traceIdPattern);
  expect(newSpanId()).toMatch(/^[0-9a-f]{16}$/);
  expect('0'.repeat(32)).not.toMatch(traceIdPattern);
});

function ids() {
  return { traceId: span.traceId, spanId: span.spanId };
}

function wrap(each: unknown) {
  return { resourceSpans: [{ scopeSpans: [{ spans: [each] }] }] };
}
