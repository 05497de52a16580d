import type { Decider } from '../../../core/driver.ts';
import type { InsideKind } from '../../inside-kind.ts';
import type { NatsServer } from '../client.ts';
import { declaredFields } from '../fields.ts';
import { streamDecider } from './decide.ts';
import { type StreamSpec, streamTable } from './model.ts';

/** Streams, as schemas/provision/nats.stream.schema.json describes them. */
export const streamKind: InsideKind<StreamSpec, NatsServer> = {
  provision: 'nats.stream',
  kind: 'stream',
  spec: ({ name, fields }) => ({ name, fields: declaredFields(streamTable, fields) }),
  decider: (project) => streamDecider(project) as Decider<StreamSpec>,
  load: async () => {
    const [{ streamDriver }, { openNatsServer }] = await Promise.all([
      import('./driver.ts'),
      import('../client.ts'),
    ]);
    return { driver: streamDriver, open: openNatsServer };
  },
};
