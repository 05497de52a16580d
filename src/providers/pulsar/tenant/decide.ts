import type { Decider } from '../../../core/driver.ts';
import { nameOf } from '../../../core/resource.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';

export type TenantSpec = { name: string };
export type TenantStep = OneStep<TenantSpec, undefined>;

/** Pulsar keeps no mark on a tenant, so arc creates what is missing and removes none. Pure. */
export function tenantDecider(): Decider<TenantSpec, undefined, undefined, TenantStep> {
  return oneStepDecider<TenantSpec, undefined, undefined>({
    kind: 'tenant',
    decide: ({ address, wanted, seen }) =>
      wanted === undefined || seen !== undefined
        ? { kind: 'keep' }
        : { kind: 'create', cause: 'no existing tenant', event: `${nameOf(address)} is created` },
  });
}
