import { setTimeout as sleep } from 'node:timers/promises';
import { redact } from '../secret.ts';
import type { ProbeAnswer } from './probe.ts';

/** The reply, without the question. */
export type Reply = Pick<ProbeAnswer, 'ok' | 'missing' | 'warns' | 'unknown' | 'age'> & { came: string };

/**
 * Time to undo what a probe has created, even if nobody waits for the answer any more. It usually takes a tenth of
 * that; on a busy machine, joining a room can take more than a second, and only a participant who has joined can leave.
 */
export const putBackMilliseconds = 3_000;

/**
 * Asks one question with a time limit, and turns every outcome into an answer.
 *
 * @param options.question what is asked of whom: `GET http://127.0.0.1:7880/`
 * @param options.run is given a signal that is aborted when the time is up or nobody waits any more; what it throws is
 *   a reply as well. It then has a moment to put back what it made.
 */
export async function ask(options: {
  question: string;
  timeoutMilliseconds: number;
  signal: AbortSignal;
  run: (signal: AbortSignal) => Promise<Reply>;
}): Promise<ProbeAnswer> {
  const { question, timeoutMilliseconds, signal, run } = options;
  const began = performance.now();
  const limit = new AbortController();
  const over = AbortSignal.any([signal, limit.signal]);
  const timer = setTimeout(() => limit.abort(), timeoutMilliseconds);
  const running = run(over);
  let reply: Reply;
  try {
    // A client library need not know of the signal, so the question is also left when it is aborted.
    reply = await Promise.race([running, whenAborted(over)]);
  } catch (cause) {
    if (signal.aborted) reply = { ok: false, came: 'cancelled' };
    else if (limit.signal.aborted) {
      reply = { ok: false, came: `no answer within ${Number((timeoutMilliseconds / 1000).toFixed(1))} s` };
    } else reply = { ok: false, came: explain(cause) };
  } finally {
    clearTimeout(timer);
    // Ends what may still be under way.
    limit.abort();
  }
  await Promise.race([Promise.allSettled([running]), sleep(putBackMilliseconds, undefined, { ref: false })]);
  const { ok, came, missing, warns, unknown, age } = reply;
  return {
    ok,
    question: redact(question, []),
    // LiveKit repeats the token that it refuses.
    reply: redact(came, []),
    milliseconds: Math.round((performance.now() - began) * 10) / 10,
    ...(missing ? { missing } : {}),
    ...(warns ? { warns } : {}),
    ...(unknown ? { unknown } : {}),
    ...(age === undefined ? {} : { age }),
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** An error of a connection in words. */
export function explain(cause: unknown): string {
  // fetch() hides the reason in its cause.
  const { code, message, cause: inner } = cause as { code?: string; message?: string; cause?: unknown };
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'connection closed without an answer';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'host unreachable';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name does not resolve';
    default:
      return inner === undefined ? (message ?? String(cause)) : explain(inner);
  }
}
