import { isSet, numberField, optionalSecret } from '../../../core/data.ts';
import { defined } from '../../../core/defined.ts';
import type { Decider } from '../../../core/driver.ts';
import type { InsideKind } from '../../inside-kind.ts';
import type { DatabaseServer } from '../client.ts';
import { loadWithClient } from '../load.ts';
import { needsRoles } from '../needs.ts';
import { textList } from '../text-list.ts';
import { roleDecider } from './decide.ts';
import type { RoleSpec } from './model.ts';

/** Roles, as schemas/provision/postgres.role.schema.json describes them. */
export const roleKind: InsideKind<RoleSpec, DatabaseServer> = {
  provision: 'postgres.role',
  kind: 'role',
  spec: ({ name, fields }) => ({
    name,
    login: isSet(fields, 'login'),
    inherit: isSet(fields, 'inherit'),
    superuser: isSet(fields, 'superuser'),
    createdb: isSet(fields, 'createdb'),
    createrole: isSet(fields, 'createrole'),
    replication: isSet(fields, 'replication'),
    bypassrls: isSet(fields, 'bypassrls'),
    connectionLimit: numberField(fields, 'connection_limit'),
    memberOf: textList(fields.member_of).toSorted(),
    ...defined({ password: optionalSecret(fields, 'password') }),
  }),
  needs: ({ memberOf }, others) => {
    const declared = new Set(others.map(({ address }) => address));
    // The others are PostgreSQL's own, or somebody made them by hand.
    return needsRoles(memberOf).filter((role) => declared.has(role));
  },
  decider: (project) => roleDecider(project) as Decider<RoleSpec>,
  load: () => loadWithClient(import('./driver.ts').then(({ roleDriver }) => roleDriver)),
};
