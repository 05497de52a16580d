import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
  jetstreamManager,
} from '@nats-io/jetstream';
import { defined } from '../../../core/defined.ts';
import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { addressOf, nameOf } from '../../../core/resource.ts';
import { callMilliseconds, type NatsServer, withNats } from '../client.ts';
import type { Work } from '../decide.ts';
import { explainRefusals } from '../failure.ts';
import { fromConfig, toConfig } from '../fields.ts';
import { readMark, withMark } from '../mark.ts';
import { unlessMissing } from '../missing.ts';
import { messagesText } from '../stream/decide.ts';
import { type ConsumerStep, consumerDecider } from './decide.ts';
import { type ConsumerSpec, type ConsumerState, consumerParts, consumerTable } from './model.ts';

export type ConsumerDriver = InsideDriver<ConsumerSpec, ConsumerState, Work, ConsumerStep, NatsServer>;

/** Durable consumers of the streams of a NATS server, marked as streams are. */
export function consumerDriver(project: string): ConsumerDriver {
  return {
    ...consumerDecider(project),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'read the consumers' }, () =>
        withNats({ server, signal }, async (connection) => {
          const manager = await jetstreamManager(connection, { timeout: callMilliseconds });
          const names = new Set(wanted.map(({ spec }) => spec.name));
          const found = await allConsumers(manager);
          return new Map(
            found
              .map((info) => [`${info.stream_name}.${info.name}`, stateOf(info)] as const)
              .filter(
                ([name, { mark }]) =>
                  names.has(name) || (mark?.origin === 'made' && mark.project === project),
              )
              .map(([name, state]) => [addressOf('consumer', name), { state, needs: [] }]),
          );
        }),
      ),
    apply: ({ step, at: server, io: { signal } }) => {
      const name = nameOf(step.of);
      const { stream, durable } = consumerParts(name);
      const { spec, data } = step.work;
      return explainRefusals({ server, doing: `${step.verb} the consumer ${name}` }, () =>
        withNats({ server, signal }, async (connection): Promise<Applied> => {
          const manager = await jetstreamManager(connection, { timeout: callMilliseconds });
          if (spec === undefined || data === undefined) {
            // With its stream it is gone already.
            await unlessMissing(manager.consumers.delete(stream, durable));
            return 'done';
          }
          const { fields } = spec;
          const mark = { project, origin: data.origin, table: consumerTable, fields };
          const config = toConfig(consumerTable, fields) as Partial<ConsumerConfig>;
          if (step.verb === 'create') {
            const made = { ack_policy: AckPolicy.Explicit, durable_name: durable, name: durable };
            const metadata = withMark({ ...mark, metadata: {} });
            await manager.consumers.add(stream, { ...config, ...made, metadata });
            return 'done';
          }
          const { config: present } = await manager.consumers.info(stream, durable);
          const metadata = withMark({ ...mark, metadata: present.metadata });
          await manager.consumers.update(stream, durable, { ...config, metadata });
          return 'done';
        }),
      );
    },
  };
}

/** Durable ones: the others come and go with their clients. */
async function allConsumers(manager: JetStreamManager): Promise<readonly ConsumerInfo[]> {
  const found: ConsumerInfo[] = [];
  for await (const { config, state } of manager.streams.list()) {
    if (state.consumer_count === 0) continue;
    for await (const info of manager.consumers.list(config.name))
      if (info.config.durable_name !== undefined) found.push(info);
  }
  return found;
}

function stateOf({ config, num_pending, num_ack_pending }: ConsumerInfo): ConsumerState {
  const { filter_subject: single } = config;
  const all = { ...config, ...(single ? { filter_subjects: [single] } : {}) };
  return {
    fields: fromConfig(consumerTable, all as unknown as Readonly<Record<string, unknown>>),
    holds: `its place in the stream, with ${messagesText(num_pending + num_ack_pending)} to come`,
    ack: config.ack_policy,
    isPush: config.deliver_subject !== undefined,
    ...defined({ mark: readMark(config.metadata) }),
  };
}
