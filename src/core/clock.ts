import { setTimeout as sleep } from 'node:timers/promises';

/** Time, so that a test can stand in for it. */
export type Clock = {
  /** Milliseconds since some moment; never runs backwards. */
  now: () => number;
  /** Milliseconds since 1970, as the Engine counts. */
  date: () => number;
  /** Resolves after that many milliseconds, or as soon as `signal` is aborted. Never rejects. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};
