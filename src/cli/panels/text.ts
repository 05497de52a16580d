import type { DrawnPanel, Range } from '../../app/metrics/panels.ts';
import { quantity } from '../output/quantity.ts';
import { boundsOf, sparkline } from '../output/sparkline.ts';
import type { Undrawn } from './choose.ts';

/** Blocks of a line over time: with its name and value it fits into 100 columns. */
export const lineColumns = 48;
const longestName = 36;

/** Each panel with its title and target, and a line for each series on the panel's scale. */
export function panelsText(options: {
  panels: readonly DrawnPanel[];
  without: readonly Undrawn[];
  range: Range;
}): string {
  const { panels, without, range } = options;
  const left = without.map(({ title, needs }) => `${title}: needs ${needs.join(' or ')}, which does not run`);
  return [...panels.map((panel) => panelText({ panel, range })), ...left, footer(range)].join('\n\n');
}

function panelText({ panel, range }: { panel: DrawnPanel; range: Range }): string {
  const { title, unit, target, series } = panel;
  const bounds = boundsOf(series);
  const aim =
    target?.below !== undefined
      ? `, to stay below ${quantity(target.below, unit)}`
      : target?.above !== undefined && unit !== 'state'
        ? `, to stay at ${quantity(target.above, unit)} or above`
        : '';
  const scale =
    bounds === undefined || unit === 'state'
      ? ''
      : ` (${quantity(bounds.low, unit)} to ${quantity(bounds.high, unit)})`;
  const heading = `${title}${aim}${scale}`;
  if (bounds === undefined) return `${heading}\n  no value in this time`;
  const width = Math.min(longestName, Math.max(...series.map(({ name }) => name.length)));
  const lines = series.map(({ name, points }) => {
    const last = points.at(-1);
    // A line that ends before now has no value now.
    const now = last !== undefined && last.at > range.to - range.step * 1.5 ? last.value : undefined;
    const said = now === undefined ? '–' : quantity(now, unit);
    const shown = name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width);
    return `  ${misses({ value: now, target }) ? '✗' : ' '} ${shown}  ${sparkline({ points, range, bounds: forUnit(bounds, unit) })}|  ${said}`;
  });
  return [heading, ...lines].join('\n');
}

/** Up is full and down is empty, also while everything is up. */
function forUnit(bounds: { low: number; high: number }, unit: DrawnPanel['unit']) {
  return unit === 'state' ? { low: 0, high: 1 } : bounds;
}

export function misses(options: { value: number | undefined; target: DrawnPanel['target'] }): boolean {
  const { value, target = {} } = options;
  if (value === undefined) return false;
  return (
    (target.below !== undefined && value >= target.below) ||
    (target.above !== undefined && value < target.above)
  );
}

function footer({ from, to }: Range): string {
  const time = (seconds: number): string =>
    `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `From ${time(from)} to ${time(to)}. A blank is a time without a value.`;
}
