import { type Context, inContext, readTraceparent, writeTraceparent } from '../../../spans/context.ts';
import type { Attributes } from '../../../spans/span.ts';
import type { Spans, Work } from '../../../spans/spans.ts';

/** What a conversation needs to make its requests spans. */
export type Tracer = Pick<Spans, 'begin'>;

/**
 * Makes a request to another program a span; its context goes with what is asked inside. One that nobody wants any more,
 * such as for an answer that was prepared too early, is no failure: it is marked as cancelled.
 *
 * @param given.part of what it is; a trace of its own where undefined
 * @throws whatever `ask` does
 */
export async function requestSpan<Result>(
  given: {
    spans: Tracer;
    name: string;
    part: Context | undefined;
    signal?: AbortSignal | null | undefined;
    attributes?: Attributes;
  },
  ask: (span: Work) => Promise<Result>,
): Promise<Result> {
  const { spans, name, part, signal, attributes = {} } = given;
  const parent = part === undefined ? undefined : writeTraceparent(part);
  const work = spans.begin({ name, kind: 'client', attributes, parent });
  const context = readTraceparent(work.traceparent);
  try {
    return await (context === undefined ? ask(work) : inContext(context, () => ask(work)));
  } catch (cause) {
    if (signal?.aborted !== true) work.fail(cause);
    throw cause;
  } finally {
    if (signal?.aborted === true) work.set({ 'arc.cancelled': true });
    work.end();
  }
}
