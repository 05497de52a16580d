import { expect, test } from 'vitest';
import { panelsSvg, stretchesOf } from './svg.ts';

const range = { from: 0, to: 60, step: 10 };
const points = (...values: (number | undefined)[]) =>
  values.flatMap((value, index) => (value === undefined ? [] : [{ at: index * 10, value }]));

test('a line is broken where a value is missing, and where it is no number', () => {
  const found = stretchesOf(points(1, 2, undefined, 3, Number.NaN, 4, 5), 10);
  expect(found.map((stretch) => stretch.map(({ value }) => value))).toEqual([[1, 2], [3], [4, 5]]);
});

test('a picture has a line for each stretch, a dot for a point alone, its target and its names, escaped', () => {
  const svg = panelsSvg({
    panels: [
      {
        name: 'a',
        title: 'Loss & <more>',
        unit: 'percent',
        target: { below: 1 },
        series: [{ name: 'in', points: points(0, 1, undefined, 2, undefined, 1, 0) }],
      },
      { name: 'b', title: 'Nothing', unit: 'count', series: [] },
    ],
    range,
  });
  expect(svg).toContain('Loss &amp; &lt;more&gt;');
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg.match(/<circle/g)).toHaveLength(1);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
  expect(svg).toContain('in: 0 %');
  expect(svg).toContain('no value in this time');
});

test('what is up and down is a row of cells a series, without one where nothing is known', () => {
  const series = [
    { name: 'arc-sql', points: points(1, 1, undefined, 0) },
    { name: 'arc-cache', points: points(1, 1, 1, 1) },
  ];
  const svg = panelsSvg({
    panels: [{ name: 'h', title: 'Health', unit: 'state', series }],
    range: { from: 0, to: 30, step: 10 },
  });
  const fills = Array.from(svg.matchAll(/<rect x[^>]*fill="(#\w+)"/g), ([, colour]) => colour);
  expect(fills).toHaveLength(7);
  expect(fills.filter((colour) => colour === '#d55e00')).toHaveLength(1);
  expect(svg).toContain('>arc-sql</text>');
});
