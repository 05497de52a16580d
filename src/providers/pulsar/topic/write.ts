import { call, type PulsarServer } from '../client.ts';
import { markProperties, type PulsarMark } from '../mark.ts';
import { limitTo, quotaType, retentionTo } from '../namespace/wire.ts';
import type { Policies } from '../policy.ts';
import { readBack } from '../read-back.ts';
import type { FoundTopic } from '../topics.ts';
import type { TopicPolicy, TopicSpec } from './model.ts';
import { readPolicy } from './read.ts';

type Writing = { server: PulsarServer; topic: FoundTopic; signal: AbortSignal };

/** The admin API reads a topic with partitions in a form of its own. */
const partitionedForm = 'application/vnd.partitioned-topic-metadata+json';

/** Creates a topic with its mark on it: nobody else's topic has it. */
export async function createTopic(options: Writing & { spec: TopicSpec; mark: PulsarMark }): Promise<void> {
  const { server, topic, spec, mark, signal } = options;
  const properties = markProperties(mark);
  const { partitions } = spec;
  await call({
    server,
    method: 'PUT',
    path: `${pathOf(topic)}${partitions > 0 ? '/partitions' : ''}`,
    ...(partitions > 0 ? { body: { partitions, properties }, type: partitionedForm } : { body: properties }),
    signal,
  });
}

export async function addPartitions(options: Writing & { partitions: number }): Promise<void> {
  const { server, topic, partitions, signal } = options;
  await call({ server, method: 'POST', path: `${pathOf(topic)}/partitions`, body: partitions, signal });
}

/** With its messages, to which somebody has agreed, and its schema: a new topic of the name begins with its own. */
export async function deleteTopic({ server, topic, signal }: Writing): Promise<void> {
  const partitions = topic.isPartitioned ? '/partitions' : '';
  await call({
    server,
    method: 'DELETE',
    path: `${pathOf(topic)}${partitions}?force=true`,
    signal,
  });
}

/** Sets one policy, or takes it away where it is absent, and waits until the server shows it. */
export async function writePolicy(
  options: Writing & { policy: TopicPolicy; wanted: Policies },
): Promise<void> {
  const { server, topic, policy, wanted, signal } = options;
  const { method, path, body } = requestFor(policy, wanted);
  await call({ server, method, path: `${pathOf(topic)}/${path}`, body, signal });
  await readBack({
    what: `policy ${policy} of the topic ${topic.name}`,
    role: server.role,
    wanted: policy === 'schemas_required' ? isRequired(wanted) : wanted[policy],
    read: async () => (await readPolicy({ server, topic, name: policy, signal }))[policy],
    signal,
  });
}

/** Pulsar has no way to take it away from a topic again. */
function isRequired({ schemas_required }: Policies): boolean {
  return schemas_required ?? false;
}

function requestFor(policy: TopicPolicy, wanted: Policies) {
  const orDelete = (path: string, body: unknown) =>
    body === undefined ? ({ method: 'DELETE', path } as const) : ({ method: 'POST', path, body } as const);
  switch (policy) {
    case 'retention':
      return { body: undefined, ...orDelete('retention', retentionTo(wanted.retention)) };
    case 'ttl':
      return wanted.ttl === undefined
        ? ({ method: 'DELETE', path: 'messageTTL', body: undefined } as const)
        : ({ method: 'POST', path: `messageTTL?messageTTL=${wanted.ttl}`, body: undefined } as const);
    case 'backlog_size':
      return {
        body: undefined,
        ...orDelete(`backlogQuota?${quotaType(policy)}`, limitTo(wanted.backlog_size, 'limitSize')),
      };
    case 'backlog_time':
      return {
        body: undefined,
        ...orDelete(`backlogQuota?${quotaType(policy)}`, limitTo(wanted.backlog_time, 'limitTime')),
      };
    case 'schemas_required':
      return { method: 'POST', path: 'schemaValidationEnforced', body: isRequired(wanted) } as const;
    default:
      return policy satisfies never;
  }
}

/** Writes on the topic that arc keeps it. The last step: a run that was interrupted does it again. */
export async function writeMark({
  server,
  topic,
  mark,
  signal,
}: Writing & { mark: PulsarMark }): Promise<void> {
  await call({
    server,
    method: 'PUT',
    path: `${pathOf(topic)}/properties`,
    body: markProperties(mark),
    signal,
  });
}

function pathOf({ name, isPersistent }: FoundTopic): string {
  return `${isPersistent ? 'persistent' : 'non-persistent'}/${name}`;
}
