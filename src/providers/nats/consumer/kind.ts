import type { Decider } from '../../../core/driver.ts';
import { addressOf } from '../../../core/resource.ts';
import type { InsideKind } from '../../inside-kind.ts';
import type { NatsServer } from '../client.ts';
import { declaredFields } from '../fields.ts';
import { consumerDecider } from './decide.ts';
import { type ConsumerSpec, consumerParts, consumerTable } from './model.ts';

/** Durable consumers, as schemas/provision/nats.consumer.schema.json describes them. */
export const consumerKind: InsideKind<ConsumerSpec, NatsServer> = {
  provision: 'nats.consumer',
  kind: 'consumer',
  spec: ({ name, fields }) => ({
    name,
    ...consumerParts(name),
    fields: declaredFields(consumerTable, fields),
  }),
  needs: ({ stream }) => [addressOf('stream', stream)],
  decider: (project) => consumerDecider(project) as Decider<ConsumerSpec>,
  load: async () => {
    const [{ consumerDriver }, { openNatsServer }] = await Promise.all([
      import('./driver.ts'),
      import('../client.ts'),
    ]);
    return { driver: consumerDriver, open: openNatsServer };
  },
};
