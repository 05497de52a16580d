import type { EventSink } from '../../core/event.ts';

/** Shows events. */
export type Renderer = {
  emit: EventSink;
  /** For the answer as text, which does not tear apart what is live on the terminal. */
  print: (text: string) => void;
  /** Leaves the terminal to a question until `resume`. Later events are shown after it. */
  pause: () => void;
  resume: () => void;
  /** Ends what is live, and waits until all is written. */
  close: () => Promise<void>;
};

/** Where a renderer writes: the answer to `out`, progress and problems to `err`. */
export type Streams = {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Columns of the terminal behind `err`; `Infinity` without one. */
  columns: () => number;
};

/** Elapsed time for people: `0.42s`, `12.3s`, `3m05s`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  // The bounds are where rounding would reach the next form: `10.00s`, `60.0s`, `4m60s`.
  if (seconds < 9.995) return `${seconds.toFixed(2)}s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}
