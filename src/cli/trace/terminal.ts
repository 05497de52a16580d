import type { ChalkInstance } from 'chalk';
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import type { Span } from '../../core/spans/span.ts';
import { wrap } from '../../core/wrap.ts';
import type { Waterfall, WaterfallRow } from './waterfall.ts';
import { errorText, formatMoment, formatNanoseconds, headline, labelOf } from './words.ts';

/** Without a terminal, and in a very wide one. */
const widest = 120;
/** Narrower, and no bar could be told from another. */
const narrowestBar = 8;

/**
 * A trace in the terminal: a line a span, with its name, its bar and how long it took; below, what failed. No line is
 * wider than the terminal, but for one of less than 40 columns.
 */
export function formatWaterfall(options: {
  waterfall: Waterfall;
  columns: number;
  chalk: ChalkInstance;
}): string {
  const { waterfall, chalk } = options;
  const columns = Math.max(40, Math.min(options.columns, widest));
  const labels = waterfall.rows.map((row) => `${branches(row)}${labelOf(row)}`);
  const times = waterfall.rows.map(({ nanoseconds }) => formatNanoseconds(nanoseconds));
  const time = Math.max(...times.map((text) => text.length));
  const most = Math.max(12, Math.min(Math.floor(columns * 0.55), columns - time - narrowestBar - 2));
  const label = Math.min(most, Math.max(...labels.map((text) => stringWidth(text))));
  const bar = columns - label - time - 2;
  const lines = waterfall.rows.map((row, index) => {
    const name = pad(cliTruncate(labels[index] ?? '', label), label);
    const paint = row.span.error === undefined ? chalk.cyan : chalk.red;
    const drawn = barOf(row, bar);
    return [
      row.span.error === undefined ? name : chalk.red(name),
      `${drawn.before}${paint(drawn.bar)}${drawn.after}`,
      (times[index] ?? '').padStart(time),
    ].join(' ');
  });
  const failures = waterfall.rows.flatMap(({ span }) => failureOf({ span, columns, chalk }));
  return [
    ...wrap(headline(waterfall), columns, '  '),
    chalk.dim(`${formatMoment(waterfall.start)}, trace ${waterfall.traceId}`),
    '',
    ...lines,
    ...(failures.length === 0 ? [] : ['', ...failures]),
  ].join('\n');
}

function failureOf(options: { span: Span; columns: number; chalk: ChalkInstance }): readonly string[] {
  const { span, columns, chalk } = options;
  if (span.error === undefined) return [];
  const name = cliTruncate(span.name, Math.floor(columns / 2));
  // Characters that are two columns wide.
  const beyond = stringWidth(name) - name.length;
  return wrap(`${chalk.red('✗')} ${name}: ${errorText(span.error)}`, columns - beyond, '  ');
}

/** `│  └─ ` */
function branches({ follows }: WaterfallRow): string {
  return follows
    .map((more, index) => (index === follows.length - 1 ? (more ? '├─ ' : '└─ ') : more ? '│  ' : '   '))
    .join('');
}

/** Every span is seen, however short it is. */
function barOf(row: WaterfallRow, width: number): { before: string; bar: string; after: string } {
  const begin = Math.min(width - 1, Math.floor(row.from * width));
  const size = Math.round(row.to * width) - begin;
  const bar = size < 1 ? '▏' : '█'.repeat(size);
  return { before: ' '.repeat(begin), bar, after: ' '.repeat(width - begin - bar.length) };
}

function pad(text: string, size: number): string {
  return text + ' '.repeat(Math.max(0, size - stringWidth(text)));
}
