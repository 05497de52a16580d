import type { Reply } from '../../core/probes/ask.ts';
import type { PulsarServer } from './client.ts';
import { inParallel } from './in-parallel.ts';
import { namespacesOf } from './namespace/read.ts';
import { formatSeconds } from './seconds.ts';
import { statsOf, topicsOf } from './topics.ts';

/** What waits in one subscription. */
export type Backlog = {
  topic: string;
  subscription: string;
  messages: number;
  /** Of these, delivered and not acknowledged yet. */
  unacknowledged: number;
  /** Seconds since the oldest was published; 0 if none waits. */
  age: number;
  /** Clients that read by it now. */
  consumers: number;
};

/** Every subscription of a tenant, with what waits in it. */
export async function readBacklogs(options: {
  server: PulsarServer;
  tenant: string;
  now: number;
  signal: AbortSignal;
}): Promise<readonly Backlog[]> {
  const { server, tenant, now, signal } = options;
  const namespaces = await namespacesOf({ server, tenant, signal });
  const topics = (
    await inParallel(namespaces, (namespace) => topicsOf({ server, namespace, signal }))
  ).flat();
  const all = await inParallel(topics, async (topic) => {
    const stats = await statsOf({ server, topic, withAges: true, signal });
    // A reader's is gone when it leaves.
    const lasting = Object.entries(stats?.subscriptions ?? {}).filter(([, { isDurable }]) => isDurable);
    return lasting.map(([subscription, one]): Backlog => {
      const { msgBacklog: messages, unackedMessages: unacknowledged, consumers = [] } = one;
      const { earliestMsgPublishTimeInBacklog: oldest = 0 } = one;
      const age = messages > 0 && oldest > 0 ? Math.max(0, Math.round((now - oldest) / 1000)) : 0;
      return { topic: topic.name, subscription, messages, unacknowledged, age, consumers: consumers.length };
    });
  });
  return all.flat();
}

/**
 * The oldest message that waits. One that is too old is a warning: whoever reads by the subscription is behind or gone,
 * and at its limit the backlog holds up those who publish. Pure.
 */
export function judgeBacklogs(options: { backlogs: readonly Backlog[]; hours: number }): Reply {
  const { backlogs, hours } = options;
  const waiting = backlogs.filter(({ messages }) => messages > 0).toSorted((a, b) => b.age - a.age);
  const [oldest] = waiting;
  if (oldest === undefined) return { ok: true, came: `nothing waits in ${subscriptions(backlogs.length)}` };
  const { topic, subscription, messages, age } = oldest;
  const came = `the oldest of ${messages === 1 ? '1 message' : `${messages} messages`} in ${subscription} of ${topic} waits for ${ageText(age)}`;
  return age > hours * 3_600
    ? { ok: true, warns: true, came: `${came}, longer than ${hours} h` }
    : { ok: true, came: `${came}; ${subscriptions(backlogs.length)}` };
}

function subscriptions(count: number): string {
  return count === 1 ? '1 subscription' : `${count} subscriptions`;
}

/** In the largest unit that there is one of. */
function ageText(seconds: number): string {
  const unit = [86_400, 3_600, 60].find((one) => seconds >= one) ?? 1;
  return formatSeconds(Math.floor(seconds / unit) * unit);
}
