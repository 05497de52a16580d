import { avroOfMessage } from '../../contracts/avro.ts';
import type { Contracts, Message, Namespace, PulsarChannel, Subscription } from '../../contracts/model.ts';
import type { Fields } from '../../core/data.ts';
import { defined } from '../../core/defined.ts';
import { invalid, type SourceLocation } from '../../core/errors.ts';
import type { ContractProvision, ContractsFor } from '../provider.ts';
import { nameIn } from './names.ts';

/** Reads what could not be delivered, so that it is kept, and counted, until somebody has. */
export const deadSubscription = 'dead-letters';

/**
 * Tenants, namespaces, topics and schemas as the contracts have them, and the subscriptions of services that run: in one
 * that nobody reads by, messages pile up until the backlog's limit holds up those who publish.
 */
export function pulsarFromContracts({
  contracts,
  roles,
  settings,
}: ContractsFor): readonly ContractProvision[] {
  const external = externalsWanted({ contracts, asked: settings.streaming_subscriptions ?? 'none' });
  const used = contracts.messages.flatMap((message) =>
    message.pulsar === undefined ? [] : [{ message, channel: message.pulsar }],
  );
  return [
    ...tenantsOf(contracts),
    ...contracts.namespaces.map(namespaceOf),
    ...used.flatMap(({ message, channel }) => topicsOf({ contracts, message, channel })),
    ...used.flatMap(({ message, channel }) =>
      subscriptionsOf({
        message,
        channel,
        isRead: ({ external: isExternal, name, role }) => (isExternal ? external.has(name) : roles.has(role)),
      }),
    ),
  ];
}

type Entry = ContractProvision;

function tenantsOf({ namespaces }: Contracts): readonly Entry[] {
  const first = new Map<string, SourceLocation>();
  for (const { tenant, location } of namespaces) if (!first.has(tenant)) first.set(tenant, location);
  return [...first].map(([name, location]) => ({ kind: 'pulsar.tenant', name, fields: {}, location }));
}

function namespaceOf(namespace: Namespace): Entry {
  const { tenant, name, location, retention, ttl, backlog, compatibility, deduplication, offload } =
    namespace;
  return {
    kind: 'pulsar.namespace',
    name: `${tenant}/${name}`,
    location,
    fields: defined({
      ...{ retention, ttl, backlog, compatibility, deduplication, offload },
      // A producer without a schema could send anything.
      schemas_required: true,
    }) as Fields,
  };
}

/** What is not as its schema says ends up there, too; and when it is full, nobody is held up. */
function deadFields(limit: PulsarChannel['backlog']): Fields {
  const backlog = limit === undefined ? undefined : { ...limit, policy: 'evict' };
  return defined({ partitions: 0, schemas_required: false, backlog: backlog && defined(backlog) }) as Fields;
}

type Channel = { contracts: Contracts; message: Message; channel: PulsarChannel };

/** The topic of a message and those of its dead letters, each with the message's schema. */
function topicsOf(options: Channel): readonly Entry[] {
  const { contracts, message, channel } = options;
  const { location } = message;
  const { retention, ttl, backlog, partitions } = channel;
  const limit = backlog ?? contracts.namespaces.find(({ name }) => name === channel.namespace)?.backlog;
  const name = nameIn(channel.url);
  const definition = JSON.stringify(avroOfMessage(message));
  const topic = (of: string, fields: Fields): readonly Entry[] => [
    { kind: 'pulsar.topic', name: of, fields, location },
    { kind: 'pulsar.schema', name: of, fields: { definition }, location },
  ];
  return [
    ...topic(name, defined({ partitions, retention, ttl, backlog }) as Fields),
    ...deadTopicsOf(channel).flatMap((dead) => topic(dead, deadFields(limit))),
  ];
}

function subscriptionsOf(options: {
  message: Message;
  channel: PulsarChannel;
  isRead: (subscription: Subscription) => boolean;
}): readonly Entry[] {
  const { message, channel, isRead } = options;
  const { location } = message;
  const entry = (topic: string, name: string, from: Subscription['from']): Entry => ({
    kind: 'pulsar.subscription',
    name: `${topic}/${name}`,
    fields: { from },
    location,
  });
  return [
    ...channel.subscriptions.filter(isRead).map(({ name, from }) => entry(nameIn(channel.url), name, from)),
    ...deadTopicsOf(channel).map((dead) => entry(dead, deadSubscription, 'earliest')),
  ];
}

/**
 * The subscriptions of programs outside of the stack that somebody has asked for.
 *
 * @param options.asked names with commas between, `all` or `none`
 * @throws ArcError `unknown-subscription` (exit status 2)
 */
function externalsWanted(options: { contracts: Contracts; asked: string }): ReadonlySet<string> {
  const { contracts, asked } = options;
  const known = new Set(
    contracts.messages.flatMap(({ pulsar }) =>
      (pulsar?.subscriptions ?? []).filter(({ external }) => external).map(({ name }) => name),
    ),
  );
  if (asked === 'all') return known;
  const names = asked === 'none' ? [] : asked.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return new Set(names);
  throw invalid({
    code: 'unknown-subscription',
    message: `No contract has an external subscription ${unknown}, which the setting streaming_subscriptions names.`,
    suggestion: `use \`all\`, \`none\` or some of ${[...known].toSorted().join(', ')}`,
  });
}

/** The topics of a message's dead letters: `arc/events/conversation-dlq`. */
export function deadTopicsOf({ subscriptions }: PulsarChannel): readonly string[] {
  return [
    ...new Set(
      subscriptions.flatMap(({ dead_letter: dead }) => (dead === undefined ? [] : [nameIn(dead.url)])),
    ),
  ];
}
