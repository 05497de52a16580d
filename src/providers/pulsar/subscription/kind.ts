import type { Decider } from '../../../core/driver.ts';
import { addressOf } from '../../../core/resource.ts';
import type { InsideKind } from '../../inside-kind.ts';
import { openPulsar, type PulsarServer } from '../client.ts';
import { subscriptionIn } from '../names.ts';
import { type SubscriptionSpec, subscriptionDecider } from './decide.ts';

/** Subscriptions, as schemas/provision/pulsar.subscription.schema.json describes them. */
export const subscriptionKind: InsideKind<SubscriptionSpec, PulsarServer> = {
  provision: 'pulsar.subscription',
  kind: 'subscription',
  spec: ({ name, fields }) => ({ name, from: fields.from === 'latest' ? 'latest' : 'earliest' }),
  needs: ({ name }) => [addressOf('topic', subscriptionIn(name).topic)],
  decider: () => subscriptionDecider() as Decider<SubscriptionSpec>,
  load: async () => ({ driver: (await import('./driver.ts')).subscriptionDriver, open: openPulsar }),
};
