import { call, callUnlessMissing, type PulsarServer } from './client.ts';
import { inParallel } from './in-parallel.ts';
import { type Held, nothingHeld } from './losses.ts';

/** A topic by its name in the admin API, and whether it has partitions. */
export type FoundTopic = { name: string; isPartitioned: boolean; isPersistent: boolean };

type Asking = { server: PulsarServer; signal: AbortSignal };

/** The topics of a namespace, partitions not counted; without those that the broker keeps for itself. */
export async function topicsOf(options: Asking & { namespace: string }): Promise<readonly FoundTopic[]> {
  const { server, namespace, signal } = options;
  const list = async (path: string): Promise<readonly string[]> =>
    ((await callUnlessMissing({ server, method: 'GET', path, signal })) as readonly string[]) ?? [];
  const [partitioned, all, volatile] = await Promise.all([
    list(`persistent/${namespace}/partitioned`),
    list(`persistent/${namespace}`),
    list(`non-persistent/${namespace}/partitioned`),
  ]);
  const single = all.filter((url) => !/-partition-\d+$/.test(url));
  return [
    ...partitioned.map((url) => found(url, true)),
    ...single.map((url) => found(url, false)),
    ...volatile.map((url) => found(url, true)),
  ].filter(({ name }) => !name.slice(name.lastIndexOf('/') + 1).startsWith('__'));
}

/** `persistent://arc/events/conversation` */
function found(url: string, isPartitioned: boolean): FoundTopic {
  const [domain = '', name = ''] = url.split('://');
  return { name, isPartitioned, isPersistent: domain === 'persistent' };
}

export type SubscriptionStats = {
  msgBacklog: number;
  /** Of these, delivered and not acknowledged yet. */
  unackedMessages: number;
  /** False of a reader's. */
  isDurable: boolean;
  /** Milliseconds since 1970 of the oldest message that waits; 0 if none does, or nobody asked. */
  earliestMsgPublishTimeInBacklog?: number;
  consumers?: readonly unknown[];
};

export type TopicStats = {
  storageSize: number;
  subscriptions: Readonly<Record<string, SubscriptionStats>>;
};

/** What a topic holds and who reads it. `withAges`: how old what waits is, for which the broker reads messages. */
export async function statsOf(
  options: Asking & { topic: FoundTopic; withAges?: boolean },
): Promise<TopicStats | undefined> {
  const { server, topic, withAges = false, signal } = options;
  const domain = topic.isPersistent ? 'persistent' : 'non-persistent';
  const path = topic.isPartitioned ? `partitioned-stats?perPartition=${withAges}&` : 'stats?';
  const stats = (await callUnlessMissing({
    server,
    method: 'GET',
    path: `${domain}/${topic.name}/${path}getPreciseBacklog=true&getEarliestTimeInBacklog=${withAges}`,
    signal,
  })) as (TopicStats & { partitions?: Readonly<Record<string, TopicStats>> }) | undefined;
  return stats?.partitions === undefined ? stats : withOldest(stats, Object.values(stats.partitions));
}

/** Of all partitions the broker says 0 for the oldest message as soon as one has none: each has to be looked at. Pure. */
export function withOldest(stats: TopicStats, partitions: readonly TopicStats[]): TopicStats {
  const oldest = (name: string): number => {
    const times = partitions
      .map(({ subscriptions }) => subscriptions[name]?.earliestMsgPublishTimeInBacklog ?? 0)
      .filter((time) => time > 0);
    return times.length === 0 ? 0 : Math.min(...times);
  };
  const subscriptions = Object.fromEntries(
    Object.entries(stats.subscriptions).map(([name, one]) => [
      name,
      { ...one, earliestMsgPublishTimeInBacklog: oldest(name) },
    ]),
  );
  return { ...stats, subscriptions };
}

/** What all topics of a namespace hold. */
export async function heldBy(options: Asking & { namespace: string }): Promise<Held> {
  const topics = await topicsOf(options);
  const all = await inParallel(topics, (topic) => statsOf({ ...options, topic }));
  return all
    .map(heldIn)
    .reduce(
      (sum, one) => ({ bytes: sum.bytes + one.bytes, waiting: sum.waiting + one.waiting }),
      nothingHeld,
    );
}

/** What one topic holds. */
export function heldIn(stats: TopicStats | undefined): Held {
  if (stats === undefined) return nothingHeld;
  const waiting = Object.values(stats.subscriptions).map(({ msgBacklog }) => msgBacklog);
  return { bytes: stats.storageSize, waiting: waiting.reduce((sum, one) => sum + one, 0) };
}

/** How many partitions a topic has; 0 if it has none. */
export async function partitionsOf(options: Asking & { name: string }): Promise<number> {
  const { server, name, signal } = options;
  const path = `persistent/${name}/partitions`;
  const { partitions } = (await call({ server, method: 'GET', path, signal })) as { partitions: number };
  return partitions;
}

/** The names of a topic's subscriptions. */
export async function subscriptionsOf(options: Asking & { name: string }): Promise<readonly string[]> {
  const { server, name, signal } = options;
  return (await call({
    server,
    method: 'GET',
    path: `persistent/${name}/subscriptions`,
    signal,
  })) as readonly string[];
}
