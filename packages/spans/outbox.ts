import { otlpBody, rejectedIn } from './otlp.ts';
import type { Span } from './span.ts';

/**
 * What became of spans. `full`: there was no room while the receiver was away or slow; `refused`: the receiver did not
 * want them; `unsent`: they were still there when the program ended.
 */
export type Counts = { sent: number; lost: Record<'full' | 'refused' | 'unsent', number>; waiting: number };

export type Outbox = {
  /** Takes a span. It never waits and never throws. */
  put: (span: Span) => void;
  counts: () => Counts;
  /** Sends what is there, for a moment. What is left then is lost, and counted. */
  close: () => Promise<void>;
};

/** How spans are sent. Milliseconds. */
type Pace = {
  most: number;
  batch: number;
  every: number;
  limit: number;
  longestPause: number;
  farewell: number;
};

const usual: Pace = {
  // About 1 KB each.
  most: 2_048,
  batch: 512,
  every: 1_000,
  limit: 5_000,
  longestPause: 10_000,
  farewell: 500,
};

/** With these the receiver asks for another attempt. Source: OTLP, "Retryable Response Codes". */
const tryAgain: readonly number[] = [429, 502, 503, 504];

/**
 * Sends spans beside the work, one request at a time. While the receiver is away they wait, as many as there is room
 * for; newer ones are left out then, and counted. Nothing here keeps a program alive.
 *
 * @param options.url of the receiver, without a path: `http://arc-telemetry:4318`
 */
export function openOutbox(options: { url: string; service: string; pace?: Partial<Pace> }): Outbox {
  const { url, service } = options;
  const pace = { ...usual, ...options.pace };
  const waiting: Span[] = [];
  const counts = { sent: 0, lost: { full: 0, refused: 0, unsent: 0 } };
  const gone = new AbortController();
  let sending: Promise<void> | undefined;
  let pause = pace.every;
  let timer: NodeJS.Timeout | undefined;

  /** @returns whether the receiver has answered for good */
  async function sendBatch(): Promise<boolean> {
    const spans = waiting.slice(0, pace.batch);
    try {
      const response = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: otlpBody({ service, spans }),
        signal: AbortSignal.any([gone.signal, AbortSignal.timeout(pace.limit)]),
      });
      const answer = await response.text();
      if (tryAgain.includes(response.status)) return false;
      const refused = response.ok ? Math.min(spans.length, rejectedIn(answer)) : spans.length;
      counts.lost.refused += refused;
      counts.sent += spans.length - refused;
    } catch {
      return false;
    }
    waiting.splice(0, spans.length);
    return true;
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const isDone = await sendBatch();
      pause = isDone ? pace.every : Math.min(pause * 2, pace.longestPause);
      if (!isDone) return;
    }
  }

  function send(): Promise<void> {
    sending ??= sendAll().finally(() => {
      sending = undefined;
      if (waiting.length > 0 && !gone.signal.aborted) schedule();
    });
    return sending;
  }

  function schedule(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void send();
    }, pause).unref();
  }

  return {
    put: (span) => {
      if (waiting.length >= pace.most || gone.signal.aborted) {
        counts.lost[gone.signal.aborted ? 'unsent' : 'full'] += 1;
        return;
      }
      waiting.push(span);
      schedule();
    },
    counts: () => ({ sent: counts.sent, lost: { ...counts.lost }, waiting: waiting.length }),
    close: async () => {
      const over = setTimeout(() => gone.abort(), pace.farewell);
      // A request that is under way has the spans of before; what came since needs one of its own.
      await sending;
      await send();
      clearTimeout(over);
      clearTimeout(timer);
      gone.abort();
      counts.lost.unsent += waiting.splice(0).length;
    },
  };
}
