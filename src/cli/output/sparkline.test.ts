import { expect, test } from 'vitest';
import { boundsOf, sparkline } from './sparkline.ts';

const range = { from: 0, to: 90, step: 10 };
const points = (...values: (number | undefined)[]) =>
  values.flatMap((value, index) => (value === undefined ? [] : [{ at: index * 10, value }]));

test('is one block a step, on the scale of the picture', () => {
  const bounds = { low: 0, high: 9 };
  expect(sparkline({ points: points(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), range, bounds })).toBe('▁▁▂▃▄▅▆▇██');
});

test('shows a gap as a gap, at the beginning, within and at the end', () => {
  const bounds = { low: 0, high: 1 };
  expect(sparkline({ points: points(undefined, 1, 1, undefined, Number.NaN, 0, 0), range, bounds })).toBe(
    ' ██  ▁▁   ',
  );
});

test('of nothing but 0 is at the bottom of its scale', () => {
  expect(sparkline({ points: points(0, 0), range, bounds: { low: 0, high: 0 } })).toBe('▁▁        ');
});

test('the scale begins at 0, and leaves out what is no number', () => {
  expect(boundsOf([{ points: points(3, 5) }, { points: points(Number.NaN, Infinity) }])).toEqual({
    low: 0,
    high: 5,
  });
  expect(boundsOf([{ points: points(-2, -1) }])).toEqual({ low: -2, high: -1 });
  expect(boundsOf([{ points: [] }])).toBeUndefined();
});
