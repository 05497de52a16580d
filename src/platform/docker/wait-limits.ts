import type { Clock } from '../../core/clock.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import type { WaitEnd } from './boot-failure.ts';

/** The moments at which waits end, shared by all waits of one execution. */
export type Deadlines = {
  /** The deadline of everything together. */
  deadline: AbortSignal;
  deadlineMilliseconds: number;
  /** Aborted by Ctrl-C, and a little after something has failed. */
  cancelled: AbortSignal;
};

/** When and how the wait for one container ends. A job also has its own limit. */
export function waitLimits(options: { container: ResolvedContainer; clock: Clock; deadlines: Deadlines }): {
  signal: AbortSignal;
  end: () => WaitEnd;
  release: () => void;
} {
  const { container, clock, deadlines } = options;
  const { deadline, deadlineMilliseconds, cancelled } = deadlines;
  const jobLimit = new AbortController();
  const released = new AbortController();
  const seconds = container.health.kind === 'exit' ? container.health.timeoutSeconds : undefined;
  if (seconds !== undefined) {
    void clock.sleep(seconds * 1000, released.signal).then(() => jobLimit.abort());
  }
  return {
    signal: AbortSignal.any([deadline, cancelled, jobLimit.signal]),
    end: () => {
      if (deadline.aborted) return { kind: 'deadline', milliseconds: deadlineMilliseconds };
      if (cancelled.aborted || seconds === undefined) return { kind: 'cancelled' };
      return { kind: 'job-limit', seconds };
    },
    release: () => released.abort(),
  };
}
