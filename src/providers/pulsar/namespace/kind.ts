import type { Decider } from '../../../core/driver.ts';
import { addressOf } from '../../../core/resource.ts';
import type { InsideKind } from '../../inside-kind.ts';
import { openPulsar, type PulsarServer } from '../client.ts';
import { policiesIn } from '../policy-fields.ts';
import { namespaceDecider } from './decide.ts';
import type { NamespaceSpec } from './model.ts';

/** Namespaces, as schemas/provision/pulsar.namespace.schema.json describes them. */
export const namespaceKind: InsideKind<NamespaceSpec, PulsarServer> = {
  provision: 'pulsar.namespace',
  kind: 'namespace',
  spec: ({ name, fields }) => ({ name, policies: policiesIn(fields) }),
  needs: ({ name }) => [addressOf('tenant', name.slice(0, name.indexOf('/')))],
  decider: (project) => namespaceDecider(project) as Decider<NamespaceSpec>,
  load: async () => ({ driver: (await import('./driver.ts')).namespaceDriver, open: openPulsar }),
};
