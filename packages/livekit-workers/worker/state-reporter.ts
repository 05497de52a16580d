import { setTimeout as sleep } from 'node:timers/promises';
import { RpcError } from '../rpc/error.ts';

/** Between attempts while the server or Redis is away. Milliseconds. */
const retryAfter = 1_000;

/** Tells the server what a job is doing. */
export type StateReporter<T> = {
  /** A state that a later one has overtaken while the server was away is never told. */
  report(state: T): void;
  /** Resolves when the server knows the last state, or the job no longer. */
  settled(): Promise<void>;
};

/**
 * @param options.send tells one state; fails with `not_found` where nobody wants to know any more
 * @param options.signal ends the attempts
 */
export function stateReporter<T extends { clone: () => T }>(options: {
  send: (state: T, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}): StateReporter<T> {
  const { send, signal } = options;
  let next: T | undefined;
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    while (next && !signal.aborted) {
      const state = next;
      next = undefined;
      try {
        await send(state, signal);
      } catch (cause) {
        if (cause instanceof RpcError && cause.code === 'not_found') continue;
        next ??= state;
        await sleep(retryAfter, undefined, { signal }).catch(() => {});
      }
    }
  };
  const begin = (): void => {
    working ??= work().finally(() => {
      working = undefined;
      // Reported in the very moment in which the last one was told.
      if (next && !signal.aborted) begin();
    });
  };
  return {
    report: (state) => {
      next = state.clone();
      begin();
    },
    settled: async () => {
      while (working) await working;
    },
  };
}
