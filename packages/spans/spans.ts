import {
  type Context,
  childOf,
  currentContext,
  inContext,
  readTraceparent,
  writeTraceparent,
} from './context.ts';
import { type Counts, openOutbox } from './outbox.ts';
import type { Attributes, Span, SpanKind } from './span.ts';

/** A piece of work that goes on. */
export type Work = {
  /** W3C trace context for whatever this work asks of others. */
  traceparent: string;
  /** Adds what is only known later. */
  set: (attributes: Attributes) => void;
  /** The work failed; it still has to end. */
  fail: (cause: unknown) => void;
  /** The work is over, now unless given, in milliseconds since 1970. Only the first call counts. */
  end: (at?: number) => void;
};

export type Begin = {
  name: string;
  kind?: SpanKind;
  attributes?: Attributes;
  /** The `traceparent` that came with a request; else the work belongs to whatever it is done in. */
  parent?: string | undefined;
  /** The `traceparent` that this work was announced by, where others know it already. */
  self?: string | undefined;
  /** When it began, in milliseconds since 1970; now unless given. */
  since?: number;
};

/** Spans of one program. Nothing here waits, throws, or keeps the program alive. */
export type Spans = {
  begin: (given: Begin) => Work;
  /** Does work as a span that ends with it. Spans that begin inside are its parts. */
  within: <Result>(given: Begin, work: (span: Work) => Promise<Result>) => Promise<Result>;
  counts: () => Counts;
  /** Sends what is left; takes half a second at most. */
  close: () => Promise<void>;
};

const none: Counts = { sent: 0, lost: { full: 0, refused: 0, unsent: 0 }, waiting: 0 };

/**
 * The spans of a program. Where no receiver is named, nothing is kept, and a request's `traceparent` is passed on as it
 * came.
 *
 * @param options.service as traces show it: `arc-webhooks`
 * @param options.url `OTEL_EXPORTER_OTLP_ENDPOINT` unless given; empty for no receiver
 */
export function openSpans(options: { service: string; url?: string | undefined }): Spans {
  const { service, url = process.env.OTEL_EXPORTER_OTLP_ENDPOINT } = options;
  const outbox = url ? openOutbox({ url: url.replace(/\/+$/, ''), service }) : undefined;
  return {
    ...spansInto(outbox?.put),
    counts: () => outbox?.counts() ?? none,
    close: async () => await outbox?.close(),
  };
}

/**
 * Spans of a program that does not send them itself.
 *
 * @param put takes each span that is over; undefined where nobody wants any
 */
export function spansInto(put: ((span: Span) => void) | undefined): Pick<Spans, 'begin' | 'within'> {
  function start(given: Begin): { work: Work; context: Context } {
    const parent = given.parent === undefined ? currentContext() : readTraceparent(given.parent);
    const announced = readTraceparent(given.self);
    const context = announced ?? (put === undefined && parent ? parent : childOf(parent));
    const start = given.since === undefined ? now() : nanoseconds(given.since);
    let attributes: Attributes = given.attributes ?? {};
    let error: string | undefined;
    let isOver = false;
    return {
      context,
      work: {
        traceparent: writeTraceparent(context),
        set: (more) => {
          attributes = { ...attributes, ...more };
        },
        fail: (cause) => {
          error = cause instanceof Error ? cause.message : String(cause);
          attributes = { ...attributes, 'error.type': typeOf(cause) };
        },
        end: (at) => {
          if (isOver) return;
          isOver = true;
          put?.({
            ...context,
            ...(parent === undefined || announced !== undefined ? {} : { parentId: parent.spanId }),
            name: given.name,
            kind: given.kind ?? 'internal',
            start,
            end: at === undefined ? now() : nanoseconds(at),
            ...(error === undefined ? {} : { error }),
            attributes,
          });
        },
      },
    };
  }

  return {
    begin: (given) => start(given).work,
    within: async (given, run) => {
      const { work, context } = start(given);
      try {
        return await inContext(context, () => run(work));
      } catch (cause) {
        work.fail(cause);
        throw cause;
      } finally {
        work.end();
      }
    },
  };
}

/** Nanoseconds since 1970, as exact as this machine's clock is from one call to the next. */
function now(): bigint {
  return nanoseconds(performance.timeOrigin + performance.now());
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1_000)) * 1_000n;
}

/** A code where there is one, as of the database or of the network; else the class. */
function typeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause;
  const { code } = cause as Error & { code?: unknown };
  return typeof code === 'string' ? code : cause.name;
}
