import type { ProbeAnswer, Prober } from '../probes/probe.ts';
import type { Probe } from '../stack/model.ts';
import type { Clock } from './clock.ts';
import type { Watched } from './monitor.ts';

/**
 * Pause before the next probe: short at first, for Redis is ready within milliseconds, then in proportion to the
 * time that has gone by, so that probing late never costs more than some percent of the wait.
 */
const firstPauseMilliseconds = 15;
const longestPauseMilliseconds = 250;
const growth = 1.05;

/**
 * Probes a container from the host until it answers as it should while it runs, until it has ended, or until
 * `signal` is aborted. Never rejects.
 *
 * @param options.onAnswer called with every answer that is not yet the right one
 * @returns whether it is ready
 */
export async function awaitHealthy(options: {
  watched: Watched;
  probe: Probe;
  timeoutMilliseconds: number;
  prober: Prober<Probe>;
  clock: Clock;
  signal: AbortSignal;
  onAnswer: (answer: ProbeAnswer) => void;
}): Promise<boolean> {
  const { watched, probe, timeoutMilliseconds, prober, clock, onAnswer } = options;
  const over = AbortSignal.any([watched.ended, options.signal]);
  let pause = firstPauseMilliseconds;
  while (!over.aborted) {
    const answer = await prober({ probe, timeoutMilliseconds, signal: over });
    if (over.aborted) break;
    if (answer.ok && watched.status === 'running') return true;
    onAnswer(answer);
    await clock.sleep(pause, over);
    pause = Math.min(pause * growth, longestPauseMilliseconds);
  }
  return false;
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
