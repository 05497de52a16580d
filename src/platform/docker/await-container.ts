import type { Clock } from '../../core/clock.ts';
import type { ProbeAnswer, Prober } from '../../core/probes/probe.ts';
import type { Probe } from '../../stack/model.ts';
import type { Watched } from './monitor.ts';

/**
 * Pause before the next probe: short at first, for Redis is ready within milliseconds, then in proportion to the
 * time that has gone by, so that probing late never costs more than some percent of the wait.
 */
const firstPauseMilliseconds = 15;
const longestPauseMilliseconds = 250;
const growth = 1.05;

/** For how long a container has to go on answering. */
export type HoldUntil = {
  /** The moment on the clock before which no answer counts. */
  until: number;
  /** After an answer that was not the right one it has to hold for this long. */
  milliseconds: number;
  /** For people: `cache was started again`. */
  cause: string;
};

/**
 * Probes a container from the host until it answers as it should while it runs, until it has ended, or until
 * `signal` is aborted. Never rejects.
 *
 * @param options.hold the right answer counts only once it has been given for that long
 * @param options.onAnswer called with every answer that is not yet the right one
 * @returns whether it is ready
 */
export async function awaitHealthy(options: {
  watched: Watched;
  probe: Probe;
  timeoutMilliseconds: number;
  hold?: HoldUntil;
  prober: Prober<Probe>;
  clock: Clock;
  signal: AbortSignal;
  onAnswer: (answer: ProbeAnswer) => void;
}): Promise<boolean> {
  const { watched, probe, timeoutMilliseconds, hold, prober, clock, onAnswer } = options;
  const over = AbortSignal.any([watched.ended, options.signal]);
  let pause = firstPauseMilliseconds;
  let until = hold?.until ?? Number.NEGATIVE_INFINITY;
  let hasFailed = false;
  while (!over.aborted) {
    const asked = clock.now();
    const answer = await prober({ probe, timeoutMilliseconds, signal: over });
    if (over.aborted) break;
    const isRight = answer.ok && watched.status === 'running';
    if (isRight && hasFailed && hold) until = Math.max(until, asked + hold.milliseconds);
    hasFailed = !isRight;
    if (isRight && asked >= until) return true;
    onAnswer(isRight && hold ? { ...answer, ok: false, hold: heldFor(hold) } : answer);
    // The moment may have passed while the question was under way.
    await clock.sleep(isRight ? Math.max(0, Math.min(pause, until - clock.now())) : pause, over);
    pause = Math.min(pause * growth, longestPauseMilliseconds);
  }
  return false;
}

function heldFor({ milliseconds, cause }: HoldUntil): NonNullable<ProbeAnswer['hold']> {
  return { milliseconds, cause };
}

/** Waits for a job to end. Never rejects. @returns whether it ended with 0 */
export async function awaitCompleted(options: { watched: Watched; signal: AbortSignal }): Promise<boolean> {
  const { watched } = options;
  const over = AbortSignal.any([watched.ended, options.signal]);
  if (!over.aborted) {
    await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
  }
  return watched.status === 'completed';
}
