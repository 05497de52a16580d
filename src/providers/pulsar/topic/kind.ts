import { numberField } from '../../../core/data.ts';
import type { Decider } from '../../../core/driver.ts';
import { addressOf } from '../../../core/resource.ts';
import type { InsideKind } from '../../inside-kind.ts';
import { openPulsar, type PulsarServer } from '../client.ts';
import { namespaceOf } from '../names.ts';
import { policiesIn } from '../policy-fields.ts';
import { topicDecider } from './decide.ts';
import type { TopicSpec } from './model.ts';

/** Topics, as schemas/provision/pulsar.topic.schema.json describes them. */
export const topicKind: InsideKind<TopicSpec, PulsarServer> = {
  provision: 'pulsar.topic',
  kind: 'topic',
  spec: ({ name, fields }) => ({
    name,
    persistent: fields.persistent !== false,
    partitions: numberField(fields, 'partitions'),
    policies: policiesIn(fields),
  }),
  needs: ({ name }) => [addressOf('namespace', namespaceOf(name))],
  decider: (project) => topicDecider(project) as Decider<TopicSpec>,
  load: async () => ({ driver: (await import('./driver.ts')).topicDriver, open: openPulsar }),
};
