import { formatTable } from '../../src/cli/output/table.ts';
import type { Part, Report, Row, Timing } from './report.ts';

const figureWidth = 44;

/** Where, when and of what a report is, as a sentence for people. */
export function describeRun(report: Report): string {
  const { commit, changed, date, machine, engine, rounds, load } = report;
  const memory = `${Math.round(machine.memoryBytes / 2 ** 30)} GiB`;
  return [
    `${date.slice(0, 10)}, commit ${commit.slice(0, 12)}${changed ? ' with uncommitted changes' : ''}`,
    `${machine.processor}, ${machine.cores} cores, ${memory}`,
    `Docker Engine ${engine.version} (${engine.driver})`,
    rounds === 1 ? '1 round' : `${rounds} rounds`,
    `load ${load.toFixed(1)} before the first row`,
  ].join('; ');
}

/** All parts, with an empty line between them. */
export function printReport(report: Report): string {
  return report.parts.map(printPart).join('\n');
}

/** A part with its rows; each row that has a bound begins with `ok` or `OVER`. */
export function printPart(part: Part): string {
  const rounds = part.rounds === 1 ? '1 round' : `${part.rounds} rounds`;
  const title = `${part.title}  (load ${part.load.toFixed(1)}, ${rounds})`;
  if (part.notMeasured !== undefined) return `${part.title}\n  not measured: ${part.notMeasured}\n`;
  const streams = part.rows.filter((row) => row.kind === 'streams');
  const lines = part.rows.filter((row) => row.kind !== 'streams').map(printRow);
  return `${[title, ...(streams.length > 0 ? [streamsTable(streams)] : []), ...lines].join('\n')}\n`;
}

function printRow(row: Exclude<Row, { kind: 'streams' }>): string {
  switch (row.kind) {
    case 'ratio': {
      const note = `${printTiming(row.of)}, ${printTiming(row.to)}`;
      return `  ${mark(row)} ${row.figure.padEnd(figureWidth)} ${row.ratio.toFixed(2)}  (at most ${row.bound})  ${note}`;
    }
    case 'seconds':
      return `  ${mark(row)} ${row.figure.padEnd(figureWidth)} ${printSeconds(row.timing)}  (at most ${row.bound} s)`;
    case 'beside': {
      const note = `${printTiming(row.of)}, ${printTiming(row.to)}`;
      return `       ${row.figure.padEnd(figureWidth)} ${row.ratio.toFixed(2)}  ${note}`;
    }
    case 'plain':
      return `       ${row.figure.padEnd(figureWidth)} ${printSeconds(row.timing)}`;
    case 'amount':
      return `  ${mark(row)} ${row.figure.padEnd(figureWidth)} ${row.amount} ${row.unit}  (at most ${row.bound} ${row.unit})`;
    case 'counts': {
      const counts = Object.entries(row.counts).map(([value, count]) => `${value} ×${count}`);
      return `       ${row.figure.padEnd(figureWidth)} ${counts.join(', ')}`;
    }
    default:
      return row satisfies never;
  }
}

function streamsTable(rows: readonly Extract<Row, { kind: 'streams' }>[]): string {
  const table = formatTable({
    headings: ['', '', 'whole streams', 'CPU each', 'active after', 'sound late by', 'at worst'],
    rows: rows.map((row) => {
      const { each } = row;
      const costs = each && [
        `${each.cpuPercent} %`,
        `${each.activeSeconds.toFixed(1)} s`,
        `${each.soundLateMilliseconds} ms`,
        `${each.soundWorstMilliseconds} ms`,
      ];
      return [mark(row), row.figure, `${row.streams} (${row.end})`, ...(costs ?? ['', '', '', ''])];
    }),
    columns: Number.POSITIVE_INFINITY,
  });
  return table.replaceAll(/^/gm, '  ');
}

const mark = ({ verdict }: { verdict: 'ok' | 'OVER' }): string => verdict.padEnd(4);

function printTiming(timing: Timing): string {
  return `${timing.name} ${printSeconds(timing)}`;
}

/** The median, with the fastest and the slowest where there were several. */
function printSeconds({ median, seconds }: Timing): string {
  const [fastest = median, slowest = median] = [seconds[0], seconds.at(-1)];
  const range = seconds.length > 1 ? ` [${fastest.toFixed(2)}–${slowest.toFixed(2)}]` : '';
  return `${median.toFixed(2)} s${range}`;
}
