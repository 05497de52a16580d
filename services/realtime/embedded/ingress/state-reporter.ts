import { setTimeout as sleep } from 'node:timers/promises';
import type { IngressState } from '@livekit/protocol';
import { RpcError } from '../rpc/error.ts';
import type { IoInfo } from '../rpc/io-info.ts';

/** Between attempts while the server or Redis is away. Milliseconds. */
const retryAfter = 1_000;

/** Tells the server what an ingress is doing. */
export type StateReporter = {
  /** A state that a later one has overtaken while the server was away is never told. */
  report(state: IngressState): void;
  /** Resolves when the server knows the last state, or the ingress no longer. */
  settled(): Promise<void>;
};

/** @param options.signal ends the attempts */
export function stateReporter(options: {
  io: IoInfo;
  ingressId: string;
  signal: AbortSignal;
}): StateReporter {
  const { io, ingressId, signal } = options;
  let next: IngressState | undefined;
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    while (next && !signal.aborted) {
      const state = next;
      next = undefined;
      try {
        await io.updateIngressState(ingressId, state, signal);
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
    settled: async () => working,
  };
}
