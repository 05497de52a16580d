import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** Where a span is: its trace, and itself. */
export type Context = { traceId: string; spanId: string };

const current = new AsyncLocalStorage<Context>();

/** The span that the caller is a part of; undefined outside of any. */
export function currentContext(): Context | undefined {
  return current.getStore();
}

/** Runs `work` as a part of a span. */
export function inContext<Result>(context: Context, work: () => Result): Result {
  return current.run(context, work);
}

/** A part of the span, or the first of a new trace where there is none. */
export function childOf(parent: Context | undefined): Context {
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
  };
}

/** The header by which whatever is asked of others belongs to the span that the caller is a part of. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const context = current.getStore();
  return context === undefined ? {} : { traceparent: writeTraceparent(context) };
}

/** Reads a W3C `traceparent`. @returns undefined for what is none, of whatever version is not 00, or not there */
export function readTraceparent(header: string | undefined): Context | undefined {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? undefined : { traceId, spanId };
}

/** Writes a W3C `traceparent`, recorded: every request can be followed to the end. */
export function writeTraceparent({ traceId, spanId }: Context): string {
  return `00-${traceId}-${spanId}-01`;
}
