import type { Decider } from '../../../core/driver.ts';
import type { InsideKind } from '../../inside-kind.ts';
import { openPulsar, type PulsarServer } from '../client.ts';
import { type TenantSpec, tenantDecider } from './decide.ts';

/** Tenants, as schemas/provision/pulsar.tenant.schema.json describes them. */
export const tenantKind: InsideKind<TenantSpec, PulsarServer> = {
  provision: 'pulsar.tenant',
  kind: 'tenant',
  spec: ({ name }) => ({ name }),
  decider: () => tenantDecider() as Decider<TenantSpec>,
  load: async () => ({ driver: (await import('./driver.ts')).tenantDriver, open: openPulsar }),
};
