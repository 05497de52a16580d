const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * A row of blocks, one for each step; a step without a value is a blank: a gap stays a gap.
 *
 * @param options.points seconds since 1970, each at a step of the range
 * @param options.bounds of the scale; several rows of one picture have the same
 */
export function sparkline(options: {
  points: readonly { at: number; value: number }[];
  range: { from: number; to: number; step: number };
  bounds: { low: number; high: number };
}): string {
  const { points, range, bounds } = options;
  const { from, to, step } = range;
  const cells = Array.from({ length: Math.round((to - from) / step) + 1 }, () => ' ');
  for (const { at, value } of points) {
    const cell = Math.round((at - from) / step);
    if (cell >= 0 && cell < cells.length && Number.isFinite(value)) cells[cell] = levelOf(value, bounds);
  }
  return cells.join('');
}

function levelOf(value: number, { low, high }: { low: number; high: number }): string {
  const part = high === low ? 0 : (value - low) / (high - low);
  const level = Math.min(levels.length - 1, Math.max(0, Math.floor(part * levels.length)));
  return levels[level] ?? ' ';
}

/** The scale of some series: from 0, unless a value is below it, to the largest; undefined if there is no value. */
export function boundsOf(
  series: readonly { points: readonly { value: number }[] }[],
): { low: number; high: number } | undefined {
  let low = 0;
  let high = Number.NEGATIVE_INFINITY;
  for (const { points } of series) {
    for (const { value } of points) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return high === Number.NEGATIVE_INFINITY ? undefined : { low, high: Math.max(high, low) };
}
