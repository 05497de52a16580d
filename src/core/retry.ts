import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A failure that may not happen again: the connection broke or timed out, or the server is overloaded (429, 5xx). The
 * caller that gives up turns it into an error for people.
 */
export class TransientFailure extends Error {
  override readonly name = 'TransientFailure';
  /** From the Retry-After header, in milliseconds. */
  readonly retryAfter: number | undefined;
  /** The server's own words, if there are any. */
  readonly words: readonly string[];
  /** How often it was tried, once it is given up. */
  attempts = 1;

  constructor(options: {
    reason: string;
    retryAfter?: number | undefined;
    words?: readonly string[];
    cause?: unknown;
  }) {
    super(options.reason, { cause: options.cause });
    this.retryAfter = options.retryAfter;
    this.words = options.words ?? [];
  }
}

/** How long and how often something transient is tried again. Times in milliseconds. */
export type RetryPolicy = { attempts: number; firstDelay: number; longestDelay: number; deadline: number };

/**
 * How long to wait before the next attempt, or undefined if it is not worth it any more.
 *
 * @param options.attempt the one that failed, from 1
 * @param options.remaining what is left of the deadline
 * @param options.random from 0 to 1: clients that failed together do not come back together
 */
export function delayBefore(options: {
  policy: RetryPolicy;
  attempt: number;
  retryAfter: number | undefined;
  remaining: number;
  random: number;
}): number | undefined {
  const { policy, attempt, retryAfter, remaining, random } = options;
  if (attempt >= policy.attempts) return undefined;
  const backoff = Math.min(policy.firstDelay * 2 ** (attempt - 1), policy.longestDelay);
  // Never sooner than the server asks for.
  const delay = Math.round(Math.max(retryAfter ?? 0, backoff * (0.75 + random / 4)));
  return delay < remaining ? delay : undefined;
}

/**
 * The Retry-After header in milliseconds: seconds, or a date (RFC 9110, 10.2.3).
 *
 * @param now in milliseconds since 1970
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Repeats a whole operation while it fails for transient reasons. undici's RetryAgent repeats single requests, which is
 * not enough: a broken upload has to start again (the registry has kept a part of it), and a broken manifest cannot be
 * resumed (registries serve ranges only for blobs).
 *
 * @param options.operation gets a signal that also ends at the deadline, and how often it was tried before
 * @throws TransientFailure when it is given up, or what counts as one; what the operation throws else; the signal's
 *   reason
 */
export async function persist<Result>(options: {
  operation: (signal: AbortSignal, before: number) => Promise<Result>;
  policy: RetryPolicy;
  signal: AbortSignal;
  /** Whether an error that is no TransientFailure is worth another attempt, too. */
  isTransient?: (error: unknown) => boolean;
  onRetry?: (retry: { reason: string; attempt: number; delayMilliseconds: number }) => void;
}): Promise<Result> {
  const { operation, policy, signal, isTransient = () => false, onRetry } = options;
  const began = performance.now();
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(policy.deadline)]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation(bounded, attempt - 1);
    } catch (error) {
      signal.throwIfAborted();
      if (bounded.aborted) {
        throw new TransientFailure({ reason: `not done within ${policy.deadline / 1000} s`, cause: error });
      }
      const known = error instanceof TransientFailure ? error : undefined;
      if (known === undefined && !isTransient(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const retryAfter = known?.retryAfter;
      const remaining = policy.deadline - (performance.now() - began);
      const delay = delayBefore({ policy, attempt, retryAfter, remaining, random: Math.random() });
      if (delay === undefined) {
        if (known !== undefined) known.attempts = attempt;
        throw error;
      }
      onRetry?.({ reason, attempt, delayMilliseconds: delay });
      await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
