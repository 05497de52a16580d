import { type Fields, optionalText, type ResolvedData, textField } from '../../../core/data.ts';
import { defined } from '../../../core/defined.ts';
import type { Decider } from '../../../core/driver.ts';
import { invalid, type SourceLocation } from '../../../core/errors.ts';
import { addressOf } from '../../../core/resource.ts';
import type { InsideKind } from '../../inside-kind.ts';
import type { DatabaseServer } from '../client.ts';
import { loadWithClient } from '../load.ts';
import { needsDatabase, needsRoles } from '../needs.ts';
import { textList } from '../text-list.ts';
import { grantsDecider } from './decide.ts';
import { type GrantEntry, type GrantsSpec, type GrantTarget, privilegesOf } from './model.ts';

/** What roles may do, as schemas/provision/postgres.grants.schema.json describes it. */
export const grantsKind: InsideKind<GrantsSpec, DatabaseServer> = {
  provision: 'postgres.grants',
  kind: 'grants',
  spec: ({ name, fields, location }) => ({
    name,
    role: optionalText(fields, 'role') ?? name,
    database: textField(fields, 'database'),
    entries: entriesOf(fields.grants).map((entry) => checked({ entry, name, location })),
  }),
  needs: ({ role, database }, others) => {
    const migrations = addressOf('migrations', database);
    return [
      ...needsDatabase(database),
      ...needsRoles([role]),
      ...(others.some(({ address }) => address === migrations) ? [migrations] : []),
    ];
  },
  decider: (project) => grantsDecider(project) as Decider<GrantsSpec>,
  load: () => loadWithClient(import('./driver.ts').then(({ grantsDriver }) => grantsDriver)),
};

function entriesOf(value: ResolvedData | undefined): readonly GrantEntry[] {
  const items = Array.isArray(value) ? (value as readonly Fields[]) : [];
  return items.map((fields) => ({
    on: textField(fields, 'on') as GrantTarget,
    ...defined({
      schema: optionalText(fields, 'schema'),
      names: fields.names === undefined ? undefined : textList(fields.names),
    }),
    privileges: textList(fields.privileges),
  }));
}

/** What the server would refuse, or what would mean nothing. */
function checked(options: { entry: GrantEntry; name: string; location: SourceLocation }): GrantEntry {
  const { entry, name, location } = options;
  const { on, schema, names, privileges } = entry;
  const refuse = (says: string, suggestion: string): Error =>
    invalid({ code: 'bad-grant', message: `The grants ${name} ${says}.`, suggestion, location });
  const wrong = privileges.find((one) => !privilegesOf[on].includes(one));
  if (wrong !== undefined)
    throw refuse(`name ${wrong} on ${on}, which cannot be granted`, `one of ${privilegesOf[on].join(', ')}`);
  if (on === 'database' ? schema !== undefined : schema === undefined)
    throw refuse(
      on === 'database' ? 'name a schema for the database itself' : `name no schema for ${on}`,
      on === 'database' ? 'remove `schema`' : 'add `schema`',
    );
  if (names !== undefined && (on === 'database' || on === 'schema'))
    throw refuse(`name objects for ${on}`, 'remove `names`');
  return entry;
}
