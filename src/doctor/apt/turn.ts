import { setTimeout as sleep } from 'node:timers/promises';
import { type ArcError, prerequisite } from '../../core/errors.ts';
import type { EventSink } from '../../core/event.ts';
import { problemOf } from '../../core/report-step.ts';
import { describeHolder, lockHolder } from './lock-holders.ts';

const pollMilliseconds = 500;
/** How often a wait is shown while nothing changes. */
const showMilliseconds = 5_000;

/** The wait for everybody else who installs packages: one deadline, and what is waited for, as it changes. */
export type Turn = {
  signal: AbortSignal;
  /** Shows who is waited for: `unattended-upgrade (pid 812) holds /var/lib/dpkg/lock-frontend`. */
  waitFor: (who: string) => void;
  /**
   * Ends the wait, if there was one.
   *
   * @throws ArcError `apt-locked` if the deadline is over
   */
  check: () => void;
  over: () => void;
};

/** @param options.milliseconds deadline of all waits together */
export function startTurn(options: { emit: EventSink; signal: AbortSignal; milliseconds: number }): Turn {
  const { emit, signal, milliseconds } = options;
  const step = { type: 'step', id: 'apt-turn', verb: 'await', on: 'lock/apt' } as const;
  const begun = performance.now();
  const spent = () => Math.round(performance.now() - begun);
  let shown: { who: string; at: number } | undefined;
  return {
    signal,
    waitFor: (who) => {
      if (shown?.who === who && spent() - shown.at < showMilliseconds) return;
      shown = { who, at: spent() };
      const answer = { question: 'lock of apt', reply: who, ok: false };
      emit({ ...step, phase: 'running', answer, milliseconds: spent() });
    },
    check: () => {
      signal.throwIfAborted();
      if (spent() < milliseconds) return;
      const locked = aptLocked(shown?.who ?? 'another program holds a lock of apt', milliseconds);
      emit({ ...step, phase: 'failed', problem: problemOf(locked, locked.code), milliseconds: spent() });
      throw locked;
    },
    over: () => {
      if (shown !== undefined) emit({ ...step, phase: 'done', milliseconds: spent() });
      shown = undefined;
    },
  };
}

/** Waits until no visible program holds a lock of apt or dpkg. */
export async function awaitLocks(options: { turn: Turn; root: string }): Promise<void> {
  const { turn, root } = options;
  for (let holder = lockHolder({ root }); holder !== undefined; holder = lockHolder({ root })) {
    turn.waitFor(describeHolder(holder));
    turn.check();
    await sleep(pollMilliseconds, undefined, { signal: turn.signal });
  }
}

function aptLocked(who: string, milliseconds: number): ArcError {
  return prerequisite({
    code: 'apt-locked',
    message: `Another program installs packages, and did not finish within ${duration(milliseconds)}: ${who}.`,
    suggestion: 'wait until it finishes, or end it if it hangs, then run the same command again',
  });
}

function duration(milliseconds: number): string {
  return milliseconds < 60_000 ? `${milliseconds / 1_000} s` : `${Math.round(milliseconds / 60_000)} min`;
}
