import type { FoundTrace } from '../../app/traces/find-traces.ts';
import { formatTable } from '../output/table.ts';
import { layOut } from './waterfall.ts';
import { formatMoment, formatNanoseconds } from './words.ts';

/** Traces as a table, the newest first. */
export function formatTraces(options: { traces: readonly FoundTrace[]; columns: number }): string {
  const { traces, columns } = options;
  if (traces.length === 0) return 'No traces within that time.';
  const rows = traces
    .map(layOut)
    .map((trace) => [
      trace.traceId,
      formatMoment(trace.start).slice(5, 19),
      formatNanoseconds(trace.nanoseconds),
      `${trace.rows.length}${trace.failed === 0 ? '' : `, ${trace.failed} failed`}`,
      trace.name.startsWith(`${trace.service} `) ? trace.name : `${trace.service} ${trace.name}`,
    ]);
  return formatTable({ headings: ['TRACE', 'BEGAN', 'TIME', 'SPANS', 'WHAT'], rows, columns });
}
