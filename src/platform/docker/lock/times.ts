import type { Clock } from '../../../core/clock.ts';

/** How often a holder gives a sign of life. */
export const beatMilliseconds = 10_000;

/** A holder that was silent for longer may be dead: two signs of life are missing. */
export const silentMilliseconds = 30_000;

/** It is dead if it then stays silent for this long; a live one renews twice in that time. */
export const watchMilliseconds = 20_000;

/**
 * How long after its last renewal a holder acts without checking that it still holds the lock. It is shorter than
 * others wait, by more than a call to the Engine takes.
 */
export const trustMilliseconds = 25_000;

/** An older claim holds the lock: one that only waits has withdrawn or given up by then. */
export const contestMilliseconds = 2_000;

/** A moment by both clocks: one stands still while the machine sleeps, the other is set by hand and by NTP. */
export type Moment = { now: number; date: number };

export function momentOf(clock: Clock): Moment {
  return { now: clock.now(), date: clock.date() };
}

/** Milliseconds since then, by the clock that says more. */
export function millisecondsSince(options: { moment: Moment; clock: Clock }): number {
  const { moment, clock } = options;
  return Math.max(clock.now() - moment.now, clock.date() - moment.date);
}
