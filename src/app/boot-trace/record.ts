import type { EventSink, StepEvent } from '../../core/event.ts';

/** A step's event, and when it was reported: milliseconds since 1970, with fractions. */
export type Moment = { at: number; step: StepEvent };

/** Passes events on, and keeps those of steps. */
export type Recording = { emit: EventSink; began: number; moments: readonly Moment[] };

/**
 * Keeps when which step was reported.
 *
 * @param options.now milliseconds since 1970; it must not run backwards, or a step would end before it begins
 */
export function recordSteps(options: { emit: EventSink; now: () => number }): Recording {
  const { emit, now } = options;
  const moments: Moment[] = [];
  return {
    began: now(),
    moments,
    emit: (event) => {
      if (event.type === 'step') moments.push({ at: now(), step: event });
      emit(event);
    },
  };
}

/** The wall clock as it was when the process began, and steadily from there. */
export function steadyDate(): number {
  return performance.timeOrigin + performance.now();
}
