import { expect, test } from 'vitest';
import { panelsText } from './text.ts';

const range = { from: 1_796_000_000, to: 1_796_000_060, step: 10 };
const points = (...values: (number | undefined)[]) =>
  values.flatMap((value, index) => (value === undefined ? [] : [{ at: range.from + index * 10, value }]));

test('each panel has its target and scale, and a line for each series', () => {
  const text = panelsText({
    panels: [
      {
        name: 'latency',
        title: 'Latency',
        unit: 'milliseconds',
        target: { below: 500 },
        series: [
          { name: 'joined', points: points(100, 200, undefined, undefined, 600, 700, 800) },
          { name: 'API', points: points(50, 50, 50, 50, 50) },
        ],
      },
      {
        name: 'health',
        title: 'Service health',
        unit: 'state',
        target: { above: 1 },
        series: [
          { name: 'arc-sql', points: points(1, 1, 1, 0, 0, 0, 0) },
          { name: 'arc-cache', points: points(1, 1, 1, 1, 1, 1, 1) },
        ],
      },
      { name: 'agents', title: 'Agents', unit: 'count', series: [] },
    ],
    without: [{ name: 'turns', title: 'Turns', needs: ['agent'] }],
    range,
  });
  expect(text).toBe(
    [
      'Latency, to stay below 500 ms (0 ms to 800 ms)',
      '  ✗ joined  ▂▃  ▇██|  800 ms',
      '    API     ▁▁▁▁▁  |  –',
      '',
      'Service health',
      '  ✗ arc-sql    ███▁▁▁▁|  down',
      '    arc-cache  ███████|  up',
      '',
      'Agents',
      '  no value in this time',
      '',
      'Turns: needs agent, which does not run',
      '',
      'From 2026-11-30 00:53 UTC to 2026-11-30 00:54 UTC. A blank is a time without a value.',
    ].join('\n'),
  );
});
