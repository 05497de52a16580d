import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { addressOf, nameOf } from '../../../core/resource.ts';
import { call, type PulsarServer } from '../client.ts';
import { explainRefusals } from '../failure.ts';
import { type TenantSpec, type TenantStep, tenantDecider } from './decide.ts';

/** Tenants of a broker. */
export function tenantDriver(): InsideDriver<TenantSpec, undefined, undefined, TenantStep, PulsarServer> {
  return {
    ...tenantDecider(),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'list the tenants' }, async () => {
        const there = (await call({ server, method: 'GET', path: 'tenants', signal })) as readonly string[];
        return new Map(
          wanted
            .filter(({ spec }) => there.includes(spec.name))
            .map(({ spec }) => [addressOf('tenant', spec.name), { state: undefined, needs: [] }]),
        );
      }),
    apply: ({ step, at: server, io: { signal } }) => {
      const tenant = nameOf(step.of);
      return explainRefusals({ server, doing: `create the tenant ${tenant}` }, async (): Promise<Applied> => {
        const allowedClusters = await call({ server, method: 'GET', path: 'clusters', signal });
        await call({
          server,
          method: 'PUT',
          path: `tenants/${tenant}`,
          body: { adminRoles: [], allowedClusters },
          signal,
        });
        return 'done';
      });
    },
  };
}
