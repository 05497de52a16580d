import { ask } from '../core/probes/ask.ts';
import type { ProbeKind } from '../core/probes/probe.ts';
import { authority } from '../core/socket-address.ts';
import type { LogStore } from './log-store.ts';

/** Whether a store of logs reads its storage: a search of the last moment, which finds a line or none. */
export function storeProbe(options: { kind: string; store: LogStore }): ProbeKind {
  const { kind, store } = options;
  return {
    kind,
    ask: ({ address, timeoutMilliseconds, signal }) =>
      ask({
        question: `search of ${kind} at ${authority(address)}`,
        timeoutMilliseconds,
        signal,
        run: async (over) => {
          await store.search({ address, query: { since: Date.now() - 1_000, limit: 1 }, signal: over });
          return { ok: true, came: 'reads its storage' };
        },
      }),
  };
}
