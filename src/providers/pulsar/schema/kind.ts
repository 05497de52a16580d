import { textField } from '../../../core/data.ts';
import type { Decider } from '../../../core/driver.ts';
import { addressOf } from '../../../core/resource.ts';
import type { InsideKind } from '../../inside-kind.ts';
import { openPulsar, type PulsarServer } from '../client.ts';
import { schemaDecider } from './decide.ts';
import type { SchemaSpec } from './model.ts';

/** Schemas of topics, as schemas/provision/pulsar.schema.schema.json describes them. */
export const schemaKind: InsideKind<SchemaSpec, PulsarServer> = {
  provision: 'pulsar.schema',
  kind: 'schema',
  spec: ({ name, fields }) => ({ name, definition: JSON.parse(textField(fields, 'definition')) as unknown }),
  needs: ({ name }) => [addressOf('topic', name)],
  decider: () => schemaDecider() as Decider<SchemaSpec>,
  load: async () => ({ driver: (await import('./driver.ts')).schemaDriver, open: openPulsar }),
};
