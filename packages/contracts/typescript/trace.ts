import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** The context of a trace, as W3C Trace Context writes it in headers. */
export type Trace = { traceparent: string; tracestate?: string };

const current = new AsyncLocalStorage<Trace>();

/** The trace of the message that is being handled; undefined outside of a handler. */
export function currentTrace(): Trace | undefined {
  return current.getStore();
}

/** Runs `work` as part of a trace: what it publishes belongs to it. */
export function withTrace<Result>(trace: Trace, work: () => Result): Result {
  return current.run(trace, work);
}

/** A trace that begins here. It is sampled. */
export function newTrace(): Trace {
  return { traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01` };
}

/** The 32 hexadecimal digits that all messages of a trace share; undefined for what is no `traceparent`. */
export function traceIdOf({ traceparent }: Trace): string | undefined {
  const [, id] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent) ?? [];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}
