import {
  type JetStreamManager,
  jetstreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { defined } from '../../../core/defined.ts';
import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { addressOf, nameOf } from '../../../core/resource.ts';
import { callMilliseconds, type NatsServer, withNats } from '../client.ts';
import type { Work } from '../decide.ts';
import { explainRefusals } from '../failure.ts';
import { fromConfig, toConfig } from '../fields.ts';
import { readMark, withMark } from '../mark.ts';
import { unlessMissing } from '../missing.ts';
import { countExpired, countNeeded } from './count.ts';
import { messagesText, type StreamStep, streamDecider } from './decide.ts';
import { type StreamSpec, type StreamState, streamTable } from './model.ts';

export type StreamDriver = InsideDriver<StreamSpec, StreamState, Work, StreamStep, NatsServer>;

/**
 * Streams of a NATS server. Their metadata marks each, so that arc knows which it created, and distinguishes a field
 * that a person changed from one that changed in the manifest.
 */
export function streamDriver(project: string): StreamDriver {
  return {
    ...streamDecider(project),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'read the streams' }, () =>
        withNats({ server, signal }, async (connection) => {
          const manager = await jetstreamManager(connection, { timeout: callMilliseconds });
          const specs = new Map(wanted.map(({ spec }) => [spec.name, spec]));
          const states: [string, StreamState][] = [];
          for await (const info of manager.streams.list()) {
            const spec = specs.get(info.config.name);
            const state = stateOf(info);
            const isOurs = state.mark?.origin === 'made' && state.mark.project === project;
            if (spec === undefined && !isOurs) continue;
            states.push([
              info.config.name,
              { ...state, ...(await countsFor({ connection, manager, spec, info, state })) },
            ]);
          }
          return new Map(states.map(([name, state]) => [addressOf('stream', name), { state, needs: [] }]));
        }),
      ),
    apply: ({ step, at: server, io: { signal } }) => {
      const name = nameOf(step.of);
      const { spec, data } = step.work;
      return explainRefusals({ server, doing: `${step.verb} the stream ${name}` }, () =>
        withNats({ server, signal }, async (connection): Promise<Applied> => {
          const manager = await jetstreamManager(connection, { timeout: callMilliseconds });
          if (spec === undefined || data === undefined) {
            await unlessMissing(manager.streams.delete(name));
            return 'done';
          }
          const { fields } = spec;
          const mark = { project, origin: data.origin, table: streamTable, fields };
          const config = toConfig(streamTable, fields) as Partial<StreamConfig>;
          if (step.verb === 'create') {
            await manager.streams.add({ ...config, name, metadata: withMark({ ...mark, metadata: {} }) });
            return 'done';
          }
          // The client merges them into what is there.
          const { config: present } = await manager.streams.info(name);
          await manager.streams.update(name, {
            ...config,
            metadata: withMark({ ...mark, metadata: present.metadata }),
          });
          return 'done';
        }),
      );
    },
  };
}

function stateOf({ config, state }: StreamInfo): StreamState {
  const { messages, bytes, consumer_count: consumers } = state;
  const read =
    consumers === 0 ? '' : ` and the place of ${consumers === 1 ? 'a consumer' : `${consumers} consumers`}`;
  return {
    fields: fromConfig(streamTable, config as unknown as Readonly<Record<string, unknown>>),
    messages,
    bytes,
    holds: messages === 0 && consumers === 0 ? '' : `${messagesText(messages)}${read}`,
    ...defined({ mark: readMark(config.metadata) }),
  };
}

/** Asks for more only where a change would delete messages by age, or by who has read them. */
async function countsFor(options: {
  connection: NatsConnection;
  manager: JetStreamManager;
  spec: StreamSpec | undefined;
  info: StreamInfo;
  state: StreamState;
}): Promise<Pick<StreamState, 'expired' | 'needed'>> {
  const { connection, manager, spec, info, state } = options;
  if (spec === undefined || state.messages === 0) return {};
  const { max_age: age, retention } = spec.fields;
  const before = state.fields.max_age;
  const isShorter = typeof age === 'number' && (before === undefined || age < Number(before));
  const isInterest = retention === 'interest' && state.fields.retention !== 'interest';
  return defined({
    expired: isShorter ? await countExpired({ connection, info, seconds: age }) : undefined,
    needed: isInterest ? await countNeeded({ manager, stream: info.config.name }) : undefined,
  });
}
