import { describe, expect, test } from 'vitest';
import { tracesIn } from '../../app/traces/find-traces.ts';
import { boot, span, trace } from './trace.fixture.ts';
import { layOut } from './waterfall.ts';

/** A line a row: its depth, its name and its part of the whole. */
function shown(found: Parameters<typeof layOut>[0]): readonly string[] {
  return layOut(found).rows.map(
    ({ span: { name }, depth, from, to }) => `${depth} ${name} ${from.toFixed(2)}-${to.toFixed(2)}`,
  );
}

describe('a trace is laid out', () => {
  test('with each span below the one that it is a part of, in order of their begin', () => {
    expect(shown(boot)).toEqual([
      '0 arc up 0.00-1.00',
      '1 create container cache 0.00-0.00',
      '1 start container cache 0.00-0.15',
      '1 await container realtime 0.15-0.99',
      '2 Sent.Room 0.20-0.20',
      '1 await container egress 0.51-1.00',
    ]);
    expect(layOut(boot)).toMatchObject({
      name: 'arc up',
      service: 'arc',
      nanoseconds: 9_870_000_000n,
      failed: 1,
    });
  });

  test('with a span at the edge whose parent was lost', () => {
    expect(
      shown(
        trace(span({ name: 'a', from: 0, to: 4 }), span({ name: 'b', parentId: 'lost', from: 2, to: 4 })),
      ),
    ).toEqual(['0 a 0.00-1.00', '0 b 0.50-1.00']);
  });

  test('with spans that are each other’s parents, or their own', () => {
    expect(
      shown(
        trace(
          span({ name: 'a', parentId: 'b', from: 0, to: 4 }),
          span({ name: 'b', parentId: 'a', from: 1, to: 4 }),
          span({ name: 'c', parentId: 'c', from: 2, to: 4 }),
        ),
      ).toSorted(),
    ).toEqual(['0 a 0.00-1.00', '0 c 0.50-1.00', '1 b 0.25-1.00']);
  });

  test('that took no time at all', () => {
    expect(shown(trace(span({ name: 'a', from: 0, to: 0 })))).toEqual(['0 a 0.00-0.00']);
  });

  test('of ten thousand spans, each a part of the one before', () => {
    const deep = Array.from({ length: 10_000 }, (_, index) =>
      span({ name: `s${index}`, parentId: `s${index - 1}`, from: index, to: 10_000 }),
    );
    const [first, ...others] = deep;
    if (first === undefined) throw new Error('there is a span');
    expect(layOut(trace(first, ...others)).rows.at(-1)).toMatchObject({ depth: 9_999 });
  });
});

test('spans are sorted by their traces, the newest trace first, and each counts once', () => {
  const old = span({ name: 'old', traceId: 'a', from: 0, to: 1 });
  const late = span({ name: 'late', traceId: 'b', from: 7, to: 9 });
  const early = span({ name: 'early', traceId: 'b', from: 5, to: 9 });
  expect(
    tracesIn([old, late, early, late]).map(({ traceId, spans }) => [traceId, spans.map(({ name }) => name)]),
  ).toEqual([
    ['b', ['early', 'late']],
    ['a', ['old']],
  ]);
});
