import type {
  Contracts,
  Message,
  Namespace,
  Party,
  PulsarChannel,
  Subscription,
} from '../../contracts/model.ts';
import { typeName } from '../../contracts/type-name.ts';
import { placeOf } from '../build/read.ts';
import type { ContractFile, FileMessage, FileSubscription, FileTopic } from './file.ts';

/**
 * What all files say together, with what follows from names filled in.
 *
 * @param options.roles of the workspace's manifests
 */
export function buildContracts(options: {
  files: readonly ContractFile[];
  roles: ReadonlySet<string>;
}): Contracts {
  const { files, roles } = options;
  const party = (role: string): Party => ({ role, external: !roles.has(role) });
  const namespaces = files.flatMap((file) =>
    listed(file.content.namespaces).map(([name, namespace]) => ({
      ...namespace,
      name,
      domain: file.content.domain,
      location: placeOf(file.part, 'namespaces', name),
    })),
  );
  return {
    domains: files.map(({ file, part, content }) => ({
      name: content.domain,
      owner: party(content.owner),
      description: content.description,
      observers: content.observers.map(party),
      file,
      location: placeOf(part, 'domain'),
    })),
    messages: files.flatMap((file) =>
      listed(file.content.messages).map(([name, message]) =>
        buildMessage({ file, name, message, party, namespaces }),
      ),
    ),
    streams: files.flatMap((file) =>
      listed(file.content.streams).map(([name, stream]) => ({
        ...stream,
        name,
        domain: file.content.domain,
        location: placeOf(file.part, 'streams', name),
      })),
    ),
    namespaces,
  };
}

type PartyOf = (role: string) => Party;

function buildMessage(options: {
  file: ContractFile;
  name: string;
  message: FileMessage;
  party: PartyOf;
  namespaces: readonly Namespace[];
}): Message {
  const { file, name, message, party, namespaces } = options;
  const { domain } = file.content;
  const { nats, pulsar, publishers, subscribers, ...rest } = message;
  const namespace = namespaces.find((candidate) => candidate.name === pulsar?.namespace);
  return {
    ...rest,
    name,
    type: typeName(name),
    event: `arc.${domain}.${name}.v${message.version}`,
    domain,
    publishers: publishers.map(party),
    subscribers: subscribers.map((subscriber) => ({ ...subscriber, ...party(subscriber.role) })),
    ...(nats === undefined ? {} : { nats: { ...nats, dead: `${domain}.dead.${nats.subject}` } }),
    ...(pulsar === undefined ? {} : { pulsar: buildTopic({ pulsar, namespace, party }) }),
    location: placeOf(file.part, 'messages', name),
  };
}

function buildTopic(options: {
  pulsar: FileTopic;
  /** None if there is no such namespace, which the rules report. */
  namespace: Namespace | undefined;
  party: PartyOf;
}): PulsarChannel {
  const { pulsar, namespace, party } = options;
  const url = (topic: string): string =>
    `persistent://${namespace?.tenant ?? 'arc'}/${pulsar.namespace}/${topic}`;
  return {
    ...pulsar,
    url: url(pulsar.topic),
    subscriptions: pulsar.subscriptions.map((subscription) =>
      buildSubscription({ subscription, topic: pulsar.topic, url, party }),
    ),
  };
}

function buildSubscription(options: {
  subscription: FileSubscription;
  topic: string;
  url: (topic: string) => string;
  party: PartyOf;
}): Subscription {
  const { subscription, url, party } = options;
  const { role, dead_letter, ...rest } = subscription;
  // The name that Pulsar's clients give the topic of themselves.
  const topic = dead_letter?.topic ?? `${options.topic}-${subscription.name}-DLQ`;
  return {
    ...rest,
    ...party(role ?? subscription.name),
    ...(dead_letter === undefined
      ? {}
      : { dead_letter: { after: dead_letter.after, topic, url: url(topic) } }),
  };
}

/** In order of name, so that the order in a file is no difference. */
function listed<T>(record: Readonly<Record<string, T>> | undefined): readonly (readonly [string, T])[] {
  return Object.entries(record ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
