import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { type Address, addressOf, nameOf, type Seen } from '../../../core/resource.ts';
import { call, callUnlessMissing, type PulsarServer } from '../client.ts';
import { explainRefusals } from '../failure.ts';
import { inParallel } from '../in-parallel.ts';
import { nothingHeld } from '../losses.ts';
import { markProperties, type Properties, readMark } from '../mark.ts';
import { namespaceOf, subscriptionIn } from '../names.ts';
import { ownNamespaces } from '../own-namespaces.ts';
import { type FoundTopic, statsOf, subscriptionsOf, topicsOf } from '../topics.ts';
import {
  type SubscriptionSpec,
  type SubscriptionState,
  type SubscriptionStep,
  subscriptionDecider,
} from './decide.ts';

/** Subscriptions of topics, with arc's mark in their properties. */
export function subscriptionDriver(
  project: string,
): InsideDriver<SubscriptionSpec, SubscriptionState, undefined, SubscriptionStep, PulsarServer> {
  return {
    ...subscriptionDecider(),
    observe: ({ at: server, wanted, alone = false, signal }) =>
      explainRefusals({ server, doing: 'read the subscriptions' }, async () => {
        const declared = new Set(wanted.map(({ spec }) => spec.name));
        const used = new Set(wanted.map(({ spec }) => namespaceOf(subscriptionIn(spec.name).topic)));
        const namespaces = alone
          ? [...used]
          : await ownNamespaces({ server, project, declared: used, signal });
        const topics = (
          await inParallel(namespaces, (namespace) => topicsOf({ server, namespace, signal }))
        ).flat();
        const seen = await inParallel(
          topics.filter(({ isPersistent }) => isPersistent),
          (topic) => observeTopic({ server, topic, project, declared, signal }),
        );
        return new Map(seen.flat());
      }),
    apply: ({ step, at: server, io: { signal } }) => {
      const name = nameOf(step.of);
      return explainRefusals(
        { server, doing: `${step.verb} the subscription ${name}` },
        async (): Promise<Applied> => {
          const { spec } = step.work;
          const { topic, subscription } = subscriptionIn(name);
          const path = `persistent/${topic}/subscription/${encodeURIComponent(subscription)}`;
          if (spec === undefined) {
            await call({ server, method: 'DELETE', path: `${path}?force=true`, signal });
            return 'done';
          }
          const properties = markProperties({ project, origin: 'made', applied: {} });
          await call({ server, method: 'PUT', path, body: { ...positions[spec.from], properties }, signal });
          return 'done';
        },
      );
    },
  };
}

/** Pulsar's own ids of the places before the first message and after the last. */
const positions = {
  earliest: { ledgerId: -1, entryId: -1, partitionIndex: -1 },
  latest: { ledgerId: '9223372036854775807', entryId: '9223372036854775807', partitionIndex: -1 },
} as const;

/** The subscriptions of a topic that are declared, and those that arc created. */
async function observeTopic(options: {
  server: PulsarServer;
  topic: FoundTopic;
  project: string;
  declared: ReadonlySet<string>;
  signal: AbortSignal;
}): Promise<readonly (readonly [Address, Seen<SubscriptionState>])[]> {
  const { server, topic, project, declared, signal } = options;
  const names = await subscriptionsOf({ server, name: topic.name, signal });
  const found = await Promise.all(
    names.map(async (subscription): Promise<readonly (readonly [Address, Seen<SubscriptionState>])[]> => {
      const name = `${topic.name}/${subscription}`;
      const address = addressOf('subscription', name);
      if (declared.has(name)) return [[address, { state: { isOwn: true, held: nothingHeld }, needs: [] }]];
      const path = `persistent/${topic.name}/subscription/${encodeURIComponent(subscription)}/properties`;
      const properties = (await callUnlessMissing({ server, method: 'GET', path, signal })) as
        | Properties
        | undefined;
      if (readMark(properties ?? {})?.project !== project) return [];
      const stats = await statsOf({ server, topic, signal });
      const waiting = stats?.subscriptions[subscription]?.msgBacklog ?? 0;
      return [[address, { state: { isOwn: true, held: { bytes: 0, waiting } }, needs: [] }]];
    }),
  );
  return found.flat();
}
