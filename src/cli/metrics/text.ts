import type { Series } from '../../providers/metrics-source.ts';
import { digits } from '../output/quantity.ts';
import { boundsOf, sparkline } from '../output/sparkline.ts';
import { formatTable } from '../output/table.ts';

/** Blocks of a line over time. */
export const lineColumns = 60;

/** A table of series; with a range, each has its line. */
export function metricsText(options: {
  series: readonly Series[];
  range: { from: number; to: number; step: number } | undefined;
}): string {
  const { series, range } = options;
  if (series.length === 0) return 'No series.';
  const sorted = series
    .map((one) => ({ ...one, name: seriesName(one.labels) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (range === undefined)
    return formatTable({
      headings: ['VALUE', 'SERIES'],
      rows: sorted.map(({ name, points }) => [shown(points.at(-1)?.value), name]),
      columns: Number.POSITIVE_INFINITY,
    });
  const bounds = boundsOf(series) ?? { low: 0, high: 0 };
  return formatTable({
    headings: ['NOW', `${shown(bounds.low)} TO ${shown(bounds.high)}`, 'SERIES'],
    rows: sorted.map(({ name, points }) => {
      const last = points.at(-1);
      // A line that ends before now has no value now.
      const now = last !== undefined && last.at > range.to - range.step / 2 ? last.value : undefined;
      return [shown(now), `${sparkline({ points, range, bounds })}|`, name];
    }),
    columns: Number.POSITIVE_INFINITY,
  });
}

function shown(value: number | undefined): string {
  if (value === undefined) return '–';
  return Number.isFinite(value) ? digits(value) : String(value);
}

/** `up{job="arc-sql"}`. */
function seriesName({ __name__: name = '', ...labels }: Series['labels']): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? name || '{}' : `${name}{${pairs.join(', ')}}`;
}
