import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { type Address, addressOf, nameOf, type Seen } from '../../../core/resource.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';
import { explainRefusals } from '../failure.ts';
import { type RoleStep, type RoleWork, roleDecider } from './decide.ts';
import { appliedOf } from './fields.ts';
import type { RoleSpec, RoleState } from './model.ts';
import { readDependents, readRoles } from './read.ts';
import { verifierOf } from './scram.ts';
import { dropRole, writeRole } from './write.ts';

type RoleDriver = InsideDriver<RoleSpec, RoleState, RoleWork, RoleStep, DatabaseServer>;

/** Roles of servers. */
export function roleDriver(project: string): RoleDriver {
  return {
    ...roleDecider(project),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'read the roles' }, () =>
        withDatabase({ server, database: 'postgres', signal }, async (client) => {
          const declared = new Set(wanted.map(({ spec }) => spec.name));
          const seen = new Map<Address, Seen<RoleState>>();
          for (const [name, state] of await readRoles(client)) {
            const isOrphan = state.mark?.project === project && !declared.has(name);
            if (!isOrphan && !declared.has(name)) continue;
            const more = isOrphan ? { has: await readDependents(client, name) } : {};
            seen.set(addressOf('role', name), { state: { ...state, ...more }, needs: [] });
          }
          return seen;
        }),
      ),
    apply: ({ step, at: server, io: { signal } }) => {
      const role = nameOf(step.of);
      return explainRefusals(
        { server, doing: `${step.verb} the role ${role}` },
        async (): Promise<Applied> => {
          const { spec, data } = step.work;
          if (spec === undefined) {
            await dropRole({ server, role, signal });
            return 'done';
          }
          const { setsPassword = false, state } = data ?? {};
          const verifier =
            setsPassword && spec.password !== undefined ? verifierOf(spec.password) : undefined;
          const mark = {
            project,
            origin: state === undefined ? 'made' : (state.mark?.origin ?? 'found'),
            applied: appliedOf({ spec, verifier: verifier ?? state?.verifier }),
          } as const;
          await withDatabase({ server, database: 'postgres', signal }, (client) =>
            writeRole({ client, spec, state, verifier, mark }),
          );
          return 'done';
        },
      );
    },
  };
}
