import type { TopRow } from '../../app/top/top.ts';
import { formatBytes } from '../../core/bytes.ts';
import { formatTable } from '../output/table.ts';

/** What containers use and do, as a table. */
export function formatTop({ rows, columns }: { rows: readonly TopRow[]; columns: number }): string {
  return formatTable({
    headings: ['CONTAINER', 'CPU', 'MEMORY', 'OF', 'IN', 'OUT', 'DOES'],
    spare: ['OF'],
    rows: rows.map(({ name, usage, memoryLimit, doing }) => [
      name,
      ...(usage === undefined
        ? ['–', '–']
        : [`${usage.cpuPercent.toFixed(1)}%`, formatBytes(usage.memoryBytes)]),
      memoryLimit === undefined ? '' : formatBytes(memoryLimit),
      ...(usage === undefined ? ['–', '–'] : [rate(usage.receivedPerSecond), rate(usage.sentPerSecond)]),
      doing.map(({ what, count }) => `${count} ${count === 1 ? what.replace(/s$/, '') : what}`).join(', '),
    ]),
    columns,
  });
}

function rate(bytes: number): string {
  return `${formatBytes(bytes)}/s`;
}
