import { formatElapsed } from '../output/renderer.ts';
import type { Waterfall, WaterfallRow } from './waterfall.ts';

/** `412µs`, `12.3ms`, `9.87s`, `3m05s`. */
export function formatNanoseconds(nanoseconds: bigint): string {
  const microseconds = Number(nanoseconds) / 1_000;
  if (microseconds < 999.5) return `${Math.round(microseconds)}µs`;
  const milliseconds = microseconds / 1_000;
  if (milliseconds < 99.95) return `${milliseconds.toFixed(1)}ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)}ms`;
  return formatElapsed(milliseconds);
}

/** The moment of a span's begin: `2026-11-30 13:06:10 UTC`. */
export function formatMoment(nanoseconds: bigint): string {
  const text = new Date(Number(nanoseconds / 1_000_000n)).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

/** `arc up, 9.87s, 14 spans, 1 failed` */
export function headline({ name, service, nanoseconds, rows, failed }: Waterfall): string {
  const spans = `${rows.length} ${rows.length === 1 ? 'span' : 'spans'}`;
  const title = name.startsWith(`${service} `) ? name : `${service} ${name}`;
  return [title, formatNanoseconds(nanoseconds), spans, ...(failed === 0 ? [] : [`${failed} failed`])].join(
    ', ',
  );
}

/** The name of a span, with its service where that is another one than its parent's. */
export function labelOf({ span, showsService }: WaterfallRow): string {
  const known = !showsService || span.name.startsWith(`${span.service} `);
  return known ? span.name : `${span.service} ${span.name}`;
}

/** The words of a failed span; some programs give none. */
export function errorText(error: string): string {
  return error === '' ? 'failed, without a reason' : error;
}
