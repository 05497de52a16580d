import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { formatTraces } from './list.ts';
import { formatWaterfall } from './terminal.ts';
import { boot, span, trace } from './trace.fixture.ts';
import { layOut } from './waterfall.ts';
import { formatNanoseconds } from './words.ts';

const chalk = new Chalk({ level: 0 });

function drawn(found: Parameters<typeof layOut>[0], columns: number): readonly string[] {
  return formatWaterfall({ waterfall: layOut(found), columns, chalk }).split('\n');
}

describe('a trace in the terminal', () => {
  test('is a line a span, with its bar and its time, and what failed', () => {
    expect(drawn(boot, 80)).toEqual([
      'arc up, 9.87s, 6 spans, 1 failed',
      '2026-11-30 13:06:10 UTC, trace 0af7651916cd43dd8448eb211c80319c',
      '',
      'arc up                      █████████████████████████████████████████████  9.87s',
      '├─ create container cache   ▏                                             30.2ms',
      '├─ start container cache    ███████                                        1.46s',
      '├─ await container realtime       ███████████████████████████████████████  8.30s',
      '│  └─ livekit Sent.Room              ▏                                     400µs',
      '└─ await container egress                         ███████████████████████  4.87s',
      '',
      '✗ await container egress: It ended with "exit 1" <now>.',
    ]);
  });

  test.each([40, 60, 80, 200, Number.POSITIVE_INFINITY])('fits %d columns, whatever its names', (columns) => {
    const long = 'a name '.repeat(40);
    const wide = trace(
      span({ name: long, from: 0, to: 1 }),
      span({ name: '漢字'.repeat(30), parentId: long, from: 0, to: 1, error: 'because '.repeat(30) }),
    );
    for (const found of [boot, wide])
      for (const line of drawn(found, columns)) {
        // The trace's id is one word, which is copied.
        if (!line.includes('trace 0af7'))
          expect(stringWidth(line), line).toBeLessThanOrEqual(Math.min(columns, 120));
      }
  });

  test('has colours where the terminal has, and a failed span is red', () => {
    const text = formatWaterfall({ waterfall: layOut(boot), columns: 80, chalk: new Chalk({ level: 1 }) });
    expect(text).toContain('\u001B[36m█');
    expect(text).toContain('\u001B[31m└─ await container egress');
  });
});

test('traces are a table that fits 80 columns', () => {
  const text = formatTraces({ traces: [boot], columns: 80 });
  expect(text.split('\n')).toEqual([
    'TRACE                             BEGAN           TIME   SPANS        WHAT',
    '0af7651916cd43dd8448eb211c80319c  11-30 13:06:10  9.87s  6, 1 failed  arc up',
  ]);
  expect(formatTraces({ traces: [], columns: 80 })).toBe('No traces within that time.');
});

test.each([
  [0n, '0µs'],
  [412_000n, '412µs'],
  [12_345_000n, '12.3ms'],
  [412_000_000n, '412ms'],
  [999_600_000n, '1.00s'],
  [9_870_000_000n, '9.87s'],
  [185_000_000_000n, '3m05s'],
])('%d ns are %s', (nanoseconds, text) => {
  expect(formatNanoseconds(nanoseconds)).toBe(text);
});
