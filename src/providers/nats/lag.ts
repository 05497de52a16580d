import { jetstreamManager } from '@nats-io/jetstream';
import { defined } from '../../core/defined.ts';
import type { Lag, MessageServer } from '../messages.ts';
import { callMilliseconds, withNats } from './client.ts';
import { explainRefusals } from './failure.ts';
import { unlessMissing } from './missing.ts';
import { serverFor } from './publish.ts';

/** Every consumer of every stream, with what is still to come to it. */
export function lagOfNats(given: MessageServer): Promise<readonly Lag[]> {
  const { signal } = given;
  const { server } = serverFor(given);
  return explainRefusals({ server, doing: 'read the consumers' }, () =>
    withNats({ server, signal }, async (connection) => {
      const manager = await jetstreamManager(connection, { timeout: callMilliseconds });
      const found: Lag[] = [];
      for await (const { config, state } of manager.streams.list()) {
        if (state.consumer_count === 0) continue;
        for await (const info of manager.consumers.list(config.name)) {
          if (info.config.durable_name === undefined) continue;
          const { num_pending: pending, num_ack_pending: unacknowledged } = info;
          // The first message after the last acknowledged one is the oldest that may be to come.
          const next = info.ack_floor.stream_seq + 1;
          const oldest =
            pending + unacknowledged === 0
              ? undefined
              : await unlessMissing(
                  manager.streams.getMessage(config.name, { seq: Math.max(next, state.first_seq) }),
                );
          found.push({
            ...{ system: 'nats', from: config.name, consumer: info.name, pending, unacknowledged },
            ...defined({
              oldestSeconds: oldest ? Math.round((Date.now() - oldest.time.getTime()) / 1000) : undefined,
            }),
          });
        }
      }
      return found;
    }),
  );
}
