import { textField } from '../../../core/data.ts';
import type { Decider } from '../../../core/driver.ts';
import { invalid } from '../../../core/errors.ts';
import { addressOf } from '../../../core/resource.ts';
import type { InsideKind } from '../../inside-kind.ts';
import type { DatabaseServer } from '../client.ts';
import { loadWithClient } from '../load.ts';
import { isIn, needsDatabase } from '../needs.ts';
import { vectorDecider } from './decide.ts';
import { columnOf, type VectorSpec } from './model.ts';

/** pgvector indexes no larger vectors of this type. */
const mostDimensions = 2000;

/** Vector columns, as schemas/provision/postgres.vector.schema.json describes them. */
export const vectorKind: InsideKind<VectorSpec, DatabaseServer> = {
  provision: 'postgres.vector',
  kind: 'column',
  spec: ({ name, fields, location }) => {
    const text = textField(fields, 'dimensions');
    const dimensions = /^[0-9]+$/.test(text) ? Number(text) : 0;
    if (dimensions < 1 || dimensions > mostDimensions)
      throw invalid({
        code: 'bad-dimensions',
        message: `The vector ${name} cannot have ${text} numbers.`,
        suggestion: `a whole number from 1 to ${mostDimensions}`,
        location,
      });
    return { ...columnOf(name), database: textField(fields, 'database'), dimensions };
  },
  needs: ({ database }, others) => [
    ...needsDatabase(database),
    ...others
      .filter(
        ({ address, kind, spec }) =>
          address === addressOf('migrations', database) || (kind === 'extension' && isIn(database, spec)),
      )
      .map(({ address }) => address),
  ],
  decider: () => vectorDecider() as Decider<VectorSpec>,
  load: () => loadWithClient(import('./driver.ts').then(({ vectorDriver }) => vectorDriver)),
};
