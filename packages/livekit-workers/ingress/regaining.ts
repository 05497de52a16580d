import type { JobEnd } from './job.ts';

/** How long a stream tries to get back into the room that it has lost: a server that is restarted is there in less. Milliseconds. */
const limit = 60_000;

export type Regaining = {
  /** Between two attempts: a server that is not there yet refuses at once. */
  pauseMilliseconds: number;
  /** Whether a stream whose process ended so is to be published once more. Counts from the first that was lost. */
  isWorthwhile: (end: JobEnd) => boolean;
  succeeded: () => void;
};

/** @param now in milliseconds, of a clock that is never set */
export function regaining(now: () => number = () => performance.now()): Regaining {
  let lostAt: number | undefined;
  return {
    pauseMilliseconds: 1_000,
    isWorthwhile: ({ failed, lost }) => {
      if (failed === undefined) return false;
      if (lost) lostAt ??= now();
      return lostAt !== undefined && now() - lostAt < limit;
    },
    succeeded: () => {
      lostAt = undefined;
    },
  };
}
