import { expect, test } from 'vitest';
import { metricsText } from './text.ts';

const series = [
  { labels: { __name__: 'up', job: 'arc-sql' }, points: [{ at: 30, value: 1 }] },
  { labels: { __name__: 'up', job: 'arc-cache' }, points: [{ at: 30, value: 0.123456 }] },
];

test('a value now is a row a series, by name', () => {
  expect(metricsText({ series, range: undefined })).toBe(
    ['VALUE  SERIES', '0.123  up{job="arc-cache"}', '1      up{job="arc-sql"}'].join('\n'),
  );
});

test('over time each series has its line, and no value now where its line has ended', () => {
  const range = { from: 0, to: 50, step: 10 };
  const lines = [
    { labels: {}, points: [0, 10, 20, 30, 40, 50].map((at) => ({ at, value: at })) },
    { labels: { job: 'x' }, points: [0, 10, 30].map((at) => ({ at, value: 50 })) },
  ];
  expect(metricsText({ series: lines, range })).toBe(
    ['NOW  0 TO 50  SERIES', '–    ██ █  |  {job="x"}', '50   ▁▂▄▅▇█|  {}'].join('\n'),
  );
});

test('an answer without series says so', () => {
  expect(metricsText({ series: [], range: undefined })).toBe('No series.');
});
