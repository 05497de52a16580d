import type { DrawnSeries, Range } from '../../app/metrics/panels.ts';

const up = '#009e73';
const down = '#d55e00';

/**
 * What is up and what is down as a row a series: lines that all lie on 1 could not be told apart.
 *
 * @param options.area where the rows are, in the picture's units
 */
export function stateRows(options: {
  series: readonly DrawnSeries[];
  range: Range;
  area: { left: number; top: number; width: number; height: number };
  xmlText: (text: string) => string;
}): string {
  const { series, range, area, xmlText } = options;
  const height = Math.min(18, area.height / Math.max(1, series.length));
  const names = 150;
  const width = (area.width - names) / (Math.round((range.to - range.from) / range.step) + 1);
  return series
    .map(({ name, points }, row) => {
      const y = area.top + row * height;
      const cells = points.map(({ at, value }) => {
        const x = area.left + names + ((at - range.from) / range.step) * width;
        return `<rect x="${x.toFixed(1)}" y="${(y + 1).toFixed(1)}" width="${width.toFixed(2)}" height="${(height - 2).toFixed(1)}" fill="${value >= 1 ? up : down}"/>`;
      });
      return `<text x="${area.left}" y="${(y + height - 4).toFixed(1)}" font-size="${Math.min(12, height - 2).toFixed(1)}" fill="#1a1a1a">${xmlText(name)}</text>${cells.join('')}`;
    })
    .join('');
}
