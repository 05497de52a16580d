import { optionalText, textField } from '../../../core/data.ts';
import { defined } from '../../../core/defined.ts';
import type { Decider } from '../../../core/driver.ts';
import type { InsideKind } from '../../inside-kind.ts';
import type { DatabaseServer } from '../client.ts';
import { loadWithClient } from '../load.ts';
import { needsDatabase } from '../needs.ts';
import { extensionDecider } from './decide.ts';
import type { ExtensionSpec } from './model.ts';

/** Extensions, as schemas/provision/postgres.extension.schema.json describes them. */
export const extensionKind: InsideKind<ExtensionSpec, DatabaseServer> = {
  provision: 'postgres.extension',
  kind: 'extension',
  spec: ({ name, fields }) => ({
    name,
    extension: optionalText(fields, 'extension') ?? name,
    database: textField(fields, 'database'),
    schema: textField(fields, 'schema'),
    ...defined({ version: optionalText(fields, 'version') }),
  }),
  needs: ({ database }) => needsDatabase(database),
  decider: (project) => extensionDecider(project) as Decider<ExtensionSpec>,
  load: () => loadWithClient(import('./driver.ts').then(({ extensionDriver }) => extensionDriver)),
};
