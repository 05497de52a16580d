import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { textField } from '../core/data.ts';
import { ask } from '../core/probes/ask.ts';
import type { ProbeKind } from '../core/probes/probe.ts';
import { authority, type SocketAddress } from '../core/socket-address.ts';
import { fluentMessage } from './fluent-message.ts';
import { checkRole, type LogStore } from './log-store.ts';

/** A line is on its way for as long as the Collector gathers a batch and the store makes it visible: under two seconds. */
const betweenLooks = 150;

/**
 * Sends a line to whatever collects logs, as the Engine sends those of containers, and looks for it where logs are kept.
 *
 * @param stores what keeps logs, by technology
 */
export function logLineProbe(stores: ReadonlyMap<string, LogStore>): ProbeKind {
  return {
    kind: 'log_line',
    ask: ({ fields, address, timeoutMilliseconds, signal, way }) => {
      const role = textField(fields, 'role');
      return ask({
        question: `line sent to ${authority(address)} and searched for in ${role}`,
        timeoutMilliseconds,
        signal,
        run: async (over) => {
          const tech = textField(fields, 'tech');
          const store = stores.get(tech);
          if (store === undefined) return { ok: false, came: `arc cannot search ${tech}` };
          if (way === undefined) return { ok: false, came: 'there is no stack to search in' };
          const line = `arc health ${randomUUID()}`;
          const began = performance.now();
          await send({ address, line, signal: over });
          await using kept = await way({ role, port: textField(fields, 'store') });
          const query = { since: Date.now() - 60_000, text: line, roles: [checkRole], limit: 1 };
          for (;;) {
            const found = await store.search({ address: kept, query, signal: over });
            if (found.length > 0)
              return { ok: true, came: `found after ${Math.round(performance.now() - began)} ms` };
            await sleep(betweenLooks, undefined, { signal: over });
          }
        },
      });
    },
  };
}

async function send(options: { address: SocketAddress; line: string; signal: AbortSignal }): Promise<void> {
  const { address, line, signal } = options;
  const socket = connect({ host: address.host, port: address.port, signal });
  await once(socket, 'connect', { signal });
  const record = {
    container_id: checkRole,
    container_name: '/arc-health',
    source: 'stdout',
    log: line,
    'arc.role': checkRole,
    'arc.service': checkRole,
  };
  socket.end(fluentMessage({ tag: 'arc', time: Date.now(), record }));
  await once(socket, 'close', { signal });
}
