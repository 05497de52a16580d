import { defined } from '../../../core/defined.ts';
import { call, callUnlessMissing, type PulsarServer } from '../client.ts';
import { type Properties, type PulsarMark, readMark } from '../mark.ts';
import { limitFrom, retentionFrom, type WireLimit, type WireRetention } from '../namespace/wire.ts';
import type { Policies } from '../policy.ts';
import type { FoundTopic } from '../topics.ts';
import { type TopicPolicy, topicPolicies } from './model.ts';

type Asking = { server: PulsarServer; topic: FoundTopic; signal: AbortSignal };

/** Partitions and mark of a topic. A topic with partitions tells both in one answer. */
export async function readTopic(
  asking: Asking,
): Promise<{ partitions: number; properties: Properties; mark?: PulsarMark }> {
  const { server, topic, signal } = asking;
  const domain = topic.isPersistent ? 'persistent' : 'non-persistent';
  const ask = (path: string): Promise<unknown> =>
    call({ server, method: 'GET', path: `${domain}/${topic.name}/${path}`, signal });
  if (topic.isPartitioned) {
    const { partitions, properties } = (await ask('partitions')) as {
      partitions: number;
      properties?: Properties;
    };
    return { partitions, ...marked(properties ?? {}) };
  }
  return { partitions: 0, ...marked(((await ask('properties')) ?? {}) as Properties) };
}

function marked(properties: Properties) {
  return { properties, ...defined({ mark: readMark(properties) }) };
}

/** Those of a topic's own policies that somebody cares for: each is a question of its own. */
export async function readPolicies(options: Asking & { names: readonly TopicPolicy[] }): Promise<Policies> {
  const found: Policies[] = [];
  for (const name of options.names) found.push(await readPolicy({ ...options, name }));
  return Object.assign({}, ...found) as Policies;
}

/** Those that are declared, and those that arc had set. */
export function policiesToRead(options: {
  spec: Policies;
  mark: PulsarMark | undefined;
}): readonly TopicPolicy[] {
  const { spec, mark } = options;
  return topicPolicies.filter((name) => spec[name] !== undefined || mark?.applied[name] !== undefined);
}

/** What the topic itself has; what its namespace has is not its own. */
export async function readPolicy({
  server,
  topic,
  name,
  signal,
}: Asking & { name: TopicPolicy }): Promise<Policies> {
  const ask = (path: string): Promise<unknown> =>
    callUnlessMissing({
      server,
      method: 'GET',
      path: `persistent/${topic.name}/${path}?applied=false`,
      signal,
    });
  switch (name) {
    case 'retention':
      return defined({ retention: retentionFrom((await ask('retention')) as WireRetention | undefined) });
    case 'ttl':
      return defined({
        ttl: ((await ask('messageTTL')) as number | null | undefined) ?? undefined,
      }) as Policies;
    case 'backlog_size':
    case 'backlog_time': {
      const quotas = (await ask('backlogQuotaMap')) as
        | { destination_storage?: WireLimit; message_age?: WireLimit }
        | undefined;
      return name === 'backlog_size'
        ? (defined({ backlog_size: limitFrom(quotas?.destination_storage, 'limitSize') }) as Policies)
        : (defined({ backlog_time: limitFrom(quotas?.message_age, 'limitTime') }) as Policies);
    }
    case 'schemas_required': {
      const required = (await ask('schemaValidationEnforced')) as boolean | undefined;
      return defined({ schemas_required: required }) as Policies;
    }
    default:
      return name satisfies never;
  }
}
